"""The runs: those that give the model its constants, and those that it has to foretell."""
import contextlib
import os
import subprocess
import time
from dataclasses import dataclass

import loads
import probes
from servers import Coord

WARM_SECONDS, SECONDS = 1, 3
REPEATED = 3  # Of the runs that give constants the one that other programs disturbed least counts.
FIRST_WARM_SECONDS = 6  # Of a new cluster: code is compiled again where it is hot.


@dataclass(frozen=True)
class Load:
    """A load, and by what cluster it is borne."""
    operation: str
    sessions: int = 16
    depth: int = 32
    size: int = 100
    nodes: int = 3
    delay_us: int = 0  # Longer than the disk's own flush
    pinned: bool = False  # All nodes on one core, the load on another

    @property
    def in_flight(self):
        return self.sessions * self.depth

    @property
    def cluster(self):
        return self.nodes, self.delay_us, self.pinned

    def __str__(self):
        told = f"{self.operation}, {self.sessions} × {self.depth}"
        told += f", {self.size:,} B" if self.size != 100 else ""
        told += f", {self.nodes} node{'s' if self.nodes > 1 else ''}" if self.nodes != 3 else ""
        told += f", flush + {self.delay_us / 1000:g} ms" if self.delay_us else ""
        return told + (", nodes on one core, load on the other" if self.pinned else "")


CONSTANTS = {
    "set": Load("set"), "set alone": Load("set", 1, 1), "set few": Load("set", 16, 1),
    "set large": Load("set", size=4096),
    "get": Load("get"), "get alone": Load("get", 1, 1), "get few": Load("get", 16, 1),
    "get large": Load("get", size=4096), "create": Load("create")}
FORETOLD = (
    Load("set", 4, 1), Load("set", 16, 8), Load("set", 64, 32),
    Load("set", size=10), Load("set", size=1024), Load("set", size=16384), Load("set", 16, 8, size=65536),
    Load("get", 16, 8), Load("get", 64, 32), Load("get", size=16384),
    Load("create", 16, 8), Load("create", 64, 32), Load("mixed"), Load("mixed", 64, 32),
    Load("set", nodes=1), Load("set", 1, 1, nodes=1), Load("get", nodes=1),
    Load("set", nodes=5), Load("set", 1, 1, nodes=5), Load("get", nodes=5),
    Load("set", delay_us=1000), Load("set", 1, 1, delay_us=1000), Load("mixed", delay_us=1000),
    Load("set", delay_us=5000), Load("set", 1, 1, delay_us=5000),
    Load("set", pinned=True), Load("get", pinned=True), Load("mixed", pinned=True))


def estimate():
    """Seconds."""
    measured = [*(REPEATED * list(CONSTANTS.values())), *FORETOLD]
    return len(measured) * (WARM_SECONDS + SECONDS + 1) + len({load.cluster for load in measured}) * (
        2 * FIRST_WARM_SECONDS + 8)


def measure(folder, say):
    """{load in words: what was measured}, one cluster after the other."""
    loads.build(folder, False)
    subprocess.run(["cc", "-O2", "-shared", "-fPIC", "-o", folder / "slow_flush.so",
                    loads.ROOT / "benchmarks" / "scaling" / "slow_flush.c"], check=True)
    wanted = list(dict.fromkeys([*CONSTANTS.values(), *FORETOLD]))
    found = {}
    for number, kind in enumerate(dict.fromkeys(load.cluster for load in wanted)):
        nodes, delay_us, pinned = kind
        with placed({0} if pinned else None), slower(folder, delay_us):
            cluster = Coord(folder / f"coord-{number}", folder, nodes)
            cluster.start()
        with contextlib.ExitStack() as stack:
            stack.callback(cluster.__exit__)
            stack.enter_context(placed({1} if pinned else None))
            cluster.wait_until_ready()
            for operation in ("set", "get"):
                cluster.load(operation, FIRST_WARM_SECONDS)
            for load in (one for one in wanted if one.cluster == kind):
                times = REPEATED if load in CONSTANTS.values() else 1
                one = found[f"{load}"] = max((measured(cluster, load, folder) for _ in range(times)),
                                             key=lambda run: run["rate"])
                say(f"{load}: {one['rate']:,.0f}/s, p50 {one['p50_ms']:.3f} ms")
    return found


@contextlib.contextmanager
def placed(cores):
    """What is started meanwhile runs on these cores alone."""
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, cores or before)
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)


@contextlib.contextmanager
def slower(folder, delay_us):
    """What is started meanwhile has a disk whose flush takes longer."""
    if delay_us:
        os.environ.update(LD_PRELOAD=str(folder / "slow_flush.so"), FLUSH_DELAY_US=str(delay_us))
    try:
        yield
    finally:
        os.environ.pop("LD_PRELOAD", None)


def measured(cluster, load, folder):
    leader = cluster.leader()
    options = cluster.options(load.operation, 600, warm=WARM_SECONDS, conns=load.sessions, depth=load.depth,
                              size=load.size)
    keys = 1000 if load.size < 10_000 else 100
    with loads.Load(folder / "zkload", *options, "--prefix", f"/scaling-{load.size}", "--keys", keys) as running:
        until_under_way(running, cluster, load.sessions)
        time.sleep(WARM_SECONDS)
        before = probes.Moment(cluster, leader, running.process.pid)
        time.sleep(SECONDS)
        after = probes.Moment(cluster, leader, running.process.pid)
        running.end()
        said = running.figures()
    return {**probes.used(before, after), "p50_ms": said["p50_ms"], "p99_ms": said["p99_ms"]}


def until_under_way(running, cluster, sessions):
    """Until all sessions are open and ask for something."""
    while running.runs() and cluster.connections() <= sessions:
        time.sleep(0.05)
    before = cluster.requests()
    while running.runs() and cluster.requests() < before + 2 * sessions:
        time.sleep(0.05)


def disk_rate(folder):
    """Bytes a second that the disk takes, each 4 MiB flushed."""
    block, count = bytes(4 << 20), 48
    with open(folder / "disk", "wb", buffering=0) as file:
        began = time.monotonic()
        for _ in range(count):
            file.write(block)
            os.fdatasync(file.fileno())
        took = time.monotonic() - began
    os.unlink(folder / "disk")
    return len(block) * count / took
