#!/usr/bin/env python3
"""Checks what the compiler cannot: layers, private headers, who may see the world, file length, leftovers."""
import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
LINES_MAX, COLUMNS_MAX = 1000, 120
# Headers from outside, and the only folder that may include them.
ONLY_IN = {"git2": "git", "zip": "archive", "pugixml": "xml", "cmark": "text", "fmt": "cli", "CLI": "cli",
           "unistd": "os", "spawn": "os", "boost": "http", "curl": "http", "soci": "store", "sqlite3": "store",
           "spdlog": "hub", "toml++": "hub"}
# What the core, which only computes, has no use for; its tests may.
WORLD = {"chrono", "filesystem", "fstream", "iostream", "random"}
HELPER = re.compile(r"[A-Za-z_][\w:<>,&* ]* [&*]?([a-z]\w*)\(")  # A function that is not in a class.
LEFT_OVER = re.compile("FIX" r"ME|(^|[^\w.])/(work|farm|tmp)/")


def read_layers(text):
    """A folder may name only folders above it, so a cycle cannot be written down."""
    allowed, core, section = {}, set(), ""
    for line in text.splitlines():
        if line.startswith("# "):
            section = line[2:].partition(":")[0]
        elif line:
            folder, _, names = line.partition(":")
            for name in names.split():
                if name not in allowed:
                    sys.exit(f"layers.txt: {folder} names {name}, which is not above it")
            allowed[folder] = {folder, *names.split()}
            if section == "core":
                core.add(folder)
    return allowed, core


def check_text(lines):
    if len(lines) > LINES_MAX:
        yield len(lines), f"more than {LINES_MAX} lines"
    for number, line in enumerate(lines, 1):
        if len(line) > COLUMNS_MAX:
            yield number, f"more than {COLUMNS_MAX} columns"
        if found := LEFT_OVER.search(line):
            yield number, f"left over: {found[0].strip()}"


def check_includes(path, lines, folder, allowed, core):
    includes = [(number, *found.groups()) for number, line in enumerate(lines, 1)
                if (found := re.match(r'#include ([<"])([\w+-]+)(?:[/.]([\w-]+))?', line))]
    for number, quote, first, second in includes:
        if quote == "<":
            if ONLY_IN.get(first.partition("-")[0], folder) != folder:
                yield number, f"only {ONLY_IN[first.partition('-')[0]]} may include <{first}>"
            elif first in WORLD and folder in core and not path.stem.endswith("_test"):
                yield number, f"<{first}> has no place in the core"
        elif first not in allowed[folder]:
            yield number, f"{folder} may not include {first}"
        elif first != folder and (second or "").endswith("_internal"):
            yield number, f"{second}.h is private to {first}"
    own = path.with_suffix(".h")
    if path.suffix == ".cpp" and own.exists() and includes and includes[0][2:] != (folder, path.stem):
        yield includes[0][0], f"{own.name} is not the first include"
    if path.suffix == ".h" and "#pragma once" not in lines:
        yield 1, "no #pragma once"


def check_helpers(path, lines, seen):
    """Tests of a folder are compiled together, where a call would find another file's function of the same name."""
    for number, line in enumerate(lines, 1):
        if (found := HELPER.match(line)) and seen.setdefault((path.parent, found[1]), path) != path:
            yield number, f"{seen[path.parent, found[1]].name} has a {found[1]}, too"


def main():
    allowed, core = read_layers((ROOT / "tools/layers.txt").read_text())
    count, helpers = 0, {}
    for path in sorted(path for top in ("src", "tests", "bench") for path in (ROOT / top).rglob("*")):
        if path.suffix in {".h", ".cpp"}:
            top, folder = path.relative_to(ROOT).parts[:2]
            lines = path.read_text().splitlines()
            problems = [*check_text(lines)]
            if top == "src":
                problems += check_includes(path, lines, folder, allowed, core)
                if path.stem.endswith("_test") and not path.stem.endswith("_laws_test"):
                    problems += check_helpers(path, lines, helpers)
            for number, problem in problems:
                print(f"{path.relative_to(ROOT)}:{number}: {problem}")
            count += len(problems)
    return 1 if count else 0


sys.exit(main())
