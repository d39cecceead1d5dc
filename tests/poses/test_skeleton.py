"""Joint names, sides and mirror images."""

import pytest

from hipaudit.poses.skeleton import SIDES, Joint, joint, mirrored, other


def test_mirroring_twice_is_nothing():
    rows = mirrored()
    assert [rows[row] for row in rows] == list(range(len(Joint)))


@pytest.mark.parametrize("row", [j for j in Joint if j.name.startswith("LEFT")], ids=lambda j: j.name)
def test_mirroring_swaps_each_pair(row):
    counterpart = Joint[row.name.replace("LEFT", "RIGHT")]
    assert mirrored()[row] == counterpart
    assert mirrored()[counterpart] == row


def test_mirroring_keeps_the_nose():
    assert [row for row in Joint if mirrored()[row] == row] == [Joint.NOSE]


def test_every_joint_but_the_nose_has_two_sides():
    names = {j.name.split("_", 1)[1].lower() for j in Joint if j is not Joint.NOSE}
    assert len(Joint) == 1 + len(SIDES) * len(names)
    assert {joint(side, name) for side in SIDES for name in names} == set(Joint) - {Joint.NOSE}


def test_joint_by_side_and_name():
    assert joint("left", "knee") is Joint.LEFT_KNEE
    assert joint("right", "toe") is Joint.RIGHT_TOE


def test_joint_that_does_not_exist_is_refused():
    with pytest.raises(KeyError):
        joint("left", "nose")


def test_other_side():
    assert other("left") == "right"
    assert other("right") == "left"
