"""What the scenarios for kazoo share: HOSTS SCENARIO ROOT [killed]. Prints "ok" at the end; an assertion that fails
ends it otherwise.

"kill PORT" on standard output asks the test to kill the node with that client port, "restart PORT" to start it again,
"add NODE" to start one more, which waits to be let in, "wipe NODE" to end it; the answer on standard input is one line.
"""
import sys
import threading
import time

from kazoo.client import KazooClient
from kazoo.exceptions import BadVersionError, ConnectionLoss

HOSTS, SCENARIO, ROOT = sys.argv[1:4]
KILLED = sys.argv[4:] == ["killed"]
PATIENCE = 90.0  # For whatever waits for other clients, or for another node.


def connect(timeout=10.0, hosts=HOSTS, **options):
    client = KazooClient(hosts=hosts, timeout=timeout, **options)
    client.start(timeout=PATIENCE)
    return client


def port_of(client):
    return client._connection._socket.getpeername()[1]


def ask(line):
    print(line, flush=True)
    return sys.stdin.readline().strip()


def disturb(client):
    """Kills the node that this client talks to, where the scenario is played for that."""
    if KILLED:
        ask("kill %d" % port_of(client))


def until(condition, seconds, what):
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "not within %s s: %s" % (seconds, what)
        time.sleep(0.02)


def raises(error, call):
    try:
        call()
    except error:
        return
    raise AssertionError("expected " + error.__name__)


def synced(client):
    """The client, whose node has caught up with what others were told at theirs."""
    client.retry(client.sync, "/")
    return client


def number_at(client, path):
    data, stat = client.retry(synced(client).get, path)
    return int(data or b"0"), stat.version


def advance(client, path):
    """Adds one. Only who holds a lock may: then a lost reply can be told from a lost request."""
    before, version = number_at(client, path)
    while number_at(client, path)[0] == before:
        try:
            client.set(path, b"%d" % (before + 1), version)
        except (ConnectionLoss, BadVersionError):
            pass  # Applied or not: the next look tells.
    assert number_at(client, path) == (before + 1, version + 1), "another one wrote, too"


class Crowd:
    """Clients with a session and a thread each; what fails in a thread fails the scenario."""

    def __init__(self, size):
        self.clients = [connect() for _ in range(size)]
        self._errors = []
        self._threads = []

    def start(self, work):
        """Runs work(client, its index) for all."""
        for index, client in enumerate(self.clients):
            thread = threading.Thread(target=self._run, args=(work, client, index), daemon=True)
            thread.start()
            self._threads.append(thread)
        return self

    def _run(self, work, client, index):
        try:
            work(client, index)
        except BaseException as error:
            self._errors.append(error)

    def join(self):
        for thread in self._threads:
            thread.join(2 * PATIENCE)
            if self._errors:
                raise self._errors[0]
            assert not thread.is_alive(), "a client hangs"
        for client in self.clients:
            client.stop()


class Room:
    """Counts who is inside, and allows only so many."""

    def __init__(self, places):
        self._places, self._inside, self._door = places, 0, threading.Lock()
        self.most = self.visits = 0

    def __enter__(self):
        with self._door:
            self._inside += 1
            self.visits += 1
            self.most = max(self.most, self._inside)
        assert self._inside <= self._places, "%d inside, of %d" % (self._inside, self._places)

    def __exit__(self, *error):
        with self._door:
            self._inside -= 1


def play(scenarios):
    """Runs the scenario of the command line, a function of this name that takes a client."""
    client = connect()
    client.ensure_path(ROOT)
    scenarios[SCENARIO](client)
    client.stop()
    print("ok", flush=True)
