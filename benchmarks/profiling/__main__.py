"""Tables and flame graph of what benchmarks/profile.sh recorded."""
import argparse
import pathlib

import flames
import stacks
import tables


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    for option in ("stacks", "counters", "samples-line", "counters-line", "output"):
        parser.add_argument(f"--{option}", type=pathlib.Path, required=True)
    parser.add_argument("--hertz", type=int, required=True)
    parser.add_argument("--seconds", type=int, required=True)
    parser.add_argument("--leader", type=int, required=True, help="process id")
    options = parser.parse_args()
    samples = stacks.read(options.stacks)
    rate = figures(options.samples_line)["ops_per_s"]
    costs = tables.Costs(samples, options.hertz, float(rate) * options.seconds)
    counted = float(figures(options.counters_line)["ops_per_s"]) * options.seconds
    text = tables.markdown(costs, options.leader, tables.read_counters(options.counters), counted)
    text = f"{options.samples_line.read_text(encoding='utf-8').strip()}\n\n{text}"
    print(text)
    title = f"{options.output.name}: {float(rate):,.0f} ops/s, {costs.total():.2f} µs each on all nodes"
    named(options.output, ".md").write_text(text, encoding="utf-8")
    flames.draw(samples, title, named(options.output, ".svg"))
    flames.write_speedscope(samples, title, named(options.output, ".speedscope.json"))


def named(output, ending):
    return output.with_name(output.name + ending)


def figures(file):
    return dict(word.split("=", 1) for word in file.read_text(encoding="utf-8").split() if "=" in word)


main()
