"""The cue policy, held to its rules over any sequence of repetitions."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hipaudit.library import cues, quantities, rules
from hipaudit.live.cues import CuePolicy, fading, is_clean, patterns
from hipaudit.live.events import Cue, CueCleared, Praise
from hipaudit.reps import Rep

ONE_LEG = ["knee_valgus_one_leg", "pelvic_drop", "trunk_lean_lateral", "unsteady", "tempo_fast"]
POLICY = cues().policy


def rep(index=1, valid=True, **measures):
    """A repetition on the left leg with these values, by measure."""
    columns = {quantities()[name].column.format(side="left"): value for name, value in measures.items()}
    return Rep(index, "", "left", 0.0, 1.0, 2.0, 3.0, 0.0, 2.0, valid, None, 0.2, 1.0, columns)


def knee(value):
    return rep(fppa=value, fppa_change=value)


def run(policy, reps, asked=ONE_LEG):
    """The events after each repetition."""
    return [policy.update(float(i), r, is_clean(r, asked, "front")) for i, r in enumerate(reps)]


def cued(steps):
    return [next((e.finding for e in step if isinstance(e, Cue)), None) for step in steps]


def knees(*values, session=3, **options):
    """What is said of a knee in a session in which the moderate cut counts, feedback as often as it is asked for."""
    options = {"back": True, **options}
    return run(CuePolicy(ONE_LEG, "front", session, **options), [knee(v) for v in values])


def test_one_repetition_beyond_is_no_pattern_and_two_of_three_are():
    assert cued(knees(16, 5, 5, 16)) == [None] * 4
    assert cued(knees(16, 16))[1] == "knee_valgus"
    assert cued(knees(16, 5, 16))[2] == "knee_valgus"


def test_the_moderate_cut_raises_and_the_mild_one_in_the_first_two_sessions():
    assert cued(knees(12, 12, 12)) == [None] * 3
    for session in (1, 2):
        assert cued(knees(12, 12, session=session))[1] == "knee_valgus"


def test_three_inside_one_after_the_other_clear_it():
    steps = knees(16, 16, 11, 11, 13, 11, 11, 11)
    assert [any(isinstance(e, CueCleared) for e in step) for step in steps] == [False] * 7 + [True]


def test_between_the_cuts_it_stays_on_the_screen_and_is_not_said():
    steps = knees(16, 16, 14, 13)
    spoken = [[e.speak for e in step if isinstance(e, Cue)] for step in steps]
    assert spoken == [[], [True], [False], [False]]


def test_the_same_words_three_times_then_the_other_ones_then_the_easier_version():
    steps = knees(*[18] * 10, easier="Take the easier version: step-up.")
    said = [e for step in steps for e in step if isinstance(e, Cue)]
    words = cues().words["knee_valgus"]
    assert [cue.say for cue in said[:3]] == [words.external[0]] * 3
    assert [(cue.say, cue.alternative) for cue in said[3:6]] == [(words.internal, True)] * 3
    assert (said[6].say, said[6].speak) == ("Take the easier version: step-up.", True)
    assert [cue.speak for cue in said[7:]] == [False, False]


def test_what_matters_more_takes_the_place_of_a_cue_that_has_stayed_for_two():
    lean, both = rep(trunk_lean=-12.0), rep(trunk_lean=-12.0, fppa=18, fppa_change=18)
    steps = run(CuePolicy(ONE_LEG, "front", 1), [lean, both, both, both, both])
    assert cued(steps) == [None, "trunk_lean_lateral", "trunk_lean_lateral", "knee_valgus", "knee_valgus"]
    assert [type(e) for e in steps[3]] == [CueCleared, Cue]


def test_leaning_to_one_side_and_then_to_the_other_is_no_pattern():
    swaying = [rep(trunk_lean=value) for value in (12.0, -12.0, 2.0, 12.0, -12.0)]
    assert cued(run(CuePolicy(ONE_LEG, "front", 1), swaying)) == [None] * 5
    leaning = [rep(trunk_lean=-12.0)] * 2
    assert cued(run(CuePolicy(ONE_LEG, "front", 1), leaning)) == [None, "trunk_lean_lateral"]


def test_balance_comes_before_everything():
    both = rep(unsteady=1.0, fppa=18, fppa_change=18)
    assert cued(run(CuePolicy(ONE_LEG, "front", 1), [both, both])) == [None, "unsteady"]


def test_a_fast_way_down_is_cued_last_and_by_the_same_cut_in_every_session():
    for session in (1, 3):
        assert cued(run(CuePolicy(ONE_LEG, "front", session), [rep(lower_s=2.0)] * 2)) == [None, "tempo_fast"]
    both = rep(lower_s=2.0, trunk_lean=12.0)
    assert cued(run(CuePolicy(ONE_LEG, "front", 1), [both] * 2)) == [None, "trunk_lean_lateral"]


def test_the_angle_alone_is_no_moderate_finding_where_the_change_from_standing_denies_it():
    outward = rep(fppa=16, fppa_change=4)
    assert cued(run(CuePolicy(ONE_LEG, "front", 3), [outward] * 4)) == [None] * 4


@pytest.mark.parametrize(("session", "of_three"), [(1, 3), (2, 3), (3, 2), (4, 2), (5, 1), (6, 1), (7, 0), (20, 0)])
def test_feedback_fades_over_the_sessions(session, of_three):
    steps = run(CuePolicy(ONE_LEG, "front", session), [rep(unsteady=1.0)] * 7)
    assert sum(e is not None for e in cued(steps)) == 2 * of_three
    clean = run(CuePolicy(ONE_LEG, "front", session), [knee(2)] * 9)
    assert len([e for step in clean for e in step if isinstance(e, Praise)]) == of_three


def test_after_a_set_with_many_beyond_feedback_goes_back_one_step():
    policy = CuePolicy(ONE_LEG, "front", 5)
    run(policy, [knee(16), knee(2), knee(16), knee(2)])
    assert policy.relapsed
    assert fading(5, back=True) == fading(3)
    assert fading(1, back=True) == fading(1)
    steady = CuePolicy(ONE_LEG, "front", 5)
    run(steady, [knee(16), knee(2), knee(2)])
    assert not steady.relapsed


def test_a_silent_set_says_nothing_at_all():
    steps = run(CuePolicy(ONE_LEG, "front", 1, silent=True), [knee(18)] * 5 + [knee(2)] * 9)
    assert not [e for step in steps for e in step if not isinstance(e, CueCleared)]


def test_every_third_clean_repetition_is_praised():
    steps = knees(2, 2, 2, 2, 2, 2, session=1)
    assert [[type(e) for e in step] for step in steps] == [[], [], [Praise], [], [], [Praise]]


def test_a_repetition_that_does_not_count_says_nothing():
    steps = run(CuePolicy(ONE_LEG, "front", 1), [rep(valid=False, fppa=18, fppa_change=18)] * 5)
    assert steps == [[]] * 5


def test_one_that_cannot_be_read_is_neither_beyond_nor_inside():
    unread = rep()
    steps = run(CuePolicy(ONE_LEG, "front", 1), [knee(18), knee(18), knee(2), unread, knee(2), knee(2), knee(2)])
    assert [any(isinstance(e, CueCleared) for e in step) for step in steps] == [False] * 6 + [True]


def test_patterns_of_a_repetition_are_named_in_the_order_of_the_rules():
    seen = rep(lower_s=1.0, trunk_lean=-12.0, fppa=12, fppa_change=12)
    asked = [name for name in rules() if name in ONE_LEG]
    assert patterns(seen, asked, "front") == ["knee_valgus_one_leg", "trunk_lean_lateral", "tempo_fast"]
    assert is_clean(rep(lower_s=1.0), asked, "front")  # how fast it was is no pattern


UNITS = {"deg": "°", "%": " %", "s": " s", "count": "", "": ""}


def row(name):
    """The row of a rule in docs/live.md, from the data."""
    rule, band = rules()[name], cues().bands[name]
    words, unit = cues().words[band.words], UNITS[quantities()[rule.measure].unit]
    below = rule.direction == "below"
    cuts = [next(s.cut for s in rule.severity if s.level == band.on), rule.severity[0].cut]
    pairs = [(cut, cut + band.margin if below else cut - band.margin) for cut in cuts]
    bands = [f"{'under' if below else 'from'} {on:g}{unit} / {off:.4g}{unit}" for on, off in pairs]
    return f"| `{name}` | {bands[0]} | {bands[1]} | {words.external[0]} | {words.internal} |"


def test_the_table_of_cues_in_the_docs_is_the_data():
    page = (Path(__file__).parents[2] / "docs" / "live.md").read_text("utf-8")
    bands = cues().bands
    wanted = [row(name) for name in sorted(bands, key=lambda name: bands[name].priority)]
    assert [line for line in page.splitlines() if line.startswith("| `")] == wanted


VALUES = {
    "fppa": st.floats(-10, 30),
    "pelvic_drop": st.floats(-8, 20),
    "trunk_lean": st.floats(-16, 16),
    "unsteady": st.sampled_from([0.0, 1.0, 2.0]),
    "lower_s": st.floats(0.5, 4),
}
SETS = st.lists(st.fixed_dictionaries({}, optional=VALUES), max_size=30)
SESSIONS = st.integers(1, 10)


def steps_of(values, session):
    reps = [rep(**v, **({"fppa_change": v["fppa"]} if "fppa" in v else {})) for v in values]
    return reps, run(CuePolicy(ONE_LEG, "front", session), reps)


@settings(deadline=None)
@given(SETS, SESSIONS)
def test_never_two_at_once_and_never_a_cue_of_another_before_the_first_has_stayed(values, session):
    _, steps = steps_of(values, session)
    shown, since = None, 0
    for i, step in enumerate(steps):
        assert sum(isinstance(e, Cue | Praise) for e in step) <= 1
        for event in step:
            if isinstance(event, CueCleared):
                shown = None
            elif isinstance(event, Cue):
                if shown not in (None, event.finding):
                    pytest.fail("a cue took the place of one that was not cleared")
                if shown is None:
                    since = i
                shown = event.finding
        assert i >= since


@settings(deadline=None)
@given(SETS, SESSIONS)
def test_the_same_words_are_said_three_times_at_most(values, session):
    _, steps = steps_of(values, session)
    said = [e.say for step in steps for e in step if isinstance(e, Cue) and e.speak]
    assert all(said.count(words) <= POLICY.repeat for words in set(said) - {POLICY.easier})


@settings(deadline=None)
@given(SETS, SESSIONS)
def test_nothing_is_said_after_a_repetition_that_is_not_beyond_its_cut(values, session):
    reps, steps = steps_of(values, session)
    for r, step in zip(reps, steps, strict=True):
        shown = {rules()[name].finding for name in patterns(r, ONE_LEG, "front")}
        assert {e.finding for e in step if isinstance(e, Cue) and e.speak} <= shown


@settings(deadline=None)
@given(
    st.lists(st.fixed_dictionaries({"fppa": st.floats(-10, 8), "lower_s": st.floats(2.5, 4)}), max_size=30), SESSIONS
)
def test_nothing_at_all_is_cued_while_all_is_inside(values, session):
    _, steps = steps_of(values, session)
    assert not [e for step in steps for e in step if not isinstance(e, Praise)]


@settings(deadline=None)
@given(SETS, SESSIONS)
def test_a_cue_needs_two_of_the_last_three_beyond(values, session):
    reps, steps = steps_of(values, session)
    up = False
    for i, step in enumerate(steps):
        first = [e.finding for e in step if isinstance(e, Cue)]
        if first and not up:
            last = [{rules()[n].finding for n in patterns(r, ONE_LEG, "front")} for r in reps[: i + 1]]
            assert sum(first[0] in shown for shown in last) >= 2
        up = bool(first) or (up and not any(isinstance(e, CueCleared) for e in step))
