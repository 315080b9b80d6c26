"""Speaks to a hub: JSON over HTTP, and its stream of events."""
import json
import socket
import ssl
import time

from aecos import _compat
from aecos._compat import HTTPConnection, HTTPException, HTTPSConnection
from aecos.errors import AecosError, Fault, InvalidInput, TimedOut, Unavailable, of_http_status

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Callable, Dict, Iterator, Optional, Tuple, Union  # novm

_LOOPBACK = ("localhost", "127.0.0.1", "::1")
_SILENCE_S = 45.0  # The hub says something every 15 seconds.
_AGAIN_MIN_S, _AGAIN_MAX_S = 1.0, 30.0
_EVENT_MAX = 16 * 1024 * 1024


class Address(object):
    """A hub and who asks it. The token is in nothing that is shown."""

    def __init__(self, url, token, timeout_s, certificates=None):
        # type: (str, Optional[str], Optional[float], Optional[str]) -> None
        try:
            self.scheme, self.host, self.port = _compat.host_and_port(url)
        except ValueError:
            raise InvalidInput("%s is no address of a hub; such as https://hub.example.org is" % url)
        self.base = _compat.urlsplit(url).path.rstrip("/")
        self.url = "%s://%s:%d%s" % (self.scheme, self.host, self.port, self.base)
        self.token = token
        self.timeout_s = timeout_s
        self._context = None  # type: Optional[ssl.SSLContext]
        if self.scheme == "https":
            self._context = ssl.create_default_context(cafile=certificates)

    def connect(self, timeout_s):  # type: (Optional[float]) -> HTTPConnection
        """A connection, through the proxy that the system names; not to this machine itself."""
        proxy = self._proxy()
        host, port = (proxy[0], proxy[1]) if proxy else (self.host, self.port)
        if self._context is None:
            return HTTPConnection(host, port, timeout=timeout_s)
        secure = HTTPSConnection(host, port, timeout=timeout_s, context=self._context)
        if proxy:
            secure.set_tunnel(self.host, self.port)
        return secure

    def target(self, path):  # type: (str) -> str
        """What the first line of a request names."""
        through = self._context is None and self._proxy() is not None
        return _compat.native((self.url if through else self.base) + path)

    def headers(self):  # type: () -> Dict[str, str]
        headers = {"User-Agent": "aecos-python"}
        if self.token:
            headers["Authorization"] = "Bearer " + _compat.native(self.token)
        return headers

    def _proxy(self):  # type: () -> Optional[Tuple[str, int]]
        named = None if self.host in _LOOPBACK else _compat.getproxies().get(self.scheme)
        if not named or _compat.proxy_bypass(self.host):
            return None
        try:
            _, host, port = _compat.host_and_port(named if "://" in named else "http://" + named)
        except ValueError:
            return None
        return host, port


def ask(address, method, path, body=None):  # type: (Address, str, str, Any) -> Any
    """The JSON of an answer; None: it has no body. An answer that is a failure is raised."""
    headers = address.headers()
    sent = None
    if body is not None:
        sent = json.dumps(body).encode("utf-8")
        headers["Content-Type"] = "application/json"
    connection = address.connect(address.timeout_s)
    try:
        connection.request(method, address.target(path), sent, headers)
        response = connection.getresponse()
        status, content = response.status, _compat.text(response.read())
    except socket.timeout:
        raise TimedOut("%s did not answer within %g s" % (address.url, address.timeout_s or 0))
    except (EnvironmentError, HTTPException) as error:
        raise Unavailable("%s cannot be reached: %s" % (address.url, _compat.text(str(error))))
    finally:
        connection.close()
    return judged(address, status, content)


def judged(address, status, content):  # type: (Address, int, str) -> Any
    """The JSON of an answer that is none of a failure."""
    try:
        answer = json.loads(content) if content else None
    except ValueError:
        answer = None
        if status < 300:
            raise Fault("%s answered no JSON; is it a hub?" % address.url, None, status)
    if status < 300:
        return answer
    if isinstance(answer, dict) and answer.get("detail"):
        raise of_http_status(status, answer["detail"], answer)
    said = content.strip().splitlines()
    raise of_http_status(status, said[0] if said and len(said[0]) < 300 else
                         "%s answered with status %d" % (address.url, status), answer)


class Stream(object):
    """The events of a stream (server-sent events), over as many connections as it takes.

    Where a connection ends, it goes on behind the last event, so that none is missed and none comes twice. Ends when it
    is closed, which any thread may do, or when the hub refuses it, which is raised.
    """

    def __init__(self, address, path, after, lost=None):
        # type: (Address, str, Optional[int], Optional[Callable[[AecosError], None]]) -> None
        self._address, self._path, self._lost = address, path, lost
        self.last_id = after  # type: Optional[int]
        self._again_s = _AGAIN_MIN_S
        self._closed = False
        self._socket = None  # type: Optional[socket.socket]

    def close(self):  # type: () -> None
        self._closed = True
        connected = self._socket
        if connected is not None:
            try:
                connected.shutdown(socket.SHUT_RDWR)  # Whoever reads wakes up.
            except (OSError, socket.error):
                pass

    def __iter__(self):  # type: () -> Iterator[Tuple[str, Any]]
        """Kind and JSON of each."""
        failures = 0
        while not self._closed:
            try:
                for kind, data in self._connection():
                    failures = 0
                    yield kind, data
                ended = Unavailable("%s ended the stream" % self._address.url)
            except Unavailable as error:
                ended = error
            if self._closed:
                return
            if self._lost is not None:
                self._lost(ended)
            self._rest(min(self._again_s * 2 ** failures, _AGAIN_MAX_S))
            failures += 1

    def _rest(self, seconds):  # type: (float) -> None
        until = time.time() + seconds
        while not self._closed and time.time() < until:
            time.sleep(0.05)

    def _connection(self):  # type: () -> Iterator[Tuple[str, Any]]
        headers = self._address.headers()
        headers["Accept"] = "text/event-stream"
        if self.last_id is not None:
            headers["Last-Event-ID"] = str(self.last_id)
        connection = self._address.connect(_SILENCE_S)
        try:
            connection.request("GET", self._address.target(self._path), None, headers)
            self._socket = getattr(connection.sock, "_sock", connection.sock)  # Python 2 closes its wrapper early.
            response = connection.getresponse()
            if response.status != 200:
                judged(self._address, response.status, _compat.text(response.read()))
                raise Fault("%s answered with status %d" % (self._address.url, response.status))
            for event in self._events(_lines(response)):
                yield event
        except (EnvironmentError, HTTPException) as error:  # socket.timeout is one.
            if not self._closed:
                raise Unavailable("%s cannot be reached: %s" % (self._address.url, _compat.text(str(error))))
        except (ValueError, AttributeError):  # Closed by another thread while it was read.
            if not self._closed:
                raise
        finally:
            self._socket = None
            connection.close()

    def _events(self, lines):  # type: (Iterator[str]) -> Iterator[Tuple[str, Any]]
        kind, data, identity = "message", "", None  # type: str, str, Optional[str]
        for line in lines:
            if self._closed:
                return
            name, _, value = line.partition(":")
            value = value[1:] if value.startswith(" ") else value
            if not line:
                if data:
                    if identity is not None and identity.isdigit():
                        self.last_id = int(identity)
                    yield kind, json.loads(data)
                kind, data, identity = "message", "", None
            elif name == "event":
                kind = value
            elif name == "data":
                data = data + "\n" + value if data else value
            elif name == "id":
                identity = value
            elif name == "retry" and value.isdigit():
                self._again_s = min(int(value) / 1000.0, _AGAIN_MAX_S)


def _lines(response):  # type: (Any) -> Iterator[str]
    """The lines of a body as they come. `read` of Python 2 waits until it has all it was asked for."""
    read = getattr(response, "read1", None)
    rest, line_end, return_end = _compat.raw(""), _compat.raw("\n"), _compat.raw("\r")
    while True:
        more = read(65536) if read else response.read(1)
        if not more:
            return
        rest += more
        if len(rest) > _EVENT_MAX:
            raise Unavailable("the hub sent an event that is too large")
        if more.find(line_end) >= 0:
            whole = rest.split(line_end)
            rest = whole.pop()
            for line in whole:
                yield _compat.text(line[:-1] if line.endswith(return_end) else line)
