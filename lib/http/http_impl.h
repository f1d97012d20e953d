/* SPDX-License-Identifier: MIT */
#ifndef MPF_HTTP_IMPL_H
#define MPF_HTTP_IMPL_H

#include <curl/curl.h>

#include "http/http.h"

/* http_impl: what http.c, which has the queue, and http_transfer.c share. */

struct http {
	CURLM		*multi;
	struct transfer	*first, **last;	/* in the order they were begun */
	size_t		 running, at_once;
	char		*cacert;
	char		*netrc;		/* the file; NULL: missing */
	long		 netrc_how;	/* CURLOPT_NETRC: not if others' */
	int64_t		 connect_ms, stall_ms;
	int64_t		 retries, retry_ms, rate;
	int64_t		 got;		/* bytes of bodies, of all */
	int64_t		 paid_us;	/* when, at rate, they are due */
	int64_t		 nudge_ms, nudge_at_ms;	/* see http.c */
	void		(*say)(const char *fmt, ...);
	bool		 global;	/* curl_global_init was called */
	struct http_told *told;		/* see http_first_told */
	size_t		 n_told;
};

/* A server of which was said that it is tried again, so many times. */
struct http_told {
	char		*server;
	int64_t		 tries;
};

/* Is this the first file of the url's server to fail so many times? */
bool	http_first_told(struct http *h, const char *url, int64_t tries);
void	http_told_free(struct http *h);

/*
 * Takes out of a message what stands behind "?" in that address, which may be
 * a token, and from all addresses users and passwords: messages are kept.
 */
void	http_hide(const char *url, struct err *e);

/*
 * netrc.c: the file, and whether it may be used; and of a server that asks for
 * a name and a password, what to do.
 */
void	http_netrc_open(struct http *h);
void	http_netrc_hint(const struct http *h, struct err *e);

/* One request, through all its redirects and tries. */
struct transfer {
	struct transfer	*next;
	struct http	*h;
	CURL		*easy;		/* NULL: it waits for its turn */
	int64_t		 wake_ms;	/* not before (clock_ms) */
	struct curl_slist *headers;	/* of the question */
	struct curl_slist *own;		/* those of rq, for its address alone */
	struct http_request rq;		/* its strings are ours */
	char		*url;		/* after redirects */
	int		 redirects;
	int64_t		 tries;		/* that failed */
	int		 anew;		/* times it was asked for whole */
	bool		 again_whole;
	bool		 paused;	/* for the rate */

	bool		 begun;		/* the body of this answer */
	int64_t		 from;		/* asked for, from this byte on */
	int64_t		 got;		/* bytes there, from.. included */
	size_t		 error_page;	/* bytes of a body nobody wants */
	size_t		 headers_len, n_headers;	/* that came */

	int64_t		 mark_ms;	/* of the stall check; 0: not sent */
	int64_t		 mark_own, mark_all;

	struct err	 e;		/* of body, or ours; code 0: none */
	char		 why[CURL_ERROR_SIZE];
};

/* Something moves: there is no need to nudge libcurl for a while. */
void	http_moved(struct http *h);

/* Hands it to libcurl, from its first or its redirected address on. */
int	transfer_start(struct transfer *t, struct err *e);
void	transfer_stop(struct transfer *t);	/* takes it back */
void	transfer_add_line(struct curl_slist **list, const char *line);
/*
 * What libcurl's end of it means: sets t->e, or leaves it at ERR_NONE.  True:
 * it goes on elsewhere.
 */
bool	transfer_judge(struct transfer *t, CURLcode code);
/* Borrowed from t. */
struct http_reply transfer_reply(struct transfer *t);

/* http_fail.c: what went wrong, into t->e. */
void	transfer_fail(struct transfer *t, CURLcode code);
void	transfer_status(struct transfer *t, int status);
void	transfer_headers(struct transfer *t);	/* too many, or too long */
/* Did it stand still for too long, or nearly so? */
bool	transfer_stalled(struct transfer *t, int64_t now);

#endif
