"""What the figures were measured on."""
import os
import pathlib
import platform
import re
import statistics
import subprocess
import tempfile
import time

from loads import ROOT

FLUSHES = 300


def describe(servers):
    return {
        "processor": first(r"^model name\s*: (.*)", "/proc/cpuinfo") or platform.machine(),
        "cores": os.cpu_count(),
        "memory_gib": round(os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") / 2**30),
        "system": f"{first(r'^PRETTY_NAME=.(.*).$', '/etc/os-release')}, Linux {platform.release()}",
        "load_before": os.getloadavg()[0],
        "flush_ms": flush_ms(),
        "versions": {name: version(*VERSIONS[name]) for name in servers},
    }


def sentence(machine):
    versions = ", ".join(machine["versions"].values())
    busy = "" if machine["load_before"] < 0.5 else f" {machine['load_before']:.1f} other processes ready to run."
    return (f"{machine['cores']} cores of {machine['processor']}, {machine['memory_gib']} GiB; {machine['system']}; "
            f"one flush of 4 KiB takes {machine['flush_ms']:.2f} ms; {versions}.{busy}")


def commit():
    def git(*words):
        return subprocess.run(["git", "-C", ROOT, *words], capture_output=True, text=True, check=False).stdout.strip()
    # Results that are written into the tree are no change of what is measured.
    changed = git("status", "--porcelain", "--", ".", ":!benchmarks/results")
    return (git("rev-parse", "--short=9", "HEAD") or "unknown") + ("-changed" if changed else "")


def first(pattern, file):
    match = re.search(pattern, pathlib.Path(file).read_text(encoding="utf-8"), re.M)
    return match and match[1]


def flush_ms():
    """The median of fdatasync after 4 KiB, where the servers' data goes."""
    took = []
    with tempfile.TemporaryFile() as file:
        file.write(bytes(4096 * FLUSHES))
        file.flush()
        os.fsync(file.fileno())
        for number in range(FLUSHES):
            os.pwrite(file.fileno(), b"x" * 4096, number * 4096)
            began = time.perf_counter()
            os.fdatasync(file.fileno())
            took.append((time.perf_counter() - began) * 1000)
    return statistics.median(took)


def version(title, command):
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    match = re.search(r"\d\S+", result.stdout)
    return f"{title} {match[0] if match else 'of unknown version'}"


VERSIONS = {
    "coord": ("Coord on .NET SDK", ["dotnet", "--version"]),
    "zookeeper": ("ZooKeeper", ["dpkg-query", "-W", "-f=${Version}", "zookeeper"]),
    "etcd": ("etcd", ["etcd", "--version"]),
}
