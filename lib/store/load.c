/* SPDX-License-Identifier: MIT */
#include "store/db.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/digest.h"
#include "base/mem.h"
#include "store/derived.h"
#include "store/share.h"
#include "store/tsv.h"

#define VERSIONS_MAX	TSV_FIELDS

#define N(a)		(sizeof(a) / sizeof((a)[0]))

/* What share/boards.tsv begins with. */
struct head {
	char	*versions[VERSIONS_MAX];	/* oldest first */
	size_t	 n_versions;
	char	*tip;		/* "v1.29.0-preview-731-g1c3c201149" */
};

/* The columns that a row is made of, in the order of the INSERT below. */
static const char *const columns[] = {
	"port", "board", "variant", "first", "last", "name", "hw_mcu",
	"machine", "mcu", "product", "vendor", "url", "vid", "pid",
	"flash_offset", "variant_text", "differs", "released",
};

enum column {
	C_PORT, C_BOARD, C_VARIANT, C_FIRST, C_LAST, C_NAME, C_HW_MCU,
	C_MACHINE, C_MCU, C_PRODUCT, C_VENDOR, C_URL, C_VID, C_PID,
	C_OFFSET, C_VARIANT_TEXT, C_DIFFERS, C_RELEASED, C_COUNT
};

/* Where the file has them. */
struct layout {
	size_t	 at[C_COUNT];
	size_t	 n;		/* fields in a line */
};

static int
malformed(const struct tsv *t, struct err *e)
{
	return err_set(e, ERR_INPUT, "%s, line %u: not as it should be",
	    t->name, t->line);
}

/* "#versions v1.18 ..." and "#tip ...". */
static int
read_head(struct tsv *t, struct head *out, struct err *e)
{
	int r;

	if ((r = tsv_line(t, e)) == -1)
		return -1;
	if (r == 0 || strcmp(t->field[0], "#versions") != 0 || t->n < 2)
		return malformed(t, e);
	out->n_versions = t->n - 1;
	memcpy(out->versions, t->field + 1,
	    out->n_versions * sizeof(out->versions[0]));
	if ((r = tsv_line(t, e)) == -1)
		return -1;
	if (r == 0 || strcmp(t->field[0], "#tip") != 0 || t->n != 2)
		return malformed(t, e);
	out->tip = t->field[1];
	return 0;
}

static int
read_columns(struct tsv *t, struct layout *out, struct err *e)
{
	const int r = tsv_line(t, e);

	if (r != 1)
		return r == 0 ? malformed(t, e) : -1;
	out->n = t->n;
	for (size_t c = 0; c < N(columns); c++) {
		size_t i = 0;

		while (i < t->n && strcmp(t->field[i], columns[c]) != 0)
			i++;
		if (i == t->n)
			return err_set(e, ERR_INPUT, "%s, line %u: no column "
			    "%s", t->name, t->line, columns[c]);
		out->at[c] = i;
	}
	return 0;
}

/* The same, of what no longer looks as it did. */
static int
read_wanted(struct store *s, const char *tip, struct err *e)
{
	struct buf boards = BUF_MAX(SHARE_MAX), renames = BUF_MAX(SHARE_MAX);
	char *sum = meta_get(s, "facts_sha256");
	char now[DIGEST_HEX];
	struct head head;
	struct tsv t = { .name = "boards.tsv" };
	int r = 0;

	if (share_read(&boards, &renames, e) == -1) {
		r = tip == NULL ? -1 : 0;	/* those loaded will do */
		goto out;
	}
	share_stamp(&boards, &renames, now);
	if (tip != NULL && sum != NULL && strcmp(sum, now) == 0)
		goto out;
	t.text = boards.data;
	t.len = boards.len;
	if (read_head(&t, &head, e) == -1)
		r = -1;
	else
		r = tip == NULL || tip_compare(head.tip, tip) >= 0;
out:
	free(sum);
	buf_release(&boards);
	buf_release(&renames);
	return r;
}

int
load_wanted(struct store *s, struct err *e)
{
	char *tip = meta_get(s, "facts_tip"), *now = share_looks();
	char *then = meta_get(s, "facts_looks");
	int r = 0;

	if (tip == NULL || now == NULL || then == NULL ||
	    strcmp(now, then) != 0)
		r = read_wanted(s, tip, e);
	free(tip);
	free(now);
	free(then);
	return r;
}

/* The machine string is left out where it is "NAME with MCU". */
static int
insert_board(struct store *s, char *const f[C_COUNT], struct err *e)
{
	const bool made = f[C_MACHINE][0] == '\0';
	char *machine = !made ? f[C_MACHINE] :
	    mem_printf("%s with %s", f[C_NAME], f[C_HW_MCU]);
	struct query q;
	int r = query_begin(s, "INSERT INTO mpf_board (port, board_id, variant,"
	    " first, last, name, hw_mcu, machine, mcu, product, vendor, url,"
	    " vid, pid, flash_offset, variant_text, differs, released) VALUES"
	    " (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14,"
	    " ?15, ?16, ?17, ?18) ON CONFLICT DO NOTHING", &q, e);

	if (r == 0) {
		for (size_t i = 0; i < C_RELEASED; i++)
			query_text(&q, i == C_MACHINE ? machine : f[i]);
		query_int(&q, strcmp(f[C_RELEASED], "1") == 0);
		r = query_run(&q, e);
	}
	if (made)
		free(machine);
	return r;
}

static bool
is_known_version(const struct head *h, const char *version, size_t *out)
{
	for (*out = 0; *out < h->n_versions; ++*out)
		if (strcmp(h->versions[*out], version) == 0)
			return true;
	return false;
}

/*
 * mpflash has a row for each version, and no port in its key: of two ports
 * with one id, GENERIC up to v1.20, the first in the table has the row
 * (esp32), unless mpflash gave it to the other.  Rows that are there stay as
 * they are, but for those of a preview, which goes on; never the user's own.
 *
 * Which list was loaded, metadata's boards_version, is mpflash's to say: its
 * own has unix, windows and webassembly too, which run on no board, and comes
 * instead of these rows when it finds none noted, or an older one.
 */
static int
fill_mpflash(struct store *s, const struct head *h, char *const f[C_COUNT],
    size_t first, size_t last, struct err *e)
{
	struct query q;

	if (strcmp(f[C_RELEASED], "1") != 0)
		return 0;
	for (size_t i = first; i <= last; i++) {
		if (query_begin(s, "INSERT INTO boards (board_id, version,"
		    " board_name, mcu, variant, port, path, description,"
		    " family, custom) VALUES (?2 || iif(?3 = '', '', '-' ||"
		    " ?3), ?4, ?2, ?5, ?3, ?1, 'ports/' || ?1 || '/boards/' ||"
		    " ?2, iif(?6 = '', ?7 || ' with ' || ?8, ?6),"
		    " 'micropython', 0) ON CONFLICT DO"
		    " UPDATE SET board_name = excluded.board_name,"
		    " mcu = excluded.mcu, variant = excluded.variant,"
		    " path = excluded.path,"
		    " description = excluded.description"
		    " WHERE NOT custom AND port = excluded.port AND"
		    " version LIKE '%-preview'", &q, e) == -1)
			return -1;
		query_text(&q, f[C_PORT]);
		query_text(&q, f[C_BOARD]);
		query_text(&q, f[C_VARIANT]);
		query_text(&q, h->versions[i]);
		query_text(&q, f[C_MCU]);
		query_text(&q, f[C_MACHINE]);
		query_text(&q, f[C_NAME]);
		query_text(&q, f[C_HW_MCU]);
		if (query_run(&q, e) == -1)
			return -1;
	}
	return 0;
}

static int
load_boards(struct store *s, struct tsv *t, const struct head *h, bool fill,
    struct err *e)
{
	struct layout at = { .n = 0 };
	char *f[C_COUNT];
	size_t first, last;
	int r;

	if (read_columns(t, &at, e) == -1)
		return -1;
	while ((r = tsv_line(t, e)) == 1) {
		if (t->n != at.n)
			return malformed(t, e);
		for (size_t c = 0; c < C_COUNT; c++)
			f[c] = t->field[at.at[c]];
		if (!is_known_version(h, f[C_FIRST], &first) ||
		    !is_known_version(h, f[C_LAST], &last) || first > last ||
		    f[C_PORT][0] == '\0' || f[C_BOARD][0] == '\0')
			return malformed(t, e);
		if (insert_board(s, f, e) == -1 ||
		    (fill && fill_mpflash(s, h, f, first, last, e) == -1))
			return -1;
	}
	return r;
}

static int
load_releases(struct store *s, const struct head *h, struct err *e)
{
	struct query q;

	for (size_t i = 0; i < h->n_versions; i++) {
		if (query_begin(s, "INSERT INTO mpf_release (n, version) "
		    "VALUES (?1, ?2)", &q, e) == -1)
			return -1;
		query_int(&q, (int64_t)i);
		query_text(&q, h->versions[i]);
		if (query_run(&q, e) == -1)
			return -1;
	}
	return 0;
}

static int
load_renames(struct store *s, struct buf *text, struct err *e)
{
	struct tsv t = { .text = text->data, .len = text->len,
	    .name = "renames.tsv" };
	struct query q;
	int r = tsv_line(&t, e);		/* its heading */

	while (r == 1 && (r = tsv_line(&t, e)) == 1) {
		if (t.n != 5)
			return malformed(&t, e);
		if (query_begin(s, "INSERT INTO mpf_rename (port, old, new,"
		    " since, how) VALUES (?1, ?2, ?3, ?4, ?5)", &q, e) == -1)
			return -1;
		for (size_t i = 0; i < t.n; i++)
			query_text(&q, t.field[i]);
		if (query_run(&q, e) == -1)
			return -1;
	}
	return r;
}

static int
note_looks(struct store *s, struct err *e)
{
	char *now = share_looks();
	const int r = now == NULL ? 0 : meta_put(s, "facts_looks", now, e);

	free(now);
	return r;
}

static int
load_text(struct store *s, struct buf *boards, struct buf *renames, bool fill,
    struct err *e)
{
	struct tsv t = { .text = boards->data, .len = boards->len,
	    .name = "boards.tsv" };
	struct head head;
	char sum[DIGEST_HEX];

	/* Before they are cut up; only what is stored is compared again. */
	if (fill)
		share_stamp(boards, renames, sum);
	if (read_head(&t, &head, e) == -1 ||
	    db_exec(s, "DELETE FROM mpf_release; DELETE FROM mpf_rename;"
	    "DELETE FROM mpf_board WHERE NOT custom", e) == -1 ||
	    load_releases(s, &head, e) == -1 ||
	    load_boards(s, &t, &head, fill, e) == -1 ||
	    load_renames(s, renames, e) == -1)
		return -1;
	if (meta_put(s, "facts_tip", head.tip, e) == -1)
		return -1;
	if (!fill)
		return 0;
	if (find_refill(s, FIND_BOARD, e) == -1)
		return -1;
	return note_looks(s, e) == 0 &&
	    meta_put(s, "facts_sha256", sum, e) == 0 ? 0 : -1;
}

int
load_facts(struct store *s, bool fill, struct err *e)
{
	struct buf boards = BUF_MAX(SHARE_MAX), renames = BUF_MAX(SHARE_MAX);
	int r = share_read(&boards, &renames, e);

	if (r == 0)
		r = load_text(s, &boards, &renames, fill, e);
	buf_release(&boards);
	buf_release(&renames);
	return r;
}
