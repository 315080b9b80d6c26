"""What is answered: values with names, the same from the program and from a hub.

Each is a :class:`Record`. Its members are those that are documented here; ``raw`` has all of the JSON it was read from.
"""
from decimal import Decimal

from aecos._compat import native

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Callable, Dict, Iterable, List, Optional, TypeVar  # novm

    T = TypeVar("T")


def _text(raw, name):  # type: (Dict[str, Any], str) -> str
    value = raw.get(name)
    return value if value is not None else ""


def _number(raw, name):  # type: (Dict[str, Any], str) -> int
    value = raw.get(name)
    return int(value) if value is not None else 0


def _list(raw, name, kind):  # type: (Dict[str, Any], str, Callable[[Any], T]) -> List[T]
    return [kind(each) for each in raw.get(name) or []]


class Record(object):
    """A value with names. Two are equal if their JSON is."""

    def __init__(self, raw):  # type: (Dict[str, Any]) -> None
        self.raw = raw

    def __eq__(self, other):  # type: (object) -> bool
        return type(self) is type(other) and isinstance(other, Record) and self.raw == other.raw

    def __ne__(self, other):  # type: (object) -> bool
        return not self == other

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self):  # type: () -> str
        shown = ["%s=%r" % item for item in sorted(self.__dict__.items()) if item[0] != "raw"]
        return native("%s(%s)" % (type(self).__name__, ", ".join(shown)))


class Element(Record):
    """What a person points at: `global_id`, `ifc_class` and `name`, each empty where it is not known."""

    def __init__(self, raw):  # type: (Dict[str, Any]) -> None
        Record.__init__(self, raw)
        self.global_id = _text(raw, "globalId")
        self.ifc_class = _text(raw, "class")
        self.name = _text(raw, "name")

    @property
    def title(self):  # type: () -> str
        """What people call it."""
        return self.name or self.ifc_class or self.global_id


class Change(Record):
    """One thing that is different: `kind`, `element`, `at` (where), `before`, `after` (any JSON; None: not there)."""

    def __init__(self, raw):  # type: (Dict[str, Any]) -> None
        Record.__init__(self, raw)
        self.kind = _text(raw, "kind")
        self.element = Element(raw.get("element") or {})
        self.at = _text(raw, "at")
        self.before = raw.get("before")  # type: Any
        self.after = raw.get("after")  # type: Any


class FileChanges(Record):
    """What changed in the file `path`: `changes`, or a `note` where it cannot be told so."""

    def __init__(self, raw):  # type: (Dict[str, Any]) -> None
        Record.__init__(self, raw)
        self.path = _text(raw, "path")
        self.note = _text(raw, "note")
        self.changes = _list(raw, "changes", Change)


class Kept(Record):
    """A file that was left as it is: `path`, and the `reason`, where one was told."""

    def __init__(self, raw):  # type: (Any) -> None
        members = raw if isinstance(raw, dict) else {"path": raw}
        Record.__init__(self, members)
        self.path = _text(members, "path")
        self.reason = _text(members, "reason")


class Lock(Record):
    """That `holder` works on `target` (a GlobalId, or a path): `kind` is ``element``, ``properties`` or ``path``.

    `expires` and `acquired` are times (RFC 3339), empty where they are not told; `asked_by` is who would like to have
    the lock, empty: nobody.
    """

    def __init__(self, raw):  # type: (Dict[str, Any]) -> None
        Record.__init__(self, raw)
        asked = raw.get("asked") or {}  # type: Dict[str, Any]
        self.id = _text(raw, "id")
        self.kind = _text(raw, "kind")
        self.target = _text(raw, "target")
        self.property_set = _text(raw, "propertySet")
        self.holder = _text(raw, "holder")
        self.reason = _text(raw, "reason")
        self.branch = _text(raw, "branch")
        self.element = Element({"globalId": self.target if self.kind != "path" else "",
                                "name": _text(raw, "elementName"), "class": _text(raw, "elementClass")})
        self.acquired = _text(raw, "acquired")
        self.expires = _text(raw, "expires")
        self.asked_by = _text(asked, "by")
        self.asked_message = _text(asked, "message")


class Side(Record):
    """One of the versions of a conflict: its `value` (any JSON; None: it does not have the thing) and the `author`.

    `is_large`: the value is in a file of the project, `blob`, as it is too large to be told.
    """

    def __init__(self, raw):  # type: (Dict[str, Any]) -> None
        Record.__init__(self, raw)
        self.value = raw.get("value")  # type: Any
        self.author = _text(raw, "author")
        self.commit = _text(raw, "commit")
        self.blob = _text(raw, "blob")
        self.is_large = bool(self.blob)


class Conflict(Record):
    """A value that was wanted two ways, and waits for somebody to settle it.

    `base`, `ours` and `theirs` are the versions, `chosen` says which one stands meanwhile, and `because` why.
    """

    def __init__(self, raw):  # type: (Dict[str, Any]) -> None
        Record.__init__(self, raw)
        self.id = _text(raw, "id")
        self.path = _text(raw, "path")
        self.branch = _text(raw, "branch")
        self.opened = _text(raw, "opened")
        self.element = Element(raw.get("element") or {})
        self.at = _text(raw, "at")
        self.kind = _text(raw, "kind")
        self.base = Side(raw.get("base") or {})
        self.ours = Side(raw.get("ours") or {})
        self.theirs = Side(raw.get("theirs") or {})
        self.chosen = _text(raw, "chosen")
        self.because = _text(raw, "because")

    @property
    def title(self):  # type: () -> str
        """The element, or the file, and the place in it."""
        return " ".join(part for part in (self.element.title or self.path, self.at) if part)


def _conflict_of_sync(raw):  # type: (Dict[str, Any]) -> Conflict
    """A sync tells of the three versions their values alone."""
    members = dict(raw)
    for side in ("base", "ours", "theirs"):
        members[side] = {"value": raw.get(side)}
    return Conflict(members)


class Resolution(Record):
    """A conflict that was settled: `commit` is empty while more is unmerged in the file, `open_in_path` is how much."""

    def __init__(self, raw):  # type: (Dict[str, Any]) -> None
        Record.__init__(self, raw)
        self.id = _text(raw, "id")
        self.path = _text(raw, "path")
        self.commit = _text(raw, "commit")
        self.open_in_path = _number(raw, "openInPath")


class Commit(Record):
    """A step of the history: `id`, `time` (RFC 3339), `author`, `subject`; of an element also its `changes`."""

    def __init__(self, raw):  # type: (Dict[str, Any]) -> None
        Record.__init__(self, raw)
        self.id = _text(raw, "id") or _text(raw, "commit")
        self.time = _text(raw, "time")
        self.author = _text(raw, "author")
        self.subject = _text(raw, "subject")
        self.parents = _list(raw, "parents", _word)
        self.paths = _list(raw, "paths", _word)
        self.changes = _list(raw, "changes", Change)


def _word(value):  # type: (Any) -> str
    word = value  # type: str
    return word


class Status(Record):
    """A work tree: what was saved (`changes`), what is to share and to take in, what waits, and who is in the way.

    `waiting` and `held` are files that were left as they are; `would_be_refused` and `locked_by_others` are lines that
    say what the hub's rules and others' locks have against the saved work.
    """

    def __init__(self, raw):  # type: (Dict[str, Any]) -> None
        Record.__init__(self, raw)
        self.branch = _text(raw, "branch")
        self.shared_branch = _text(raw, "sharedBranch")
        self.remote = _text(raw, "remote")
        self.to_share = _number(raw, "toShare")
        self.to_take = _number(raw, "toTake")
        self.changes = _list(raw, "changes", FileChanges)
        self.waiting = _list(raw, "waiting", Kept)
        self.held = _list(raw, "held", Kept)
        self.unmerged = _list(raw, "unmerged", _word)
        self.open_conflicts = _number(raw, "openConflicts")
        self.running = _text(raw, "running")
        self.activity = _text(raw, "activity")
        self.interrupted = bool(raw.get("interrupted"))
        self.locks = _list(raw, "locks", Lock)
        self.would_be_refused = _list(raw, "wouldBeRefused", _word)
        self.locked_by_others = _list(raw, "lockedByOthers", _word)


class SyncResult(Record):
    """What a sync did: `commits` of saved work, `received` from others, `conflicts` that it opened.

    `pushed`: work of ours went out; `shared`: the shared branch has all that was saved here; `offline`: nothing was
    exchanged; `trouble`: why nothing could be, empty if it could; `warnings`: lines, of the hub's too.
    """

    def __init__(self, raw):  # type: (Dict[str, Any]) -> None
        Record.__init__(self, raw)
        self.branch = _text(raw, "branch")
        self.shared_branch = _text(raw, "sharedBranch")
        self.head = _text(raw, "head")
        self.offline = bool(raw.get("offline"))
        self.pushed = bool(raw.get("pushed"))
        self.shared = bool(raw.get("shared"))
        self.commits = _list(raw, "commits", Commit)
        self.received = _list(raw, "received", FileChanges)
        self.placed = _list(raw, "placed", _word)
        self.conflicts = _list(raw, "conflicts", _conflict_of_sync)
        self.open_conflicts = _number(raw, "openConflicts")
        self.waiting = _list(raw, "waiting", Kept)
        self.held = _list(raw, "held", Kept)
        self.warnings = _list(raw, "warnings", _word)
        self.trouble = _text(raw, "trouble")


class Placed(Record):
    """An export that was put into a project: `kept` counts what others did in the file since the export before, and
    stays; `conflicts` are where both changed the same: the export (`ours`) stands."""

    def __init__(self, raw):  # type: (Dict[str, Any]) -> None
        Record.__init__(self, raw)
        self.kept = _number(raw.get("counts") or {}, "theirs")
        self.conflicts = _list(raw, "conflicts", _conflict_of_sync)


class Generated(Record):
    """What was made of a sentence: the `elements`, the `paths` of their folders, the other files that were `edited`.

    `written` is False where it was only looked at. `specification` is what was understood, as JSON; `problems` are lines
    that say what was not."""

    def __init__(self, raw):  # type: (Dict[str, Any]) -> None
        Record.__init__(self, raw)
        self.status = _text(raw, "status")
        self.written = bool(raw.get("written"))
        self.elements = _list(raw, "elements", Element)
        self.paths = [_text(each, "path") for each in raw.get("elements") or []]
        self.edited = _list(raw, "edited", _word)
        self.specification = raw.get("specification")  # type: Any
        self.problems = [_text(each, "message") for each in raw.get("problems") or []]


class Finding(Record):
    """What is wrong: `rule`, `severity` ("error", "warning"), `path`, `line`, `specification` (what was asked for),
    `element`, `message`, `mend` (what to do). `waived`: the id of the waiver that lets it pass, empty: none does."""

    def __init__(self, raw):  # type: (Dict[str, Any]) -> None
        Record.__init__(self, raw)
        self.rule = _text(raw, "rule")
        self.severity = _text(raw, "level")
        self.path = _text(raw, "path")
        self.line = _number(raw, "line")
        self.specification = _text(raw, "specification")
        self.element = Element(raw.get("element") or {})
        self.message = _text(raw, "message")
        self.mend = _text(raw, "mend")
        self.waived = _text(raw.get("waived") or {}, "id")


class Validation(Record):
    """What a check found: `findings`, how many `errors` nobody waived, how many are `waived`, how many `files` were
    looked at, `untold` ones that are only counted, `notes`. It `passed` where there are no errors."""

    def __init__(self, raw):  # type: (Dict[str, Any]) -> None
        Record.__init__(self, raw)
        self.findings = _list(raw, "findings", Finding)
        self.errors = _number(raw, "errors")
        self.waived = _number(raw, "waived")
        self.untold = _number(raw, "untold")
        self.files = _number(raw, "files")
        self.notes = [each for each in raw.get("notes") or []]

    @property
    def passed(self):  # type: () -> bool
        """Nothing is wrong that nobody waived."""
        return self.errors == 0


class Waiver(Record):
    """That findings may pass: of a `rule` or a `specification`, for an `element` (GlobalId) or a `path`, for a
    `reason`, until a day (`until`, the last one), given `by` somebody on a day (`at`). `state` is "active", "unused" or
    "over"; `findings` is how many it lets pass."""

    def __init__(self, raw):  # type: (Dict[str, Any]) -> None
        Record.__init__(self, raw)
        self.id = _text(raw, "id")
        self.rule = _text(raw, "rule")
        self.specification = _text(raw, "specification")
        self.element = _text(raw, "element")
        self.path = _text(raw, "path")
        self.reason = _text(raw, "reason")
        self.until = _text(raw, "until")
        self.by = _text(raw, "by")
        self.at = _text(raw, "at")
        self.state = _text(raw, "state")
        self.findings = _number(raw, "findings")


def _money(raw, name):  # type: (Dict[str, Any], str) -> Optional[Decimal]
    value = raw.get(name)
    return Decimal(value) if value is not None else None


class CostTotal(Record):
    """The sum in one `currency`: `cost`, and of two versions `before` and `difference` (else None). Decimals."""

    def __init__(self, raw):  # type: (Dict[str, Any]) -> None
        Record.__init__(self, raw)
        self.currency = _text(raw, "currency")
        self.cost = _money(raw, "cost") if "cost" in raw else _money(raw, "after")
        self.before = _money(raw, "before")
        self.difference = _money(raw, "difference")


class CostSide(Record):
    """What an element costs in one version: `state` ("priced", "no-rate", "no-quantity" ...), and of what is priced
    `quantity` (a Decimal, in `unit`), `cost` (a Decimal, in `currency`)."""

    def __init__(self, raw):  # type: (Dict[str, Any]) -> None
        Record.__init__(self, raw)
        self.state = _text(raw, "state")
        self.quantity = _money(raw, "quantity")
        self.unit = _text(raw, "unit")
        self.cost = _money(raw, "cost")
        self.currency = _text(raw, "currency")


class CostElement(Element):
    """An element of a bill, in its `storey` and file (`path`). `why` it is not counted, where it is not."""

    def __init__(self, raw):  # type: (Dict[str, Any]) -> None
        Element.__init__(self, raw)
        self.storey = _text(raw, "storey")
        self.path = _text(raw, "path")
        self.why = _text(raw, "why")


class CostPosition(CostElement):
    """An element with what it costs: the members of :class:`CostSide`, `rate`, and where its quantity is from."""

    def __init__(self, raw):  # type: (Dict[str, Any]) -> None
        CostElement.__init__(self, raw)
        self.state = _text(raw, "state")
        self.quantity = _money(raw, "quantity")
        self.unit = _text(raw, "unit")
        self.rate = _money(raw, "rate")
        self.cost = _money(raw, "cost")
        self.currency = _text(raw, "currency")
        self.quantity_from = _text(raw, "quantityFrom")


class CostChange(CostElement):
    """An element whose cost changed: `kind` ("added", "removed", "changed"), `before` and `after` (None: not there)."""

    def __init__(self, raw):  # type: (Dict[str, Any]) -> None
        CostElement.__init__(self, raw)
        self.kind = _text(raw, "kind")
        self.before = CostSide(raw["before"]) if raw.get("before") is not None else None
        self.after = CostSide(raw["after"]) if raw.get("after") is not None else None


class CostGroup(Record):
    """The sum of a storey, class or classification: `name`, and `cost` by currency, in Decimals.

    Of two versions `cost` is the later one, `difference` what changed."""

    def __init__(self, raw):  # type: (Dict[str, Any]) -> None
        Record.__init__(self, raw)
        self.name = _text(raw, "name")
        cost = raw["cost"] if "cost" in raw else raw.get("after") or {}
        self.cost = dict((currency, Decimal(cost[currency])) for currency in cost)
        difference = raw.get("difference") or {}
        self.difference = dict((currency, Decimal(difference[currency])) for currency in difference)


class Cost(Record):
    """What the building costs: `totals` by currency, `groups`, what is not counted (`without_rate`,
    `without_quantity`), files that could not be read (`unread`); of two versions the `changes`, with ``by="element"``
    all `positions`. `is_complete`: nothing is missing."""

    def __init__(self, raw):  # type: (Dict[str, Any]) -> None
        Record.__init__(self, raw)
        self.of = _text(raw, "of")
        self.by = _text(raw, "by")
        self.totals = _list(raw, "totals", CostTotal)
        self.groups = _list(raw, "groups", CostGroup)
        self.positions = _list(raw, "positions", CostPosition)
        self.changes = _list(raw, "changes", CostChange)
        missing = raw.get("missing") or {}
        self.without_rate = _list(missing, "rates", CostElement)
        self.without_quantity = _list(missing, "quantities", CostElement)
        self.unread = _list(raw, "unread", _word)
        self.is_complete = not (self.without_rate or self.without_quantity or self.unread)

    def total(self, currency):  # type: (str) -> Decimal
        """The sum in one currency; 0 where there is none."""
        for each in self.totals:
            if each.currency == currency and each.cost is not None:
                return each.cost
        return Decimal(0)

    def difference(self, currency):  # type: (str) -> Decimal
        """What changed in one currency; 0 where nothing did."""
        for each in self.totals:
            if each.currency == currency and each.difference is not None:
                return each.difference
        return Decimal(0)


class Presence(Record):
    """That `login` is there: on which `branch`, `path` and `element` (a GlobalId), and what they do (`state`)."""

    def __init__(self, raw):  # type: (Dict[str, Any]) -> None
        Record.__init__(self, raw)
        self.login = _text(raw, "login")
        self.client = _text(raw, "client")
        self.branch = _text(raw, "branch")
        self.path = _text(raw, "path")
        self.element = _text(raw, "element")
        self.state = _text(raw, "state")


class Branch(Record):
    """A branch at the hub: `name`, `commit`, and how far it is `ahead` of and `behind` the shared one."""

    def __init__(self, raw):  # type: (Dict[str, Any]) -> None
        Record.__init__(self, raw)
        self.name = _text(raw, "name")
        self.commit = _text(raw, "commit")
        self.author = _text(raw, "author")
        self.subject = _text(raw, "subject")
        self.ahead = _number(raw, "ahead")
        self.behind = _number(raw, "behind")
        self.shared = bool(raw.get("shared"))
        self.protected = bool(raw.get("protected"))


class ChangeRequest(Record):
    """That `author` would like `source` to be merged into `target`; `state` is ``open``, ``merged`` or ``closed``."""

    def __init__(self, raw):  # type: (Dict[str, Any]) -> None
        Record.__init__(self, raw)
        self.number = _number(raw, "number")
        self.title = _text(raw, "title")
        self.author = _text(raw, "author")
        self.source = _text(raw, "source")
        self.target = _text(raw, "target")
        self.state = _text(raw, "state")


class ElementChanges(Record):
    """What an event says of one element: `element`, the `storey`, the `path` that states it, and its `changes`."""

    def __init__(self, raw):  # type: (Dict[str, Any]) -> None
        Record.__init__(self, raw)
        self.element = Element(raw)
        self.storey = _text(raw, "storey")
        self.path = _text(raw, "path")
        self.changes = _list(raw, "changes", Change)


class Event(Record):
    """Something that happened, a CloudEvents 1.0 envelope: `type`, `time`, `subject`, and of its data the members here.

    `sequence` counts 1, 2, 3 ... in a project, without a gap; `summary` is a line for people; `elements` are those that
    it is about.
    """

    def __init__(self, raw):  # type: (Dict[str, Any]) -> None
        Record.__init__(self, raw)
        self.data = raw.get("data") or {}  # type: Dict[str, Any]
        self.id = _text(raw, "id")
        self.type = _text(raw, "type")
        self.time = _text(raw, "time")
        self.subject = _text(raw, "subject")
        self.project = _text(self.data, "project")
        self.sequence = _number(self.data, "seq")
        self.actor = _text(self.data, "actor")
        self.branch = _text(self.data, "branch")
        self.commit = _text(self.data, "commit")
        self.summary = _text(self.data, "summary")
        self.elements = _list(self.data, "elements", ElementChanges)
        self.hash = _text(self.data, "hash")

    def concerns(self, types=None, element=None, actor=None):
        # type: (Optional[Iterable[str]], Optional[str], Optional[str]) -> bool
        """Whether it is of one of those types (one that ends in a dot: of all that begin so), about that element (by
        GlobalId or name) and by that person; what is None is not looked at."""
        if types is not None and not any(self.type == each or (each.endswith(".") and self.type.startswith(each))
                                         for each in types):
            return False
        if actor is not None and self.actor != actor:
            return False
        return element is None or any(element in (each.element.global_id, each.element.name)
                                      for each in self.elements)


class TeamStatus(Record):
    """A project at its hub: who is there (`present`), `branches`, `locks`, `change_requests`, `conflicts`, the last
    `events` (the newest first)."""

    def __init__(self, raw):  # type: (Dict[str, Any]) -> None
        Record.__init__(self, raw)
        self.project = _text(raw, "project")
        self.hub = _text(raw, "hub")
        self.present = _list(raw, "present", Presence)
        self.branches = _list(raw, "branches", Branch)
        self.locks = _list(raw, "locks", Lock)
        self.change_requests = _list(raw, "changeRequests", ChangeRequest)
        self.conflicts = _list(raw, "conflicts", Conflict)
        self.events = _list(raw, "events", Event)


class InboxItem(Record):
    """An `event` that one is told of, and the `reason`; `read` is when it was read, empty: not yet."""

    def __init__(self, raw):  # type: (Dict[str, Any]) -> None
        Record.__init__(self, raw)
        self.project = _text(raw, "project")
        self.reason = _text(raw, "reason")
        self.read = _text(raw, "read")
        self.event = Event(raw.get("event") or {})


class Channel(Record):
    """A channel that people are told by: `name`, `kind`, how many messages are `waiting` and have `failed`.

    `disabled` says why nothing is sent any more; empty: it works.
    """

    def __init__(self, raw):  # type: (Dict[str, Any]) -> None
        Record.__init__(self, raw)
        self.name = _text(raw, "name")
        self.kind = _text(raw, "kind")
        self.waiting = _number(raw, "waiting")
        self.failed = _number(raw, "failed")
        self.disabled = _text(raw, "disabled")
        self.last_error = _text(raw, "lastError")


class Delivery(Record):
    """What became of a message that was sent as a test: `result` is ``delivered`` or not, `why` says why not."""

    def __init__(self, raw):  # type: (Dict[str, Any]) -> None
        Record.__init__(self, raw)
        self.result = _text(raw, "result")
        self.why = _text(raw, "why")
        self.delivered = self.result == "delivered"


class Watch(Record):
    """That one hears of `target`: of an ``element`` (a GlobalId) or a ``property``, by `kind`."""

    def __init__(self, raw):  # type: (Dict[str, Any]) -> None
        Record.__init__(self, raw)
        self.kind = _text(raw, "kind")
        self.target = _text(raw, "target")
        self.since = _text(raw, "since")
