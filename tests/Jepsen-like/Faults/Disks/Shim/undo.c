// What files were before their last flush. For each there is one beside the cluster, named by its inode, to which
// every write adds what it is about to overwrite; a flush moves the mark up to which nothing is needed any more. The
// notes are written by system calls, so they outlive a killed process as the page cache does.
#include "shim.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

// UndoJournal.cs reads both.
struct head {
  uint64_t magic;
  uint64_t flushed; // notes before this place are of what is durable
};

struct note {
  uint64_t offset;
  uint64_t length;
  uint64_t size;  // of the file before
  uint64_t bytes; // that follow: the file's own from offset on; 0 also when all of them are zero
};

#define MAGIC 0x314f444e554b5344u // "DSKUNDO1"
#define KEPT_BYTES (1 << 20)
#define LATER UINT64_MAX // as an offset: the length is the microsecond from which on what was noted before is durable

static void path_of(char *path, ino_t inode) {
  snprintf(path, PATH_MAX, "%.*s/undo-%llu", PATH_MAX - 64, shim_folder, (unsigned long long)inode);
}

// A process may have been killed in the middle of a note; the write that it was for never began.
static off_t find_end(int undo, uint64_t at) {
  struct stat status;
  struct note note;
  if (fstat(undo, &status) != 0)
    return 0;
  while (pread(undo, &note, sizeof note, (off_t)at) == sizeof note) {
    uint64_t next = at + sizeof note + note.bytes;
    if (next > (uint64_t)status.st_size)
      break;
    at = next;
  }
  return (off_t)at;
}

static bool open_undo(struct file *file) {
  if (file->undo >= 0)
    return true;
  char path[PATH_MAX];
  path_of(path, file->inode);
  int undo = real_open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (undo < 0)
    return false;
  struct head head;
  bool has_head = pread(undo, &head, sizeof head, 0) == sizeof head && head.magic == MAGIC;
  file->undo_end = has_head ? find_end(undo, head.flushed) : 0;
  file->undo = undo;
  return true;
}

static bool write_all(int file, const void *bytes, size_t length, off_t at) {
  while (length > 0) {
    ssize_t written = real_pwrite(file, bytes, length, at);
    if (written <= 0)
      return false;
    bytes = (const char *)bytes + written;
    length -= (size_t)written;
    at += written;
  }
  return true;
}

static bool write_mark(struct file *file, off_t flushed) {
  struct head head = {MAGIC, (uint64_t)flushed};
  return write_all(file->undo, &head, sizeof head, 0);
}

static bool is_zero(const char *bytes, size_t length) {
  return length == 0 || (bytes[0] == 0 && memcmp(bytes, bytes + 1, length - 1) == 0);
}

static bool read_all(int descriptor, char *bytes, size_t length, off_t at) {
  while (length > 0) {
    ssize_t count = pread(descriptor, bytes, length, at);
    if (count <= 0)
      return false;
    bytes += count;
    length -= (size_t)count;
    at += count;
  }
  return true;
}

// Before a change of this range; the caller holds the file's order. An error, or 0.
int undo_note(struct file *file, int descriptor, off_t offset, off_t length) {
  struct stat status;
  if (fstat(descriptor, &status) != 0 || !open_undo(file))
    return errno;
  off_t end = offset + length < status.st_size ? offset + length : status.st_size;
  size_t bytes = end > offset ? (size_t)(end - offset) : 0;

  // A descriptor that only writes cannot be read; the one of the same file by name in /proc can.
  char *note = malloc(sizeof(struct note) + bytes);
  if (!note)
    return ENOMEM;
  char name[64];
  snprintf(name, sizeof name, "/proc/self/fd/%d", descriptor);
  int readable = bytes == 0 ? -1 : (fcntl(descriptor, F_GETFL) & O_ACCMODE) == O_WRONLY
      ? real_open(name, O_RDONLY | O_CLOEXEC) : descriptor;
  bool is_read = bytes == 0 || read_all(readable, note + sizeof(struct note), bytes, offset);
  if (readable >= 0 && readable != descriptor)
    real_close(readable);
  size_t kept = is_zero(note + sizeof(struct note), bytes) ? 0 : bytes;
  struct note head = {(uint64_t)offset, (uint64_t)length, (uint64_t)status.st_size, kept};
  memcpy(note, &head, sizeof head);

  if (is_read && file->undo_end == 0) {
    is_read = write_mark(file, sizeof(struct head));
    file->undo_end = sizeof(struct head);
  }
  bool is_noted = is_read && write_all(file->undo, note, sizeof head + kept, file->undo_end);
  free(note);
  if (!is_noted)
    return EIO;
  file->undo_end += (off_t)(sizeof head + kept);
  return 0;
}

struct place undo_place(struct file *file) {
  pthread_mutex_lock(&file->order);
  struct place place = {open_undo(file) ? file->undo_end : 0, file->beginnings};
  pthread_mutex_unlock(&file->order);
  return place;
}

// A flush that began at this place of the notes has succeeded. Of two flushes at once the other may have begun the
// notes anew: then all that this one covers is forgotten already.
void undo_flushed(struct file *file, struct place place) {
  pthread_mutex_lock(&file->order);
  if (place.end > 0 && place.beginnings == file->beginnings) {
    if (place.end == file->undo_end && place.end > KEPT_BYTES) {
      real_ftruncate(file->undo, 0);
      file->undo_end = 0;
      file->beginnings++;
    } else {
      write_mark(file, place.end);
    }
  }
  pthread_mutex_unlock(&file->order);
}

// A flush that returns before it is one: says from when on everything noted before is durable. The time is asked of
// the system itself, since libraries that give a process another clock stand in for libc's call.
void undo_lied(struct file *file) {
  struct timespec now;
  syscall(SYS_clock_gettime, CLOCK_MONOTONIC, &now);
  uint64_t when = (uint64_t)now.tv_sec * 1000000 + (uint64_t)now.tv_nsec / 1000 + control->lie_us;
  struct note note = {LATER, when, 0, 0};
  pthread_mutex_lock(&file->order);
  if (open_undo(file) && file->undo_end > 0 && write_all(file->undo, &note, sizeof note, file->undo_end))
    file->undo_end += (off_t)sizeof note;
  pthread_mutex_unlock(&file->order);
}

// The inode is a new file's now.
void undo_forget(ino_t inode) {
  char path[PATH_MAX];
  path_of(path, inode);
  real_unlink(path);
}
