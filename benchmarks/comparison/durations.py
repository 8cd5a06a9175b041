"""About how long a run takes, to be told before it begins. Measured on two cores; a slower machine takes longer."""
from failures import BEFORE, FROZEN_SECONDS, KILLED_SECONDS
from growth import MORE, SETTLE_SECONDS, ZNODES
from idle import IDLE_SECONDS
from rows import FAILURES, GROWTH, IDLE, SESSIONS, STEADY
from sessions import HOLD_SECONDS
from steady import SUSTAINED_SECONDS

FILLED = {"coord": 90_000, "zookeeper": 12_000, "etcd": 12_000}  # Znodes a second.
OPENED = {"coord": 6_000, "zookeeper": 800}  # Sessions a second.
CLUSTER_SECONDS = 6  # Start and end.
LOAD_SECONDS = 3  # A load's own beginning.


def seconds(run, rows):
    """Of the rows, for the servers and rounds of this run."""
    times = [steady(run, row, name) for row in STEADY if row.name in rows for name in run.serving(row)]
    times += [each(run, row.name, name) for row in FAILURES + GROWTH + IDLE + SESSIONS if row.name in rows
               for name in run.serving(row)]
    return sum(times)


def steady(run, row, name):
    measured = run.scaled(SUSTAINED_SECONDS) + run.seconds if row.name == "sustained" else run.seconds
    return run.rounds * (measured + LOAD_SECONDS) + run.warmup + LOAD_SECONDS


def each(run, row, name):
    cluster = CLUSTER_SECONDS + run.warmup + LOAD_SECONDS
    fill = run.scaled(ZNODES) / FILLED[name]
    more = run.scaled(ZNODES + MORE) / FILLED[name]
    return run.rounds * {
        "killed": cluster + BEFORE + KILLED_SECONDS,
        "frozen": cluster + BEFORE + FROZEN_SECONDS,
        "memory": cluster + fill + 2 * SETTLE_SECONDS,
        "snapshot": cluster + more + 60,
        "restart": cluster + more + 30,
        "idle": CLUSTER_SECONDS + IDLE_SECONDS,
        "opens": cluster + run.scaled(20_000) / OPENED.get(name, 1),
        "held": cluster + run.scaled(60_000) / OPENED.get(name, 1) + HOLD_SECONDS,
        "held5": cluster + run.scaled(95_000) / OPENED.get(name, 1) + HOLD_SECONDS,
        "storm": cluster + run.scaled(25_000) / OPENED.get(name, 1) + HOLD_SECONDS,
    }[row]
