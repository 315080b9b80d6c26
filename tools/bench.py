#!/usr/bin/env python3
"""Speed and memory of aecos beside other programs, on made and real models of several sizes, in one run.

Every figure but those of reading is of a whole process, from start to end; of several runs the median. Reading is timed
inside the program, without its start and without loading the file from disk. Programs that are not installed are left
out, with a word about it.
"""
import argparse
import json
import os
import pathlib
import shlex
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

from bench_table import MET, print_table

ROOT = pathlib.Path(__file__).resolve().parent.parent
REAL_MODELS = ROOT.parent / "shared" / "data" / "ifc"
SCALE = ROOT / "tools" / "scale_ifc.py"
MB = 1e6
LONG_SECONDS = 15  # What takes longer than this is not repeated.
# The least memory that is told is that of this script, from which the programs start: small models say nothing.
MEMORY_SIZE = 25 * MB

WEB_IFC = """
const fs = require('fs'), { IfcAPI } = require('web-ifc');
(async () => {
  const api = new IfcAPI();
  await api.Init();
  const bytes = new Uint8Array(fs.readFileSync(process.argv[1]));
  const start = process.hrtime.bigint(), busy = process.cpuUsage();
  const model = api.OpenModel(bytes);
  const seconds = Number(process.hrtime.bigint() - start) / 1e9, spent = process.cpuUsage(busy);
  if (model < 0 || api.GetAllLines(model).size() === 0) process.exit(1);
  console.log(JSON.stringify({ seconds, cpu: (spent.user + spent.system) / 1e6 }));
  process.exit(0);
})();
"""
IFCOPENSHELL = """
import json, sys, time, ifcopenshell
start, busy = time.perf_counter(), time.process_time()
model = ifcopenshell.open(sys.argv[1])
print(json.dumps({"seconds": time.perf_counter() - start, "cpu": time.process_time() - busy}))
"""


def say(text):
    print(f"bench: {text}", file=sys.stderr, flush=True)


class Failed(Exception):
    pass


def run(command, timeout, folder=None, statuses=range(1), environment=None):
    """One process: its output, and how long and how large it was."""
    with tempfile.TemporaryFile() as output, tempfile.TemporaryFile() as errors:
        start = time.perf_counter()
        process = subprocess.Popen(list(map(str, command)), stdin=subprocess.DEVNULL, stdout=output, stderr=errors,
                                   cwd=folder, env=environment and {**os.environ, **environment})
        pid, status, usage = wait(process, start + timeout)
        seconds = time.perf_counter() - start
        process.returncode = os.waitstatus_to_exitcode(status)
        if pid == 0 or process.returncode not in statuses:
            errors.seek(0)
            last = errors.read().decode(errors="replace").strip().splitlines()[-1:]
            raise Failed(f"not done in {timeout:.0f} s" if pid == 0 else
                         f"exit status {process.returncode}: {' '.join(last)}")
        output.seek(0)
        return {"seconds": seconds, "cpu": usage.ru_utime + usage.ru_stime, "peak_mb": usage.ru_maxrss * 1024 / MB,
                "status": process.returncode, "output": output.read(1 << 20)}


def wait(process, deadline):
    while time.perf_counter() < deadline:
        pid, status, usage = os.wait4(process.pid, os.WNOHANG)
        if pid:
            return pid, status, usage
        time.sleep(0.002)
    process.kill()
    return 0, *os.wait4(process.pid, 0)[1:]


def median(results):
    return {**results[0], **{key: statistics.median(result[key] for result in results)
                             for key in ("seconds", "cpu", "peak_mb")}}


class Bench:
    def __init__(self, options, folder):
        self.options, self.folder, self.rows = options, folder, []
        self.build = pathlib.Path(options.build).resolve()
        self.aecos = self.build / "aecos"
        self.ifcmerge = os.environ.get("AECOS_IFCMERGE")
        self.left_out = set()

    # Running

    def timed(self, command, prepare=None, own_clock=False, **how):
        """The median of several runs; absent with a message if it does not work."""
        results = []
        for _ in range(self.options.runs):
            try:
                where = prepare() if prepare else None
                results.append(run(command, self.options.timeout, folder=where, **how))
            except (Failed, OSError) as reason:
                say(f"left out: {pathlib.Path(str(command[0])).name}: {reason}")
                return None
            if own_clock:
                results[-1].update(json.loads(results[-1]["output"]))
            if results[-1]["seconds"] > LONG_SECONDS:
                break
        return median(results)

    def absent(self, program, why):
        if program not in self.left_out:
            say(f"{program} is left out: {why}")
        self.left_out.add(program)

    # One row of the table. `of` is the row it is compared with: "how many times its time".
    def row(self, model, size, step, program, result, note="", target="", met=None):
        if result is None:
            return
        self.rows.append({"model": model, "size_mb": size / MB, "step": step, "program": program,
                          "seconds": result["seconds"], "cpu_seconds": result["cpu"], "mb_per_s":
                          size / MB / result["seconds"], "peak_mb": result.get("peak_mb"), "note": note,
                          "target": target, "met": met})

    def ratio(self, over, under):
        """Of times: as the clock went, or with --cpu as the processors were busy."""
        key = "cpu" if self.options.cpu else "seconds"
        return over[key] / max(under[key], 1e-9)

    # Models

    def models(self):
        """(name, file), small ones first; the caller deletes what is in the folder."""
        real = sorted(REAL_MODELS.glob("*.ifc"), key=lambda path: path.stat().st_size, reverse=True)
        if not real:
            say("there are no real models in ../shared/data/ifc: the made house alone is measured")
        for path in reversed(real if self.options.full else real[:2]):
            yield path.stem, path
        probe = self.file("probe.ifc")
        run([self.aecos, "sample", probe, "--storeys", 50], 60)
        storey = probe.stat().st_size / 50
        for size in self.options.sizes:
            house = self.file(f"house-{size:g}.ifc")
            run([self.aecos, "sample", house, "--storeys", max(1, round(size * MB / storey))], 600)
            yield f"house x {size:g} MB", house
            house.unlink()
            if real:
                scaled = self.file(f"scaled-{size:g}.ifc")
                run([sys.executable, SCALE, real[0], size, scaled], 600)
                yield f"{real[0].stem} x {size:g} MB", scaled
                scaled.unlink()

    def file(self, name):
        return self.folder / name

    def edited(self, base, seed):
        native, anew = self.file(f"native-{seed}.ifc"), self.file(f"anew-{seed}.ifc")
        run([self.aecos, "sample", native, "--from", base, "--edits", self.options.edits, "--seed", seed], 600)
        run([self.aecos, "sample", anew, "--from", native, "--re-export", "--seed", seed + 10], 600)
        return native, anew

    # Steps

    def read(self, name, path):
        size = path.stat().st_size
        scan, table = self.in_process(path, "byte_scan"), self.in_process(path, "step_read")
        self.row(name, size, "read", "byte scan", scan)
        if scan and table:
            ratio = self.ratio(table, scan)
            self.row(name, size, "read", "aecos, table", table, f"{ratio:.1f}x the scan", "<= 4x", ratio <= 4)
        self.row(name, size, "read", "aecos, all it says", self.in_process(path, "model_read"))
        for program, result in (("web-ifc", self.web_ifc(path)), ("ifcopenshell", self.ifcopenshell(path))):
            if result and table:
                ratio = self.ratio(result, table)
                self.row(name, size, "read", program, result, f"{ratio:.0f}x aecos' table", ">= 10x", ratio >= 10)

    def in_process(self, path, step):
        program = self.build / "bench_read"
        if not program.exists():
            return self.absent("bench_read", "it is not built")
        try:
            result = run([program, f"--benchmark_filter=^{step}", "--benchmark_format=json",
                          "--benchmark_repetitions=3", "--benchmark_report_aggregates_only=true"],
                         self.options.timeout, environment={"AECOS_BENCH_FILES": str(path)})
        except Failed as reason:
            return self.absent("bench_read", reason)
        for entry in json.loads(result["output"])["benchmarks"]:
            if entry.get("aggregate_name") == "median":
                return {**result, "seconds": entry["real_time"] / 1e3, "cpu": entry["cpu_time"] / 1e3}
        return None

    def web_ifc(self, path):
        modules = self.build / "node" / "node_modules"
        modules = pathlib.Path(os.environ.get("AECOS_WEB_IFC", modules))
        if not shutil.which("node") or not (modules / "web-ifc").is_dir():
            return self.absent("web-ifc", f"it is not in {modules}, or there is no node")
        return self.timed(["node", "-e", WEB_IFC, path], own_clock=True, environment={"NODE_PATH": str(modules)})

    def ifcopenshell(self, path):
        python = os.environ.get("AECOS_IFCOPENSHELL_PYTHON", sys.executable)
        if subprocess.run([python, "-c", "import ifcopenshell"], capture_output=True, check=False).returncode:
            return self.absent("ifcopenshell", f"{python} does not have it")
        return self.timed([python, "-c", IFCOPENSHELL, path], own_clock=True)

    def merge(self, name, base, kind, ours, theirs):
        inputs = sum(path.stat().st_size for path in (base, ours, theirs))
        merged = self.file("merged.ifc")
        mine = self.timed([self.aecos, "merge", base, ours, theirs, "-o", merged], statuses=(0, 1))
        if mine is None:
            return
        memory = mine["peak_mb"] * MB / inputs
        conflicts = "conflicts" if mine["status"] else "clean"
        self.row(name, inputs, f"merge {kind}", "aecos", mine, f"{conflicts}; memory {memory:.1f}x inputs", "<= 4x",
                 memory <= 4 if inputs >= MEMORY_SIZE else None)
        git = self.timed(["git", "merge-file", "-p", ours, base, theirs], statuses=range(128))
        if git:
            ratio = self.ratio(mine, git)
            conflicts = f"{git['status']}{'+' if git['status'] == 127 else ''} conflicts" if git["status"] else "clean"
            self.row(name, inputs, f"merge {kind}", "git merge-file", git, f"{conflicts}; aecos {ratio:.2f}x of it",
                     "<= 0.5x", ratio <= 0.5)
        if not self.ifcmerge:
            return self.absent("ifcmerge", "AECOS_IFCMERGE does not name it")
        other = self.timed([self.ifcmerge, base, ours, theirs, merged], statuses=(0, 1, 255))
        if other:
            ratio = self.ratio(other, mine)
            failed = "did not merge; " if other["status"] else ""
            self.row(name, inputs, f"merge {kind}", "ifcmerge", other, f"{failed}{ratio:.0f}x aecos' time", ">= 100x",
                     None if failed else ratio >= 100)

    def normalise(self, name, base, anew):
        size = base.stat().st_size + anew.stat().st_size
        result = self.timed([self.aecos, "normalise", "--against", base, anew, "-o", self.file("normal.ifc")])
        if result:
            self.row(name, size, "normalise", "aecos", result, f"memory {result['peak_mb'] * MB / size:.1f}x inputs")

    def git_add(self, name, base, anew):
        """A re-export is staged in a fresh repository whose last commit has the version before it."""
        size, template, place = anew.stat().st_size, self.file("template"), self.file("repository")
        template.mkdir()

        def git(*arguments):
            run(["git", "-c", "user.name=bench", "-c", "user.email=bench@localhost", *arguments], 600, template)

        def fresh():
            shutil.rmtree(place, ignore_errors=True)
            shutil.copytree(template, place)
            shutil.copy(anew, place / "model.ifc")
            return place

        git("init", "-q")
        git("config", "filter.aecos-ifc.process", f"{shlex.quote(str(self.aecos))} filter-process")
        git("config", "filter.aecos-ifc.required", "true")
        shutil.copy(base, template / "model.ifc")
        git("add", "model.ifc")
        git("commit", "-q", "-m", "The version before")
        results = []
        for attributes in ("*.ifc -text\n", "*.ifc -text filter=aecos-ifc\n"):
            (template / ".gitattributes").write_text(attributes)
            results.append(self.timed(["git", "add", "model.ifc"], prepare=fresh))
        shutil.rmtree(template)
        shutil.rmtree(place, ignore_errors=True)
        self.row(name, size, "git add", "git", results[0])
        if all(results):
            key = "cpu" if self.options.cpu else "seconds"
            more = results[1][key] - results[0][key]
            self.row(name, size, "git add", "git, aecos filter", results[1], f"{more:+.2f} s", "<= +1 s at 50 MB",
                     more <= 1 if 40 * MB < size < 60 * MB else None)

    def measure(self):
        for name, base in self.models():
            if self.options.only not in name:
                continue
            say(f"{name} ({base.stat().st_size / MB:.1f} MB)")
            self.read(name, base)
            (ours, ours_anew), (theirs, theirs_anew) = self.edited(base, 1), self.edited(base, 2)
            self.merge(name, base, "native", ours, theirs)
            self.merge(name, base, "re-exported", ours_anew, theirs_anew)
            self.normalise(name, base, ours_anew)
            self.git_add(name, base, ours_anew)

    # Telling

    def table(self):
        def number(value, digits):
            return "-" if value is None else f"{value:.{digits}f}"

        head = ["model", "step", "program", "s", "CPU s", "MB/s", "peak MB", "", "target", "met"]
        lines = [[row["model"], row["step"], row["program"], number(row["seconds"], 3), number(row["cpu_seconds"], 3),
                  number(row["mb_per_s"], 1 if row["mb_per_s"] < 100 else 0), number(row["peak_mb"], 0), row["note"],
                  row["target"], MET[row["met"]]] for row in self.rows]
        print_table(head, lines, to_the_right={3, 4, 5, 6})


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--build", default=ROOT / "build", help="where aecos and bench_read are")
    parser.add_argument("--sizes", default="10,50", help="megabytes of the scaled models, separated by commas")
    parser.add_argument("--full", action="store_true", help="10, 50 and 200 MB, and every real model as it is")
    parser.add_argument("--only", default="", help="only models with this in their name")
    parser.add_argument("--runs", type=int, default=3, help="how often each is timed; the median counts")
    parser.add_argument("--edits", type=int, default=20, help="random edits on each side")
    parser.add_argument("--timeout", type=float, default=120, help="seconds after which a program is given up")
    parser.add_argument("--cpu", action="store_true", help="compare the time of processors, for a machine that is busy")
    parser.add_argument("--json", action="store_true", help="the figures as JSON instead of a table")
    options = parser.parse_args()
    options.sizes = [10, 50, 200] if options.full else [float(size) for size in options.sizes.split(",") if size]
    with tempfile.TemporaryDirectory(prefix="aecos-bench-") as folder:
        bench = Bench(options, pathlib.Path(folder))
        if not bench.aecos.exists():
            sys.exit(f"bench: there is no {bench.aecos}; ./dev build makes it")
        try:
            bench.measure()
        except KeyboardInterrupt:
            say("stopped; this is what was measured so far")
    if options.json:
        load = os.getloadavg()
        report = {"processors": os.cpu_count(), "load": load, "runs": options.runs, "rows": bench.rows}
        print(json.dumps(report, indent=2))
    else:
        print(f"{os.cpu_count()} processors, load {os.getloadavg()[0]:.1f}; medians of {options.runs} runs"
              f"{'; ratios of processor time' if options.cpu else ''}\n")
        bench.table()


if __name__ == "__main__":
    main()
