"""kazoo's recipes by which clients hand things over, wait for each other, and know of each other. See
kazoo_scenario.py for how they are run."""
import threading

from kazoo_scenario import PATIENCE, ROOT, Crowd, connect, disturb, play, until

SIZE = 10


def queue(zk):
    other = connect()
    mine, theirs = zk.Queue(ROOT + "/queue"), other.Queue(ROOT + "/queue")
    for number in range(SIZE):
        mine.put(b"%d" % number)
    disturb(zk)
    zk.retry(mine.put, b"urgent", priority=5)
    assert len(mine) == SIZE + 1
    other.retry(other.sync, ROOT)
    assert other.retry(theirs.get) == b"urgent"
    assert [(mine if number % 2 else theirs).get() for number in range(SIZE)] == [b"%d" % n for n in range(SIZE)]
    assert mine.get() is None
    other.sync(ROOT)
    assert len(theirs) == 0
    other.stop()


def locking_queue(zk):
    other = connect()
    mine, theirs = zk.LockingQueue(ROOT + "/queue"), other.LockingQueue(ROOT + "/queue")
    mine.put_all([b"first", b"second"])
    assert mine.get(timeout=PATIENCE) == b"first" and mine.holds_lock()
    disturb(zk)
    assert other.retry(theirs.get, timeout=PATIENCE) == b"second", "an item that somebody holds was handed out"
    assert zk.retry(mine.holds_lock) and other.retry(theirs.holds_lock)
    assert theirs.get(timeout=PATIENCE) == b"second", "who holds an item gets no other"
    assert zk.retry(mine.consume) and other.retry(theirs.release)
    assert mine.get(timeout=PATIENCE) == b"second", "what was given back waits for the next"
    assert mine.consume() and len(mine) == 0

    got = []
    waiting = threading.Thread(target=lambda: got.append(theirs.get(timeout=PATIENCE)), daemon=True)
    waiting.start()
    mine.put(b"third")
    waiting.join(PATIENCE)
    assert got == [b"third"], got
    assert other.retry(theirs.consume)
    other.stop()


def barrier(zk):
    """kazoo sets no watch again after it lost its node, so its barriers have to be asked again."""
    crowd = Crowd(2)
    waiting, passed = threading.Semaphore(0), []
    zk.Barrier(ROOT + "/barrier").create()

    def work(client, index):
        mine = client.Barrier(ROOT + "/barrier")
        client.sync(ROOT)
        assert not mine.wait(timeout=0.1), "it stands"
        waiting.release()
        until(lambda: client.retry(mine.wait, timeout=0.5), PATIENCE, "it is gone")
        passed.append(index)

    crowd.start(work)
    for _ in crowd.clients:
        assert waiting.acquire(timeout=PATIENCE)
    disturb(crowd.clients[0])
    assert not passed
    assert zk.retry(zk.Barrier(ROOT + "/barrier").remove)
    crowd.join()
    assert sorted(passed) == [0, 1]


def double_barrier(zk):
    crowd = Crowd(3)
    entered, left, may_come, may_leave = [], [], threading.Event(), threading.Event()

    def work(client, index):
        mine = client.DoubleBarrier(ROOT + "/barrier", 3, "client %d" % index)
        if index == 2:
            assert may_come.wait(PATIENCE)
        mine.enter()
        entered.append(index)
        assert may_leave.wait(PATIENCE)
        mine.leave()
        left.append(index)

    def inside():
        return len(zk.retry(zk.get_children, ROOT + "/barrier")) if zk.retry(zk.exists, ROOT + "/barrier") else 0

    crowd.start(work)
    until(lambda: inside() == 2, PATIENCE, "two wait for the third")
    assert not entered, "they entered without the third"
    may_come.set()
    until(lambda: sorted(entered) == [0, 1, 2], PATIENCE, "all entered")
    disturb(crowd.clients[0])  # Not while they wait: kazoo sets no watch again after it lost its node.
    assert inside() == 4, "somebody or the mark that all are there was lost"
    may_leave.set()
    crowd.join()
    assert sorted(left) == [0, 1, 2]


def party(zk):
    other = connect()
    mine, theirs = zk.Party(ROOT + "/party", "mine"), other.Party(ROOT + "/party", "theirs")
    mine.join()
    theirs.join()
    zk.sync(ROOT)
    assert sorted(mine) == ["mine", "theirs"] and len(theirs) == 2
    disturb(zk)
    assert sorted(zk.retry(lambda: list(mine))) == ["mine", "theirs"], "a session was lost"
    other.stop()
    until(lambda: zk.retry(lambda: list(mine)) == ["mine"], PATIENCE, "who is gone is no member")
    mine.leave()
    assert len(mine) == 0

    shallow = zk.ShallowParty(ROOT + "/shallow", "by-name")
    shallow.join()
    assert list(shallow) == ["by-name"]


def partitioner(zk):
    """Two share a set; after the third came, three do."""
    crowd = [connect() for _ in range(3)]
    shares = []

    def join(client, name):
        shares.append(client.SetPartitioner(
            ROOT + "/partition", set=tuple(range(SIZE)), identifier=name, time_boundary=0.5))

    def settled(members):
        for share in shares:
            if share.release:
                share.release_set()
            elif share.allocating:
                share.wait_for_acquire(0.1)
            assert not share.failed
        return all(share.acquired for share in shares) and sorted(
            sum((list(share) for share in shares), [])) == list(range(SIZE)) and len(shares) == members

    join(crowd[0], "one")
    join(crowd[1], "two")
    until(lambda: settled(2), PATIENCE, "two share")
    assert all(len(list(share)) == SIZE // 2 for share in shares)
    disturb(crowd[0])
    crowd[2].retry(crowd[2].sync, ROOT)  # It may have been at the same node: joining is not repeated.
    join(crowd[2], "three")
    until(lambda: settled(3) and all(list(share) for share in shares), PATIENCE, "three share")
    for share, client in zip(shares, crowd):
        share.finish()
        client.stop()


play(globals())
