"""Before a set: one hint at a time until everything is right, a countdown, and the quiet stand. Pure.

Thresholds are those of the filming protocol (`library/protocol.toml`). Where the camera tips cannot be told from a
pose, only its roll can, from a trunk seen face on. How high it stands is told roughly: it is said once, and then the
countdown begins.
"""

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

import numpy as np

from ..audit import Audit
from ..audit.prepare import setting_for
from ..errors import NothingToJudge
from ..kinematics import Setting
from ..kinematics.estimators import camera_height
from ..kinematics.geometry import centre, length
from ..kinematics.lying import find_rest, lying_view
from ..kinematics.stand import SETTLED, Stand, find_stand, stand_between
from ..kinematics.view import FACES, View, find_view
from ..library import Movement, camera_estimator, protocol, quantities, rules
from ..poses import Pose, PoseTrack, collect
from ..poses.outline import arm_behind
from ..poses.skeleton import SIDES, Joint, joint
from ..poses.smoothing import GAP
from ..poses.trust import lies
from .events import CalibrationDone, Countdown, Event, Problem, SetUp

BEFORE = 10.0  # s of poses kept while setting up
LOOK = 0.1  # s from one look at the set-up to the next: more often nobody could follow
STAYS = 0.9  # share of the last poses with an arm behind the back: the far arm, guessed, is there now and then
NEARLY = 0.1  # s: so much shorter than asked for is a stand that began and ended between two pictures
ON_A_STEP = frozenset({"lowered", "named"})  # what the free foot does where one stands on a step: cameras seem lower
IN_PICTURE = frozenset({"dark", "nobody", "someone_else", "step_back", "come_closer", "feet", "lie_down"})


@dataclass(frozen=True, slots=True)
class Wanted:
    """How somebody must be seen: for which movement, on which side, and as in which earlier audit, if any.

    `timed`: whether it is done as often as the time of its test allows.
    """

    movement: Movement
    side: str
    size: tuple[int, int]
    like: Audit | None = None
    timed: bool = False

    @property
    def go(self) -> str:
        """What to begin with once the stand is measured."""
        chair = self.movement.chair
        return chair.go if self.timed and chair else self.movement.go

    @property
    def faces(self) -> tuple[str, ...]:
        """Where the camera may stand; from the side, on that of the leg that is trained."""
        faces = self.movement.faces
        return (self.side,) if self.side in SIDES and self.side in faces else faces

    @property
    def lying(self) -> bool:
        """Whether the movement is done lying."""
        return self.movement.posture == "lying"


def first_hint(track: PoseTrack, light: float | None, wanted: Wanted) -> str | None:
    """The first thing that is wrong in the last second of poses, a key of the protocol's hints; None if all is right.

    `light` is the mean brightness 0..255, None where it is not known.
    """
    return next(_wrong(track, light, wanted), None)


def first_advice(track: PoseTrack, wanted: Wanted) -> str | None:
    """What a set can be done without but would be seen better with, a key of the protocol's hints; None if nothing.

    Only a height that is wrong by more than the error of its estimate; and where an earlier audit is given, the camera
    belongs where it stood then.
    """
    view = seen_view(track, wanted)
    if view is None or wanted.lying or wanted.like is not None:
        return None
    limits, height, error = protocol().set_up, camera_height(_middle(track), view), camera_estimator().error
    if height - error > limits.camera_high:
        return "camera_lower"
    low = height + error < limits.camera_low and wanted.movement.free_foot not in ON_A_STEP
    return "camera_higher" if low else None


def seen_view(track: PoseTrack, wanted: Wanted) -> View | None:
    """The view of the last poses, None where it cannot be told."""
    if not track.found.any():
        return None
    stand = _middle(track)
    view = lying_view(stand) if wanted.lying else find_view(stand)
    return view if view is not None and np.isfinite(view.yaw_deg) else None


def _wrong(track: PoseTrack, light: float | None, wanted: Wanted) -> Iterator[str]:
    """Everything that is wrong, the most important first; in the dark nobody can be found."""
    if light is not None and light < protocol().set_up.dark:
        yield "dark"
    if not len(track) or track.found.mean() < 0.5:
        yield "nobody"
        return
    if _someone_else(track):
        yield "someone_else"
    if wanted.lying and lies(track).sum() < 0.5 * track.found.sum():
        yield "lie_down"
        return
    yield from _size(track, wanted)
    view = seen_view(track, wanted)
    if view is None:
        return
    if view.roll_deg is not None and abs(view.roll_deg) > protocol().set_up.tilted_deg:
        yield "level"
    yield from _turn(view, wanted)
    if view.facing in SIDES and _outlined(wanted.movement) and _arms_behind(track, view.facing):
        yield "arms"
    yield from _unlike(track, view, wanted)


def _middle(track: PoseTrack) -> Stand:
    return stand_between(track, float(track.t[0]), float(track.t[-1]))


def _someone_else(track: PoseTrack) -> bool:
    """Whether a person jumps or grows from one picture to the next as no person does: single poses tell no more."""
    limits, found = protocol().set_up, track.at(track.found)
    hip, shoulder = (centre(found.xy, name).astype(np.float64) for name in ("hip", "shoulder"))
    trunk = length(shoulder - hip)
    step, near = np.diff(found.t), np.diff(found.t) <= GAP
    body = 2 * np.fmax(trunk[1:], trunk[:-1])
    far = length(np.diff(hip, axis=0)) > limits.jump_per_s * body * np.maximum(step, 0.04)
    grown = np.maximum(trunk[1:] / trunk[:-1], trunk[:-1] / trunk[1:]) > limits.grown
    return bool((near & far & grown).any() or (near & far).sum() > 1)


def _size(track: PoseTrack, wanted: Wanted) -> Iterator[str]:
    """How much of the picture the person fills, and whether the feet are in it."""
    checks, height = protocol().checks, track.size[1]
    share, limit = person_share(track, wanted), checks["person_length" if wanted.lying else "person_height"]
    head = float(np.nanmedian(track.xy[:, Joint.NOSE, 1]))
    cut_off = head < 0 and not wanted.lying
    if cut_off or (limit.most is not None and share > limit.most):
        yield "step_back"
    if limit.least is not None and share < limit.least:
        yield "come_closer"
    feet = track.xy[track.found][:, [joint(s, n) for s in SIDES for n in ("ankle", "heel", "toe")], 1]
    least = checks["feet_visible"].least
    if least is not None and (feet <= 1.02 * height).all(1).mean() < least:
        yield "feet"


def person_share(track: PoseTrack, wanted: Wanted) -> float:
    """Share of the picture's height that the person fills, lying of its width; NaN where it cannot be told."""
    stand = _middle(track)
    return stand.length / track.size[0] if wanted.lying else stand.height / track.size[1]


def _turn(view: View, wanted: Wanted) -> Iterator[str]:
    """How to turn so that the camera sees what it must."""
    faces = wanted.faces
    off = {face: abs((_azimuth(view) - at + 180) % 360 - 180) for face, at in FACES.items()}
    if view.facing not in faces:
        nearest = min(off, key=lambda face: off[face])
        if view.facing == "oblique" and nearest in faces:
            yield "square"
        elif faces[0] in SIDES:
            yield f"side_{faces[0]}" if len(faces) == 1 else "face_side"
        else:
            yield "face_front"
    elif view.frontal and abs(view.yaw_deg) > protocol().set_up.turned_deg:
        yield "square"


def _azimuth(view: View) -> float:
    """Degrees from in front of the person to the camera, + = towards the person's left."""
    if view.facing in SIDES:
        return FACES[view.facing]
    return view.yaw_deg if view.left_x > 0 else 180 - view.yaw_deg


def _outlined(movement: Movement) -> bool:
    """Whether anything of a movement is read from the outline of the back."""
    return any(movement.id in rule.movements and quantities()[rule.measure].of_outline for rule in rules().values())


def _arms_behind(track: PoseTrack, side: str) -> bool:
    """Whether an arm stays behind the back: then its outline is not read, and own standing gives no hollow."""
    return bool(np.mean([arm_behind(xy, side) for xy in track.xy[track.found]]) > STAYS)


def _unlike(track: PoseTrack, view: View, wanted: Wanted) -> Iterator[str]:
    """How to stand as in the earlier audit: the clip of it that was filmed from the same face, else its first."""
    if wanted.like is None:
        return
    limits, clips = protocol().set_up, wanted.like.clips
    clip = next((c for c in clips if c.view.facing == view.facing), clips[0])
    if clip.view.facing != view.facing:
        if clip.view.facing in FACES:
            yield f"like_{clip.view.facing}"
        return
    turned = view.yaw_deg - clip.view.yaw_deg
    if view.frontal and not clip.view.told and abs(turned) > limits.like_deg:
        yield "turn_left" if turned > 0 else "turn_right"
    size = "person_length" if wanted.lying else "person_height"
    then = next((c.value for c in clip.checks if c.check == size), None)
    now = person_share(track, wanted)
    if then and now > then * (1 + limits.like_size):
        yield "like_back_off"
    if then and now < then * (1 - limits.like_size):
        yield "like_closer"


class Guide:
    """Leads from an empty picture to a measured stand: hints, a countdown, two seconds of quiet.

    state     where it is
    sideways  whether the person stands with a side to the camera
    setting   what the stand gave, None until it is measured

    `advised`: whether advice was given before; once is enough.
    """

    def __init__(self, wanted: Wanted, advised: bool = False) -> None:
        self._wanted = wanted
        self._advised = advised
        self.state: Literal["set_up", "countdown", "still", "done"] = "set_up"
        self.sideways = False
        self.setting: Setting | None = None
        self._kept: deque[tuple[float, Pose | None]] = deque()
        self._recent = collect((), wanted.size)
        self._advice_until = -np.inf
        self._hint: str | None = "nobody"  # what is wrong now, and since when
        self._hint_since = self._looked = -np.inf
        self._shown: str | None = ""
        self._shown_at = -np.inf
        self._since = -np.inf  # of the countdown, then of the quiet
        self._told = 0  # the last second that was counted

    @property
    def kept(self) -> list[tuple[float, Pose | None]]:
        """The poses since the quiet stand was asked for, those of the last seconds at most."""
        return [instant for instant in self._kept if instant[0] >= self._since]

    def update(self, t: float, pose: Pose | None, light: float | None) -> list[Event]:
        """Takes one instant."""
        self._kept.append((t, pose))
        while self._kept[0][0] < t - BEFORE:
            self._kept.popleft()
        if t - self._looked < LOOK:
            return []
        self._looked = t
        self._look(t, light)
        limits, hint, lasts = protocol().set_up, self._hint, t - self._hint_since
        if self.state == "set_up":
            return self._setting_up(t, lasts)
        if hint is not None and lasts >= limits.unready_s:
            self.state = "set_up"
            return self._show(t, hint)
        return self._counting(t) if self.state == "countdown" else self._measuring(t)

    def _look(self, t: float, light: float | None) -> None:
        """What is wrong now."""
        begin = t - protocol().set_up.window_s
        recent = self._recent = collect((i for i in self._kept if i[0] >= begin), self._wanted.size)
        hint = first_hint(recent, light, self._wanted)
        if self.state == "set_up":
            view = seen_view(recent, self._wanted)
            self.sideways = not self._wanted.lying and view is not None and view.facing in SIDES
        elif hint not in IN_PICTURE:
            hint = None  # on one leg the model turns the hips, and before a set feet are set right
        if hint != self._hint:
            self._hint, self._hint_since = hint, t

    def _setting_up(self, t: float, lasts: float) -> list[Event]:
        limits = protocol().set_up
        if self._hint != self._shown and t - self._shown_at >= limits.hint_s:
            return self._show(t, self._hint)
        if self._shown is None and self._hint is None and lasts >= limits.ready_s and t >= self._advice_until:
            if advice := self._advice():
                self._advised, self._advice_until = True, t + limits.advice_s
                return [SetUp(t, advice, limits.hints[advice], True)]
            self.state, self._since, self._told = "countdown", t, int(np.ceil(limits.countdown_s)) + 1
            return self._counting(t)
        return []

    def _advice(self) -> str | None:
        return None if self._advised else first_advice(self._recent, self._wanted)

    def _show(self, t: float, hint: str | None) -> list[Event]:
        self._shown, self._shown_at = hint, t
        return [SetUp(t, hint, protocol().set_up.hints[hint or "ready"], hint is None)]

    def _counting(self, t: float) -> list[Event]:
        left = int(np.ceil(protocol().set_up.countdown_s - (t - self._since)))
        if left >= self._told:
            return []
        self._told = left
        if left > 0:
            return [Countdown(t, float(left))]
        self.state, self._since = "still", t
        hint = "still_lying" if self._wanted.lying else "still_both" if self._wanted.movement.hold else "still"
        return [Countdown(t, 0.0), SetUp(t, hint, protocol().set_up.hints[hint], True)]

    def _measuring(self, t: float) -> list[Event]:
        wanted, track = self._wanted, collect(self.kept, self._wanted.size)
        if not self._quiet(track, t):
            return []
        try:
            self.setting = setting_for(track, wanted.movement, wanted.side, t)
        except NothingToJudge as error:
            self.state = "set_up"
            return [Problem(t, str(error))]
        self.state = "done"
        view = self.setting.view
        return [CalibrationDone(t, view.facing, None if view.told else view.yaw_deg, wanted.go)]

    def _quiet(self, track: PoseTrack, t: float) -> bool:
        """Whether there were two seconds of quiet, or less where two do not come."""
        wanted, limits = self._wanted, protocol()
        if not track.found.any():
            return False
        both = wanted.movement.hold is not None
        stand = find_rest(track) if wanted.lying else find_stand(track, t, wanted.side, both_feet=both)
        asked = SETTLED if t - self._since > limits.set_up.still_s else limits.standing.at_most_s - NEARLY
        return stand is not None and stand.t1 - stand.t0 >= asked
