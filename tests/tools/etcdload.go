// etcdload: a load generator for etcd 3.4, with the figures of zkload.c. It needs Debian's packages golang-go and
// golang-etcd-server-dev:
//
//	GO111MODULE=off GOPATH=/usr/share/gocode go build -o etcdload etcdload.go
//	./etcdload -hosts 127.0.0.1:2379 -op put -clients 16 -workers 512 -secs 10 -pids P,P
//
// -op: put, create (a new key each), get (linearizable), serializable-get, mixed (-reads percent serializable gets), or
// fill (puts -keys keys and ends). watch: -clients connections watch one key, and are told of one put after the other.
// failover: one client puts one key after the other, at the next host when a put fails or takes a second; prints the
// longest gap between two acknowledged puts, and how many acknowledged ones are missing at the end.
// The last line is one line of key=value figures. Exit status: 0 done, 1 a request failed.
package main

import (
	"context"
	"flag"
	"fmt"
	"math/rand"
	"os"
	"sort"
	"strconv"
	"strings"
	"sync"
	"time"

	"go.etcd.io/etcd/clientv3"
)

var (
	hosts   = flag.String("hosts", "127.0.0.1:2379", "client addresses, joined by commas")
	op      = flag.String("op", "put", "put, create, get, serializable-get, mixed, fill, watch or failover")
	clients = flag.Int("clients", 16, "connections, spread over the hosts")
	workers = flag.Int("workers", 512, "requests in flight")
	size    = flag.Int("size", 100, "bytes of a value")
	keys    = flag.Int("keys", 1000, "keys that requests choose from")
	prefix  = flag.String("prefix", "", "what keys begin with")
	reads   = flag.Int("reads", 90, "percent of gets in mixed")
	warm    = flag.Int("warm", 2, "seconds before measuring")
	secs    = flag.Int("secs", 10, "seconds measured")
	pids    = flag.String("pids", "", "server processes: prints their CPU and memory")
)

type worker struct {
	client *clientv3.Client
	number int
	random *rand.Rand
	value  string
	made   int
	took   []time.Duration
	failed int
}

func main() {
	flag.Parse()
	if *op == "failover" {
		failover()
		return
	}
	all := makeWorkers()
	if *op == "watch" {
		watch(all)
		return
	}
	if *op == "fill" {
		began := time.Now()
		run(all, (*worker).fill)
		elapsed := time.Since(began).Seconds()
		fmt.Printf("op=fill keys=%d secs=%.1f errors=%d\n", *keys, elapsed, errors(all))
		exit(all)
	}
	if *op != "create" {
		run(all, (*worker).fill)
	}
	start := time.Now().Add(time.Duration(*warm) * time.Second)
	end := start.Add(time.Duration(*secs) * time.Second)
	var before, after, rss float64
	measured := make(chan bool)
	go func() {
		time.Sleep(time.Until(start))
		before, _ = cost()
		time.Sleep(time.Until(end))
		after, rss = cost()
		measured <- true
	}()
	run(all, func(w *worker) { w.load(start, end) })
	<-measured
	report(all, after-before, rss)
	exit(all)
}

func makeWorkers() []*worker {
	var dialed []*clientv3.Client
	addresses := strings.Split(*hosts, ",")
	for i := 0; i < *clients; i++ {
		dialed = append(dialed, dial(addresses[i%len(addresses)]))
	}
	var all []*worker
	for i := 0; i < *workers; i++ {
		all = append(all, &worker{client: dialed[i%len(dialed)], number: i,
			random: rand.New(rand.NewSource(int64(i) + time.Now().UnixNano())), value: strings.Repeat("a", *size)})
	}
	return all
}

func dial(address string) *clientv3.Client {
	c, err := clientv3.New(clientv3.Config{Endpoints: []string{address}, DialTimeout: 5 * time.Second})
	if err != nil {
		fail(err)
	}
	return c
}

func fail(err error) {
	fmt.Fprintln(os.Stderr, "etcdload:", err)
	os.Exit(1)
}

func run(all []*worker, do func(*worker)) {
	var group sync.WaitGroup
	for _, w := range all {
		group.Add(1)
		go func(w *worker) {
			defer group.Done()
			do(w)
		}(w)
	}
	group.Wait()
}

func (w *worker) fill() {
	for i := w.number; i < *keys; i += *workers {
		if _, err := w.client.Put(context.Background(), fmt.Sprintf("%s/k%d", *prefix, i), w.value); err != nil {
			w.failed++
		}
	}
}

func (w *worker) load(start, end time.Time) {
	for time.Now().Before(end) {
		began := time.Now()
		if err := w.one(); err != nil {
			w.failed++
		} else if began.After(start) {
			w.took = append(w.took, time.Since(began))
		}
	}
}

func (w *worker) one() error {
	key, kind := fmt.Sprintf("%s/k%d", *prefix, w.random.Intn(*keys)), *op
	if kind == "mixed" {
		kind = "put"
		if w.random.Intn(100) < *reads {
			kind = "serializable-get"
		}
	}
	var err error
	switch kind {
	case "create":
		w.made++
		key = fmt.Sprintf("%s/%d-%d/n%d", *prefix, os.Getpid(), w.number, w.made)
		_, err = w.client.Put(context.Background(), key, w.value)
	case "put":
		_, err = w.client.Put(context.Background(), key, w.value)
	case "get":
		_, err = w.client.Get(context.Background(), key)
	default:
		_, err = w.client.Get(context.Background(), key, clientv3.WithSerializable())
	}
	return err
}

// watch has one worker for each client.
func watch(all []*worker) {
	key := *prefix + "/watched"
	ready, told := make(chan bool, len(all)), make(chan bool, len(all))
	for _, w := range all {
		go func(changes clientv3.WatchChan) {
			for change := range changes {
				if change.Created {
					ready <- true
				}
				for range change.Events {
					told <- true
				}
			}
		}(w.client.Watch(context.Background(), key, clientv3.WithCreatedNotify()))
	}
	for range all {
		<-ready
	}
	before, _ := cost()
	first, began := all[0], time.Now()
	for time.Since(began) < time.Duration(*secs)*time.Second {
		put := time.Now()
		if _, err := first.client.Put(context.Background(), key, first.value); err != nil {
			fail(err)
		}
		for range all {
			<-told
		}
		first.took = append(first.took, time.Since(put))
	}
	elapsed, events := time.Since(began).Seconds(), float64(len(first.took)*len(all))
	after, rss := cost()
	at := quantiles(first.took)
	fmt.Printf("op=watch watchers=%d rounds=%d events_per_s=%.0f all_told_p50_ms=%.3f all_told_p99_ms=%.3f "+
		"server_cpu_us_per_event=%.2f server_rss_mb=%.0f\n",
		len(all), len(first.took), events/elapsed, at(.5), at(.99), (after-before)*1e6/events, rss)
}

func failover() {
	addresses := strings.Split(*hosts, ",")
	at, unknown, gap, value := 0, 0, time.Duration(0), strings.Repeat("a", *size)
	c, acknowledged := dial(addresses[0]), []string{}
	next := func() {
		c.Close()
		at++
		c = dial(addresses[at%len(addresses)])
	}
	within := func(do func(context.Context) error) error {
		second, cancel := context.WithTimeout(context.Background(), time.Second)
		defer cancel()
		return do(second)
	}
	began, last := time.Now(), time.Now()
	for i := 0; time.Since(began) < time.Duration(*secs)*time.Second; i++ {
		key := fmt.Sprintf("%s/f%d-%d", *prefix, began.UnixNano(), i)
		if within(func(c1 context.Context) error { _, err := c.Put(c1, key, value); return err }) != nil {
			unknown++
			next()
			continue
		}
		acknowledged = append(acknowledged, key)
		if since := time.Since(last); since > gap {
			gap = since
		}
		last = time.Now()
	}
	lost := 0
	for _, key := range acknowledged {
		var found *clientv3.GetResponse
		for within(func(c1 context.Context) (err error) { found, err = c.Get(c1, key); return }) != nil {
			next()
		}
		if found.Count == 0 {
			lost++
		}
	}
	fmt.Printf("op=failover acked=%d unknown=%d lost_acked=%d longest_gap_ms=%.1f sessions_expired=0\n",
		len(acknowledged), unknown, lost, float64(gap.Microseconds())/1000)
	if lost > 0 {
		os.Exit(1)
	}
}

func report(all []*worker, cpu, rss float64) {
	var took []time.Duration
	for _, w := range all {
		took = append(took, w.took...)
	}
	at := quantiles(took)
	fmt.Printf("op=%s clients=%d workers=%d size=%d ops_per_s=%.0f p50_ms=%.3f p90_ms=%.3f p99_ms=%.3f "+
		"p999_ms=%.3f max_ms=%.1f errors=%d server_cpu_us_per_op=%.2f server_rss_mb=%.0f\n",
		*op, *clients, *workers, *size, float64(len(took))/float64(*secs), at(.5), at(.9), at(.99),
		at(.999), at(1), errors(all), cpu*1e6/float64(len(took)), rss)
}

// quantiles gives milliseconds.
func quantiles(took []time.Duration) func(part float64) float64 {
	if len(took) == 0 {
		fail(fmt.Errorf("nothing was answered"))
	}
	sort.Slice(took, func(i, j int) bool { return took[i] < took[j] })
	return func(part float64) float64 {
		return float64(took[int(float64(len(took)-1)*part)].Microseconds()) / 1000
	}
}

func errors(all []*worker) (count int) {
	for _, w := range all {
		count += w.failed
	}
	return
}

func exit(all []*worker) {
	if errors(all) > 0 {
		os.Exit(1)
	}
	os.Exit(0)
}

// cost is what the servers have used so far: seconds of processor time, and MiB of memory now.
func cost() (cpu, rss float64) {
	for _, pid := range strings.Split(*pids, ",") {
		stat, err := os.ReadFile("/proc/" + pid + "/stat")
		if err != nil {
			continue
		}
		fields := strings.Fields(string(stat[strings.LastIndexByte(string(stat), ')')+2:]))
		user, _ := strconv.ParseFloat(fields[11], 64)
		system, _ := strconv.ParseFloat(fields[12], 64)
		pages, _ := strconv.ParseFloat(fields[21], 64)
		cpu += (user + system) / 100
		rss += pages * 4096 / 1048576
	}
	return
}
