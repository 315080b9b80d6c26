"""Runs the program `aecos` (and git): no shell, UTF-8, a time limit for each call."""
import json
import os
import subprocess
import threading
import time

from aecos._compat import IS_WINDOWS, argument, raw, text
from aecos.errors import Fault, ProgramMissing, TimedOut, of_exit_status

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, IO, Iterator, List, Optional, Sequence, Tuple  # novm

_NO_WINDOW = 0x08000000  # CREATE_NO_WINDOW: no console flashes up over Revit.
_GRACE_S = 5.0  # For the program to finish the file it writes, once it is told to end.


def find_program(name, variable=None):  # type: (str, Optional[str]) -> str
    """Where a program is: as the variable of the environment says, else in PATH."""
    named = os.environ.get(variable, "") if variable else ""
    if named:
        if os.path.isfile(named):
            return named
        raise ProgramMissing("%s is %s, which is no file" % (variable, text(named)))
    for folder in os.environ.get("PATH", "").split(os.pathsep):
        for suffix in (".exe", "") if IS_WINDOWS else ("",):
            path = os.path.join(folder, name + suffix)
            if folder and os.path.isfile(path) and os.access(path, os.X_OK):
                return path
    hint = ", or name it in the variable %s" % variable if variable else ""
    raise ProgramMissing("the program %s was not found; install it, put it in PATH%s" % (name, hint))


def start(program, arguments, folder, feed=False):
    # type: (str, Sequence[str], str, bool) -> subprocess.Popen[bytes]
    """A running program with pipes for its output. `feed`: it has one for its input, too."""
    environment = dict(os.environ)
    environment["GIT_TERMINAL_PROMPT"] = "0"
    command = [argument(program)] + [argument(each) for each in arguments]
    more = {"creationflags": _NO_WINDOW} if IS_WINDOWS else {"close_fds": True}  # type: Any
    try:
        process = subprocess.Popen(command, cwd=argument(folder), env=environment, stdin=subprocess.PIPE,
                                   stdout=subprocess.PIPE, stderr=subprocess.PIPE, **more)
    except (OSError, ValueError) as error:
        raise ProgramMissing("%s cannot be started in %s: %s" % (text(program), text(folder), text(str(error))))
    if not feed and process.stdin is not None:
        process.stdin.close()
        process.stdin = None
    return process


class _Reader(threading.Thread):
    """Takes in all that comes from a pipe, so that the program never waits for us."""

    def __init__(self, pipe):  # type: (Any) -> None
        threading.Thread.__init__(self)
        self.daemon = True
        self.pipe = pipe
        self.data = raw("")
        self.start()

    def run(self):  # type: () -> None
        try:
            self.data = self.pipe.read()
            self.pipe.close()
        except (OSError, ValueError):  # The program was ended.
            pass


def end(process):  # type: (subprocess.Popen[bytes]) -> None
    """Ends a program, gently first."""
    if process.poll() is None:
        _quietly(process.terminate)
        if not _wait(process, _GRACE_S):
            _quietly(process.kill)
            process.wait()


def _quietly(act):  # type: (Any) -> None
    try:
        act()
    except OSError:  # It ended by itself meanwhile.
        pass


def _wait(process, seconds):  # type: (subprocess.Popen[bytes], float) -> bool
    deadline = time.time() + seconds
    while process.poll() is None and time.time() < deadline:
        time.sleep(0.01)
    return process.poll() is not None


def run(program, arguments, folder, timeout_s, given=None):
    # type: (str, Sequence[str], str, Optional[float], Optional[str]) -> Tuple[int, str, str]
    """Exit status, output and error output. `given`: what it reads from its input. TimedOut: it was ended."""
    process = start(program, arguments, folder, feed=given is not None)
    readers = [_Reader(process.stdout), _Reader(process.stderr)]
    if given is not None and process.stdin is not None:
        process.stdin.write(given.encode("utf-8"))
        process.stdin.close()
    readers[0].join(timeout_s)
    if readers[0].is_alive():
        end(process)
        raise TimedOut("aecos %s did not end within %g s" % (arguments[0], timeout_s or 0))
    process.wait()
    readers[1].join(_GRACE_S)
    return process.returncode, text(readers[0].data), text(readers[1].data)


def complaint(error_output):  # type: (str) -> str
    """The line that says why: the last one that the program did not only warn with."""
    lines = [line.strip() for line in error_output.splitlines() if line.strip()]
    said = [line for line in lines if not line.startswith("aecos: warning:")] or lines
    line = said[-1] if said else "aecos ended without saying why"
    return line[len("aecos: "):] if line.startswith("aecos: ") else line


def parsed(output):  # type: (str) -> Any
    """The JSON of an answer; None: there is none."""
    try:
        return json.loads(output)
    except ValueError:
        return None


def ask(program, arguments, folder, timeout_s):  # type: (str, Sequence[str], str, Optional[float]) -> Any
    """The JSON that the program answers. Status 1 is an answer, too: done, and there is something to look at."""
    status, output, error_output = run(program, arguments, folder, timeout_s)
    answer = parsed(output)
    if status not in (0, 1):
        raise of_exit_status(status, complaint(error_output), answer)
    if answer is None and output.strip():
        raise Fault("aecos %s answered no JSON" % arguments[0], None, status)
    return answer


class Lines(object):
    """The lines of a program that goes on, each one JSON. Ends with it; `close()` ends it, from any thread."""

    def __init__(self, program, arguments, folder):  # type: (str, Sequence[str], str) -> None
        self._process = start(program, arguments, folder)
        self._errors = _Reader(self._process.stderr)
        self._closed = False

    def __iter__(self):  # type: () -> Iterator[Any]
        pipe = self._process.stdout  # type: Any
        for line in iter(pipe.readline, raw("")):
            answer = parsed(text(line))
            if answer is not None:
                yield answer
        pipe.close()
        self._process.wait()
        self._errors.join(_GRACE_S)
        if self._process.returncode != 0 and not self._closed:
            raise of_exit_status(self._process.returncode, complaint(text(self._errors.data)))

    def close(self):  # type: () -> None
        self._closed = True
        end(self._process)
