#!/usr/bin/env python3
"""A znode with a million children, and thousands of sessions that vanish at once: large.py HOST:PORT PID [PART]

PART is what to do of it all: 1, or less.
"""
import struct
import sys
import time

from clients import ANY_VERSION, CHILDREN, Connection, DELETE, EXISTS, Measured, create, request, text

CHILDREN_COUNT, CHANGES, SESSIONS, EPHEMERALS = 1_000_000, 1_000, 15_000, 10
AT_ONCE = 500  # Handshakes under way while connections are opened.
EPHEMERAL = 1
PARENT, VANISHING = b"/large", b"/vanishing"


def delete(xid, path):
    return request(xid, DELETE, text(path), ANY_VERSION)


def in_batches(control, make, numbers):
    for first in range(0, len(numbers), 50_000):
        errors = control.ask_all([make(number) for number in numbers[first:first + 50_000]])
        assert set(errors) == {0}, errors


def many_children(control, count):
    def name(number):
        return PARENT + b"/n%08d" % number

    control.ask_all([create(1, PARENT)])
    with Measured(f"{count} children are created"):
        in_batches(control, lambda n: create(n, name(n), data=b"x" * 100), range(count))
    with Measured("they are listed"):
        control.socket.sendall(request(1, CHILDREN, text(PARENT), b"\0"))
        answer = control.next_frame()
    assert struct.unpack_from(">i", answer, 16)[0] == count
    with Measured(f"{CHANGES} more are created and deleted"):
        in_batches(control, lambda n: create(n, name(n)), range(count, count + CHANGES))
        in_batches(control, lambda n: delete(n, name(n)), range(count, count + CHANGES))
    with Measured("all are deleted"):
        in_batches(control, lambda n: delete(n, name(n)), range(count))


def open_sessions(address, count):
    sessions = []
    for first in range(0, count, AT_ONCE):
        group = [Connection(address) for _ in range(min(AT_ONCE, count - first))]
        for number, session in enumerate(group, first):
            session.greeted()
            paths = (VANISHING + b"/e-%05d-%02d" % (number, i) for i in range(EPHEMERALS))
            session.socket.sendall(b"".join(create(1, path, EPHEMERAL) for path in paths))
        for session in group:
            for _ in range(EPHEMERALS):
                session.next_frame()
        sessions += group
    return sessions


def children_left(control):
    control.socket.sendall(request(1, EXISTS, text(VANISHING), b"\0"))
    return struct.unpack_from(">i", control.next_frame()[-12:])[0]


def many_expiries(address, control, count):
    control.ask_all([create(1, VANISHING)])
    with Measured(f"{count} sessions open, with {EPHEMERALS} ephemerals each"):
        sessions = open_sessions(address, count)
    for session in sessions:
        session.socket.sendall(request(-2, 11))
    for session in sessions:
        session.next_frame()
        session.socket.close()
    all_of_them = children_left(control)
    with Measured("until the first of them expires"):
        while children_left(control) == all_of_them:
            time.sleep(0.01)
    with Measured(f"{count} sessions expire"):
        while children_left(control) > 0:
            time.sleep(0.01)


def main():
    host, port = sys.argv[1].split(":")
    address, part = (host, int(port)), float(sys.argv[3]) if len(sys.argv) > 3 else 1
    Measured.begin(address, int(sys.argv[2]))
    control = Connection(address).greeted()
    many_children(control, int(CHILDREN_COUNT * part))
    many_expiries(address, control, int(SESSIONS * part))


main()
