"""A project in a folder of this machine, through the program `aecos`."""
import hashlib
import json
import os
import shutil

from aecos import _compat, _program
from aecos.errors import InvalidInput, NotFound, ProgramMissing, of_exit_status
from aecos.hub import Hub, HubProject
from aecos.listening import Subscription
from aecos.records import (Channel, Commit, Conflict, Cost, Delivery, Generated, InboxItem, Lock, Placed, Resolution,
                           Status, SyncResult, TeamStatus, Validation, Waiver, Watch)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Dict, Iterator, List, Optional, Sequence  # novm

    from aecos.listening import Names, OnError, OnEvent

#: How long a command may take, in seconds, where nothing else is said.
TIMEOUT_S = 120.0


def _option(name, value):  # type: (str, str) -> List[str]
    """An option without a value would take the next argument for it."""
    return [name + "=" + value] if value else []


def _replace(source, target, folder):  # type: (str, str, str) -> None
    """Puts a copy there, by way of a file in that folder: whole, or not at all. Python 2 on Windows knows no such
    thing; there a sync waits until it is whole."""
    replace = getattr(os, "replace", None)
    if replace is None:
        shutil.copyfile(source, target)
        return
    beside = os.path.join(folder, "new")
    shutil.copyfile(source, beside)
    replace(beside, target)


class SyncStream(object):
    """The syncs of a work tree that is watched, as they happen: iterate over it; `close()` ends it, from any thread."""

    def __init__(self, lines):  # type: (_program.Lines) -> None
        self._lines = lines

    def __iter__(self):  # type: () -> Iterator[SyncResult]
        for answer in self._lines:
            yield SyncResult(answer)

    def close(self):  # type: () -> None
        """No more is shared by it; what is under way is finished."""
        self._lines.close()

    def __enter__(self):  # type: () -> SyncStream
        return self

    def __exit__(self, *_):  # type: (*Any) -> None
        self.close()


class Project(object):
    """A work tree.

    `program` is the program `aecos`: by default the one that the variable ``AECOS`` names, else the one in ``PATH``.
    `timeout_s` limits each call (None: no limit); a sync of large models over a slow line may want more.
    """

    def __init__(self, folder, program=None, timeout_s=TIMEOUT_S):
        # type: (str, Optional[str], Optional[float]) -> None
        self.folder = os.path.abspath(_compat.argument(folder))
        self.program = program or _program.find_program("aecos", "AECOS")
        self.timeout_s = timeout_s

    @classmethod
    def open(cls, folder=".", program=None, timeout_s=TIMEOUT_S):
        # type: (str, Optional[str], Optional[float]) -> Project
        """The project around a folder. NotFound: there is none."""
        project = cls(folder, program, timeout_s)
        if not os.path.isdir(project.folder):
            raise NotFound("%s is no folder" % _compat.text(folder))
        status, root, _ = _program.run(_program.find_program("git"), ["rev-parse", "--show-toplevel"], project.folder,
                                       timeout_s)
        root = root.rstrip("\r\n")
        if status != 0 or not os.path.isdir(os.path.join(_compat.argument(root), ".aecos")):
            raise NotFound("%s is in no project; make or join one with aecos init" % _compat.text(folder))
        project.folder = os.path.abspath(_compat.argument(root))
        return project

    @classmethod
    def join(cls, url, folder, member=None, program=None, timeout_s=TIMEOUT_S):
        # type: (str, str, Optional[str], Optional[str], Optional[float]) -> Project
        """Makes the folder a work tree of the project at a remote, or a new project there if it has none yet."""
        project = cls(folder, program, timeout_s)
        if not os.path.isdir(project.folder):
            os.makedirs(project.folder)
        arguments = ["init", "--remote", url] + (["--member", member] if member else [])
        status, _, complaint = _program.run(project.program, arguments, project.folder, timeout_s)
        if status != 0:
            raise of_exit_status(status, _program.complaint(complaint))
        return project

    def __repr__(self):  # type: () -> str
        return "Project(%r)" % self.folder

    def _ask(self, *arguments):  # type: (*str) -> Any
        words = list(arguments)
        words.insert(words.index("--") if "--" in words else len(words), "--json")  # Behind "--" are no options.
        return _program.ask(self.program, words, self.folder, self.timeout_s)

    # What was saved, and what others did.

    def status(self):  # type: () -> Status
        """What was saved here, what is to share, what waits, who has locked what."""
        return Status(self._ask("status"))

    def sync(self, offline=False, allow_secret=None):  # type: (bool, Optional[str]) -> SyncResult
        """Shares what was saved here, and takes in what others shared.

        New conflicts are in the result: a value stands in each, and nobody has to wait for them to be settled.
        `offline`: what was saved is only committed. `allow_secret`: share what looks like a secret all the same, for
        this reason. Unavailable: nothing could be exchanged; what was saved is committed, `error.output` says how.
        """
        arguments = ["sync"] + (["--offline"] if offline else [])
        if allow_secret is not None:
            arguments += _option("--allow-secret", allow_secret)
        return SyncResult(self._ask(*arguments))

    def watch(self):  # type: () -> SyncStream
        """Goes on: shares what is saved as it is saved, takes in what others share. Each sync is told as it is done."""
        return SyncStream(_program.Lines(self.program, ["sync", "--watch", "--json"], self.folder))

    def team(self):  # type: () -> TeamStatus
        """The team: who is there, branches, locks, change requests, conflicts, the last events. Needs a hub."""
        return TeamStatus(self._ask("sync", "status"))

    def history(self, element=None, count=50, merges=False):  # type: (Optional[str], int, bool) -> List[Commit]
        """Who changed what, the newest first; of one element (its GlobalId) with what changed in it."""
        arguments = ["log", "-n", str(count)] + (["--element", element] if element else [])
        return [Commit(each) for each in self._ask(*(arguments + (["--all"] if merges else [])))]

    def generate(self, text, dry_run=False, partial=False):  # type: (str, bool, bool) -> Generated
        """Makes elements of a sentence: ``5 m concrete wall, REI 120, on Level 1``. The next sync shares them.

        `dry_run`: nothing is made, it is only told what would be. `partial`: what is not understood is left out.
        InvalidInput: something is missing or not understood, so that nothing was made; `error.output` tells all.
        """
        arguments = ["generate"] + (["--dry-run"] if dry_run else []) + (["--partial"] if partial else [])
        return Generated(self._ask(*(arguments + ["--", text])))

    def validate(self, what=None, changed=False):  # type: (Any, bool) -> Validation
        """Holds the work tree to its requirements and to the rules of IFC.

        `what`: a revision ("HEAD~1"), or a file, a folder or a list of them; by default the whole project. `changed`:
        only files and elements that differ from the last commit. Faults are in the answer, they are no error.
        """
        words = ["validate"] + (["--changed"] if changed else []) + ["--"]
        if what is not None:
            words += [what] if isinstance(what, (type(""), type(u""))) else list(what)
        return Validation(self._ask(*words))

    def waivers(self):  # type: () -> List[Waiver]
        """What somebody lets pass, until when, and whether it is still needed."""
        return [Waiver(each) for each in self._ask("waivers")["waivers"]]

    def cost(self, what=None, paths=(), by="storey", rates=None):
        # type: (Optional[str], Sequence[str], str, Optional[str]) -> Cost
        """What the building costs, by the rates in ``.aecos/rates.csv`` or the file `rates`.

        `what`: a revision, or two: ``"HEAD~1..HEAD"``, ``"develop.."`` up to what is saved; by default the work tree.
        `paths`: only these files and folders. `by`: "storey", "class", "classification" or "element".
        InvalidInput: there are no rates, or they cannot be read. What has no rate or no quantity is in the answer, and
        counted nowhere.
        """
        words = ["cost", "--by=" + by] + _option("--rates", rates or "") + ["--"] + ([what] if what else [])
        return Cost(self._ask(*(words + list(paths))))

    def place_export(self, exported, path):  # type: (str, str) -> Placed
        """Puts a model that was exported anew in place of the file `path` of the project.

        An authoring tool knows nothing of what others did in that file since its last export, so it is no replacement
        but merged: what changed since the last export counts, and what others did stays. Where both changed the same,
        the export stands, and the conflict is told. The next sync shares it.
        """
        target = os.path.join(self.folder, _compat.argument(path))
        if os.path.relpath(os.path.realpath(target), os.path.realpath(self.folder)).split(os.sep)[0] in ("..", ".git"):
            raise InvalidInput("%s is no place in the project" % _compat.text(path))
        if not os.path.isfile(exported):
            raise InvalidInput("%s is no file" % _compat.text(exported))
        last = self._last_export(path)
        merged = {}  # type: Dict[str, Any]
        for folder in (os.path.dirname(target), os.path.dirname(last)):
            if not os.path.isdir(folder):
                os.makedirs(folder)
        if os.path.isfile(target) and os.path.isfile(last):
            merged = self._ask("merge", "--policy=ours", "--path=" + _compat.text(path), "--output=" + target, "--",
                               last, exported, target)
        else:
            _replace(exported, target, os.path.dirname(last))
        _replace(exported, last, os.path.dirname(last))
        return Placed(merged)

    def _last_export(self, path):  # type: (str) -> str
        """Beside git's own files: it is of this work tree alone."""
        place = self._git("rev-parse", "--git-path", "aecos-exports")
        name = hashlib.sha1(_compat.text(path).encode("utf-8")).hexdigest()
        return os.path.join(self.folder, _compat.argument(place or ".git/aecos-exports"),
                            name + os.path.splitext(_compat.argument(path))[1])

    # Conflicts.

    def conflicts(self):  # type: () -> List[Conflict]
        """Those that wait for somebody to settle them."""
        return [Conflict(each) for each in self._ask("conflicts")]

    def conflict(self, identity):  # type: (str) -> Conflict
        """One of them; the first characters of its id will do."""
        return Conflict(self._ask("conflicts", "--", identity)[0])

    def resolve(self, conflict, choice=None, **value):  # type: (Any, Optional[str], **Any) -> Resolution
        """Settles a conflict (or its id): `choice` is ``ours``, ``theirs``, ``base`` or ``as-is`` (the file is right as
        it is now), or ``value=...`` is the one that shall stand, any JSON. The next sync shares it."""
        identity = conflict.id if isinstance(conflict, Conflict) else conflict
        if (choice is None) == ("value" not in value) or set(value) - {"value"}:
            raise InvalidInput("a conflict is settled by a choice or by a value, and by one of them")
        if choice is None:
            return Resolution(self._ask("resolve", "--value=" + json.dumps(value["value"]), "--", identity))
        if choice not in ("ours", "theirs", "base", "as-is"):
            raise InvalidInput("%s: ours, theirs, base or as-is is wanted" % choice)
        return Resolution(self._ask("resolve", "--" + choice, "--", identity))

    # Locks.

    def locks(self):  # type: () -> List[Lock]
        """Who works on what. Needs a hub, as all of locks do."""
        return [Lock(each) for each in self._ask("locks")["locks"]]

    def lock(self, target, reason="", properties=None, minutes=0):
        # type: (str, str, Optional[str], int) -> Lock
        """Tells the others that one works on `target`: an element's GlobalId, a path, or a folder with a ``/`` behind.

        `properties`: only this property set of the element. ChangedMeanwhile: somebody else has it locked.
        """
        arguments = ["lock", "--minutes=%d" % minutes] + _option("--reason", reason)
        if properties:
            arguments += _option("--properties", properties)
        return Lock(self._ask(*(arguments + ["--", target])))

    def unlock(self, target, force=False, reason=""):  # type: (str, bool, str) -> Lock
        """Releases a lock, named by what it is on or by its id. `force`: breaks somebody else's, if one may."""
        arguments = ["unlock"] + (["--force"] if force else []) + _option("--reason", reason)
        return Lock(self._ask(*(arguments + ["--", target])))

    def ask_for_lock(self, target, message=""):  # type: (str, str) -> Lock
        """Asks whoever holds a lock to hand it over."""
        return Lock(self._ask(*(["lock", "--ask"] + _option("--reason", message) + ["--", target])))

    def hand_over(self, target):  # type: (str) -> Lock
        """Gives one's lock to whoever asked for it."""
        return Lock(self._ask("lock", "--hand-over", "--", target))

    # What one is told of.

    def notify(self, callback, types=None, element=None, actor=None, on_error=None):
        # type: (OnEvent, Optional[Names], Optional[str], Optional[str], Optional[OnError]) -> Subscription
        """Calls back with each event at the hub that is of one of those `types`, about that `element`, by that `actor`.

        The calls come from a thread of their own, one after the other; see :class:`Subscription`.
        """
        return self.hub().notify(callback, types, element, actor, on_error)

    def inbox(self, unread=True, mark_read=False):  # type: (bool, bool) -> List[InboxItem]
        """What one is told of, the newest first. `mark_read`: it is read then."""
        arguments = ["inbox"] + ([] if unread else ["--all"]) + (["--read"] if mark_read else [])
        return [InboxItem(each) for each in self._ask(*arguments)["items"]]

    def channels(self):  # type: () -> List[Channel]
        """The project's channels (Slack, Teams, mail), and whether they work."""
        return [Channel(each) for each in self._ask("notify", "channels")["channels"]]

    def test_channel(self, name):  # type: (str) -> Delivery
        """Sends a message to a channel that says it is a test."""
        return Delivery(self._ask("notify", "test", "--", name))

    def watches(self):  # type: () -> List[Watch]
        """The elements and properties that one hears of in the inbox."""
        return [Watch(each) for each in self._ask("watch")["watches"]]

    def hear_of(self, target):  # type: (str) -> Watch
        """From now on one hears of an element (a GlobalId) or a property (``*.LoadBearing``) in the inbox."""
        return Watch(self._ask("watch", "--", target))

    # The hub.

    def hub(self, timeout_s=30.0):  # type: (float) -> HubProject
        """The same project at its hub, as whom git knows one there. NotFound: its remote is no hub."""
        base = self._git("config", "--get", "aecos.hub")
        url = self._git("config", "--get", "remote.origin.url")
        if not base or not url:
            raise NotFound("%s is at no hub; where its remote is one, run aecos init again to use it" %
                           _compat.text(self.folder))
        name = _compat.unquote(url.rstrip("/").split("/")[-1])
        name = name[:-len(".git")] if name.endswith(".git") else name
        return Hub(base, self._credential(url), timeout_s).project(name)

    def _credential(self, url):  # type: (str) -> Optional[str]
        parts = _compat.urlsplit(url)
        if parts.password:
            return _compat.unquote(parts.password)
        asked = "protocol=%s\nhost=%s\n" % (parts.scheme, parts.netloc.split("@")[-1])
        asked += "username=%s\n" % _compat.unquote(parts.username) if parts.username else ""
        answer = self._git("-c", "core.askPass=", "credential", "fill", given=asked + "\n")
        told = dict(line.split("=", 1) for line in answer.splitlines() if "=" in line)  # type: Dict[str, str]
        return told.get("password")

    def _git(self, *arguments, **more):  # type: (*str, **str) -> str
        try:
            status, output, _ = _program.run(_program.find_program("git"), arguments, self.folder, self.timeout_s,
                                             more.get("given"))
        except ProgramMissing as error:
            raise ProgramMissing("%s: git is needed too" % error)
        return output.strip() if status == 0 else ""
