"""Each clip of a run in one row: what the tables and the page are made from. Every audit is read once.

A row is small: of an audit it keeps what is told over all clients, of its repetitions only how many there were.
"""

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path

from ..audit import Audit, Screen
from ..audit.codec import from_json, screen_from_json
from ..errors import SourceError
from ..files import readable
from ..findings import CONFIDENCES, ON_SCREEN, SEVERITIES, Confidence, Finding, Passed, Remark, Unassessed, Verdict
from ..library import protocol, rules
from ..poses.skeleton import SIDES
from ..report.filming import film_advice
from ..report.words import FACES, PACE
from . import ClipJob, Failure, Outcome

REPORT, AUDIT, SCREEN = "report.html", "audit.json", "screen.json"
INSIDE, NOTED, NOT_JUDGED = "inside", "noted", "not judged"
# What a verdict on a pattern may be, from what weighs least; a row tells the weightiest.
WORDS = (NOT_JUDGED, INSIDE, NOTED, *(ON_SCREEN[severity] for severity in SEVERITIES))
TO_FILM_AGAIN = "nothing to judge"  # the kind of failure that another clip would mend


@dataclass(frozen=True, slots=True)
class Told:
    """What a clip says of one pattern: one of `WORDS`, and where something was measured, what, how much, how sure.

    side  whose it is, None where the pattern has no side
    """

    pattern: str
    word: str
    title: str
    side: str | None = None
    measure: str | None = None
    value: float | None = None
    confidence: Confidence | None = None


@dataclass(frozen=True, slots=True)
class Start:
    """A starting phase, 0 to 3, and whether it is that of the client's whole screen."""

    phase: int
    provisional: bool
    of_screen: bool


@dataclass(frozen=True, slots=True)
class Wish:
    """What to film differently, and the patterns that would then be seen."""

    what: str
    to_see: str

    @property
    def say(self) -> str:
        """Both in one sentence."""
        return f"{self.what}, to see: {self.to_see}."


@dataclass(frozen=True, slots=True)
class Row:
    """One clip as it is told over all clients. Texts are such that every file can hold them.

    clip, path  its name, and where it lies
    folder      of its results, from the folder of the run; likewise `screen`, None where the visit has none
    files       names in `folder`
    view, view_told  the camera face seen, and what the manifest says, "" where there is none
    counted, not_counted  repetitions; None of a clip that gave no audit, likewise `start`
    told        pattern -> what is said of it; patterns that were not looked for are absent
    unsure      patterns that could not be judged, each with its reason
    again       why the clip should be filmed again, in sentences; nothing where it need not be
    also        what else to film, to see what this clip's view cannot show
    """

    client: str
    visit: str
    clip: str
    path: str
    folder: Path
    files: tuple[str, ...] = ()
    screen: Path | None = None
    failure: Failure | None = None
    movement: str = ""
    title: str = ""
    side: str = ""
    view: str = ""
    view_told: str = ""
    counted: int | None = None
    not_counted: int | None = None
    told: dict[str, Told] = field(default_factory=dict)
    unsure: tuple[str, ...] = ()
    again: tuple[str, ...] = ()
    also: tuple[Wish, ...] = ()
    start: Start | None = None
    version: str = ""

    @property
    def found(self) -> list[Told]:
        """Patterns beyond their cut, the strongest first, those alike in the order of the rules."""
        graded = [told for told in self.told.values() if told.word in ON_SCREEN.values()]
        return sorted(graded, key=lambda told: -WORDS.index(told.word))

    @property
    def confidence(self) -> Confidence | None:
        """The lowest of all patterns that were judged, None where none was."""
        sure = (told.confidence for told in self.told.values() if told.word not in (NOT_JUDGED, NOTED))
        return min((c for c in sure if c), key=CONFIDENCES.index, default=None)

    def place(self, file: str) -> Path | None:
        """Where a file of the clip's results lies, from the folder of the run; None where there is no such file."""
        return self.folder / file if file in self.files else None


@cache
def patterns() -> tuple[str, ...]:
    """Every pattern that a rule looks for, in the order of the rules."""
    return tuple(dict.fromkeys(rule.finding for rule in rules().values()))


def read_rows(clips: Iterable[Outcome], screens: Iterable[Outcome], out: Path) -> Iterator[tuple[Row, Audit | None]]:
    """A row of every clip, and its audit where it gave one; by client and visit."""
    of_visit = {(o.job.client, o.visit): o for o in screens if not o.failure}
    visit: tuple[str, str] | None = None
    screen: Screen | None = None
    for outcome in sorted(clips, key=lambda o: (o.job.client, o.visit, o.job.folder)):
        whose = (outcome.job.client, outcome.visit)
        screened = of_visit.get(whose)
        if whose != visit:
            visit, screen = whose, _read_screen(screened) if screened else None
        place = Path(os.path.relpath(screened.job.folder, out)) if screened and screen else None
        yield _read(outcome, screen, place, out)


def _read_screen(outcome: Outcome) -> Screen | None:
    """The screen of an outcome; None where an ended run left one that cannot be read any more."""
    try:
        return screen_from_json((outcome.job.folder / SCREEN).read_text("utf-8"))
    except (OSError, SourceError):
        return None


def _read(outcome: Outcome, screen: Screen | None, place: Path | None, out: Path) -> tuple[Row, Audit | None]:
    job = outcome.job
    assert isinstance(job, ClipJob)
    row = Row(
        client=readable(job.client),
        visit=readable(outcome.visit),
        clip=readable(job.clip.name),
        path=readable(str(job.clip)),
        folder=Path(os.path.relpath(job.folder, out)),
        files=outcome.files,
        screen=place,
        failure=outcome.failure,
        view_told=job.view,
    )
    if outcome.failure:
        return _failed(row, outcome.failure), None
    try:
        audit = from_json((job.folder / AUDIT).read_text("utf-8"))
    except (OSError, SourceError) as error:
        say = f"{row.folder / AUDIT} cannot be read ({error}): audit the clip again with --force."
        return _failed(row, Failure("unreadable audit", say)), None
    return _filled(row, audit, screen), audit


def _failed(row: Row, failure: Failure) -> Row:
    say = readable(failure.say)
    return replace(row, failure=replace(failure, say=say), again=(say,) if failure.kind == TO_FILM_AGAIN else ())


def _filled(row: Row, audit: Audit, screen: Screen | None) -> Row:
    """A row with what its audit says; what the visit's other clips make up for is not asked for again."""
    seen = audit.movement
    kind = (seen.name, seen.side)
    whole = next((a for a in screen.audits if (a.movement.name, a.movement.side) == kind), audit) if screen else audit
    compared = _of_movement(screen, seen.name) if screen else []
    start = screen.starting_phase if screen else audit.starting_phase
    again, also = _to_film(row, audit, {unknown.finding for unknown in whole.unassessed})
    return replace(
        row,
        movement=seen.name,
        title=seen.title,
        side=seen.side,
        view=audit.clips[0].view.facing,
        counted=sum(rep.valid for rep in audit.reps),
        not_counted=sum(not rep.valid for rep in audit.reps),
        told=_told([*audit.judged, *audit.remarks, *audit.unassessed, *compared]),
        unsure=tuple(f"{unknown.title} ({unknown.reason})" for unknown in audit.unassessed),
        again=again,
        also=also,
        start=Start(start.phase, start.provisional, of_screen=screen is not None),
        version=audit.hipaudit_version,
    )


def _of_movement(screen: Screen, movement: str) -> list[Finding | Passed | Unassessed]:
    """What a screen says of both sides of one movement."""
    audits = [audit for audit in screen.audits if audit.movement.name == movement]
    if len(audits) < len(SIDES):
        return []
    clips = {clip.name for audit in audits for clip in audit.clips}
    titles = {rule.say.title for rule in rules().values() if rule.between_sides and movement in rule.movements}
    return [
        verdict
        for verdict in screen.between_sides
        if (verdict.title in titles if isinstance(verdict, Unassessed) else verdict.clip in clips)
    ]


def _told(verdicts: Iterable[Verdict]) -> dict[str, Told]:
    """The weightiest verdict on each pattern, in the order of the rules."""
    told: dict[str, Told] = {}
    for verdict in verdicts:
        said = _word(verdict)
        before = told.get(verdict.finding)
        if before is None or WORDS.index(said.word) > WORDS.index(before.word):
            told[verdict.finding] = said
    return {pattern: told[pattern] for pattern in patterns() if pattern in told}


def _word(verdict: Verdict) -> Told:
    if isinstance(verdict, Unassessed):
        return Told(verdict.finding, NOT_JUDGED, verdict.title, verdict.side)
    word = INSIDE
    if isinstance(verdict, Finding):
        word = ON_SCREEN[verdict.severity]
    elif isinstance(verdict, Remark):
        word = NOTED
    return Told(verdict.finding, word, verdict.title, verdict.side, verdict.measure, verdict.value, verdict.confidence)


def _to_film(row: Row, audit: Audit, unknown: set[str]) -> tuple[tuple[str, ...], tuple[Wish, ...]]:
    """Why to film this clip again, and what to film besides; `unknown` are the patterns that no clip of a visit shows.

    Another view is only a reason to film again where this one shows nothing at all.
    """
    again = [] if _as_told(row.view_told, audit) else [_other_view(row.view_told, audit)]
    for check in audit.clips[0].checks:
        limit = protocol().checks.get(check.check)
        if not check.passed and (limit is None or limit.film_again):
            again.append(check.say)
    still = [u for u in audit.unassessed if u.finding in unknown]
    here = _advised(audit, [u for u in still if u.reason != "wrong_view"])
    elsewhere = _advised(audit, [u for u in still if u.reason == "wrong_view"])
    if not audit.tests and all(verdict.finding == PACE for verdict in audit.judged):
        here, elsewhere = [*here, *(e for e in elsewhere if e not in here)], []
    return (*again, *(wish.say for wish in here)), tuple(elsewhere)


def _advised(audit: Audit, unknown: list[Unassessed]) -> list[Wish]:
    advice = film_advice([replace(audit, unassessed=unknown)])
    shown = [", ".join(title.lower() for titles in a.shows.values() for title in titles) for a in advice]
    return [Wish(a.tip.title, titles) for a, titles in zip(advice, shown, strict=True)]


def _as_told(told: str, audit: Audit) -> bool:
    facing = audit.clips[0].view.facing
    return told in ("", facing) or (told == "side" and facing in SIDES)


def _other_view(told: str, audit: Audit) -> str:
    from_where = {**FACES, "side": "from the side"}
    return f"Filmed {FACES[audit.clips[0].view.facing]}, the manifest says {from_where[told]}."
