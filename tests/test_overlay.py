"""What is drawn stays in the picture at any size, changes nothing where nothing is known, and hides what it should."""

import numpy as np
import pytest

from hipaudit.overlay import INK, MARK, Drawing, draw_measured, draw_moving, find_layout, hide
from hipaudit.poses import J
from hipaudit.poses.skeleton import Joint

SIZES = [(16, 16), (240, 320), (320, 240), (480, 640), (1280, 720), (720, 1280)]
NOWHERE = np.full((J, 2), np.nan)


def person(size):
    """Standing in the middle, from front."""
    xy = np.zeros((J, 2))
    heights = {"NOSE": 0.1, "EAR": 0.1, "SHOULDER": 0.2, "ELBOW": 0.35, "WRIST": 0.5, "HIP": 0.5, "KNEE": 0.7}
    for at in Joint:
        side = 1 if at.name.startswith("LEFT") else -1 if at.name.startswith("RIGHT") else 0
        xy[at] = 0.5 + 0.1 * side, heights.get(at.name.split("_")[-1], 0.9)
    return xy * size


def knees(xy, label="knee 12° inward"):
    return Drawing([xy[[Joint.LEFT_HIP, Joint.LEFT_KNEE, Joint.LEFT_ANKLE]]], [], label)


@pytest.mark.parametrize("size", SIZES, ids=str)
@pytest.mark.parametrize("paper", [0, 255])
def test_everything_is_drawn_at_any_size_and_on_any_ground(size, paper):
    xy = person(size)
    canvas = np.full((size[1], size[0], 3), paper, np.uint8)
    draw_moving(canvas, xy, [knees(xy)], [("rep 1 of 5", False), ("clear: inward", True)], find_layout(size, xy[None]))
    if min(size) > 100:
        for colour in (MARK, INK):
            assert (np.abs(canvas.astype(int) - colour).sum(2) < 60).sum() > 50


def test_a_body_beyond_the_picture_does_no_harm():
    size = (240, 320)
    xy = person(size) * 3 - 200
    canvas = np.zeros((320, 240, 3), np.uint8)
    draw_moving(canvas, xy, [knees(xy)], [("rep 1 of 5", False)], find_layout(size, xy[None]))
    assert canvas.any()


def test_nothing_known_draws_nothing():
    canvas = np.full((320, 240, 3), 90, np.uint8)
    draw_moving(canvas, NOWHERE, [None, None], [], find_layout((240, 320), NOWHERE[None]))
    assert (canvas == 90).all()


def test_labels_keep_their_side_while_another_comes_and_goes():
    size = (480, 640)
    xy = person(size)
    layout = find_layout(size, xy[None])
    both, one = (np.full((640, 480, 3), 90, np.uint8) for _ in range(2))
    draw_moving(both, xy, [knees(xy), knees(xy, "leans 2° left")], [], layout)
    draw_moving(one, xy, [None, knees(xy, "leans 2° left")], [], layout)
    assert (both[:, :150] == one[:, :150]).all()
    assert (both[:, 330:] != one[:, 330:]).any()


@pytest.mark.parametrize("size", SIZES[1:], ids=str)
def test_what_is_hidden_cannot_be_told_apart(size):
    rng = np.random.default_rng(2)
    image = rng.integers(0, 255, (size[1], size[0], 3), dtype=np.uint8)
    radius = min(size) / 6
    out = hide(image, np.array([size[0] / 2, size[1] / 2, radius]))
    y, x = (int(v) // 2 for v in (size[1], size[0]))
    r = int(radius / 2)
    assert out[y - r : y + r, x - r : x + r].std() < 0.2 * image.std()
    assert (out[: y // 2] == image[: y // 2]).all(), "the rest of the picture stays"
    assert hide(image, np.array([0, 0, np.inf])).std() < 0.2 * image.std()


@pytest.mark.parametrize("circle", [(-500, 20, 30), (0, 0, 40), (239, 319, 40), (120, 160, 2000)])
def test_a_head_at_or_beyond_the_edge_is_hidden_without_harm(circle):
    image = np.zeros((320, 240, 3), np.uint8)
    assert hide(image, np.array(circle, float)).shape == image.shape


def test_the_label_of_a_still_keeps_off_the_flesh_around_the_joints():
    size = (480, 640)
    xy = person(size)
    blank = np.full((640, 480, 3), 90, np.uint8)
    with_label, without = (draw_measured(blank, xy, knees(xy, label)) for label in ("knee 12° inward", ""))
    changed = np.flatnonzero((with_label != without)[: int(0.68 * 640)].any((0, 2)))
    assert changed.size
    assert abs(changed - xy[Joint.LEFT_KNEE, 0]).min() > 0.04 * 640 - 2, "its plate, above the line that leads to it"
