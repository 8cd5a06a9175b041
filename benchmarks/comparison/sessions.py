"""Sessions: opened by several processes at once, from several source addresses; and held."""
import time
from contextlib import ExitStack

from loads import Failed
from rows import SESSIONS

OPENERS, OPENED, AT_ONCE = 16, 16_000, 16  # Processes, sessions, and handshakes that each has under way.
HOLDERS, STORMING = 12, 22_500
HELD = {"held": (3, 55_008), "held5": (5, 90_000)}  # Nodes and sessions; a process may open 20,000 files.
SESSION_MS, HOLD_SECONDS = 40_000, 60  # Held for longer than a session lasts without being renewed.
SETTLE_SECONDS = 5
OPEN_SECONDS = 300


def measure(run, rows):
    wanted = [row for row in SESSIONS if row.name in rows]
    for number in range(run.rounds):
        for name in run.serving(*wanted):
            for row in wanted:
                nodes, _ = HELD.get(row.name, (3, 0))
                with run.cluster(name, nodes) as cluster:
                    cluster.wait_until_ready()
                    run.trying(lambda: cluster.load("sessions", 1, conns=run.scaled(3000)))
                    run.record(number, name, row.name, lambda: MEASURED[row.name](run, cluster, row.name))


def opens(run, cluster, _):
    each = run.scaled(OPENED) // OPENERS
    with ExitStack() as stack:
        started = [opening(stack, cluster, each, seconds=1) for _ in range(OPENERS)]
        said = [load.figures() for load in started]
    rate = OPENERS * each / max(one["open_s"] for one in said)
    return {"opens.rate": rate}, {"processes": said}


def held(run, cluster, row):
    nodes, count = HELD[row]
    each = run.scaled(count) // HOLDERS
    count = each * HOLDERS
    empty = cluster.snapshot_bytes() if hasattr(cluster, "snapshot_bytes") else None
    before = cluster.rss_per_node()
    with ExitStack() as stack:
        started = [opening(stack, cluster, each, HOLD_SECONDS) for _ in range(HOLDERS)]
        wait_for_connections(cluster, count, started)
        time.sleep(SETTLE_SECONDS)
        after = cluster.rss_per_node()
        values = {f"{row}.count": count, f"{row}.memory": (after - before) * nodes / count / 1024}
        if empty is not None:
            values[f"{row}.state"] = (cluster.snapshot_bytes() - empty) / count
        said = [load.figures() for load in started]
    return values, {"processes": said}  # A process that loses one ends with 1.


def storm(run, cluster, _):
    """The sessions of a killed follower, two thirds of all, come back at the two others at once."""
    each = run.scaled(STORMING) // HOLDERS
    victim = cluster.leader() % 3 + 1
    first, *others = cluster.hosts[victim - 1:] + cluster.hosts[:victim - 1]
    hosts = [first, first, others[0], first, first, others[1]]  # As many as the open files of those who stay allow.
    with ExitStack() as stack:
        started = [opening(stack, cluster, each, HOLD_SECONDS, "--reconnect", 1, hosts=hosts) for _ in range(HOLDERS)]
        wait_for_connections(cluster, each * HOLDERS, started)
        time.sleep(SETTLE_SECONDS)
        cluster.launch("kill", victim)
        said = [load.figures() for load in started]
    back = sum(one["came_back"] for one in said)
    if back < each * HOLDERS * 0.66:
        raise Failed(f"only {back:.0f} of {each * HOLDERS} sessions were cut off and came back")
    return {"storm.time": max(one["back_s"] for one in said)}, {"processes": said}


def opening(stack, cluster, count, seconds, *more, hosts=None):
    return stack.enter_context(cluster.loading(
        "sessions", seconds, "--session-ms", SESSION_MS, "--dialling", AT_ONCE, *more, conns=count, hosts=hosts))


def wait_for_connections(cluster, count, started):
    deadline = time.monotonic() + OPEN_SECONDS
    while cluster.connections() < count:
        ended = next((load for load in started if not load.runs()), None)
        if ended:
            raise Failed(f"sessions ended before all were open: {ended.figures()}")
        if time.monotonic() > deadline:
            raise Failed(f"{cluster.connections()} of {count} sessions open after {OPEN_SECONDS} s")
        time.sleep(0.5)


MEASURED = {"opens": opens, "held": held, "held5": held, "storm": storm}
