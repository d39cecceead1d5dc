"""audit.json."""

from ..audit.codec import to_json
from ..audit.run import AuditRun


def content(run: AuditRun) -> str:
    """The audit as JSON."""
    return to_json(run.audit) + "\n"
