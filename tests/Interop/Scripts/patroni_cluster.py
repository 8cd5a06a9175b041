"""Patroni with two PostgreSQL servers, on the cluster as its ZooKeeper: HOSTS NAME FOLDER. Prints "ok" at the end.

"kill PORT" on standard output asks the test to kill the node with that client port, "restart PORT" to start it again;
the answer on standard input is one line. PostgreSQL runs for nobody who may do everything: as root this runs it as the
user of Debian's package. Everything is in FOLDER.
"""
import contextlib
import glob
import os
import pwd
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request

HOSTS, NAME, FOLDER = sys.argv[1:4]
BINARIES = "/usr/lib/postgresql/15/bin"
PATIENCE = 150.0
TTL = 10  # Seconds until a dead primary loses its lock: its session's timeout. A slow machine is no death.
CONFIG = """
scope: pair
namespace: /{name}/
name: {member}
restapi: {{listen: "127.0.0.1:{rest}", connect_address: "127.0.0.1:{rest}"}}
zookeeper: {{hosts: [{hosts}]}}
bootstrap:
  dcs:
    ttl: {ttl}
    loop_wait: 1
    retry_timeout: 2
    postgresql: {{parameters: {{fsync: "off", shared_buffers: 16MB, max_connections: 20, max_wal_senders: 4}}}}
  initdb: [{{encoding: UTF8}}, no-sync]
postgresql:
  listen: 127.0.0.1:{port}
  connect_address: 127.0.0.1:{port}
  data_dir: {folder}/{member}
  bin_dir: {binaries}
  pgpass: {folder}/{member}.pgpass
  remove_data_directory_on_diverged_timelines: true
  pg_hba: ["host all all 127.0.0.1/32 trust", "host replication all 127.0.0.1/32 trust"]
  authentication: {{superuser: {{username: admin}}, replication: {{username: replicator}}}}
  parameters: {{unix_socket_directories: "{folder}"}}
"""


class Member:
    def __init__(self, name):
        self.name, self.port, self.rest = name, free_port(), free_port()
        self.config = os.path.join(FOLDER, name + ".yml")
        with open(self.config, "w") as file:
            file.write(CONFIG.format(
                name=NAME, member=name, rest=self.rest, port=self.port, folder=FOLDER, binaries=BINARIES, ttl=TTL,
                hosts=", ".join('"%s"' % host for host in HOSTS.split(","))))

    def start(self):
        with open(os.path.join(FOLDER, self.name + ".log"), "a") as log:
            self.process = subprocess.Popen(
                unprivileged() + ["/usr/bin/patroni", self.config], stdout=log, stderr=log, cwd=FOLDER)

    def is_a(self, role):
        try:
            return urllib.request.urlopen("http://127.0.0.1:%d/%s" % (self.rest, role), timeout=5).status == 200
        except (urllib.error.URLError, OSError):
            return False

    def sql(self, text):
        words = [BINARIES + "/psql", "-h", "127.0.0.1", "-p", str(self.port), "-U", "admin", "-d", "postgres", "-qAtc"]
        return subprocess.run(words + [text], check=True, capture_output=True, text=True).stdout.strip()

    def kill(self):
        """The machine is gone: Patroni and PostgreSQL at once."""
        with open(os.path.join(FOLDER, self.name, "postmaster.pid")) as file:
            server = int(file.readline())
        os.kill(self.process.pid, signal.SIGKILL)
        os.kill(server, signal.SIGKILL)
        self.process.wait()

    def coordination_port(self):
        """The node that its session is at, from the kernel's tables; None while it has no connection."""
        mine = set()
        for fd in glob.glob("/proc/%d/fd/*" % self.process.pid):
            with contextlib.suppress(FileNotFoundError):  # Closed since it was listed.
                mine.add(os.readlink(fd))
        ports = {int(host.split(":")[1]) for host in HOSTS.split(",")}
        with open("/proc/%d/net/tcp" % self.process.pid) as table:
            rows = [line.split() for line in table.readlines()[1:]]
        connected = [int(row[2].split(":")[1], 16) for row in rows if row[3] == "01" and "socket:[%s]" % row[9] in mine]
        return next((port for port in connected if port in ports), None)


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def unprivileged():
    if os.geteuid() != 0:
        return []
    return ["/usr/bin/setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups", "--"]


def ask(line):
    print(line, flush=True)
    return sys.stdin.readline().strip()


def until(condition, what):
    end = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < end, "not within %s s: %s" % (PATIENCE, what)
        time.sleep(0.1)


def play(one, two):
    one.start()
    until(lambda: one.is_a("primary"), "the first member bootstraps")
    two.start()
    until(lambda: two.is_a("replica"), "the second follows it")
    one.sql("create table kept (number int)")
    one.sql("insert into kept values (1)")

    until(one.coordination_port, "the primary has a session")
    port = one.coordination_port()
    timeline = one.sql("select timeline_id from pg_control_checkpoint()")
    ask("kill %d" % port)
    until(lambda: one.coordination_port() not in (port, None), "the primary's session goes on at another node")
    time.sleep(TTL + 1)
    assert one.is_a("primary") and two.is_a("replica"), "the death of a node deposed the primary"
    assert one.sql("select timeline_id from pg_control_checkpoint()") == timeline
    ask("restart %d" % port)

    one.sql("insert into kept values (2)")
    until(lambda: two.sql("select count(*) from kept") == "2", "the second has it all")
    one.kill()
    killed = time.monotonic()
    until(lambda: two.is_a("primary"), "the second takes over")
    print("took over after %.1f s" % (time.monotonic() - killed), flush=True)
    until(lambda: two.sql("select pg_is_in_recovery()") == "f", "and takes writes")
    two.sql("insert into kept values (3)")
    assert two.sql("select sum(number) from kept") == "6"
    one.start()
    until(lambda: one.is_a("replica"), "the first comes back as a follower")
    until(lambda: one.sql("select sum(number) from kept") == "6", "with all rows")


def main():
    if os.geteuid() == 0:
        user = pwd.getpwnam("postgres")
        os.chown(FOLDER, user.pw_uid, user.pw_gid)
    members = [Member("one"), Member("two")]
    try:
        play(*members)
        print("ok", flush=True)
    except BaseException:
        for log in glob.glob(os.path.join(FOLDER, "*.log")):
            with open(log) as file:
                print(log, "".join(file.readlines()[-20:]), sep="\n", flush=True)
        raise
    finally:
        for member in members:
            if getattr(member, "process", None):
                member.process.terminate()  # Patroni stops its PostgreSQL.
        for member in members:
            if getattr(member, "process", None):
                member.process.wait()


main()
