// A disk whose flush takes longer: preloaded into a node, it adds FLUSH_DELAY_US microseconds to each fdatasync.
// The runtime asks libc itself for its functions, so dlsym is what has to give another one.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static void *(*real_dlsym)(void *, const char *);
static int (*real_fdatasync)(int);
static struct timespec delay;

__attribute__((constructor)) static void begin(void) {
    const char *text = getenv("FLUSH_DELAY_US");
    long us = text ? atol(text) : 0;
    delay = (struct timespec){ .tv_sec = us / 1000000, .tv_nsec = us % 1000000 * 1000 };
    real_dlsym = dlvsym(RTLD_NEXT, "dlsym", "GLIBC_2.34");
    if (!real_dlsym) real_dlsym = dlvsym(RTLD_NEXT, "dlsym", "GLIBC_2.2.5");
    if (!real_dlsym) real_dlsym = dlvsym(RTLD_NEXT, "dlsym", "GLIBC_2.17");
    real_fdatasync = real_dlsym(RTLD_NEXT, "fdatasync");
}

static int slow_fdatasync(int file) {
    int result = real_fdatasync(file);
    nanosleep(&delay, 0);
    return result;
}

void *dlsym(void *library, const char *name) {
    if (!real_dlsym) begin();
    return strcmp(name, "fdatasync") ? real_dlsym(library, name) : (void *)slow_fdatasync;
}
