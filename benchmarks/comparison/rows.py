"""The rows of the table: what each measures, for which servers, and what Coord is to reach (on two cores)."""
from dataclasses import dataclass

ALL = ("coord", "zookeeper", "etcd")
ZOOKEEPERS = ("coord", "zookeeper")


@dataclass(frozen=True)
class Figure:
    """One line of the table."""
    id: str
    title: str
    unit: str
    more_is_better: bool = False
    target: float | None = None

    def meets(self, value):
        return value >= self.target if self.more_is_better else value <= self.target


@dataclass(frozen=True)
class Row:
    """What one measurement gives."""
    name: str
    servers: tuple
    figures: tuple


def steady(name, title, target, cpu_target=None, servers=ALL):
    return Row(name, servers, (
        Figure(f"{name}.rate", title, "ops/s", True, target),
        Figure(f"{name}.cpu", "… CPU of all servers per op", "µs", False, cpu_target),
        Figure(f"{name}.p99", "… p99", "ms"),
        Figure(f"{name}.rss", "… memory of all servers", "MiB")))


STEADY = (
    steady("set", "set, 16 sessions × 32 in flight, 100 B, of 1,000 znodes", 250_000, 6.5),
    steady("get", "get, same load (etcd: serializable)", 1_000_000),
    steady("syncget", "linearizable get, same load (a sync and a get in one flight)", 400_000),
    steady("mixed", "90 % get, 10 % set, same load", 300_000),
    Row("sustained", ("coord",), (
        Figure("sustained.share", "set, same load for 5 minutes, beside the short figure", "share", True, 0.8),
        Figure("sustained.rate", "… itself", "ops/s"))),
    Row("single", ALL, (
        Figure("single.p50", "one set at a time: p50", "ms", False, 0.45),
        Figure("single.p99", "… p99", "ms", False, 1.5))),
    Row("watch", ALL, (
        Figure("watch.rate", "1,000 watchers of one znode told of a change, and watching again (etcd: need not)",
               "events/s", True, 300_000),
        Figure("watch.told", "… until all are told, p50, without watching again", "events/s", True, 300_000),
        Figure("watch.cpu", "… CPU of all servers per event", "µs"),
        Figure("watch.p50", "… until all are told: p50", "ms"))),
    steady("create", "create, same load; the tree grows to millions", 150_000))
FAILURES = (
    Row("killed", ALL, (
        Figure("killed.gap", "leader killed (-9): longest gap between two acknowledged writes", "s", False, 0.15),)),
    Row("frozen", ALL, (
        Figure("frozen.gap", "leader frozen (SIGSTOP): same", "s", False, 1.5),)))
GROWTH = (
    Row("memory", ALL, (
        Figure("memory.znode", "memory per znode (100 B of data, 25 B path), of a million", "B of RSS", False, 300),)),
    Row("snapshot", ZOOKEEPERS, (
        Figure("snapshot.stall", "longest request while nodes, one by one, take a snapshot of 1.57 M znodes under load",
               "ms", target=20),
        Figure("snapshot.together", "… while all three do at the same moment", "ms"),
        Figure("snapshot.alone", "… and under the same load without a snapshot", "ms"),
        Figure("snapshot.memory", "… memory it takes meanwhile, per node", "MiB"),
        Figure("snapshot.rate", "set, same load, on a tree of 1.57 M znodes", "ops/s", True),
        Figure("snapshot.cpu", "… CPU of all servers per op", "µs"))),
    Row("restart", ALL, (
        Figure("restart.time", "restart of all nodes with 1.57 M znodes until all serve", "s", False, 1.5),)))
IDLE = (
    Row("idle", ALL, (
        Figure("idle.start", "cold start of 3 nodes until all serve", "s", False, 0.8),
        Figure("idle.rss", "idle memory per node", "MiB of RSS", False, 60))),)
SESSIONS = (
    Row("opens", ZOOKEEPERS, (
        Figure("opens.rate", "sessions opened, 16 processes, each 16 at once", "sessions/s", True, 10_000),)),
    Row("held", ZOOKEEPERS, (
        Figure("held.count", "sessions held on 3 nodes, all renewed, none lost", "sessions", True, 55_000),
        Figure("held.memory", "… memory per idle connection", "KiB of RSS", False, 8),
        Figure("held.state", "… replicated state per session, in a snapshot", "B", False, 1024))),
    Row("held5", ("coord",), (
        Figure("held5.count", "sessions held on 5 nodes, all renewed, none lost", "sessions", True, 90_000),
        Figure("held5.memory", "… memory per idle connection", "KiB of RSS", False, 8),
        Figure("held5.state", "… replicated state per session, in a snapshot", "B", False, 1024))),
    Row("storm", ZOOKEEPERS, (
        Figure("storm.time", "a node with 15,000 sessions is killed: until all are back elsewhere, none expired", "s",
               target=3),)))
ROWS = STEADY + FAILURES + GROWTH + IDLE + SESSIONS
