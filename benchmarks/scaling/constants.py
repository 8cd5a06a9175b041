"""The model's constants from the runs that are there to give them."""
from model import Constants, Cost, ROLES, STAGES, Setting, parts, share_of_rounds

MORE_BYTES = 4096 - 100
FIT = ("", " alone", " few")  # Three runs with different parts of requests, bursts and rounds: three unknowns.


def of(measured, loads, disk):
    """measured: {name in runs.CONSTANTS: what was measured}, loads: {name: the load}."""
    runs = {name: {**run, "cpu": pooled(run["cpu"], writes=not name.startswith("get"))}
            for name, run in measured.items()}
    costs = {"set": cost_of(runs, loads, "set", "set"), "get": cost_of(runs, loads, "get", "get"),
             "create": cost_of(runs, loads, "create", "set")}
    flush = runs["set alone"]["flush_ms"] * 1000
    hops = {"write": max(0.0, 1e6 / runs["set alone"]["rate"] - flush), "read": 1e6 / runs["get alone"]["rate"]}
    return Constants(costs, hops, flush, disk)


def pooled(cpu, writes):
    """A session costs the same wherever it is connected, so that part of a node is any node's; of a read all parts."""
    found = {tuple(key.split()): spent for key, spent in cpu.items()}
    for stage in STAGES:
        if stage == "clients" or not writes:
            whole = sum(found[role, stage] for role in ROLES)
            found["leader", stage], found["follower", stage] = whole / 3, whole * 2 / 3
    return found


def cost_of(runs, loads, operation, like):
    """Of the operation; bursts, rounds and bytes cost what they cost the one that it is like."""
    shares = [(1.0, 1 / loads[f"{like}{more}"].depth, share_of_rounds(setting(loads[f"{like}{more}"])))
              for more in FIT]
    cpu = {key: fitted(shares, [runs[f"{like}{more}"]["cpu"][key] for more in FIT]) for key in runs[like]["cpu"]}
    load = fitted(shares, [runs[f"{like}{more}"]["load_cpu"] for more in FIT])
    base, plain, large = runs[operation], runs[like], runs[f"{like} large"]

    def per_byte(figure):
        return max(0.0, (large[figure] - plain[figure]) / MORE_BYTES)

    return Cost(
        request={key: max(0.0, spent - cpu[key][1] * shares[0][1] - cpu[key][2] * shares[0][2])
                 for key, spent in base["cpu"].items()},
        burst={key: value[1] for key, value in cpu.items()}, round={key: value[2] for key, value in cpu.items()},
        per_byte={key: max(0.0, (large["cpu"][key] - plain["cpu"][key]) / MORE_BYTES) for key in base["cpu"]},
        load=parts(max(0.0, base["load_cpu"] - load[1] * shares[0][1] - load[2] * shares[0][2]), load[1], load[2],
                   per_byte("load_cpu")),
        client_bytes=(base["client_bytes"], per_byte("client_bytes")),
        peer_bytes=(base["peer_bytes"], per_byte("peer_bytes")),
        log_bytes=(base["log_bytes"], per_byte("log_bytes")))


def setting(load):
    return Setting(load.operation, load.in_flight, load.depth)


def fitted(shares, values):
    """Request, burst and round, none under nothing: value = request + burst / depth + round × rounds."""
    (_, b0, c0), (_, b1, c1), (_, b2, c2) = shares
    v0, v1, v2 = values
    # Alone and few have bursts of one; their difference is rounds alone.
    a_round = max(0.0, (v1 - v2) / (c1 - c2))
    burst = max(0.0, (v2 - v0 - a_round * (c2 - c0)) / (b2 - b0))
    return max(0.0, v0 - burst * b0 - a_round * c0), burst, a_round
