"""Which movement a clip shows, on real model output over clips whose movement is known, and on drawn people."""

import numpy as np
import pytest
from conftest import SUPPORTED, TRUTH
from figures import bends, clip, squat

from hipaudit.reps.recognise import excursions, recognise

KNOWN = sorted(name for name, true in TRUTH.items() if true["movement"] in SUPPORTED)
OTHER = sorted(name for name, true in TRUTH.items() if true["movement"] not in SUPPORTED)


@pytest.mark.parametrize("name", KNOWN)
def test_recognises_movement_and_stance_side(load, name):
    track = load(name)
    seen = recognise(track, excursions(track))
    assert seen.movement is not None
    assert (seen.movement.id, seen.side) == (TRUTH[name]["movement"], TRUTH[name]["side"])
    assert seen.agreement >= 0.8


@pytest.mark.parametrize("name", OTHER)
def test_other_movements_are_not_taken_for_these(load, name):
    track = load(name)
    seen = recognise(track, excursions(track))
    assert seen.movement is None
    assert seen.why


def test_a_drawn_squat_is_a_squat():
    track = squat()
    seen = recognise(track, excursions(track))
    assert seen.movement.id == "squat"
    assert seen.first == pytest.approx(2.5, abs=0.8)


def test_standing_is_nothing():
    track = clip(np.arange(0, 5, 1 / 30), lambda t: {})
    assert recognise(track, excursions(track)).movement is None


def test_walking_sideways_through_the_picture_is_nothing():
    track = clip(np.arange(0, 6, 1 / 30), lambda t: {"flexion": bends(t % 1.0, (0.0,), 0.4, 0.1, 0.4, deep=25)})
    moving = type(track)(
        track.t,
        (track.xy + np.linspace(-250, 250, len(track))[:, None, None] * [1, 0]).astype(np.float32),
        track.xyz,
        track.visibility,
        track.size,
    )
    assert recognise(moving, excursions(moving)).movement is None
