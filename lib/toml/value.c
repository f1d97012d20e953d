/* SPDX-License-Identifier: MIT */
#include "toml/lex.h"

int
lex_depth(const struct lex *l, const char *at, unsigned depth)
{
	if (depth > TOML_DEPTH_MAX)
		return lex_fail(l, at, "more than %u tables and arrays in "
		    "one another", TOML_DEPTH_MAX);
	return 0;
}

static int
take_string(struct lex *l, struct toml **out)
{
	struct buf b = BUF_INIT;
	const int r = lex_string(l, true, &b);

	if (r == 0)
		*out = toml_text(TOML_STRING, b.data, b.len);
	buf_release(&b);
	return r;
}

/* Line ends, comments and a last comma are fine in an array... */
static int
array(struct lex *l, unsigned depth, struct toml **out)
{
	const char *at = l->p++;
	struct toml *t = NULL, *v;

	if (lex_depth(l, at, depth) == -1)
		return -1;
	t = toml_new(TOML_ARRAY);
	t->origin = TOML_CLOSED;
	for (lex_lines(l); !lex_take(l, "]"); lex_lines(l)) {
		if (lex_value(l, depth + 1, &v) == -1)
			goto fail;
		toml_append(t, NULL, 0, v);
		lex_lines(l);
		if (!lex_take(l, ",") && !lex_is(l, "]")) {
			lex_wanted(l, "',' or ']'");
			goto fail;
		}
	}
	*out = t;
	return 0;
fail:
	toml_free(t);
	return -1;
}

/* ... and none of them in an inline table. */
static int
inline_table(struct lex *l, unsigned depth, struct toml **out)
{
	const char *at = l->p++;
	struct toml *t = NULL;

	if (lex_depth(l, at, depth) == -1)
		return -1;
	t = toml_new(TOML_TABLE);
	t->origin = TOML_CLOSED;
	lex_blank(l);
	if (!lex_take(l, "}")) {
		do {
			lex_blank(l);
			if (lex_pair(l, t, depth) == -1)
				goto fail;
			lex_blank(l);
		} while (lex_take(l, ","));
		if (!lex_take(l, "}")) {
			lex_wanted(l, "',' or '}'");
			goto fail;
		}
	}
	*out = t;
	return 0;
fail:
	toml_free(t);
	return -1;
}

static int
any_value(struct lex *l, unsigned depth, struct toml **out)
{
	if (lex_is(l, "\"") || lex_is(l, "'"))
		return take_string(l, out);
	if (lex_is(l, "["))
		return array(l, depth, out);
	if (lex_is(l, "{"))
		return inline_table(l, depth, out);
	return lex_scalar(l, out);
}

int
lex_value(struct lex *l, unsigned depth, struct toml **out)
{
	const char *at = l->p;

	if (any_value(l, depth, out) == -1)
		return -1;
	(*out)->where = (size_t)(at - l->start) + 1;
	return 0;
}
