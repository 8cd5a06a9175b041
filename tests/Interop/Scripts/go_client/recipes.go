package main

import (
	"strconv"
	"sync/atomic"
	"time"

	"github.com/samuel/go-zookeeper/zk"
)

const workers, rounds = 3, 8

// The client's own lock, around a number that only who holds it advances.
func lock(conn *zk.Conn) {
	_, err := conn.Create(root+"/number", []byte("0"), 0, open)
	must(err)
	var inside, visits int32
	ended := make(chan interface{}, workers)
	conns := make([]*zk.Conn, workers)
	for i := range conns {
		conns[i] = connect(10 * time.Second)
	}
	for i := range conns {
		go func(mine *zk.Conn) {
			defer func() { ended <- recover() }()
			for round := 0; round < rounds; round++ {
				var held *zk.Lock
				held, mine = take(mine)
				check(atomic.AddInt32(&inside, 1) == 1, "only one is inside")
				advance(mine)
				atomic.AddInt32(&inside, -1)
				atomic.AddInt32(&visits, 1)
				if err := sure(held.Unlock); err != zk.ErrNoNode {
					must(err)
				}
			}
			mine.Close()
		}(conns[i])
	}
	for end := time.Now().Add(patience); atomic.LoadInt32(&visits) <= rounds; time.Sleep(5 * time.Millisecond) {
		check(time.Now().Before(end) && len(ended) == 0, "a third of the rounds")
	}
	disturb(conns[0])
	for range conns {
		select {
		case failure := <-ended:
			check(failure == nil, "%v", failure)
		case <-time.After(2 * patience):
			fail("a client hangs")
		}
	}
	sync(conn)
	value, stat := get(conn, root+"/number")
	check(value == strconv.Itoa(workers*rounds) && stat.Version == workers*rounds, "%s %v", value, stat)
	_, stat = get(conn, root+"/lock")
	check(stat.NumChildren == 0, "contenders left their znodes")
}

// Takes the lock. A lock that failed may have left its znode: only the end of the session is sure to take that away.
func take(conn *zk.Conn) (*zk.Lock, *zk.Conn) {
	for {
		held := zk.NewLock(conn, root+"/lock", open)
		err := held.Lock()
		if err == nil {
			return held, conn
		}
		check(killed && isLost(err), "%v", err)
		conn.Close()
		conn = connect(10 * time.Second)
	}
}

// Adds one. Only who holds the lock may: then a lost reply can be told from a lost request.
func advance(conn *zk.Conn) {
	text, stat := get(conn, root+"/number")
	number, err := strconv.Atoi(text)
	must(err)
	after := strconv.Itoa(number + 1)
	for text, _ = get(conn, root+"/number"); text != after; text, _ = get(conn, root+"/number") {
		check(text == strconv.Itoa(number), "%s: another one wrote, too", text)
		_, err := conn.Set(root+"/number", []byte(after), stat.Version)
		if !isLost(err) && err != zk.ErrBadVersion {
			must(err)
		}
	}
}

// All kinds of watches, set again by the client at another node: what changed in between is heard of.
func watches(conn *zk.Conn) {
	other := connect(10 * time.Second)
	for _, name := range []string{"/data", "/deleted", "/parent"} {
		_, err := conn.Create(root+name, nil, 0, open)
		must(err)
	}
	_, _, data, err := conn.GetW(root + "/data")
	must(err)
	_, _, deleted, err := conn.ExistsW(root + "/deleted")
	must(err)
	_, _, created, err := conn.ExistsW(root + "/created")
	must(err)
	_, _, parent, err := conn.ChildrenW(root + "/parent")
	must(err)
	disturb(conn)
	change := func(call func() error) {
		if err := sure(call); err != zk.ErrNodeExists && err != zk.ErrNoNode { // The first try was applied.
			must(err)
		}
	}
	change(func() error { _, err := other.Set(root+"/data", []byte("1"), -1); return err })
	change(func() error { return other.Delete(root+"/deleted", -1) })
	change(func() error { _, err := other.Create(root+"/created", nil, 0, open); return err })
	change(func() error { _, err := other.Create(root+"/parent/child", nil, 0, open); return err })
	for _, expected := range []struct {
		events <-chan zk.Event
		kind   zk.EventType
	}{
		{data, zk.EventNodeDataChanged}, {deleted, zk.EventNodeDeleted},
		{created, zk.EventNodeCreated}, {parent, zk.EventNodeChildrenChanged},
	} {
		event := nextEvent(expected.events, expected.kind.String())
		check(event.Type == expected.kind, "%v, but %v", expected.kind, event)
	}
	other.Close()
}

func auth(conn *zk.Conn) {
	owner := connect(10 * time.Second)
	must(owner.AddAuth("digest", []byte("owner:secret")))
	acl := zk.DigestACL(zk.PermAll, "owner", "secret")
	_, err := owner.Create(root+"/private", []byte("mine"), 0, acl)
	must(err)
	disturb(owner)
	data, _ := get(owner, root+"/private")
	check(data == "mine", "the identity went along to the other node")
	sync(conn)
	refused := sure(func() error { _, _, err := conn.Get(root + "/private"); return err })
	refuses(zk.ErrNoAuth, refused)
	_, err = owner.SetACL(root+"/private", append(acl, zk.WorldACL(zk.PermRead)...), 7)
	refuses(zk.ErrBadVersion, err)
	_, err = owner.SetACL(root+"/private", append(acl, zk.WorldACL(zk.PermRead)...), 0)
	must(err)
	sync(conn)
	data, stat := get(conn, root+"/private")
	check(data == "mine" && stat.Aversion == 1, "%s %v", data, stat)
	list, _, err := owner.GetACL(root + "/private")
	must(err)
	check(len(list) == 2 && list[0] == acl[0] && list[1] == zk.WorldACL(zk.PermRead)[0], "%v", list)
	_, err = conn.Set(root+"/private", nil, -1)
	refuses(zk.ErrNoAuth, err)
	owner.Close()
}
