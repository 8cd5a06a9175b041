// Which process is a node, and what the suite wants of its disk at the moment.
#include "shim.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

struct control *control;
char shim_folder[PATH_MAX];

static char data[PATH_MAX];
static size_t data_length;

// The node of an argument ROOT/7/data, as Coord is given, or ROOT/7/zoo.cfg, as ZooKeeper is; 0 for others.
static long node_of(const char *argument, const char *root) {
  size_t length = strlen(root);
  char *rest;
  if (strncmp(argument, root, length) != 0 || argument[length] != '/')
    return 0;
  long node = strtol(argument + length + 1, &rest, 10);
  return node > 0 && (strcmp(rest, "/data") == 0 || strcmp(rest, "/zoo.cfg") == 0) ? node : 0;
}

// Launchers, shells and most of their helpers have no such argument, and are left alone.
static long find_node(const char *root) {
  static char line[16384];
  int file = real_open("/proc/self/cmdline", O_RDONLY | O_CLOEXEC);
  if (file < 0)
    return 0;
  ssize_t length = read(file, line, sizeof line - 1);
  real_close(file);
  long node = 0;
  for (char *at = line; length > 0 && at < line + length && node == 0; at += strlen(at) + 1)
    node = node_of(at, root);
  return node;
}

// The page of node 7 is ROOT/disk/7/control. It stays mapped: by that the suite sees that the node obeys.
void control_attach(void) {
  const char *root = getenv("COORD_DISK_ROOT");
  long node = root && *root ? find_node(root) : 0;
  if (node == 0)
    return;
  snprintf(data, sizeof data, "%s/%ld/data", root, node);
  data_length = strlen(data);
  if (snprintf(shim_folder, sizeof shim_folder, "%s/disk/%ld", root, node) >= PATH_MAX - 64)
    return;

  char path[PATH_MAX];
  snprintf(path, sizeof path, "%.*s/control", PATH_MAX - 16, shim_folder);
  int file = real_open(path, O_RDWR | O_CLOEXEC);
  if (file < 0)
    return;
  void *page = mmap(NULL, sizeof *control, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
  real_close(file);
  if (page == MAP_FAILED)
    return;
  control = page;
  names_load();
}

bool is_below_data(const char *path) {
  return control && strncmp(path, data, data_length) == 0 && (path[data_length] == '/' || path[data_length] == 0);
}

static int refuse(int error) {
  control->refused++;
  return error;
}

int refuse_change(void) { return control->refusal == REFUSES_CHANGES ? refuse(EROFS) : 0; }

// Room is given in blocks: the rest of the last one is there.
static bool is_growth(int descriptor, off_t end) {
  struct stat status;
  return fstat(descriptor, &status) == 0 && end > ((status.st_size + 4095) & ~(off_t)4095);
}

int refuse_write(int descriptor, off_t end) {
  uint64_t refusal = control->refusal;
  if (refusal == REFUSES_NOTHING)
    return 0;
  if (refusal == REFUSES_CHANGES)
    return refuse(EROFS);
  if (is_growth(descriptor, end)) {
    control->refused_growth++;
    return ENOSPC;
  }
  return refusal == REFUSES_WRITES ? refuse(ENOSPC) : 0;
}

static uint64_t mix(uint64_t x) {
  x += 0x9e3779b97f4a7c15u;
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9u;
  x = (x ^ (x >> 27)) * 0x94d049bb133111ebu;
  return x ^ (x >> 31);
}

static bool take_failure(void) {
  uint64_t left = control->failing_flushes;
  while (left > 0) {
    if (atomic_compare_exchange_weak(&control->failing_flushes, &left, left - 1))
      return true;
  }
  return false;
}

int before_flush(bool *is_lie) {
  uint64_t least = control->slow_least_us, most = control->slow_most_us;
  if (most > 0) {
    uint64_t number = control->slowed++;
    uint64_t wait = least + mix(control->slow_seed + number) % (most >= least ? most - least + 1 : 1);
    struct timespec time = {(time_t)(wait / 1000000), (long)(wait % 1000000) * 1000};
    while (nanosleep(&time, &time) != 0 && errno == EINTR) {
    }
  }
  if (take_failure()) {
    control->failed++;
    return EIO;
  }
  *is_lie = control->lie_us > 0;
  return refuse_change();
}
