"""hipaudit: a clip of a squat or step-down in, a compensation report and a starting phase out.

    import hipaudit

    run = hipaudit.audit_clip("step_down.mp4")
    for finding in run.audit.findings:
        print(finding.say)

    frames       pictures with their time
    poses        where the joints are
    kinematics   joints to angles and ratios
    reps         when a repetition begins, turns and ends
    findings     rules over repetitions
    plan         the starting phase and the first weeks
    audit        the conductor and its document
    overlay      drawing on a picture
    report       writing an audit out
    batch        many clips of many people
    export       saved audits for other tools
    cli          the command line

Each line may use those above it. Importing hipaudit loads none of the heavy libraries.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"

if TYPE_CHECKING:
    from .audit import Audit
    from .audit.codec import from_json, to_json
    from .audit.run import AuditRun, audit_clip, audit_clips, audit_files, audit_poses
    from .audit.screen import ScreenRun, screen_clips
    from .errors import HipauditError
    from .plan.intake import Intake, read_intake
    from .plan.phase import starting_phase
    from .plan.weeks import first_weeks
    from .poses.files import read_poses
    from .report import ReportOptions, write_reports, write_screen

_HOME = {
    "Audit": "audit",
    "AuditRun": "audit.run",
    "HipauditError": "errors",
    "Intake": "plan.intake",
    "ReportOptions": "report",
    "ScreenRun": "audit.screen",
    "audit_clip": "audit.run",
    "audit_clips": "audit.run",
    "audit_files": "audit.run",
    "audit_poses": "audit.run",
    "first_weeks": "plan.weeks",
    "from_json": "audit.codec",
    "read_intake": "plan.intake",
    "read_poses": "poses.files",
    "screen_clips": "audit.screen",
    "starting_phase": "plan.phase",
    "to_json": "audit.codec",
    "write_reports": "report",
    "write_screen": "report",
}
__all__ = [
    "Audit",
    "AuditRun",
    "HipauditError",
    "Intake",
    "ReportOptions",
    "ScreenRun",
    "__version__",
    "audit_clip",
    "audit_clips",
    "audit_files",
    "audit_poses",
    "first_weeks",
    "from_json",
    "read_intake",
    "read_poses",
    "screen_clips",
    "starting_phase",
    "to_json",
    "write_reports",
    "write_screen",
]


def __getattr__(name: str) -> Any:  # noqa: ANN401 - whatever the name stands for
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f".{_HOME[name]}", __name__), name)


def __dir__() -> list[str]:
    return __all__
