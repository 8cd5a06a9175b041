"""The table of the medians, and what it was measured by."""
import machine
import results
from rows import ROWS
from servers import SERVERS


def figures():
    return [figure for row in ROWS for figure in row.figures]


def text(runs, measured):
    lines = [f"# {runs[-1]['date']}, {runs[-1]['commit']}", ""]
    for number, run in enumerate(runs):
        rows = list(dict.fromkeys(r["row"] for r in measured if r["run"] == number))
        lines += [f"On {run['date']}, commit {run['commit']}: {', '.join(rows)}.", "", "```bash", run["command"], "```",
                  "", machine.sentence(run["machine"]), *reduced(run["scale"]), ""]
    lines += ["Medians of all rounds; in brackets Coord's rounds, from the least to the most.", "", *table(measured)]
    failed = [f"- {r['server']}, {r['row']}, round {r['round'] + 1}: {r['failure']}"
              for r in measured if "failure" in r]
    if failed:
        lines += ["", "Not measured:", "", *failed]
    return "\n".join(lines) + "\n"


def reduced(scale):
    if scale == 1:
        return []
    return [f"**Only {scale:g} of the znodes, sessions and watchers: these figures compare with nothing.**"]


def table(measured):
    middle, rounds = results.medians(measured), results.rounds(measured)
    names = [name for name in SERVERS if any(name in values for values in middle.values())]
    others = [name for name in names if name != "coord"] if "coord" in names else []
    heads = ["", "Target", *(SERVERS[n].title for n in names), *(f"Better than {SERVERS[n].title}" for n in others)]
    lines = [f"| {' | '.join(heads)} |".replace("|  |", "| |"), "|" + "---|" * len(heads)]
    for figure in figures():
        values = middle.get(figure.id)
        if values:
            cells = [f"{figure.title}: {figure.unit}", target(figure, values.get("coord")),
                     *(shown(values.get(n)) + spread(n, rounds[figure.id]) for n in names),
                     *(ratio(figure, values, n) for n in others)]
            lines.append(f"| {' | '.join(cells)} |")
    return lines + ["", *verdict(middle)]


def target(figure, reached):
    if figure.target is None:
        return ""
    limit = f"{'≥' if figure.more_is_better else '≤'} {shown(figure.target)}"
    return limit if reached is None else limit + (" ✓" if figure.meets(reached) else " ✗")


def verdict(middle):
    """How many of the targets that were measured are met."""
    measured = [f for f in figures() if f.target is not None and "coord" in middle.get(f.id, {})]
    missed = [f.id for f in measured if not f.meets(middle[f.id]["coord"])]
    if not measured:
        return []
    return [f"{len(measured) - len(missed)} of {len(measured)} targets met"
            + (f"; not {', '.join(missed)}." if missed else ".")]


def spread(name, by_server):
    values = by_server.get(name, [])
    return f" ({shown(min(values))} to {shown(max(values))})" if name == "coord" and len(values) > 1 else ""


def shown(value):
    if value is None:
        return ""
    if value == 0 or abs(value) >= 100:
        return f"{value:,.0f}"
    return f"{value:.3g}"


def ratio(figure, values, other):
    """How many times better Coord is; under 1 it is worse."""
    if not values.get("coord") or not values.get(other):
        return ""
    better = values["coord"] / values[other] if figure.more_is_better else values[other] / values["coord"]
    return times(better)


def times(better):
    return f"{better:.0f} ×" if better >= 10 else f"{better:.2g} ×"
