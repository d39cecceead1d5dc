"""When to say which cue: the policy of `library/cues.toml`, one closed repetition at a time. Pure.

A rule's cue is raised once two of the last three repetitions are beyond its cut, and cleared after three inside one
after the other. Of those raised one is current, by priority, and stays for two repetitions at least. It is said after a
repetition that is beyond the cut, the same words three times at most, and the less often the more sessions of the
movement have been trained.
"""

from collections import Counter, deque
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from ..findings import SEVERITIES
from ..findings.rules import Shows, rep_shows
from ..library import CueBand, cues, rules
from ..library.cueing import Fading
from ..reps import Rep
from .events import Cue, CueCleared, Praise

Feedback = Cue | CueCleared | Praise


def fading(session: int, back: bool = False) -> Fading:
    """How often feedback is given in the session of a movement that is counted from 1; `back`: one step earlier."""
    steps = [step for step in cues().fading if step.from_session <= session]
    return steps[-2] if back and len(steps) > 1 else steps[-1]


@dataclass(slots=True)
class _Band:
    """One rule, or one direction of it (`sign`), over the last repetitions."""

    rule: str
    sign: int
    row: CueBand
    novice: bool
    beyond: deque[bool] = field(init=False)
    inside: deque[bool] = field(init=False)
    raised: bool = field(default=False, init=False)

    def __post_init__(self) -> None:
        policy = cues().policy
        self.beyond = deque(maxlen=policy.raise_of[1])
        self.inside = deque(maxlen=policy.clear_after)

    @property
    def on(self) -> int:
        """Index of the band of the rule that raises the cue."""
        levels = [band.level for band in rules()[self.rule].severity]
        return SEVERITIES.index(levels[0] if self.novice else self.row.on)

    @property
    def off(self) -> float:
        """The value up to which a repetition is inside."""
        rule = rules()[self.rule]
        cut = next(band.cut for band in rule.severity if SEVERITIES.index(band.level) == self.on)
        return cut + self.row.margin if rule.direction == "below" else cut - self.row.margin

    def update(self, shows: Shows | None) -> None:
        """Takes what a repetition shows; one that cannot be read is neither beyond nor inside."""
        beyond = shows is not None and shows.level is not None and SEVERITIES.index(shows.level) >= self.on
        self.beyond.append(beyond)
        self.inside.append(shows is not None and not beyond and self._is_inside(shows.value))
        if not self.raised:
            self.raised = sum(self.beyond) >= cues().policy.raise_of[0]
        elif len(self.inside) == self.inside.maxlen and all(self.inside):
            self.raised = False

    def _is_inside(self, value: float) -> bool:
        return value >= self.off if rules()[self.rule].direction == "below" else value <= self.off


class CuePolicy:
    """The cues of one set.

    asked     names of the rules that can be asked, see `findings.rules.askable`
    facing    of the view, see `kinematics.view.View`
    session   which session of this movement it is, counted from 1
    back      whether feedback goes back one step, after a set with many repetitions beyond a cut
    silent    no feedback at all in this set
    easier    what to suggest when the words are used up
    """

    def __init__(
        self,
        asked: Sequence[str],
        facing: str,
        session: int = 1,
        *,
        back: bool = False,
        silent: bool = False,
        easier: str | None = None,
    ) -> None:
        table = cues()
        novice = session <= table.policy.novice_sessions
        self._facing, self._easier = facing, easier or table.policy.easier
        self._fading, self._silent = fading(session, back), silent
        self._bands = [_Band(name, sign, row, novice) for name, sign, row in _rows(asked)]
        self._current: _Band | None = None
        self._held = 0
        self._spoken: Counter[str] = Counter()  # by words
        self._reps = self._flagged = self._clean = self._chances = 0

    @property
    def current(self) -> str | None:
        """The rule whose cue is current."""
        return self._current.rule if self._current else None

    @property
    def relapsed(self) -> bool:
        """Whether so many repetitions were beyond a cut that feedback should go back one step."""
        return self._reps > 0 and self._flagged > cues().policy.relapse_share * self._reps

    def update(self, t: float, rep: Rep, clean: bool) -> list[Feedback]:
        """Takes a closed repetition, and whether no pattern was found in it; one that does not count says nothing."""
        if not rep.valid:
            return []
        for band in self._bands:
            band.update(rep_shows(band.rule, rep, self._facing, band.sign))
        self._reps += 1
        self._flagged += any(band.beyond[-1] and band.row.pattern for band in self._bands)
        self._clean += clean
        events = list(self._changed(t))
        said = self._said(t) or self._praised(t, clean)
        if said is None or not self._due():
            return events
        if isinstance(said, Cue) and said.speak and self._current:
            self._spoken[self._current.row.words] += 1
        return [*events, said]

    def _changed(self, t: float) -> Iterator[Feedback]:
        """Clears the current cue, or lets another take its place."""
        raised = [band for band in self._bands if band.raised]
        best = min(raised, key=lambda band: band.row.priority, default=None)
        now = self._current
        if now is not None:
            self._held += 1
            short = self._held < cues().policy.hold_reps
            if now.raised and (short or best is None or best.row.priority >= now.row.priority):
                return
            yield CueCleared(t, rules()[now.rule].finding)
        self._current, self._held = best, 0

    def _said(self, t: float) -> Cue | None:
        """The current cue, said aloud after a repetition beyond its cut as long as there are words left."""
        band = self._current
        if band is None:
            return None
        words, repeat, spoken = cues().words[band.row.words], cues().policy.repeat, self._spoken[band.row.words]
        speak = band.beyond[-1] and spoken <= 2 * repeat
        if spoken < repeat:
            say = words.external[0]
        elif spoken < 2 * repeat or not speak:
            say = words.internal
        else:
            say = self._easier
        return Cue(t, rules()[band.rule].finding, say, spoken >= repeat, speak)

    def _praised(self, t: float, clean: bool) -> Praise | None:
        policy = cues().policy
        return Praise(t, policy.praise) if clean and self._clean % policy.praise_every == 0 else None

    def _due(self) -> bool:
        """Whether this repetition, which asks for feedback, gets some."""
        due = not self._silent and self._chances % self._fading.of < self._fading.give
        self._chances += 1
        return due


def patterns(rep: Rep, asked: Sequence[str], facing: str) -> list[str]:
    """The rules whose first cut one repetition reaches, in order of priority."""
    return [
        name for name in asked if any(s and s.level for s in (rep_shows(name, rep, facing, d) for d in _ways(name)))
    ]


def is_clean(rep: Rep, asked: Sequence[str], facing: str) -> bool:
    """Whether a repetition counts and shows no pattern; how fast it was is none."""
    bands = cues().bands
    return rep.valid and not any(n not in bands or bands[n].pattern for n in patterns(rep, asked, facing))


def _ways(rule: str) -> tuple[int, ...]:
    """The directions a rule looks in."""
    return (1, -1) if rules()[rule].direction == "either" else (1,)


def _rows(asked: Sequence[str]) -> Iterator[tuple[str, int, CueBand]]:
    """The cues of the rules that can be asked, those of both directions twice."""
    bands: Mapping[str, CueBand] = cues().bands
    for name in asked:
        for sign in _ways(name):
            if name in bands:
                yield name, sign, bands[name]
