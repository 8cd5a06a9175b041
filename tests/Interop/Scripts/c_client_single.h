/* ZooKeeper's C client without threads: the program turns the wheel. These are the calls that the multi-threaded
 * library has and this one leaves out, each made of its asynchronous one, so that both run the same scenarios. */
#include <poll.h>

#define HANDLES 4

static zhandle_t *handles[HANDLES];

struct outcome {
  int done, rc, size, *read;
  char *text;
  struct Stat *stat;
  struct String_vector *names;
};

static void add_handle(zhandle_t *zh) {
  for (int i = 0; i < HANDLES; i++) {
    if (!handles[i]) {
      handles[i] = zh;
      return;
    }
  }
  CHECK(!"more handles than this program has");
}

static void turn_one(zhandle_t *zh, int ms) {
  int fd = -1, interest = 0, events = 0;
  struct timeval until;
  zookeeper_interest(zh, &fd, &interest, &until);
  if (fd == -1) {
    usleep(1000);
    return;
  }
  int due_ms = (int)(until.tv_sec * 1000 + until.tv_usec / 1000);
  short wanted = (interest & ZOOKEEPER_READ ? POLLIN : 0) | (interest & ZOOKEEPER_WRITE ? POLLOUT : 0);
  struct pollfd ready = { fd, wanted, 0 };
  poll(&ready, 1, due_ms < ms ? due_ms : ms);
  if (ready.revents & (POLLIN | POLLHUP | POLLERR))
    events |= ZOOKEEPER_READ;
  if (ready.revents & POLLOUT)
    events |= ZOOKEEPER_WRITE;
  zookeeper_process(zh, events);
}

/* What the other library's threads do meanwhile. */
static void turn(int ms) {
  for (int i = 0; i < HANDLES; i++) {
    if (handles[i])
      turn_one(handles[i], ms);
  }
}

static int end_handle(zhandle_t *zh) {
  for (int i = 0; i < HANDLES; i++) {
    if (handles[i] == zh)
      handles[i] = NULL;
  }
  return zookeeper_close(zh);
}

static int wait_for(int rc, struct outcome *outcome) {
  for (double end = now() + 30; rc == ZOK && !outcome->done; turn(10))
    CHECK(now() < end);
  return rc == ZOK ? outcome->rc : rc;
}

static void on_void(int rc, const void *context) {
  struct outcome *outcome = (struct outcome *)context;
  outcome->rc = rc, outcome->done = 1;
}

static void on_text(int rc, const char *text, const void *context) {
  struct outcome *outcome = (struct outcome *)context;
  if (rc == ZOK && outcome->text)
    snprintf(outcome->text, (size_t)outcome->size, "%s", text);
  on_void(rc, context);
}

static void on_stat(int rc, const struct Stat *stat, const void *context) {
  struct outcome *outcome = (struct outcome *)context;
  if (rc == ZOK && outcome->stat)
    *outcome->stat = *stat;
  on_void(rc, context);
}

static void on_data(int rc, const char *data, int size, const struct Stat *stat, const void *context) {
  struct outcome *outcome = (struct outcome *)context;
  if (rc == ZOK) {
    *outcome->read = size < *outcome->read ? size : *outcome->read;
    memcpy(outcome->text, data, (size_t)*outcome->read);
  }
  on_stat(rc, stat, context);
}

static void on_names(int rc, const struct String_vector *names, const struct Stat *stat, const void *context) {
  struct outcome *outcome = (struct outcome *)context;
  if (rc == ZOK) {
    allocate_String_vector(outcome->names, names->count);
    for (int i = 0; i < names->count; i++)
      outcome->names->data[i] = strdup(names->data[i]);
  }
  on_stat(rc, stat, context);
}

static int zoo_create(zhandle_t *zh, const char *path, const char *data, int size, const struct ACL_vector *acl,
    int flags, char *made, int made_size) {
  struct outcome outcome = { .text = made, .size = made_size };
  return wait_for(zoo_acreate(zh, path, data, size, acl, flags, on_text, &outcome), &outcome);
}

static int zoo_wget(zhandle_t *zh, const char *path, watcher_fn watcher, void *context, char *data, int *size,
    struct Stat *stat) {
  struct outcome outcome = { .text = data, .read = size, .stat = stat };
  return wait_for(zoo_awget(zh, path, watcher, context, on_data, &outcome), &outcome);
}

static int zoo_get(zhandle_t *zh, const char *path, int watch, char *data, int *size, struct Stat *stat) {
  CHECK(!watch);
  return zoo_wget(zh, path, NULL, NULL, data, size, stat);
}

static int zoo_set2(zhandle_t *zh, const char *path, const char *data, int size, int version, struct Stat *stat) {
  struct outcome outcome = { .stat = stat };
  return wait_for(zoo_aset(zh, path, data, size, version, on_stat, &outcome), &outcome);
}

static int zoo_set(zhandle_t *zh, const char *path, const char *data, int size, int version) {
  return zoo_set2(zh, path, data, size, version, NULL);
}

static int zoo_delete(zhandle_t *zh, const char *path, int version) {
  struct outcome outcome = { 0 };
  return wait_for(zoo_adelete(zh, path, version, on_void, &outcome), &outcome);
}

static int zoo_wexists(zhandle_t *zh, const char *path, watcher_fn watcher, void *context, struct Stat *stat) {
  struct outcome outcome = { .stat = stat };
  return wait_for(zoo_awexists(zh, path, watcher, context, on_stat, &outcome), &outcome);
}

static int zoo_exists(zhandle_t *zh, const char *path, int watch, struct Stat *stat) {
  CHECK(!watch);
  return zoo_wexists(zh, path, NULL, NULL, stat);
}

static int zoo_get_children2(zhandle_t *zh, const char *path, int watch, struct String_vector *names,
    struct Stat *stat) {
  struct outcome outcome = { .stat = stat, .names = names };
  return wait_for(zoo_aget_children2(zh, path, watch, on_names, &outcome), &outcome);
}

static int zoo_multi(zhandle_t *zh, int count, const zoo_op_t *ops, zoo_op_result_t *results) {
  struct outcome outcome = { 0 };
  return wait_for(zoo_amulti(zh, count, ops, results, on_void, &outcome), &outcome);
}
