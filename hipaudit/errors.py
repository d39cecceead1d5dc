"""What can go wrong for a caller, as one small tree.

    HipauditError
        SourceError     a clip cannot be opened, or holds no picture
        NothingToJudge  the clip was read, but there is nobody, no movement, or no telling which movement
        BackendError    a pose model is missing or is not the file it should be
        LibraryError    a rule, movement or table of the library is wrong: which file, which key, why
        IntakeError     an intake file is wrong: which key, why
        ManifestError   a list of clips is wrong: which line, why
        OutputError     the results cannot be written where they were asked for
        ClusterError    a Dask cluster cannot be reached, or its workers cannot do the work
        MissingExtra    an optional part of hipaudit is not installed

Each message is one sentence or two for the person who reads it: what, why, what to do. A joint that cannot be
seen, a repetition that does not count and a measure this view cannot show are values, not errors.
"""


class HipauditError(Exception):
    """Any error a caller of hipaudit may want to catch."""


class SourceError(HipauditError):
    """A clip cannot be opened, or holds no picture."""


class NothingToJudge(HipauditError):  # noqa: N818 - reads as what it is
    """The clip was read, but holds nobody, no movement, or one that cannot be told."""


class BackendError(HipauditError):
    """A pose model is missing, or is not the file it should be."""


class LibraryError(HipauditError):
    """A file of the library is wrong; the message names the file and the key."""


class IntakeError(HipauditError):
    """An intake file is wrong; the message names the key."""


class ManifestError(HipauditError):
    """A list of clips, or the pattern that names their clients, is wrong; the message says where."""


class OutputError(HipauditError):
    """The results cannot be written where they were asked for."""


class ClusterError(HipauditError):
    """A Dask cluster cannot be reached, or its workers cannot do the work."""


class MissingExtra(HipauditError):  # noqa: N818 - reads as what it is
    """An optional part of hipaudit is not installed; the message says how to get it."""
