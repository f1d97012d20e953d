/* SPDX-License-Identifier: MIT */
#include "repl/script.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

/*
 * A Python literal.  In a str what is not ASCII goes as it is, as UTF-8: an
 * escape would be a code point there.
 */
static void
literal(struct buf *out, const struct script_arg *a, bool bytes)
{
	const uint8_t *p = a->p;

	buf_adds(out, bytes ? "b'" : "'");
	for (size_t i = 0; i < a->n; i++) {
		if (p[i] == '\n')
			buf_adds(out, "\\n");
		else if (p[i] < 0x20 || p[i] == 0x7f || p[i] == '\'' ||
		    p[i] == '\\' || (bytes && p[i] > 0x7f))
			buf_addf(out, "\\x%02x", p[i]);
		else
			buf_addc(out, (char)p[i]);
	}
	buf_addc(out, '\'');
}

static void
head(struct buf *out, const char *name, const struct script_arg *args,
    size_t n)
{
	buf_addf(out, "#mpf %s", name);
	for (size_t i = 0; i < n; i++) {
		const uint8_t *p = args[i].p;

		buf_addc(out, ' ');
		for (size_t k = 0; k < args[i].n; k++)
			buf_addf(out, "%02x", p[k]);
	}
	buf_addc(out, '\n');
}

static int
body(struct buf *out, const char *text, const struct script_arg *args,
    size_t n)
{
	static const struct {
		const char	*word;
		bool		 bytes;
	} words[] = { { "ARG", false }, { "DATA", true } };

	while (*text != '\0') {
		size_t i, len = 0;

		for (i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
			len = strlen(words[i].word);
			if (strncmp(text, words[i].word, len) == 0 &&
			    text[len] >= '1' && text[len] <= '9')
				break;
		}
		if (i == sizeof(words) / sizeof(words[0])) {
			buf_addc(out, *text++);
			continue;
		}
		if ((size_t)(text[len] - '1') >= n)
			return -1;
		literal(out, &args[text[len] - '1'], words[i].bytes);
		text += len + 1;
	}
	return 0;
}

static const char *
find(const char *name)
{
	for (const struct script *s = scripts; s->name != NULL; s++)
		if (strcmp(s->name, name) == 0)
			return s->body;
	return NULL;
}

int
script_add(struct buf *out, const char *name, const struct script_arg *args,
    size_t n)
{
	const char *text = find(name);

	head(out, name, args, n);
	if (text != NULL)
		return body(out, text, args, n);
	if (strcmp(name, "probe") != 0)
		return -1;
	buf_adds(out, find("facts"));
	return buf_adds(out, find("files"));
}
