// diskprobe: changes files in the order of its arguments, and ends as if killed. For tests of what a disk keeps.
//
//   cc -O2 -o diskprobe diskprobe.c
//   ./diskprobe --data DIR [write NAME OFFSET TEXT | flush NAME | truncate NAME LENGTH | rename OLD NEW | remove NAME
//               | flushdir | wait MILLISECONDS]...
//
// Names are relative to DIR. write makes a file that is missing. Each step prints its error number, 0 when it was done.
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static const char *folder;
static char **next;

static const char *argument(void) {
  if (!*next) {
    fprintf(stderr, "diskprobe: an argument is missing\n");
    exit(2);
  }
  return *next++;
}

static const char *path(void) {
  static char paths[2][4096];
  static int turn;
  turn = !turn;
  snprintf(paths[turn], sizeof paths[turn], "%s/%s", folder, argument());
  return paths[turn];
}

static int with_file(const char *name, int flags, int (*call)(int)) {
  int file = open(name, flags, 0600);
  int result = file < 0 ? -1 : call(file), error = errno;
  if (file >= 0)
    close(file);
  errno = error;
  return result;
}

static const char *text;
static long number;

static int write_text(int file) {
  return pwrite(file, text, strlen(text), number) == (ssize_t)strlen(text) ? 0 : -1;
}

static int truncate_file(int file) { return ftruncate(file, number); }

static int rename_file(void) {
  const char *from = path();
  return rename(from, path());
}

static int wait_for(long milliseconds) {
  struct timespec time = {milliseconds / 1000, milliseconds % 1000 * 1000000};
  return nanosleep(&time, NULL);
}

static int step(const char *name) {
  if (strcmp(name, "write") == 0) {
    const char *file = path();
    number = atol(argument());
    text = argument();
    return with_file(file, O_WRONLY | O_CREAT, write_text);
  }
  if (strcmp(name, "flush") == 0)
    return with_file(path(), O_WRONLY, fdatasync);
  if (strcmp(name, "truncate") == 0) {
    const char *file = path();
    number = atol(argument());
    return with_file(file, O_WRONLY, truncate_file);
  }
  if (strcmp(name, "rename") == 0)
    return rename_file();
  if (strcmp(name, "remove") == 0)
    return unlink(path());
  if (strcmp(name, "flushdir") == 0)
    return with_file(folder, O_RDONLY, fsync);
  if (strcmp(name, "wait") == 0)
    return wait_for(atol(argument()));
  fprintf(stderr, "diskprobe: no step is called %s\n", name);
  exit(2);
}

int main(int count, char **arguments) {
  if (count < 3 || strcmp(arguments[1], "--data") != 0)
    return 2;
  folder = arguments[2];
  next = arguments + 3;
  while (*next)
    printf("%d\n", step(argument()) == 0 ? 0 : errno);
  fflush(stdout);
  raise(SIGKILL);
}
