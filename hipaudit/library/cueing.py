"""The typed shape of what the live coach says and when."""

from typing import Annotated

from pydantic import Field, model_validator

from .schema import Grade, Level, Share, _Table

Count = Annotated[int, Field(ge=1)]


class CuePolicyTable(_Table):
    """When a cue is raised, held, repeated and cleared; see the comments in `cues.toml`."""

    raise_of: tuple[Count, Count]
    clear_after: Count
    hold_reps: Count
    repeat: Count
    novice_sessions: int = Field(ge=0)
    praise_every: Count
    praise: str
    easier: str
    easier_version: str
    relapse_share: Share
    no_feedback_from: Count


class Fading(_Table):
    """From this session of a movement on, feedback to `give` of `of` repetitions that ask for some."""

    from_session: Count
    give: int = Field(ge=0)
    of: Count


class Pace(_Table):
    """Seconds of lowering and of lifting."""

    lower_s: float = Field(gt=0)
    lift_s: float = Field(gt=0)


class Words(_Table):
    """What to think of: external focuses, the first one first, and an internal one."""

    external: tuple[str, ...] = Field(min_length=1)
    internal: str


class CueBand(_Table):
    """The cue of one rule: its words, its place among the others, and the band that raises it."""

    words: str
    priority: Count
    on: Level
    margin: float = Field(gt=0)
    pattern: bool = True  # False where it names no pattern: a repetition that shows it may be clean


class Cues(_Table):
    """Everything the live coach says during a set, and when."""

    policy: CuePolicyTable
    fading: tuple[Fading, ...] = Field(min_length=1)
    tempo: Pace
    words: dict[str, Words]
    bands: dict[str, CueBand]
    cite: tuple[str, ...] = Field(min_length=1)
    grade: Grade

    @model_validator(mode="after")
    def _fits(self) -> "Cues":
        starts = [step.from_session for step in self.fading]
        if starts[0] != 1 or starts != sorted(set(starts)):
            raise ValueError("fading must begin with session 1 and go on in order")
        unknown = {band.words for band in self.bands.values()} - set(self.words)
        if unknown:
            raise ValueError(f"bands name words that are not there: {', '.join(sorted(unknown))}")
        return self
