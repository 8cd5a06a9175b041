/* Scenarios for ZooKeeper's C client: HOSTS SCENARIO ROOT. Prints "ok" at the end; a check that fails ends it
 * otherwise. With THREADED for the multi-threaded library, without for the single-threaded one.
 * "kill PORT" on standard output asks the test to kill the node with that client port, "restart PORT" to start it
 * again; the answer on standard input is one line. */
#include <arpa/inet.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include <zookeeper/zookeeper.h>

#define PATIENCE_S 90 /* for whatever comes from another client or another node */
#define SHORT_MS 4000 /* the shortest session timeout that a server grants by default */
#define CHECK(condition) \
  do { if (!(condition)) { printf("line %d: not true: %s\n", __LINE__, #condition); exit(1); } } while (0)
#define RETURNS(code, call) \
  do { int rc_ = (call); if (rc_ != (code)) { \
    printf("line %d: %s returned %d (%s)\n", __LINE__, #call, rc_, zerror(rc_)); exit(1); } } while (0)

static const char *hosts, *root;
static volatile int events, event_type;
static char path_buffer[8][512];

static const char *below(const char *name) {
  static int next;
  char *path = path_buffer[next++ % 8];
  snprintf(path, sizeof path_buffer[0], "%s/%s", root, name);
  return path;
}

static double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec + t.tv_nsec / 1e9;
}

static void on_session(zhandle_t *zh, int type, int state, const char *path, void *context) {
  (void)zh, (void)type, (void)state, (void)path, (void)context;
}

static void on_event(zhandle_t *zh, int type, int state, const char *path, void *context) {
  (void)zh, (void)state, (void)path, (void)context;
  if (type == ZOO_SESSION_EVENT)
    return;
  event_type = type;
  events++;
}

#ifdef THREADED
static void add_handle(zhandle_t *zh) { (void)zh; }
static int end_handle(zhandle_t *zh) { return zookeeper_close(zh); }
static void turn(int ms) { usleep(ms * 1000u); }
#else
#include "c_client_single.h"
#endif

static zhandle_t *connect_within(int timeout_ms) {
  zoo_set_debug_level(ZOO_LOG_LEVEL_ERROR);
  zhandle_t *zh = zookeeper_init(hosts, on_session, timeout_ms, 0, 0, 0);
  CHECK(zh);
  add_handle(zh);
  for (double end = now() + PATIENCE_S; zoo_state(zh) != ZOO_CONNECTED_STATE; turn(10))
    CHECK(now() < end);
  return zh;
}

static void on_synced(int rc, const char *value, const void *done) {
  (void)value;
  *(volatile int *)done = rc == ZOK ? 1 : -1;
}

static void sync_up(zhandle_t *zh) {
  volatile int done = 0;
  RETURNS(ZOK, zoo_async(zh, root, on_synced, (const void *)&done));
  for (double end = now() + PATIENCE_S; !done; turn(1))
    CHECK(now() < end);
  CHECK(done == 1);
}

static int create(zhandle_t *zh, const char *path, const char *data, int flags, char *made, int size) {
  return zoo_create(zh, path, data, (int)strlen(data), &ZOO_OPEN_ACL_UNSAFE, flags, made, size);
}

static void ask(const char *verb, int port) {
  char line[64];
  printf("%s %d\n", verb, port);
  fflush(stdout);
  CHECK(fgets(line, sizeof line, stdin));
}

static int connected_port(zhandle_t *zh) {
  struct sockaddr_storage address;
  socklen_t size = sizeof address;
  CHECK(zookeeper_get_connected_host(zh, (struct sockaddr *)&address, &size));
  return ntohs(address.ss_family == AF_INET6 ? ((struct sockaddr_in6 *)&address)->sin6_port
                                             : ((struct sockaddr_in *)&address)->sin_port);
}

static void create_get_set_delete(zhandle_t *zh) {
  char data[64], made[512];
  int size = sizeof data;
  struct Stat stat, changed;
  RETURNS(ZOK, create(zh, below("a"), "one", 0, made, sizeof made));
  CHECK(!strcmp(made, below("a")));
  RETURNS(ZNODEEXISTS, create(zh, below("a"), "", 0, made, sizeof made));
  RETURNS(ZOK, zoo_get(zh, below("a"), 0, data, &size, &stat));
  CHECK(size == 3 && !memcmp(data, "one", 3) && stat.version == 0 && stat.dataLength == 3);
  RETURNS(ZOK, zoo_set2(zh, below("a"), "two", 3, 0, &changed));
  CHECK(changed.version == 1 && changed.mzxid > stat.czxid);
  RETURNS(ZBADVERSION, zoo_set(zh, below("a"), "x", 1, 0));
  RETURNS(ZBADVERSION, zoo_delete(zh, below("a"), 7));
  RETURNS(ZOK, zoo_delete(zh, below("a"), 1));
  RETURNS(ZNONODE, zoo_exists(zh, below("a"), 0, &stat));
}

static void children(zhandle_t *zh) {
  char made[512];
  struct String_vector names;
  struct Stat stat;
  RETURNS(ZOK, create(zh, below("b"), "", 0, made, sizeof made));
  RETURNS(ZOK, create(zh, below("a"), "", 0, made, sizeof made));
  RETURNS(ZOK, zoo_get_children2(zh, root, 0, &names, &stat));
  CHECK(names.count == 2 && stat.numChildren == 2 && stat.cversion == 2);
  CHECK((!strcmp(names.data[0], "a")) + (!strcmp(names.data[1], "a")) == 1);
  deallocate_String_vector(&names);
  RETURNS(ZNOTEMPTY, zoo_delete(zh, root, -1));
}

static void sequential(zhandle_t *zh) {
  char made[512];
  RETURNS(ZOK, create(zh, below("s-"), "", ZOO_SEQUENCE, made, sizeof made));
  CHECK(!strcmp(made, below("s-0000000000")));
  RETURNS(ZOK, create(zh, below("s-"), "", ZOO_SEQUENCE, made, sizeof made));
  CHECK(!strcmp(made, below("s-0000000001")));
}

static void ephemeral_vanishes_on_close(zhandle_t *zh) {
  char made[512];
  struct Stat stat;
  zhandle_t *other = connect_within(10000);
  RETURNS(ZOK, create(other, below("e"), "", ZOO_EPHEMERAL, made, sizeof made));
  sync_up(zh);
  RETURNS(ZOK, zoo_exists(zh, below("e"), 0, &stat));
  CHECK(stat.ephemeralOwner == zoo_client_id(other)->client_id);
  RETURNS(ZOK, end_handle(other));
  sync_up(zh);
  RETURNS(ZNONODE, zoo_exists(zh, below("e"), 0, &stat));
}

static void hold(void) {
  char made[512];
  zhandle_t *zh = connect_within(SHORT_MS);
  RETURNS(ZOK, create(zh, below("e"), "", ZOO_EPHEMERAL, made, sizeof made));
  for (double end = now() + 60; now() < end;)
    turn(10);
}

static void ephemeral_vanishes_on_expiry(pid_t holder) {
  struct Stat stat;
  zhandle_t *zh = connect_within(10000);
  for (double end = now() + PATIENCE_S; zoo_wexists(zh, below("e"), on_event, NULL, &stat) != ZOK; turn(20))
    CHECK(now() < end);
  events = 0; /* its creation fired the watch of an earlier look */
  kill(holder, SIGKILL);
  waitpid(holder, NULL, 0);
  double killed = now();
  for (; !events; turn(10))
    CHECK(now() < killed + PATIENCE_S);
  CHECK(event_type == ZOO_DELETED_EVENT);
  CHECK(now() - killed > SHORT_MS / 2000.0);
  RETURNS(ZNONODE, zoo_exists(zh, below("e"), 0, &stat));
  end_handle(zh);
}

static void watch_fires_once(zhandle_t *zh) {
  char made[512], data[8];
  int size = sizeof data;
  RETURNS(ZOK, create(zh, below("w"), "0", 0, made, sizeof made));
  RETURNS(ZOK, zoo_wget(zh, below("w"), on_event, NULL, data, &size, NULL));
  zhandle_t *other = connect_within(10000);
  RETURNS(ZOK, zoo_set(other, below("w"), "1", 1, -1));
  RETURNS(ZOK, zoo_set(other, below("w"), "2", 1, -1));
  end_handle(other);
  sync_up(zh);
  size = sizeof data;
  RETURNS(ZOK, zoo_get(zh, below("w"), 0, data, &size, NULL));
  CHECK(data[0] == '2');
  for (double end = now() + PATIENCE_S; !events; turn(10))
    CHECK(now() < end);
  CHECK(events == 1 && event_type == ZOO_CHANGED_EVENT);
}

static void multi_is_all_or_nothing(zhandle_t *zh) {
  char made[512], child[512];
  struct Stat stat, changed;
  zoo_op_t ops[3];
  zoo_op_result_t results[3];
  RETURNS(ZOK, create(zh, below("m"), "0", 0, made, sizeof made));
  strcpy(child, below("m/child"));
  zoo_create_op_init(&ops[0], child, "", 0, &ZOO_OPEN_ACL_UNSAFE, 0, made, sizeof made);
  zoo_set_op_init(&ops[1], below("m"), "1", 1, 5, NULL);
  RETURNS(ZBADVERSION, zoo_multi(zh, 2, ops, results));
  RETURNS(ZNONODE, zoo_exists(zh, child, 0, &stat));
  zoo_check_op_init(&ops[0], below("m"), 0);
  zoo_create_op_init(&ops[1], child, "", 0, &ZOO_OPEN_ACL_UNSAFE, 0, made, sizeof made);
  zoo_set_op_init(&ops[2], below("m"), "1", 1, 0, &changed);
  RETURNS(ZOK, zoo_multi(zh, 3, ops, results));
  CHECK(!strcmp(made, child) && changed.version == 1);
  RETURNS(ZOK, zoo_exists(zh, child, 0, &stat));
  CHECK(stat.czxid == changed.mzxid);
}

static void session_survives_the_death_of_its_node(zhandle_t *zh) {
  char made[512];
  struct Stat stat;
  RETURNS(ZOK, create(zh, below("e"), "mine", ZOO_EPHEMERAL, made, sizeof made));
  int64_t session = zoo_client_id(zh)->client_id;
  int port = connected_port(zh), rc;
  ask("kill", port);
  double end = now() + PATIENCE_S;
  while ((rc = zoo_set(zh, below("e"), "still mine", 10, -1)) != ZOK && now() < end)
    turn(20);
  RETURNS(ZOK, rc);
  CHECK(zoo_client_id(zh)->client_id == session && connected_port(zh) != port);
  RETURNS(ZOK, zoo_exists(zh, below("e"), 0, &stat));
  CHECK(stat.ephemeralOwner == session);
  ask("restart", port);
}

static const struct { const char *name; void (*run)(zhandle_t *); } scenarios[] = {
  { "create_get_set_delete", create_get_set_delete }, { "children", children }, { "sequential", sequential },
  { "ephemeral_vanishes_on_close", ephemeral_vanishes_on_close }, { "watch_fires_once", watch_fires_once },
  { "multi_is_all_or_nothing", multi_is_all_or_nothing },
  { "session_survives_the_death_of_its_node", session_survives_the_death_of_its_node },
};

int main(int argc, char **argv) {
  char made[512];
  CHECK(argc == 4);
  hosts = argv[1], root = argv[3];
  zhandle_t *zh = connect_within(10000);
  RETURNS(ZOK, create(zh, root, "", 0, made, sizeof made));
  if (!strcmp(argv[2], "ephemeral_vanishes_on_expiry")) {
    end_handle(zh); /* fork before there are threads that a child would miss */
    pid_t holder = fork();
    if (holder == 0)
      hold();
    ephemeral_vanishes_on_expiry(holder);
    puts("ok");
    return 0;
  }

  for (size_t i = 0; i < sizeof scenarios / sizeof scenarios[0]; i++) {
    if (!strcmp(scenarios[i].name, argv[2])) {
      scenarios[i].run(zh);
      end_handle(zh);
      puts("ok");
      return 0;
    }
  }

  printf("no scenario %s\n", argv[2]);
  return 2;
}
