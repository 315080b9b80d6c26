#!/usr/bin/env python3
"""How fast a model is held to requirements (IDS), beside PyPI's ifctester, and how fast a project is once more.
`./dev bench validate [MEGABYTES|project]`."""

import json
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
AECOS = os.path.join(ROOT, "build", "aecos")
REQUIREMENTS = os.path.join(ROOT, "tests", "validate", "house.ids")

PEER = """
import sys, time, json, resource
import ifcopenshell, ifctester.ids
start = time.time()
model = ifcopenshell.open(sys.argv[1])
opened = time.time()
ids = ifctester.ids.open(sys.argv[2])
ids.validate(model)
done = time.time()
results = [{"name": s.name, "applicable": len(s.applicable_entities), "failed": len(s.failed_entities)}
           for s in ids.specifications]
print(json.dumps({"open_s": opened - start, "check_s": done - opened, "specifications": results,
                  "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}))
"""


def timed(command):
    """Seconds, megabytes at the highest, and what it said."""
    with tempfile.NamedTemporaryFile("w+") as out:
        start = time.time()
        process = subprocess.Popen(command, stdout=out)
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.time() - start
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode not in (0, 1):
            sys.exit(f"bench: {command[0]} failed with {process.returncode}")
        out.seek(0)
        return seconds, usage.ru_maxrss / 1024, out.read()


def make_model(folder, megabytes):
    path = os.path.join(folder, "model.ifc")
    subprocess.run([AECOS, "sample", path, "--storeys", "20"], check=True)
    storeys = max(1, int(20 * megabytes * 1e6 / os.path.getsize(path)))
    subprocess.run([AECOS, "sample", path, "--storeys", str(storeys)], check=True)
    return path


def compare(ours, theirs):
    """Lines of specifications of which the two do not count the same."""
    return [f"{a['name']}: {a['applicable']}/{a['failed']} here, {b['applicable']}/{b['failed']} there"
            for a, b in zip(ours, theirs) if (a["applicable"], a["failed"]) != (b["applicable"], b["failed"])]


def git(folder, *arguments):
    subprocess.run(["git", "-c", "user.name=ana", "-c", "user.email=ana@example.org", "-c", "core.hooksPath=/dev/null",
                    *arguments], cwd=folder, check=True, capture_output=True)


def run_in(folder, *arguments):
    """Seconds."""
    start = time.time()
    done = subprocess.run([AECOS, *arguments], cwd=folder, capture_output=True, text=True)
    if done.returncode not in (0, 1):
        sys.exit(f"bench: aecos {' '.join(arguments)}: {done.stderr}")
    return time.time() - start


def say(what, seconds):
    print(f"{what:58} {statistics.median(seconds):6.2f} s")


def rename_wall(path, name):
    """One wall, by hand."""
    with open(path, encoding="utf-8") as file:
        text = file.read()
    with open(path, "w", encoding="utf-8") as file:
        file.write(re.sub(r"(IFCWALL\('[^']*',[^,]*,)'[^']*'", rf"\1'{name}'", text, count=1))


def measure_project(folder):
    """More than 1,000 elements in folders of their own, and then a model of 40 MB beside them."""
    project = os.path.join(folder, "project")
    os.mkdir(project)
    git(project, "init", "-q", "-b", "develop")
    git(project, "config", "user.name", "ana")
    git(project, "config", "user.email", "ana@example.org")
    run_in(project, "init")
    model = os.path.join(folder, "house.ifc")
    run_in(folder, "sample", model, "--storeys", "80")
    run_in(project, "import", model, "--name", "house")
    os.makedirs(os.path.join(project, ".aecos/ids"))
    shutil.copy(REQUIREMENTS, os.path.join(project, ".aecos/ids"))
    elements = os.path.join(project, "elements")
    git(project, "add", "-A")
    git(project, "commit", "-qm", "The house")
    print(f"a project of {len(os.listdir(elements))} elements")
    say("validate HEAD, the first time", [run_in(project, "validate", "HEAD")])
    say("validate HEAD, again", [run_in(project, "validate", "HEAD") for _ in range(5)])
    wall = os.path.join(elements, sorted(name for name in os.listdir(elements) if name.startswith("wall-"))[0])
    seconds, hook = [], []
    for k in range(5):
        rename_wall(os.path.join(wall, "element.ifc"), f"W-{700 + k}")
        seconds.append(run_in(project, "validate", "--changed"))
        git(project, "add", "-A")
        hook.append(run_in(project, "hook", "pre-commit"))
        git(project, "commit", "-qm", "One wall")
    say("validate --changed, one element anew each time", seconds)
    say("git's hook, all its checks, one element", hook)
    large = os.path.join(project, "models/large.ifc")
    run_in(folder, "sample", large, "--storeys", "1240")
    git(project, "add", "-A")
    git(project, "commit", "-qm", "A large model")
    run_in(project, "validate", "HEAD")
    print(f"and a model of {os.path.getsize(large) / 1e6:.0f} MB")
    seconds, hook, requirements = [], [], []
    for k in range(3):
        rename_wall(large, f"W-{800 + k}")
        seconds.append(run_in(project, "validate", "--changed"))
        git(project, "add", "-A")
        os.environ["AECOS_SKIP"] = "soundness,agreement,secrets:measured apart"
        requirements.append(run_in(project, "hook", "pre-commit"))
        del os.environ["AECOS_SKIP"]
        hook.append(run_in(project, "hook", "pre-commit"))
        git(project, "commit", "-qm", "One wall of many")
    say("validate --changed, one wall in it anew each time", seconds)
    say("git's hook, the check validate alone, one wall in it", requirements)
    say("git's hook, all its checks", hook)
    rename_wall(os.path.join(wall, "element.ifc"), "W-900")
    git(project, "add", "-A")
    say("git's hook, all its checks, one element beside it", [run_in(project, "hook", "pre-commit")])


def main():
    if sys.argv[1:] == ["project"]:
        with tempfile.TemporaryDirectory(prefix="aecos-bench-") as folder:
            return measure_project(folder)
    megabytes = float(sys.argv[1]) if len(sys.argv) > 1 else 200
    with tempfile.TemporaryDirectory(prefix="aecos-bench-") as folder:
        model = make_model(folder, megabytes)
        with open(REQUIREMENTS, encoding="utf-8") as file:
            count = len(re.findall("<specification ", file.read()))
        print(f"model {os.path.getsize(model) / 1e6:.0f} MB, {count} specifications, {os.cpu_count()} processors")
        ids_only = [AECOS, "validate", model, "--ids", REQUIREMENTS, "--json", "--ids-only"]
        seconds, peak, said = timed(ids_only)
        report = json.loads(said)
        print(f"aecos validate --ids-only   {seconds:7.1f} s  {peak:7.0f} MB")
        with_rules, rules_peak, _ = timed([AECOS, "validate", model, "--ids", REQUIREMENTS, "--json"])
        print(f"aecos validate              {with_rules:7.1f} s  {rules_peak:7.0f} MB  (and the rules of IFC)")
        peer_seconds, _, peer_said = timed([sys.executable, "-c", PEER, model, REQUIREMENTS])
        peer = json.loads(peer_said.splitlines()[-1])
        print(f"ifctester                   {peer_seconds:7.1f} s  {peer['peak_mb']:7.0f} MB  "
              f"(opening {peer['open_s']:.1f} s, checking {peer['check_s']:.1f} s)")
        print(f"aecos is {peer_seconds / seconds:.1f} times as fast")
        different = compare(report["specifications"], peer["specifications"])
        print("\n".join(["counted differently:"] + different) if different else "both count the same elements and failures")
        measure_project(folder)


if __name__ == "__main__":
    main()
