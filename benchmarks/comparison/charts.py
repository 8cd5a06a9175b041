"""The medians as pictures: every figure on a scale of its own, where the longest bar is the largest value."""
import matplotlib

matplotlib.use("svg")
# Text stays text, and two runs over the same figures give the same file.
matplotlib.rcParams.update({"svg.fonttype": "none", "svg.hashsalt": "coord", "font.size": 9,
                            "font.family": "sans-serif"})

from matplotlib import pyplot  # noqa: E402  The backend is chosen before.

import report  # noqa: E402
from servers import SERVERS  # noqa: E402

# A light card with dark text: it is read on a light page and on a dark one.
CARD, INK, FAINT = "#f6f8fa", "#1f2328", "#d0d7de"
COLORS = {"coord": "#1f6feb", "zookeeper": "#d08a3c", "etcd": "#8c959f"}
WIDTH, BAR, GAP = 7.6, 0.2, 0.17  # Inches.
CHARTS = {
    "throughput": ("Requests a second on three nodes: longer is better", (
        ("set.rate", "set"), ("create.rate", "create"), ("get.rate", "get"), ("syncget.rate", "linearizable get"),
        ("mixed.rate", "90 % get, 10 % set"), ("watch.rate", "watch events"))),
    "latency": ("Latency and gaps: shorter is better", (
        ("single.p50", "one set at a time, p50: ms"), ("single.p99", "… p99: ms"),
        ("set.p99", "set under full load, p99: ms"), ("killed.gap", "leader killed, no writes: s"),
        ("frozen.gap", "leader frozen, no writes: s"))),
    "size": ("What it takes: shorter is better", (
        ("set.cpu", "CPU of all nodes per set: µs"), ("get.cpu", "CPU of all nodes per get: µs"),
        ("memory.znode", "memory per znode: bytes"), ("idle.rss", "an idle node: MiB"),
        ("restart.time", "restart, 1.57 M znodes: s"), ("idle.start", "cold start: s"))),
}
FIGURES = {figure.id: figure for figure in report.figures()}


def draw(stem, medians):
    """Writes the charts that have figures."""
    for name, (title, bars) in CHARTS.items():
        bars = [(figure, label) for figure, label in bars if figure in medians]
        if bars:
            chart(stem.with_name(f"{stem.name}-{name}.svg"), title, bars, medians)


def chart(file, title, groups, medians):
    names = [name for name in SERVERS if any(name in medians[figure] for figure, _ in groups)]
    places, labels, at = [], [], 0.0
    for figure, label in groups:
        shown = [name for name in names if name in medians[figure]]
        labels.append((at + (len(shown) - 1) * BAR / 2, label))
        places += [(at + number * BAR, figure, name) for number, name in enumerate(shown)]
        at += len(shown) * BAR + GAP
    drawn, axes = pyplot.subplots(figsize=(WIDTH, at + 0.75), layout="constrained", facecolor=CARD)
    drawn.get_layout_engine().set(w_pad=0.12, h_pad=0.1)
    for name in names:
        bars = [(place, figure) for place, figure, whose in places if whose == name]
        axes.barh([place for place, _ in bars], [share(medians[figure], name) for _, figure in bars], BAR * 0.9,
                  label=SERVERS[name].title, color=COLORS[name])
    for place, figure, name in places:
        axes.text(share(medians[figure], name) + 0.012, place, said(FIGURES[figure], medians[figure], name),
                  va="center", color=INK, fontsize=8, fontweight="bold" if name == "coord" else "normal")
    finish(axes, title, labels)
    drawn.savefig(file, metadata={"Date": None}, facecolor=CARD)
    pyplot.close(drawn)


def finish(axes, title, labels):
    axes.set_facecolor(CARD)
    axes.set_yticks([place for place, _ in labels], [label for _, label in labels], color=INK)
    axes.invert_yaxis()
    axes.set_xlim(0, 1.3)  # Room for the figures beside the longest bars.
    axes.set_xticks([])
    axes.tick_params(length=0)
    axes.spines[["top", "right", "bottom"]].set_visible(False)
    axes.spines["left"].set_color(FAINT)
    axes.set_title(title, loc="left", fontsize=10, fontweight="bold", color=INK, pad=22)
    axes.legend(loc="lower left", bbox_to_anchor=(0, 1), ncols=3, frameon=False, labelcolor=INK, borderaxespad=0.2,
                handlelength=1)


def share(values, name):
    return values[name] / max(values.values())


def said(figure, values, name):
    """The value; of others also how many times better Coord is."""
    text = report.shown(values[name])
    better = report.ratio(figure, values, name) if name != "coord" else ""
    return f"{text} (Coord {better})" if better else text
