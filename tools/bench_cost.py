#!/usr/bin/env python3
"""How long a model's cost takes, with and without base quantities. `./dev bench cost [MEGABYTES]`."""

import json
import os
import re
import subprocess
import sys
import tempfile

from bench_validate import AECOS, make_model, timed


def report(name, command):
    seconds, peak, said = timed(command)
    bill = json.loads(said)
    total = ", ".join(f"{each['cost']} {each['currency']}" for each in bill["totals"])
    print(f"{name:32} {seconds:7.1f} s  {peak:7.0f} MB  {bill['elements']} elements, {total}, "
          f"{bill['missingRates']} without a rate, {bill['missingQuantities']} without a quantity")


def main():
    megabytes = float(sys.argv[1]) if len(sys.argv) > 1 else 200
    with tempfile.TemporaryDirectory(prefix="aecos-bench-") as folder:
        model = make_model(folder, megabytes)
        rates = os.path.join(folder, "rates.csv")
        subprocess.run([AECOS, "sample", os.path.join(folder, "small.ifc"), "--rates", rates], check=True)
        print(f"model {os.path.getsize(model) / 1e6:.0f} MB, {os.cpu_count()} processors")
        report("aecos cost, base quantities", [AECOS, "cost", model, "--rates", rates, "--json"])
        # The same without them: everything by its shape, openings cut out.
        with open(model, encoding="ascii") as file:
            text = re.sub(r"IFCELEMENTQUANTITY\(('[^']*'),[^;]*;", r"IFCPROPERTYSET(\1,$,'Pset_None',$,());", file.read())
        with open(model, "w", encoding="ascii") as file:
            file.write(text)
        report("aecos cost, by shape", [AECOS, "cost", model, "--rates", rates, "--json"])


if __name__ == "__main__":
    main()
