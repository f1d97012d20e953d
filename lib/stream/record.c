/* SPDX-License-Identifier: MIT */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "stream/json.h"

struct record *
record_new(void)
{
	struct record *rec = mem_alloc(sizeof(*rec));

	rec->root = json_object();
	record_put_int(rec, "mpf", 1);
	return rec;
}

static struct record *
of_line(json_t *root, const char *line, size_t len)
{
	struct record *rec = mem_alloc(sizeof(*rec));

	rec->root = root;
	rec->line = mem_copy(line, len);
	rec->len = len;
	return rec;
}

int
record_parse(const char *text, size_t n, struct record **out, struct err *e)
{
	json_t *root = json_line(text, n, e);

	if (root == NULL)
		return -1;
	*out = of_line(root, text, n);
	return 0;
}

struct record *
record_plain(const char *line, size_t len)
{
	json_t *root = json_plain(line, len);

	return root == NULL ? NULL : of_line(root, line, len);
}

struct record *
record_copy(const struct record *rec)
{
	struct record *c = mem_alloc(sizeof(*c));

	c->root = json_deep_copy(rec->root);
	c->line = rec->line == NULL ? NULL : mem_copy(rec->line, rec->len);
	c->len = rec->len;
	c->changed = rec->changed;
	return c;
}

void
record_free(struct record *rec)
{
	if (rec == NULL)
		return;
	json_decref(rec->root);
	free(rec->line);
	free(rec);
}

void
record_dump(const struct record *rec, struct buf *out)
{
	if (rec->changed)
		json_text(rec->root, out);
	else
		buf_add(out, rec->line, rec->len);
}

void
record_attach(struct record *rec, void *p)
{
	rec->attached = p;
}

void *
record_attached(const struct record *rec)
{
	return rec->attached;
}

bool
record_ours(const struct record *rec)
{
	return record_has(rec, "mpf");
}

bool
record_failed(const struct record *rec)
{
	return record_has(rec, "error");
}

void
record_fail(struct record *rec, const char *stage, const struct err *e)
{
	record_clear(rec, "error");
	record_put_str(rec, "error.stage", stage);
	record_put_str(rec, "error.code", err_name(e->code));
	record_put_str(rec, "error.message", e->msg);
	if (e->hint[0] != '\0')
		record_put_str(rec, "error.hint", e->hint);
	if (err_next_name(e) != NULL)
		record_put_str(rec, "error.next", err_next_name(e));
	record_put_bool(rec, "error.retry", e->retry);
}
