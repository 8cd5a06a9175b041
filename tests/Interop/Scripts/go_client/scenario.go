// Scenarios for the Go client: HOSTS SCENARIO ROOT [killed]. Prints "ok" at the end; a check that fails ends it
// otherwise. "kill PORT" on standard output asks the test to kill the node with that client port, "restart PORT" to
// start it again; the answer on standard input is one line.
package main

import (
	"bufio"
	"fmt"
	"os"
	"strings"
	"time"

	"github.com/samuel/go-zookeeper/zk"
)

const (
	shortTimeout = 4 * time.Second // The shortest that a server grants by default.
	patience     = 90 * time.Second
)

var (
	hosts, root string
	killed      bool
	answers     = bufio.NewReader(os.Stdin)
	open        = zk.WorldACL(zk.PermAll)
)

var scenarios = map[string]func(*zk.Conn){
	"create_get_set_delete":                  createGetSetDelete,
	"children":                               children,
	"sequential":                             sequential,
	"ephemeral_vanishes_on_close":            ephemeralVanishesOnClose,
	"ephemeral_vanishes_on_expiry":           ephemeralVanishesOnExpiry,
	"hold":                                   hold,
	"watch_fires_once":                       watchFiresOnce,
	"multi_is_all_or_nothing":                multiIsAllOrNothing,
	"session_survives_the_death_of_its_node": sessionSurvives,
	"lock":                                   lock,
	"watches":                                watches,
	"auth":                                   auth,
}

type silence struct{}

func (silence) Printf(string, ...interface{}) {}

func connect(timeout time.Duration) *zk.Conn {
	conn, events, err := zk.Connect(strings.Split(hosts, ","), timeout, zk.WithLogger(silence{}))
	must(err)
	deadline := time.After(20 * time.Second)
	for conn.State() != zk.StateHasSession {
		select {
		case <-events:
		case <-deadline:
			fail("no session")
		}
	}
	return conn
}

func fail(format string, arguments ...interface{}) {
	panic(fmt.Sprintf(format, arguments...))
}

func must(err error) {
	if err != nil {
		panic(err)
	}
}

func check(holds bool, what string, arguments ...interface{}) {
	if !holds {
		fail("not true: "+what, arguments...)
	}
}

func refuses(expected, err error) {
	check(err == expected, "%v, but %v", expected, err)
}

func ask(format string, arguments ...interface{}) {
	fmt.Printf(format+"\n", arguments...)
	_, err := answers.ReadString('\n')
	must(err)
}

func portOf(conn *zk.Conn) string {
	server := conn.Server()
	return server[strings.LastIndex(server, ":")+1:]
}

// Kills the node that a client talks to, where the scenario is played for that.
func disturb(conn *zk.Conn) {
	if killed {
		ask("kill %s", portOf(conn))
	}
}

// Whether nobody knows if a request was applied, because its connection went or there was none.
func isLost(err error) bool {
	return err == zk.ErrConnectionClosed || err == zk.ErrNoServer
}

// Repeats what is safe to repeat until there is a connection. What else it returns is the outcome.
func sure(call func() error) error {
	for end := time.Now().Add(patience); ; time.Sleep(20 * time.Millisecond) {
		err := call()
		if !isLost(err) {
			return err
		}
		check(time.Now().Before(end), "a connection again")
	}
}

func get(conn *zk.Conn, path string) (data string, stat *zk.Stat) {
	must(sure(func() error {
		bytes, found, err := conn.Get(path)
		data, stat = string(bytes), found
		return err
	}))
	return data, stat
}

func exists(conn *zk.Conn, path string) (found bool) {
	must(sure(func() (err error) {
		found, _, err = conn.Exists(path)
		return err
	}))
	return found
}

func sync(conn *zk.Conn) {
	must(sure(func() error {
		_, err := conn.Sync(root)
		return err
	}))
}

func nextEvent(events <-chan zk.Event, what string) zk.Event {
	select {
	case event := <-events:
		return event
	case <-time.After(patience):
		fail("no event: %s", what)
		return zk.Event{}
	}
}

func main() {
	hosts, root = os.Args[1], os.Args[3]
	killed = len(os.Args) > 4 && os.Args[4] == "killed"
	conn := connect(10 * time.Second)
	if _, err := conn.Create(root, nil, 0, open); err != zk.ErrNodeExists {
		must(err)
	}
	scenarios[os.Args[2]](conn)
	conn.Close()
	fmt.Println("ok")
}
