"""The document on the wire: round trip, schema, no NaN."""

import json
import math
from importlib.resources import files

import jsonschema
import pytest
from conftest import SUPPORTED, TRUTH

from hipaudit.audit import SCHEMA, SCREEN_SCHEMA
from hipaudit.audit.codec import from_json, json_schema, to_json
from hipaudit.errors import SourceError

NAMES = sorted(name for name, true in TRUTH.items() if true["movement"] in SUPPORTED)
REQUIRED = {
    "schema", "hipaudit_version", "provenance", "clips", "movement", "reps", "measures", "findings", "passed",
    "unassessed", "starting_phase",
}  # fmt: skip


@pytest.mark.parametrize("name", NAMES)
def test_every_audit_is_valid_against_its_schema_and_reads_back(audited, name):
    text = to_json(audited(name).audit)
    document = json.loads(text, parse_constant=lambda c: pytest.fail(f"{c} in the document"))
    jsonschema.validate(document, json_schema())
    assert set(document) >= REQUIRED
    assert to_json(from_json(text)) == text


def test_the_shipped_schema_is_the_generated_one():
    for name, file in ((SCHEMA, "audit.schema.json"), (SCREEN_SCHEMA, "screen.schema.json")):
        shipped = json.loads((files("hipaudit.audit") / file).read_text("utf-8"))
        assert shipped == json_schema(name)


def test_a_nan_is_refused(audited):
    from dataclasses import replace

    audit = audited("squat_front_steady").audit
    bad = replace(audit, reps=[replace(audit.reps[0], depth=math.nan)])
    with pytest.raises(ValueError, match="nan"):
        to_json(bad)


@pytest.mark.parametrize("text", ["", "{}", "[1]", '{"schema": "other/9"}', "not json"])
def test_what_is_no_audit_is_refused_in_one_sentence(text):
    with pytest.raises(SourceError) as caught:
        from_json(text)
    assert "\n" not in str(caught.value)


def test_an_audit_of_another_schema_says_so(audited):
    text = to_json(audited("squat_front_steady").audit).replace("hipaudit.audit/1", "hipaudit.audit/9")
    with pytest.raises(SourceError, match=r"hipaudit\.audit/9"):
        from_json(text)
