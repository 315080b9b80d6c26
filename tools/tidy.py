#!/usr/bin/env python3
"""Checks what the compiler cannot: layers, private headers, file length, leftover markers."""
import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
LINES_MAX, COLUMNS_MAX = 1000, 120


def read_layers(text):
    """A folder may name only folders above it, so a cycle cannot be written down."""
    allowed = {}
    for line in text.splitlines():
        if line and not line.startswith("#"):
            folder, _, names = line.partition(":")
            for name in names.split():
                if name not in allowed:
                    sys.exit(f"layers.txt: {folder} names {name}, which is not above it")
            allowed[folder] = {folder, *names.split()}
    return allowed


def check_file(path, folder, allowed):
    lines = path.read_text().splitlines()
    if len(lines) > LINES_MAX:
        yield len(lines), f"more than {LINES_MAX} lines"
    for number, line in enumerate(lines, 1):
        if len(line) > COLUMNS_MAX:
            yield number, f"more than {COLUMNS_MAX} columns"
        if "FIXME" in line:
            yield number, "FIXME left over"
        if found := re.match(r'#include "(\w+)/(\w+)', line):
            other, header = found.groups()
            if other not in allowed[folder]:
                yield number, f"{folder} may not include {other}"
            elif other != folder and header.endswith("_internal"):
                yield number, f"{header}.h is private to {other}"


def main():
    allowed = read_layers((ROOT / "tools/layers.txt").read_text())
    count = 0
    for path in sorted((ROOT / "src").rglob("*")):
        if path.suffix in {".h", ".cpp"}:
            folder = path.relative_to(ROOT / "src").parts[0]
            for number, problem in check_file(path, folder, allowed):
                print(f"{path.relative_to(ROOT)}:{number}: {problem}")
                count += 1
    return 1 if count else 0


sys.exit(main())
