"""What the model foretells beside what is measured, and what it says of larger machines. benchmarks/scaling.sh starts
this."""
import argparse
import datetime
import json
import pathlib
import shutil
import signal
import sys
import tempfile

import constants
import foretold
import loads
import machine
import runs


def parse():
    parser = argparse.ArgumentParser(prog="benchmarks/scaling.sh", description=__doc__)
    parser.add_argument("--output", type=pathlib.Path, default=loads.ROOT / "benchmarks" / "results",
                        help="folder for scaling.md, scaling.json and scaling.svg (benchmarks/results)")
    parser.add_argument("--from", type=pathlib.Path, dest="earlier", metavar="FILE.json",
                        help="measure nothing: ask the model again about these runs")
    return parser.parse_args()


def say(line):
    print(f"{datetime.datetime.now():%H:%M:%S} {line}", file=sys.stderr, flush=True)


def measure():
    seconds = runs.estimate()
    until = datetime.datetime.now() + datetime.timedelta(seconds=seconds)
    say(f"about {seconds / 60:.0f} minutes, until {until:%H:%M}")
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda received, _: sys.exit(128 + received))
    folder = pathlib.Path(tempfile.mkdtemp(prefix="coord-scaling-"))
    try:
        facts = {"date": f"{datetime.date.today()}", "commit": machine.commit(), "machine": machine.describe(["coord"]),
                 "disk_bytes_per_s": runs.disk_rate(folder)}
        return {**facts, "runs": runs.measure(folder, say)}
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def main():
    options = parse()
    kept = json.loads(options.earlier.read_text(encoding="utf-8")) if options.earlier else measure()
    found = constants.of({name: kept["runs"][f"{load}"] for name, load in runs.CONSTANTS.items()},
                         runs.CONSTANTS, kept["disk_bytes_per_s"])
    options.output.mkdir(parents=True, exist_ok=True)
    if not options.earlier:
        (options.output / "scaling.json").write_text(json.dumps(kept, indent=1) + "\n", encoding="utf-8")
    text = foretold.write(options.output / "scaling", kept, found)
    print(text)


main()
