"""What stands on the board beside the picture, and the voice: no screen is needed."""

import shutil
import time

import numpy as np
import pytest

from hipaudit.frames import Frame
from hipaudit.library import cues, movements, protocol
from hipaudit.live.events import CalibrationDone, Countdown, Cue, CueCleared, Praise, RepDone, SetDone, SetUp, Tracked
from hipaudit.live.voice import Voice
from hipaudit.live.window import HEIGHT, Board, picture
from hipaudit.overlay import INK, LINE, MARK
from hipaudit.poses import J
from hipaudit.poses.skeleton import joint


def tracked(t, load=None, depth=None):
    if load is None:
        return Tracked(t, None, {}, depth, None, None)
    track = load("h01_squat_front_clean")
    xy = tuple(map(tuple, (track.xy[40] / track.size).tolist()))
    return Tracked(t, xy, {}, depth, None, None)


def rep(number, counts=True, why=""):
    return RepDone(1.0 * number, number, counts, why, 2.0, 1.0, counts, ())


def test_what_is_said_and_what_is_read():
    board = Board()
    assert board.take(SetUp(0, "closer", "Come closer.", False)) == "Come closer."
    assert not board.ready
    board.take(SetUp(1, None, "Good. Stay there.", True))
    assert board.ready
    assert board.take(Countdown(2, 3.0)) == "3"
    board.take(CalibrationDone(5, "front", 0.0, "Squat"))
    assert (board.count, board.ready) == ("0", False)
    assert board.take(rep(1)) == ""
    assert board.count == "1"
    assert board.take(Cue(8, "knee_valgus", "Kneecap to the second toe", False, True)) == "Kneecap to the second toe"
    assert board.found
    assert board.take(Cue(9, "knee_valgus", "Kneecap to the second toe", False, False)) == ""  # shown, not said
    board.take(CueCleared(12, "knee_valgus"))
    assert board.words == ""
    assert board.take(Praise(13, "Steady.")) == "Steady."
    board.take(tracked(13.5))
    assert board.words == "Steady."
    board.take(tracked(20.0))
    assert board.words == ""
    told = board.take(SetDone(21, 1, 1, 5, 4, ("5 repetitions, 4 of them clean.", "Next set: Heel glued."), None))
    assert told == "Set done. 5 repetitions, 4 of them clean."
    assert board.summary == ("Next set: Heel glued.",)


def test_a_repetition_that_does_not_count_says_why():
    board = Board()
    assert board.take(rep(2, counts=False, why="too shallow")) == "too shallow"
    assert board.count == "2"


def held(t, seconds):
    return Tracked(t, None, {}, None, None, None, seconds)


def test_the_seconds_of_a_hold_are_the_counter_and_those_of_a_test_stand_below_it():
    image = np.zeros((480, 640, 3), np.uint8)

    def panel(board):
        return picture(Frame(0, image), board)[:, : HEIGHT // 2]

    board = Board()
    board.take(CalibrationDone(5, "front", 0.0, ""))
    board.take(held(8, 7.2))
    assert (panel(board) == panel(Board(words="", count="7", began=True))).all()
    board.take(rep(4))
    board.take(held(12, 11.0))
    assert (panel(board) == panel(Board(words="", count="4", seconds="11", began=True))).all()
    assert (panel(board) != panel(Board(words="", count="4", began=True))).any()
    board.take(SetUp(30, None, "Good. Stay there.", True))
    assert (board.count, board.seconds) == ("", "")


def test_the_picture_is_a_mirror_and_the_skeleton_fits_it(load):
    image = np.zeros((480, 640, 3), np.uint8)
    image[:, :320] = 200
    board = Board(words="")
    bare = picture(Frame(0, image), board)
    assert bare.shape[0] == HEIGHT
    assert bare[360, -10].max() == 200  # the left half is seen at the right
    board.take(tracked(0, load, depth=0.5))
    drawn = picture(Frame(0, image), board)
    track = load("h01_squat_front_clean")
    left = np.array(
        [
            1 - track.xy[40][joint("left", "hip")][0] / track.size[0],
            track.xy[40][joint("left", "hip")][1] / track.size[1],
        ]
    )
    beside = bare.shape[1] - 960
    x, y = (left * (960, 720)).astype(int) + (beside, 0)
    assert (drawn[y - 6 : y + 6, x - 6 : x + 6] != bare[y - 6 : y + 6, x - 6 : x + 6]).any()
    assert (drawn == LINE).all(-1).sum() > 500  # the lines up from the toes, and the depth bar
    board.take(tracked(0, load, depth=1.0))
    assert (picture(Frame(0, image), board) == MARK).all(-1).sum() > 500  # the target is reached


def test_an_earlier_stand_is_outlined_in_the_mirror_until_the_set_begins():
    """Half a height to the right of the picture's middle is half a height to the left of the mirror's."""
    image = np.full((480, 640, 3), 90, np.uint8)
    ghost = [None] * J
    for name, y in (("hip", 0.5), ("knee", 0.7)):
        ghost[joint("left", name)] = [0.5, y]
    board, beside = Board(words=""), HEIGHT // 2
    bare, outlined = picture(Frame(0, image), board), picture(Frame(0, image), board, ghost)
    rows, columns = (bare != outlined).any(-1).nonzero()
    assert abs(columns.mean() - beside - (480 - HEIGHT / 2)) < 3
    assert abs(rows.min() - 0.5 * HEIGHT) < 5
    assert abs(rows.max() - 0.7 * HEIGHT) < 30  # dashes
    board.take(CalibrationDone(5, "front", 0.0, ""))
    assert (picture(Frame(0, image), board, ghost) == picture(Frame(0, image), board)).all()
    board.take(SetUp(9, None, "", True))
    assert (picture(Frame(0, image), board, ghost) != picture(Frame(0, image), board)).any()


def test_what_is_said_before_the_set_hides_nobody():
    image = np.full((480, 640, 3), 90, np.uint8)
    beside = HEIGHT // 2
    for hint in protocol().set_up.hints.values():
        board = Board()
        board.take(SetUp(0, "", hint, True))
        seen = picture(Frame(0, image), board)
        assert (seen[:, beside:] == 90).all(), hint
        words, ready = ((seen[part, :beside] != INK).any((1, 2)) for part in (slice(170, None), slice(0, 170)))
        assert words.any()
        assert ready.any()
        assert not words[0], f"too long for the room beside the picture: {hint}"


def test_what_is_said_during_the_set_stands_whole_below_the_counter():
    image = np.full((480, 640, 3), 90, np.uint8)
    beside, below = HEIGHT // 2, HEIGHT // 2 - 30
    spoken = [cue for words in cues().words.values() for cue in (*words.external, words.internal)]
    for words in [*spoken, *(movement.go for movement in movements().values())]:
        board = Board(count="8", began=True)
        bare = picture(Frame(0, image), board)
        board.take(Cue(8, "knee_valgus", words, False, True))
        changed = (picture(Frame(0, image), board) != bare).any(-1)
        assert not changed[:, beside:].any(), words
        assert changed[below:].any(), words
        assert not changed[:below].any(), f"too long for the room below the counter: {words}"


def test_words_that_find_no_room_below_the_counter_stand_in_the_picture():
    image = np.full((480, 640, 3), 90, np.uint8)
    board = Board(count="5", began=True, summary=("Next set: Heel glued.",), words="Set done.")
    assert (picture(Frame(0, image), board)[:, HEIGHT // 2 :] != 90).any()


@pytest.mark.parametrize("count", ["8", "18"])
def test_the_counter_is_large_whole_and_hides_nobody(count):
    image = np.full((480, 640, 3), 90, np.uint8)
    bare, counted = (picture(Frame(0, image), Board(words="", count=number)) for number in ("", count))
    rows, columns = (bare != counted).any(-1).nonzero()
    assert rows.max() - rows.min() > HEIGHT / 6
    assert columns.min() > 5
    assert columns.max() < bare.shape[1] - 960 - 5


def test_a_machine_without_a_voice_stays_silent(monkeypatch):
    monkeypatch.setattr(shutil, "which", lambda name: None)
    voice = Voice()
    assert not voice.there
    voice.say("Steady.")
    voice.close()


@pytest.mark.skipif(not Voice().there, reason="this machine has no voice (espeak-ng, spd-say, say)")
def test_speaking_waits_for_nobody_and_a_new_sentence_cuts_off_the_old():
    voice, begun = Voice(), time.monotonic()
    for words in ("Kneecap to the second toe; " * 20, "--help", "Steady."):
        voice.say(words)
    assert time.monotonic() - begun < 2
    voice.muted = True
    voice.say("Not this.")
    voice.close()
