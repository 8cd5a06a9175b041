"""Tables and a chart of what the model says: beside the measurements, and of larger machines."""
import statistics

import matplotlib

matplotlib.use("svg")
matplotlib.rcParams.update({"svg.fonttype": "none", "svg.hashsalt": "coord", "font.size": 8})

from matplotlib import pyplot  # noqa: E402  The backend is chosen before.

import machine  # noqa: E402
import runs  # noqa: E402
from model import ROLES, STAGES, Setting, predict  # noqa: E402

CORES = (4, 16, 64)
GIGABIT_10, NVME, NVME_FLUSH, WIRE = 1.25e9, 2e9, 100, 25  # Bytes a second, bytes a second, µs, µs one way.
IN_FLIGHT = {"few clients": (512, 32), "many clients": (16384, 32)}
INK, FAINT, CARD, COORD, MODEL = "#1f2328", "#d0d7de", "#f6f8fa", "#1f6feb", "#d08a3c"


def setting_of(load, measured):
    """The cores that other programs left, and the flush as it was: with others at work both are the run's own."""
    left = cores_left(load, measured)
    return Setting(load.operation, load.in_flight, load.depth, load.size, load.nodes, left[0],
                   left[1] if load.pinned else 0, flush=(measured["flush_ms"] or 0) * 1000)


def cores_left(load, measured):
    if load.pinned:
        return [max(0.05, 1 - (busy - own)) for busy, own in
                zip(measured["cores"], (measured["nodes_cores"], measured["load_cores"]))]
    others = sum(measured["cores"]) - measured["nodes_cores"] - measured["load_cores"]
    return [len(measured["cores"]) - max(0.0, others)]


def predictions(kept, constants):
    """(load, what was measured, what the model says), of the runs that gave it no constants."""
    for load in runs.FORETOLD:
        measured = kept["runs"][f"{load}"]
        yield load, measured, predict(constants, setting_of(load, measured))


def error(foretold, measured):
    return (foretold / measured - 1) * 100


def write(stem, kept, constants):
    """Gives the text."""
    rows = list(predictions(kept, constants))
    text = "\n".join([
        f"# What the model says, {kept['date']}, {kept['commit']}", "", "```bash", "benchmarks/scaling.sh", "```", "",
        f"{machine.sentence(kept['machine'])} The disk takes {kept['disk_bytes_per_s'] / 1e6:,.0f} MB/s.", "",
        "![predicted beside measured](scaling.svg)", "", *constants_text(constants), *compared(rows),
        *larger(constants), *members(constants)])
    stem.with_suffix(".md").write_text(text + "\n", encoding="utf-8")
    draw(stem.with_suffix(".svg"), rows)
    return text


def table(heads, rows):
    lines = [f"| {' | '.join(heads)} |".replace("|  |", "| |"), "|" + "---|" * len(heads)]
    return [*lines, *(f"| {' | '.join(cells)} |" for cells in rows), ""]


def constants_text(constants):
    """Of all nodes together, at the reference."""
    rows = []
    for operation, cost in constants.costs.items():
        rows.append([f"{operation}: a request", *stage_cells(cost.request), f"{cost.load.request:.2f}",
                     f"{cost.client_bytes[0]:,.0f}", f"{cost.peer_bytes[0]:,.0f}", f"{cost.log_bytes[0]:,.0f}"])
    for operation in ("set", "get"):
        cost = constants.costs[operation]
        rows += [[f"{operation}: a burst", *stage_cells(cost.burst), f"{cost.load.burst:.2f}", "", "", ""],
                 [f"{operation}: a round", *stage_cells(cost.round), f"{cost.load.round:.2f}", "", "", ""],
                 [f"{operation}: each KiB", *stage_cells(cost.per_byte, 1024), f"{cost.load.byte * 1024:.2f}",
                  f"{cost.client_bytes[1] * 1024:,.0f}", f"{cost.peer_bytes[1] * 1024:,.0f}",
                  f"{cost.log_bytes[1] * 1024:,.0f}"]]
    hops = ", ".join(f"{value:.0f} µs for a {kind}" for kind, value in constants.hops.items())
    return ["## Constants", "",
            "µs of processor time of three nodes together, leader / both followers; bytes at all client ports and on "
            "all links; bytes of one node's log:", "",
            *table(["", *STAGES, "load", "client bytes", "peer bytes", "log bytes"], rows),
            f"A lone request without the flush takes {hops}; a flush took {constants.flush:.0f} µs.", ""]


def stage_cells(cpu, times=1):
    return [" / ".join(f"{cpu[role, stage] * times:.2f}" for role in ROLES) for stage in STAGES]


def compared(rows):
    cells = [[f"{load}", f"{measured['rate']:,.0f}", f"{said.rate:,.0f}",
              f"{error(said.rate, measured['rate']):+.0f} %",
              f"{measured['p50_ms']:.3g}", f"{said.latency / 1000:.3g}",
              f"{error(said.latency / 1000, measured['p50_ms']):+.0f} %",
              said.limit, f"{sum(cores_left(load, measured)):.1f}", f"{measured['flush_ms'] or 0:.2f}"]
             for load, measured, said in rows]
    off = [abs(error(said.rate, measured["rate"])) for _, measured, said in rows]
    return ["## Foretold and measured", "",
            *table(["", "Measured /s", "Foretold /s", "Error", "p50 ms", "Foretold ms", "Error", "Limit",
                    "Cores left", "Flush ms"], cells),
            f"Error of the rate: median {statistics.median(off):.0f} %, at most {max(off):.0f} %; "
            f"{sum(one > 20 for one in off)} of {len(off)} over 20 %.", ""]


def far(operation, cores, in_flight, depth, nodes=3):
    """Each node on a machine of its own."""
    return Setting(operation, in_flight, depth, nodes=nodes, node_cores=cores, machines=True, flush=NVME_FLUSH,
                   disk=NVME, network=GIGABIT_10, wire=WIRE)


def larger(constants):
    cells = []
    for operation in ("set", "create", "get", "mixed"):
        for name, (in_flight, depth) in IN_FLIGHT.items():
            said = [predict(constants, far(operation, cores, in_flight, depth)) for cores in CORES]
            cells.append([f"{operation}, {in_flight:,} in flight",
                          *(f"{one.rate:,.0f}/s, {one.latency / 1000:.2g} ms ({one.limit})" for one in said)])
    return ["## Larger machines", "",
            f"Three nodes, each on a machine of its own with 10 Gbit/s, {WIRE} µs from one to another, a flush of "
            f"{NVME_FLUSH} µs and {NVME / 1e9:g} GB/s; in brackets what ends it:", "",
            *table(["", *(f"{cores} cores" for cores in CORES)], cells)]


def members(constants):
    cells = []
    for operation in ("set", "get", "mixed"):
        said = [predict(constants, far(operation, 16, 16384, 32, nodes)) for nodes in (1, 3, 5, 7)]
        cells.append([operation, *(f"{one.rate:,.0f}/s ({one.limit})" for one in said)])
    return ["## More nodes", "",
            "The same with 16 cores and 16,384 in flight. A learner costs and serves what a voter does, but nobody "
            "waits for it.", "", *table(["", "1 node", "3 nodes", "5 nodes", "7 nodes"], cells)]


def draw(file, rows):
    drawn, axes = pyplot.subplots(figsize=(7.6, 0.21 * len(rows) + 0.9), layout="constrained", facecolor=CARD)
    axes.set_facecolor(CARD)
    places = range(len(rows))
    values = [(measured["rate"], said.rate) for _, measured, said in rows]
    axes.hlines(places, [min(pair) for pair in values], [max(pair) for pair in values], color=FAINT, linewidth=3)
    axes.scatter([pair[0] for pair in values], places, color=COORD, s=28, label="measured", zorder=3)
    axes.scatter([pair[1] for pair in values], places, color=MODEL, s=28, marker="D", label="foretold", zorder=2)
    axes.set_xscale("log")
    axes.set_yticks(places, [f"{load}" for load, *_ in rows], color=INK)
    axes.invert_yaxis()
    axes.tick_params(length=0, colors=INK)
    axes.grid(axis="x", color=FAINT, linewidth=0.6)
    axes.spines[:].set_visible(False)
    axes.set_title("Requests a second, foretold and measured", loc="left", fontweight="bold", color=INK, pad=20)
    axes.legend(loc="lower left", bbox_to_anchor=(0, 1), ncols=2, frameon=False, labelcolor=INK, borderaxespad=0.1)
    drawn.savefig(file, metadata={"Date": None}, facecolor=CARD)
    pyplot.close(drawn)
