/* SPDX-License-Identifier: MIT */
#include "site/page.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

#define FIRMWARE	"/resources/firmware/"
#define PORTS		"/ports/"
#define BOARDS		"/boards/"

struct reader {
	struct page	*page;
	const char	*board_id;
	size_t		 cap;
	bool		 full;
};

static bool
is_known_link(const struct page *p, const char *file)
{
	size_t i;

	for (i = 0; i < p->n; i++)
		if (strcmp(p->link[i].file, file) == 0)
			return true;
	return false;
}

static void
add_link(struct reader *r, const char *file)
{
	struct page *p = r->page;
	struct firmware_name name;

	if (!firmware_name_parse(file, r->board_id, &name) ||
	    !firmware_ext_usable(name.ext) || is_known_link(p, file))
		return;
	if (p->n == PAGE_LINKS) {
		r->full = true;
		return;
	}
	if (p->n == r->cap) {
		r->cap = r->cap == 0 ? 64 : 2 * r->cap;
		p->link = mem_grow(p->link, r->cap, sizeof(*p->link));
	}
	memcpy(p->link[p->n].file, file, strlen(file) + 1);
	p->link[p->n++].name = name;
}

/* "https://.../ports/PORT/boards/BOARD": the first one tells the port. */
static void
set_page_port(struct reader *r, const char *href)
{
	const char *port = strstr(href, PORTS), *end;
	const size_t board = strlen(r->board_id);
	size_t n;

	if (port == NULL || r->page->port[0] != '\0')
		return;
	port += sizeof(PORTS) - 1;
	n = strspn(port, "abcdefghijklmnopqrstuvwxyz0123456789_-");
	end = port + n;
	if (n == 0 || n >= sizeof(r->page->port) || *port == '-' ||
	    *port == '_' || strncmp(end, BOARDS, sizeof(BOARDS) - 1) != 0)
		return;
	end += sizeof(BOARDS) - 1;
	if (strncmp(end, r->board_id, board) != 0 ||
	    (end[board] != '\0' && end[board] != '/'))
		return;
	memcpy(r->page->port, port, n);
	r->page->port[n] = '\0';
}

static void
on_page_href(const char *href, const char *class_name, void *ctx)
{
	struct reader *r = ctx;
	const char *file = strstr(href, FIRMWARE);

	(void)class_name;
	if (file != NULL)
		add_link(r, file + sizeof(FIRMWARE) - 1);
	else
		set_page_port(r, href);
}

int
page_parse(const char *html, size_t n, const char *board_id, struct page *out,
    struct err *e)
{
	struct reader r = { .page = out, .board_id = board_id };

	memset(out, 0, sizeof(*out));
	if (html_links(html, n, on_page_href, &r, e) == -1)
		return -1;
	if (r.full)
		err_set(e, ERR_INPUT, "more than %u links", PAGE_LINKS);
	else if (out->n > 0)
		return 0;
	else
		err_set(e, ERR_NOT_FOUND, "no firmware for %s on the page",
		    board_id);
	page_release(out);
	return -1;
}

void
page_release(struct page *p)
{
	free(p->link);
	*p = (struct page)PAGE_INIT;
}
