#!/usr/bin/env python3
"""Watches at scale on one node of a running cluster: watches.py HOST:PORT PID"""
import selectors
import struct
import sys
import time

from clients import Connection, EXISTS, GET, Measured, SET, create, probe, request, text

WATCHES, WATCHERS, RECONNECTING, ROUNDS = 100_000, 10_000, 50_000, 5
AT_ONCE = 500  # Handshakes under way while connections are opened.
BATCH_BYTES = 128 * 1024  # As Java's and Go's clients cut their setWatches.
SET_WATCHES, ADD_WATCH = 101, 106


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
    address = (host, int(port))
    Measured.begin(address, int(sys.argv[2]))
    control = Connection(address).greeted()
    many_watches(address)
    reconnect(address, control)
    many_watchers(address, control, "one-shot")
    many_watchers(address, control, "persistent")


main()
