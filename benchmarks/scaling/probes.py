"""What a cluster used between two moments: processor time by role and stage, bytes by link and log, flushes, turns."""
import collections
import os
import pathlib
import re
import subprocess
import time
import urllib.request

TICKS = os.sysconf("SC_CLK_TCK")
STAGES = (  # The kernel keeps 15 letters of a thread's name.
    ("loop", "replica"), ("log", "coord log"), ("peers", "peer "), ("clients", ".NET TP"), ("clients", ".NET Sockets"),
    ("rest", ""))
NAMES, ROLES = tuple(dict.fromkeys(name for name, _ in STAGES)), ("leader", "follower")
COUNTERS = ("coord_flush_seconds_sum", "coord_flush_seconds_count", "coord_turn_seconds_count",
            "coord_log_batch_bytes_sum")


def stage(thread):
    return next(name for name, begin in STAGES if thread.startswith(begin))


def seconds_by_stage(pid):
    """To the nanosecond: the clock ticks of /proc/PID/stat are too coarse for a short measurement."""
    spent = collections.Counter()
    for task in pathlib.Path(f"/proc/{pid}/task").iterdir():
        try:
            name, times = (task / "comm").read_text(), (task / "schedstat").read_text()
        except (FileNotFoundError, ProcessLookupError):
            continue  # The thread has ended.
        spent[stage(name.strip())] += int(times.split()[0]) / 1e9
    return spent


def link_bytes(first_port, nodes):
    """Bytes that nodes took in and gave out at their client and at their peer ports; of a link only one end listens."""
    listed = subprocess.run(["ss", "-tinH"], capture_output=True, text=True, check=True).stdout
    found = collections.Counter()
    for local, sent, received in re.findall(
            r"^\S+\s+\d+\s+\d+\s+\S+:(\d+)\s+\S+:\d+\s*\n\s(?=.*?bytes_acked:(\d+))?(?=.*?bytes_received:(\d+))?",
            listed, re.M):
        port = int(local) - first_port
        kind = "client" if 0 <= port < nodes else "peer" if 100 <= port < 100 + nodes else None
        if kind:
            found[kind] += int(sent or 0) + int(received or 0)
    return found


def counters(admin_port):
    with urllib.request.urlopen(f"http://127.0.0.1:{admin_port}/metrics", timeout=5) as answer:
        text = answer.read().decode()
    return {name: float(re.search(rf"^{name} (\S+)", text, re.M)[1]) for name in COUNTERS}


def busy_by_core():
    """Seconds of each core, whoever's they were."""
    cores = re.findall(r"^cpu\d+ (.*)", pathlib.Path("/proc/stat").read_text(), re.M)
    times = [[int(one) for one in core.split()] for core in cores]
    return [(sum(core[:8]) - core[3] - core[4]) / TICKS for core in times]  # All but idle and waiting for the disk.


class Moment:
    """What there is at this moment."""

    def __init__(self, cluster, leader, load_pid):
        self.time = time.monotonic()
        self.cpu = collections.Counter()
        for node in cluster.nodes:
            role = "leader" if node == leader else "follower"
            for name, seconds in seconds_by_stage(cluster.pid(node)).items():
                self.cpu[role, name] += seconds
        self.load = sum(seconds_by_stage(load_pid).values())
        self.requests, self.cores = cluster.requests(), busy_by_core()
        self.links = link_bytes(cluster.port, len(cluster.nodes))
        self.counters = counters(cluster.port + 199 + leader)


def used(before, after):
    """For each operation: µs of processor time, bytes; and of the leader log, flushes, turns, the time of a flush."""
    operations, seconds = after.requests - before.requests, after.time - before.time
    nodes, load = sum((after.cpu - before.cpu).values()) / seconds, (after.load - before.load) / seconds
    counted = {name: after.counters[name] - before.counters[name] for name in COUNTERS}
    flushes = counted["coord_flush_seconds_count"]
    return {
        "rate": operations / seconds, "nodes_cores": nodes, "load_cores": load,
        "cores": [(late - early) / seconds for early, late in zip(before.cores, after.cores)],
        "cpu": {f"{role} {name}": (after.cpu[role, name] - before.cpu[role, name]) / operations * 1e6
                for role in ROLES for name in NAMES},
        "load_cpu": (after.load - before.load) / operations * 1e6,
        "client_bytes": (after.links["client"] - before.links["client"]) / operations,
        "peer_bytes": (after.links["peer"] - before.links["peer"]) / operations,
        "log_bytes": counted["coord_log_batch_bytes_sum"] / operations,
        "flushes": flushes / operations,
        "turns": counted["coord_turn_seconds_count"] / operations,
        "flush_ms": counted["coord_flush_seconds_sum"] / flushes * 1000 if flushes else None,
    }
