#!/usr/bin/env python3
"""How fast a model is held to requirements (IDS), beside PyPI's ifctester. `./dev bench validate [MEGABYTES]`."""

import json
import os
import re
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


def main():
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


if __name__ == "__main__":
    main()
