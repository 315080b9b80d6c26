#!/usr/bin/env python3
"""How fast a model becomes element folders, and comes back from them. `./dev bench elements [MEGABYTES]`."""

import os
import signal
import subprocess
import sys
import tempfile
import time

from bench_validate import AECOS, make_model, timed


def count_files(folder):
    return sum(len(files) for _, _, files in os.walk(folder))


def broken_off(model, to, after_s):
    """How many files a killed import left, and the seconds that the next one took to take them back and import."""
    process = subprocess.Popen([AECOS, "import", model, "--to", to], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    time.sleep(after_s)
    process.send_signal(signal.SIGKILL)
    process.wait()
    left = count_files(to)
    return left, timed([AECOS, "import", model, "--to", to])[0]


def main():
    megabytes = float(sys.argv[1]) if len(sys.argv) > 1 else 100
    with tempfile.TemporaryDirectory(prefix="aecos-bench-") as folder:
        model, to, out = make_model(folder, megabytes), os.path.join(folder, "to"), os.path.join(folder, "out.ifc")
        print(f"model {os.path.getsize(model) / 1e6:.0f} MB, {os.cpu_count()} processors")
        for what, command in (("import", [AECOS, "import", model, "--to", to]),
                              ("import again, nothing changed", [AECOS, "import", model, "--to", to]),
                              ("export", [AECOS, "export", "--from", to, "--out", out])):
            seconds, peak, said = timed(command)
            print(f"{what:30} {seconds:7.1f} s  {peak:7.0f} MB   {said.strip()}")
        print("the export is the model, byte for byte" if open(model, "rb").read() == open(out, "rb").read()
              else "the export differs from the model")
        left, seconds = broken_off(model, os.path.join(folder, "other"), 5)
        print(f"killed after 5 s with {left} files written; the next import took {seconds:.1f} s")


if __name__ == "__main__":
    main()
