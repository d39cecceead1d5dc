"""Angles and points in a picture whose y goes down."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hipaudit.kinematics.geometry import bend, from_vertical, length, middle, rotated, span, turn
from hipaudit.poses import J
from hipaudit.poses.skeleton import Joint

RIGHT, DOWN, LEFT, UP = (np.array(v, float) for v in ((1, 0), (0, 1), (-1, 0), (0, -1)))
CALM = settings(max_examples=60, deadline=None)
DEGREES = st.floats(-179, 179)


def towards(degrees):
    """A direction `degrees` clockwise of rightwards, as seen in the picture."""
    return np.array([np.cos(np.radians(degrees)), np.sin(np.radians(degrees))])


@pytest.mark.parametrize(("first", "second"), [(RIGHT, DOWN), (DOWN, LEFT), (LEFT, UP), (UP, RIGHT)])
def test_turning_clockwise_is_positive(first, second):
    assert turn(first, second) == pytest.approx(90)
    assert turn(second, first) == pytest.approx(-90)


@given(DEGREES, DEGREES, st.floats(0.1, 1000), st.floats(0.1, 1000))
@CALM
def test_turn_is_the_angle_between_whatever_the_lengths(start, angle, one, two):
    assert turn(one * towards(start), two * towards(start + angle)) == pytest.approx(angle, abs=1e-6)


@given(DEGREES, DEGREES)
@CALM
def test_bend_has_no_sign(start, angle):
    a, b = np.array([3.0, 7.0]), np.array([3.0, 7.0]) + 20 * towards(start)
    c = b + 30 * towards(start + angle)
    assert bend(a, b, c) == pytest.approx(abs(angle), abs=1e-6)
    assert bend(c, b, a) == pytest.approx(abs(angle), abs=1e-6)


@pytest.mark.parametrize(("top", "degrees"), [((0, -10), 0), ((10, -10), 45), ((-10, -10), -45), ((10, 0), 90)])
def test_leaning_towards_the_right_of_the_picture_is_positive(top, degrees):
    low = np.array([50.0, 80.0])
    assert from_vertical(low, low + np.array(top)) == pytest.approx(degrees)


def test_middle_and_span_of_a_pair():
    xy = np.zeros((2, J, 2))
    xy[:, Joint.LEFT_HIP], xy[:, Joint.RIGHT_HIP] = (30, 40), (10, 50)
    assert middle(xy, "hip").tolist() == [[20, 45], [20, 45]]
    assert span(xy, "hip").tolist() == [[20, -10], [20, -10]]
    assert length(span(xy, "hip")) == pytest.approx(np.sqrt(500))


@given(DEGREES)
@CALM
def test_picture_turns_clockwise_about_its_corner(degrees):
    turned = rotated(np.array([[100.0, 0.0], [0.0, 50.0]]), degrees)
    assert turned[0] == pytest.approx(100 * towards(degrees), abs=1e-9)
    assert turned[1] == pytest.approx(50 * towards(degrees + 90), abs=1e-9)


@given(DEGREES)
@CALM
def test_turning_there_and_back_is_nothing(degrees):
    xy = np.random.default_rng(0).uniform(0, 700, (3, J, 2))
    assert rotated(rotated(xy, degrees), -degrees) == pytest.approx(xy, abs=1e-9)


def test_what_is_missing_stays_missing():
    hole, point = np.array([np.nan, np.nan]), np.array([1.0, 2.0])
    assert np.isnan(turn(hole, point))
    assert np.isnan(bend(point, hole, point))
    assert np.isnan(from_vertical(point, hole))
    assert np.isnan(length(hole))
    assert np.isnan(rotated(hole, 10)).all()
