"""Three nodes on loopback of each server that is compared, behind the same few verbs."""
import json
import os
import random
import re
import shutil
import socket
import subprocess
import time
import urllib.request

import loads
from loads import Failed, ROOT, TOOLS
from processes import age_seconds, rss_bytes

START_SECONDS = 300  # The first start of Coord builds it.
SUPER = "super:secret"


class Cluster:
    """A cluster in a folder of its own. `with` starts it and ends it."""
    name = title = launcher = None

    def __init__(self, folder, tools, nodes=3):
        self.folder, self.tools, self.port, self.nodes = folder, tools, free_port(), range(1, nodes + 1)
        self.hosts = [f"127.0.0.1:{self.port + i}" for i in range(nodes)]

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *_):
        self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    def launch(self, verb, *options):
        # A session of its own: Ctrl-C reaches this program alone, which then ends the cluster in order.
        with subprocess.Popen([self.launcher, verb, self.folder, *map(str, options)], stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True,
                              env={**os.environ, "COORD_SUPER": SUPER}) as launched:
            try:
                _, err = launched.communicate(timeout=START_SECONDS)
            except BaseException:
                launched.kill()
                raise
        if launched.returncode != 0:
            raise Failed(f"{self.title}: {verb}: {err.strip()}")

    def start(self):
        """Gives the seconds from the first node's process until all nodes serve."""
        began = time.time()
        with subprocess.Popen([self.launcher, "start", self.folder, str(len(self.nodes)), str(self.port)],
                              stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
                              start_new_session=True, env={**os.environ, "COORD_SUPER": SUPER}) as launched:
            try:
                seconds = self._seconds_until_all_serve(launched, began)
                _, err = launched.communicate(timeout=START_SECONDS)
            except BaseException:
                launched.kill()
                self.stop()
                raise
        if launched.returncode != 0:
            self.stop()
            raise Failed(f"{self.title} does not start: {err.strip()}")
        return seconds

    def _seconds_until_all_serve(self, launched, began):
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline and launched.poll() in (None, 0):
            if self._has_begun(began) and all(map(self.serves, self.nodes)):
                return max(map(age_seconds, self.pids()))
            time.sleep(0.005)
        return None

    def _has_begun(self, began):
        files = [self.folder / str(node) / "pid" for node in self.nodes]
        return all(f.exists() and f.stat().st_mtime >= began and f.read_text().strip() for f in files)

    def stop(self):
        self.launch("stop")

    def kill_all(self):
        for node in self.nodes:
            self.launch("kill", node)
        time.sleep(0.5)  # Ports and locks are the kernel's to free.

    def pids(self):
        return [self.pid(node) for node in self.nodes]

    def pid(self, node):
        return int((self.folder / str(node) / "pid").read_text())

    def pid_list(self):
        return ",".join(map(str, self.pids()))

    def rss_per_node(self):
        return rss_bytes(self.pids()) / len(self.nodes)

    def wait_until_ready(self):
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline:
            if all(map(self.serves, self.nodes)) and self.leader():
                return
            time.sleep(0.05)
        raise Failed(f"{self.title} is not ready after {START_SECONDS} s")


def free_port():
    """The first port of a cluster's 300, where nobody listens; below those that the kernel gives to clients."""
    while True:
        first = random.randrange(20_000, 32_000, 300)
        if not any(map(listens, range(first, first + 300))):
            return first


def listens(port):
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def ask(host, sent):
    """What a port answers to these bytes until it closes; nothing where nobody listens."""
    address, port = host.split(":")
    try:
        with socket.create_connection((address, int(port)), timeout=2) as connection:
            connection.sendall(sent)
            return b"".join(iter(lambda: connection.recv(65536), b"")).decode(errors="replace")
    except OSError:
        return ""


class ZooKeeperSpeaking(Cluster):
    """What Coord and ZooKeeper share: the port, its four letter words, and zkload."""

    def word(self, node, word):
        return ask(self.hosts[node - 1], word)

    def serves(self, node):
        return "Mode: " in self.word(node, b"srvr")

    def leader(self):
        leads = ("Mode: leader", "Mode: standalone")
        return next((n for n in self.nodes if any(mode in self.word(n, b"srvr") for mode in leads)), None)

    def connections(self):
        return self._sum("num_alive_connections")

    def requests(self):
        return self._sum("packets_received")

    def _sum(self, figure):
        texts = (self.word(node, b"mntr") for node in self.nodes)
        found = (re.search(rf"^zk_{figure}\s+(\d+)", text, re.M) for text in texts)
        return sum(int(match[1]) for match in found if match)

    def require_znodes(self, count):
        """A figure about a large tree needs one."""
        found = self.znodes()
        if not found or found < count:
            raise Failed(f"the tree has {found} znodes and not {count}")

    def znodes(self):
        found = re.search(r"^zk_znode_count\s+(\d+)", self.word(1, b"mntr"), re.M)
        return int(found[1]) if found else None

    def options(self, op, seconds, warm=2, conns=16, depth=32, size=100, hosts=None):
        return ["--hosts", ",".join(hosts or self.hosts), "--op", op, "--conns", conns, "--depth", depth,
                "--size", size, "--warm", warm, "--secs", seconds, "--pids", self.pid_list()]

    def loading(self, op, seconds, *more, **settings):
        return loads.Load(self.tools / "zkload", *self.options(op, seconds, **settings), *more)

    def load(self, op, seconds, *more, **settings):
        with self.loading(op, seconds, *more, **settings) as load:
            return load.figures()

    def fill(self, prefix, count):
        """Creates count znodes below prefix, with 100 bytes each."""
        self.load("get", 1, "--keys", count, "--prefix", prefix, warm=0, conns=1, depth=1)


class Coord(ZooKeeperSpeaking):
    name, title, launcher = "coord", "Coord", ROOT / "deploy" / "local-cluster.sh"

    def take_snapshot(self, node):
        """Ends when it is on the disk."""
        request = urllib.request.Request(f"http://127.0.0.1:{self.port + 199 + node}/commands/snapshot?streaming=false")
        request.add_header("Authorization", f"digest {SUPER}")
        with urllib.request.urlopen(request) as answer:
            answer.read()

    def snapshot_bytes(self):
        self.take_snapshot(1)
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port + 200}/metrics") as answer:
            return float(re.search(rb"^coord_snapshot_bytes (\S+)", answer.read(), re.M)[1])


class ZooKeeper(ZooKeeperSpeaking):
    name, title, launcher = "zookeeper", "ZooKeeper", TOOLS / "zookeeper-ensemble.sh"

    def take_snapshot(self, node):
        """It takes one by itself every 50,000 to 100,000 writes: ends when the second new one has begun."""
        data = self.folder / str(node) / "data" / "version-2"
        before = set(data.glob("snapshot.*"))
        deadline = time.monotonic() + START_SECONDS
        while len(set(data.glob("snapshot.*")) - before) < 2:
            if time.monotonic() > deadline:
                raise Failed("ZooKeeper took no two snapshots under load")
            time.sleep(0.1)


class Etcd(Cluster):
    name, title, launcher = "etcd", "etcd", TOOLS / "etcd-cluster.sh"
    operations = {"set": "put", "create": "create", "get": "serializable-get", "syncget": "get", "mixed": "mixed",
                  "watch": "watch", "failover": "failover"}

    def require_znodes(self, count):
        """Nothing counts keys cheaply here; a fill that fails tells so itself."""

    def znodes(self):
        return None

    def serves(self, node):
        return '"health":"true"' in ask(self.hosts[node - 1], b"GET /health HTTP/1.0\r\n\r\n")

    def leader(self):
        for node, host in enumerate(self.hosts, start=1):
            request = urllib.request.Request(f"http://{host}/v3/maintenance/status", b"{}")
            try:
                with urllib.request.urlopen(request, timeout=2) as answer:
                    status = json.load(answer)
            except OSError:
                continue
            if status.get("leader") == status["header"]["member_id"]:
                return node
        return None

    def loading(self, op, seconds, warm=2, conns=16, depth=32, hosts=None):
        return loads.Load(self.tools / "etcdload", "-hosts", ",".join(hosts or self.hosts), "-op", self.operations[op],
                          "-clients", conns, "-workers", conns * depth, "-warm", warm, "-secs", seconds,
                          "-pids", self.pid_list())

    def load(self, op, seconds, **settings):
        with self.loading(op, seconds, **settings) as load:
            return load.figures()

    def fill(self, prefix, count):
        loads.run(self.tools / "etcdload", "-hosts", ",".join(self.hosts), "-op", "fill", "-keys", count,
                  "-prefix", prefix)


SERVERS = {server.name: server for server in (Coord, ZooKeeper, Etcd)}
