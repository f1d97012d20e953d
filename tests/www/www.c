/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE		/* accept4 */
#include "www.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

void
www_die(const char *what)
{
	perror(what);
	exit(1);
}

static void
serve_file(struct request *rq)
{
	char name[1100], etag[128] = "";
	struct stat st = { 0 };
	struct answer a = { 0 };
	void *map = MAP_FAILED;
	int fd;

	snprintf(name, sizeof(name), "%s%.*s%s", rq->root,
	    (int)strcspn(rq->path, "?"), rq->path,
	    rq->path[strlen(rq->path) - 1] == '/' ? "index.html" : "");
	fd = open(name, O_RDONLY | O_CLOEXEC);
	if (fd != -1 && fstat(fd, &st) == 0 && S_ISREG(st.st_mode)) {
		a.n = (long)st.st_size;
		a.p = "";
		if (a.n > 0)
			a.p = map = mmap(NULL, (size_t)a.n, PROT_READ,
			    MAP_PRIVATE, fd, 0);
		if (a.p == MAP_FAILED)
			www_die(name);
		snprintf(etag, sizeof(etag), "\"%lld-%lld.%ld\"",
		    (long long)st.st_size, (long long)st.st_mtim.tv_sec,
		    st.st_mtim.tv_nsec);
	}
	a.etag = etag;
	www_answer(rq, &a);
	if (map != MAP_FAILED)
		munmap(map, (size_t)a.n);
	if (fd != -1)
		close(fd);
}

/* The value of a header, if the line is that one. */
static void
take_header(const char *line, const char *name, char *out, size_t max)
{
	const size_t n = strlen(name);

	if (strncasecmp(line, name, n) == 0 && line[n] == ':')
		snprintf(out, max, "%.*s", (int)strcspn(line + n + 2, "\r\n"),
		    line + n + 2);
}

/* Reads "GET PATH HTTP/1.1" and the headers up to the empty line. */
static bool
serve(struct request *rq, FILE *f)
{
	char line[4096], *end;

	rq->token = false;
	rq->since[0] = '\0';
	rq->none_match[0] = rq->range[0] = rq->if_range[0] = '\0';
	if (fgets(line, sizeof(line), f) == NULL)
		return false;
	if (strncmp(line, "CONNECT ", 8) == 0) {
		www_connect(rq, f, line + 8);
		return false;
	}
	if (strncmp(line, "GET /", 5) != 0 || strstr(line, "..") != NULL)
		return false;
	end = strchr(line + 4, ' ');
	if (end == NULL)
		return false;
	snprintf(rq->path, sizeof(rq->path), "%.*s", (int)(end - line - 4),
	    line + 4);
	while (fgets(line, sizeof(line), f) != NULL && line[0] != '\r') {
		rq->token |= strncasecmp(line, "Authorization: ", 15) == 0;
		take_header(line, "If-Modified-Since", rq->since,
		    sizeof(rq->since));
		take_header(line, "If-None-Match", rq->none_match,
		    sizeof(rq->none_match));
		take_header(line, "Range", rq->range, sizeof(rq->range));
		take_header(line, "If-Range", rq->if_range,
		    sizeof(rq->if_range));
	}
	serve_file(rq);
	return !rq->close;
}

static void
serve_all(const char *root, int fd)
{
	struct request rq = { .root = root, .fd = fd };
	FILE *f = fdopen(dup(fd), "r");
	const int one = 1;

	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one));
	while (f != NULL && serve(&rq, f))
		;
	shutdown(fd, SHUT_WR);
}

/* The port, under its final name at once, so that whoever waits can read. */
static void
tell_port(const char *root, int port)
{
	char name[512], tmp[520];
	FILE *f;

	snprintf(name, sizeof(name), "%s/.port", root);
	snprintf(tmp, sizeof(tmp), "%s.new", name);
	f = fopen(tmp, "w");
	if (f == NULL || fprintf(f, "%d\n", port) < 0 || fclose(f) != 0 ||
	    rename(tmp, name) == -1)
		www_die(name);
}

int
main(int argc, char *argv[])
{
	struct sockaddr_in a = { .sin_family = AF_INET };
	socklen_t len = sizeof(a);
	int s, fd;

	if (argc != 2) {
		fprintf(stderr, "usage: www FOLDER\n");
		return 2;
	}
	signal(SIGCHLD, SIG_IGN);
	signal(SIGPIPE, SIG_IGN);
	prctl(PR_SET_PDEATHSIG, SIGTERM);	/* a test that was killed */
	a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	s = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (s == -1 || bind(s, (struct sockaddr *)&a, sizeof(a)) == -1 ||
	    listen(s, 64) == -1 ||
	    getsockname(s, (struct sockaddr *)&a, &len) == -1)
		www_die("socket");
	tell_port(argv[1], ntohs(a.sin_port));
	while ((fd = accept4(s, NULL, NULL, SOCK_CLOEXEC)) != -1) {
		if (fork() == 0) {
			prctl(PR_SET_PDEATHSIG, SIGTERM);
			close(s);
			serve_all(argv[1], fd);
			return 0;
		}
		close(fd);
	}
	www_die("accept");
}
