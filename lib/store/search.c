/* SPDX-License-Identifier: MIT */
#include "store/search.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "base/buf.h"
#include "store/db.h"
#include "store/rows.h"

struct search {
	struct store		*s;
	const char *const	*words;
	const char		*match;		/* the same for FTS5 */
	int64_t			 limit;
	int			(*fn)(const struct search_hit *hit, void *ctx);
	void			*ctx;
	bool			 ended;
};

/* Has it a letter or a digit, or a character beyond ASCII? */
static bool
says_something(const char *word)
{
	for (; *word != '\0'; word++)
		if (isalnum((unsigned char)*word) ||
		    (unsigned char)*word >= 0x80)
			return true;
	return false;
}

/* "RPI_PICO" "v1.2"*: in quotes, so that all of it is text. */
static void
add_match(struct buf *out, const char *word)
{
	const size_t n = strlen(word);
	const bool begins = n > 1 && word[n - 1] == '*';

	buf_adds(out, out->len > 0 ? " \"" : "\"");
	for (size_t i = 0; i < n - begins; i++) {
		if (word[i] == '"')
			buf_addc(out, '"');
		buf_addc(out, word[i]);
	}
	buf_adds(out, begins ? "\"*" : "\"");
}

static int
make_match(const char *const *words, struct buf *out, struct err *e)
{
	size_t n = 0;

	for (; words != NULL && words[n] != NULL; n++) {
		if (n == SEARCH_WORDS_MAX)
			return err_set(e, ERR_USAGE, "more than %u words",
			    SEARCH_WORDS_MAX);
		if (strlen(words[n]) > SEARCH_WORD_MAX)
			return err_set(e, ERR_USAGE, "a word of more than %u "
			    "bytes", SEARCH_WORD_MAX);
		if (says_something(words[n]))
			add_match(out, words[n]);
	}
	if (out->len > 0)
		return 0;
	err_set(e, ERR_USAGE, "no words to search for");
	return err_hint(e, "mpf-db search pico v1.24");
}

static int
hit_file(const struct store_file *f, void *ctx)
{
	struct search *se = ctx;
	const struct search_hit hit = { .file = f };

	if (f->dir != se->s->dir && files_has(se->s, f->file))
		return 0;
	se->ended = se->fn(&hit, se->ctx) != 0;
	return se->ended;
}

static int
hit_device(const struct store_device *d, void *ctx)
{
	struct search *se = ctx;
	const struct search_hit hit = { .device = d };

	se->ended = se->fn(&hit, se->ctx) != 0;
	return se->ended;
}

static int
hit_event(const struct store_event *ev, void *ctx)
{
	struct search *se = ctx;
	const struct search_hit hit = { .event = ev };

	se->ended = se->fn(&hit, se->ctx) != 0;
	return se->ended;
}

static int
hit_board(const struct store_board *b, void *ctx)
{
	struct search *se = ctx;
	const struct search_hit hit = { .board = b };

	se->ended = se->fn(&hit, se->ctx) != 0;
	return se->ended;
}

/* Without case, and without accents made plain: these are names and paths. */
static bool
holds(const char *text, const char *word)
{
	const size_t n = strcspn(word, "*");

	for (; text != NULL && *text != '\0'; text++)
		if (strncasecmp(text, word, n) == 0)
			return true;
	return false;
}

/* What mpflash put there is in no index of words. */
static int
tell_theirs(const struct store_file *f, void *ctx)
{
	struct search *se = ctx;

	for (size_t i = 0; se->words[i] != NULL; i++)
		if (says_something(se->words[i]) &&
		    !holds(f->file, se->words[i]) &&
		    !holds(f->board_id, se->words[i]) &&
		    !holds(f->version, se->words[i]) &&
		    !holds(f->port, se->words[i]) &&
		    !holds(f->source, se->words[i]) &&
		    !holds(f->description, se->words[i]))
			return 0;
	if (se->limit-- <= 0)
		return 1;
	return hit_file(f, se);
}

static int
begin_match(struct search *se, struct store *s, const char *sql,
    struct query *q, struct err *e)
{
	if (query_begin(s, sql, q, e) == -1)
		return -1;
	query_text(q, se->match);
	query_int(q, se->limit);
	return 0;
}

#define NEWEST(find)	" (SELECT rowid FROM " find " WHERE words MATCH ?1 " \
			"ORDER BY rowid DESC LIMIT ?2) ORDER BY id DESC"

/* In this store, or in the one below what this one lacks. */
static int
search_files(struct search *se, struct store *s, struct err *e)
{
	struct search theirs = *se;
	struct query q;

	if (begin_match(se, s, FILE_ROWS "WHERE id IN" NEWEST("mpf_find_file"),
	    &q, e) == -1 || rows_files(&q, hit_file, se, e) == -1)
		return -1;
	return se->ended ? 0 : store_files_theirs(s, tell_theirs, &theirs, e);
}

static int
search_all(struct search *se, struct err *e)
{
	struct query q;

	if (begin_match(se, se->s, DEVICE_ROWS "WHERE d.id IN (SELECT rowid "
	    "FROM mpf_find_device WHERE words MATCH ?1 ORDER BY rowid DESC "
	    "LIMIT ?2) ORDER BY d.id DESC", &q, e) == -1 ||
	    rows_devices(&q, hit_device, se, e) == -1)
		return -1;
	if (!se->ended && search_files(se, se->s, e) == -1)
		return -1;
	if (!se->ended && se->s->below != NULL &&
	    search_files(se, se->s->below, e) == -1)
		return -1;
	if (!se->ended && (begin_match(se, se->s, EVENT_ROWS "WHERE id IN"
	    NEWEST("mpf_find_event"), &q, e) == -1 ||
	    rows_events(&q, hit_event, se, e) == -1))
		return -1;
	if (!se->ended && (begin_match(se, se->s, BOARD_ROWS "FROM "
	    "main.mpf_board WHERE id IN" NEWEST("mpf_find_board"),
	    &q, e) == -1 ||
	    rows_boards(&q, hit_board, se, e) == -1))
		return -1;
	return 0;
}

int
store_search(struct store *s, const char *const *words, int64_t limit,
    int (*fn)(const struct search_hit *hit, void *ctx), void *ctx,
    struct err *e)
{
	struct search se = { .s = s, .words = words, .limit = limit,
	    .fn = fn, .ctx = ctx };
	struct buf match = BUF_INIT;
	int r = make_match(words, &match, e);

	if (r == 0) {
		se.match = match.data;
		r = search_all(&se, e);
	}
	buf_release(&match);
	return r;
}
