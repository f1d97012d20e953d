/* SPDX-License-Identifier: MIT */
#include <stdlib.h>

#include "../tests/unit/tap.h"
#include "base/buf.h"
#include "base/file.h"
#include "site/index.h"
#include "site/name.h"
#include "site/page.h"

/*
 * Every board and variant of share/boards.tsv, under every form of name that
 * its files have had, as MicroPython's tools/autobuild makes them; and each
 * board's page, with all of these and what else is on such pages.
 */

#define ROWS_MAX	800

/* A board's row that the site builds; or an id of before v1.21. */
struct row {
	char	port[24], board[64], variant[64];
	int	old;			/* its id has a '-' in it */
	const struct means *means;
};

static struct row rows[ROWS_MAX];
static size_t n_rows;
static struct means_table *means;

/* What the server names builds by, newest first: "%s" is the extension. */
static const struct form {
	const char	*date, *version, *prefix;
	int		 kind;		/* 'r' release, 'p' preview, 'o' old */
} forms[] = {
	{ "20260406", "v1.28.0", "", 'r' },
	{ "20251209", "v1.27.0", "", 'r' },
	{ "20250911", "v1.26.1", "", 'r' },
	{ "20241129", "v1.24.1", "", 'r' },
	{ "20241025", "v1.24.0", "", 'r' },
	{ "20231005", "v1.21.0", "", 'r' },
	{ "20230426", "v1.20.0", "", 'r' },
	{ "20220618", "v1.19.1", "", 'r' },
	{ "20220616", "v1.19", "", 'r' },
	{ "20220117", "v1.18", "", 'r' },
	{ "20190531", "v1.11", "", 'r' },
	{ "20261102", "v1.29.0-preview.731.g1c3c201149", "", 'p' },
	{ "20261101", "v1.29.0-preview.9.g0123456789", "", 'p' },
	{ "20241020", "v1.24.0-preview.201.g269a0e0e1", "", 'p' },
	{ "20241019", "v1.24.0-preview.9.gabcdef012.dirty", "", 'p' },
	{ "20220301", "v1.18-496-gaa53d2f84", "unstable-", 'o' },
	{ "20220228", "v1.18-9-g0123456789", "unstable-", 'o' },
	{ "20230601", "v1.19.1-1014-gad806df85", "unstable-", 'o' },
};
#define FORMS	(sizeof(forms) / sizeof(forms[0]))

/* What is built for a port. */
static const struct {
	const char	*port, *ext[6];
} exts[] = {
	{ "esp32", { "bin", "app-bin", "elf", "map" } },
	{ "esp8266", { "bin", "elf", "map" } },
	{ "rp2", { "uf2", "elf", "map" } },
	{ "samd", { "uf2", "elf", "map" } },
	{ "stm32", { "dfu", "hex", "elf", "map" } },
	{ "mimxrt", { "bin", "hex", "uf2", "elf" } },
	{ "nrf", { "bin", "hex", "uf2", "elf" } },
	{ "renesas-ra", { "bin", "hex", "elf" } },
};

static const char *const *
exts_of(const char *port)
{
	for (size_t i = 0; i < sizeof(exts) / sizeof(exts[0]); i++)
		if (strcmp(exts[i].port, port) == 0)
			return exts[i].ext;
	return NULL;
}

static void
add_row(const char *port, const char *board, const char *variant, int old)
{
	struct row *r = &rows[n_rows];

	if (n_rows == ROWS_MAX || exts_of(port) == NULL)
		return;
	for (size_t i = 0; i < n_rows; i++)
		if (strcmp(rows[i].board, board) == 0 &&
		    strcmp(rows[i].variant, variant) == 0)
			return;
	snprintf(r->port, sizeof(r->port), "%s", port);
	snprintf(r->board, sizeof(r->board), "%s", board);
	snprintf(r->variant, sizeof(r->variant), "%s", variant);
	r->old = old;
	r->means = means_find(means, port, board);
	n_rows++;
}

/* The columns are named in the table's first rows; see lib/store/tsv.h. */
static void
read_row(char *line)
{
	enum { PORT, BOARD, VARIANT, JSON_ID = 15, RELEASED = 18, COLUMNS };
	char *col[COLUMNS];
	size_t n = 0;

	while (n < COLUMNS && (col[n] = strsep(&line, "\t")) != NULL)
		n++;
	if (n < COLUMNS || strcmp(col[RELEASED], "1") != 0)
		return;
	add_row(col[PORT], col[BOARD], col[VARIANT],
	    strchr(col[BOARD], '-') != NULL);
	if (col[JSON_ID][0] != '\0' && col[VARIANT][0] == '\0')
		add_row(col[PORT], col[JSON_ID], "",
		    strchr(col[JSON_ID], '-') != NULL);
}

static void
read_table(void)
{
	const char *share = getenv("MPF_SHARE");
	struct buf b = BUF_INIT;
	struct err e = ERR_INIT;
	char path[4096], *p, *line;

	snprintf(path, sizeof(path), "%s/boards.tsv", share != NULL ? share :
	    "share");
	OK(file_read(path, &b, &e) == 0);
	p = b.data;
	while ((line = strsep(&p, "\n")) != NULL)
		if (*line != '#')
			read_row(line);
	buf_release(&b);
}

static void
put_name(struct buf *out, const struct row *r, const struct form *f,
    const char *ext)
{
	buf_addf(out, "%s%s%s-%s-%s%s.%s", r->board,
	    r->variant[0] != '\0' ? "-" : "", r->variant, f->date, f->prefix,
	    f->version, ext);
}

/* The name again, from what was read of it alone. */
static void
print(const struct firmware_name *n, struct buf *out)
{
	const struct version *v = &n->version;
	const int old = !v->preview && v->build > 0;
	char text[VERSION_TEXT];

	version_text(v, text);
	buf_addf(out, "%s%s%s-%s-%s%s", n->board_id,
	    n->variant[0] != '\0' ? "-" : "", n->variant, n->date,
	    old ? "unstable-" : "", text);
	if (v->build >= 0)
		buf_addf(out, old ? "-%d-g%s" : ".%d.g%s", v->build,
		    v->commit);
	buf_addf(out, "%s.%s", v->dirty ? ".dirty" : "", n->ext);
}

/* Both ways of reading, and back; the number of names that failed. */
static size_t
round_trip(const struct row *r, const struct form *f, const char *ext,
    size_t *total)
{
	struct buf name = BUF_INIT, again = BUF_INIT;
	struct firmware_name n;
	size_t bad = 0;

	put_name(&name, r, f, ext);
	for (int known = 0; known < 2; known++) {
		if (!known && r->old)
			continue;	/* where it ends is not said */
		++*total;
		buf_clear(&again);
		if (firmware_name_parse(name.data, known ? r->board : NULL,
		    &n))
			print(&n, &again);
		if (strcmp(name.data, again.data) != 0 ||
		    strcmp(n.board_id, r->board) != 0 ||
		    strcmp(n.variant, r->variant) != 0) {
			printf("# %s: %s\n", name.data, again.data);
			bad++;
		}
	}
	buf_release(&name);
	buf_release(&again);
	return bad;
}

static size_t
round_trips(const struct row *r, const struct form *f, size_t *total)
{
	const char *const *ext = exts_of(r->port);
	size_t bad = 0;

	for (; *ext != NULL; ext++)
		bad += round_trip(r, f, *ext, total);
	return bad;
}

static void
test_names(void)
{
	size_t total = 0, bad = 0;

	for (size_t i = 0; i < n_rows; i++)
		for (size_t k = 0; k < FORMS; k++)
			bad += round_trips(&rows[i], &forms[k], &total);
	printf("# %zu boards and variants, %zu names\n", n_rows, total);
	OK(total > 608);
	OK(bad == 0);
}

static void
put_link(struct buf *page, const struct row *r, const struct form *f,
    const char *ext)
{
	buf_adds(page, "<a href=\"/resources/firmware/");
	put_name(page, r, f, ext);
	buf_addf(page, "\">%s%s .%s</a> / ", f->prefix, f->version, ext);
}

static void
put_links(struct buf *page, const struct row *r, const struct form *f)
{
	const char *const *ext = exts_of(r->port);

	buf_adds(page, "<div>");
	for (; *ext != NULL; ext++)
		put_link(page, r, f, *ext);
	put_link(page, r, f, "meta.zip");
	buf_adds(page, "</div>\n");
}

/* The newest first, releases before previews, as the site has them. */
static void
put_variant(struct buf *page, const struct row *r)
{
	static const char kinds[] = "rpo";

	buf_addf(page, "<h2>Firmware %s</h2>", r->variant);
	for (const char *kind = kinds; *kind != '\0'; kind++) {
		buf_addf(page, "<h3>%s</h3>", *kind == 'r' ? "Releases" :
		    "Preview builds");
		for (size_t k = 0; k < FORMS; k++) {
			if (forms[k].kind != *kind)
				continue;
			put_links(page, r, &forms[k]);
		}
	}
}

/* The kind of file that the board is flashed with. */
static const char *
best_ext(const struct row *r)
{
	const char *best = "none of its files";
	int rank = 0, least = 0;

	for (const char *const *e = exts_of(r->port); *e != NULL; e++) {
		rank = r->means != NULL ? means_rank(r->means, NULL, *e) : 0;
		if (rank != 0 && (least == 0 || rank < least)) {
			least = rank;
			best = *e;
		}
	}
	return best;
}

/* Boards whose names begin like it, and files it does not take; all newer. */
static void
put_others(struct buf *page, const struct row *r)
{
	static const struct form newer = { "20271231", "v1.99.0", "", 'r' };
	static const char *const suffix[] = { "2", "_W", "X" };
	struct row other = *r;

	for (size_t i = 0; i < 3; i++) {
		snprintf(other.board, sizeof(other.board), "%.50s%s", r->board,
		    suffix[i]);
		put_link(page, &other, &newer, exts_of(r->port)[0]);
	}
	put_link(page, r, &newer, "elf");
	put_link(page, r, &newer, "map");
	if (strcmp(best_ext(r), "app-bin") != 0)
		put_link(page, r, &newer, "app-bin");
	put_link(page, r, &newer, "meta.zip");
}

static size_t
picks(const struct index *ix, const struct row *r, const char *wanted,
    const struct form *f)
{
	const struct index_want w = { .board_id = r->board,
	    .variant = r->variant, .means = r->means, .wanted = wanted,
	    .build = -1 };
	const struct index_link *l = NULL;
	struct err e = ERR_INIT;
	struct buf want = BUF_INIT;
	size_t bad = 0;

	put_name(&want, r, f, best_ext(r));
	if (index_pick(ix, &w, &l, &e) == -1 ||
	    strcmp(l->file, want.data) != 0) {
		printf("# %s of %s-%s: %s%s, not %s\n", wanted, r->board,
		    r->variant, e.msg, l != NULL ? l->file : "", want.data);
		bad++;
	}
	buf_release(&want);
	return bad;
}

/* All that may be asked of one variant. */
static size_t
picks_all(const struct index *ix, const struct row *r)
{
	size_t bad = picks(ix, r, "stable", &forms[0]) +
	    picks(ix, r, "preview", &forms[11]) +
	    picks(ix, r, "latest", &forms[11]) +
	    picks(ix, r, "1.24", &forms[3]) +
	    picks(ix, r, "<1.20", &forms[7]);

	for (size_t k = 0; k < FORMS; k++) {
		if (forms[k].kind == 'r')
			bad += picks(ix, r, k == 8 ? "1.19.0" : k == 9 ?
			    "1.18.0" : forms[k].version, &forms[k]);
	}
	return bad;
}

/* The page of the board of row i, and what is picked of it. */
static size_t
board(size_t i, size_t *pages)
{
	const struct row *r = &rows[i];
	struct buf html = BUF_INIT;
	struct page p = PAGE_INIT;
	struct index ix = INDEX_INIT;
	struct err e = ERR_INIT;
	size_t bad = 0;

	buf_addf(&html, "<html><body><a href=\"https://github.com/micropython/"
	    "micropython/tree/master/ports/%s/boards/%s\">x</a>", r->port,
	    r->board);
	put_others(&html, r);
	for (size_t k = i; k < n_rows; k++)
		if (strcmp(rows[k].board, r->board) == 0)
			put_variant(&html, &rows[k]);
	++*pages;
	if (page_parse(html.data, html.len, r->board, &p, &e) == -1) {
		printf("# %s: %s\n", r->board, e.msg);
		buf_release(&html);
		return 1;
	}
	bad += strcmp(p.port, r->port) != 0;
	index_from_page(&p, "https://x", "https://x/", 0, &ix);
	for (size_t k = i; k < n_rows; k++)
		if (strcmp(rows[k].board, r->board) == 0)
			bad += picks_all(&ix, &rows[k]);
	index_release(&ix);
	page_release(&p);
	buf_release(&html);
	return bad;
}

static void
test_pages(void)
{
	size_t pages = 0, bad = 0;

	for (size_t i = 0; i < n_rows; i++) {
		size_t k = 0;

		while (strcmp(rows[k].board, rows[i].board) != 0)
			k++;
		if (k == i)		/* its first row */
			bad += board(i, &pages);
	}
	printf("# %zu pages\n", pages);
	OK(pages > 200);
	OK(bad == 0);
}

int
main(void)
{
	struct err e = ERR_INIT;

	OK(means_open(&means, &e) == 0);
	read_table();
	OK(n_rows > 250);
	test_names();
	test_pages();
	means_close(means);
	return tap_done();
}
