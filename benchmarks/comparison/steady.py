"""Steady loads: all clusters run all the while, in turns one of them is under load."""
from contextlib import ExitStack

from rows import STEADY

SUSTAINED_SECONDS = 300


def measure(run, rows):
    wanted = [row for row in STEADY if row.name in rows]
    names = [name for name in run.servers if any(name in row.servers for row in wanted)]
    if not names:
        return
    with ExitStack() as stack:
        clusters = {name: stack.enter_context(run.cluster(name)) for name in names}
        for cluster in clusters.values():
            cluster.wait_until_ready()
        # What fills the tree comes last: the others find the 1,000 znodes that the load chooses from.
        measure_in_turns(run, [row for row in wanted if row.name != "create"], clusters)
        measure_in_turns(run, [row for row in wanted if row.name == "create"], clusters)


def measure_in_turns(run, rows, clusters):
    for row in rows:
        for name in run.serving(row):
            run.say(f"warm-up: {row.name}, {name}")
            run.trying(lambda: warm_up(clusters[name], row.name, run))
    for number in range(run.rounds):
        for row in rows:
            for name in run.serving(row):
                run.record(number, name, row.name, lambda: load(clusters[name], row.name, run.seconds, run))


def warm_up(cluster, row, run):
    return load(cluster, "set" if row == "sustained" else row, run.warmup, run)


def load(cluster, row, seconds, run):
    if row == "sustained":
        short = cluster.load("set", seconds)
        said = cluster.load("set", run.scaled(SUSTAINED_SECONDS))
        return {"sustained.share": said["ops_per_s"] / short["ops_per_s"], "sustained.rate": said["ops_per_s"]}, said
    if row == "single":
        said = cluster.load("set", seconds, conns=1, depth=1)
        return {"single.p50": said["p50_ms"], "single.p99": said["p99_ms"]}, said
    if row == "watch":
        said = cluster.load("watch", seconds, conns=run.scaled(1000), depth=1)
        return {"watch.rate": said["events_per_s"], "watch.cpu": said["server_cpu_us_per_event"],
                "watch.p50": said["all_told_p50_ms"],
                "watch.told": said["watchers"] / said["all_told_p50_ms"] * 1000}, said
    said = cluster.load(row, seconds)
    said["znodes"] = cluster.znodes()
    return {f"{row}.rate": said["ops_per_s"], f"{row}.cpu": said["server_cpu_us_per_op"],
            f"{row}.p99": said["p99_ms"], f"{row}.rss": said["server_rss_mb"]}, said
