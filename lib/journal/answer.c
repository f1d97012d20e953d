/* SPDX-License-Identifier: MIT */
#include "journal/answer.h"

#include <string.h>

#include "base/text.h"

void
answer_release(struct answer *a)
{
	buf_release(&a->uid);
	buf_release(&a->file);
}

/* What follows word at the start of the n bytes at s, or NULL. */
static const char *
after(const char *s, size_t n, const char *word)
{
	const size_t len = strlen(word);

	return n >= len && memcmp(s, word, len) == 0 ? s + len : NULL;
}

static int
unhex(const char *s, const char *end, struct buf *out, struct err *e)
{
	uint8_t byte;

	buf_clear(out);
	for (; s < end; s += 2) {
		if (end - s < 2 || text_unhex(&byte, 1, s, 2) == -1)
			return err_set(e, ERR_PROTOCOL, "the board sent "
			    "something else than hex");
		if (buf_addc(out, (char)byte) == -1)
			return err_set(e, ERR_INPUT, "%s: over %zu bytes on "
			    "the board", JOURNAL_FILE, out->max);
	}
	return 0;
}

static int
line(const char *s, size_t n, struct answer *a, struct err *e)
{
	const char *v;

	if ((v = after(s, n, "uid ")) != NULL) {
		buf_clear(&a->uid);
		buf_add(&a->uid, v, (size_t)(s + n - v));
	} else if ((v = after(s, n, "record ")) != NULL) {
		a->has_file = true;
		return unhex(v, s + n, &a->file, e);
	} else if (after(s, n, "record-too-large") != NULL) {
		err_set(e, ERR_INPUT, "%s: over %zu bytes on the board",
		    JOURNAL_FILE, a->file.len - 1);
		return err_hint(e, "shorten it, or remove it from the board");
	}
	return 0;
}

int
answer_read(const char *text, struct answer *a, struct err *e)
{
	bool ended = false;
	size_t n;

	for (const char *p = text; *p != '\0'; p += n + (p[n] == '\n')) {
		n = strcspn(p, "\n");
		ended = n == 3 && after(p, n, "end") != NULL;
		if (line(p, n, a, e) == -1)
			return -1;
	}
	if (!ended)
		return err_set(e, ERR_PROTOCOL, "the board stopped answering "
		    "before its end");
	return 0;
}
