"""Several clips of one movement as one audit: each finding from the view that shows it, disagreement said."""

from dataclasses import replace

import numpy as np
import pytest

from hipaudit.audit.codec import to_json
from hipaudit.audit.merge import merge
from hipaudit.audit.run import combine, named
from hipaudit.findings import Passed, Unassessed
from hipaudit.library import quantities

FRONT, SIDE = "squat_front_knees_in", "squat_side_low_back_arch"


def told(clip, **changes):
    """The same clip with the value (or another part) of its answer about the knees changed."""
    verdicts = [replace(v, **changes) if v.finding == "knee_valgus" else v for v in clip.verdicts]
    return replace(clip, verdicts=verdicts)


def renamed(clip, name):
    seen = replace(clip.seen, clip=replace(clip.seen.clip, name=name))
    verdicts = [v if isinstance(v, Unassessed) else replace(v, clip=name) for v in clip.verdicts]
    return replace(clip, seen=seen, verdicts=verdicts)


def knees(merged):
    return next(v for v in merged.verdicts if v.finding == "knee_valgus")


@pytest.mark.parametrize("order", [(FRONT, SIDE), (SIDE, FRONT)])
def test_front_and_side_answer_what_each_can_show(judged, order):
    run = combine([judged(name) for name in order])
    audit = run.audit
    found = {f.finding: f.clip for f in audit.findings}
    assert found["knee_valgus"] == f"{FRONT}.mp4"
    assert found["lumbar_arch"] == f"{SIDE}.mp4"
    assert not {u.finding for u in audit.unassessed} & {"knee_valgus", "hip_shift", "lumbar_arch", "depth_limited"}
    assert [c.name for c in audit.clips] == [f"{name}.mp4" for name in order]
    assert {r.clip for r in audit.reps} == {f"{name}.mp4" for name in order}
    assert {m.clip for m in audit.measures if m.measure == "kasr"} == {f"{FRONT}.mp4"}
    assert {m.clip for m in audit.measures if m.measure == "lumbar_change"} == {f"{SIDE}.mp4"}
    assert not audit.disagreements
    assert to_json(audit)


def test_one_clip_stays_what_it_is(judged):
    clip = judged(FRONT)
    merged = merge([clip])
    assert merged.verdicts == list(clip.verdicts)
    assert merged.measures == list(clip.measures)


def test_no_finding_and_no_measure_is_told_twice(judged):
    merged = merge([judged(FRONT), judged("squat_front_steady"), judged(SIDE)])
    codes = [v.finding for v in merged.verdicts]
    assert len(codes) == len(set(codes))
    keys = [(m.measure, m.side, m.at) for m in merged.measures]
    assert len(keys) == len(set(keys))


def test_two_clips_that_differ_are_named_and_the_verdict_is_less_sure(judged):
    first = told(judged(FRONT), confidence="high")
    second = renamed(judged("squat_front_steady"), "again.mp4")
    merged = merge([first, second])
    (said,) = (text for text in merged.disagreements if text.startswith("Knees drift inward"))
    assert "squat_front_knees_in.mp4" in said
    assert "again.mp4" in said
    assert "third clip" in said
    assert knees(merged).confidence == "medium"
    assert knees(merged).clip == f"{FRONT}.mp4"


def test_clips_that_differ_by_less_than_measurement_can_tell_agree(judged):
    first = judged(FRONT)
    least = quantities()["kasr"].detectable
    near = told(renamed(first, "again.mp4"), value=knees(merge([first])).value + 0.9 * least)
    far = told(renamed(first, "again.mp4"), value=knees(merge([first])).value + 1.1 * least)
    assert not merge([first, near]).disagreements
    assert len(merge([first, far]).disagreements) == 1


def test_of_three_that_differ_the_middle_one_is_shown(judged):
    first = judged(FRONT)
    clips = [told(renamed(first, f"{value}.mp4"), value=value) for value in (0.2, 0.6, 1.0)]
    for shuffled in ([0, 1, 2], [2, 0, 1], [1, 2, 0]):
        merged = merge([clips[i] for i in shuffled])
        assert knees(merged).value == 0.6
        assert "middle one" in merged.disagreements[0]


def test_the_surer_clip_counts_then_the_squarer_one(judged):
    first = judged(FRONT)
    low = told(renamed(first, "low.mp4"), confidence="low")
    assert knees(merge([low, first])).clip == f"{FRONT}.mp4"
    view = first.seen.clip.view
    askew = renamed(first, "askew.mp4")
    askew = replace(
        askew, seen=replace(askew.seen, clip=replace(askew.seen.clip, view=replace(view, yaw_deg=view.yaw_deg + 9)))
    )
    assert knees(merge([askew, first])).clip == f"{FRONT}.mp4"


def test_measures_and_score_come_from_the_clip_whose_verdict_stands(judged, load):
    """The squarer clip has too few pictures a second to be judged: none of its values may stand beside the other's."""
    name = "step_down_front_right_knee_in"
    track = load(name)
    jerky = judged(name, track=track.at(np.arange(len(track)) % 3 == 0))
    clean = judged("h05_stepdown_clean_R")
    assert abs(jerky.seen.clip.view.yaw_deg) < abs(clean.seen.clip.view.yaw_deg)
    audit = combine([jerky, clean]).audit
    assert audit.measures
    assert {m.clip for m in audit.measures if m.measure in {v.measure for v in audit.judged}} == {clean.seen.clip.name}
    assert audit.quality == combine([clean]).audit.quality


def test_a_refusal_that_says_more_than_wrong_view_is_kept(judged):
    side, front = judged(SIDE), judged(FRONT)
    hidden = Unassessed("lumbar_arch", None, "back_hidden", "Lower back", "An arm hides it.")
    side = replace(side, verdicts=[hidden if v.finding == "lumbar_arch" else v for v in side.verdicts])
    merged = merge([front, side])
    assert next(v for v in merged.verdicts if v.finding == "lumbar_arch") is hidden


def test_an_answer_beats_every_refusal(judged):
    side, front = judged(SIDE), judged("squat_front_steady")
    assert isinstance(knees(merge([side, front])), Passed)


@pytest.mark.parametrize(
    "order", [("p03_chair_side", "d11_sit_to_stand_side_5"), ("d11_sit_to_stand_side_5", "p03_chair_side")]
)
def test_a_test_that_one_clip_shows_is_not_told_as_missing_from_another(judged, order):
    audit = combine([judged(name) for name in order]).audit
    assert [test.test for test in audit.tests] == ["chair_stand_30s"]
    assert "chair_stand_30s" not in {u.finding for u in audit.unassessed}


def test_clips_of_one_name_are_told_apart(tmp_path):
    paths = [tmp_path / "monday" / "squat.mp4", tmp_path / "friday" / "squat.mp4", tmp_path / "friday" / "side.mp4"]
    assert list(named(paths).values()) == ["monday/squat.mp4", "friday/squat.mp4", "friday/side.mp4"]
    assert list(named([paths[0], paths[0]]).values()) == ["squat.mp4"]


def test_a_clip_named_in_two_ways_is_one_clip(tmp_path):
    (tmp_path / "friday").mkdir()
    clip = tmp_path / "squat.mp4"
    clip.touch()
    (tmp_path / "friday" / "link.mp4").symlink_to(clip)
    assert named([clip, tmp_path / "friday" / ".." / "squat.mp4", tmp_path / "friday" / "link.mp4"]) == {
        clip: "squat.mp4"
    }
