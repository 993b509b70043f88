"""A value that people write as a short text (`4s`, `dissolve 0.5s`, `1280x720`)."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Any, Self

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, core_schema


class TextValue(ABC):
    """Read from text by `parse`, written by `str`; pydantic takes either form."""

    json_pattern: str = ""
    json_examples: tuple[str, ...] = ()

    @classmethod
    @abstractmethod
    def parse(cls, text: str) -> Self:
        """The value that `text` writes. Raises ValueError with a sentence for the writer."""

    @classmethod
    def _coerce(cls, value: Any) -> Self:
        if isinstance(value, cls):
            return value
        if isinstance(value, bool) or not isinstance(value, str | int | float):
            raise ValueError(f"write it as text, like {cls.json_examples[0]}")
        return cls.parse(str(value))

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_plain_validator_function(
            cls._coerce,
            serialization=core_schema.plain_serializer_function_ser_schema(str),
        )

    @classmethod
    def __get_pydantic_json_schema__(
        cls, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        return {
            "type": "string",
            "pattern": cls.json_pattern,
            "examples": list(cls.json_examples),
        }
