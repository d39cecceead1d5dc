"""The first weeks: what a session holds for whom, and what it may never hold."""

from itertools import chain, combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from wording import FORBIDDEN

from hipaudit import library
from hipaudit.findings import CONFIDENCES, SEVERITIES, Finding
from hipaudit.library.training import MAIN
from hipaudit.plan import StartingPhase
from hipaudit.plan.intake import Intake, Safety
from hipaudit.plan.weeks import first_weeks

EXERCISES = library.exercises()
SESSIONS = library.sessions()
RULES = {name: rule for name, rule in library.rules().items() if not rule.information}
SAFE = Safety(urgent=False, see_someone_first=False)
RESTRICTED = Safety(urgent=False, see_someone_first=False, restricted=True)
PIECES = [name for name, piece in library.equipment().items() if not piece.everywhere]
# What decides between one main exercise and another; the rest of the equipment is for conditioning and mobility.
DECISIVE = ["bench", "sofa", "step", "stick", "mini_band", "long_band", "anchor", "dumbbells", "rail"]


def start(phase):
    return StartingPhase(phase, library.gates().phases[str(phase)], False, [], [], [])


def found(rule, severity="moderate", confidence="medium", side="right"):
    r = library.rules()[rule]
    headline = r.say.headline.format(side=side, direction=side)
    return Finding(
        r.finding, side, severity, r.measure, 19.0, "deg", 3.0, 15.0, confidence, 5, 5, 3.0, "c.mp4", rule,
        r.say.title, headline, "Say.",
    )  # fmt: skip


def main(weeks):
    return [planned.exercise for planned in weeks.main]


def everything(weeks):
    return [*weeks.warm_up, *weeks.main, *weeks.cool_down]


def at_hand(exercise, pieces):
    there = {*pieces, *(name for name, piece in library.equipment().items() if piece.everywhere)}
    return all(there & {*group} for group in exercise.equipment.needs)


def sentences(weeks):
    for e in everything(weeks):
        yield from (e.name, e.why, e.amount, e.effort, *e.cues, e.caution or "", e.tempo or "", e.easier or "")
    yield from (weeks.task.why, weeks.task.amount, weeks.task.cue or "", *weeks.notes, *weeks.before_next)


findings = st.lists(
    st.builds(
        found,
        st.sampled_from(sorted(RULES)),
        st.sampled_from(SEVERITIES),
        st.sampled_from(CONFIDENCES),
        st.sampled_from(["left", "right"]),
    ),
    max_size=6,
)
intakes = st.one_of(
    st.none(),
    st.builds(
        Intake,
        age=st.one_of(st.none(), st.integers(16, 95)),
        fall_last_year=st.one_of(st.none(), st.booleans()),
        equipment=st.one_of(st.none(), st.lists(st.sampled_from(sorted(library.equipment())), max_size=8).map(tuple)),
        safety=st.sampled_from([None, SAFE, RESTRICTED]),
    ),
)


@settings(deadline=None, max_examples=300)
@given(st.integers(1, 5), findings, intakes)
def test_whatever_was_seen_and_told_the_session_is_one_that_can_be_done(phase, seen, told):
    weeks = first_weeks(start(phase), seen, told)
    assert weeks == first_weeks(start(phase), list(reversed(seen)), told)
    names = [e.exercise for e in everything(weeks)]
    assert len(set(names)) == len(names)
    assert all(phase in EXERCISES[name].phases for name in names)
    assert all(EXERCISES[name].category in MAIN for name in main(weeks))
    assert len(weeks.main) <= 5
    assert len(weeks.main) >= 3 or any(note.startswith("Fewer than") for note in weeks.notes)
    assert sum(e.finding is not None for e in everything(weeks)) <= SESSIONS.for_findings
    if told and told.equipment is not None:
        neighbours = {e.name for e in EXERCISES.values() if not at_hand(e, told.equipment)}
        assert all(at_hand(EXERCISES[name], told.equipment) for name in names)
        assert not neighbours & {name for e in everything(weeks) for name in (e.easier, e.harder)}
    if told and told.safety is RESTRICTED:
        assert not any(EXERCISES[name].one_leg for name in names)
    if told and ((told.age or 0) >= 65 or told.fall_last_year):
        assert len(weeks.main) <= SESSIONS.main_supported
        assert library.movements()[weeks.task.movement].legs == 2
    assert not FORBIDDEN.search(" ".join(sentences(weeks)))


@pytest.mark.parametrize("phase", [1, 2, 3, 4, 5])
@pytest.mark.parametrize("age", [30, 70])
@pytest.mark.parametrize("safety", [SAFE, RESTRICTED], ids=["clear", "restricted"])
def test_any_set_of_equipment_gives_three_to_five_exercises_or_says_what_is_missing(phase, age, safety):
    sets = chain.from_iterable(combinations(DECISIVE, n) for n in range(len(DECISIVE) + 1))
    fullest = 4 if age == 70 else 5
    for pieces in sets:
        weeks = first_weeks(start(phase), [], Intake(age=age, equipment=pieces, safety=safety))
        if len(weeks.main) < 3:
            assert any(note.startswith("Fewer than 3") for note in weeks.notes), pieces
        if len(weeks.main) < fullest:
            assert any(note.startswith("Left out") for note in weeks.notes), pieces
        if phase <= 3 and (safety is SAFE or phase <= 2):
            assert len(weeks.main) >= 3, (pieces, main(weeks))


@pytest.mark.parametrize("phase", [1, 2, 3, 4, 5])
def test_without_findings_and_with_everything_it_is_the_base_session(phase):
    weeks = first_weeks(start(phase), [], Intake(age=30, safety=SAFE, equipment=tuple(PIECES)))
    assert main(weeks) == list(SESSIONS.phases[str(phase)].base)
    assert all(e.finding is None for e in everything(weeks))
    assert weeks.notes == list(SESSIONS.phases[str(phase)].notes)
    assert weeks.task.finding is None


@pytest.mark.parametrize("phase", [1, 2, 3, 4, 5])
@pytest.mark.parametrize("rule", sorted(RULES))
def test_every_finding_a_rule_can_give_leads_to_an_exercise_that_says_so(rule, phase):
    seen = found(rule)
    weeks = first_weeks(start(phase), [seen])
    chosen = [e for e in everything(weeks) if e.finding == seen.finding]
    assert 1 <= len(chosen) <= 2
    assert all(seen.headline in e.why for e in chosen)
    assert all(seen.finding in EXERCISES[e.exercise].addresses for e in chosen)
    on_two_legs = {r.finding for r in RULES.values() if {"squat", "sit_to_stand"} & {*r.movements}}
    if phase > 1 or seen.finding in on_two_legs:  # a phase 1 asks for no task on one leg
        band = library.cues().bands.get(rule)
        words = library.cues().words[band.words if band else seen.finding]
        assert all(word.lower() in weeks.task.cue.lower() for word in words.external)
        assert weeks.task.other_cue == f"{words.internal}."
    else:
        assert weeks.task.cue is None


def test_there_is_no_programme_where_none_is_allowed():
    assert first_weeks(start(0), [found("knee_valgus_one_leg")], Intake(safety=SAFE)) is None


def test_a_finding_takes_the_place_of_the_base_exercise_most_like_its_own():
    weeks = first_weeks(start(2), [found("knee_valgus_one_leg")])
    assert main(weeks) == ["hip_thrust_bw", "lateral_band_walk", "banded_squat", "rdl_dumbbell", "single_leg_bridge"]


def test_two_findings_get_one_exercise_each_and_a_third_waits():
    seen = [found("trunk_lean_lateral"), found("hip_shift"), found("knee_valgus_two_legs")]
    weeks = first_weeks(start(1), seen)
    assert {e.finding for e in weeks.main if e.finding} == {"knee_valgus", "trunk_lean_lateral"}
    waiting = next(note for note in weeks.notes if note.startswith("Also seen"))
    assert seen[1].headline in waiting


def test_one_exercise_may_answer_two_findings_and_says_both():
    seen = [found("knee_valgus_one_leg"), found("trunk_lean_lateral")]
    both = next(e for e in first_weeks(start(3), seen).main if e.exercise == "lateral_step_down")
    assert all(f.headline in both.why for f in seen)


def test_a_sure_finding_comes_before_one_of_low_confidence_which_is_named_as_such():
    seen = [found("knee_valgus_one_leg", confidence="low"), found("trunk_lean_lateral"), found("depth_limited", "mild")]
    weeks = first_weeks(start(1), seen)
    assert {e.finding for e in everything(weeks) if e.finding} == {"trunk_lean_lateral", "depth_limited"}
    assert any(note.startswith("Also seen") and seen[0].headline in note for note in weeks.notes)
    alone = [e for e in first_weeks(start(1), seen[:1]).main if e.finding]
    assert [e.exercise for e in alone] == ["clam", "sit_to_stand"]
    assert all("low confidence" in e.why for e in alone)
    shared = next(e for e in first_weeks(start(1), [seen[0], found("hip_shift")]).main if e.exercise == "sit_to_stand")
    assert f"{seen[0].headline} (clear, at low confidence)" in shared.why


def test_an_ankle_drill_joins_the_warm_up_and_leaves_the_main_part_alone():
    weeks = first_weeks(start(1), [found("depth_limited")])
    assert main(weeks) == list(SESSIONS.phases["1"].base)
    assert [e.exercise for e in weeks.warm_up if e.finding] == ["ankle_knee_to_wall", "adductor_rockback"]


def test_what_needs_equipment_that_is_not_there_is_replaced_and_says_so():
    weeks = first_weeks(start(2), [], Intake(equipment=(), safety=SAFE))
    replaced = [e.why for e in weeks.main if e.why.startswith("In place of")]
    assert any("which needs bench or sofa" in why for why in replaced)
    assert any("which needs mini band" in why for why in replaced)
    assert "goblet_box_squat" in main(weeks)
    goblet = next(e for e in weeks.main if e.exercise == "goblet_box_squat")
    assert goblet.equipment == ["chair"]


def test_unknown_equipment_is_named_and_known_equipment_is_not_asked_for():
    unknown = first_weeks(start(2), [], Intake(safety=SAFE))
    assert any("equipment" in note for note in unknown.notes)
    assert unknown.main[0].equipment == ["bench or sofa"]
    known = first_weeks(start(2), [], Intake(safety=SAFE, equipment=("sofa", "mini_band", "dumbbells")))
    assert known.main[0].equipment == ["sofa"]
    assert known.notes == []


def test_after_a_fall_one_leg_is_never_unheld_and_the_plan_says_why():
    weeks = first_weeks(start(2), [found("pelvic_drop")], Intake(fall_last_year=True, safety=SAFE, equipment=("step",)))
    assert "supported_sl_stance" in main(weeks)
    assert "pelvic_drop_hike" not in main(weeks)
    assert any("Supported" in note for note in weeks.notes)


def test_the_task_is_the_movement_in_which_the_finding_was_seen_unless_the_answers_forbid_it():
    seen = [found("knee_valgus_one_leg")]
    assert first_weeks(start(2), seen).task.movement == "lateral_step_down"
    assert first_weeks(start(1), seen).task.movement == "squat"
    assert first_weeks(start(2), seen, Intake(age=70)).task.movement == "squat"
    assert first_weeks(start(2), seen, Intake(equipment=())).task.movement == "squat"


def test_unanswered_safety_questions_are_asked_for():
    assert any("safety questions" in note for note in first_weeks(start(1), []).notes)
    assert not any("safety questions" in note for note in first_weeks(start(1), [], Intake(safety=SAFE)).notes)


@pytest.mark.parametrize(
    ("name", "amount", "tempo", "effort"),
    [
        ("glute_bridge", "2 to 3 × 10 to 15", "2 s down, 2 s up, 2 s pause at the top", "effort 3 to 5 of 10"),
        ("side_plank_knees", "2 to 3 × 10 to 25 s each side", None, "effort 3 to 5 of 10"),
        ("bird_dog", "2 to 3 × 6 to 8 holds of 3 to 5 s each side", None, "effort 3 to 5 of 10"),
        ("pulse_raise", "4 to 6 min", None, "effort 2 to 4 of 10"),
        ("bike_intervals", "6 to 8 × 20 to 30 s", None, "effort 6 to 8 of 10"),
        (
            "rdl_dumbbell",
            "3 × 8 to 12, light dumbbells",
            "3 s down, 2 s up",
            "effort 5 to 7 of 10, 2 to 4 repetitions in reserve",
        ),
    ],
)
def test_a_dose_reads_like_one(name, amount, tempo, effort):
    from hipaudit.plan import dose

    given = EXERCISES[name].dose
    assert (dose.amount(given), dose.tempo(given), dose.effort(given)) == (amount, tempo, effort)
