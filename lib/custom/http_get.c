/* SPDX-License-Identifier: MIT */
#include "base/stop.h"
#include "custom/impl.h"

#define WAIT_MS		1000		/* a signal may come just before */

/* The answer to one request. */
struct answer {
	bool		 done;
	int		 status;
	struct err	 e;		/* code 0: well */
};

static void
on_http_answer(const struct http_reply *reply, const struct err *e, void *ctx)
{
	struct answer *a = ctx;

	a->done = true;
	a->status = reply->status;
	if (e != NULL)
		a->e = *e;
}

/* Until it is there; a signal ends it. */
static int
wait_for_answer(struct http *h, struct answer *a, struct err *e)
{
	while (!a->done) {
		if (stop_requested())
			return err_set(e, ERR_CANCELLED, "stopped before it "
			    "was here");
		if (http_turn(h, -1, WAIT_MS, e) == -1)
			return -1;
	}
	if (a->e.code == ERR_NONE)
		return 0;
	*e = a->e;
	return -1;
}

int
custom_http(const struct custom *c, struct http_request *rq,
    struct http_reply *reply, struct err *e)
{
	struct answer a = { .e = ERR_INIT };
	struct http *h = NULL;
	int r;

	rq->done = on_http_answer;
	rq->ctx = &a;
	r = http_open(&c->o.http, &h, e);
	if (r == 0)
		r = http_get(h, rq, e);
	if (r == 0)
		r = wait_for_answer(h, &a, e);
	*reply = (struct http_reply){ .status = a.status };
	if (r == -1 && e->hint[0] == '\0' && (e->code == ERR_NETWORK ||
	    e->code == ERR_TIMEOUT))
		err_hint(e, "run it again");
	http_close(h);
	return r;
}
