"""The front door: what most scripts need of aecos, as functions over a project.

Each takes where the project is: a folder (by default the current one), a :class:`Project` (a work tree of this machine,
through the program ``aecos``), or a :class:`HubProject` (at a hub, through its API)::

    from aecos import sync

    sync.status()                                  # of the work tree here
    house = sync.Hub("https://hub.example.org", token).project("house")
    sync.locks(house)                              # of a project at a hub

What only a work tree can do (`sync`, `resolve`, `generate`, `validate`, `waivers`, `cost`) says so when it is given a
project at a hub.
"""
from aecos.errors import InvalidInput
from aecos.hub import Hub, HubProject
from aecos.listening import EventStream, Subscription
from aecos.project import Project, SyncStream
from aecos.records import Commit, Conflict, Cost, Event, Generated, Lock, Resolution, Status, SyncResult, TeamStatus
from aecos.records import Finding, Validation, Waiver

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, List, Optional, Sequence, Union  # novm

    from aecos.listening import Names, OnError, OnEvent

    Place = Union[str, Project, HubProject]

__all__ = ["Hub", "HubProject", "Project", "EventStream", "Subscription", "SyncStream", "Commit", "Conflict", "Cost",
           "Event", "Generated", "Lock", "Resolution", "Status", "SyncResult", "TeamStatus", "status", "sync", "watch",
           "locks", "lock", "unlock", "conflicts", "resolve", "notify", "history", "generate", "cost", "Finding",
           "Validation", "Waiver", "validate", "waivers"]


def _at(place):  # type: (Place) -> Union[Project, HubProject]
    return place if isinstance(place, (Project, HubProject)) else Project.open(place)


def _here(place, what):  # type: (Place, str) -> Project
    project = _at(place)
    if isinstance(project, HubProject):
        raise InvalidInput("%s needs a work tree: Project.join(URL, FOLDER) makes one of %s" % (what, project.name))
    return project


def status(project="."):  # type: (Place) -> Union[Status, TeamStatus]
    """A work tree: what was saved, what is to share, what waits (:class:`Status`). At a hub: the team."""
    return _at(project).status()


def sync(project=".", offline=False, allow_secret=None):  # type: (Place, bool, Optional[str]) -> SyncResult
    """Shares what was saved in a work tree, and takes in what others shared."""
    return _here(project, "sync").sync(offline, allow_secret)


def watch(project="."):  # type: (Place) -> Union[SyncStream, EventStream]
    """Goes on. A work tree: shares what is saved, takes in what comes, and tells each sync. At a hub: each event."""
    return _at(project).watch()


def locks(project="."):  # type: (Place) -> List[Lock]
    """Who works on what."""
    return _at(project).locks()


def lock(target, project=".", reason="", properties=None, minutes=0):
    # type: (str, Place, str, Optional[str], int) -> Lock
    """Tells the others that one works on an element (its GlobalId), a path, or a folder with a ``/`` behind."""
    return _at(project).lock(target, reason, properties, minutes)


def unlock(target, project=".", force=False, reason=""):  # type: (str, Place, bool, str) -> Lock
    """Releases a lock, named by what it is on or by its id."""
    return _at(project).unlock(target, force, reason)


def conflicts(project="."):  # type: (Place) -> List[Conflict]
    """The conflicts that wait for somebody to settle them."""
    return _at(project).conflicts()


def resolve(conflict, choice=None, project=".", **value):  # type: (Any, Optional[str], Place, **Any) -> Resolution
    """Settles a conflict in a work tree: by ``ours``, ``theirs``, ``base`` or ``as-is``, or by ``value=...``."""
    return _here(project, "resolve").resolve(conflict, choice, **value)


def notify(callback, project=".", types=None, element=None, actor=None, on_error=None):
    # type: (OnEvent, Place, Optional[Names], Optional[str], Optional[str], Optional[OnError]) -> Subscription
    """Calls back with each event at the hub that is of those types, about that element, by that person, until the
    subscription is stopped."""
    return _at(project).notify(callback, types, element, actor, on_error)


def generate(text, project=".", dry_run=False, partial=False):  # type: (str, Place, bool, bool) -> Generated
    """Makes elements of a sentence, in a work tree: ``5 m concrete wall, REI 120, on Level 1``."""
    return _here(project, "generate").generate(text, dry_run, partial)


def validate(what=None, project=".", changed=False):  # type: (Any, Place, bool) -> Validation
    """Holds a work tree, a revision, or files to the project's requirements and to the rules of IFC."""
    return _here(project, "validate").validate(what, changed)


def waivers(project="."):  # type: (Place) -> List[Waiver]
    """What somebody lets pass, with the reason, until when, and whether it is still needed."""
    return _here(project, "waivers").waivers()


def cost(what=None, project=".", paths=(), by="storey", rates=None):
    # type: (Optional[str], Place, Sequence[str], str, Optional[str]) -> Cost
    """What the building costs, and what a change does to it: ``cost("HEAD~1..HEAD").difference("EUR")``."""
    return _here(project, "cost").cost(what, paths, by, rates)


def history(project=".", element=None, count=50):  # type: (Place, Optional[str], int) -> List[Commit]
    """Who changed what, the newest first; of one element (its GlobalId) with what changed in it."""
    return _at(project).history(element, count)
