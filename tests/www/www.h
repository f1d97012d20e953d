/* SPDX-License-Identifier: MIT */
#ifndef MPF_WWW_H
#define MPF_WWW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

/*
 * www: a web server for tests.  It serves a folder to this machine alone, one
 * process for each connection, and misbehaves where it is told to.
 *
 * ROOT/.faults is read at each request: lines "PATH KIND [ARGUMENT]", the
 * first that has the path counts.
 *
 *	status N	that status, with a page of HTML
 *	html		200, with a page of HTML
 *	short N		the true length, but only N bytes
 *	long N		says N bytes more than there are
 *	nolength	no length: the end of the connection is the end
 *	cut N		in chunks, the last one missing, N bytes
 *	stall N		N bytes, and then nothing until the client leaves
 *	hold FILE	half of it, and the rest when FILE is there
 *	partial		206, with the first half
 *	redirect URL	302, with a page of HTML
 *	headers N	N kB of headers before the body
 *
 *	less N		says N bytes fewer than there are
 *	retry N		503, with a page of HTML and Retry-After: N
 *	endless		the file over and over
 *	drip N		a byte every N ms
 *	slow N		right, but 4 kB every N ms
 *	gzip		says that it is compressed
 *	etag X		with that ETag, whatever the file is
 *	dated H		no ETag, but the time it changed: H o'clock
 *	changed		to a Range the right part, whatever If-Range says
 *	broken N	N bytes of it with the right ETag, and no more
 *	norange		all of it, also where a part was asked for
 *
 * "first N KIND [ARGUMENT]" holds for the first N requests for that path, and
 * then the next line that has the path.
 *
 * ROOT/.log gets a line for each request: METHOD PATH STATUS [RANGE], and
 * "authorized" behind it if there was a header Authorization.  To CONNECT it
 * answers as a proxy, for servers on this machine; a fault of the path
 * CONNECT, status N, is the proxy's.
 */

struct fault {
	char	kind[16];	/* "": none */
	char	arg[512];
	long	n;		/* the argument as a number */
};

struct request {
	const char	*root;
	int		 fd;
	bool		 close;		/* the connection ends with it */
	bool		 token;		/* it came with an Authorization */
	char		 path[512];
	char		 none_match[128];	/* headers; "" none */
	char		 since[64];		/* If-Modified-Since */
	char		 range[64], if_range[128];
};

/* What is to be answered: the file (p NULL: there is none) and the fault. */
struct answer {
	const char	*p;
	long		 n;
	const char	*etag;
	struct fault	 f;
};

void	www_fault(const char *root, const char *path, struct fault *out);
void	www_answer(struct request *rq, struct answer *a);
void	www_put(int fd, const void *p, size_t n);
void	www_log(const struct request *rq, const char *method, int status);
/* A proxy's part: to is "HOST:PORT HTTP/1.1"; ends with the connection. */
void	www_connect(const struct request *rq, FILE *f, const char *to);
void	www_die(const char *what) __attribute__((noreturn));

#endif
