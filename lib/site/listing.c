/* SPDX-License-Identifier: MIT */
#include "site/listing.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

#define CARD		"board-card"
#define DOWNLOAD	"/download/"

struct reader {
	struct listing	*out;
	bool		 full;
};

bool
listing_add(struct listing *l, const char *id, size_t n)
{
	char name[NAME_PART];
	size_t i;

	if (n == 0 || n >= sizeof(name) || l->n == LISTING_BOARDS)
		return false;
	memcpy(name, id, n);
	name[n] = '\0';
	if (!firmware_file_safe(name))
		return false;
	for (i = 0; i < l->n; i++)
		if (strcmp(l->id[i], name) == 0)
			return true;
	if (l->n == l->cap) {
		l->cap = l->cap == 0 ? 64 : 2 * l->cap;
		l->id = mem_grow(l->id, l->cap, sizeof(*l->id));
	}
	memcpy(l->id[l->n++], name, n + 1);
	return true;
}

/* A word of the list that a class is. */
static bool
is_card(const char *class_name)
{
	const size_t n = strlen(CARD);

	while (class_name != NULL && *class_name != '\0') {
		class_name += strspn(class_name, " \t\r\n\f");
		if (strncmp(class_name, CARD, n) == 0 &&
		    strchr(" \t\r\n\f", class_name[n]) != NULL)
			return true;
		class_name += strcspn(class_name, " \t\r\n\f");
	}
	return false;
}

static void
on_listing_href(const char *href, const char *class_name, void *ctx)
{
	struct reader *r = ctx;
	const char *id = strstr(href, DOWNLOAD);
	size_t n;

	if (id != NULL)
		id += sizeof(DOWNLOAD) - 1;
	else if (is_card(class_name))
		id = href;
	else
		return;
	n = strcspn(id, "/?#");
	if (id[n] == '/' && id[n + 1] != '\0')
		return;			/* a page below that */
	if (!listing_add(r->out, id, n) && r->out->n == LISTING_BOARDS)
		r->full = true;
}

int
listing_parse(const char *html, size_t n, struct listing *out, struct err *e)
{
	struct reader r = { .out = out };

	*out = (struct listing)LISTING_INIT;
	if (html_links(html, n, on_listing_href, &r, e) == -1)
		return -1;
	if (r.full)
		err_set(e, ERR_INPUT, "more than %u boards", LISTING_BOARDS);
	else if (out->n > 0)
		return 0;
	else
		err_set(e, ERR_NOT_FOUND, "no boards on the page");
	listing_release(out);
	return -1;
}

void
listing_release(struct listing *l)
{
	free(l->id);
	*l = (struct listing)LISTING_INIT;
}
