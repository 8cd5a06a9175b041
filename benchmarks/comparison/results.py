"""What runs measured: kept as JSON, put together from several runs, and the medians of all rounds."""
import json
import statistics


def of_files(files):
    """The runs and the results of earlier files; each result tells its run by its place."""
    runs, results = [], []
    for file in files:
        kept = json.loads(file.read_text(encoding="utf-8"))
        results += [{**result, "run": result["run"] + len(runs)} for result in kept["results"]]
        runs += kept["runs"]
    return runs, results


def write(file, runs, results):
    kept = {"runs": runs, "medians": medians(results), "results": results}
    file.write_text(json.dumps(kept, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def rounds(results):
    """{figure: {server: [value of each round]}} of what was measured."""
    found = {}
    for result in results:
        for figure, value in (result.get("values") or {}).items():
            if value is not None:
                found.setdefault(figure, {}).setdefault(result["server"], []).append(value)
    return found


def medians(results):
    return {figure: {server: statistics.median(values) for server, values in by_server.items()}
            for figure, by_server in rounds(results).items()}
