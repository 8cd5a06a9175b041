"""The samples as a flame graph, and for speedscope."""
import json

import matplotlib

matplotlib.use("svg")
matplotlib.rcParams.update({"svg.fonttype": "none", "svg.hashsalt": "coord", "font.size": 6})

from matplotlib import pyplot  # noqa: E402  The backend is chosen before.

NARROWEST = 0.002  # Share of all samples below which a frame is left out.
LETTERS = 230  # How many letters the whole width has room for.
COLORS = ("#e8a060", "#e89048", "#f0b070", "#e07f3c", "#f2c080")


class Frame:
    """A function in its callers' place, and what it calls."""

    def __init__(self):
        self.count, self.calls = 0, {}

    def add(self, names, count):
        self.count += count
        if names:
            self.calls.setdefault(names[0], Frame()).add(names[1:], count)


def draw(samples, title, file):
    root = Frame()
    for sample, count in samples.items():
        root.add((sample.thread, *sample.frames), count)
    bars = []
    place(root, 0, 0, root.count, bars)
    deepest = max(depth for depth, *_ in bars)
    drawn, axes = pyplot.subplots(figsize=(12, 1 + 0.13 * deepest), layout="constrained")
    for depth in range(deepest + 1):
        level = [bar for bar in bars if bar[0] == depth]
        colors = [COLORS[sum(map(ord, name)) % len(COLORS)] for *_, name in level]
        axes.broken_barh([(left, width) for _, left, width, _ in level], (depth, 0.94), facecolors=colors)
        for _, left, width, name in level:
            if width * LETTERS > 3:
                axes.text(left + 0.001, depth + 0.42, name[:int(width * LETTERS)], va="center", clip_on=True)
    axes.set_xlim(0, 1)
    axes.set_ylim(0, deepest + 1)
    axes.set_axis_off()
    axes.set_title(title, fontsize=9)
    drawn.savefig(file, metadata={"Date": None})
    pyplot.close(drawn)


def place(frame, depth, left, whole, bars):
    for name, call in sorted(frame.calls.items()):
        width = call.count / whole
        if width >= NARROWEST:
            bars.append((depth, left, width, name))
            place(call, depth + 1, left, whole, bars)
        left += width


def write_speedscope(samples, title, file):
    """A profile as https://www.speedscope.app describes its file format."""
    numbers, stacks, weights = {}, [], []
    for sample, count in samples.items():
        names = (sample.thread, *sample.frames)
        stacks.append([numbers.setdefault(name, len(numbers)) for name in names])
        weights.append(count)
    profile = {"type": "sampled", "name": title, "unit": "none", "startValue": 0, "endValue": sum(weights),
               "samples": stacks, "weights": weights}
    file.write_text(json.dumps({
        "$schema": "https://www.speedscope.app/file-format-schema.json", "name": title,
        "shared": {"frames": [{"name": name} for name in numbers]}, "profiles": [profile]}), encoding="utf-8")
