/*
 * Connections to one address go to another, for a program that is started with this library as LD_PRELOAD.
 * COORD_REDIRECT=10.0.0.1:2281>127.0.0.1:4000,... names pairs. Nodes take their peers' addresses from the replicated
 * log, which knows one for each node; so a proxy of one link can only stand where the node dials.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <dlfcn.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

typedef int connect_function(int, const struct sockaddr *, socklen_t);

/* Finds where a connection to this address and port, both in network order, is to go. */
static int look_up(struct in_addr address, in_port_t port, struct in_addr *to, in_port_t *to_port)
{
  const char *pairs = getenv("COORD_REDIRECT");
  char dialled[INET_ADDRSTRLEN + 8], text[INET_ADDRSTRLEN], host[INET_ADDRSTRLEN];
  unsigned number;

  inet_ntop(AF_INET, &address, text, sizeof text);
  snprintf(dialled, sizeof dialled, "%s:%u>", text, ntohs(port));
  for (; pairs != NULL && *pairs != '\0'; pairs = strchr(pairs, ','), pairs += pairs != NULL) {
    if (strncmp(pairs, dialled, strlen(dialled)) != 0)
      continue;
    if (sscanf(pairs + strlen(dialled), "%15[0-9.]:%u", host, &number) != 2 || inet_pton(AF_INET, host, to) != 1)
      return 0;
    *to_port = htons((in_port_t)number);
    return 1;
  }
  return 0;
}

int connect(int socket, const struct sockaddr *address, socklen_t length)
{
  connect_function *next = (connect_function *)dlsym(RTLD_NEXT, "connect");

  if (address->sa_family == AF_INET && length >= sizeof(struct sockaddr_in)) {
    struct sockaddr_in other = *(const struct sockaddr_in *)address;
    if (look_up(other.sin_addr, other.sin_port, &other.sin_addr, &other.sin_port))
      return next(socket, (struct sockaddr *)&other, sizeof other);
  } else if (address->sa_family == AF_INET6 && length >= sizeof(struct sockaddr_in6)) {
    /* A socket for both families writes 10.0.0.1 as ::ffff:10.0.0.1. */
    struct sockaddr_in6 other = *(const struct sockaddr_in6 *)address;
    struct in_addr inner;
    memcpy(&inner, &other.sin6_addr.s6_addr[12], sizeof inner);
    if (IN6_IS_ADDR_V4MAPPED(&other.sin6_addr) && look_up(inner, other.sin6_port, &inner, &other.sin6_port)) {
      memcpy(&other.sin6_addr.s6_addr[12], &inner, sizeof inner);
      return next(socket, (struct sockaddr *)&other, sizeof other);
    }
  }
  return next(socket, address, length);
}
