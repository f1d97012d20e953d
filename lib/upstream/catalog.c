/* SPDX-License-Identifier: MIT */
#include "upstream/catalog.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "store/tsv.h"

#define COLUMNS_KEY	5u		/* port to last */

const char *const catalog_facts[FACT_COUNT] = {
	"name", "hw_mcu", "machine", "mcu", "product", "vendor", "url", "vid",
	"pid", "flash_offset", "json_id", "variant_text", "released"
};

static const char *const key_names[COLUMNS_KEY] = {
	"port", "board", "variant", "first", "last"
};

static void
row_release(struct row *r)
{
	free(r->port);
	free(r->board);
	free(r->variant);
	for (size_t i = 0; i < FACT_COUNT; i++)
		free(r->f[i]);
}

void
catalog_release(struct catalog *t)
{
	for (size_t i = 0; i < t->n_rows; i++)
		row_release(&t->row[i]);
	for (size_t i = 0; i < t->n_given_up; i++)
		free(t->given_up[i]);
	free(t->given_up);
	free(t->row);
	free(t->version);
	free(t->tip);
	*t = (struct catalog)CATALOG_INIT;
}

struct row *
catalog_add(struct catalog *t, const char *port, const char *board,
    const char *variant, size_t version)
{
	struct row *r;

	if ((t->n_rows & (t->n_rows - 1)) == 0)
		t->row = mem_grow(t->row, t->n_rows > 0 ? t->n_rows * 2 : 1,
		    sizeof(*t->row));
	r = &t->row[t->n_rows++];
	*r = (struct row){ .port = mem_str(port), .board = mem_str(board),
	    .variant = mem_str(variant), .first = version,
	    .last = version };
	for (size_t i = 0; i < FACT_COUNT; i++)
		r->f[i] = mem_str("");
	return r;
}

void
catalog_drop(struct catalog *t)
{
	row_release(&t->row[--t->n_rows]);
}

bool
catalog_set(struct row *r, enum fact f, const char *text)
{
	struct buf b = BUF_INIT;
	bool fits;

	text_clean(&b, text, strlen(text));
	for (size_t i = 0; i < b.len; i++)
		if ((unsigned char)b.data[i] < ' ' || b.data[i] == 0x7f)
			b.data[i] = ' ';
	fits = b.len <= CATALOG_VALUE;
	if (!fits)
		buf_clear(&b);
	free(r->f[f]);
	r->f[f] = buf_steal(&b);
	return fits;
}

/* Does nothing differ but what describes them? */
static bool
same(const struct row *a, const struct row *b)
{
	static const enum fact telling[] = {
		FACT_NAME, FACT_HW_MCU, FACT_MACHINE, FACT_VID, FACT_PID,
		FACT_JSON_ID, FACT_RELEASED
	};

	for (size_t i = 0; i < sizeof(telling) / sizeof(telling[0]); i++)
		if (strcmp(a->f[telling[i]], b->f[telling[i]]) != 0)
			return false;
	return true;
}

void
catalog_id(const struct row *r, struct buf *out)
{
	buf_addf(out, "%s%s%s", r->board, r->variant[0] != '\0' ? "-" : "",
	    r->variant);
}

int
catalog_compare(const struct row *a, const struct row *b)
{
	int r = strcmp(a->port, b->port);

	if (r == 0)
		r = strcmp(a->board, b->board);
	return r != 0 ? r : strcmp(a->variant, b->variant);
}

static int
compare(const void *pa, const void *pb)
{
	const struct row *a = pa, *b = pb;
	const int r = catalog_compare(a, b);

	return r != 0 ? r : (a->first > b->first) - (a->first < b->first);
}

void
catalog_sort(struct catalog *t)
{
	size_t n = 0;

	if (t->n_rows == 0)
		return;
	qsort(t->row, t->n_rows, sizeof(*t->row), compare);
	for (size_t i = 1; i < t->n_rows; i++) {
		struct row *last = &t->row[n], *r = &t->row[i];

		if (catalog_compare(last, r) == 0 && same(last, r) &&
		    r->first == last->last + 1) {
			r->first = last->first;
			row_release(last);
			*last = *r;
		} else {
			t->row[++n] = *r;
		}
	}
	t->n_rows = n + 1;
}

void
catalog_print(const struct catalog *t, struct buf *out)
{
	buf_adds(out, "#versions");
	for (size_t i = 0; i < t->n_versions; i++)
		buf_addf(out, "\t%s", t->version[i].name);
	buf_addf(out, "\n#tip\t%s\n", t->tip);
	for (size_t i = 0; i < COLUMNS_KEY; i++)
		buf_addf(out, "%s%s", i > 0 ? "\t" : "", key_names[i]);
	for (size_t i = 0; i < FACT_COUNT; i++)
		buf_addf(out, "\t%s", catalog_facts[i]);
	buf_addc(out, '\n');
	for (size_t i = 0; i < t->n_rows; i++) {
		const struct row *r = &t->row[i];

		buf_addf(out, "%s\t%s\t%s\t%s\t%s", r->port, r->board,
		    r->variant, t->version[r->first].name,
		    t->version[r->last].name);
		for (size_t k = 0; k < FACT_COUNT; k++)
			buf_addf(out, "\t%s", r->f[k]);
		buf_addc(out, '\n');
	}
}

void
catalog_give_up(struct catalog *t, const char *port, const char *board,
    const char *variant)
{
	t->given_up = mem_grow(t->given_up, t->n_given_up + 1,
	    sizeof(*t->given_up));
	t->given_up[t->n_given_up++] = mem_printf("%s %s-%s", port, board,
	    variant);
}

long
catalog_version(const struct catalog *t, const char *name)
{
	for (size_t i = 0; i < t->n_versions; i++)
		if (strcmp(t->version[i].name, name) == 0)
			return (long)i;
	return -1;
}

/* --- the file --- */

static int
bad_line(const struct tsv *in, const char *what, struct err *e)
{
	return err_set(e, ERR_INPUT, "%s, line %u: %s", in->name, in->line,
	    what);
}

/* The next line, which has to begin so, with no more than max fields. */
static int
expect(struct tsv *in, const char *word, size_t min, size_t max,
    struct err *e)
{
	const int r = tsv_line(in, e);

	if (r == -1)
		return -1;
	if (r == 0 || strcmp(in->field[0], word) != 0 || in->n < min ||
	    in->n > max)
		return bad_line(in, "not as mpf-boards writes it", e);
	return 0;
}

static int
parse_versions(struct tsv *in, struct catalog *out, struct err *e)
{
	if (expect(in, "#versions", 2, TSV_FIELDS, e) == -1)
		return -1;
	out->n_versions = in->n - 1;
	out->version = mem_grow(NULL, out->n_versions,
	    sizeof(*out->version));
	memset(out->version, 0, out->n_versions * sizeof(*out->version));
	for (size_t i = 0; i < out->n_versions; i++) {
		struct catalog_version *v = &out->version[i];

		if (!version_parse(in->field[i + 1], &v->v))
			return bad_line(in, "a version that is none", e);
		version_text(&v->v, v->name);
		v->time = -1;
	}
	return 0;
}

static int
parse_columns(struct tsv *in, struct err *e)
{
	if (expect(in, key_names[0], COLUMNS_KEY + FACT_COUNT,
	    COLUMNS_KEY + FACT_COUNT, e) == -1)
		return -1;
	for (size_t i = 1; i < in->n; i++)
		if (strcmp(in->field[i], i < COLUMNS_KEY ? key_names[i] :
		    catalog_facts[i - COLUMNS_KEY]) != 0)
			return bad_line(in, "other columns than mpf-boards "
			    "writes", e);
	return 0;
}

static int
parse_row(struct tsv *in, struct catalog *out, struct err *e)
{
	long first, last;
	struct row *r;

	if (in->n != COLUMNS_KEY + FACT_COUNT)
		return bad_line(in, "a field more or less than there are "
		    "columns", e);
	first = catalog_version(out, in->field[3]);
	last = catalog_version(out, in->field[4]);
	if (first == -1 || last < first)
		return bad_line(in, "versions that are not in line 1, or "
		    "not in that order", e);
	r = catalog_add(out, in->field[0], in->field[1], in->field[2],
	    (size_t)first);
	r->last = (size_t)last;
	for (size_t i = 0; i < FACT_COUNT; i++)
		catalog_set(r, (enum fact)i, in->field[COLUMNS_KEY + i]);
	return 0;
}

int
catalog_parse(char *text, size_t len, const char *name, struct catalog *out,
    struct err *e)
{
	struct tsv in = { .text = text, .len = len, .name = name };
	int r = -1;

	*out = (struct catalog)CATALOG_INIT;
	if (parse_versions(&in, out, e) == -1 ||
	    expect(&in, "#tip", 2, 2, e) == -1)
		goto out;
	out->tip = mem_str(in.field[1]);
	if (parse_columns(&in, e) == -1)
		goto out;
	while ((r = tsv_line(&in, e)) == 1)
		if (parse_row(&in, out, e) == -1) {
			r = -1;
			break;
		}
out:
	if (r == -1)
		catalog_release(out);
	return r;
}
