"""What the samples and counters say, for each operation."""
from collections import Counter

FUNCTIONS_SHOWN = 40


class Costs:
    """Turns samples into microseconds of processor time for each operation."""

    def __init__(self, samples, hertz, operations):
        self.samples, self.microseconds = samples, 1e6 / hertz / operations

    def by(self, key):
        counts = Counter()
        for sample, count in self.samples.items():
            counts[key(sample)] += count
        return [(name, count * self.microseconds) for name, count in counts.most_common()]

    def total(self):
        return sum(self.samples.values()) * self.microseconds


def markdown(costs, leader, counters, operations):
    lines = [f"{costs.total():.2f} µs of processor time for each operation, all nodes.", ""]
    lines += table(("Thread", "Leader", "Followers"), by_role(costs, leader))
    lines += table(("Thread, mode", "µs"), costs.by(lambda s: f"{s.thread}, {'kernel' if s.in_kernel else 'user'}"))
    lines += table(("Function", "µs"), costs.by(lambda s: s.frames[-1] if s.frames else "?")[:FUNCTIONS_SHOWN])
    lines += table(("Counter", "for each operation"),
                   [(name, count / operations) for name, count in sorted(counters.items(), key=lambda c: -c[1])])
    return "\n".join(lines) + "\n"


def by_role(costs, leader):
    at_leader = dict(Costs.by(costs, lambda s: (s.thread, s.process == leader)))
    names = [name for name, _ in costs.by(lambda s: s.thread)]
    return [(name, at_leader.get((name, True), 0), at_leader.get((name, False), 0)) for name in names]


def table(heads, rows):
    lines = [f"| {' | '.join(heads)} |", "|---|" + "---|" * (len(heads) - 1)]
    lines += [f"| `{name}` | {' | '.join(f'{value:.3f}' for value in values)} |"
              for name, *values in rows if max(values) >= 0.0005]
    return [*lines, ""]


def read_counters(file):
    """perf stat -x, : value, unit, event, …"""
    counters = {}
    with open(file, encoding="utf-8") as lines:
        for line in lines:
            parts = line.split(",")
            if len(parts) > 2 and parts[0].isdigit():
                name = parts[2].replace("syscalls:sys_enter_", "")
                counters["all system calls" if name == "raw_syscalls:sys_enter" else name] = int(parts[0])
    return counters
