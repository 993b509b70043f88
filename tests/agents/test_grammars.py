"""Every form of an answer that a role asks for is taken by both grammar compilers of vLLM."""

from __future__ import annotations

import importlib
import json
import os
import pkgutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

import agents
from agents.asking import Answer, response_format
from tests.conftest import Tiny

ROLES = ("screenwriter", "storyboarder", "prompter", "continuity", "script_doctor")


def refusals(python: str, schemas: dict[str, Any]) -> dict[str, dict[str, str]]:
    """What the compilers refuse, asked of the interpreter that has vLLM."""
    ran = subprocess.run(
        [python, Path(__file__).parents[1] / "grammars.py"],
        input=json.dumps(schemas),
        capture_output=True,
        text=True,
        timeout=300,
        env={**os.environ, "VLLM_NO_USAGE_STATS": "1", "DO_NOT_TRACK": "1"},
    )
    assert ran.returncode == 0, ran.stderr[-2000:]
    found: dict[str, dict[str, str]] = json.loads(ran.stdout.splitlines()[-1])
    return found


def asked_for() -> dict[str, Any]:
    """Every role's schemas, and every form of an answer that stands in a module of agents/."""
    schemas: dict[str, Any] = {}

    def add(name: str, form: type[Answer]) -> None:
        schemas[name] = response_format(form)["json_schema"]["schema"]

    for _, name, _ in pkgutil.walk_packages(agents.__path__, "agents."):
        module = importlib.import_module(name)
        for number, form in enumerate(getattr(module, "EXAMPLE_SCHEMAS", ())):
            add(f"{name}: {form.__name__} {number}", form)
        for form in vars(module).values():
            if isinstance(form, type) and issubclass(form, Answer) and form is not Answer:
                add(f"{name}: {form.__name__}", form)
    return schemas


@pytest.mark.parametrize("role", ROLES)
def test_a_role_shows_what_it_asks_for(role: str) -> None:
    forms = importlib.import_module(f"agents.{role}").EXAMPLE_SCHEMAS
    assert forms
    assert all(issubclass(form, Answer) for form in forms)


def text(**bounds: Any) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": {"field": {"type": "string", **bounds}},
        "required": ["field"],
        "additionalProperties": False,
    }


def test_both_grammar_compilers_take_them_all(tiny: Tiny) -> None:
    schemas = asked_for()
    assert len(schemas) >= len(ROLES)
    bad = {
        "unique": {"type": "array", "items": {"type": "integer"}, "uniqueItems": True},
        "pattern": text(pattern="^[a-z]+$", maxLength=9),
        "pattern properties": {"type": "object", "patternProperties": {"^a": {"type": "string"}}},
    }
    refused = refusals(tiny.python, {**schemas, **bad, "good": text(maxLength=9)})
    assert set(refused.pop("unique")) == {"xgrammar", "guidance"}
    assert set(refused.pop("pattern")) == {"xgrammar"}
    assert set(refused.pop("pattern properties")) == {"guidance"}
    assert refused == {}


def test_no_form_holds_a_float_or_a_pattern() -> None:
    """A model that repeats itself never ends a float, and no compiler bounds a pattern."""
    for name, schema in asked_for().items():
        found = json.dumps(schema)
        for word in ('"number"', '"pattern"', '"format"', '"uniqueItems"', '"multipleOf"'):
            assert word not in found, f"{name} has {word}"
