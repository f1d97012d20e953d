/* SPDX-License-Identifier: MIT */
#include "toml/tree.h"

#include <inttypes.h>
#include <string.h>

/* The key in front of a table: a list from the inside out, on the stack. */
struct trail {
	const struct trail	 *up;
	const struct toml_entry	 *en;
};

static void	write_value(const struct toml *t, struct buf *out);

static void
write_string(const char *s, size_t n, struct buf *out)
{
	static const char from[] = "\b\t\n\f\r\"\\", to[] = "btnfr\"\\";

	buf_addc(out, '"');
	for (size_t i = 0; i < n; i++) {
		const uint8_t c = (uint8_t)s[i];
		const char *k = c != 0 ? strchr(from, c) : NULL;

		if (k != NULL)
			buf_addf(out, "\\%c", to[k - from]);
		else if (c < 0x20 || c == 0x7f)
			buf_addf(out, "\\u%04X", c);
		else
			buf_addc(out, (char)c);
	}
	buf_addc(out, '"');
}

static void
write_key(const struct toml_entry *en, struct buf *out)
{
	static const char bare[] = "abcdefghijklmnopqrstuvwxyz"
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-";

	if (en->len > 0 && strspn(en->key, bare) == en->len)
		buf_adds(out, en->key);
	else
		write_string(en->key, en->len, out);
}

static void
write_inline(const struct toml *t, struct buf *out)
{
	const bool table = t->type == TOML_TABLE;

	buf_adds(out, !table ? "[" : t->list.n > 0 ? "{ " : "{");
	for (size_t i = 0; i < t->list.n; i++) {
		if (i > 0)
			buf_adds(out, ", ");
		if (table) {
			write_key(&t->list.v[i], out);
			buf_adds(out, " = ");
		}
		write_value(t->list.v[i].v, out);
	}
	buf_adds(out, !table ? "]" : t->list.n > 0 ? " }" : "}");
}

static void
write_value(const struct toml *t, struct buf *out)
{
	char text[TOML_FLOAT_TEXT];

	switch (t->type) {
	case TOML_TABLE:
	case TOML_ARRAY:
		write_inline(t, out);
		break;
	case TOML_STRING:
		write_string(t->text.s, t->text.len, out);
		break;
	case TOML_INT:
		buf_addf(out, "%" PRId64, t->i);
		break;
	case TOML_FLOAT:
		toml_float_text(t->f, text);
		buf_adds(out, text);
		break;
	case TOML_BOOL:
		buf_adds(out, t->b ? "true" : "false");
		break;
	default:
		buf_add(out, t->text.s, t->text.len);
		break;
	}
}

/* Does it stand under headers of its own, [[a]], one for each element? */
static bool
is_tables(const struct toml *t)
{
	if (t->type != TOML_ARRAY || t->list.n == 0)
		return false;
	for (size_t i = 0; i < t->list.n; i++)
		if (t->list.v[i].v->type != TOML_TABLE)
			return false;
	return true;
}

static bool
is_section(const struct toml *t)
{
	return t->type == TOML_TABLE || is_tables(t);
}

static void
write_trail(const struct trail *at, struct buf *out)
{
	if (at->up != NULL) {
		write_trail(at->up, out);
		buf_addc(out, '.');
	}
	write_key(at->en, out);
}

static void
write_header(const struct trail *at, const char *open, const char *close,
    struct buf *out)
{
	if (out->len > 0)
		buf_addc(out, '\n');
	buf_adds(out, open);
	write_trail(at, out);
	buf_adds(out, close);
}

/* A table of nothing but sections needs no line: theirs imply it. */
static bool
needs_header(const struct toml *t)
{
	for (size_t i = 0; i < t->list.n; i++)
		if (!is_section(t->list.v[i].v))
			return true;
	return t->list.n == 0;
}

static void
write_table(const struct toml *t, const struct trail *at, struct buf *out)
{
	for (size_t i = 0; i < t->list.n; i++) {
		const struct toml_entry *en = &t->list.v[i];

		if (is_section(en->v))
			continue;
		write_key(en, out);
		buf_adds(out, " = ");
		write_value(en->v, out);
		buf_addc(out, '\n');
	}
	for (size_t i = 0; i < t->list.n; i++) {
		const struct toml_entry *en = &t->list.v[i];
		const struct trail here = { at, en };

		if (en->v->type == TOML_TABLE) {
			if (needs_header(en->v))
				write_header(&here, "[", "]\n", out);
			write_table(en->v, &here, out);
		} else if (is_tables(en->v)) {
			for (size_t k = 0; k < en->v->list.n; k++) {
				write_header(&here, "[[", "]]\n", out);
				write_table(en->v->list.v[k].v, &here, out);
			}
		}
	}
}

void
toml_write(const struct toml *table, struct buf *out)
{
	write_table(table, NULL, out);
}
