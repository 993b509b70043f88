"""A contract in words, for tables and pages."""

from __future__ import annotations

from studio.models.contract import Contract, Part, Reader

ENCODERS = {"t5": "T5", "clip": "CLIP", "qwen3": "Qwen3"}


def described(one: Contract) -> dict[Part, str]:
    """What a contract says of each of its parts, one line each; without frames for pictures."""
    licence, memory = one.licence, one.memory
    said: dict[Part, str] = {
        "sizes": f"{one.sizes.default}; {one.sizes}" if one.sizes.step else str(one.sizes)
    }
    if one.frames:
        said["frames"] = f"{one.frames.default} at {one.frames.rate} a second; {one.frames}"
    said |= {
        "prompt": _prompt(one),
        "defaults": _defaults(one),
        "licence": f"{licence.name}{', gated' if licence.gated else ''}; commercial use"
        f" {licence.commercial}",
        "weights": f"{sum(one.weights.values()):.1f} GB: "
        + ", ".join(f"{part} {gb:.3g}" for part, gb in one.weights.items()),
        "memory": f"besides the weights {memory.denoise:.3g} GB to denoise,"
        f" {memory.decode:.3g} to decode, {memory.decode_tiled:.3g} in tiles",
    }
    if one.speed:
        said["speed"] = "; ".join(
            f"{' + '.join((speed.card, *speed.policies))}: {speed.seconds:g} s for {speed.steps}"
            " steps"
            for speed in one.speed
        )
    return said


def _prompt(one: Contract) -> str:
    def reads(reader: Reader) -> str:
        return f"{reader.tokens} tokens ({ENCODERS[reader.encoder]})"

    prompt = one.prompt
    said = f"{reads(prompt)}, in {' '.join(prompt.languages)}"
    if prompt.leading:
        said += f"; the first {reads(prompt.leading)} lead"
    if one.references:
        said += f"; {one.references} reference picture{'s' * (one.references > 1)} at most"
    return said


def _defaults(one: Contract) -> str:
    defaults = one.defaults
    growing = ", growing" if defaults.dynamic_guidance else ""
    scheduler = f", {defaults.scheduler}" if defaults.scheduler else ""
    return f"{defaults.steps} steps, guidance {defaults.guidance:g}{growing}{scheduler}, " + (
        defaults.dtype
    )
