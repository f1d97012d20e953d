/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "site/listing.h"

int
listing_put(struct store *s, const struct mirrors *m, size_t mirror,
    const char *url, const struct http_reply *reply, const struct listing *l,
    struct err *e)
{
	const struct store_page page = { .url = url, .board_id = "",
	    .fetched_at = clock_wall(), .etag = reply->etag,
	    .last_modified = reply->last_modified };
	struct store_link *row = mem_alloc(l->n * sizeof(*row) + 1);
	char **to = mem_alloc(l->n * sizeof(*to) + 1);
	size_t i;
	int r;

	for (i = 0; i < l->n; i++) {
		to[i] = page_url(m, mirror, l->id[i]);
		row[i] = (struct store_link){ .board_id = l->id[i],
		    .version = "", .build = -1, .ext = "", .url = to[i] };
	}
	r = store_page_put(s, &page, row, l->n, e);
	for (i = 0; i < l->n; i++)
		free(to[i]);
	free(to);
	free(row);
	return r;
}

static int
on_listing_row(const struct store_link *l, void *ctx)
{
	listing_add(ctx, l->board_id, strlen(l->board_id));
	return 0;
}

int
listing_from_store(struct store *s, const char *url, struct listing *out,
    struct err *e)
{
	return store_links(s, url, on_listing_row, out, e) == -1 ? -1 :
	    store_page_seen(s, url, clock_wall(), e);
}
