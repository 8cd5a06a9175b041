"""The load programs: built once; several processes of one begin at the same moment and are counted together."""
import os
import statistics
import subprocess
import threading

import loads
from loads import Failed, ROOT
from stores import STORES

JARS = ("curator-recipes", "curator-framework", "curator-client", "zookeeper", "zookeeper-jute", "guava", "slf4j-api",
        "slf4j-nop", "netty-all", "commons-cli", "commons-io", "snappy-java", "metrics-core", "jackson-core",
        "jackson-databind", "jackson-annotations")
CLASS_PATH = ":".join(f"/usr/share/java/{jar}.jar" for jar in JARS)
READY_SECONDS = 60  # Until all sessions of a process are open, on a machine that is busy.
END_SECONDS = 60  # Until they are closed again.


def build(folder, with_curator):
    run(["dotnet", "publish", ROOT / "benchmarks" / "RecipeLoad", "-c", "Release", "--nologo", "-v", "quiet",
         "-o", folder / "load"])
    if with_curator:
        run(["javac", "-nowarn", "-d", folder / "curator", "-cp", CLASS_PATH,
             ROOT / "benchmarks" / "recipes" / "CuratorLoad.java"])


def run(command):
    done = subprocess.run([*map(str, command)], stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise Failed(f"{command[0]} {command[1]} ended with {done.returncode}: {done.stdout}{done.stderr}")


def command(folder, store, row, hosts, path, clients, warm, seconds):
    if STORES[store].client == "curator":
        return ["java", "-Xmx512m", "-cp", f"{folder / 'curator'}:{CLASS_PATH}", "CuratorLoad", hosts, row.operation,
                path, clients, warm, seconds]
    return [folder / "load" / "RecipeLoad", "--store", STORES[store].client, "--hosts", hosts,
            "--op", row.operation, "--path", path, "--clients", clients, "--callers", row.callers, "--warm", warm,
            "--secs", seconds]


def shares(clients, processes):
    """How many clients each of the processes has; 10 in 4: 3, 3, 2, 2."""
    return [clients // processes + (number < clients % processes) for number in range(processes)]


class Together:
    """Processes of a load program; end with the block, whatever happens."""

    def __init__(self, commands):
        self.commands, self.running = [[*map(str, one)] for one in commands], []

    def __enter__(self):
        for one in self.commands:
            self.running.append(subprocess.Popen(
                one, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                start_new_session=True))
        return self

    def __exit__(self, *_):
        for process in self.running:
            if process.poll() is None:
                process.kill()
            process.wait()
            for pipe in (process.stdin, process.stdout, process.stderr):
                pipe.close()

    def figures(self, seconds):
        """Has all begin, and gives what each of them says in its end."""
        limit = threading.Timer(READY_SECONDS, self._kill)
        limit.start()
        try:
            for process in self.running:
                if process.stdout.readline().strip() != "ready":
                    raise Failed(self._said(process))
        finally:
            limit.cancel()
        for process in self.running:
            process.stdin.write("go\n")
            process.stdin.flush()
        return [self._figures(process, seconds + END_SECONDS) for process in self.running]

    def _kill(self):
        for process in self.running:
            process.kill()

    def _figures(self, process, seconds):
        out, err = process.communicate(timeout=seconds)
        lines = out.strip().splitlines()
        if process.returncode != 0 or not lines:
            raise Failed(last(process, err))
        return loads.figures(lines[-1])

    def _said(self, process):
        process.kill()
        return last(process, process.communicate()[1])


def last(process, err):
    told = next((line for line in err.splitlines() if line.strip()), "no word")
    return f"{os.path.basename(process.args[0])} ended with {process.returncode}: {told}"


def summed(figures):
    """The figures of all processes as those of one: the middle of their medians, the longest of their tails."""
    done = sum(one["done"] for one in figures)
    if not done:
        raise Failed(f"nothing was done, {sum(one['failed'] for one in figures):.0f} calls failed")
    events = [one["events"] for one in figures if "events" in one]
    return {"rate": sum(one["done"] / one["secs"] for one in figures),
            "p50_ms": statistics.median(one["p50_ms"] for one in figures),
            "p99_ms": max(one["p99_ms"] for one in figures),
            "failed_share": sum(one["failed"] for one in figures) / (done + sum(one["failed"] for one in figures)),
            "events_per_op": sum(events) / done if events else None,
            "failures": sorted({one["failure"] for one in figures if one.get("failure", "none") != "none"}),
            "processes": len(figures)}
