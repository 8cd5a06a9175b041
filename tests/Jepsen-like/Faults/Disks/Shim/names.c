// What names were before the last flush of their directory: creations, renames and removals, as lines of one file
// beside the cluster, written anew at every change. A file that a rename replaces or a removal takes away keeps a
// second name there until then. Directories themselves count as durable at once.
#include "shim.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct change {
  char kind; // C created, R renamed, D removed
  uint64_t number;
  char *from, *to; // only a rename has two names
  bool has_saved;  // saved-NUMBER is the file that the change took away
};

static pthread_mutex_t order = PTHREAD_MUTEX_INITIALIZER;
static struct change *changes;
static size_t count, room;
static uint64_t last_number;

static void path_in(char *path, const char *name, uint64_t number) {
  snprintf(path, PATH_MAX, "%.*s/%s%llu", PATH_MAX - 64, shim_folder, name, (unsigned long long)number);
}

// One line each: kind, number, whether a file was saved, from, to. NameJournal.cs reads it.
static bool store(void) {
  char path[PATH_MAX], temporary[PATH_MAX], line[2 * PATH_MAX + 64];
  snprintf(path, sizeof path, "%.*s/names", PATH_MAX - 64, shim_folder);
  snprintf(temporary, sizeof temporary, "%.*s/names.new", PATH_MAX - 64, shim_folder);
  int file = real_open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  if (file < 0)
    return false;
  off_t at = 0;
  bool is_whole = true;
  for (size_t i = 0; i < count && is_whole; i++) {
    const struct change *change = &changes[i];
    int length = snprintf(line, sizeof line, "%c\t%llu\t%d\t%s\t%s\n", change->kind,
        (unsigned long long)change->number, change->has_saved, change->from, change->to);
    is_whole = real_pwrite(file, line, (size_t)length, at) == length;
    at += length;
  }
  real_close(file);
  return is_whole && real_rename(temporary, path) == 0;
}

static struct change *add(char kind, uint64_t number, bool has_saved, const char *from, const char *to) {
  if (count == room) {
    size_t wanted = room ? 2 * room : 64;
    struct change *larger = realloc(changes, wanted * sizeof *larger);
    if (!larger)
      return NULL;
    changes = larger;
    room = wanted;
  }
  changes[count] = (struct change){kind, number, strdup(from), strdup(to), has_saved};
  return &changes[count++];
}

static void drop(size_t at) {
  free(changes[at].from);
  free(changes[at].to);
  memmove(&changes[at], &changes[at + 1], (count - at - 1) * sizeof *changes);
  count--;
}

// What an earlier process of this node has left.
void names_load(void) {
  char path[PATH_MAX], from[PATH_MAX], to[PATH_MAX], line[2 * PATH_MAX + 64];
  snprintf(path, sizeof path, "%.*s/names", PATH_MAX - 64, shim_folder);
  FILE *file = fopen(path, "r");
  while (file && fgets(line, sizeof line, file)) {
    char kind;
    unsigned long long number;
    int has_saved;
    int fields = sscanf(line, "%c\t%llu\t%d\t%4095[^\t\n]\t%4095[^\n]", &kind, &number, &has_saved, from, to);
    if (fields < 4)
      continue;
    add(kind, number, has_saved, from, fields == 5 ? to : "");
    last_number = number > last_number ? number : last_number;
  }
  if (file)
    fclose(file);
}

// Notes a change that is about to be made, with a second name for the file that it takes away, if there is one.
static bool begin(char kind, const char *from, const char *to, const char *taken) {
  char saved[PATH_MAX];
  uint64_t number = ++last_number;
  path_in(saved, "saved-", number);
  bool has_saved = taken && real_link(taken, saved) == 0;
  if (add(kind, number, has_saved, from, to) && store())
    return true;
  errno = EIO;
  return false;
}

// The change is made; one that failed leaves no note. Returns the result that it was given.
static int end(int result) {
  int error = errno;
  if (result < 0) {
    char saved[PATH_MAX];
    path_in(saved, "saved-", changes[count - 1].number);
    if (changes[count - 1].has_saved)
      real_unlink(saved);
    drop(count - 1);
    store();
  }
  pthread_mutex_unlock(&order);
  errno = error;
  return result;
}

static int give_up(int error) {
  pthread_mutex_unlock(&order);
  errno = error;
  return -1;
}

// Opens a file that O_CREAT may make.
int names_open(const char *path, int flags, mode_t mode, bool *is_new) {
  pthread_mutex_lock(&order);
  struct stat status;
  *is_new = stat(path, &status) != 0 && errno == ENOENT;
  if (!*is_new) {
    int file = real_open(path, flags, mode), error = errno;
    pthread_mutex_unlock(&order);
    errno = error;
    return file;
  }
  int error = refuse_change();
  if (error != 0 || !begin('C', path, "", NULL))
    return give_up(error ? error : errno);
  control->creations++;
  return end(real_open(path, flags, mode));
}

int names_rename(const char *from, const char *to) {
  pthread_mutex_lock(&order);
  if (!begin('R', from, to, to))
    return give_up(errno);
  control->renames++;
  return end(real_rename(from, to));
}

int names_unlink(const char *path) {
  pthread_mutex_lock(&order);
  if (!begin('D', path, "", path))
    return give_up(errno);
  control->removals++;
  return end(real_unlink(path));
}

uint64_t names_last(void) {
  pthread_mutex_lock(&order);
  uint64_t last = last_number;
  pthread_mutex_unlock(&order);
  return last;
}

static bool is_in(const char *path, const char *directory) {
  size_t length = strlen(directory);
  while (length > 1 && directory[length - 1] == '/')
    length--;
  return strncmp(path, directory, length) == 0 && path[length] == '/' && !strchr(path + length + 1, '/');
}

// The directory was flushed: what was changed in it up to this number is durable.
void names_flushed(const char *directory, uint64_t last) {
  pthread_mutex_lock(&order);
  size_t before = count;
  for (size_t i = 0; i < count;) {
    struct change *done = &changes[i];
    if (done->number > last || !is_in(done->kind == 'R' ? done->to : done->from, directory)) {
      i++;
      continue;
    }
    if (done->has_saved) {
      char saved[PATH_MAX];
      struct stat status;
      path_in(saved, "saved-", done->number);
      if (stat(saved, &status) == 0 && status.st_nlink == 1)
        undo_forget(status.st_ino);
      real_unlink(saved);
    }
    drop(i);
  }
  if (count != before)
    store();
  pthread_mutex_unlock(&order);
}
