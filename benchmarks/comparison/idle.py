"""New clusters that do nothing: how soon they serve, and what they take."""
import time

from rows import IDLE

IDLE_SECONDS = 10


def measure(run, rows):
    for number in range(run.rounds):
        for row in IDLE:
            for name in run.serving(row) if row.name in rows else ():
                run.record(number, name, row.name, lambda: start(run.cluster(name)))


def start(cluster):
    try:
        seconds = cluster.start()
        cluster.wait_until_ready()
        time.sleep(IDLE_SECONDS)
        rss = cluster.rss_per_node() / 1048576
        return {"idle.start": seconds, "idle.rss": rss}, {}
    finally:
        cluster.__exit__()
