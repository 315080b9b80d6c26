#!/usr/bin/env python3
"""Makes a large model of a real one: scale_ifc.py MODEL MEGABYTES OUT.

The building is repeated. Every copy has its own instance numbers, GlobalIds and layer names; the project, its units and
contexts, owner histories and materials are there once and shared, as in a large model from one program.
"""
import hashlib
import re
import sys

STRING = rb"'(?:[^']|'')*'"
STATEMENT = re.compile(rb"\s*#(\d+)\s*=\s*(\w*)\s*((?:[^;'/]|" + STRING + rb"|/\*.*?\*/|/)*);", re.S)
REFERENCE = re.compile(STRING + rb"|#(\d+)")
GLOBAL_ID = re.compile(rb"\(\s*'([0-3][0-9A-Za-z_$]{21})'")
FIRST_STRING = re.compile(rb"\('((?:[^']|'')*)'")
DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_$"
SHARED = {b"IFCPROJECT", b"IFCOWNERHISTORY", b"IFCMATERIAL", b"IFCGEOMETRICREPRESENTATIONSUBCONTEXT"}


def new_global_id(old, copy):
    number = int.from_bytes(hashlib.sha256(b"%s %d" % (old, copy)).digest()[:16], "big")
    text = ""
    for _ in range(22):
        text = DIGITS[number % 64] + text
        number //= 64
    return text.encode()


def references(text):
    return [int(found[1]) for found in REFERENCE.finditer(text) if found[1]]


def shared_ids(statements):
    """What is there once, with everything that it refers to."""
    waiting = [number for number, (keyword, _) in statements.items() if keyword.upper() in SHARED]
    shared = set()
    while waiting:
        number = waiting.pop()
        if number not in shared and number in statements:
            shared.add(number)
            waiting += references(statements[number][1])
    return shared


def template(statements, shared):
    """Bytes as they are, numbers to be shifted, and (b"…",) GlobalIds, [b"…"] names to be made anew."""
    parts = []
    for number, (keyword, arguments) in statements.items():
        if number in shared:
            continue
        parts += [b"\n#", number, b"=" + keyword]
        begin = 0
        if found := GLOBAL_ID.match(arguments):
            parts += [b"('", (found[1],), b"'"]
            begin = found.end()
        elif keyword.upper() == b"IFCPRESENTATIONLAYERASSIGNMENT" and (found := FIRST_STRING.match(arguments)):
            parts += [b"('", [found[1]], b"'"]
            begin = found.end()
        for found in REFERENCE.finditer(arguments, begin):
            if found[1] and int(found[1]) not in shared:
                parts += [arguments[begin:found.start(1)], int(found[1])]
                begin = found.end(1)
        parts.append(arguments[begin:] + b";")
    return parts


def filled(parts, copy, shift):
    for part in parts:
        if isinstance(part, bytes):
            yield part
        elif isinstance(part, int):
            yield b"%d" % (part + shift)
        elif isinstance(part, tuple):
            yield new_global_id(part[0], copy)
        else:
            yield b"%s %d" % (part[0], copy)


def scale(text, size):
    """The model, repeated until it has about `size` bytes; itself if it is that large already."""
    begin = re.search(rb"\bDATA\s*;", text).end()
    end = text.rindex(b"ENDSEC")
    statements = {int(found[1]): (found[2], found[3]) for found in STATEMENT.finditer(text, begin, end)}
    parts = template(statements, shared_ids(statements))
    data, total, copy, step = [text[:end].rstrip()], len(text), 0, max(statements) + 1
    while total < size:
        copy += 1
        data.append(b"".join(filled(parts, copy, copy * step)))
        total += len(data[-1])
    return b"".join(data) + b"\n" + text[end:]


if __name__ == "__main__":
    if len(sys.argv) != 4:
        sys.exit(__doc__)
    with open(sys.argv[1], "rb") as source, open(sys.argv[3], "wb") as target:
        target.write(scale(source.read(), int(float(sys.argv[2]) * 1e6)))
