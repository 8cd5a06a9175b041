"""kazoo's watchers and caches, transactions, and access control. See kazoo_scenario.py for how they are run."""
from kazoo.exceptions import (
    BadVersionError, ConnectionLoss, InvalidACLError, NoAuthError, NotReadOnlyCallError, RolledBackError,
    RuntimeInconsistency)
from kazoo.protocol.states import KeeperState
from kazoo.recipe.cache import TreeCache
from kazoo.security import CREATOR_ALL_ACL, OPEN_ACL_UNSAFE, READ_ACL_UNSAFE, make_digest_acl

from kazoo_scenario import (
    HOSTS, PATIENCE, ROOT, ask, connect, disturb, number_at, play, port_of, raises, until)


def data_watch(zk):
    writer = connect()
    writer.create(ROOT + "/watched", b"0")
    zk.sync(ROOT)
    seen = []

    @zk.DataWatch(ROOT + "/watched")
    def changed(data, stat):
        seen.append(data)

    assert seen == [b"0"]
    writer.set(ROOT + "/watched", b"1")
    until(lambda: seen[-1] == b"1", PATIENCE, "a change")
    disturb(zk)
    writer.retry(writer.set, ROOT + "/watched", b"2")
    until(lambda: seen[-1] == b"2", PATIENCE, "a change while the connection was away")
    writer.retry(writer.delete, ROOT + "/watched")
    until(lambda: seen[-1] is None, PATIENCE, "the deletion")
    writer.create(ROOT + "/watched", b"3")
    until(lambda: seen[-1] == b"3", PATIENCE, "the znode is back")
    writer.stop()


def children_watch(zk):
    writer = connect()
    seen = []
    zk.ChildrenWatch(ROOT, lambda children: seen.append(sorted(children)))
    assert seen == [[]]
    writer.create(ROOT + "/a")
    until(lambda: seen[-1] == ["a"], PATIENCE, "a child")
    disturb(zk)
    writer.retry(writer.ensure_path, ROOT + "/b")
    until(lambda: seen[-1] == ["a", "b"], PATIENCE, "a child that came while the connection was away")
    writer.retry(writer.delete, ROOT + "/a")
    until(lambda: seen[-1] == ["b"], PATIENCE, "a child went")
    writer.stop()


def tree_cache(zk):
    writer = connect()
    events = []
    zk.create(ROOT + "/tree/a/b", b"before", makepath=True)
    cache = TreeCache(zk, ROOT + "/tree")
    cache.listen(lambda event: events.append(event.event_type))
    cache.start()
    deep = ROOT + "/tree/a/b"

    def cached(path):
        node = cache.get_data(path)
        return node and node.data

    until(lambda: cached(deep) == b"before", PATIENCE, "the cache is filled")
    disturb(zk)
    writer.retry(writer.set, deep, b"after")
    writer.retry(writer.ensure_path, deep + "/c/d")
    until(lambda: cached(deep) == b"after" and cached(deep + "/c/d") == b"", PATIENCE, "the cache catches up")
    assert cache.get_children(ROOT + "/tree") == {"a"}
    writer.retry(writer.delete, deep + "/c", recursive=True)
    until(lambda: cache.get_data(deep + "/c") is None, PATIENCE, "what is deleted leaves the cache")
    cache.close()
    writer.stop()


def transactions(zk):
    """Ten transfers between two accounts, the sixth against a dead node: each is applied once or not at all."""
    other = connect()
    for name in ("/from", "/to"):
        zk.create(ROOT + name, b"10" if name == "/from" else b"0")
    for number in range(10):
        if number == 5:
            disturb(zk)
        transfer(zk, ROOT + "/from", ROOT + "/to")
        sums = [number_at(zk, ROOT + name)[0] for name in ("/from", "/to")]
        assert sums == [9 - number, number + 1], sums
    other.retry(other.sync, ROOT)
    assert [number_at(other, ROOT + name) for name in ("/from", "/to")] == [(0, 10), (10, 10)]

    refused = zk.transaction()
    refused.check(ROOT + "/from", 10)
    refused.delete(ROOT + "/to", 3)
    refused.create(ROOT + "/new")
    results = refused.commit()
    assert [type(result) for result in results] == [RolledBackError, BadVersionError, RuntimeInconsistency], results
    assert zk.exists(ROOT + "/new") is None
    other.stop()


def transfer(zk, source, target):
    (had, source_version), (has, target_version) = number_at(zk, source), number_at(zk, target)
    while number_at(zk, source)[1] == source_version:
        request = zk.transaction()
        request.set_data(source, b"%d" % (had - 1), source_version)
        request.set_data(target, b"%d" % (has + 1), target_version)
        try:
            request.commit()
        except ConnectionLoss:
            pass  # Applied or not: the next look tells.
    assert number_at(zk, target) == (has + 1, target_version + 1)


def auth(zk):
    """zookeeper-protocol 8: a connection keeps its identities when it goes on with another node."""
    owner = connect(auth_data=[("digest", "owner:secret")])
    acl = [make_digest_acl("owner", "secret", all=True)]
    owner.create(ROOT + "/private", b"mine", acl=acl)
    owner.create(ROOT + "/created", acl=CREATOR_ALL_ACL)
    assert owner.get_acls(ROOT + "/created")[0] == acl
    owner.create(ROOT + "/readable", acl=READ_ACL_UNSAFE + acl)
    disturb(owner)
    assert owner.retry(owner.get, ROOT + "/private")[0] == b"mine", "the identity was lost with the node"
    zk.retry(zk.sync, ROOT)
    raises(NoAuthError, lambda: zk.retry(zk.get, ROOT + "/private"))
    raises(NoAuthError, lambda: zk.retry(zk.set, ROOT + "/readable", b""))
    raises(NoAuthError, lambda: zk.retry(zk.create, ROOT + "/readable/child"))
    raises(NoAuthError, lambda: zk.retry(zk.set_acls, ROOT + "/private", OPEN_ACL_UNSAFE))
    assert zk.retry(zk.get, ROOT + "/readable")[0] == b""
    raises(InvalidACLError, lambda: zk.create(ROOT + "/nobody's", acl=CREATOR_ALL_ACL))

    zk.add_auth("digest", "owner:wrong")
    raises(NoAuthError, lambda: zk.get(ROOT + "/private"))
    zk.add_auth("digest", "owner:secret")
    assert zk.get(ROOT + "/private")[0] == b"mine"

    raises(BadVersionError, lambda: zk.set_acls(ROOT + "/private", OPEN_ACL_UNSAFE, version=7))
    assert zk.set_acls(ROOT + "/private", OPEN_ACL_UNSAFE, version=0).acl_version == 1
    stranger = connect()
    stranger.sync(ROOT)
    assert stranger.get_acls(ROOT + "/private")[0] == OPEN_ACL_UNSAFE and stranger.get(ROOT + "/private")[0] == b"mine"
    stranger.stop()
    owner.stop()


def read_only(zk):
    """zookeeper-protocol 7: without a quorum the last node answers reads of who said that it can do with that.
    ZooKeeper 3.8 answers such a handshake with an error unless it has local sessions."""
    zk.create(ROOT + "/kept", b"before")
    zk.sync(ROOT)
    others = {int(host.split(":")[1]) for host in HOSTS.split(",")} - {port_of(zk)}
    for port in others:
        ask("kill %d" % port)
    seen = []
    reader = connect(read_only=True)
    assert reader.client_state == KeeperState.CONNECTED_RO, reader.client_state
    reader.DataWatch(ROOT + "/kept", lambda data, stat: seen.append(data))
    assert reader.get_children(ROOT) == ["kept"] and seen == [b"before"]
    raises(NotReadOnlyCallError, lambda: reader.set(ROOT + "/kept", b"lost"))
    raises(NotReadOnlyCallError, lambda: reader.create(ROOT + "/lost"))
    for port in others:
        ask("restart %d" % port)
    until(lambda: reader.client_state == KeeperState.CONNECTED, PATIENCE, "a quorum again")
    zk.retry(zk.set, ROOT + "/kept", b"after")
    until(lambda: seen[-1] == b"after", PATIENCE, "the watch")
    reader.retry(reader.delete, ROOT + "/kept")
    zk.retry(zk.sync, ROOT)
    assert zk.retry(zk.get_children, ROOT) == []
    reader.stop()


play(globals())
