/* SPDX-License-Identifier: MIT */
#ifndef MPF_REPL_SAID_H
#define MPF_REPL_SAID_H

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "repl/parcel.h"
#include "repl/script.h"

/*
 * repl_said: conversations for link_replay with a board without raw-paste, so
 * that each script is sent in one piece, as repl/ numbers its runs.  The
 * scripts are not repeated here: what they do is seen on real boards.
 */

static const char said_opening[] = "> \\x02\n< \\r\\n>>> \n"
    "> \\x01\n< \\r\\nraw REPL; CTRL-B to exit\\r\\n>\n"
    "> \\x05A\\x01\n< raw REPL; CTRL-B to exit\\r\\n>\n";

static const char said_closing[] = "> \\x02\n< \\r\\n>>> \n";

struct conv {
	struct buf	 text;
	unsigned	 runs;		/* of scripts, so far */
	bool		 first;		/* the next is the session's first */
};

static inline void
conv_bytes(struct conv *c, const struct buf *b)
{
	for (size_t i = 0; i < b->len; i++)
		buf_addf(&c->text, "\\x%02x", (unsigned char)b->data[i]);
}

/* "We send this script"; the nonce of its answer. */
static inline uint32_t
conv_send(struct conv *c, const char *name, const struct script_arg *args,
    size_t n)
{
	const unsigned run = c->first ? 0 : c->runs++;
	const uint32_t nonce = parcel_nonce(clock_ms(), run);
	struct buf code = BUF_INIT;

	if (script_add(&code, name, nonce, args, n) == -1)
		printf("# no script %s\n", name);
	c->first = false;
	buf_adds(&c->text, "> ");
	conv_bytes(c, &code);
	buf_adds(&c->text, "\\x04\n");
	buf_release(&code);
	return script_nonce(nonce, args, n);
}

/* "It answers with these fields"; raised: with an exception's repr(). */
static inline void
conv_answer(struct conv *c, uint32_t nonce, const struct buf *fields,
    const char *raised)
{
	struct buf packed = BUF_INIT, error = BUF_INIT;

	if (raised != NULL) {
		parcel_put(&error, "error", raised, strlen(raised));
		fields = &error;
		nonce = parcel_error(nonce);
	}
	parcel_pack(&packed, nonce, fields->data, fields->len);
	buf_adds(&c->text, "< OK");
	conv_bytes(c, &packed);
	buf_adds(&c->text, "\\x04\\x04>\n");
	buf_release(&packed);
	buf_release(&error);
}

/* As conv_send and conv_answer, of text arguments; NULL: none. */
static inline void
conv_step(struct conv *c, const struct buf *fields, const char *raised,
    const char *name, const char *a, const char *b)
{
	const struct script_arg args[] = {
		{ a, a == NULL ? 0 : strlen(a) },
		{ b, b == NULL ? 0 : strlen(b) },
	};

	conv_answer(c, conv_send(c, name, args, (a != NULL) + (b != NULL)),
	    fields, raised);
}

/* A script that has nothing to say, or raises this. */
static inline void
conv_done(struct conv *c, const char *raised, const char *name, const char *a,
    const char *b)
{
	const struct buf none = BUF_INIT;

	conv_step(c, &none, raised, name, a, b);
}

/* A piece of a file is written; path "": not the first. */
static inline void
conv_write(struct conv *c, const char *raised, const char *path,
    const char *p, size_t n, bool last)
{
	const struct script_arg args[] = {
		{ path, strlen(path) }, { p, n }, { "last", last ? 4 : 0 },
	};
	const struct buf none = BUF_INIT;

	conv_answer(c, conv_send(c, "write", args, 3), &none, raised);
}

/* All of it is. */
static inline void
conv_put(struct conv *c, const char *path, const char *text)
{
	const size_t n = strlen(text), most = 256;
	size_t at = 0;

	do {
		conv_write(c, NULL, at == 0 ? path : "", text + at,
		    n - at < most ? n - at : most, n - at <= most);
		at += most;
	} while (at < n);
}

/*
 * The beginning, up to the question what board it is: that is asked when the
 * first script has its number already.
 */
static inline void
conv_begin(struct conv *c, const char *platform)
{
	struct buf fields = BUF_INIT;

	buf_clear(&c->text);
	c->runs = 1;
	c->first = false;
	buf_adds(&c->text, said_opening);
	parcel_put(&fields, "platform", platform, strlen(platform));
	conv_step(c, &fields, NULL, "platform", NULL, NULL);
	c->first = true;
	buf_release(&fields);
}

/* What read.py answers of a file that holds this. */
static inline void
conv_read(struct conv *c, const char *path, const char *text)
{
	const size_t n = strlen(text);
	struct buf fields = BUF_INIT;

	for (size_t i = 0; i < n; i += 32)
		parcel_put(&fields, "data", text + i,
		    n - i < 32 ? n - i : 32);
	conv_step(c, &fields, NULL, "read", path, NULL);
	buf_release(&fields);
}

#endif
