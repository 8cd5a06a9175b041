"""Medians of the rounds; the raw results as JSON, and the table."""
import json
import statistics

import machine
from rows import ROWS
from servers import SERVERS


def medians(results):
    """{figure: {server: median}} of what was measured."""
    found = {}
    for result in results:
        for figure, value in (result.get("values") or {}).items():
            if value is not None:
                found.setdefault(figure, {}).setdefault(result["server"], []).append(value)
    return {figure: {server: statistics.median(values) for server, values in by_server.items()}
            for figure, by_server in found.items()}


def figures():
    return [figure for row in ROWS for figure in row.figures]


def write(stem, facts, results):
    middle = medians(results)
    raw = {**facts, "medians": middle, "rounds": results}
    stem.with_suffix(".json").write_text(json.dumps(raw, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    stem.with_suffix(".md").write_text(text(facts, middle, results), encoding="utf-8")


def text(facts, middle, results):
    lines = [f"# {facts['date']}, {facts['commit']}", "", "```bash", facts["command"], "```", "",
             machine.sentence(facts["machine"]), f"Medians of {facts['rounds']}.", *reduced(facts["scale"]), "",
             *table(middle)]
    failed = [f"- {r['server']}, {r['row']}, round {r['round'] + 1}: {r['failure']}"
              for r in results if "failure" in r]
    if failed:
        lines += ["", "Not measured:", "", *failed]
    return "\n".join(lines) + "\n"


def reduced(scale):
    if scale == 1:
        return []
    return [f"**Only {scale:g} of the znodes, sessions and watchers: these figures compare with nothing.**"]


def table(middle):
    names = [name for name in SERVERS if any(name in values for values in middle.values())]
    others = [name for name in names if name != "coord"] if "coord" in names else []
    heads = ["", "Target", *(SERVERS[n].title for n in names), *(f"Better than {SERVERS[n].title}" for n in others)]
    lines = [f"| {' | '.join(heads)} |".replace("|  |", "| |"), "|" + "---|" * len(heads)]
    for figure in figures():
        values = middle.get(figure.id)
        if values:
            cells = [f"{figure.title}: {figure.unit}", target(figure, values.get("coord")),
                     *(shown(values.get(n)) for n in names), *(ratio(figure, values, n) for n in others)]
            lines.append(f"| {' | '.join(cells)} |")
    return lines


def target(figure, reached):
    if figure.target is None:
        return ""
    limit = f"{'≥' if figure.more_is_better else '≤'} {shown(figure.target)}"
    return limit if reached is None else limit + (" ✓" if figure.meets(reached) else " ✗")


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
    return f"{better:.0f} ×" if better >= 10 else f"{better:.2g} ×"
