"""What is measured: each row with its load, the stores it is asked of, and what Coord is to reach beside another."""
from dataclasses import dataclass

COORDS = ("coord", "plain", "client")
REDIS = ("redis-always", "redis")
PROCESSES_MAX = 4  # Sixty-four programs at once would measure how a small machine changes from one to another.


@dataclass(frozen=True)
class Target:
    """At least so many times what another store does."""
    beside: str
    least: float


@dataclass(frozen=True)
class Row:
    name: str
    title: str
    operation: str
    stores: tuple
    clients: int = 1
    callers: int = 1
    targets: tuple = ()

    @property
    def processes(self):
        return min(self.clients, PROCESSES_MAX)


LOCKING = ("coord", "client", "curator", *REDIS)


def counters(clients, targets=()):
    said = f"{clients} client{'s' if clients > 1 else ''}"
    yield Row(f"counter{clients}", f"counter, {said}, one increment at a time each", "counter",
              (*COORDS, "curator", *REDIS), clients, 1, targets)
    yield Row(f"combined{clients}", f"counter, {said}, 16 increments at a time each", "counter",
              (*COORDS, *REDIS), clients, 16)


ROWS = (
    Row("lock", "lock and unlock, nobody else wants it", "lock", LOCKING, targets=(Target("curator", 3),)),
    Row("handoff", "64 clients contend for one mutex: hand-offs", "handoff", LOCKING, 64,
        targets=(Target("curator", 5),)),
    *counters(1),
    *counters(8),
    *counters(64, (Target("curator", 10), Target("redis-always", 0.5))),
    Row("version", "VersionCounter (Redis: INCR), one client, 16 at a time", "version", ("coord", "client", *REDIS), 1,
        16),
    Row("zxid", "ZxidSequence, one client, 16 at a time", "zxid", ("coord", "client"), 1, 16),
    Row("block", "BlockIdGenerator, blocks of 1,000, one client", "block", ("coord", "client")),
    Row("snowflake", "SnowflakeIds, one client, which asks nobody", "snowflake", ("coord",)),
)
WAKE_UPS_MAX = 1.05  # One for each release; what was under way when the measured time began or ended blurs it.
