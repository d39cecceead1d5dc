"""The first weeks of training: one function from a starting phase, findings and answers to a plan.

Doses, order and wording come from `library/exercises` and `library/phases/sessions.toml`.
"""

from collections.abc import Iterator, Sequence

from ..findings import ON_SCREEN, Finding
from ..library import Exercise, Words, cues, equipment, exercises, movements, rules, sessions
from . import AuditedTask, FirstWeeks, PainStep, PlannedExercise, StartingPhase
from .choice import Choice, Chosen, Limits, choose, ordered
from .dose import amount, effort, rest, tempo
from .intake import Intake


def first_weeks(start: StartingPhase, findings: Sequence[Finding], intake: Intake | None = None) -> FirstWeeks | None:
    """The session to begin with and what goes with it; None where there is no programme (phase 0).

    The base session of the phase, one or two of its exercises chosen for the findings, within what the answers allow
    and what equipment is at hand. The same input gives the same plan. Sources: `library/phases/sessions.toml`.
    """
    if start.phase == 0:
        return None
    told = intake or Intake()
    table, weeks = sessions(), sessions().phases[str(start.phase)]
    limits = Limits.of(start.phase, told)
    choice = choose(limits, findings)
    usual, fewest, most = weeks.per_week
    return FirstWeeks(
        phase=start.phase,
        name=start.name,
        per_week=usual,
        fewest=fewest,
        most=most,
        least_weeks=weeks.least_weeks,
        least_sessions=weeks.least_sessions,
        warm_up=[_planned(c, limits, table.purposes["warm_up"]) for c in choice.warm_up],
        main=[_planned(c, limits, table.purposes[c.exercise.category]) for c in choice.main],
        task=_task(limits, findings),
        cool_down=[_planned(c, limits, table.purposes["cool_down"]) for c in choice.cool_down],
        progress=list(table.progress),
        before_next=list(weeks.exit),
        pain=[PainStep(row.pain, row.then) for row in table.pain],
        stop=list(table.stop),
        retest=table.retest.say,
        retest_weeks=table.retest.weeks,
        retest_least_weeks=table.retest.least_weeks,
        notes=[*weeks.notes, *_notes(choice, limits, told)],
        cite=list(dict.fromkeys((*weeks.cite, *table.cite))),
        grade=weeks.grade,
    )


def _planned(chosen: Chosen, limits: Limits, reason: str) -> PlannedExercise:
    exercise, dose = chosen.exercise, chosen.exercise.dose
    return PlannedExercise(
        exercise=exercise.id,
        name=exercise.name,
        why=_why(chosen, limits, reason),
        finding=chosen.findings[0].finding if chosen.findings else None,
        dose=dose,
        amount=amount(dose),
        tempo=tempo(dose),
        rest=rest(dose),
        effort=effort(dose),
        equipment=list(_done_with(exercise, limits)),
        cues=list(exercise.cues),
        easier=_neighbour(exercise, "regression", limits),
        harder=_neighbour(exercise, "progression", limits),
        caution=exercise.caution,
    )


def _why(chosen: Chosen, limits: Limits, reason: str) -> str:
    """What an exercise is there for, in a sentence or two."""
    parts = []
    if chosen.findings:
        seen = dict.fromkeys(f"{f.headline} ({_sureness(f)})" for f in chosen.findings)
        parts.append(f"Chosen for what was seen: {'; '.join(seen)}.")
        if all(f.confidence == "low" for f in chosen.findings):
            parts.append("It is worth practising, and decides nothing else.")
    if chosen.instead_of is not None:
        parts.append(f"In place of {_lower(chosen.instead_of.name)}, {_obstacle(chosen.instead_of, limits)}.")
    return " ".join(parts) or reason


def _sureness(finding: Finding) -> str:
    return ON_SCREEN[finding.severity] + (", at low confidence" if finding.confidence == "low" else "")


def _obstacle(exercise: Exercise, limits: Limits) -> str:
    """Why an exercise of the base session cannot be done."""
    lacking = limits.lacks(exercise)
    if lacking:
        return f"which needs {' and '.join(_either(group) for group in lacking)}"
    return "in which one leg carries the body" if limits.two_legs else "for supported versions come first"


def _done_with(exercise: Exercise, limits: Limits) -> Iterator[str]:
    """What an exercise is done with: of each need what is there, then what helps."""
    for group in exercise.equipment.needs:
        yield _either([piece for piece in group if limits.has(piece)])
    for piece in exercise.equipment.helps:
        if limits.has(piece):
            yield f"{equipment()[piece].name} if you like"


def _neighbour(exercise: Exercise, direction: str, limits: Limits) -> str | None:
    """The next easier or harder version that can be done with what is there, by name; never two phases away."""
    near = {limits.phase - 1, limits.phase, limits.phase + 1}
    name = getattr(exercise, direction)
    while name and not limits.allows(exercises()[name]):
        name = getattr(exercises()[name], direction)
    return exercises()[name].name if name and near & {*exercises()[name].phases} else None


def _task(limits: Limits, findings: Sequence[Finding]) -> AuditedTask:
    """The movement to watch: the one of the phase in which the leading finding was seen, or else can be seen.

    A movement that is an exercise as well, a step-down say, is held to the same limits.
    """
    table = sessions()
    names = table.audited_supported if limits.cautious else table.phases[str(limits.phase)].audited
    names = tuple(n for n in names if n not in exercises() or limits.allows(exercises()[n]))
    shown = ((name, f) for f in ordered(findings) for name in (*_seen_in(names, f), *_shown_by(names, f)))
    name, finding = next(shown, (names[0], None))
    cue = _words(finding) if finding else None
    return AuditedTask(
        movement=name,
        title=movements()[name].name,
        finding=finding.finding if finding else None,
        why=f"Seen in what you filmed: {finding.headline}. {table.task_why}" if finding else table.task_why,
        amount=table.task,
        film=movements()[name].film,
        cue=_sentence(*cue.external) if cue else None,
        other_cue=_sentence(cue.internal) if cue else None,
        feedback=list(table.feedback),
    )


def _words(finding: Finding) -> Words | None:
    """What to think of where a finding was seen: its rule's own words, else those of its kind."""
    band = cues().bands.get(finding.rule)
    return cues().words.get(band.words if band else finding.finding)


def _sentence(first: str, *more: str) -> str:
    return "; ".join((first, *map(_lower, more))) + "."


def _seen_in(names: Sequence[str], finding: Finding) -> list[str]:
    """Of some movements, those that the rule of a finding judges."""
    rule = rules().get(finding.rule)
    return [name for name in names if rule and name in rule.movements]


def _shown_by(names: Sequence[str], finding: Finding) -> list[str]:
    """Of some movements, those in which any rule may find the same."""
    judged = {name for rule in rules().values() if rule.finding == finding.finding for name in rule.movements}
    return [name for name in names if name in judged]


def _notes(choice: Choice, limits: Limits, told: Intake) -> Iterator[str]:
    """What the person should know about how this plan was made."""
    if told.safety is None:
        yield "The safety questions have not been answered: answer them before the first session."
    if limits.supported:
        yield "Supported and easier versions come first, and fewer exercises: keep a wall, a rail or a chair in reach."
    if limits.two_legs:
        yield "Exercises in which one leg carries the body are left out, as an answer to the safety questions asks."
    if limits.at_hand is None:
        yield "Your equipment is not known: each exercise says what it needs. Name it in the intake, and it is kept to."
    for exercise in choice.without:
        yield f"Left out: {_lower(exercise.name)}, {_obstacle(exercise, limits)}; nothing like it can be done instead."
    if len(choice.main) < sessions().main[0]:
        yield f"Fewer than {sessions().main[0]} main exercises of this phase can be done with what is there."
    if choice.waiting:
        seen = "; ".join(f.headline for f in choice.waiting)
        yield f"Also seen, and left for the re-test because one or two things at a time are enough: {seen}."


def _either(pieces: Sequence[str]) -> str:
    return " or ".join(equipment()[piece].name for piece in pieces)


def _lower(name: str) -> str:
    return name[0].lower() + name[1:]
