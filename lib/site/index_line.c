/* SPDX-License-Identifier: MIT */
#include "site/index_line.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "http/http.h"
#include "site/mirror.h"
#include "stream/stream.h"

/* A mirror that was near there need not be where the bundle goes. */
void
index_line_put(const struct index *ix, const char *board_id,
    struct buf *out)
{
	struct record *rec = record_new();
	char **links = mem_alloc((ix->n + 1) * sizeof(*links));
	char *source = mem_printf("%s/download/%s/", SITE_MIRROR, board_id);

	for (size_t i = 0; i < ix->n; i++)
		links[i] = mem_printf("%s%s%s", SITE_MIRROR, SITE_FILES,
		    ix->link[i].file);
	record_put_str(rec, "firmware.board_id", board_id);
	if (ix->port[0] != '\0')
		record_put_str(rec, "firmware.port", ix->port);
	record_put_str(rec, "firmware.index.source", source);
	record_put_int(rec, "fetched_at", ix->fetched_at);
	record_put_list(rec, "links", (const char *const *)links);
	record_dump(rec, out);
	buf_addc(out, '\n');
	for (size_t i = 0; i < ix->n; i++)
		free(links[i]);
	free(links);
	free(source);
	record_free(rec);
}

static int
take_links(const struct record *rec, const char *board_id, struct index *out,
    struct err *e)
{
	const char **links = mem_alloc((PAGE_LINKS + 1) * sizeof(*links));
	struct firmware_name name;
	int r = record_opt_list(rec, "links", links, PAGE_LINKS, e);

	for (size_t i = 0; r == 0 && links[i] != NULL; i++) {
		if (http_kind(links[i]) != HTTP_HTTPS ||
		    !firmware_name_parse(url_file(links[i]), board_id, &name) ||
		    !firmware_ext_usable(name.ext))
			r = err_set(e, ERR_INPUT, "%.150s: not a firmware of "
			    "%.60s", links[i], board_id);
		else
			index_add(out, mem_str(links[i]))->name = name;
	}
	free(links);
	return r;
}

static int
take_index_line(const struct record *rec, char **board_id, struct index *out,
    struct err *e)
{
	const char *id, *source, *port;

	if (record_get_str(rec, "firmware.board_id", &id, e) == -1 ||
	    record_get_str(rec, "firmware.index.source", &source, e) == -1 ||
	    record_opt_str(rec, "firmware.port", &port, e) == -1 ||
	    record_get_int(rec, "fetched_at", &out->fetched_at, e) == -1)
		return -1;
	if (!firmware_file_safe(id) || http_kind(source) != HTTP_HTTPS ||
	    (port != NULL && !firmware_file_safe(port)))
		return err_set(e, ERR_INPUT, "%.100s: not a board's page",
		    source);
	if (take_links(rec, id, out, e) == -1)
		return -1;
	out->source = mem_str(source);
	snprintf(out->port, sizeof(out->port), "%s", port == NULL ? "" : port);
	*board_id = mem_str(id);
	return 0;
}

int
index_line_get(const char *line, size_t n, char **board_id,
    struct index *out, struct err *e)
{
	struct record *rec = NULL;
	int r = -1;

	*out = (struct index)INDEX_INIT;
	*board_id = NULL;
	if (record_parse(line, n, &rec, e) == 0)
		r = take_index_line(rec, board_id, out, e);
	record_free(rec);
	if (r == -1)
		index_release(out);
	return r;
}
