/* SPDX-License-Identifier: MIT */
#include "spoil.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"

static const char *const kinds[] = { "nothing", "print", "drop", "flip",
    "double", "cut", "mute", "delay" };

static bool
hits(const struct spoil *f, bool to_board, size_t at)
{
	return f->kind != SPOIL_NONE && f->to_board == to_board &&
	    at >= f->at && (at == f->at ||
	    (f->every > 0 && (at - f->at) % f->every == 0));
}

void
spoil_byte(struct spoiler *s, bool to_board, char c, struct buf *out)
{
	size_t *at = to_board ? &s->to_board : &s->from_board;
	int copies = 1;

	for (size_t i = 0; i < s->n; i++) {
		const struct spoil *f = &s->fault[i];

		if (!hits(f, to_board, *at))
			continue;
		if (f->kind == SPOIL_PRINT)
			buf_adds(out, f->text);
		else if (f->kind == SPOIL_DROP)
			copies = 0;
		else if (f->kind == SPOIL_FLIP)
			c = (char)(c ^ 1 << f->bit);
		else if (f->kind == SPOIL_DOUBLE)
			copies = 2;
		else if (f->kind == SPOIL_DELAY)
			s->late_ms = f->ms;
		s->pulled |= f->kind == SPOIL_CUT;
		s->mute |= f->kind == SPOIL_MUTE;
	}
	++*at;
	if (!to_board && s->mute)
		copies = 0;
	while (copies-- > 0 && !s->pulled)
		buf_addc(out, c);
}

void
spoil_show(const struct spoil *f, char *out, size_t n)
{
	struct buf text = BUF_INIT;

	if (f->kind == SPOIL_PRINT)
		text_show(&text, f->text, strlen(f->text));
	else if (f->kind == SPOIL_FLIP)
		buf_addf(&text, "bit %d", f->bit);
	else if (f->kind == SPOIL_DELAY)
		buf_addf(&text, "%d ms", f->ms);
	snprintf(out, n, "%s \"%s\" at byte %zu, every %zu, %s the board",
	    kinds[f->kind], text.len > 0 ? text.data : "", f->at, f->every,
	    f->to_board ? "to" : "from");
	buf_release(&text);
}

/* A number, then end or one of the characters in stops. */
static char *
number(char *s, const char *stops, size_t *out)
{
	char *end;

	*out = strtoul(s, &end, 10);
	return end != s && (*end == '\0' || strchr(stops, *end) != NULL) ?
	    end : NULL;
}

int
spoil_parse(char *text, struct spoil *out, struct err *e)
{
	char *at = strrchr(text, '@'), *what = strchr(text, '='), *p;
	size_t n = 0;

	*out = (struct spoil){ .kind = SPOIL_NONE };
	p = at != NULL ? number(at + 1, "/", &out->at) : NULL;
	if (p != NULL && *p == '/')
		p = number(p + 1, "", &out->every);
	if (p == NULL)
		return err_set(e, ERR_USAGE, "%s: not KIND[=WHAT]@BYTE[/EVERY]",
		    text);
	*at = '\0';
	if (what != NULL && what < at)
		*what++ = '\0';
	else
		what = NULL;
	for (size_t i = SPOIL_PRINT; i <= SPOIL_DELAY; i++)
		if (strcmp(text, kinds[i]) == 0)
			out->kind = (enum spoil_kind)i;
	out->text = what != NULL ? what : "";
	if (out->kind == SPOIL_FLIP || out->kind == SPOIL_DELAY)
		p = number((char *)(uintptr_t)out->text, "", &n);
	if (out->kind == SPOIL_NONE || p == NULL)
		return err_set(e, ERR_USAGE, "%s: no such fault", text);
	out->bit = (int)(n % 8);
	out->ms = (int)n;
	return 0;
}
