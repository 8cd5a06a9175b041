"""The medians as a picture: every row on a scale of its own, where the longest bar is the largest value."""
from matplotlib import pyplot

from charts import BAR, CARD, GAP, INK, WIDTH, finish  # Which also chooses the backend.
from report import shown, times
from stores import STORES

BARS = {"lock": "lock and unlock, alone", "handoff": "hand-offs, 64 contend", "counter1": "increments, 1 client",
        "counter64": "increments, 64 clients", "combined64": "… 16 at a time each",
        "version": "VersionCounter, INCR"}


def draw(file, medians):
    shown_rows = [(name, label) for name, label in BARS.items() if name in medians]
    if not shown_rows:
        return
    names = [name for name in STORES if any(name in medians[row] for row, _ in shown_rows)]
    places, labels, at = [], [], 0.0
    for row, label in shown_rows:
        present = [name for name in names if name in medians[row]]
        labels.append((at + (len(present) - 1) * BAR / 2, label))
        places += [(at + number * BAR, row, name) for number, name in enumerate(present)]
        at += len(present) * BAR + GAP
    drawn, axes = pyplot.subplots(figsize=(WIDTH, at + 0.9), layout="constrained", facecolor=CARD)
    drawn.get_layout_engine().set(w_pad=0.12, h_pad=0.1)
    for name in names:
        bars = [(place, row) for place, row, whose in places if whose == name]
        axes.barh([place for place, _ in bars], [share(medians[row], name) for _, row in bars], BAR * 0.9,
                  label=STORES[name].title, color=STORES[name].color)
    for place, row, name in places:
        axes.text(share(medians[row], name) + 0.012, place, said(medians[row], name), va="center", color=INK,
                  fontsize=8, fontweight="bold" if name == "coord" else "normal")
    finish(axes, "Recipes, calls a second: longer is better", labels)
    axes.set_title("Recipes, calls a second: longer is better", loc="left", fontsize=10, fontweight="bold", color=INK,
                   pad=36)
    drawn.savefig(file, metadata={"Date": None}, facecolor=CARD)
    pyplot.close(drawn)


def share(stores, name):
    return stores[name]["rate"] / max(of["rate"] for of in stores.values())


def said(stores, name):
    """The rate; of others also how many times better Coord is."""
    rate = shown(stores[name]["rate"])
    if name == "coord" or "coord" not in stores:
        return rate
    return f"{rate} (Coord {times(stores['coord']['rate'] / stores[name]['rate'])})"
