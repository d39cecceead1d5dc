"""Which exercises: the base session of a phase, fitted to what was seen, what is at hand and what is allowed.

Pure functions over `library/exercises` and `library/phases/sessions.toml`.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from ..findings import SEVERITIES, Finding
from ..library import Exercise, equipment, exercises, gates, rules, sessions
from ..library.training import MAIN
from .intake import Intake


@dataclass(frozen=True, slots=True)
class Limits:
    """What can be done: the phase, what is at hand, and what the answers rule out.

    at_hand    names of `library.equipment()`, None where nothing was told
    supported  easier and held versions first: from an age on, or after a fall
    two_legs   no exercise in which one leg carries the body
    """

    phase: int
    at_hand: frozenset[str] | None = None
    supported: bool = False
    two_legs: bool = False

    @classmethod
    def of(cls, phase: int, told: Intake) -> "Limits":
        """The limits of what was told."""
        return cls(
            phase=phase,
            at_hand=None if told.equipment is None else frozenset(told.equipment),
            supported=(told.age or 0) >= gates().older_supported_age or bool(told.fall_last_year),
            two_legs=bool(told.safety and told.safety.restricted),
        )

    @property
    def cautious(self) -> bool:
        """Whether lighter exercises come before others."""
        return self.supported or self.two_legs

    def has(self, piece: str) -> bool:
        """Whether a piece of equipment is there; where nothing was told, everything may be."""
        return self.at_hand is None or piece in self.at_hand or equipment()[piece].everywhere

    def lacks(self, exercise: Exercise) -> list[tuple[str, ...]]:
        """The groups of which no piece is there."""
        return [group for group in exercise.equipment.needs if not any(map(self.has, group))]

    def allows(self, exercise: Exercise) -> bool:
        """Whether it can be done by this person, in whatever phase."""
        return not self.lacks(exercise) and not (exercise.one_leg and (self.two_legs or self._unheld(exercise)))

    def takes(self, exercise: Exercise) -> bool:
        """Whether it can be done by this person in this phase."""
        return self.phase in exercise.phases and self.allows(exercise)

    def _unheld(self, exercise: Exercise) -> bool:
        pieces = (*(piece for group in exercise.equipment.needs for piece in group), *exercise.equipment.helps)
        return self.supported and not any(equipment()[p].support and self.has(p) for p in pieces)


@dataclass(frozen=True, slots=True)
class Chosen:
    """An exercise with what it is there for: the findings, or the base exercise it replaces."""

    exercise: Exercise
    findings: tuple[Finding, ...] = ()
    instead_of: Exercise | None = None


@dataclass(frozen=True, slots=True)
class Choice:
    """The exercises of a session.

    warm_up, main, cool_down   in order
    without                    base exercises whose place nothing could take
    waiting                    findings that got no exercise yet, one of each name
    """

    warm_up: list[Chosen]
    main: list[Chosen]
    cool_down: list[Chosen]
    without: list[Exercise]
    waiting: list[Finding]


def choose(limits: Limits, findings: Sequence[Finding]) -> Choice:
    """The session: the base exercises of the phase, one or two of them given to the findings that come first.

    A finding's exercise that is a base one stays where it is; another one takes the place of the base exercise most
    like it. A mobility exercise joins the warm-up where it moves and the cool-down where it is held.
    """
    table = sessions()
    weeks = table.phases[str(limits.phase)]
    warm_up, cool_down = _fixed(limits, weeks.warm_up), _fixed(limits, table.cool_down)
    for_findings, waiting = _for_findings(limits, ordered(findings))
    main, without = _base(limits, weeks.base, set(for_findings))
    for name, reasons in for_findings.items():
        exercise = exercises()[name]
        if exercise.category in MAIN:
            _place(main, Chosen(exercise, reasons), table.main[1])
        else:
            _place(cool_down if exercise.dose.hold_s else warm_up, Chosen(exercise, reasons))
    most = table.main_supported if limits.supported else table.main[1]
    for spare in [c for c in reversed(main) if not c.findings][: max(0, len(main) - most)]:
        main.remove(spare)
    gaps = max(0, min(most, len(weeks.base)) - len(main))
    return Choice(warm_up, main, cool_down, without[:gaps], waiting)


def ordered(findings: Iterable[Finding]) -> list[Finding]:
    """Findings as they are answered: the sure ones first, then by the order of their rules, then the stronger first.

    One of low confidence may be answered too, after all others: its exercise is one of the same phase, and the phase
    itself is decided without it.
    """
    order = {rule.finding: rule.priority for rule in reversed(rules().values())}
    return sorted(
        findings,
        key=lambda f: (
            f.confidence == "low",
            order.get(f.finding, len(order)),
            -SEVERITIES.index(f.severity),
            (f.rule, f.side or "", f.clip, f.value),  # a tie must not hang on the order they came in
        ),
    )


def _for_findings(limits: Limits, findings: Sequence[Finding]) -> tuple[dict[str, tuple[Finding, ...]], list[Finding]]:
    """Exercise to the findings it is for, and the findings that have to wait.

    The first finding is asked first; what is left of the allowance goes round again, so that a single finding gets two
    exercises and two findings get one each.
    """
    most = sessions().for_findings
    names = list(dict.fromkeys(f.finding for f in findings))
    lists = {name: list(_suited(limits, name)) for name in names}
    taken: dict[str, list[str]] = {}
    for turn in range(most):
        for name in names:
            if turn < len(lists[name]) and (lists[name][turn] in taken or len(taken) < most):
                taken.setdefault(lists[name][turn], []).append(name)
    chosen = {e: tuple(f for f in findings if f.finding in served) for e, served in taken.items()}
    answered = {name for served in taken.values() for name in served}
    waiting = [next(f for f in findings if f.finding == name) for name in names if name not in answered]
    return chosen, waiting


def _suited(limits: Limits, finding: str) -> Iterator[str]:
    """Exercises of the phase for one finding, best first: those listed for it, then any other that addresses it."""
    listed = sessions().finding_priority.get(finding, {}).get(str(limits.phase), ())
    others = [name for name, e in exercises().items() if finding in e.addresses and e.category in MAIN]
    fit = (_easier_first(limits, exercises()[name]) for name in (*listed, *others))
    yield from dict.fromkeys(e.id for e in fit if limits.takes(e))


def _easier_first(limits: Limits, exercise: Exercise) -> Exercise:
    """Where supported versions come first, the easier neighbour of a one-leg exercise, if the phase has it."""
    if limits.supported and exercise.one_leg and exercise.regression:
        easier = exercises()[exercise.regression]
        return easier if limits.takes(easier) else exercise
    return exercise


def _fixed(limits: Limits, names: Iterable[str]) -> list[Chosen]:
    """Warm-up and cool-down; what cannot be done is left out, for the first of each needs nothing."""
    return [Chosen(exercises()[name]) for name in names if limits.takes(exercises()[name])]


def _base(limits: Limits, names: Sequence[str], kept: set[str]) -> tuple[list[Chosen], list[Exercise]]:
    """The base exercises, each itself or what can be done in its place, and those that nothing can replace.

    `kept` are given to findings already, so they are no replacement for anything.
    """
    chosen: list[Chosen] = []
    without: list[Exercise] = []
    for name in names:
        exercise = exercises()[name]
        easier = _easier_first(limits, exercise)
        if limits.takes(easier) and easier.id not in {c.exercise.id for c in chosen}:
            chosen.append(Chosen(easier, instead_of=None if easier is exercise else exercise))
            continue
        used = {*names, *kept, *(c.exercise.id for c in chosen)}
        other = next((e for e in _in_place_of(limits, exercise) if e.id not in used), None)
        if other is None:
            without.append(exercise)
        else:
            chosen.append(Chosen(other, instead_of=exercise))
    return chosen, without


def _in_place_of(limits: Limits, exercise: Exercise) -> Iterator[Exercise]:
    """What can be done instead: the easier neighbour, the harder one, then others of the same purpose, nearest first.

    For the cautious the lighter ones come first, and the harder neighbour has no right of way.
    """
    neighbours = [exercise.regression, None if limits.cautious else exercise.progression]
    others = [e for e in exercises().values() if e.category in MAIN and _purpose(e, exercise)]
    others.sort(key=lambda e: (limits.cautious and e.dose.rpe[1], *(-n for n in _likeness(e, exercise)), e.id))
    for other in (*(exercises()[n] for n in neighbours if n), *others):
        if other is not exercise and other.category in MAIN and limits.takes(other):
            yield other


def _purpose(one: Exercise, other: Exercise) -> bool:
    """Whether two exercises work a muscle together, or address a finding together."""
    return bool({*one.muscles.primary} & {*other.muscles.primary} or {*one.addresses} & {*other.addresses})


def _likeness(one: Exercise, other: Exercise) -> tuple[int, ...]:
    """How near two exercises are: neighbours first, then by muscles, findings and planes in common."""
    return (
        int(one.id in (other.regression, other.progression) or other.id in (one.regression, one.progression)),
        len({*one.muscles.primary} & {*other.muscles.primary}),
        len({*one.addresses} & {*other.addresses}),
        len({*one.planes} & {*other.planes}),
    )


def _place(part: list[Chosen], new: Chosen, most: int | None = None) -> None:
    """Puts a finding's exercise into its part of the session, in place of the one most like it where that is full."""
    for i, old in enumerate(part):
        if old.exercise is new.exercise:
            part[i] = Chosen(old.exercise, new.findings, old.instead_of)
            return
    free = [i for i, old in enumerate(part) if not old.findings]
    if most is None or len(part) < most or not free:
        part.append(new)
        return
    part[max(free, key=lambda i: (_likeness(part[i].exercise, new.exercise), i))] = new
