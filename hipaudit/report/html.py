"""report.html: one page that carries everything it shows and asks nothing of the network.

A page is made from a list of audits: first what the person reads, then for each audit its clips and all its numbers,
then once what they have in common. Only videos stay outside: files beside the page, named in `videos`.
"""

import base64
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType

from jinja2 import ChoiceLoader, Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from ..audit import Audit, Clip, Screen
from ..audit.run import AuditRun
from ..figure.svg import stills
from ..findings import ON_SCREEN, Finding
from ..findings.rules import DIGITS, UNITS, number, reading
from ..library import citations, drawings, gates, movements, quantities, rules
from ..plan.phase import URGENT
from ..poses.skeleton import SIDES
from .curves import Curves, curves
from .drawings import camera_svg, drawing_svg
from .filming import film_advice
from .gauges import gauge
from .pictures import key_pictures, shown_value
from .words import COMMON, FACES, because, counted, page_headline, seen, standing, table_words

_NO_VIDEOS: Mapping[str, str] = MappingProxyType({})
_TABLED = ("fppa", "kasr", "pelvic_drop", "trunk_lean", "hip_shift", "lumbar_change", "knee_flexion", "lock_out")


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the repetition table: its heading, its key in a repetition's measures, decimals, the measure."""

    heading: str
    key: str
    digits: int
    measure: str


@dataclass(frozen=True, slots=True)
class Film:
    """One clip on the page: its curves, and its video where one lies beside the page."""

    id: str
    clip: Clip
    curves: Curves
    video: str | None


@dataclass(frozen=True, slots=True)
class Card:
    """A finding as the person meets it: the id of the clip that shows it, its picture as base64, its values."""

    finding: Finding
    film: str
    picture: str | None
    shown: str
    per_rep: list[str]
    common: str


@dataclass(frozen=True, slots=True)
class Part:
    """One audit on the page. Every id in it begins with `id`, so that several audits never collide."""

    id: str
    audit: Audit
    films: list[Film]
    cards: list[Card]
    deepest: str | None
    columns: list[Column]

    def film(self, clip: str) -> str:
        """The id of a clip's place on the page."""
        return next(film.id for film in self.films if film.clip.name == clip)

    def opens(self, film: Film) -> float:
        """The second at which a clip is shown first: its foremost finding, else its first lowest point."""
        found = [f.t_worst for f in self.audit.findings if f.clip == film.clip.name]
        turns = [rep.t_turn for rep in self.audit.reps if rep.valid and rep.clip == film.clip.name]
        return [*found, *turns, film.curves.t_first][0]


def content(run: AuditRun, videos: Mapping[str, str] = _NO_VIDEOS, blur_faces: bool = False) -> str:
    """The report of one audit as HTML; `videos` and `blur_faces` as for `page`."""
    return page([run], run.audit, videos, blur_faces)


def page(
    runs: Sequence[AuditRun],
    whole: Audit | Screen,
    videos: Mapping[str, str] = _NO_VIDEOS,
    blur_faces: bool = False,
) -> str:
    """One page over one audit, or over all audits of a screen, with the starting phase that they give.

    runs    at least one; without their videos at hand the page has no pictures
    whole   the one audit, or the screen: whose starting phase, first weeks and notice the page tells
    videos  name of a clip -> its video as a file beside the page; a clip without one shows its curves alone
    blur_faces  hides the person's head in the page's own pictures
    """
    audits, start = [run.audit for run in runs], whole.starting_phase
    parts = [_part(f"a{number}", run, videos, blur_faces) for number, run in enumerate(runs, 1)]
    script, policy = _script()
    return (
        _pages()
        .get_template("page.html")
        .render(
            title="Movement screen" if isinstance(whole, Screen) else standing(whole),
            screen=whole if isinstance(whole, Screen) else None,
            parts=parts,
            start=start,
            weeks=whole.first_weeks,
            headline=page_headline(audits, start),
            because=because(start),
            advice=film_advice(audits),
            referral_only=any(cap.say == URGENT for cap in start.caps),
            measures=_measures(parts),
            sources=_sources(audits),
            notice=whole.notice,
            made_by=audits[0],
            script=script,
            policy=policy,
        )
    )


@cache
def _pages() -> Environment:
    """The templates, with the words and small drawings that they may ask for."""
    env = Environment(
        loader=ChoiceLoader(
            [PackageLoader("hipaudit.report", "templates"), PackageLoader("hipaudit.figure", "static")]
        ),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    env.globals.update(
        quantities=quantities(),
        rules=rules(),
        citations=citations(),
        films=movements(),
        phases=gates().phases,
        grades=ON_SCREEN,
        faces=FACES,
        common=COMMON,
        gauge=gauge,
        seen=seen,
        standing=standing,
        counted=counted,
        table_words=table_words,
        reading=reading,
        units=UNITS,
        camera=lambda place: Markup(camera_svg(place)),
        drawing=lambda measure: Markup(drawing_svg(measure, quantities()[measure].title)),
        figure=_figure,
    )
    return env


@cache
def _figure(exercise: str) -> Markup:
    """The drawing of an exercise; nothing for one that an earlier library had."""
    drawing = drawings().get(exercise)
    return Markup(stills(drawing, drawing.shows)) if drawing else Markup()


@cache
def _script() -> tuple[Markup, str]:
    """The page's own script, and the policy that lets it run and nothing else."""
    env = _pages()
    assert env.loader is not None
    return sealed(env.loader.get_source(env, "report.js")[0], "img-src data:; media-src 'self' file: data:")


def sealed(script: str, sources: str) -> tuple[Markup, str]:
    """A script as a page carries it, and the page's policy: it runs, what `sources` allow is shown, nothing else."""
    text = script.strip()
    digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
    policy = (
        f"default-src 'none'; {sources}; style-src 'unsafe-inline'; "
        f"script-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    )
    return Markup(text), policy


def _part(key: str, run: AuditRun, videos: Mapping[str, str], blur_faces: bool) -> Part:
    audit = run.audit
    pictures = {rule: base64.b64encode(data).decode() for rule, data in key_pictures(run, blur_faces).items()}
    films = [
        Film(f"{key}-clip{number}", clip.clip, curves(audit, clip), videos.get(clip.clip.name))
        for number, clip in enumerate(run.clips, 1)
    ]
    ids = {film.clip.name: film.id for film in films}
    cards = [
        Card(
            finding=f,
            film=ids[f.clip],
            picture=pictures.get(f.rule),
            shown=reading(abs(shown_value(f, audit)), quantities()[f.measure]),
            per_rep=_per_rep(audit, f),
            common="" if COMMON[:-1].lower() in f.say.lower() else COMMON,
        )
        for f in audit.findings
    ]
    return Part(key, audit, films, cards, pictures.get(""), _columns(audit))


def number_of(value: float, finding: Finding) -> str:
    """A value of the finding's measure as people read it."""
    return number(value, quantities()[finding.measure])


def _per_rep(audit: Audit, finding: Finding) -> list[str]:
    """The measure of every repetition that counts in the clip of the finding, as short text."""
    facing = next(clip.view.facing for clip in audit.clips if clip.name == finding.clip)
    column = quantities()[finding.measure].column.format(side=facing if facing in SIDES else audit.movement.side)
    towards = -1 if finding.value < 0 and rules()[finding.rule].direction == "either" else 1  # plus: the finding's side
    values = [rep.measures.get(column) for rep in audit.reps if rep.valid and rep.clip == finding.clip]
    return ["–" if v is None else number_of(towards * v, finding) for v in values]


def _columns(audit: Audit) -> list[Column]:
    columns = []
    side = audit.movement.side
    for name in _TABLED:
        quantity = quantities()[name]
        if name == "fppa" and side == "both":
            continue  # in a two-leg bend the angle of one knee mostly shows the camera
        if quantity.of_outline and all(v.measure != name for v in audit.judged):
            continue  # an outline that cannot carry a verdict carries no numbers either
        for leg in SIDES if quantity.per_leg and side == "both" else (side,):
            key = quantity.column.format(side=leg)
            if any(key in rep.measures for rep in audit.reps):
                heading = quantity.title.partition(" (")[0]
                heading += f", {leg}" if quantity.per_leg and side == "both" else ""
                columns.append(Column(heading, key, DIGITS[quantity.unit], name))
    return columns


def _measures(parts: Sequence[Part]) -> list[str]:
    """Every measure with a number on the page, in the library's order."""
    used = {"depth"}
    for part in parts:
        if movements()[part.audit.movement.name].posture == "standing" and any(rep.lower_s for rep in part.audit.reps):
            used.add("lower_s")
        used |= {v.measure for v in (*part.audit.judged, *part.audit.remarks)}
        used |= {column.measure for column in part.columns}
    return [name for name in quantities() if name in used]


def _sources(audits: Sequence[Audit]) -> list[object]:
    keys = {key for audit in audits for v in (*audit.judged, *audit.remarks) for key in rules()[v.rule].cite}
    return [citations()[key] for key in sorted(keys)]
