/* SPDX-License-Identifier: MIT */
#include "http/http_impl.h"

#include <limits.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/mem.h"

#define AT_ONCE		64		/* requests on the way; memory */
#define ANEW_MAX	2		/* times that a file may change */
#define NUDGE_MS	100		/* of silence; then twice that */
#define RETRY_MAX_MS	30000		/* between two tries, unless told */

static void
transfer_free(struct transfer *t)
{
	struct http *h = t->h;
	struct transfer **p = &h->first;

	while (*p != t)
		p = &(*p)->next;
	*p = t->next;
	if (h->last == &t->next)
		h->last = p;
	transfer_stop(t);
	curl_slist_free_all(t->own);
	free((char *)t->rq.url);
	free((char *)t->rq.etag);
	free((char *)t->rq.last_modified);
	free((char *)t->rq.if_range);
	free(t->url);
	free(t);
}

void
http_drop(struct http *h)
{
	while (h->first != NULL)
		transfer_free(h->first);
}

void
http_close(struct http *h)
{
	if (h == NULL)
		return;
	http_drop(h);
	curl_multi_cleanup(h->multi);
	if (h->global)
		curl_global_cleanup();
	http_told_free(h);
	free(h->cacert);
	free(h->netrc);
	free(h);
}

int
http_open(const struct http_opts *o, struct http **out, struct err *e)
{
	struct http *h;

	if (o->cacert != NULL && file_check_kind(o->cacert, e) == -1)
		return -1;
	h = mem_alloc(sizeof(*h));
	h->last = &h->first;
	h->global = curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK;
	h->multi = h->global ? curl_multi_init() : NULL;
	if (h->multi == NULL) {
		http_close(h);
		return err_set(e, ERR_INTERNAL, "libcurl does not start");
	}
	h->cacert = mem_str(o->cacert);
	http_netrc_open(h);
	h->connect_ms = o->timeout_ms > 0 ? o->timeout_ms : HTTP_CONNECT_MS;
	h->stall_ms = o->timeout_ms > 0 ? o->timeout_ms : HTTP_STALL_MS;
	h->retries = o->retries;
	h->retry_ms = o->retry_ms;
	h->rate = o->rate;
	h->say = o->say;
	h->at_once = AT_ONCE;
	curl_multi_setopt(h->multi, CURLMOPT_MAX_HOST_CONNECTIONS,
	    (long)HTTP_CONNECTIONS);
	*out = h;
	return 0;
}

int
http_get(struct http *h, const struct http_request *rq, struct err *e)
{
	struct transfer *t;
	size_t i;

	if (http_kind(rq->url) == HTTP_NO) {
		err_set(e, ERR_USAGE, "%s: not an address to download from",
		    rq->url);
		return err_hint(e, "https, file, or http to this machine");
	}
	t = mem_alloc(sizeof(*t));
	t->h = h;
	t->rq = *rq;
	if (rq->into != NULL)
		t->rq.max = rq->into->max;
	t->rq.url = mem_str(rq->url);
	t->rq.etag = mem_str(rq->etag);
	t->rq.last_modified = mem_str(rq->last_modified);
	t->rq.if_range = mem_str(rq->if_range);
	t->url = mem_str(rq->url);
	for (i = 0; rq->headers != NULL && rq->headers[i] != NULL; i++)
		transfer_add_line(&t->own, rq->headers[i]);
	*h->last = t;
	h->last = &t->next;
	return 0;
}

/* How long until the next try; -1: too long to wait for. */
static int64_t
pause_ms(const struct transfer *t)
{
	const struct http *h = t->h;
	curl_off_t told = 0;
	int64_t ms = h->retry_ms;
	int64_t i;

	if (t->easy != NULL)
		curl_easy_getinfo(t->easy, CURLINFO_RETRY_AFTER, &told);
	if (told > HTTP_PATIENCE_MS / 1000)
		return -1;
	if (told > 0)
		return told * 1000;
	for (i = 0; i < t->tries && ms < RETRY_MAX_MS; i++)
		ms *= 2;
	if (ms > RETRY_MAX_MS)
		ms = RETRY_MAX_MS;
	/* So that those who failed together do not come back together. */
	return ms - ms / 4 * (getpid() % 16) / 16;
}

/* Back into the queue, from its first address on. */
static void
queue_again(struct transfer *t, int64_t wait_ms)
{
	transfer_stop(t);
	t->e = (struct err)ERR_INIT;
	t->wake_ms = clock_ms() + wait_ms;
	t->redirects = 0;
	free(t->url);
	t->url = mem_str(t->rq.url);
}

/* What has come is not the beginning of what is there now. */
static bool
ask_whole(struct transfer *t)
{
	if (!t->again_whole)
		return false;
	if (t->anew++ == ANEW_MAX) {
		err_set(&t->e, ERR_NETWORK, "%s: changes while it is fetched",
		    t->url);
		return false;
	}
	free((char *)t->rq.if_range);
	t->rq.if_range = NULL;
	t->rq.have = 0;
	queue_again(t, 0);
	return true;
}

static bool
retry_transfer(struct transfer *t)
{
	struct http *h = t->h;
	int64_t ms;

	if ((t->e.code != ERR_NETWORK && t->e.code != ERR_TIMEOUT) ||
	    !t->e.retry || t->tries >= h->retries)
		return false;
	ms = pause_ms(t);
	if (ms == -1) {
		err_hint(&t->e, "the server asks to wait: run it again later");
		return false;
	}
	if (h->say != NULL && http_first_told(h, t->url, t->tries + 1))
		h->say("%s: trying again in %.1f s", t->e.msg,
		    (double)ms / 1e3);
	t->tries++;
	if (t->begun)
		t->rq.have = t->got;
	queue_again(t, ms);
	return true;
}

static void
finish_transfer(struct transfer *t)
{
	struct http_reply reply;

	http_hide(t->url, &t->e);
	if (ask_whole(t) || retry_transfer(t))
		return;
	reply = transfer_reply(t);
	t->rq.done(&reply, t->e.code == ERR_NONE ? NULL : &t->e, t->rq.ctx);
	transfer_free(t);
}

/* The first in the queue whose time has come, or NULL. */
static struct transfer *
next_in_queue(const struct http *h)
{
	const int64_t now = clock_ms();
	struct transfer *t;

	if (h->running >= h->at_once)
		return NULL;
	for (t = h->first; t != NULL; t = t->next)
		if (t->easy == NULL && t->wake_ms <= now)
			return t;
	return NULL;
}

static void
start_queue(struct http *h)
{
	struct transfer *t;

	while ((t = next_in_queue(h)) != NULL)
		if (transfer_start(t, &t->e) == -1)
			finish_transfer(t);
}

/* finish may begin and end others: so look from the start again. */
static void
end_stalled(struct http *h)
{
	const int64_t now = clock_ms();
	struct transfer *t = h->first;

	while (t != NULL) {
		if (!transfer_stalled(t, now)) {
			t = t->next;
			continue;
		}
		finish_transfer(t);
		t = h->first;
	}
}

void
http_moved(struct http *h)
{
	h->nudge_ms = NUDGE_MS;
	h->nudge_at_ms = clock_ms() + NUDGE_MS;
}

/*
 * With HTTP/2, libcurl 7.88 may take bytes for one transfer from the socket
 * while it serves another, and when that one ends it forgets them there: it
 * waits for the socket, and the server for us.  To let go of the sending half,
 * which has nothing to send, makes it look at what it has.
 */
static void
nudge(struct http *h)
{
	struct transfer *t;

	if (clock_ms() < h->nudge_at_ms)
		return;
	for (t = h->first; t != NULL; t = t->next) {
		if (t->easy == NULL || t->mark_ms == 0 || t->paused)
			continue;
		curl_easy_pause(t->easy, CURLPAUSE_SEND);
		curl_easy_pause(t->easy, CURLPAUSE_CONT);
	}
	h->nudge_ms *= 2;
	h->nudge_at_ms = clock_ms() + h->nudge_ms;
}

/* Until the next try begins, or the next stall is one. */
static int
wait_left(const struct http *h, int wait_ms)
{
	const struct transfer *t;
	int64_t at;
	int left;

	if (h->running > 0 && clock_left_ms(h->nudge_at_ms) < wait_ms)
		wait_ms = clock_left_ms(h->nudge_at_ms);
	for (t = h->first; t != NULL; t = t->next) {
		if (t->easy == NULL)
			at = h->running < h->at_once ? t->wake_ms : INT64_MAX;
		else if (t->paused)
			at = h->paid_us / 1000;
		else
			at = t->mark_ms == 0 ? INT64_MAX :
			    t->mark_ms + h->stall_ms;
		left = clock_left_ms(at);
		if (left < wait_ms)
			wait_ms = left;
	}
	return wait_ms;
}

static void
take_ended(struct http *h)
{
	struct transfer *t;
	CURLMsg *msg;
	int left;

	while ((msg = curl_multi_info_read(h->multi, &left)) != NULL) {
		const CURLcode code = msg->data.result;

		if (msg->msg != CURLMSG_DONE)
			continue;
		curl_easy_getinfo(msg->easy_handle, CURLINFO_PRIVATE, &t);
		if (!transfer_judge(t, code))
			finish_transfer(t);
	}
}

/* Those that the rate held back, once what came is paid for. */
static void
go_on(struct http *h)
{
	struct transfer *t;

	for (t = h->first; t != NULL; t = t->next)
		if (t->paused && h->paid_us / 1000 <= clock_ms()) {
			t->paused = false;
			curl_easy_pause(t->easy, CURLPAUSE_CONT);
		}
}

int
http_turn(struct http *h, int in_fd, int wait_ms, struct err *e)
{
	struct curl_waitfd in = { .fd = in_fd, .events = CURL_WAIT_POLLIN };
	CURLMcode m;
	int running, begun;

	start_queue(h);
	go_on(h);
	nudge(h);
	begun = (int)h->running;
	m = curl_multi_perform(h->multi, &running);
	if (m == CURLM_OK && running == begun)
		m = curl_multi_poll(h->multi, &in, in_fd == -1 ? 0 : 1,
		    wait_left(h, wait_ms), NULL);
	if (m == CURLM_OK)
		m = curl_multi_perform(h->multi, &running);
	if (m != CURLM_OK)
		return err_set(e, ERR_INTERNAL, "libcurl: %s",
		    curl_multi_strerror(m));
	take_ended(h);
	end_stalled(h);
	if (next_in_queue(h) != NULL) {
		/* They are on their way while we work on what came. */
		start_queue(h);
		curl_multi_perform(h->multi, &running);
	}
	return 0;
}
