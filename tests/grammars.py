"""Which JSON schemas vLLM's two grammar compilers refuse, and why.

Run by the interpreter that has vLLM: {name: schema} as JSON on stdin, {name: {compiler: reason}} on
stdout, with no entry for what is accepted. The checks are those that the server itself makes of a
request, before and while it compiles the grammar.
"""

from __future__ import annotations

import json
import sys
from typing import Any


def refusals(schemas: dict[str, Any]) -> dict[str, dict[str, str]]:
    """Every schema that a compiler refuses, with the compiler's own words."""
    from vllm.sampling_params import SamplingParams, StructuredOutputsParams
    from vllm.v1.structured_output.backend_guidance import (
        has_guidance_unsupported_json_features,
        validate_guidance_grammar,
    )
    from vllm.v1.structured_output.backend_xgrammar import validate_xgrammar_grammar

    def guidance(request: SamplingParams) -> None:
        if has_guidance_unsupported_json_features(request.structured_outputs.json):
            raise ValueError("it knows no patternProperties")
        validate_guidance_grammar(request)

    refused: dict[str, dict[str, str]] = {}
    for name, schema in schemas.items():
        for compiler, compile_ in [("xgrammar", validate_xgrammar_grammar), ("guidance", guidance)]:
            request = SamplingParams(structured_outputs=StructuredOutputsParams(json=schema))
            try:
                compile_(request)
            except Exception as error:  # noqa: BLE001  (whatever the compiler says is its reason)
                refused.setdefault(name, {})[compiler] = str(error)
    return refused


if __name__ == "__main__":
    json.dump(refusals(json.load(sys.stdin)), sys.stdout)
