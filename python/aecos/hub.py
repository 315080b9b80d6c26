"""A hub and its projects, through its API; nothing needs to be installed or cloned for that."""
import os

from aecos import _compat, _http
from aecos.errors import InvalidInput, NotFound
from aecos.listening import EventStream, Subscription
from aecos.records import (Branch, Channel, ChangeRequest, Commit, Conflict, Delivery, Event, FileChanges, InboxItem,
                           Lock, Presence, TeamStatus, Watch)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Dict, Iterator, List, Optional  # novm

    from aecos.listening import Names, OnError, OnEvent

#: How long an answer may take, in seconds, where nothing else is said.
TIMEOUT_S = 30.0
_PAGE = 1000


class Hub(object):
    """A hub: `url` is its address, `token` lets one in (by default the variable ``AECOS_TOKEN`` has it).

    `certificates`: a file of authorities that are trusted in place of the system's, for a hub with a certificate of
    one's own office.
    """

    def __init__(self, url, token=None, timeout_s=TIMEOUT_S, certificates=None):
        # type: (str, Optional[str], Optional[float], Optional[str]) -> None
        known = token if token is not None else os.environ.get("AECOS_TOKEN")
        self._address = _http.Address(url, known, timeout_s, certificates)

    @property
    def url(self):  # type: () -> str
        """Where it is."""
        return self._address.url

    def __repr__(self):  # type: () -> str
        return "Hub(%r)" % self.url

    def ask(self, method, path, body=None):  # type: (str, str, Any) -> Any
        """Any request of the API (docs/api/openapi.yaml): ``hub.ask("GET", "/api/v1/projects")``, as JSON."""
        return _http.ask(self._address, method, path, body)

    def is_hub(self):  # type: () -> bool
        """Whether a hub answers there."""
        try:
            answer = self.ask("GET", "/api/v1")
        except (NotFound, InvalidInput):
            return False
        return isinstance(answer, dict) and answer.get("name") == "aecos hub"

    def login(self):  # type: () -> str
        """Whose token it is. NotSignedIn: nobody's."""
        login = self.ask("GET", "/api/v1/user")["login"]  # type: str
        return login

    def projects(self):  # type: () -> List[str]
        """The names of the projects that one may read."""
        return [each["name"] for each in self.ask("GET", "/api/v1/projects")["projects"]]

    def project(self, name):  # type: (str) -> HubProject
        """One of them. It is not asked for before something is wanted of it."""
        return HubProject(self, name)

    def inbox(self, unread=True, limit=100):  # type: (bool, int) -> List[InboxItem]
        """What one is told of in all projects, the newest first."""
        answer = self.ask("GET", "/api/v1/inbox" + _compat.query({"unread": unread, "limit": limit}))
        return [InboxItem(each) for each in answer["items"]]


class HubProject(object):
    """A project at a hub."""

    def __init__(self, hub, name):  # type: (Hub, str) -> None
        self.at = hub
        self.name = name
        self._path = "/api/v1/projects/" + _compat.segment(name)

    def __repr__(self):  # type: () -> str
        return "HubProject(%r, %r)" % (self.at.url, self.name)

    def ask(self, method, path, body=None, query=None):  # type: (str, str, Any, Optional[Dict[str, Any]]) -> Any
        """Any request of the API below the project's address: ``project.ask("GET", "/locks")``."""
        return self.at.ask(method, self._path + path + _compat.query(query or {}), body)

    def _get(self, where, **query):  # type: (str, **Any) -> Any
        return self.ask("GET", where, None, query)

    def status(self):  # type: () -> TeamStatus
        """The team: who is there, branches, locks, change requests, conflicts, the last events."""
        told = {"project": self.name, "hub": self.at.url}  # type: Dict[str, Any]
        told["present"] = self._get("/presence")["present"]
        told["branches"] = self._get("/branches")["branches"]
        told["locks"] = self._get("/locks")["locks"]
        told["changeRequests"] = self._get("/change-requests", state="open")["changeRequests"]
        told["conflicts"] = self._get("/conflicts")["conflicts"]
        told["events"] = self._get("/events", order="newest", limit=24)["events"]
        return TeamStatus(told)

    # History.

    def history(self, element=None, count=50, branch=None, path=None):
        # type: (Optional[str], int, Optional[str], Optional[str]) -> List[Commit]
        """Who changed what, the newest first: of a `branch` (the shared one), of a `path`, or of one element (its
        GlobalId) of the shared branch, with what changed in it."""
        if element is not None:
            return self._history_of(element, count)
        found = []  # type: List[Commit]
        start = branch
        while len(found) < count:
            page = self._get("/commits", path=path, limit=min(_PAGE, count - len(found)), **{"from": start})
            found += [Commit(each) for each in page["commits"]]
            start = page["next"]
            if not start:
                break
        return found[:count]

    def _history_of(self, element, count):  # type: (str, int) -> List[Commit]
        found = []  # type: List[Commit]
        after = None  # type: Optional[int]
        while len(found) < count:
            page = self._get("/events", order="newest", type="commit.integrated", element=element, after=after,
                            limit=min(_PAGE, count - len(found)))
            found += [_commit_of(Event(each), element) for each in page["events"]]
            after = page["next"]
            if not after:
                break
        return found

    def changes(self, before, after):  # type: (str, str) -> List[FileChanges]
        """What is different between two versions (branches or commits), in the words of a building."""
        answer = self._get("/changes", to=after, **{"from": before})
        return [FileChanges(each) for each in answer["files"]]

    def branches(self):  # type: () -> List[Branch]
        """The branches, by name."""
        return [Branch(each) for each in self._get("/branches")["branches"]]

    def change_requests(self, state="open"):  # type: (str) -> List[ChangeRequest]
        """Those that are ``open``, ``merged`` or ``closed``, the newest first."""
        return [ChangeRequest(each) for each in self._get("/change-requests", state=state)["changeRequests"]]

    def conflicts(self):  # type: () -> List[Conflict]
        """Those that are open on the shared branch. They are settled in a work tree: `Project.resolve`."""
        return [Conflict(each) for each in self._get("/conflicts")["conflicts"]]

    # Locks.

    def locks(self):  # type: () -> List[Lock]
        """Who works on what, the oldest first."""
        return [Lock(each) for each in self._get("/locks")["locks"]]

    def lock(self, target, reason="", properties=None, minutes=0, name="", ifc_class="", branch=""):
        # type: (str, str, Optional[str], int, str, str, str) -> Lock
        """Tells the others that one works on `target`: an element's GlobalId, a path, or a folder with a ``/`` behind.

        `properties`: only this property set of the element. `name` and `ifc_class` are what the others are shown of it.
        ChangedMeanwhile: somebody else has it locked; `error.output` is that lock, as JSON.
        """
        kind = "properties" if properties else "element" if is_global_id(target) else "path"
        wish = {"kind": kind, "target": target, "reason": reason, "leaseMinutes": minutes, "branch": branch,
                "elementName": name, "elementClass": ifc_class}  # type: Dict[str, Any]
        if properties:
            wish["propertySet"] = properties
        return Lock(self.ask("POST", "/locks", wish))

    def unlock(self, lock, force=False, reason=""):  # type: (Any, bool, str) -> Lock
        """Releases a lock, named by itself, its id, or what it is on. `force`: breaks somebody else's, if one may."""
        path = "/locks/" + _compat.segment(self._lock_id(lock))
        return Lock(self.ask("DELETE", path, None, {"force": True, "reason": reason or None} if force else None))

    def ask_for_lock(self, lock, message=""):  # type: (Any, str) -> Lock
        """Asks whoever holds a lock to hand it over."""
        return Lock(self.ask("POST", "/locks/%s/request" % _compat.segment(self._lock_id(lock)), {"message": message}))

    def hand_over(self, lock):  # type: (Any) -> Lock
        """Gives one's lock to whoever asked for it."""
        return Lock(self.ask("POST", "/locks/%s/hand-over" % _compat.segment(self._lock_id(lock))))

    def _lock_id(self, named):  # type: (Any) -> str
        if isinstance(named, Lock):
            return named.id
        for lock in self.locks():
            if named in (lock.id, lock.target, lock.element.name):
                return lock.id
        raise NotFound("nothing is locked that is called %s" % named)

    # What happens.

    def events(self, after=0, types=None, element=None, actor=None):
        # type: (int, Optional[str], Optional[str], Optional[str]) -> Iterator[Event]
        """What happened behind that sequence, the oldest first, all of it. `types` that end in a dot are all that begin
        so."""
        place = after  # type: Optional[int]
        while place is not None:
            page = self._get("/events", after=place, type=types, element=element, actor=actor, limit=_PAGE)
            for each in page["events"]:
                yield Event(each)
            place = page["next"]

    def watch(self, after=None, types=None, element=None, actor=None, lost=None):
        # type: (Optional[int], Optional[Names], Optional[str], Optional[str], Optional[OnError]) -> EventStream
        """What happens, as it happens; with `after` first what happened behind that sequence. Only what is of one of
        those `types`, about that `element`, by that `actor`. `lost` is told of a connection that has to be made
        again."""
        return EventStream(_http.Stream(self.at._address, self._path + "/stream", after, lost), types, element, actor)

    def notify(self, callback, types=None, element=None, actor=None, on_error=None):
        # type: (OnEvent, Optional[Names], Optional[str], Optional[str], Optional[OnError]) -> Subscription
        """Calls back with each event that is of one of those `types`, about that `element`, by that `actor`.

        The calls come from a thread of their own, one after the other; see :class:`Subscription`. To begin further
        back: ``Subscription(project.watch(after=...), callback)``.
        """
        return Subscription(self.watch(None, types, element, actor, on_error), callback, on_error)

    def present(self):  # type: () -> List[Presence]
        """Who is there now."""
        return [Presence(each) for each in self._get("/presence")["present"]]

    def be_present(self, state, client="python", branch="", path="", element=""):
        # type: (str, str, str, str, str) -> None
        """Says what one is doing; to be said again every minute. The state ``gone`` takes it back."""
        self.ask("PUT", "/presence", {"state": state, "client": client, "branch": branch, "path": path,
                                      "element": element})

    # What one is told of.

    def inbox(self, unread=True, limit=100, mark_read=False):  # type: (bool, int, bool) -> List[InboxItem]
        """What one is told of, the newest first. `mark_read`: it is read then."""
        items = [InboxItem(each) for each in self._get("/inbox", unread=unread, limit=limit)["items"]]
        if mark_read and items:
            self.ask("POST", "/inbox/read", {"upTo": max(item.event.sequence for item in items)})
        return items

    def channels(self):  # type: () -> List[Channel]
        """The project's channels (Slack, Teams, mail), and whether they work."""
        return [Channel(each) for each in self._get("/channels")["channels"]]

    def test_channel(self, name):  # type: (str) -> Delivery
        """Sends a message to a channel that says it is a test."""
        return Delivery(self.ask("POST", "/channels/%s/test" % _compat.segment(name), {}))

    def watches(self):  # type: () -> List[Watch]
        """The elements and properties that one hears of in the inbox."""
        return [Watch(each) for each in self._get("/watches")["watches"]]

    def hear_of(self, target):  # type: (str) -> Watch
        """From now on one hears of an element (a GlobalId) or a property (``*.LoadBearing``) in the inbox."""
        return Watch(self.ask("POST", "/watches", {"kind": "element" if is_global_id(target) else "property",
                                                   "target": target}))


def is_global_id(value):  # type: (str) -> bool
    """Whether it is written as a GlobalId of IFC is: 22 characters."""
    letters = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_$"
    return len(value) == 22 and value[0] in "0123" and all(each in letters for each in value)


def _commit_of(event, element):  # type: (Event, str) -> Commit
    changes = [change.raw for each in event.elements if element in (each.element.global_id, each.element.name)
               for change in each.changes]
    paths = [each.path for each in event.elements if element in (each.element.global_id, each.element.name)]
    return Commit({"id": event.commit, "time": event.time, "author": event.actor, "subject": event.summary,
                   "paths": paths, "changes": changes})
