"""Events that come by themselves."""
import threading

from aecos import _http
from aecos.errors import AecosError
from aecos.records import Event

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Callable, Iterable, Iterator, Optional  # novm

    OnEvent = Callable[[Event], Any]
    OnError = Callable[[Exception], Any]
    Names = Iterable[str]


class EventStream(object):
    """What happens in a project, as it happens: iterate over it; `close()` ends it, from any thread.

    A connection that is lost is taken up again where it ended, so that no event is missed and none comes twice.
    `sequence` is that of the last event that came, or behind which the stream began (None: it has not begun).
    """

    def __init__(self, stream, types=None, element=None, actor=None):
        # type: (_http.Stream, Optional[Names], Optional[str], Optional[str]) -> None
        self._stream = stream
        self._wanted = (None if types is None else tuple(types), element, actor)

    @property
    def sequence(self):  # type: () -> Optional[int]
        """Given to `watch(after=...)` later, it goes on from here."""
        return self._stream.last_id

    def __iter__(self):  # type: () -> Iterator[Event]
        for kind, data in self._stream:
            if kind == "hello":
                if self._stream.last_id is None:
                    self._stream.last_id = data["sequence"]
            elif kind != "presence":
                event = Event(data)
                if event.concerns(*self._wanted):
                    yield event

    def close(self):  # type: () -> None
        """No more comes."""
        self._stream.close()

    def __enter__(self):  # type: () -> EventStream
        return self

    def __exit__(self, *_):  # type: (*Any) -> None
        self.close()


class Subscription(object):
    """Somebody is called back with events, from a thread of its own, until `stop()`.

    What the callback raises does not end it: it goes to `on_error`, as does an :class:`AecosError` where the connection
    is lost for a while (`Unavailable`) or for good (then `is_alive` is False, and `error` says why).
    """

    def __init__(self, stream, callback, on_error=None):
        # type: (EventStream, OnEvent, Optional[OnError]) -> None
        self._stream, self._callback, self._on_error = stream, callback, on_error
        self.error = None  # type: Optional[AecosError]
        self._thread = threading.Thread(target=self._run)
        self._thread.daemon = True
        self._thread.start()

    @property
    def is_alive(self):  # type: () -> bool
        """Whether events still come."""
        return self._thread.is_alive()

    @property
    def sequence(self):  # type: () -> Optional[int]
        """Of the last event that came; None: it is not connected yet."""
        return self._stream.sequence

    def stop(self, timeout_s=10.0):  # type: (float) -> None
        """No more calls; waits until the one that is under way is done."""
        self._stream.close()
        if threading.current_thread() is not self._thread:
            self._thread.join(timeout_s)

    def __enter__(self):  # type: () -> Subscription
        return self

    def __exit__(self, *_):  # type: (*Any) -> None
        self.stop()

    def _run(self):  # type: () -> None
        try:
            for event in self._stream:
                try:
                    self._callback(event)
                except Exception as error:  # Whatever it is, the next event is not to suffer for it.
                    self._tell(error)
        except AecosError as error:
            self.error = error
            self._tell(error)

    def _tell(self, error):  # type: (Exception) -> None
        if self._on_error is not None:
            self._on_error(error)
