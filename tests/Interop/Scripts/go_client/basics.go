package main

import (
	"fmt"
	"os"
	"os/exec"
	"sort"
	"strings"
	"time"

	"github.com/samuel/go-zookeeper/zk"
)

func createGetSetDelete(conn *zk.Conn) {
	path, err := conn.Create(root+"/a", []byte("one"), 0, open)
	must(err)
	check(path == root+"/a", "created %s", path)
	_, err = conn.Create(root+"/a", nil, 0, open)
	refuses(zk.ErrNodeExists, err)
	data, stat := get(conn, root+"/a")
	check(data == "one" && stat.Version == 0 && stat.DataLength == 3, "%s %v", data, stat)
	changed, err := conn.Set(root+"/a", []byte("two"), 0)
	must(err)
	check(changed.Version == 1 && changed.Mzxid > stat.Czxid, "%v", changed)
	_, err = conn.Set(root+"/a", nil, 0)
	refuses(zk.ErrBadVersion, err)
	refuses(zk.ErrBadVersion, conn.Delete(root+"/a", 7))
	must(conn.Delete(root+"/a", 1))
	_, _, err = conn.Get(root + "/a")
	refuses(zk.ErrNoNode, err)
	check(!exists(conn, root+"/a"), "it is gone")
}

func children(conn *zk.Conn) {
	for _, name := range []string{"b", "a", "c"} {
		_, err := conn.Create(root+"/"+name, nil, 0, open)
		must(err)
	}
	names, stat, err := conn.Children(root)
	must(err)
	sort.Strings(names)
	check(strings.Join(names, " ") == "a b c" && stat.NumChildren == 3 && stat.Cversion == 3, "%v %v", names, stat)
	refuses(zk.ErrNotEmpty, conn.Delete(root, -1))
}

func sequential(conn *zk.Conn) {
	for number := 0; number < 2; number++ {
		path, err := conn.Create(root+"/s-", nil, zk.FlagSequence, open)
		must(err)
		check(path == fmt.Sprintf("%s/s-%010d", root, number), "%s", path)
	}
}

func ephemeralVanishesOnClose(conn *zk.Conn) {
	other := connect(10 * time.Second)
	_, err := other.Create(root+"/e", nil, zk.FlagEphemeral, open)
	must(err)
	sync(conn)
	_, stat := get(conn, root+"/e")
	check(stat.EphemeralOwner == other.SessionID(), "owner %x", stat.EphemeralOwner)
	other.Close()
	sync(conn)
	check(!exists(conn, root+"/e"), "it is gone")
}

func ephemeralVanishesOnExpiry(conn *zk.Conn) {
	child := exec.Command(os.Args[0], hosts, "hold", root)
	output, err := child.StdoutPipe()
	must(err)
	must(child.Start())
	said := make([]byte, len("held"))
	_, err = output.Read(said)
	must(err)
	check(string(said) == "held", "%s", said)
	sync(conn)
	found, _, gone, err := conn.ExistsW(root + "/e")
	must(err)
	check(found, "it is there")
	must(child.Process.Kill())
	killedAt := time.Now()
	event := nextEvent(gone, "the ephemeral outlived its session")
	check(event.Type == zk.EventNodeDeleted, "%v", event)
	lived := time.Since(killedAt)
	check(lived > shortTimeout/2, "the session ended after %v", lived)
	check(!exists(conn, root+"/e"), "it is gone")
}

func hold(*zk.Conn) {
	_, err := connect(shortTimeout).Create(root+"/e", nil, zk.FlagEphemeral, open)
	must(err)
	fmt.Println("held")
	time.Sleep(time.Minute)
}

func watchFiresOnce(conn *zk.Conn) {
	_, err := conn.Create(root+"/w", []byte("0"), 0, open)
	must(err)
	_, _, events, err := conn.GetW(root + "/w")
	must(err)
	other := connect(10 * time.Second)
	for _, value := range []string{"1", "2"} {
		_, err = other.Set(root+"/w", []byte(value), -1)
		must(err)
	}
	other.Close()
	sync(conn)
	event := nextEvent(events, "the change")
	check(event.Type == zk.EventNodeDataChanged && event.Path == root+"/w", "%v", event)
	data, _ := get(conn, root+"/w")
	check(data == "2", "%s", data)
	_, more := <-events
	check(!more, "one watch, one event")
}

func multiIsAllOrNothing(conn *zk.Conn) {
	_, err := conn.Create(root+"/m", []byte("0"), 0, open)
	must(err)
	child := &zk.CreateRequest{Path: root + "/m/child", Data: []byte("c"), Acl: open}
	results, err := conn.Multi(child, &zk.SetDataRequest{Path: root + "/m", Data: []byte("1"), Version: 5})
	refuses(zk.ErrBadVersion, err)
	check(len(results) == 2 && results[1].Error == zk.ErrBadVersion, "%v", results)
	data, _ := get(conn, root+"/m")
	check(data == "0" && !exists(conn, root+"/m/child"), "nothing changed")
	results, err = conn.Multi(
		&zk.CheckVersionRequest{Path: root + "/m", Version: 0}, child,
		&zk.SetDataRequest{Path: root + "/m", Data: []byte("1"), Version: 0})
	must(err)
	check(results[1].String == root+"/m/child" && results[2].Stat.Version == 1, "%v", results)
	_, stat := get(conn, root+"/m/child")
	_, parent := get(conn, root+"/m")
	check(stat.Czxid == parent.Mzxid, "one transaction, one zxid")
}

func sessionSurvives(conn *zk.Conn) {
	_, err := conn.Create(root+"/e", []byte("mine"), zk.FlagEphemeral, open)
	must(err)
	session, port := conn.SessionID(), portOf(conn)
	ask("kill %s", port)
	must(sure(func() error {
		_, err := conn.Set(root+"/e", []byte("still mine"), -1)
		return err
	}))
	data, stat := get(conn, root+"/e")
	check(conn.SessionID() == session && portOf(conn) != port, "the same session at another node")
	check(data == "still mine" && stat.EphemeralOwner == session, "%s %v", data, stat)
	ask("restart %s", port)
}
