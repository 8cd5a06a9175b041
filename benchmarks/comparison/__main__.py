"""Coord beside Apache ZooKeeper and etcd, on this machine. benchmarks/compare.sh starts this."""
import argparse
import datetime
import os
import pathlib
import shlex
import shutil
import signal
import subprocess
import sys
import tempfile
import time

import charts
import durations
import failures
import growth
import idle
import loads
import machine
import report
import results
import sessions
import steady
from rows import ROWS
from servers import SERVERS

NEEDED = {  # Server: (program or file, Debian package)
    "coord": (("dotnet", "the .NET SDK"), ("cc", "gcc libc6-dev")),
    "zookeeper": (("java", "default-jre-headless"), ("/usr/share/java/zookeeper.jar", "zookeeper")),
    "etcd": (("etcd", "etcd-server"), ("go", "golang-go"),
             ("/usr/share/gocode/src/go.etcd.io/etcd/clientv3", "golang-etcd-server-dev")),
}
GROUPS = (idle, steady, failures, growth, sessions)


FAILURES = (loads.Failed, OSError, subprocess.TimeoutExpired)


class Run:
    """The settings of a run, and what it has measured so far."""

    def __init__(self, options, folder, number):
        self.rounds, self.seconds, self.warmup = options.rounds, options.seconds, options.warmup
        self.scale, self.servers, self.folder = options.scale, options.only, folder
        self.number, self.results, self._made = number, [], 0

    def scaled(self, count):
        return max(32, int(count * self.scale))

    def serving(self, *rows):
        return [name for name in self.servers if any(name in row.servers for row in rows)]

    def cluster(self, name, nodes=3):
        self._made += 1
        self.say(f"a new cluster: {name}")
        return SERVERS[name](self.folder / f"{name}-{self._made}", self.folder, nodes)

    def on_new_clusters(self, rows, measure):
        """measure(number, name, cluster) for each round and server, warm; one that fails is no end of the others."""
        for number in range(self.rounds):
            for name in self.serving(*rows):
                try:
                    with self.cluster(name) as cluster:
                        cluster.wait_until_ready()
                        self.trying(lambda: cluster.load("set", self.warmup))
                        measure(number, name, cluster)
                except FAILURES as failure:
                    for row in (row for row in rows if name in row.servers):
                        self.record(number, name, row.name, lambda: fail(failure))

    def record(self, number, name, row, measurement):
        """One measurement; one that fails is told in the results, and the run goes on."""
        result = {"run": self.number, "round": number, "server": name, "row": row}
        try:
            result["values"], result["said"] = measurement()
            told = " ".join(f"{key}={report.shown(value)}" for key, value in result["values"].items())
        except FAILURES as failure:
            told = result["failure"] = str(failure)
        self.results.append(result)
        self.say(f"round {number + 1} {row:9} {name:9} {told}")

    def trying(self, preparation):
        """A warm-up: where it fails, the measurement behind it will say so in the results."""
        try:
            preparation()
        except FAILURES as failure:
            self.say(str(failure))

    def say(self, line):
        print(f"{datetime.datetime.now():%H:%M:%S} {line}", file=sys.stderr, flush=True)


def fail(failure):
    raise failure


def parse():
    names = [row.name for row in ROWS]
    parser = argparse.ArgumentParser(prog="benchmarks/compare.sh", description=__doc__,
                                     epilog=f"Rows: {' '.join(names)}")
    parser.add_argument("--rows", type=listed(names), default=names,
                        help="only these, joined by commas; none: measure nothing, only put --merge together")
    parser.add_argument("--only", type=listed(list(SERVERS)), default=list(SERVERS),
                        help="only these servers: coord, zookeeper, etcd, joined by commas")
    parser.add_argument("--rounds", type=int, default=3, help="measurements of each row and server (3)")
    parser.add_argument("--seconds", type=int, default=5, help="of each steady load (5)")
    parser.add_argument("--warmup", type=int, default=10,
                        help="seconds before a server's first measurement of a row (10)")
    parser.add_argument("--scale", type=float, default=1, help="share of the znodes, sessions and watchers, to try the "
                        "command out: figures with another than 1 compare with nothing")
    parser.add_argument("--output", type=pathlib.Path, default=loads.ROOT / "benchmarks" / "results",
                        help="folder for the table, the raw figures and the charts (benchmarks/results)")
    parser.add_argument("--merge", type=pathlib.Path, nargs="+", default=[], metavar="FILE.json",
                        help="results of earlier runs: their rounds count as if this run had measured them too")
    parser.add_argument("--latest", action="store_true",
                        help="write latest.md and latest-….svg besides, which README.md shows")
    return parser.parse_args()


def listed(allowed):
    def parse_list(text):
        if text == "none":
            return []
        unknown = set(text.split(",")) - set(allowed)
        if unknown:
            raise argparse.ArgumentTypeError(f"{', '.join(unknown)}: not one of {' '.join(allowed)}")
        return [name for name in allowed if name in text.split(",")]
    return parse_list


def refuse_what_is_missing(servers):
    missing = [package for name in {"coord", *servers} for program, package in NEEDED[name]
               if not (os.path.exists(program) or shutil.which(program))]
    if missing:
        sys.exit(f"missing: {', '.join(missing)}. On Debian: apt-get install {' '.join(missing)}; "
                 "or leave a server out with --only")


def write(options, runs, measured):
    options.output.mkdir(parents=True, exist_ok=True)
    stem = free_stem(options.output / f"{runs[-1]['date']}-{runs[-1]['commit']}")
    results.write(stem.with_suffix(".json"), runs, measured)
    text = report.text(runs, measured)
    middle = results.medians(measured)
    for name in [stem, *([options.output / "latest"] if options.latest else [])]:
        name.with_suffix(".md").write_text(text, encoding="utf-8")
        charts.draw(name, middle)
    print("\n".join(report.table(measured)))
    print(f"{stem}.md, .json and charts", file=sys.stderr)


def free_stem(stem):
    """No run writes over what another one measured."""
    if not stem.with_suffix(".json").exists():
        return stem
    return next(other for number in range(2, 1000)
                if not (other := stem.with_name(f"{stem.name}-{number}")).with_suffix(".json").exists())


def measure(run, options):
    seconds = durations.seconds(run, options.rows)
    until = datetime.datetime.now() + datetime.timedelta(seconds=seconds)
    run.say(f"about {seconds / 60:.0f} minutes, until {until:%H:%M}")
    began = time.monotonic()
    loads.build(run.folder, "etcd" in options.only)
    if "coord" in options.only:
        with run.cluster("coord"):
            run.say("Coord is built")
    for group in GROUPS:
        group.measure(run, options.rows)
    run.say(f"took {(time.monotonic() - began) / 60:.0f} minutes")


def measure_now(options, runs, measured):
    """Adds this run to the runs, and what it measures, though it be interrupted."""
    refuse_what_is_missing(options.only)
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda received, _: sys.exit(128 + received))
    folder = pathlib.Path(tempfile.mkdtemp(prefix="coord-compare-"))
    run = Run(options, folder, len(runs))
    runs.append({"date": f"{datetime.date.today()}", "commit": machine.commit(), "rounds": options.rounds,
                 "scale": options.scale, "command": shlex.join(["benchmarks/compare.sh", *sys.argv[1:]]),
                 "machine": machine.describe(options.only)})
    try:
        measure(run, options)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        measured += run.results


def main():
    options = parse()
    runs, measured = results.of_files(options.merge)
    try:
        if options.rows:
            measure_now(options, runs, measured)
    finally:
        if measured:
            write(options, runs, measured)
    if not measured:
        sys.exit("nothing was measured")
    return 1 if any("failure" in result for result in measured) else 0


sys.exit(main())
