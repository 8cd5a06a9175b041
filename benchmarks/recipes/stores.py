"""What is called, and on which servers: Coord, ZooKeeper and Redis, all of them running all the while."""
import subprocess
import time
from dataclasses import dataclass

import servers
from loads import Failed

START_SECONDS = 30


class Redis:
    """One redis-server with a log of every write, flushed as said. `with` starts it and ends it."""

    def __init__(self, folder, flushed):
        self.folder, self.flushed, self.process = folder, flushed, None
        self.hosts = [f"127.0.0.1:{servers.free_port()}"]

    def __enter__(self):
        self.folder.mkdir()
        with open(self.folder / "out", "wb") as out:
            self.process = subprocess.Popen(
                ["redis-server", "--bind", "127.0.0.1", "--port", self.hosts[0].split(":")[1], "--dir", self.folder,
                 "--save", "", "--appendonly", "yes", "--appendfsync", self.flushed],
                stdin=subprocess.DEVNULL, stdout=out, stderr=out, start_new_session=True)
        return self

    def __exit__(self, *_):
        self.process.kill()
        self.process.wait()

    def wait_until_ready(self):
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline and self.process.poll() is None:
            if "PONG" in servers.ask(self.hosts[0], b"PING\r\nQUIT\r\n"):
                return
            time.sleep(0.05)
        raise Failed(f"Redis does not start: {(self.folder / 'out').read_text(errors='replace')[-500:]}")

    def warm_up(self, seconds):
        """What is compiled is as quick at once."""


class Cluster:
    """Three nodes of Coord or of ZooKeeper."""

    def __init__(self, kind, folder):
        self.cluster = kind(folder, folder.parent)
        self.hosts = self.cluster.hosts

    def __enter__(self):
        self.cluster.start()
        return self

    def __exit__(self, *_):
        self.cluster.stop()

    def wait_until_ready(self):
        self.cluster.wait_until_ready()

    def warm_up(self, seconds):
        self.cluster.load("set", seconds)


MADE = {
    "coord": lambda folder: Cluster(servers.Coord, folder),
    "zookeeper": lambda folder: Cluster(servers.ZooKeeper, folder),
    "redis-always": lambda folder: Redis(folder, "always"),
    "redis": lambda folder: Redis(folder, "everysec"),
}


@dataclass(frozen=True)
class Store:
    """Who calls, and whom."""
    title: str
    server: str
    client: str  # The name by which RecipeLoad knows it; curator: CuratorLoad
    color: str


STORES = {
    "coord": Store("Coord", "coord", "coord", "#1f6feb"),
    "plain": Store("Coord without server add", "coord", "plain", "#79b0f7"),
    "client": Store("Coord's client on ZooKeeper", "zookeeper", "zookeeper", "#8250df"),
    "curator": Store("Curator on ZooKeeper", "zookeeper", "curator", "#d08a3c"),
    "redis-always": Store("Redis, flushed always", "redis-always", "redis", "#b3403a"),
    "redis": Store("Redis, every second", "redis", "redis", "#8c959f"),
}
