"""The data files: every one loads, every name in them leads somewhere, and no wording says what it must not."""

import re
import tomllib
from importlib.resources import files

import pytest
from wording import FORBIDDEN

from hipaudit import library
from hipaudit.errors import LibraryError
from hipaudit.library import schema

ROOT = files("hipaudit.library")


def texts():
    """Every sentence of the library that a person may read."""
    for rule in library.rules().values():
        yield from (rule.say.title, rule.say.headline, rule.say.found, rule.say.passed)
        if rule.opposite:
            yield rule.opposite.say
        if rule.one_leg:
            yield from (rule.one_leg.found, rule.one_leg.headline)
    for movement in library.movements().values():
        yield from (movement.name, movement.film, movement.go)
    yield from library.protocol().set_up.hints.values()
    policy = library.cues().policy
    yield from (policy.praise, policy.easier, policy.easier_version)
    yield from (limit.say for limit in library.protocol().checks.values())
    yield from library.gates().phases.values()
    for part in library.gates().required.values():
        yield part.what
        yield part.how or library.movements()[part.film].film
    yield from (quantity.positive for quantity in library.quantities().values())


def test_every_citation_exists():
    """Movements, rules, measures, protocol and gates name sources that are listed."""
    known = set(library.citations())
    users = [
        *library.movements().values(),
        *library.rules().values(),
        *library.quantities().values(),
        library.protocol(),
        library.gates(),
        library.cues(),
    ]
    for user in users:
        assert set(user.cite) <= known, user


def test_every_rule_asks_for_a_measure_and_movements_that_exist():
    for name, rule in library.rules().items():
        quantity = library.quantities()[rule.measure]
        assert set(rule.movements) <= set(library.movements()), name
        legs = {library.movements()[m].legs for m in rule.movements}
        assert legs <= set(quantity.legs), name
        if rule.confirm:
            assert rule.confirm.measure in library.quantities(), name
        if rule.witness:
            assert rule.witness.measure in library.quantities(), name
        if rule.one_leg:
            assert rule.one_leg.measure in library.quantities(), name
            assert rule.one_leg.not_with in {r.finding for r in library.rules().values()}, name


def test_rules_that_need_a_stance_leg_are_asked_of_one_leg_tasks_only():
    for name, rule in library.rules().items():
        if rule.side == "stance":
            assert {library.movements()[m].legs for m in rule.movements} == {1}, name


def test_cuts_lie_in_human_ranges():
    ranges = {"deg": (3, 120), "%": (2, 40), "s": (0.3, 5), "count": (0.5, 6), "": (0.3, 1.5)}
    for name, rule in library.rules().items():
        low, high = ranges[library.quantities()[rule.measure].unit]
        if rule.measure == "lock_out":  # an angle at the hip, straight at 180
            low, high = 150, 210
        assert all(low <= abs(s.cut) <= high for s in rule.severity), name


def test_an_error_is_smaller_than_the_first_cut():
    """A cut inside the measure's own error would flag noise."""
    for name, rule in library.rules().items():
        quantity = library.quantities()[rule.measure]
        gap = abs(1 - rule.severity[0].cut) if rule.measure == "kasr" else abs(rule.severity[0].cut)
        assert quantity.error < gap + 1e-9, name


def test_a_difference_between_sides_is_told_only_beyond_what_measurement_can_tell():
    compared = [rule for rule in library.rules().values() if rule.between_sides]
    assert compared
    for rule in compared:
        assert rule.severity[0].cut >= round(library.quantities()[rule.measure].detectable, 1)


@pytest.mark.parametrize("text", sorted(set(texts())))
def test_wording_diagnoses_nothing(text):
    assert not FORBIDDEN.search(text)
    assert text == text.strip()


def test_sentences_are_whole():
    for rule in library.rules().values():
        assert rule.say.found.endswith(".")
        assert rule.say.passed.endswith(".")


def test_gates_name_findings_and_phases_that_exist():
    gates = library.gates()
    findings = {rule.finding for rule in library.rules().values()}
    assert {gate.finding for gate in gates.findings} <= findings
    assert set(gates.phases) == {str(p) for p in range(6)}
    for band in gates.bands:
        assert band.test in gates.tests
        assert list(band.caps) == sorted(band.caps)


def test_every_age_has_exactly_one_band_of_each_test_and_sex():
    for test in library.gates().tests:
        for sex in ("male", "female"):
            for age in range(0, 100):
                hits = [
                    b
                    for b in library.gates().bands
                    if b.test == test and b.age[0] <= age <= b.age[1] and b.sex in ("any", sex)
                ]
                assert len(hits) == 1, (test, sex, age)


def test_a_wrong_file_names_itself_and_its_key():
    good = tomllib.loads((ROOT / "rules" / "hip_shift.toml").read_text("utf-8"))
    for change, key in (({"min_reps": 0}, "min_reps"), ({"surprise": 1}, "surprise"), ({"grade": "Z"}, "grade")):
        with pytest.raises(LibraryError, match=rf"hip_shift\.toml, key {key}"):
            library._shaped(ROOT / "rules" / "hip_shift.toml", {**good, **change}, schema.Rule)


def test_cuts_must_get_stricter():
    good = tomllib.loads((ROOT / "rules" / "hip_shift.toml").read_text("utf-8"))
    good["severity"] = [{"level": "mild", "cut": 8.0}, {"level": "moderate", "cut": 5.0}]
    with pytest.raises(LibraryError, match="stricter"):
        library._shaped(ROOT / "rules" / "hip_shift.toml", good, schema.Rule)


def test_the_digest_is_of_the_content():
    assert re.fullmatch(r"[0-9a-f]{64}", library.digest())
    assert library.digest() == library.digest()


def test_every_rule_that_grades_single_repetitions_has_its_cue():
    """Remarks are never cued, and two sides are compared after a set, not in it; of a hold there is only one."""
    rules, movements = library.rules(), library.movements()
    cued = {
        name
        for name, rule in rules.items()
        if not rule.information and not rule.between_sides and any(not movements[m].hold for m in rule.movements)
    }
    assert set(library.cues().bands) == cued


def test_a_cue_is_raised_by_a_band_its_rule_has_and_safety_comes_first():
    bands = library.cues().bands
    for name, band in bands.items():
        levels = [severity.level for severity in library.rules()[name].severity]
        assert band.on in levels, name
        assert band.on == ("moderate" if len(levels) > 2 and name != "unsteady" else "mild"), name
    order = ["unsteady", "knee_valgus", "pelvic_drop", "trunk_lean_lateral", "lumbar_arch"]
    by_priority = sorted(bands, key=lambda name: bands[name].priority)
    assert list(dict.fromkeys(library.rules()[name].finding for name in by_priority))[:5] == order
    assert by_priority[-1] == "tempo_fast"


def test_on_and_off_are_those_of_clinical_practice():
    listed = {
        "knee_valgus_one_leg": (15, 12), "pelvic_drop": (12, 9), "trunk_lean_lateral": (11, 8),
        "knee_valgus_two_legs": (0.85, 0.90), "tempo_fast": (2.25, 2.5), "lumbar_arch_bridge": (190, 186),
        "lumbar_arch": (16, 12),
    }  # fmt: skip
    for name, (on, off) in listed.items():
        rule, band = library.rules()[name], library.cues().bands[name]
        cut = next(s.cut for s in rule.severity if s.level == band.on)
        way = 1 if rule.direction == "below" else -1
        assert (cut, cut + way * band.margin) == pytest.approx((on, off)), name


def test_what_is_spoken_is_short():
    for words in library.cues().words.values():
        assert all(len(text.split()) <= 9 for text in (*words.external, words.internal))
