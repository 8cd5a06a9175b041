"""The table of the medians, the targets, and how it was measured."""
import statistics

import machine
from cells import PROCESSES_MAX, ROWS, WAKE_UPS_MAX
from report import shown, times
from stores import STORES

PACKAGES = {"zookeeper": ("ZooKeeper", "zookeeper"), "curator": ("Curator", "libcurator-recipes-java"),
            "redis": ("Redis", "redis-server")}


def machine_of(stores):
    """As the comparison tells it, with the versions of what is called here."""
    described = machine.describe(["coord"])
    kinds = [kind for kind in PACKAGES if any(kind in (STORES[name].server, STORES[name].client) for name in stores)]
    for kind in kinds:
        title, package = PACKAGES[kind]
        described["versions"][kind] = machine.version(title, ["dpkg-query", "-W", "-f=${Version}", package])
    return described


def medians(results):
    """{row: {store: {figure: its median over the rounds}}} of what was measured."""
    found = {}
    for result in results:
        for figure, value in (result.get("said") or {}).items():
            if not isinstance(value, (int, float)):
                continue  # Words, or what this store does not tell.
            found.setdefault(result["row"], {}).setdefault(result["store"], {}).setdefault(figure, []).append(value)
    return {row: {store: {figure: statistics.median(values) for figure, values in figures.items()}
                  for store, figures in stores.items()} for row, stores in found.items()}


def spreads(results):
    """{row: (least, most)} of Coord's rates over the rounds."""
    found = {}
    for result in results:
        if "said" in result and result["store"] == "coord":
            found.setdefault(result["row"], []).append(result["said"]["rate"])
    return {row: (min(rates), max(rates)) for row, rates in found.items() if len(rates) > 1}


def text(kept):
    lines = [f"# Recipes, {kept['date']}, {kept['commit']}", "", "```bash", kept["command"], "```", "",
             machine.sentence(kept["machine"]), "", *method(kept), "", "![beside others](recipes.svg)", "",
             *table(kept["results"])]
    failed = [f"- {STORES[r['store']].title}, {r['row']}, round {r['round'] + 1}: {r['failure']}"
              for r in kept["results"] if "failure" in r]
    if failed:
        lines += ["", "Not measured:", "", *failed]
    return "\n".join(lines) + "\n"


def method(kept):
    return [
        f"Medians of {kept['rounds']} round{'s' if kept['rounds'] > 1 else ''} in turns, "
        f"{kept['seconds']} s each behind {kept['warmup']} s of the same load. Three nodes of Coord, three servers of "
        "ZooKeeper and two of Redis ran all the while, all on this machine together with the load.",
        "",
        f"A client has a session (Redis: a connection) and recipe objects of its own. Up to {PROCESSES_MAX} clients "
        f"are as many processes; 8 and 64 are spread over {PROCESSES_MAX}, since as many processes on so few cores "
        "would measure these. Clients of one process share nothing by which calls could be combined. With 16 calls at "
        "a time in each client Coord's counter combines them, and Redis's connection has as many commands in flight; "
        "Curator's atomic long has nothing of the kind.",
        "",
        "*Without server add* the counter reads, computes and sets with the version, as it does on ZooKeeper. "
        "A lock on Redis is `SET NX PX` and a script that compares and deletes; who does not get it asks again after "
        "up to 50 ms, in no order. Both servers of Redis log every write: one flushes each before it answers "
        "(`appendfsync always`), the other once a second, its default.",
    ]


def table(results):
    middle, spread = medians(results), spreads(results)
    rows = [row for row in ROWS if row.name in middle]
    names = [name for name in STORES if any(name in middle[row.name] for row in rows)]
    lines = [f"| A second | {' | '.join(STORES[name].title for name in names)} | Target |",
             "|" + "---|" * (len(names) + 2)]
    for row in rows:
        cells = [row.title, *(cell(middle[row.name], name, spread.get(row.name)) for name in names),
                 "; ".join(said for said, _ in targets(row, middle))]
        lines.append(f"| {' | '.join(cells)} |")
    return [*lines, "", *latencies(rows, names, middle), "", *verdict(rows, middle)]


def cell(stores, name, spread):
    """The rate; of Coord also from the least to the most, of others how many times better Coord is."""
    if name not in stores:
        return ""
    rate = shown(stores[name]["rate"])
    if name == "coord":
        return rate + (f" ({shown(spread[0])} to {shown(spread[1])})" if spread else "")
    return f"{rate} ({times(stores['coord']['rate'] / stores[name]['rate'])})" if "coord" in stores else rate


def latencies(rows, names, middle):
    lines = [f"| p50 / p99, ms | {' | '.join(STORES[name].title for name in names)} |", "|" + "---|" * (len(names) + 1)]
    for row in (row for row in rows if row.name not in ("block", "snowflake")):
        said = [f"{shown(of['p50_ms'])} / {shown(of['p99_ms'])}" if (of := middle[row.name].get(name)) else ""
                for name in names]
        lines.append(f"| {row.name} | {' | '.join(said)} |")
    return [*lines, "", *wake_ups(middle), *given_up(rows, middle)]


def wake_ups(middle):
    said = [f"{STORES[name].title} {of['events_per_op']:.3f}" for name, of in middle.get("handoff", {}).items()
            if name in ("coord", "client")]
    return [f"Watch events that all clients received for each hand-off: {', '.join(said)}.", ""] if said else []


def given_up(rows, middle):
    said = [f"{row.name}, {STORES[name].title}: {of['failed_share']:.0%}" for row in rows
            for name, of in middle[row.name].items() if of["failed_share"] >= 0.005]
    return [f"Calls that gave up without a result, not counted above: {'; '.join(said)}.", ""] if said else []


def targets(row, middle):
    """[(in words, whether it is met)] of the row's targets that were measured."""
    stores = middle[row.name]
    found = []
    for target in row.targets:
        if "coord" in stores and target.beside in stores:
            reached = stores["coord"]["rate"] / stores[target.beside]["rate"]
            met = reached >= target.least
            found.append((f"≥ {target.least:g} × {STORES[target.beside].title}: {times(reached)} {mark(met)}", met))
    if row.name == "handoff" and "coord" in stores:
        met = stores["coord"]["events_per_op"] <= WAKE_UPS_MAX
        found.append((f"one wake-up for each: {stores['coord']['events_per_op']:.2f} {mark(met)}", met))
    return found


def mark(met):
    return "✓" if met else "✗"


def verdict(rows, middle):
    measured = [(row.name, said, met) for row in rows for said, met in targets(row, middle)]
    if not measured:
        return []
    missed = [f"{name} ({said})" for name, said, met in measured if not met]
    return [f"{len(measured) - len(missed)} of {len(measured)} targets met"
            + (f"; not {', '.join(missed)}." if missed else ".")]
