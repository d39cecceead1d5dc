"""The drawings: bodies that a human could be, on the ground, doing what the exercise's name says."""

import re
import xml.etree.ElementTree as ET
from typing import get_args

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from pydantic import ValidationError
from wording import FORBIDDEN

from hipaudit import library
from hipaudit.figure.body import CHAINS, figure, radius
from hipaudit.figure.motion import ENDS, bodies, end_pose, key_poses, lowest
from hipaudit.figure.props import MADE
from hipaudit.figure.svg import picture, stills
from hipaudit.library.drawing import OF_LIMBS, OF_TRUNK, Contact, Drawing, Prop

DRAWINGS = library.drawings()
EXERCISES = library.exercises()
NAMES = sorted(DRAWINGS)
SIDES = ("left", "right")
SUNK = 0.012  # a soft body and a soft mat: 2 cm of a person of 1.70 m
SEGMENTS = [
    *((f"{side}_{one}", f"{side}_{other}") for side in SIDES for one, other in [
        ("hip", "knee"), ("knee", "ankle"), ("ankle", "toe"), ("ankle", "heel"), ("heel", "toe"),
        ("shoulder", "elbow"), ("elbow", "wrist"), ("wrist", "hand"),
    ]),
    ("left_hip", "right_hip"), ("left_shoulder", "right_shoulder"), ("pelvis", "waist"), ("waist", "neck"),
    ("neck", "head"),
]  # fmt: skip
# What a drawing shows of a piece of equipment; floor and clear way are there anyway.
SEEN_AS = {
    "mini_band": {"band"}, "long_band": {"band"}, "wall": {"wall", "rail"}, "rail": {"rail", "wall"}, "step": {"box"},
    "box": {"box"}, "chair": {"chair", "box"}, "bench": {"bench"}, "sofa": {"bench"}, "stick": {"stick"},
    "bike": {"bike"}, "elliptical": {"bike"}, "foam_roller": {"roller"}, "ball": {"roller"}, "floor_mark": {"mark"},
    "dumbbells": {"dumbbell", "bar"}, "barbell": {"bar"}, "anchor": {"rail"},
}  # fmt: skip
EVERY = pytest.mark.parametrize("name", NAMES)


def length(made, one, other):
    return float(np.linalg.norm(made.at[one] - made.at[other]))


def bend(made, *joints):
    """By how much a joint is bent, degrees: 0 is straight."""
    a, b, c = (made.at[joint] for joint in joints)
    cos = (a - b) @ (c - b) / np.linalg.norm(a - b) / np.linalg.norm(c - b)
    return 180 - float(np.degrees(np.arccos(np.clip(cos, -1, 1))))


def high(made, joint):
    return float(made.at[joint][1])


def test_every_exercise_has_its_drawing_and_no_drawing_is_without_one():
    assert set(DRAWINGS) == set(EXERCISES)
    assert {drawing.base for drawing in DRAWINGS.values()} == set(library.postures()), "a posture that nobody takes"
    assert set(library.body().cite) <= set(library.citations())


@EVERY
def test_what_it_shows_is_said_in_a_sentence(name):
    words = DRAWINGS[name].shows
    assert words[0].isupper()
    assert words.endswith(".")
    assert not FORBIDDEN.search(words)


@EVERY
def test_limbs_keep_their_lengths_all_the_way(name):
    still = figure({})
    for made in bodies(DRAWINGS[name], 6):
        for one, other in SEGMENTS:
            assert length(made, one, other) == pytest.approx(length(still, one, other), abs=1e-6), (one, other)


@EVERY
def test_nothing_sinks_into_the_ground_and_something_stands_on_it(name):
    drawing = DRAWINGS[name]
    assert min(lowest(made) for made in bodies(drawing, 6)) >= -SUNK
    for pose, made in zip(drawing.poses, key_poses(drawing), strict=True):
        on = library.postures()[drawing.base].on if pose.on is None else pose.on
        assert lowest(made) <= 0.005 or pose.lift or any(on.values()), "it floats"
        for part, height in on.items():
            assert lowest(made, part) == pytest.approx(height + pose.lift, abs=0.006), part


@EVERY
def test_joints_stay_within_human_ranges(name):
    ranges = library.body().ranges
    drawing = DRAWINGS[name]
    base = library.postures()[drawing.base].angles
    for pose in drawing.poses:
        for angle, value in {**base, **pose.angles}.items():
            low, most = ranges[angle.removeprefix("left_").removeprefix("right_")]
            assert low <= value <= most, (angle, value)
    for made in bodies(drawing, 6):
        for side in SIDES:
            assert bend(made, f"{side}_hip", f"{side}_knee", f"{side}_ankle") <= ranges["knee_flexion"][1]
            assert bend(made, f"{side}_shoulder", f"{side}_elbow", f"{side}_wrist") <= ranges["elbow_flexion"][1]
            shank = (made.at[f"{side}_knee"] - made.at[f"{side}_ankle"]) / library.body().lengths["shank"]
            up = float(np.degrees(np.arcsin(np.clip(shank @ made.turned[f"{side}_foot"][:, 0], -1, 1))))
            assert ranges["ankle"][0] <= up <= ranges["ankle"][1] + 2, (side, "ankle", up)


@EVERY
def test_knees_bend_backwards_and_elbows_forwards(name):
    for made in bodies(DRAWINGS[name], 6):
        for side in SIDES:
            for limb, (near, middle, far), way in [
                ("leg", ("hip", "knee", "ankle"), 1),
                ("arm", ("shoulder", "elbow", "wrist"), -1),
            ]:
                root, bent, end = (made.at[f"{side}_{joint}"] for joint in (near, middle, far))
                along = (end - root) / np.linalg.norm(end - root)
                aside = (bent - root) - along * ((bent - root) @ along)
                assert way * aside @ made.turned[f"{side}_{limb}"][:, 0] >= -0.002, (side, limb)


@EVERY
def test_what_is_not_held_moves(name):
    drawing, dose = DRAWINGS[name], EXERCISES[name].dose
    if len(drawing.poses) == 1:
        assert dose.hold_s or name == "breathing_90_90", "repetitions of nothing"
        return
    first, last = key_poses(drawing)[0], key_poses(drawing)[1]
    way = max(length_of(first.at[joint] - last.at[joint]) for joint in first.at)
    assert way > 0.05, "nobody would see it"
    turned = [
        abs(bend(first, *joints) - bend(last, *joints))
        for side in SIDES
        for joints in [
            (f"{side}_hip", f"{side}_knee", f"{side}_ankle"),
            ("waist", f"{side}_hip", f"{side}_knee"),
            (f"{side}_elbow", f"{side}_shoulder", "waist"),
            ("pelvis", "waist", "neck"),
        ]
    ]
    moved = any(pose.moved != (0, 0) for pose in drawing.poses)
    assert max(turned) > 5 or moved


def length_of(vector):
    return float(np.linalg.norm(vector))


DOWN_AND_UP = [n for n in NAMES if (t := EXERCISES[n].dose.tempo) and t.ways == ("down", "up")]


@pytest.mark.parametrize("name", DOWN_AND_UP)
def test_down_is_down(name):
    """The pose that the lowering ends in, by the tempo's own words, is the lower one."""
    drawing = DRAWINGS[name]
    ends = key_poses(drawing)[0], key_poses(drawing)[-1]
    low, top = ends if drawing.low == "first" else ends[::-1]
    assert any(high(low, joint) < high(top, joint) - 0.015 for joint in (drawing.arrow, "neck"))


@pytest.mark.parametrize(
    "name",
    ["banded_squat", "goblet_box_squat", "sit_to_stand", "single_leg_squat", "sl_squat_box", "split_squat"]
    + ["reverse_lunge", "lateral_lunge", "curtsy_lunge", "lateral_step_down", "snap_down"],
)
def test_hips_go_down_and_knees_bend(name):
    first, last = key_poses(DRAWINGS[name])[0], key_poses(DRAWINGS[name])[-1]
    assert high(last, "pelvis") < high(first, "pelvis") - 0.06
    assert bend(last, "right_hip", "right_knee", "right_ankle") > 60


@pytest.mark.parametrize("name", ["pogo_low", "squat_jump_soft", "bounding_low"])
def test_who_jumps_or_bounds_on_the_spot_comes_down_where_they_took_off(name):
    heads = np.array([made.at["head"] for made in bodies(DRAWINGS[name])])
    assert np.ptp(heads[:, [0, 2]], axis=0).max() < 0.15, "drifts"
    if name != "bounding_low":
        feet = [(made.at["left_ankle"] + made.at["right_ankle"]) / 2 for made in key_poses(DRAWINGS[name])]
        assert length_of((feet[1] - feet[0]) * (1, 0, 1)) < 0.02, "straight up"


@pytest.mark.parametrize(
    "name", ["glute_bridge", "bridge_iso_hold", "hip_thrust_bw", "hip_thrust_loaded", "single_leg_bridge"]
)
def test_a_bridge_ends_in_a_line_of_shoulder_hip_and_knee(name):
    first, last = key_poses(DRAWINGS[name])
    assert high(last, "pelvis") > high(first, "pelvis") + 0.08
    assert bend(last, "right_shoulder", "right_hip", "right_knee") < 20


@pytest.mark.parametrize("name", ["hip_hinge_dowel", "rdl_dumbbell", "kickstand_rdl", "single_leg_rdl"])
def test_a_hinge_tips_the_trunk_over_soft_knees(name):
    first, last = key_poses(DRAWINGS[name])
    assert high(last, "neck") - high(last, "pelvis") < 0.6 * (high(first, "neck") - high(first, "pelvis"))
    assert bend(last, "right_hip", "right_knee", "right_ankle") < 40
    assert bend(last, "pelvis", "waist", "neck") < 5, "the back stays straight"


@pytest.mark.parametrize("name", ["clam", "clam_banded"])
def test_a_clam_opens_at_the_knee_alone(name):
    first, last = key_poses(DRAWINGS[name])
    assert high(last, "right_knee") > high(first, "right_knee") + 0.1
    assert length_of(last.at["right_ankle"] - first.at["right_ankle"]) < 0.005
    assert length_of(last.at["right_hip"] - first.at["right_hip"]) < 0.005


@pytest.mark.parametrize("name", ["sidelying_abduction", "side_plank_abduction"])
def test_an_abduction_lifts_a_straight_leg(name):
    first, last = key_poses(DRAWINGS[name])
    assert high(last, "right_ankle") > high(first, "right_ankle") + 0.15
    assert bend(last, "right_hip", "right_knee", "right_ankle") < 5


def test_a_side_plank_is_a_straight_beam():
    for name, end in [("side_plank_knees", "left_knee"), ("side_plank_abduction", "left_ankle")]:
        made = key_poses(DRAWINGS[name])[0]
        assert bend(made, "neck", "pelvis", end) < 12, name
        assert lowest(made, "left_elbow") == pytest.approx(0, abs=0.006)


def test_bird_dog_reaches_with_the_opposite_arm_and_leg():
    made = key_poses(DRAWINGS["bird_dog"])[-1]
    for joint in ("right_ankle", "left_wrist"):
        assert high(made, joint) == pytest.approx(high(made, "pelvis"), abs=0.1), joint
    assert lowest(made, "left_knee") == pytest.approx(0, abs=0.006)


def test_the_free_side_of_the_pelvis_drops_and_the_standing_leg_stays_straight():
    first, last = key_poses(DRAWINGS["pelvic_drop_hike"])
    assert high(last, "left_hip") < high(last, "right_hip") - 0.02
    assert high(first, "left_hip") >= high(first, "right_hip")
    assert bend(last, "right_hip", "right_knee", "right_ankle") < 8


@EVERY
def test_equipment_that_is_needed_is_drawn(name):
    drawn = {prop.kind for prop in DRAWINGS[name].props}
    for group in EXERCISES[name].equipment.needs:
        kinds = set().union(*(SEEN_AS.get(piece, set()) for piece in group))
        everywhere = {"floor", "cushion", "clear_way"} & set(group)
        assert not kinds or everywhere or kinds & drawn, (group, drawn)


@EVERY
def test_the_svg_is_well_formed_and_brings_neither_style_nor_anything_from_outside(name):
    text = stills(DRAWINGS[name], f"A & B: <{name}>")
    root = ET.fromstring(text)
    tags = {element.tag.rpartition("}")[2] for element in root.iter()}
    assert tags <= {"svg", "title", "g", "path"}
    attributes = {key for element in root.iter() for key in element.attrib}
    assert attributes <= {"class", "role", "viewBox", "transform", "d"}
    assert root.get("role") == "img"
    assert root[0].text == f"A & B: <{name}>"
    assert len(root.findall("{*}g")) == 1 + (end_pose(DRAWINGS[name]) is not None)


@EVERY
def test_outlines_can_be_mixed_and_lie_within_the_sheet(name):
    whole = picture(DRAWINGS[name])
    left, top, width, height = whole.box
    assert width / height == pytest.approx(4 / 3, abs=0.01)
    if whole.arrow:
        points = np.array([int(n) for n in re.findall(r"-?\d+", whole.arrow.shaft + whole.arrow.head)]).reshape(-1, 2)
        assert (points >= (left, top)).all(), "the arrow"
        assert (points <= (left + width, top + height)).all(), "the arrow"
    for shape in whole.shapes:
        assert len({re.sub(r"-?\d+", "#", outline) for outline in shape.outlines}) == 1, shape.kind
        numbers = np.array([[int(n) for n in re.findall(r"-?\d+", outline)] for outline in shape.outlines])
        assert left <= numbers[:, ::2].min()
        assert numbers[:, ::2].max() <= left + width
        assert top <= numbers[:, 1::2].min()
        assert numbers[:, 1::2].max() <= top + height


def test_a_wrong_drawing_is_refused():
    right = {"base": "standing", "shows": "Stands.", "view": (0, 0), "poses": [{"knee_flexion": 5}]}
    assert Drawing(**right).poses[0].angles == {"left_knee_flexion": 5, "right_knee_flexion": 5}
    for wrong in (
        {"poses": [{"knee_bend": 5}]},
        {"poses": [{"on": {"nose": 0}}]},
        {"poses": []},
        {"colour": "red"},
        {"props": [{"kind": "sword"}]},
        {"arrow": "left_tail"},
    ):
        with pytest.raises(ValidationError):
            Drawing(**{**right, **wrong})


def test_an_angle_of_one_side_wins_over_that_of_both():
    poses = [{"left_knee_flexion": 80, "knee_flexion": 5}, {"knee_flexion": 5, "left_knee_flexion": 80}]
    made = Drawing(base="standing", shows="Stands.", view=(0, 0), poses=poses)
    assert [pose.angles["left_knee_flexion"] for pose in made.poses] == [80, 80]


@pytest.mark.parametrize("angle", [*OF_TRUNK, *OF_LIMBS])
def test_every_angle_does_something(angle):
    """Each is drawn: a name that nobody reads would be a silent mistake in a data file."""
    if angle == "heel_lift":  # of feet that stand on something
        tall = {"base": "standing", "shows": "Stands.", "view": (0, 0), "poses": [{}, {"heel_lift": 30}]}
        first, last = key_poses(Drawing(**tall))
        assert high(last, "left_heel") > high(first, "left_heel") + 0.03
        return
    sided = angle if angle in OF_TRUNK else f"left_{angle}"
    plain, turned = (
        figure({"left_elbow_flexion": 30, "left_knee_flexion": 30}),
        figure({"left_elbow_flexion": 30, "left_knee_flexion": 30, sided: 20}),
    )
    assert max(length_of(plain.at[joint] - turned.at[joint]) for joint in plain.at) > 0.01


def test_what_may_touch_the_ground_has_its_ends_and_every_prop_its_pieces():
    assert set(ENDS) == set(get_args(Contact))
    assert set(MADE) == set(get_args(Prop.model_fields["kind"].annotation))
    made = figure({})
    for part, ends in ENDS.items():
        assert all(joint in made.at and radius(joint) > 0 for joint in ends), part


def test_a_body_is_the_same_on_both_sides():
    """Feet too: the ball of the foot is on the inner side of either."""
    made = figure({})
    left = {name.removeprefix("left_"): place for name, place in made.at.items() if name.startswith("left_")}
    assert {"inner", "outer", "flank", "hand"} <= set(left)
    for name, place in left.items():
        assert place * (1, 1, -1) == pytest.approx(made.at[f"right_{name}"], abs=1e-9), name


ANY = st.fixed_dictionaries(
    {
        name: st.floats(*library.body().ranges[name.removeprefix("left_").removeprefix("right_")])
        for name in [*OF_TRUNK, *(f"{side}_{name}" for side in SIDES for name in OF_LIMBS)]
    }
)


@given(ANY, st.sampled_from(SIDES), st.sampled_from(["leg", "arm"]), st.tuples(*[st.floats(-0.25, 0.25)] * 3))
def test_whatever_the_angles_limbs_keep_their_lengths_and_reach_what_is_near(angles, side, limb, there):
    still, made = figure({}), figure(angles)
    near, middle, far = (f"{side}_{joint}" for joint in CHAINS[limb])
    target = made.at[near] + np.array(there)
    reach = length_of(np.array(there))
    assume(reach > 0.02)
    made.reach(side, limb, target)
    for one, other in SEGMENTS:
        assert length(made, one, other) == pytest.approx(length(still, one, other), abs=1e-6), (one, other)
    upper, lower = length(still, near, middle), length(still, middle, far)
    if abs(upper - lower) + 0.001 < reach < upper + lower - 0.001:
        assert length_of(made.at[far] - target) < 1e-6
