"""Coord's recipes beside Curator's on ZooKeeper and beside Redis, on this machine. benchmarks/recipes.sh starts
this."""
import argparse
import contextlib
import datetime
import json
import os
import pathlib
import shlex
import shutil
import signal
import subprocess
import sys
import tempfile
import time

import loads
import machine
import page
import picture
import programs
from cells import ROWS
from stores import MADE, STORES

NEEDED = {  # Store: (program or file, Debian package)
    "coord": (("dotnet", "the .NET SDK"), ("cc", "gcc libc6-dev")),
    "plain": (),
    "client": (("java", "default-jre-headless"), ("/usr/share/java/zookeeper.jar", "zookeeper")),
    "curator": (("javac", "default-jdk-headless"), ("/usr/share/java/zookeeper.jar", "zookeeper"),
                *((f"/usr/share/java/curator-{part}.jar", f"libcurator-{part}-java")
                  for part in ("client", "framework", "recipes"))),
    "redis-always": (("redis-server", "redis-server"),),
    "redis": (("redis-server", "redis-server"),),
}
CELL_SECONDS = 2.5  # A load's processes, their sessions and their end.
SERVERS_SECONDS = 20
FAILURES = (loads.Failed, OSError, subprocess.TimeoutExpired)


class Run:
    """The settings of a run, and what it has measured so far."""

    def __init__(self, options, folder):
        self.options, self.folder, self.results, self._paths = options, folder, [], 0
        self.cells = [(row, store) for row in ROWS if row.name in options.rows
                      for store in row.stores if store in options.only]

    def seconds(self):
        each = self.options.warmup + self.options.seconds + CELL_SECONDS
        kinds = {STORES[store].server for _, store in self.cells}
        return self.options.rounds * len(self.cells) * each + len(kinds) * self.options.warmup + SERVERS_SECONDS

    def measure(self):
        wanted = dict.fromkeys(STORES[store].server for _, store in self.cells)
        with contextlib.ExitStack() as stack:
            running = {}
            for name in wanted:
                say(f"starts: {name}")
                running[name] = stack.enter_context(MADE[name](self.folder / name))
                running[name].wait_until_ready()
                running[name].warm_up(self.options.warmup)
            for number in range(self.options.rounds):
                for row, store in self.cells:
                    self._record(number, row, store, running[STORES[store].server].hosts)

    def _record(self, number, row, store, hosts):
        """One measurement; one that fails is told in the results, and the run goes on."""
        result = {"round": number, "row": row.name, "store": store}
        try:
            result["said"] = self._load(row, store, hosts)
            told = f"{result['said']['rate']:,.0f}/s, p50 {result['said']['p50_ms']:.3g} ms"
        except FAILURES as failure:
            told = result["failure"] = str(failure)
        self.results.append(result)
        say(f"round {number + 1} {row.name:11} {store:12} {told}")

    def _load(self, row, store, hosts):
        self._paths += 1
        warm, seconds = self.options.warmup, self.options.seconds
        commands = [programs.command(self.folder, store, row, ",".join(hosts), f"/recipes/{row.name}-{self._paths}",
                                     clients, warm, seconds)
                    for clients in programs.shares(row.clients, row.processes)]
        with programs.Together(commands) as processes:
            return programs.summed(processes.figures(warm + seconds))


def say(line):
    print(f"{datetime.datetime.now():%H:%M:%S} {line}", file=sys.stderr, flush=True)


def parse():
    rows, stores = [row.name for row in ROWS], list(STORES)
    parser = argparse.ArgumentParser(prog="benchmarks/recipes.sh", description=__doc__,
                                     epilog=f"Rows: {' '.join(rows)}. Stores: {' '.join(stores)}")
    parser.add_argument("--rows", type=listed(rows), default=rows, help="only these, joined by commas")
    parser.add_argument("--only", type=listed(stores), default=stores, help="only these stores, joined by commas")
    parser.add_argument("--rounds", type=int, default=3, help="measurements of each row and store (3)")
    parser.add_argument("--seconds", type=int, default=5, help="of each measurement (5)")
    parser.add_argument("--warmup", type=int, default=10, help="seconds before each measurement (10)")
    parser.add_argument("--output", type=pathlib.Path, default=loads.ROOT / "benchmarks" / "results",
                        help="folder for recipes.md, recipes.json and recipes.svg (benchmarks/results)")
    parser.add_argument("--from", type=pathlib.Path, dest="earlier", metavar="FILE.json",
                        help="measure nothing: write the page of these figures again")
    return parser.parse_args()


def listed(allowed):
    def parse_list(text):
        unknown = set(text.split(",")) - set(allowed)
        if unknown:
            raise argparse.ArgumentTypeError(f"{', '.join(unknown)}: not one of {' '.join(allowed)}")
        return [name for name in allowed if name in text.split(",")]
    return parse_list


def refuse_what_is_missing(stores):
    missing = dict.fromkeys(package for name in dict.fromkeys(["coord", *stores]) for program, package in NEEDED[name]
                            if not (os.path.exists(program) or shutil.which(program)))
    if missing:
        sys.exit(f"missing: {', '.join(missing)}. On Debian: apt-get install {' '.join(missing)}; "
                 "or leave a store out with --only")


def measure(options):
    refuse_what_is_missing(options.only)
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda received, _: sys.exit(128 + received))
    folder = pathlib.Path(tempfile.mkdtemp(prefix="coord-recipes-"))
    run = Run(options, folder)
    until = datetime.datetime.now() + datetime.timedelta(seconds=run.seconds())
    say(f"about {run.seconds() / 60:.0f} minutes and what building takes, until {until:%H:%M}")
    began = time.monotonic()
    kept = {"date": f"{datetime.date.today()}", "commit": machine.commit(), "rounds": options.rounds,
            "seconds": options.seconds, "warmup": options.warmup,
            "command": shlex.join(["benchmarks/recipes.sh", *sys.argv[1:]]), "machine": page.machine_of(options.only),
            "results": run.results}
    try:
        loads.build(folder, False)
        programs.build(folder, "curator" in options.only)
        run.measure()
        say(f"took {(time.monotonic() - began) / 60:.0f} minutes")
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        if run.results:
            write(options, kept)
    return kept


def write(options, kept):
    options.output.mkdir(parents=True, exist_ok=True)
    stem = options.output / "recipes"
    if not options.earlier:
        stem.with_suffix(".json").write_text(json.dumps(kept, indent=1) + "\n", encoding="utf-8")
    stem.with_suffix(".md").write_text(page.text(kept), encoding="utf-8")
    picture.draw(stem.with_suffix(".svg"), page.medians(kept["results"]))
    print("\n".join(page.table(kept["results"])))
    print(f"{stem}.md, .json and .svg", file=sys.stderr)


def main():
    options = parse()
    if options.earlier:
        kept = json.loads(options.earlier.read_text(encoding="utf-8"))
        write(options, kept)
    else:
        kept = measure(options)
    return 1 if any("failure" in result for result in kept["results"]) else 0


sys.exit(main())
