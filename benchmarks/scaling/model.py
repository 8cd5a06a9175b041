"""What a cluster can do, from what one request costs. All times are in microseconds, all rates per second.

Two bounds of queueing theory, the smaller holds: nothing is done faster than its busiest resource allows, and requests
in flight take at least the time of one that is alone. docs/internals/scaling.md explains each term."""
import collections
import dataclasses

ROLES = ("leader", "follower")
STAGES = ("clients", "loop", "log", "peers", "rest")
ALONE_SHARE = 0.5  # Of a write's hand-overs between threads and sockets, those that a single node has too: 6 of 12.
WRITTEN, BLOCK = 2, 4096  # A byte of the log is written twice: as zero, and as what it is. A flush ends in a block.
REFERENCE_NODES, REFERENCE_SIZE = 3, 100


parts = collections.namedtuple("parts", "request burst round byte")  # µs of the load generator


@dataclasses.dataclass(frozen=True)
class Cost:
    """Of one operation, µs of processor time of all nodes of a role together: {(role, stage): µs}. Of each request; of
    each burst, which is what a session's requests in flight are read and answered as; of each round, which is what all
    sessions' requests share: wake-ups, system calls, messages, a flush; and of each byte of payload over the reference.
    Bytes: of a request, and for each byte of payload. At all client ports and on all links; in the log of one
    node."""
    request: dict
    burst: dict
    round: dict
    per_byte: dict
    load: parts
    client_bytes: tuple
    peer_bytes: tuple
    log_bytes: tuple


@dataclasses.dataclass(frozen=True)
class Constants:
    """What was measured on a machine."""
    costs: dict  # operation: Cost
    hops: dict  # "write" and "read": µs from a lone request to its reply, without the flush
    flush: float
    disk: float  # bytes a second


@dataclasses.dataclass(frozen=True)
class Setting:
    """What is asked for, and of what machines."""
    operation: str
    in_flight: int
    depth: int = 32  # Of them on each session
    size: int = REFERENCE_SIZE
    nodes: int = REFERENCE_NODES
    node_cores: float = 2  # Of all nodes together where they share a machine, else of each
    load_cores: float = 0  # 0: the load generator shares the nodes' cores
    machines: bool = False  # Each node has a machine, a disk and a network of its own.
    flush: float = 0
    disk: float = 0  # bytes a second
    network: float = float("inf")  # bytes a second, each direction
    wire: float = 0  # µs from a machine to another, which loopback does not have


@dataclasses.dataclass(frozen=True)
class Prediction:
    """What the model says of a setting."""
    rate: float
    latency: float  # µs, of the median request
    limit: str
    busy: dict  # Resource: µs for each request


def predict(constants, setting):
    busy = demands(constants, setting)
    limit, most = max(busy.items(), key=lambda one: one[1])
    alone = lone_latency(constants, setting)
    rate = min(1e6 / most, setting.in_flight * 1e6 / alone)
    if rate * alone / 1e6 >= setting.in_flight * 0.999:
        limit = "latency"
    return Prediction(rate, setting.in_flight * 1e6 / rate, limit, busy)


def write_share(operation):
    return {"set": 1, "create": 1, "mixed": 0.1}.get(operation, 0)


def lone_latency(constants, setting):
    """Of a request among in_flight others where nothing is scarce. Behind a flush under way the next batch gathers:
    from two requests on, a flush that takes longer than the way to it is waited for twice."""
    flush = setting.flush or constants.flush
    read = constants.hops["read"] + 2 * setting.wire
    share = write_share(setting.operation)
    if not share:
        return read
    way = constants.hops["write"] * (1 if setting.nodes > 1 else ALONE_SHARE)
    way += (4 if setting.nodes > 1 else 2) * setting.wire
    write = flush + (way if setting.in_flight == 1 else max(way, flush))
    if share == 1:
        return write
    # A session's read waits for the writes ahead of it.
    ahead = 1 - (1 - share) ** setting.depth
    return read + ahead * write


def share_of_rounds(setting, share=1.0):
    """Rounds for each request. Requests in flight are spread over the rounds under way: of writes two, one at the disk
    and one that gathers, of reads one on each node. So their number does not depend on the rate."""
    under_way = 2 if write_share(setting.operation) else setting.nodes
    return min(share, under_way / (setting.in_flight + under_way - 1))


def costs_of(constants, operation):
    """(cost, share of the requests): a mix costs what its parts cost."""
    if operation != "mixed":
        return [(constants.costs[operation], 1.0)]
    return [(constants.costs["get"], 0.9), (constants.costs["set"], 0.1)]


def cpu_by_stage(constants, setting):
    """(role, stage): µs of all nodes of that role, with this many nodes and this payload."""
    found = collections.Counter()
    more = setting.size - REFERENCE_SIZE
    for cost, share in costs_of(constants, setting.operation):
        for key in cost.request:
            found[key] += share * max(0.0, cost.request[key] + cost.per_byte[key] * more)
            found[key] += share * cost.burst[key] / setting.depth
            found[key] += cost.round[key] * share_of_rounds(setting, share)
    return with_nodes(found, setting)


def load_cpu(constants, setting):
    more = setting.size - REFERENCE_SIZE
    return sum(share * (max(0.0, cost.load.request + cost.load.byte * more) + cost.load.burst / setting.depth)
               + cost.load.round * share_of_rounds(setting, share)
               for cost, share in costs_of(constants, setting.operation))


def bytes_of(constants, setting, kind):
    more = setting.size - REFERENCE_SIZE
    of_kind = [(getattr(cost, kind), share) for cost, share in costs_of(constants, setting.operation)]
    return sum(share * max(0.0, each + per_byte * more) for (each, per_byte), share in of_kind)


def with_nodes(found, setting):
    """Clients cost the same wherever they are connected; the rest of a follower comes once for each follower, and a
    leader's links once for each peer. Reads are shared by all nodes alike."""
    if not write_share(setting.operation):
        whole = {stage: sum(found[role, stage] for role in ROLES) for stage in STAGES}
        return {(role, stage): whole[stage] / setting.nodes * (1 if role == "leader" else setting.nodes - 1)
                for role in ROLES for stage in STAGES}
    followers, before = setting.nodes - 1, REFERENCE_NODES - 1
    clients = sum(found[role, "clients"] for role in ROLES) / setting.nodes
    return {
        **{("leader", stage): found["leader", stage] for stage in STAGES},
        **{("follower", stage): found["follower", stage] * followers / before for stage in STAGES},
        ("leader", "peers"): found["leader", "peers"] * followers / before,
        ("leader", "clients"): clients, ("follower", "clients"): clients * followers,
    }


def demands(constants, setting):
    """µs of each resource for one request."""
    cpu, load, followers = cpu_by_stage(constants, setting), load_cpu(constants, setting), max(1, setting.nodes - 1)
    disk = WRITTEN * bytes_of(constants, setting, "log_bytes")
    disk += BLOCK * share_of_rounds(setting) if write_share(setting.operation) else 0
    disk *= 1 if setting.machines else setting.nodes
    busy = {"replica loop": max(cpu["leader", "loop"], cpu["follower", "loop"] / followers),
            "log writer": max(cpu["leader", "log"], cpu["follower", "log"] / followers),
            "peer link": cpu["leader", "peers"] / followers / 2,
            "disk": disk / (setting.disk or constants.disk) * 1e6}
    if setting.machines:
        busy["cores of the leader"] = sum(cpu["leader", stage] for stage in STAGES) / setting.node_cores
        busy["cores of a follower"] = sum(cpu["follower", stage] for stage in STAGES) / followers / setting.node_cores
        busy["network of the leader"] = leader_bytes(constants, setting) / setting.network * 1e6
    elif setting.load_cores:
        busy["cores of the nodes"] = sum(cpu.values()) / setting.node_cores
        busy["cores of the load"] = load / setting.load_cores
    else:
        busy["cores"] = (sum(cpu.values()) + load) / setting.node_cores
        busy["the load's thread"] = load
    return busy


def leader_bytes(constants, setting):
    """At most what the leader sends: all that passes its clients' ports and its links, in either direction."""
    client = bytes_of(constants, setting, "client_bytes") / setting.nodes
    link = bytes_of(constants, setting, "peer_bytes") / (REFERENCE_NODES - 1)
    return client + link * (setting.nodes - 1)
