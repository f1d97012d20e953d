/* SPDX-License-Identifier: MIT */
#include "toml/tree.h"

#include <inttypes.h>
#include <math.h>

/* NUL becomes U+FFFD: the usual readers of JSON refuse "\u0000". */
static void
json_string(const char *s, size_t n, struct buf *out)
{
	buf_addc(out, '"');
	for (size_t i = 0; i < n; i++) {
		const uint8_t c = (uint8_t)s[i];

		if (c == '"' || c == '\\')
			buf_addf(out, "\\%c", c);
		else if (c == '\0')
			buf_adds(out, "\xef\xbf\xbd");
		else if (c < 0x20)
			buf_addf(out, "\\u%04x", c);
		else
			buf_addc(out, (char)c);
	}
	buf_addc(out, '"');
}

static void
json_list(const struct toml *t, struct buf *out)
{
	const bool table = t->type == TOML_TABLE;

	buf_addc(out, table ? '{' : '[');
	for (size_t i = 0; i < t->list.n; i++) {
		const struct toml_entry *en = &t->list.v[i];

		if (i > 0)
			buf_addc(out, ',');
		if (table) {
			json_string(en->key, en->len, out);
			buf_addc(out, ':');
		}
		toml_json(en->v, out);
	}
	buf_addc(out, table ? '}' : ']');
}

static void
json_float(double f, struct buf *out)
{
	const char *quote = isnan(f) || isinf(f) ? "\"" : "";
	char text[TOML_FLOAT_TEXT];

	toml_float_text(f, text);
	buf_addf(out, "%s%s%s", quote, text, quote);
}

/* Readers that keep numbers as doubles would change it, or refuse it. */
static void
json_int(int64_t i, struct buf *out)
{
	const bool exact = i <= INT64_C(1) << 53 && i >= -(INT64_C(1) << 53);
	const char *quote = exact ? "" : "\"";

	buf_addf(out, "%s%" PRId64 "%s", quote, i, quote);
}

void
toml_json(const struct toml *t, struct buf *out)
{
	switch (t->type) {
	case TOML_TABLE:
	case TOML_ARRAY:
		json_list(t, out);
		break;
	case TOML_INT:
		json_int(t->i, out);
		break;
	case TOML_FLOAT:
		json_float(t->f, out);
		break;
	case TOML_BOOL:
		buf_adds(out, t->b ? "true" : "false");
		break;
	default:
		json_string(t->text.s, t->text.len, out);
		break;
	}
}
