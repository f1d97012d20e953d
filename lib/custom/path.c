/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "custom/impl.h"

/*
 * path: what the place of a file says of it: MicroPython builds BOARD with
 * VARIANT in ports/PORT/build-BOARD-VARIANT.
 */

#define PORTS		"/ports/"
#define BUILD		"build-"

/* The part of the path at p, up to its slash; the entry's own. */
static const char *
part(struct work *w, const char *p, size_t n)
{
	return entry_own(w->en, mem_printf("%.*s", (int)n, p));
}

static void
split_build(struct work *w, const char *name, size_t n,
    struct board_name *out)
{
	const char *dash = memchr(name, '-', n);
	const size_t id = dash == NULL ? n : (size_t)(dash - name);

	if (id == 0)
		return;
	out->board_id = part(w, name, id);
	if (dash != NULL && n - id > 1)
		out->variant = part(w, dash + 1, n - id - 1);
}

void
path_board(struct work *w, struct board_name *out)
{
	const char *at = NULL, *p = w->path, *build;
	size_t n;

	*out = (struct board_name){ NULL, NULL, NULL };
	while (p != NULL && (p = strstr(p, PORTS)) != NULL)
		at = p++;
	if (at == NULL)
		return;
	at += strlen(PORTS);
	n = strcspn(at, "/");
	build = at + n;
	if (*build == '\0' || strncmp(build + 1, BUILD, strlen(BUILD)) != 0)
		return;
	out->port = part(w, at, n);
	build += 1 + strlen(BUILD);
	n = strcspn(build, "/");
	if (build[n] == '/')		/* the file is in it, or below */
		split_build(w, build, n, out);
	if (!facts_is_port(w->c->facts, out->port))
		*out = (struct board_name){ NULL, NULL, NULL };
}
