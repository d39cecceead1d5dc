"""Signs of lost balance and a jerky path, in drawn people whose answers are known."""

import numpy as np
import pytest
from figures import SHANK, TRUNK, film, joints

from hipaudit.kinematics import Setting
from hipaudit.kinematics.stand import Stand
from hipaudit.kinematics.view import View
from hipaudit.poses.skeleton import Joint, joint
from hipaudit.poses.trust import bone_lengths
from hipaudit.reps.steady import balance, turns

T = np.arange(0, 3, 1 / 30)
MIDDLE = (T > 1.0) & (T < 2.0)
PIXELS = 300.0
FOOT = 0.62 * SHANK * PIXELS
LEG_UP = 0.25  # metres


def person(hands="waist"):
    """Standing on the left leg, the right foot up."""
    xyz = joints()
    for name in ("ankle", "heel", "toe"):
        xyz[joint("right", name), 1] += LEG_UP
    if hands == "waist":
        for side, sign in (("left", 1), ("right", -1)):
            hip = xyz[joint(side, "hip")]
            xyz[joint(side, "wrist")] = hip + [sign * 0.05, 0.15, 0.0]
            xyz[joint(side, "elbow")] = hip + [sign * 0.28, 0.25, 0.0]
    return film(xyz)


def setting(pose, face="front"):
    stand = Stand(0.0, 2.0, pose.xy.astype(float), pose.xyz.astype(float), bone_lengths(pose.xyz.astype(float)), np.nan)
    return Setting(View(face, 0.0, 0.0, 1, 1), stand, "left", 1, 240.0)


def events(change=None, hands="waist", free_foot="raised", face="front", pose=None):
    """Events of a repetition in which the person stands still but for `change`, a function of (T, J, 2) pixels."""
    pose = pose or person(hands)
    xy = np.repeat(pose.xy[None].astype(float), len(T), 0)
    if change:
        change(xy)
    return balance(T, xy, setting(pose, face), free_foot)


def test_who_keeps_still_keeps_balance():
    assert events() == {"hand_off": 0.0, "balance_lost": 0.0, "unsteady": 0.0}


@pytest.mark.parametrize(("share", "counted"), [(0.10, 0.0), (0.20, 1.0)])
@pytest.mark.parametrize("axis", [0, 1])
def test_a_standing_foot_that_ends_elsewhere(share, counted, axis):
    def shifted(xy):
        xy[T > 1.5, joint("left", "ankle"), axis] += share * FOOT

    assert events(shifted)["balance_lost"] == counted


def test_a_foot_that_only_sways_and_comes_back_does_not_count():
    def swayed(xy):
        xy[MIDDLE, joint("left", "ankle"), 0] += FOOT

    assert events(swayed)["balance_lost"] == 0.0


def lowered(xy):
    for name in ("ankle", "heel", "toe"):
        xy[MIDDLE, joint("right", name), 1] += LEG_UP * PIXELS


def test_a_raised_foot_that_comes_down_counts_and_a_step_downs_touch_does_not():
    assert events(lowered)["balance_lost"] == 1.0
    assert events(lowered, free_foot="lowered")["balance_lost"] == 0.0


def test_a_hidden_ankle_leaves_the_toe_to_tell():
    def hidden(xy):
        lowered(xy)
        xy[:, Joint.RIGHT_ANKLE] = np.nan

    assert events(hidden)["balance_lost"] == 1.0


@pytest.mark.parametrize(("share", "when", "counted"), [(0.2, MIDDLE, 0), (0.35, MIDDLE, 1), (0.9, T < 0.08, 0)])
def test_a_hand_that_leaves_the_waist(share, when, counted):
    """Far enough and for long enough: a slip of single instants does not count."""

    def away(xy):
        xy[when, Joint.LEFT_WRIST, 0] += share * TRUNK * PIXELS

    found = events(away)
    assert found["hand_off"] == counted
    assert found["unsteady"] == counted


def test_hands_that_hang_are_not_watched():
    found = events(hands="hanging")
    assert "hand_off" not in found
    assert found["unsteady"] == 0.0


@pytest.mark.parametrize(
    ("names", "absent"),
    [
        (("left ankle",), {"balance_lost", "unsteady"}),
        (("right ankle", "right toe"), {"balance_lost", "unsteady"}),
        (("left wrist", "right wrist"), {"hand_off"}),
    ],
)
def test_what_was_not_seen_is_absent(names, absent):
    def hidden(xy):
        for name in names:
            xy[:, joint(*name.split())] = np.nan

    assert not absent & set(events(hidden))


def test_a_touch_is_not_told_from_behind_nor_of_a_foot_held_just_off_the_floor():
    assert "balance_lost" not in events(lowered, face="back")
    low = person()
    low.xy[[joint("right", n) for n in ("ankle", "heel", "toe")], 1] += (LEG_UP - 0.1) * PIXELS
    assert "balance_lost" not in events(pose=low)
    assert events(face="back", free_foot="lowered")["balance_lost"] == 0.0


def test_without_a_stand_or_from_the_side_there_is_nothing():
    assert events(face="left") == {}
    pose = person()
    xy = np.repeat(pose.xy[None].astype(float), len(T), 0)
    bare = Setting(View("front", 0.0, 0.0, 1, 1), None, "left", 1, 240.0)
    assert balance(T, xy, bare, "raised") == {}


@pytest.mark.parametrize(
    ("path", "count"),
    [
        ([0, 1, 2, 3, 4], 0),
        ([0, 1, 2, 1.8, 3, 4], 0),  # less than the least
        ([0, 1, 3, 2, 4], 2),  # back, and on again
        ([0, 3, 1, 4, 2, 5], 4),
        ([0, 1, 3, 2], 1),
        ([np.nan, 0, 3, np.nan, 1, 4], 2),
        ([], 0),
        ([np.nan], 0),
    ],
)
def test_turns_of_a_path(path, count):
    assert turns(np.array(path, float), 0.5) == count
