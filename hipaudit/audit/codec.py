"""Audits and screens to JSON and back, and the schemas of that JSON. The only place that knows the wire form."""

import json
import math
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError

from ..errors import SourceError
from . import SCHEMA, SCREEN_SCHEMA, Audit, Screen

_ADAPTERS: dict[str, TypeAdapter[Any]] = {SCHEMA: TypeAdapter(Audit), SCREEN_SCHEMA: TypeAdapter(Screen)}
_FILES = {SCHEMA: "audit.schema.json", SCREEN_SCHEMA: "screen.schema.json"}
_FLOAT_DIGITS = 4


def to_json(document: Audit | Screen) -> str:
    """An audit or a screen as indented JSON: numbers to four decimals, keys in the order of the types, `schema` first.

    Raises:
        ValueError: a number is NaN or infinite, which no audit may hold.
    """
    plain = _rounded(_ADAPTERS[document.schema].dump_python(document, mode="json"))
    return json.dumps({"schema": plain.pop("schema"), **plain}, indent=1, ensure_ascii=False, allow_nan=False)


def from_json(text: str) -> Audit:
    """Reads what `to_json` wrote of an audit.

    Raises:
        SourceError: not an audit of this schema; the message names the first key that is wrong.
    """
    audit: Audit = _read(text, SCHEMA)
    return audit


def screen_from_json(text: str) -> Screen:
    """Reads what `to_json` wrote of a screen; raises as `from_json` does."""
    screen: Screen = _read(text, SCREEN_SCHEMA)
    return screen


def document_from_json(text: str) -> Audit | Screen:
    """Reads what `to_json` wrote, an audit or a screen as its `schema` says.

    Raises:
        SourceError: neither of this schema; the message names the first key that is wrong.
    """
    try:
        held = json.loads(text)
    except json.JSONDecodeError as error:
        raise SourceError(f"This is not JSON: {error}.") from error
    is_screen = isinstance(held, dict) and str(held.get("schema", "")).startswith("hipaudit.screen/")
    return screen_from_json(text) if is_screen else from_json(text)


def _read(text: str, schema: str) -> Any:  # noqa: ANN401 - an audit or a screen, as the schema says
    name = "audit" if schema == SCHEMA else "screen"
    what = f"an {name}" if name == "audit" else f"a {name}"
    try:
        document = _ADAPTERS[schema].validate_json(text)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"]) or "the document"
        raise SourceError(f"This is not {what} of {schema}: {where}: {first['msg']}.") from error
    if document.schema != schema:
        raise SourceError(f"This {name} is of {document.schema}, this version reads {schema}: {name} the clip again.")
    return document


def json_schema(name: str = SCHEMA) -> dict[str, Any]:
    """The JSON Schema (2020-12) of an audit or, by its name, of a screen, generated from the types."""
    schema = _ADAPTERS[name].json_schema()
    schema["$schema"] = "https://json-schema.org/draft/2020-12/schema"
    schema["title"] = name
    schema["properties"]["schema"]["const"] = name
    schema["required"].append("schema")
    return schema


def write_schemas(folder: Path) -> None:
    """Writes the JSON Schema files that are shipped with the package."""
    for name, file in _FILES.items():
        (folder / file).write_text(json.dumps(json_schema(name), indent=1, ensure_ascii=False) + "\n", "utf-8")


def _rounded(value: Any) -> Any:  # noqa: ANN401 - any JSON value
    if isinstance(value, float):
        return round(value, _FLOAT_DIGITS) if math.isfinite(value) else value
    if isinstance(value, dict):
        return {k: _rounded(v) for k, v in value.items()}
    if isinstance(value, list):
        return [_rounded(v) for v in value]
    return value
