"""A large tree: what a znode takes, what a snapshot costs, how long a restart lasts. Each round has a new cluster."""
import time
from concurrent.futures import ThreadPoolExecutor

from processes import PeakMemory
from rows import GROWTH

ZNODES, MORE = 1_000_000, 570_000
PREFIX, MORE_PREFIX = "/memory-per-znode", "/another-prefix-0"  # 17 bytes, and 25 with /k and six digits.
NODES = (1, 2, 3)
SETTLE_SECONDS = 5
SNAPSHOT_SECONDS = 600  # The load ends when the snapshots are there.


def measure(run, rows):
    wanted = [row for row in GROWTH if row.name in rows]
    run.on_new_clusters(wanted, lambda number, name, cluster: measure_one(
        run, number, name, cluster, {row.name for row in wanted if name in row.servers}))


def measure_one(run, number, name, cluster, rows):
    if "memory" in rows:
        run.record(number, name, "memory", lambda: memory(run, cluster))
    else:
        run.trying(lambda: cluster.fill(PREFIX, run.scaled(ZNODES)))
    if rows & {"snapshot", "restart"}:
        run.say(f"{name}: more znodes")
        run.trying(lambda: cluster.fill(MORE_PREFIX, run.scaled(MORE)))
    if "snapshot" in rows:
        run.record(number, name, "snapshot", lambda: snapshot(run, cluster))
    if "restart" in rows:
        run.record(number, name, "restart", lambda: restart(run, cluster))


def memory(run, cluster):
    count = run.scaled(ZNODES)
    time.sleep(SETTLE_SECONDS)
    before = cluster.rss_per_node()
    cluster.fill(PREFIX, count)
    time.sleep(SETTLE_SECONDS)
    after = cluster.rss_per_node()
    return {"memory.znode": (after - before) / count}, {"rss_before": before, "rss_after": after, "znodes": count}


def snapshot(run, cluster):
    cluster.require_znodes(run.scaled(ZNODES) + run.scaled(MORE))
    alone = cluster.load("set", run.seconds)
    before = cluster.rss_per_node()
    with PeakMemory(cluster.pids()) as peak:
        # Nodes choose their own moments, by chance; all at once is the worst that this can come to.
        turns = under_load(cluster, lambda: [cluster.take_snapshot(node) for node in NODES])
        together = under_load(cluster, lambda: at_once(cluster))
    extra = (peak.most / len(NODES) - before) / 1048576
    return {"snapshot.stall": turns["max_ms"], "snapshot.together": together["max_ms"],
            "snapshot.alone": alone["max_ms"], "snapshot.memory": extra,
            "snapshot.rate": alone["ops_per_s"], "snapshot.cpu": alone["server_cpu_us_per_op"]}, {
        "turns": turns, "together": together, "alone": alone}


def under_load(cluster, take):
    """The load's figures, and how long the snapshots took."""
    with cluster.loading("set", SNAPSHOT_SECONDS) as load:
        time.sleep(3)
        began = time.monotonic()
        take()
        seconds = time.monotonic() - began
        load.end()
        return {**load.figures(), "snapshot_seconds": seconds}


def at_once(cluster):
    with ThreadPoolExecutor() as pool:
        list(pool.map(cluster.take_snapshot, NODES))


def restart(run, cluster):
    """All nodes are killed and start again at once, with what is on their disks."""
    cluster.require_znodes(run.scaled(ZNODES) + run.scaled(MORE))
    cluster.kill_all()
    seconds = cluster.start()
    return {"restart.time": seconds}, {}
