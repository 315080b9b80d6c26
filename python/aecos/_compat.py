"""What differs between CPython 3, CPython 2.7 and IronPython 2.7, in one place.

IronPython's `str` holds characters, as Python 3's does, but it calls itself version 2.7; files and pipes give it a
`str` with a character for each byte.
"""
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Dict, Tuple  # novm

IS_2 = sys.version_info[0] == 2
IS_IRON = sys.platform == "cli"
IS_WINDOWS = sys.platform in ("win32", "cli")

__all__ = ["HTTPConnection", "HTTPException", "HTTPSConnection", "IS_2", "IS_IRON", "IS_WINDOWS", "argument",
           "getproxies", "host_and_port", "native", "proxy_bypass", "query", "quote", "raw", "segment", "text",
           "text_type", "unquote", "urlencode", "urlsplit"]

if TYPE_CHECKING or not IS_2:
    from http.client import HTTPConnection, HTTPException, HTTPSConnection  # novm
    from urllib.parse import quote, unquote, urlencode, urlsplit  # novm
    from urllib.request import getproxies, proxy_bypass  # novm
    text_type = str
else:
    from httplib import HTTPConnection, HTTPException, HTTPSConnection  # novm
    from urllib import getproxies, proxy_bypass, quote, unquote, urlencode  # novm
    from urlparse import urlsplit  # novm
    text_type = unicode  # noqa: F821


def text(data):  # type: (Any) -> str
    """UTF-8 bytes as text; text stays as it is."""
    if isinstance(data, text_type) and not IS_IRON:
        return data
    if not hasattr(data, "decode"):
        return text_type(data)
    try:
        return text_type(data.decode("utf-8", "strict" if IS_IRON else "replace"))
    except UnicodeError:  # IronPython: its characters are no bytes, it was text already.
        return text_type(data)


def raw(ascii_text):  # type: (str) -> bytes
    """As pipes and sockets give it."""
    return ascii_text.encode("ascii") if not IS_2 else ascii_text  # type: ignore[return-value]


def native(value):  # type: (Any) -> str
    """As `str()` must give it."""
    if IS_2 and not IS_IRON and isinstance(value, text_type):
        encoded = value.encode("utf-8")  # type: Any
        return encoded  # type: ignore[no-any-return]
    return str(value)


def argument(value):  # type: (Any) -> str
    """As a program's argument, a path or a variable of the environment is handed to the system."""
    if IS_2 and not IS_IRON:
        encoded = value.encode("utf-8") if isinstance(value, text_type) else value  # type: Any
        return encoded  # type: ignore[no-any-return]
    return text_type(value)


def query(members):  # type: (Dict[str, Any]) -> str
    """`?name=value&...` of those that are not None; empty, if all are."""
    pairs = [(name, _as_parameter(value)) for name, value in sorted(members.items()) if value is not None]
    return "?" + urlencode(pairs) if pairs else ""


def _as_parameter(value):  # type: (Any) -> Any
    if value is True or value is False:
        return "true" if value else "false"
    return argument(value if isinstance(value, text_type) else text_type(value))


def segment(value):  # type: (str) -> str
    """A part of a path in an address."""
    return quote(argument(value), safe="")


def host_and_port(address):  # type: (str) -> Tuple[str, str, int]
    """Scheme, host and port of an address; ValueError: it is none for HTTP."""
    parts = urlsplit(address)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError(address)
    return parts.scheme, parts.hostname, parts.port or (443 if parts.scheme == "https" else 80)
