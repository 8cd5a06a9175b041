"""The medians as pictures."""
import math

import matplotlib

matplotlib.use("svg")
# Text stays text, and two runs over the same figures give the same file.
matplotlib.rcParams.update({"svg.fonttype": "none", "svg.hashsalt": "coord", "font.size": 9})

from matplotlib import pyplot  # noqa: E402  The backend is chosen before.

from servers import SERVERS  # noqa: E402

COLORS = {"coord": "#1b6ca8", "zookeeper": "#c0672b", "etcd": "#7a7a7a"}
CHARTS = {
    "throughput": ("Requests a second", (
        ("set.rate", "set"), ("create.rate", "create"), ("get.rate", "get"), ("syncget.rate", "linearizable get"),
        ("mixed.rate", "90 % get, 10 % set"), ("watch.rate", "watch events"))),
    "cpu": ("CPU of all servers, µs per request", (
        ("set.cpu", "set"), ("create.cpu", "create"), ("get.cpu", "get"), ("syncget.cpu", "linearizable get"),
        ("mixed.cpu", "90 % get, 10 % set"), ("watch.cpu", "watch event"))),
    "latency": ("Milliseconds", (
        ("single.p50", "one set at a time, p50"), ("single.p99", "one set at a time, p99"),
        ("set.p99", "set under full load, p99"), ("get.p99", "get under full load, p99"),
        ("snapshot.stall", "longest request during a snapshot"))),
    "seconds": ("Seconds", (
        ("killed.gap", "no write after the leader is killed"), ("frozen.gap", "… is frozen"),
        ("restart.time", "restart with 1.57 M znodes"), ("idle.start", "cold start"))),
}


def draw(stem, medians):
    """Writes the charts that have figures, and gives their files."""
    written = []
    for name, (title, bars) in CHARTS.items():
        bars = [(figure, label) for figure, label in bars if figure in medians]
        if bars:
            written.append(stem.with_name(f"{stem.name}-{name}.svg"))
            chart(written[-1], title, bars, medians)
    return written


def chart(file, title, bars, medians):
    names = [name for name in SERVERS if any(name in medians[figure] for figure, _ in bars)]
    height = 0.8 / len(names)
    drawn, axes = pyplot.subplots(figsize=(7.5, 0.5 + len(bars) * (0.25 + 0.2 * len(names))), layout="constrained")
    shown_values = [value for figure, _ in bars for value in medians[figure].values() if value > 0] or [1]
    for place, name in enumerate(names):
        at = [row + (place - (len(names) - 1) / 2) * height for row, (figure, _) in enumerate(bars)
              if name in medians[figure]]
        values = [medians[figure][name] for figure, _ in bars if name in medians[figure]]
        drawn_bars = axes.barh(at, values, height * 0.92, label=SERVERS[name].title, color=COLORS[name])
        axes.bar_label(drawn_bars, [shown(value) for value in values], padding=3, fontsize=8)
    axes.set_xscale("log")
    axes.set_xlim(left=10 ** math.floor(math.log10(min(shown_values) / 2)))
    axes.set_yticks(range(len(bars)), [label for _, label in bars])
    axes.invert_yaxis()
    axes.margins(x=0.15)
    axes.set_xlabel(f"{title} (logarithmic)")
    axes.spines[["top", "right"]].set_visible(False)
    axes.legend(loc="lower right", bbox_to_anchor=(1, 1), ncols=len(names), frameon=False)
    drawn.savefig(file, metadata={"Date": None})
    pyplot.close(drawn)


def shown(value):
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"
