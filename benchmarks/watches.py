#!/usr/bin/env python3
"""Watches at scale on one node of a running cluster: watches.py HOST:PORT PID

Every step prints how long it took, and the slowest of the gets that a client of its own sends meanwhile, every 2 ms.
"""
import multiprocessing
import selectors
import socket
import struct
import sys
import time

WATCHES, WATCHERS, RECONNECTING, ROUNDS = 100_000, 10_000, 50_000, 5
AT_ONCE = 500  # Handshakes under way while connections are opened.
BATCH_BYTES = 128 * 1024  # As Java's and Go's clients cut their setWatches.
CREATE, EXISTS, GET, SET, SET_WATCHES, ADD_WATCH, EVENT = 1, 3, 4, 5, 101, 106, -1


def text(value):
    return struct.pack(">i", len(value)) + value


def request(xid, op, *parts):
    body = struct.pack(">ii", xid, op) + b"".join(parts)
    return struct.pack(">i", len(body)) + body


def create(xid, path):
    return request(xid, CREATE, text(path), text(b""), struct.pack(">ii", 1, 31), text(b"world"), text(b"anyone"),
                   struct.pack(">i", 0))


class Connection:
    def __init__(self, address, session=(0, bytes(16))):
        self.socket = socket.create_connection(address)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.buffer = b""
        body = struct.pack(">iqiq", 0, 0, 40_000, session[0]) + text(session[1]) + b"\0"
        self.socket.sendall(struct.pack(">i", len(body)) + body)

    def greeted(self):
        answer = self.next_frame()
        self.session = (struct.unpack_from(">q", answer, 8)[0], answer[20:36])
        return self

    def next_frame(self):
        while len(self.buffer) < 4 or len(self.buffer) < 4 + struct.unpack_from(">i", self.buffer)[0]:
            self.fill()
        return self.frames_at_hand(1)[0]

    def fill(self):
        received = self.socket.recv(1 << 20)
        if not received:
            raise ConnectionError("the node closed the connection")
        self.buffer += received

    def frames_at_hand(self, most=None):
        frames, offset = [], 0
        while len(self.buffer) - offset >= 4 and len(frames) != most:
            length = struct.unpack_from(">i", self.buffer, offset)[0]
            if len(self.buffer) - offset < 4 + length:
                break
            frames.append(self.buffer[offset + 4:offset + 4 + length])
            offset += 4 + length
        self.buffer = self.buffer[offset:]
        return frames

    def ask_all(self, requests, in_flight=500):
        """Sends the requests, so many in flight, and takes one reply for each; gives the errors."""
        errors, sent = {}, 0
        while sum(errors.values()) < len(requests):
            room = in_flight - (sent - sum(errors.values()))
            if room > 0 and sent < len(requests):
                self.socket.sendall(b"".join(requests[sent:sent + room]))
                sent += len(requests[sent:sent + room])
            self.fill()
            for frame in self.frames_at_hand():
                xid, _, error = struct.unpack_from(">iqi", frame)
                if xid != EVENT:
                    errors[error] = errors.get(error, 0) + 1
        return errors


def probe(address, pipe):
    """Sends a get every 2 ms, and tells how long the slowest took since it was last asked."""
    connection, slowest, count = Connection(address).greeted(), 0, 0
    while True:
        if pipe.poll():
            if pipe.recv() is None:
                return
            pipe.send((slowest, count))
            slowest, count = 0, 0
        began = time.perf_counter()
        connection.socket.sendall(request(1, GET, text(b"/"), b"\0"))
        connection.next_frame()
        slowest, count = max(slowest, time.perf_counter() - began), count + 1
        time.sleep(0.002)


class Measured:
    """A step: its time, the slowest get meanwhile, and the node's processor time and memory."""
    pipe = pid = None

    def __init__(self, name):
        self.name = name

    def __enter__(self):
        self.ask()
        self.cpu, self.memory = self.cost()
        self.began = time.perf_counter()

    def __exit__(self, *_):
        seconds = time.perf_counter() - self.began
        slowest, count = self.ask()
        cpu, memory = self.cost()
        print(f"{self.name}: {seconds * 1000:.1f} ms, node's CPU {(cpu - self.cpu) * 1000:.0f} ms, "
              f"slowest of {count} gets {slowest * 1000:.1f} ms, memory {memory - self.memory:+.1f} MB", flush=True)

    def ask(self):
        self.pipe.send("slowest?")
        return self.pipe.recv()

    def cost(self):
        with open(f"/proc/{self.pid}/stat", encoding="ascii") as stat:
            ticks = stat.read().rsplit(")", 1)[1].split()
        with open(f"/proc/{self.pid}/statm", encoding="ascii") as statm:
            pages = statm.read().split()
        return (int(ticks[11]) + int(ticks[12])) / 100, int(pages[1]) * 4096 / 1e6


def many_watches(address):
    connections = [Connection(address).greeted() for _ in range(10)]
    share = WATCHES // len(connections)
    with Measured(f"{WATCHES} watches are set by 10 connections"):
        for number, connection in enumerate(connections):
            paths = (b"/services/shop/n%09d" % (number * share + i) for i in range(share))
            errors = connection.ask_all([request(i, EXISTS, text(path), b"\1") for i, path in enumerate(paths)])
            assert errors == {-101: share}, errors
    with Measured("their connections end"):
        for connection in connections:
            connection.socket.close()
        time.sleep(0.5)


def many_watchers(address, control, mode):
    path = b"/watched-" + mode.encode()
    control.ask_all([create(1, path)])
    watchers, selector = [], selectors.DefaultSelector()
    with Measured(f"{WATCHERS} connections open"):
        for _ in range(WATCHERS // AT_ONCE):
            group = [Connection(address) for _ in range(AT_ONCE)]
            watchers += [connection.greeted() for connection in group]
    for watcher in watchers:
        selector.register(watcher.socket, selectors.EVENT_READ, watcher)
    watch = request(1, ADD_WATCH, text(path), struct.pack(">i", 0)) if mode == "persistent" \
        else request(1, GET, text(path), b"\1")
    for turn in range(ROUNDS):
        if turn == 0 or mode == "one-shot":
            for watcher in watchers:
                watcher.socket.sendall(watch)
            gather(selector, WATCHERS)
        time.sleep(0.2)
        with Measured(f"{WATCHERS} watchers of one znode are told ({mode})"):
            control.socket.sendall(request(1, SET, text(path), text(b"x" * 100), struct.pack(">i", -1)))
            gather(selector, WATCHERS)
        control.next_frame()
    with Measured(f"{WATCHERS} connections end"):
        for watcher in watchers:
            watcher.socket.close()
        time.sleep(0.5)


def gather(selector, wanted):
    while wanted > 0:
        for key, _ in selector.select():
            key.data.fill()
            wanted -= len(key.data.frames_at_hand())


def reconnect(address, control):
    paths = [b"/services-%05d/instance" % i for i in range(RECONNECTING)]
    control.ask_all([create(1, path[:path.rindex(b"/")]) for path in paths])
    control.ask_all([create(1, path) for path in paths])
    client = Connection(address).greeted()
    assert client.ask_all([request(i, GET, text(path), b"\1") for i, path in enumerate(paths)]) == {0: RECONNECTING}
    seen = struct.unpack_from(">iq", ping(client))[1]
    for turn in range(ROUNDS):
        client.socket.close()
        time.sleep(0.5)
        with Measured(f"a client with {RECONNECTING} watches comes back"):
            client = Connection(address, client.session).greeted()
            errors = client.ask_all(batches(paths, seen), in_flight=3)
            assert set(errors) == {0}, errors


def ping(connection):
    connection.socket.sendall(request(-2, 11))
    return connection.next_frame()


def batches(paths, seen):
    made, batch, size = [], [], 0
    for path in paths + [None]:
        if path is None or size + len(path) > BATCH_BYTES:
            made.append(request(-8, SET_WATCHES, struct.pack(">qi", seen, len(batch)), *map(text, batch), bytes(8)))
            batch, size = [], 0
        if path is not None:
            batch.append(path)
            size += len(path)
    return made


def main():
    host, port = sys.argv[1].split(":")
    address, Measured.pid = (host, int(port)), int(sys.argv[2])
    Measured.pipe, other = multiprocessing.Pipe()
    prober = multiprocessing.Process(target=probe, args=(address, other), daemon=True)
    prober.start()
    control = Connection(address).greeted()
    many_watches(address)
    reconnect(address, control)
    many_watchers(address, control, "one-shot")
    many_watchers(address, control, "persistent")
    Measured.pipe.send(None)


main()
