"""kazoo's recipes that let few or one at a time do something. See kazoo_scenario.py for how they are run."""
import datetime
import threading
import time

from kazoo_scenario import (
    PATIENCE, ROOT, Crowd, Room, advance, connect, disturb, number_at, play, synced, until)

ROUNDS = 8


def lock(zk):
    zk.create(ROOT + "/number", b"0")
    room, crowd = Room(1), Crowd(3)

    def work(client, index):
        mine = client.Lock(ROOT + "/lock", "client %d" % index)
        for _ in range(ROUNDS):
            with mine, room:
                advance(client, ROOT + "/number")

    crowd.start(work)
    until(lambda: room.visits > ROUNDS, PATIENCE, "a third of the rounds")
    disturb(crowd.clients[0])
    crowd.join()
    assert number_at(zk, ROOT + "/number") == (3 * ROUNDS, 3 * ROUNDS)
    assert zk.retry(synced(zk).get_children, ROOT + "/lock") == [], "contenders left their znodes"


def lock_is_kept(zk):
    """The holder's node dies, the waiter's node dies: the lock stays with its session."""
    other = connect()
    mine, theirs = zk.Lock(ROOT + "/lock", "mine"), other.Lock(ROOT + "/lock", "theirs")
    assert mine.acquire(timeout=PATIENCE)
    assert not theirs.acquire(blocking=False)
    got = threading.Event()
    threading.Thread(target=lambda: theirs.acquire() and got.set(), daemon=True).start()
    until(lambda: zk.retry(mine.contenders) == ["mine", "theirs"], PATIENCE, "both contend")
    session = zk.client_id[0]
    disturb(zk)
    assert zk.retry(mine.contenders) == ["mine", "theirs"] and not got.is_set()
    assert zk.client_id[0] == session, "the session did not survive"
    mine.release()
    assert got.wait(PATIENCE), "the waiter was not woken"
    assert other.retry(theirs.contenders) == ["theirs"]
    other.stop()
    assert zk.retry(synced(zk).get_children, ROOT + "/lock") == []


def read_write_lock(zk):
    crowd = Crowd(4)
    readers, writers = Room(2), Room(1)
    both_read, may_leave = threading.Barrier(3), threading.Event()

    def work(client, index):
        if index < 2:
            with client.ReadLock(ROOT + "/lock", "reader"), readers:
                both_read.wait(PATIENCE)
                assert may_leave.wait(PATIENCE)
            return
        until(both_read_now.is_set, PATIENCE, "both readers")
        with client.WriteLock(ROOT + "/lock", "writer"), writers:
            assert may_leave.is_set(), "a writer entered while there were readers"
            advance(client, ROOT + "/number")

    both_read_now = threading.Event()
    zk.create(ROOT + "/number", b"0")
    crowd.start(work)
    both_read.wait(PATIENCE)
    both_read_now.set()
    until(lambda: len(zk.retry(zk.get_children, ROOT + "/lock")) == 4, PATIENCE, "the writers wait")
    disturb(crowd.clients[2])
    may_leave.set()
    crowd.join()
    assert (readers.most, writers.visits) == (2, 2)
    assert number_at(zk, ROOT + "/number") == (2, 2)


def semaphore(zk):
    places = [zk.Semaphore(ROOT + "/semaphore", name, max_leases=2) for name in ("a", "b", "c")]
    assert [place.acquire(blocking=False) for place in places] == [True, True, False]
    for place in places[:2]:
        place.release()
    room, crowd = Room(2), Crowd(4)

    def work(client, index):
        mine = client.Semaphore(ROOT + "/semaphore", "client %d" % index, max_leases=2)
        for _ in range(ROUNDS):
            with mine, room:
                assert "client %d" % index in client.retry(mine.lease_holders)
                time.sleep(0.01)

    crowd.start(work)
    until(lambda: room.visits > ROUNDS, PATIENCE, "a quarter of the rounds")
    disturb(crowd.clients[0])
    crowd.join()
    assert room.visits == 4 * ROUNDS
    assert zk.retry(synced(zk).Semaphore(ROOT + "/semaphore", max_leases=2).lease_holders) == []


def counter(zk):
    """kazoo repeats an addition whose reply was lost: each lost connection may add one more, the server adds none."""
    crowd = Crowd(2)
    losses = []
    for client in crowd.clients:
        client.add_listener(lambda state: losses.append(state) if state == "SUSPENDED" else None)
    begun = set()

    def work(client, index):
        mine = client.Counter(ROOT + "/number")
        for turn in range(3 * ROUNDS):
            mine += 2
            mine -= 1
            if turn == ROUNDS:
                begun.add(index)

    crowd.start(work)
    until(lambda: len(begun) == len(crowd.clients), PATIENCE, "a third of the rounds of both")
    disturb(crowd.clients[0])
    crowd.join()
    value, version = number_at(zk, ROOT + "/number")
    sets = 2 * 2 * 3 * ROUNDS
    assert sets <= version <= sets + len(losses), (sets, version, losses)
    assert abs(value - sets // 2) <= 2 * (version - sets), (value, version)
    assert zk.Counter(ROOT + "/number").value == value


def election(zk):
    room, crowd = Room(1), Crowd(3)
    led, may_resign = [], threading.Event()

    def work(client, index):
        def lead():
            with room:
                led.append(index)
                assert may_resign.wait(PATIENCE)
                time.sleep(0.05)
        client.Election(ROOT + "/election", "candidate %d" % index).run(lead)

    crowd.start(work)
    everybody = zk.Election(ROOT + "/election")

    def contenders():
        return zk.retry(everybody.contenders)

    until(lambda: len(contenders()) == 3 and led, PATIENCE, "a leader and two who wait")
    assert contenders()[0] == "candidate %d" % led[0]
    disturb(crowd.clients[led[0]])
    assert len(contenders()) == 3 and len(led) == 1
    may_resign.set()
    crowd.join()
    assert sorted(led) == [0, 1, 2] and room.most == 1, led


def lease(zk):
    other = connect()
    now = datetime.datetime(2030, 1, 1)
    hour = datetime.timedelta(hours=1)

    def take(client, name, at):
        return bool(client.retry(client.NonBlockingLease, ROOT + "/lease", hour, name, lambda: at))

    assert take(zk, "one", now)
    disturb(zk)
    assert not take(other, "two", now)
    assert take(zk, "one", now + hour / 2), "who has it may renew it"
    assert not take(other, "two", now + hour), "it was renewed"
    assert take(other, "two", now + 2 * hour), "it ended"

    def take_one_of_two(client, name):
        return bool(client.MultiNonBlockingLease(2, ROOT + "/leases", hour, name, lambda: now))

    assert [take_one_of_two(zk, "one"), take_one_of_two(other, "two"), take_one_of_two(zk, "three")] == [
        True, True, False]
    other.stop()


play(globals())
