"""What can go wrong, and the one table that says which exception stands for which code.

A failure has a code. The program tells it by its exit status, the hub by its HTTP status, and this package by an
exception. All are kinds of :class:`AecosError`::

    try:
        project.sync()
    except errors.Unavailable as error:
        print("later, then: %s" % error)
"""

from aecos._compat import native

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Optional, Tuple, Type  # novm


class AecosError(Exception):
    """Something failed; ``str(error)`` is one line that says what, where, and what to do about it.

    ``code`` is the code of the table below. ``output`` is what was answered all the same, as JSON: a sync without a
    connection, for one, has committed what was saved. ``status`` is the exit or HTTP status, if there was one.
    """

    code = "bug"

    def __init__(self, message, output=None, status=None):  # type: (str, Any, Optional[int]) -> None
        Exception.__init__(self, message)
        self.message = message
        self.output = output
        self.status = status

    def __str__(self):  # type: () -> str
        return native(self.message)


class InvalidInput(AecosError):
    """What was given cannot be used; nothing was changed."""

    code = "invalid_input"


class NotFound(InvalidInput):
    """There is no such thing. The program does not tell it from other unusable input: it raises `InvalidInput`."""

    code = "not_found"


class ChangedMeanwhile(AecosError):
    """Somebody else changed it, has it locked, or is at work on it: look again, and try again."""

    code = "changed_meanwhile"


class Denied(AecosError):
    """It is not allowed."""

    code = "denied"


class NotSignedIn(Denied):
    """The hub does not know the token, or there was none."""


class Unavailable(AecosError):
    """A remote or a program cannot be reached; local work is safe."""

    code = "unavailable"


class TimedOut(Unavailable):
    """No answer came in time."""


class ProgramMissing(Unavailable):
    """The program `aecos` is not installed, or is not where it was looked for."""


class Fault(AecosError):
    """A fault of aecos itself."""

    code = "bug"


#: code, exit status of the program, HTTP status of the hub, exception. The same as in src/cli/exit_status.h and
#: src/hub/answer.cpp.
TABLE = (
    ("not_found", 2, 404, NotFound),
    ("invalid_input", 2, 422, InvalidInput),
    ("changed_meanwhile", 3, 409, ChangedMeanwhile),
    ("denied", 4, 403, Denied),
    ("unavailable", 5, 503, Unavailable),
    ("bug", 70, 500, Fault),
)  # type: Tuple[Tuple[str, int, int, Type[AecosError]], ...]


def of_exit_status(status, message, output=None):  # type: (int, str, Any) -> AecosError
    """The exception for a failed program. Of two codes with one status it is the more general one."""
    found = Fault  # type: Type[AecosError]
    for _, exit_status, _, exception in TABLE:
        if exit_status == status:
            found = exception
    return found(message, output, status)


def of_http_status(status, message, output=None):  # type: (int, str, Any) -> AecosError
    """The exception for an answer of the hub that is a failure."""
    for _, _, http_status, exception in TABLE:
        if http_status == status:
            return exception(message, output, status)
    if status == 401:
        return NotSignedIn(message, output, status)
    if status >= 500 or status in (408, 429):
        return Unavailable(message, output, status)
    return InvalidInput(message, output, status)
