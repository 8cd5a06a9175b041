// The calls that the shim stands in for. What it cannot keep account of it refuses, so that nothing is written unseen.
#include "shim.h"

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <sys/statfs.h>
#include <sys/statvfs.h>
#include <unistd.h>

#define FILES_MAX (1 << 20)

int (*real_open)(const char *, int, ...);
int (*real_close)(int);
ssize_t (*real_pwrite)(int, const void *, size_t, off_t);
int (*real_ftruncate)(int, off_t);
int (*real_rename)(const char *, const char *);
int (*real_unlink)(const char *);
int (*real_link)(const char *, const char *);
static ssize_t (*real_write)(int, const void *, size_t);
static ssize_t (*real_writev)(int, const struct iovec *, int);
static ssize_t (*real_pwritev)(int, const struct iovec *, int, off_t);
static int (*real_fsync)(int);
static int (*real_fdatasync)(int);
static int (*real_fallocate)(int, int, off_t, off_t);
static int (*real_mkdir)(const char *, mode_t);
static int (*real_statfs)(const char *, struct statfs64 *);
static int (*real_statvfs)(const char *, struct statvfs64 *);
static int (*real_fstatfs)(int, struct statfs64 *);
static ssize_t (*real_sendfile)(int, int, off_t *, size_t);
static void *(*real_mmap)(void *, size_t, int, int, int, off_t);
static void *(*real_dlsym)(void *, const char *);

static struct file *by_descriptor[FILES_MAX];
static struct file *open_files;
static pthread_mutex_t files_order = PTHREAD_MUTEX_INITIALIZER;
static void *libc;

// dlsym is one of the wrapped calls, and the name under which libc's own is found differs between processors.
static void find_dlsym(void) {
  static const char *const versions[] = {"GLIBC_2.34", "GLIBC_2.17", "GLIBC_2.2.5"};
  for (unsigned i = 0; i < sizeof versions / sizeof versions[0] && !real_dlsym; i++)
    *(void **)&real_dlsym = dlvsym(RTLD_NEXT, "dlsym", versions[i]);
  if (!real_dlsym)
    abort();
}

static void find(void *call, const char *name) {
  *(void **)call = real_dlsym(RTLD_NEXT, name);
  if (!*(void **)call)
    abort();
}

// Constructors of other libraries may call before ours has run.
static void find_calls(void) {
  if (real_close)
    return;
  find_dlsym();
  find(&real_open, "open64");
  find(&real_pwrite, "pwrite64");
  find(&real_ftruncate, "ftruncate64");
  find(&real_rename, "rename");
  find(&real_unlink, "unlink");
  find(&real_link, "link");
  find(&real_write, "write");
  find(&real_writev, "writev");
  find(&real_pwritev, "pwritev64");
  find(&real_fsync, "fsync");
  find(&real_fdatasync, "fdatasync");
  find(&real_fallocate, "fallocate64");
  find(&real_mkdir, "mkdir");
  find(&real_statfs, "statfs64");
  find(&real_statvfs, "statvfs64");
  find(&real_fstatfs, "fstatfs64");
  find(&real_sendfile, "sendfile64");
  find(&real_mmap, "mmap64");
  find(&real_close, "close");
}

__attribute__((constructor)) static void begin(void) {
  find_calls();
  libc = dlopen("libc.so.6", RTLD_LAZY | RTLD_NOLOAD);
  control_attach();
}

struct file *file_of(int descriptor) {
  return control && descriptor >= 0 && descriptor < FILES_MAX ? by_descriptor[descriptor] : NULL;
}

void file_opened(int descriptor, const char *path, bool is_new) {
  struct stat status;
  if (descriptor >= FILES_MAX || fstat(descriptor, &status) != 0)
    return;
  pthread_mutex_lock(&files_order);
  if (is_new)
    undo_forget(status.st_ino);
  struct file *file = open_files;
  while (file && file->inode != status.st_ino)
    file = file->next;
  if (!file && (file = calloc(1, sizeof *file + strlen(path) + 1))) {
    file->inode = status.st_ino;
    file->is_directory = S_ISDIR(status.st_mode);
    file->undo = -1;
    pthread_mutex_init(&file->order, NULL);
    strcpy(file->path, path);
    file->next = open_files;
    open_files = file;
  }
  if (!file)
    abort();
  file->users++;
  by_descriptor[descriptor] = file;
  pthread_mutex_unlock(&files_order);
}

void file_closed(int descriptor) {
  pthread_mutex_lock(&files_order);
  struct file *file = by_descriptor[descriptor];
  by_descriptor[descriptor] = NULL;
  if (file && --file->users == 0) {
    struct file **at = &open_files;
    while (*at != file)
      at = &(*at)->next;
    *at = file->next;
    if (file->undo >= 0)
      real_close(file->undo);
    pthread_mutex_destroy(&file->order);
    free(file);
  }
  pthread_mutex_unlock(&files_order);
}

static int fail(int error) {
  errno = error;
  return -1;
}

static int truncate_noted(struct file *file, int descriptor, off_t length) {
  struct stat status;
  int error = refuse_write(descriptor, length);
  if (error == 0 && fstat(descriptor, &status) != 0)
    error = errno;
  if (error != 0)
    return fail(error);
  pthread_mutex_lock(&file->order);
  off_t from = length < status.st_size ? length : status.st_size;
  off_t changed = length < status.st_size ? status.st_size - length : length - status.st_size;
  error = undo_note(file, descriptor, from, changed);
  int result = error ? fail(error) : real_ftruncate(descriptor, length);
  pthread_mutex_unlock(&file->order);
  control->truncations++;
  return result;
}

static int open_noted(const char *path, int flags, mode_t mode) {
  if (flags & (O_SYNC | O_DSYNC | O_TMPFILE) & ~O_DIRECTORY)
    return fail(EINVAL);
  bool is_new = false, writes = (flags & O_ACCMODE) != O_RDONLY;
  int error = writes && control->refusal == REFUSES_CHANGES ? refuse_change() : 0;
  if (error != 0)
    return fail(error);
  int descriptor = flags & O_CREAT ? names_open(path, flags & ~O_TRUNC, mode, &is_new)
                                   : real_open(path, flags & ~O_TRUNC, mode);
  if (descriptor < 0)
    return -1;
  file_opened(descriptor, path, is_new);
  struct file *file = file_of(descriptor);
  if ((flags & O_TRUNC) && writes && !is_new && file && truncate_noted(file, descriptor, 0) != 0) {
    error = errno;
    file_closed(descriptor);
    real_close(descriptor);
    return fail(error);
  }
  return descriptor;
}

EXPORT int open64(const char *path, int flags, ...) {
  find_calls();
  va_list rest;
  va_start(rest, flags);
  mode_t mode = flags & (O_CREAT | (O_TMPFILE & ~O_DIRECTORY)) ? va_arg(rest, mode_t) : 0;
  va_end(rest);
  return is_below_data(path) ? open_noted(path, flags, mode) : real_open(path, flags, mode);
}

EXPORT int open(const char *path, int flags, ...) __attribute__((alias("open64")));

EXPORT int creat64(const char *path, mode_t mode) { return open64(path, O_CREAT | O_WRONLY | O_TRUNC, mode); }
EXPORT int creat(const char *path, mode_t mode) { return creat64(path, mode); }

EXPORT int close(int descriptor) {
  find_calls();
  if (file_of(descriptor))
    file_closed(descriptor);
  return real_close(descriptor);
}

// Everything that writes comes by here.
static ssize_t write_noted(struct file *file, int descriptor, const struct iovec *parts, int count, off_t at) {
  off_t length = 0;
  for (int i = 0; i < count; i++)
    length += (off_t)parts[i].iov_len;
  bool is_positional = at >= 0;
  pthread_mutex_lock(&file->order);
  if (!is_positional)
    at = lseek(descriptor, 0, fcntl(descriptor, F_GETFL) & O_APPEND ? SEEK_END : SEEK_CUR);
  int error = at < 0 ? errno : refuse_write(descriptor, at + length);
  if (error == 0)
    error = undo_note(file, descriptor, at, length);
  ssize_t written = error ? fail(error)
      : is_positional ? real_pwritev(descriptor, parts, count, at) : real_writev(descriptor, parts, count);
  error = errno;
  pthread_mutex_unlock(&file->order);
  control->writes++;
  control->bytes += written > 0 ? (uint64_t)written : 0;
  errno = error;
  return written;
}

EXPORT ssize_t write(int descriptor, const void *bytes, size_t length) {
  find_calls();
  struct file *file = file_of(descriptor);
  struct iovec part = {(void *)bytes, length};
  return file ? write_noted(file, descriptor, &part, 1, -1) : real_write(descriptor, bytes, length);
}

EXPORT ssize_t writev(int descriptor, const struct iovec *parts, int count) {
  find_calls();
  struct file *file = file_of(descriptor);
  return file ? write_noted(file, descriptor, parts, count, -1) : real_writev(descriptor, parts, count);
}

EXPORT ssize_t pwrite64(int descriptor, const void *bytes, size_t length, off_t at) {
  find_calls();
  struct file *file = at >= 0 ? file_of(descriptor) : NULL;
  struct iovec part = {(void *)bytes, length};
  return file ? write_noted(file, descriptor, &part, 1, at) : real_pwrite(descriptor, bytes, length, at);
}

EXPORT ssize_t pwritev64(int descriptor, const struct iovec *parts, int count, off_t at) {
  find_calls();
  struct file *file = at >= 0 ? file_of(descriptor) : NULL;
  return file ? write_noted(file, descriptor, parts, count, at) : real_pwritev(descriptor, parts, count, at);
}

EXPORT ssize_t pwrite(int, const void *, size_t, off_t) __attribute__((alias("pwrite64")));
EXPORT ssize_t pwritev(int, const struct iovec *, int, off_t) __attribute__((alias("pwritev64")));

EXPORT int ftruncate64(int descriptor, off_t length) {
  find_calls();
  struct file *file = file_of(descriptor);
  return file ? truncate_noted(file, descriptor, length) : real_ftruncate(descriptor, length);
}

EXPORT int ftruncate(int, off_t) __attribute__((alias("ftruncate64")));

EXPORT int fallocate64(int descriptor, int mode, off_t offset, off_t length) {
  find_calls();
  return file_of(descriptor) ? fail(EOPNOTSUPP) : real_fallocate(descriptor, mode, offset, length);
}

EXPORT int fallocate(int, int, off_t, off_t) __attribute__((alias("fallocate64")));

EXPORT int posix_fallocate64(int descriptor, off_t offset, off_t length) {
  return fallocate64(descriptor, 0, offset, length) == 0 ? 0 : errno;
}

EXPORT int posix_fallocate(int, off_t, off_t) __attribute__((alias("posix_fallocate64")));

EXPORT ssize_t sendfile64(int to, int from, off_t *offset, size_t length) {
  find_calls();
  return file_of(to) ? fail(EINVAL) : real_sendfile(to, from, offset, length);
}

EXPORT void *mmap64(void *at, size_t length, int protection, int flags, int descriptor, off_t offset) {
  find_calls();
  if ((flags & MAP_SHARED) && (protection & PROT_WRITE) && file_of(descriptor)) {
    errno = ENODEV;
    return MAP_FAILED;
  }
  return real_mmap(at, length, protection, flags, descriptor, offset);
}

EXPORT void *mmap(void *, size_t, int, int, int, off_t) __attribute__((alias("mmap64")));

static int flush_directory(struct file *file, int descriptor) {
  uint64_t last = names_last();
  int result = real_fsync(descriptor);
  if (result == 0)
    names_flushed(file->path, last);
  control->directory_flushes++;
  return result;
}

static int flush(struct file *file, int descriptor, int (*real)(int)) {
  bool is_lie = false;
  int error = before_flush(&is_lie);
  if (error != 0)
    return fail(error);
  if (file->is_directory)
    return flush_directory(file, descriptor);
  control->flushes++;
  if (is_lie) {
    control->lied++;
    undo_lied(file);
    return 0;
  }
  struct place place = undo_place(file);
  int result = real(descriptor);
  if (result == 0)
    undo_flushed(file, place);
  return result;
}

EXPORT int fsync(int descriptor) {
  find_calls();
  struct file *file = file_of(descriptor);
  return file ? flush(file, descriptor, real_fsync) : real_fsync(descriptor);
}

EXPORT int fdatasync(int descriptor) {
  find_calls();
  struct file *file = file_of(descriptor);
  return file ? flush(file, descriptor, real_fdatasync) : real_fdatasync(descriptor);
}

EXPORT int rename(const char *from, const char *to) {
  find_calls();
  if (!is_below_data(from) && !is_below_data(to))
    return real_rename(from, to);
  int error = refuse_change();
  return error ? fail(error) : names_rename(from, to);
}

EXPORT int unlink(const char *path) {
  find_calls();
  if (!is_below_data(path))
    return real_unlink(path);
  int error = refuse_change();
  return error ? fail(error) : names_unlink(path);
}

EXPORT int link(const char *from, const char *to) {
  find_calls();
  return is_below_data(from) || is_below_data(to) ? fail(EPERM) : real_link(from, to);
}

EXPORT int mkdir(const char *path, mode_t mode) {
  find_calls();
  int error = is_below_data(path) ? refuse_change() : 0;
  return error ? fail(error) : real_mkdir(path, mode);
}

static bool is_full(void) {
  return control->refusal == REFUSES_GROWTH || control->refusal == REFUSES_WRITES;
}

EXPORT int statfs64(const char *path, struct statfs64 *status) {
  find_calls();
  int result = real_statfs(path, status);
  if (result == 0 && is_below_data(path) && is_full())
    status->f_bavail = status->f_bfree = 0;
  return result;
}

EXPORT int fstatfs64(int descriptor, struct statfs64 *status) {
  find_calls();
  int result = real_fstatfs(descriptor, status);
  if (result == 0 && file_of(descriptor) && is_full())
    status->f_bavail = status->f_bfree = 0;
  return result;
}

EXPORT int statvfs64(const char *path, struct statvfs64 *status) {
  find_calls();
  int result = real_statvfs(path, status);
  if (result == 0 && is_below_data(path) && is_full())
    status->f_bavail = status->f_bfree = 0;
  return result;
}

EXPORT int statfs(const char *, struct statfs *) __attribute__((alias("statfs64")));
EXPORT int fstatfs(int, struct statfs *) __attribute__((alias("fstatfs64")));
EXPORT int statvfs(const char *, struct statvfs *) __attribute__((alias("statvfs64")));

static void *wrapper_of(const char *name) {
  static const struct {
    const char *name;
    void *call;
  } wrappers[] = {
      {"open", open64}, {"open64", open64}, {"close", close}, {"write", write}, {"pwrite", pwrite64},
      {"pwrite64", pwrite64}, {"writev", writev}, {"pwritev", pwritev64}, {"pwritev64", pwritev64},
      {"ftruncate", ftruncate64}, {"ftruncate64", ftruncate64}, {"fallocate", fallocate64},
      {"posix_fallocate", posix_fallocate64}, {"fsync", fsync}, {"fdatasync", fdatasync}, {"rename", rename},
      {"unlink", unlink}, {"link", link}, {"mkdir", mkdir}, {"statfs", statfs64}, {"statvfs", statvfs64},
      {"mmap", mmap64}, {"mmap64", mmap64}, {"sendfile", sendfile64},
  };
  for (unsigned i = 0; i < sizeof wrappers / sizeof wrappers[0]; i++) {
    if (strcmp(wrappers[i].name, name) == 0)
      return wrappers[i].call;
  }
  return NULL;
}

// A program that asks libc for a call by its name, as .NET does for what it has no wrapper of, would get past us.
EXPORT void *dlsym(void *library, const char *name) {
  find_calls();
  void *wrapper = control && library == libc ? wrapper_of(name) : NULL;
  if (wrapper)
    return wrapper;
  // The last thing done here, so that libc sees whom the answer is for.
  return real_dlsym(library, name);
}
