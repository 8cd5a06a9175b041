// The least that any server can do for `zkload --op watch`: one thread, epoll, and answers from nothing. What it takes
// is the kernel's share and the load generator's; no server with the same load on the same machine does better.
//
//   cc -O2 -o floor benchmarks/floor.c && ./floor 27311 &
//   zkload --hosts 127.0.0.1:27311 --op watch --conns 1000 --pids $!
#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

enum { CREATE = 1, GET = 4, SET = 5, SYNC = 9, STAT_BYTES = 68, DATA_BYTES = 100, FILES_MAX = 65536 };

typedef struct { int has_session, is_watching; } client;

static client clients[FILES_MAX];
static char in[1 << 16], out[1 << 17], path[512];
static int path_bytes, epoll;

static uint32_t read32(const char *p) { uint32_t v; memcpy(&v, p, 4); return ntohl(v); }
static char *put32(char *p, uint32_t v) { v = htonl(v); memcpy(p, &v, 4); return p + 4; }
static char *zeros(char *p, int n) { memset(p, 0, n); return p + n; }

// Length, xid, zxid, error.
static char *put_header(char *p, int xid, int body) { return zeros(put32(put32(p, 16 + body), xid), 12); }

static void watch_for_input(int fd) {
    struct epoll_event event = { .events = EPOLLIN, .data = { .fd = fd } };
    if (epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event)) { perror("epoll"); exit(1); }
}

static void tell_watchers(void) {
    char event[600], *end = put_header(event, -1, 8 + path_bytes);
    end = put32(put32(end, 3), 3); // Data changed; connected.
    memcpy(end, path, path_bytes);
    end += path_bytes;
    for (int fd = 0; fd < FILES_MAX; fd++)
        if (clients[fd].is_watching) {
            clients[fd].is_watching = 0;
            send(fd, event, end - event, MSG_NOSIGNAL);
        }
}

static char *answer(client *from, const char *frame, char *p) {
    if (!from->has_session) {
        from->has_session = 1;
        p = put32(put32(put32(p, 37), 0), 30000);
        return zeros(put32(put32(put32(p, 1), 1), 16), 17); // Some session, and its password.
    }
    int xid = read32(frame), op = read32(frame + 4), length = read32(frame + 8);
    if (op == GET) {
        if (frame[12 + length]) {
            from->is_watching = 1;
            path_bytes = 4 + length;
            memcpy(path, frame + 8, path_bytes);
        }
        return zeros(put32(put_header(p, xid, 4 + DATA_BYTES + STAT_BYTES), DATA_BYTES), DATA_BYTES + STAT_BYTES);
    }
    if (op == SET) {
        tell_watchers();
        return zeros(put_header(p, xid, STAT_BYTES), STAT_BYTES);
    }
    if (op != CREATE && op != SYNC)
        return put_header(p, xid, 0);
    p = put_header(p, xid, 4 + length);
    memcpy(p, frame + 8, 4 + length);
    return p + 4 + length;
}

static void serve(int fd) {
    ssize_t count = recv(fd, in, sizeof in, 0);
    if (count <= 0) {
        clients[fd] = (client){0};
        close(fd);
        return;
    }
    char *end = out;
    for (char *frame = in; frame + 4 <= in + count && end < out + sizeof out / 2; frame += 4 + read32(frame))
        end = answer(&clients[fd], frame + 4, end);
    if (end > out)
        send(fd, out, end - out, MSG_NOSIGNAL);
}

int main(int count, char **arguments) {
    if (count != 2) { fprintf(stderr, "usage: floor PORT\n"); return 2; }
    int on = 1, port = socket(AF_INET, SOCK_STREAM, 0);
    struct sockaddr_in here = { AF_INET, htons(atoi(arguments[1])), { htonl(INADDR_LOOPBACK) }, {0} };
    setsockopt(port, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (bind(port, (void *)&here, sizeof here) || listen(port, 4096)) { perror("port"); return 1; }
    epoll = epoll_create1(0);
    watch_for_input(port);
    for (struct epoll_event ready[256];;) {
        int n = epoll_wait(epoll, ready, 256, -1);
        for (int i = 0; i < n; i++) {
            if (ready[i].data.fd != port) { serve(ready[i].data.fd); continue; }
            int fd = accept(port, 0, 0);
            if (fd < 0 || fd >= FILES_MAX) { perror("accept"); return 1; }
            setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
            watch_for_input(fd);
        }
    }
}
