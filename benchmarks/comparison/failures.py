"""The leader goes while one session writes one request at a time."""
import time

from loads import Failed
from rows import FAILURES

KILLED_SECONDS, FROZEN_SECONDS = 8, 20
BEFORE = 3  # Seconds of load before the leader goes.


def measure(run, rows):
    wanted = [row for row in FAILURES if row.name in rows]

    def measure_one(number, name, cluster):
        for row in wanted:
            lose = {"killed": killed, "frozen": frozen}[row.name]
            run.record(number, name, row.name, lambda: lose(cluster))

    run.on_new_clusters(wanted, measure_one)


def leader_of(cluster):
    leader = cluster.leader()
    if leader is None:
        raise Failed("no node leads")
    return leader


def killed(cluster):
    """The session is the leader's own: it has to find another node."""
    leader = leader_of(cluster)
    with cluster.loading("failover", KILLED_SECONDS, hosts=rotated(cluster, leader)) as load:
        time.sleep(BEFORE)
        cluster.launch("kill", leader)
        try:
            said = checked(load)
        finally:
            cluster.launch("restart", leader)
    cluster.wait_until_ready()
    return {"killed.gap": said["longest_gap_ms"] / 1000}, said


def frozen(cluster):
    """The session is a follower's: how long a client is patient with a silent node is no figure of the cluster."""
    leader = leader_of(cluster)
    with cluster.loading("failover", FROZEN_SECONDS, hosts=rotated(cluster, leader % 3 + 1)) as load:
        time.sleep(BEFORE)
        cluster.launch("pause", leader)
        try:
            said = checked(load)
        finally:
            cluster.launch("resume", leader)
    cluster.wait_until_ready()
    return {"frozen.gap": said["longest_gap_ms"] / 1000}, said


def rotated(cluster, first):
    """The hosts, from this node on: the session dials them in this order."""
    return cluster.hosts[first - 1:] + cluster.hosts[:first - 1]


def checked(load):
    said = load.figures()
    if said["lost_acked"] or said["sessions_expired"]:
        raise Failed(f"{said['lost_acked']:.0f} writes and {said['sessions_expired']:.0f} sessions lost")
    return said
