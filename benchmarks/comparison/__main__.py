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

import charts
import failures
import growth
import idle
import loads
import machine
import report
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


class Run:
    """The settings of a run, and what it has measured so far."""

    def __init__(self, options, folder):
        self.rounds, self.seconds, self.warmup = options.rounds, options.seconds, options.warmup
        self.scale, self.servers, self.folder = options.scale, options.only, folder
        self.results, self._made = [], 0

    def scaled(self, count):
        return max(32, int(count * self.scale))

    def serving(self, *rows):
        return [name for name in self.servers if any(name in row.servers for row in rows)]

    def cluster(self, name):
        self._made += 1
        self.say(f"a new cluster: {name}")
        return SERVERS[name](self.folder / f"{name}-{self._made}", self.folder)

    def record(self, number, name, row, measurement):
        """One measurement; one that fails is told in the results, and the run goes on."""
        result = {"round": number, "server": name, "row": row}
        try:
            result["values"], result["said"] = measurement()
            told = " ".join(f"{key}={report.shown(value)}" for key, value in result["values"].items())
        except (loads.Failed, OSError, subprocess.TimeoutExpired) as failure:
            told = result["failure"] = str(failure)
        self.results.append(result)
        self.say(f"round {number + 1} {row:9} {name:9} {told}")

    def trying(self, preparation):
        """A warm-up: where it fails, the measurement behind it will say so in the results."""
        try:
            preparation()
        except (loads.Failed, OSError, subprocess.TimeoutExpired) as failure:
            self.say(str(failure))

    def say(self, line):
        print(f"{datetime.datetime.now():%H:%M:%S} {line}", file=sys.stderr, flush=True)


def parse():
    names = [row.name for row in ROWS]
    parser = argparse.ArgumentParser(prog="benchmarks/compare.sh", description=__doc__,
                                     epilog=f"Rows: {' '.join(names)}")
    parser.add_argument("--rows", type=listed(names), default=names, help="only these, joined by commas")
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
    return parser.parse_args()


def listed(allowed):
    def parse_list(text):
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


def write(options, facts, results):
    options.output.mkdir(parents=True, exist_ok=True)
    stem = options.output / f"{facts['date']}-{facts['commit']}"
    report.write(stem, facts, results)
    charts.draw(stem, report.medians(results))
    print("\n".join(report.table(report.medians(results))))
    print(f"{stem}.md, .json and charts", file=sys.stderr)


def main():
    options = parse()
    refuse_what_is_missing(options.only)
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda received, _: sys.exit(128 + received))
    folder = pathlib.Path(tempfile.mkdtemp(prefix="coord-compare-"))
    run = Run(options, folder)
    facts = {"date": f"{datetime.date.today()}", "commit": machine.commit(), "rounds": options.rounds,
             "scale": options.scale, "command": shlex.join(["benchmarks/compare.sh", *sys.argv[1:]]),
             "machine": machine.describe(options.only)}
    try:
        loads.build(folder, "etcd" in options.only)
        if "coord" in options.only:
            with run.cluster("coord"):
                run.say("Coord is built")
        for group in GROUPS:
            group.measure(run, options.rows)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        if run.results:
            write(options, facts, run.results)
    return 1 if any("failure" in result for result in run.results) else 0


sys.exit(main())
