"""Exercises and sessions: every link leads somewhere, doses are human, nothing is called what it must not be."""

import tomllib
from importlib.resources import files

import pytest
from wording import FORBIDDEN

from hipaudit import library
from hipaudit.errors import LibraryError
from hipaudit.library.training import MAIN, Exercise

ROOT = files("hipaudit.library")
EXERCISES = library.exercises()
SESSIONS = library.sessions()
# What a camera would watch live and hipaudit has no measure for yet.
NOT_MEASURED_YET = {"landing_flexion", "pelvis_roll", "reps"}
# What an exercise may be for beside a finding of a rule.
NO_RULE = {"mobility_hip", "conditioning", "general"}
FINDINGS = {rule.finding for rule in library.rules().values()}
PRACTISED = {rule.finding for rule in library.rules().values() if not rule.information}


def texts():
    """Every sentence about training that a person may read."""
    for e in EXERCISES.values():
        yield from (e.name, *e.cues, *e.common_faults, e.caution or e.name, e.note or e.name)
    yield from (piece.name for piece in library.equipment().values())
    for weeks in SESSIONS.phases.values():
        yield from (*weeks.exit, *weeks.notes)
    for row in SESSIONS.pain:
        yield from (row.pain, row.then)
    for words in library.cues().words.values():
        yield from (*words.external, words.internal)
    yield from (*SESSIONS.progress, *SESSIONS.stop, *SESSIONS.feedback, *SESSIONS.purposes.values())
    yield from (SESSIONS.task, SESSIONS.task_why, SESSIONS.retest.say)


def test_there_are_sixty_and_each_is_called_like_its_file():
    assert len(EXERCISES) == 60
    assert all(name == e.id for name, e in EXERCISES.items())
    assert len({e.name for e in EXERCISES.values()}) == 60


@pytest.mark.parametrize("direction", ["regression", "progression"])
@pytest.mark.parametrize("name", sorted(EXERCISES))
def test_every_chain_of_easier_and_harder_versions_ends(name, direction):
    seen = [name]
    while following := getattr(EXERCISES[seen[-1]], direction):
        assert following in EXERCISES, f"{seen[-1]} leads to {following}, which is no exercise"
        assert following not in seen, f"{' > '.join(seen)} > {following} runs in a circle"
        seen.append(following)


def test_an_easier_version_begins_no_later_and_a_harder_one_no_earlier():
    for e in EXERCISES.values():
        if e.regression:
            assert min(EXERCISES[e.regression].phases) <= min(e.phases), e.id
        if e.progression:
            assert min(EXERCISES[e.progression].phases) >= min(e.phases), e.id


def test_no_caution_leans_on_another_exercise():
    """Each is read alone: "As above" says nothing in a plan."""
    for e in EXERCISES.values():
        assert not (e.caution or "").startswith("As "), e.id


@pytest.mark.parametrize("name", sorted(EXERCISES))
def test_doses_lie_in_human_ranges(name):
    dose = EXERCISES[name].dose
    assert 1 <= dose.sets[0] <= dose.sets[1] <= 8
    assert dose.reps is None or 3 <= dose.reps[0] <= dose.reps[1] <= 15
    assert dose.hold_s is None or 3 <= dose.hold_s[0] <= dose.hold_s[1] <= 60
    assert dose.minutes is None or 0.3 <= dose.minutes[0] <= dose.minutes[1] <= 25
    assert 0 <= dose.rest_s <= 120
    assert 1 <= dose.rpe[0] <= dose.rpe[1] <= 8
    assert dose.rir is None or 2 <= dose.rir[0] <= dose.rir[1] <= 4
    if dose.tempo:
        assert 1 <= dose.tempo.lower_s <= 4
        assert 1 <= dose.tempo.lift_s <= 6


def test_equipment_sources_measures_and_findings_are_known():
    known = set(library.quantities()) | NOT_MEASURED_YET
    assert not NOT_MEASURED_YET & set(library.quantities())
    assert not NO_RULE & FINDINGS
    for e in EXERCISES.values():
        pieces = {piece for group in e.equipment.needs for piece in group} | set(e.equipment.helps)
        assert pieces <= set(library.equipment()), e.id
        assert all(e.equipment.needs), f"{e.id}: an empty group can never be there"
        assert {reading.source for reading in e.emg} | set(e.cite) <= set(library.citations()), e.id
        assert set(e.camera.measures) <= known, e.id
        assert set(e.addresses) <= FINDINGS | NO_RULE, e.id


def test_every_piece_of_equipment_is_used():
    used = {p for e in EXERCISES.values() for p in (*sum(e.equipment.needs, ()), *e.equipment.helps)}
    assert used == set(library.equipment())


def test_a_recalled_source_gives_no_reading_that_counts_as_read():
    for e in EXERCISES.values():
        for reading in e.emg:
            if library.citations()[reading.source].status == "recalled":
                assert reading.certainty != "read", (e.id, reading)


def test_the_session_of_every_phase_is_of_that_phase():
    assert set(SESSIONS.phases) == set("12345")
    for number, weeks in SESSIONS.phases.items():
        for name in (*weeks.base, *weeks.warm_up, *SESSIONS.cool_down):
            assert int(number) in EXERCISES[name].phases, (number, name)
        assert all(EXERCISES[name].category in MAIN for name in weeks.base), number
        assert len(set(weeks.base)) == len(weeks.base) == SESSIONS.main[1], number
        usual, fewest, most = weeks.per_week
        assert 2 <= fewest <= usual <= most <= 4


def test_the_audited_task_is_always_one_that_needs_nothing():
    for weeks in SESSIONS.phases.values():
        assert set(weeks.audited) <= set(library.movements())
        assert "squat" in weeks.audited
    assert {library.movements()[name].legs for name in SESSIONS.audited_supported} == {2}


def test_every_finding_a_rule_can_give_has_exercises_of_every_phase_and_a_cue():
    assert set(SESSIONS.finding_priority) >= PRACTISED
    assert set(library.cues().words) >= PRACTISED
    assert set(SESSIONS.finding_priority) <= FINDINGS | NO_RULE
    for finding, by_phase in SESSIONS.finding_priority.items():
        assert set(by_phase) == set("12345"), finding
        for number, names in by_phase.items():
            for name in names:
                assert int(number) in EXERCISES[name].phases, (finding, number, name)
                assert finding in EXERCISES[name].addresses, (finding, number, name)


def test_sessions_name_sources_that_exist_and_a_purpose_for_each_category():
    for user in (SESSIONS, *SESSIONS.phases.values()):
        assert set(user.cite) <= set(library.citations())
    assert set(SESSIONS.purposes) == {*MAIN, "warm_up", "cool_down"}


@pytest.mark.parametrize("text", sorted(set(texts())))
def test_wording_diagnoses_nothing_and_promises_nothing(text):
    assert not FORBIDDEN.search(text)
    assert text == text.strip()


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"surprise": 1}, "key surprise"),
        ({"phases": [6]}, "key phases"),
        ({"category": "magic"}, "key category"),
        (
            {
                "dose": {
                    "sets": [3, 2],
                    "reps": [8, 10],
                    "per_side": False,
                    "rest_s": 0,
                    "load": "bodyweight",
                    "rpe": [1, 2],
                }
            },
            "smaller",
        ),
        ({"dose": {"sets": [2, 3], "per_side": False, "rest_s": 0, "load": "bodyweight", "rpe": [1, 2]}}, "needs reps"),
    ],
)
def test_a_wrong_exercise_names_its_file_and_key(change, words):
    file = ROOT / "exercises" / "clam.toml"
    good = tomllib.loads(file.read_text("utf-8"))
    with pytest.raises(LibraryError, match=rf"clam\.toml.*{words}"):
        library._shaped(file, {**good, **change}, Exercise)
