// A disk that fails to order, for one node: loaded before libc, it stands in for the calls by which a program writes
// files, and looks at those below the node's data directory only. What such a file or name was before its last flush
// is kept beside the cluster, so that the suite can take back what a loss of power would have taken.
#ifndef SHIM_H
#define SHIM_H

#define _GNU_SOURCE
#include <limits.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <sys/uio.h>

#define EXPORT __attribute__((visibility("default")))

// The page that the suite and a node share. The suite writes the first half, the node the second; DiskControl.cs has
// the same order.
struct control {
  _Atomic uint64_t refusal;         // enum refusal
  _Atomic uint64_t failing_flushes; // so many fail with EIO
  _Atomic uint64_t slow_least_us;   // a flush takes so much longer
  _Atomic uint64_t slow_most_us;
  _Atomic uint64_t slow_seed;
  _Atomic uint64_t lie_us; // a flush returns at once, and is one so much later
  uint64_t unused[10];
  _Atomic uint64_t writes, bytes, flushes, directory_flushes, creations, renames, removals, truncations;
  _Atomic uint64_t refused, failed, slowed, lied, refused_growth;
};

enum refusal {
  REFUSES_NOTHING,
  REFUSES_GROWTH,  // a full disk: what has its room already can be written again
  REFUSES_WRITES,  // a full disk that needs new room for every write
  REFUSES_CHANGES, // mounted read-only
};

// A file of the node that is open at least once. Two descriptors of one file share it.
struct file {
  struct file *next;
  ino_t inode;
  int users;
  bool is_directory;
  pthread_mutex_t order; // of writes and what is noted of them
  int undo;              // descriptor of what is noted; -1 until something is
  off_t undo_end;
  unsigned beginnings; // how often the notes were begun anew
  char path[]; // of a directory; files are renamed
};

// How far a file's notes had come.
struct place {
  off_t end;
  unsigned beginnings;
};

extern struct control *control; // null in a process that is no node: then every call goes straight to libc
extern char shim_folder[PATH_MAX];

void control_attach(void);
bool is_below_data(const char *path);
int refuse_change(void);                              // an error, or 0
int refuse_write(int descriptor, off_t end);          // an error, or 0
int before_flush(bool *is_lie);                       // waits; an error, or 0

struct file *file_of(int descriptor);
void file_opened(int descriptor, const char *path, bool is_new);
void file_closed(int descriptor);

int undo_note(struct file *file, int descriptor, off_t offset, off_t length);
struct place undo_place(struct file *file);
void undo_flushed(struct file *file, struct place place);
void undo_lied(struct file *file);
void undo_forget(ino_t inode);

void names_load(void);
int names_open(const char *path, int flags, mode_t mode, bool *is_new);
int names_rename(const char *from, const char *to);
int names_unlink(const char *path);
uint64_t names_last(void);
void names_flushed(const char *directory, uint64_t last);

// libc's own.
extern int (*real_open)(const char *, int, ...);
extern int (*real_close)(int);
extern ssize_t (*real_pwrite)(int, const void *, size_t, off_t);
extern int (*real_ftruncate)(int, off_t);
extern int (*real_rename)(const char *, const char *);
extern int (*real_unlink)(const char *);
extern int (*real_link)(const char *, const char *);

#endif
