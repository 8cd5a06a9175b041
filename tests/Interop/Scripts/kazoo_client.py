"""What every client has to be able to do, for kazoo. See kazoo_scenario.py for how it is run."""
import signal
import subprocess
import sys
import threading
import time

from kazoo.exceptions import (
    BadArgumentsError, BadVersionError, NewConfigNoQuorumError, NoAuthError, NodeExistsError, NoNodeError,
    NotEmptyError)

from kazoo_scenario import HOSTS, ROOT, ask, connect, play, port_of, raises, until

SHORT = 4.0  # The shortest session timeout that a server grants by default.


def create_get_set_delete(zk):
    assert zk.create(ROOT + "/a", b"one") == ROOT + "/a"
    raises(NodeExistsError, lambda: zk.create(ROOT + "/a", b""))
    data, stat = zk.get(ROOT + "/a")
    assert data == b"one" and stat.version == 0 and stat.data_length == 3, (data, stat)
    changed = zk.set(ROOT + "/a", b"two", version=0)
    assert changed.version == 1 and changed.mzxid > stat.czxid, changed
    raises(BadVersionError, lambda: zk.set(ROOT + "/a", b"x", version=0))
    raises(BadVersionError, lambda: zk.delete(ROOT + "/a", version=7))
    zk.delete(ROOT + "/a", version=1)
    raises(NoNodeError, lambda: zk.get(ROOT + "/a"))
    assert zk.exists(ROOT + "/a") is None


def children(zk):
    for name in ("b", "a", "c"):
        zk.create("%s/%s" % (ROOT, name))
    names, stat = zk.get_children(ROOT, include_data=True)
    assert sorted(names) == ["a", "b", "c"] and stat.numChildren == 3 and stat.cversion == 3, (names, stat)
    raises(NotEmptyError, lambda: zk.delete(ROOT))


def sequential(zk):
    first = zk.create(ROOT + "/s-", sequence=True)
    second = zk.create(ROOT + "/s-", sequence=True)
    assert (first, second) == (ROOT + "/s-0000000000", ROOT + "/s-0000000001"), (first, second)


def ephemeral_vanishes_on_close(zk):
    other = connect()
    other.create(ROOT + "/e", ephemeral=True)
    zk.sync(ROOT)
    assert zk.exists(ROOT + "/e").ephemeralOwner == other.client_id[0]
    other.stop()
    zk.sync(ROOT)
    assert zk.exists(ROOT + "/e") is None


def ephemeral_vanishes_on_expiry(zk):
    child = subprocess.Popen([sys.executable, __file__, HOSTS, "hold", ROOT], stdout=subprocess.PIPE)
    assert child.stdout.readline().strip() == b"held"
    zk.sync(ROOT)
    gone = threading.Event()
    assert zk.exists(ROOT + "/e", watch=lambda event: gone.set())
    child.send_signal(signal.SIGKILL)
    child.wait()
    killed = time.monotonic()
    assert gone.wait(90), "the ephemeral outlived its session"
    # The last contact may be a third of the timeout old, and a server may judge a little later; never much earlier.
    assert time.monotonic() - killed > SHORT / 2, "the session ended long before its timeout"
    assert zk.exists(ROOT + "/e") is None


def hold(zk):
    client = connect(SHORT)
    client.create(ROOT + "/e", ephemeral=True)
    print("held", flush=True)
    time.sleep(60)


def watch_fires_once(zk):
    zk.create(ROOT + "/w", b"0")
    events = []
    zk.get(ROOT + "/w", watch=lambda event: events.append((event.type, event.path)))
    other = connect()
    other.set(ROOT + "/w", b"1")
    other.set(ROOT + "/w", b"2")
    other.stop()
    zk.sync(ROOT)
    until(lambda: events, 10, "the watch")
    assert zk.get(ROOT + "/w")[0] == b"2"
    assert events == [("CHANGED", ROOT + "/w")], events


def multi_is_all_or_nothing(zk):
    zk.create(ROOT + "/m", b"0")
    bad = zk.transaction()
    bad.create(ROOT + "/m/child")
    bad.set_data(ROOT + "/m", b"1", version=5)
    results = bad.commit()
    assert isinstance(results[1], BadVersionError), results
    assert zk.exists(ROOT + "/m/child") is None and zk.get(ROOT + "/m")[0] == b"0"
    good = zk.transaction()
    good.check(ROOT + "/m", version=0)
    good.create(ROOT + "/m/child", b"c")
    good.set_data(ROOT + "/m", b"1", version=0)
    results = good.commit()
    assert results[0] is True and results[1] == ROOT + "/m/child" and results[2].version == 1, results
    assert zk.get(ROOT + "/m/child")[1].czxid == zk.get(ROOT + "/m")[1].mzxid


def session_survives_the_death_of_its_node(zk):
    zk.create(ROOT + "/e", b"mine", ephemeral=True)
    session = zk.client_id[0]
    port = port_of(zk)
    ask("kill %d" % port)
    try:
        zk.retry(zk.set, ROOT + "/e", b"still mine")
        assert zk.client_id[0] == session, "another session"
        assert port_of(zk) != port
        data, stat = zk.get(ROOT + "/e")
        assert data == b"still mine" and stat.ephemeralOwner == session
    finally:
        ask("restart %d" % port)


def reconfig(zk):
    first = int(HOSTS.split(",")[0].split(":")[1])
    admin = connect(auth_data=[("digest", "super:secret")])

    def server(node, role):
        return "server.%d=127.0.0.1:%d:%d:%s;127.0.0.1:%d" % (
            node, first + 99 + node, first + 100 + node, role, first + node - 1)

    def config(client):
        data, stat = client.get("/zookeeper/config")
        return parse(data, stat)

    def parse(data, stat):
        lines = data.decode().split("\n")
        assert lines[-1].startswith("version=") and int(lines[-1][8:], 16) == stat.mzxid, (lines, stat)
        return dict(line.split("=", 1) for line in lines[:-1]), stat.mzxid

    def refused(error, client=admin, joining=None, leaving=None, new_members=None, from_config=-1):
        raises(error, lambda: client.reconfig(joining, leaving, new_members, from_config))

    servers, before = config(zk)
    assert sorted(servers) == ["server.1", "server.2", "server.3"], servers
    assert all(":participant;127.0.0.1:" in text for text in servers.values()), servers
    refused(BadArgumentsError, zk, joining="server.4=nowhere")
    refused(BadArgumentsError, leaving="1,2")
    refused(BadArgumentsError, joining=server(4, "observer"), new_members=server(4, "observer"))
    refused(NewConfigNoQuorumError, joining=server(4, "participant"))  # Nobody started it.
    ask("add 4")
    until(lambda: introduced(zk, server(4, "observer")), 20, "node 4 is known to wait")
    refused(BadVersionError, joining=server(4, "observer"), from_config=before + 1)
    assert config(zk) == (servers, before), "a refusal changed something"

    changed = threading.Event()
    zk.get("/zookeeper/config", watch=lambda event: changed.set())
    joined, version = parse(*admin.reconfig(server(4, "observer"), None, None, from_config=before))
    assert changed.wait(10), "no watch event"
    assert version > before and "server.4=" + joined["server.4"] == server(4, "observer"), joined
    refused(BadVersionError, leaving="4", from_config=before)

    everybody = ["%s=%s" % item for item in servers.items()] + [server(4, "participant")]
    voting, version = parse(*admin.reconfig(None, None, ",".join(everybody), from_config=version))
    assert "server.4=" + voting["server.4"] == server(4, "participant"), voting
    other = connect(hosts="127.0.0.1:%d" % (first + 3))
    other.create(ROOT + "/by-the-fourth")
    other.stop()

    left, after = parse(*admin.reconfig(None, "4", None, from_config=version))
    assert left == servers and after > version, left
    zk.sync("/")
    assert config(zk) == (servers, after)
    ask("wipe 4")
    assert zk.exists(ROOT + "/by-the-fourth") is not None
    admin.stop()


def introduced(nobody, server):
    """Whether a node waits to be let in: then only the right to it is missing, which is asked last."""
    try:
        nobody.reconfig(server, None, None)
    except NewConfigNoQuorumError:
        return False
    except NoAuthError:
        return True
    raise AssertionError("anybody may reconfigure")


play(globals())
