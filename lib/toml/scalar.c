/* SPDX-License-Identifier: MIT */
#include "toml/lex.h"

#include <math.h>
#include <string.h>

static struct toml *
new_float(double f)
{
	struct toml *t = toml_new(TOML_FLOAT);

	t->f = f;
	return t;
}

/*
 * Digits of a base with single underscores between them, from *p on; the
 * digits alone go to out.  False if it is missing, or an underscore is
 * misplaced.
 */
static bool
base_digits(const char **p, const char *end, const char *set, struct buf *out)
{
	bool last_digit = false;

	for (; *p < end; (*p)++) {
		if (**p == '_') {
			if (!last_digit)
				return false;
			last_digit = false;
		} else if (**p != '\0' && strchr(set, **p) != NULL) {
			buf_addc(out, **p);
			last_digit = true;
		} else {
			break;
		}
	}
	return last_digit;
}

/* Adds up digits that are known to be such; false if they do not fit. */
static bool
sum_digits(const char *s, unsigned base, bool negative, int64_t *out)
{
	const uint64_t max = (uint64_t)INT64_MAX + (negative ? 1 : 0);
	uint64_t v = 0;

	for (; *s != '\0'; s++) {
		const unsigned d = *s <= '9' ? (unsigned)(*s - '0') :
		    ((unsigned)*s | 0x20) - 'a' + 10;

		if (v > (max - d) / base)
			return false;
		v = v * base + d;
	}
	*out = negative && v > 0 ? -(int64_t)(v - 1) - 1 : (int64_t)v;
	return true;
}

static int
integer(const struct lex *l, const char *at, const char *s, unsigned base,
    bool negative, struct toml **out)
{
	int64_t v;

	if (!sum_digits(s, base, negative, &v))
		return lex_fail(l, at, "integer does not fit into 64 bits");
	*out = toml_new(TOML_INT);
	(*out)->i = v;
	return 0;
}

/* 0x, 0o, 0b; n is at least 2. */
static int
based(const struct lex *l, const char *at, size_t n, struct toml **out)
{
	static const struct {
		char		 letter;
		unsigned	 base;
		const char	*set;
	} bases[] = {
		{ 'x', 16, "0123456789abcdefABCDEF" },
		{ 'o', 8, "01234567" },
		{ 'b', 2, "01" },
	};
	struct buf plain = BUF_INIT;
	const char *p = at + 2;
	int r = -1;

	for (size_t i = 0; i < sizeof(bases) / sizeof(bases[0]); i++) {
		if (at[1] != bases[i].letter)
			continue;
		if (base_digits(&p, at + n, bases[i].set, &plain) && p ==
		    at + n)
			r = integer(l, at, plain.data, bases[i].base, false,
			    out);
		else
			lex_fail(l, at, "'%.*s' is no number of base %u",
			    (int)(n < 60 ? n : 60), at, bases[i].base);
	}
	buf_release(&plain);
	return r;
}

/* ".5" and "e-3" at *p, where they are. */
static bool
fraction(const char **p, const char *end, struct buf *plain)
{
	static const char ten[] = "0123456789";

	if (*p < end && **p == '.') {
		buf_addc(plain, *(*p)++);
		if (!base_digits(p, end, ten, plain))
			return false;
	}
	if (*p < end && (**p == 'e' || **p == 'E')) {
		buf_addc(plain, *(*p)++);
		if (*p < end && (**p == '+' || **p == '-'))
			buf_addc(plain, *(*p)++);
		if (!base_digits(p, end, ten, plain))
			return false;
	}
	return *p == end;
}

static int
decimal(const struct lex *l, const char *at, size_t n, struct toml **out)
{
	const char *p = at, *end = at + n;
	const bool negative = *p == '-';
	struct buf plain = BUF_INIT;
	double f;
	int r = -1;

	if (*p == '+' || *p == '-')
		p++;
	if (!base_digits(&p, end, "0123456789", &plain)) {
		lex_fail(l, at, "'%.*s' is no value",
		    (int)(n < 60 ? n : 60), at);
		goto out;
	}
	if (plain.len > 1 && plain.data[0] == '0') {
		lex_fail(l, at, "number begins with 0");
		goto out;
	}
	if (p == end) {
		r = integer(l, at, plain.data, 10, negative, out);
		goto out;
	}
	if (!fraction(&p, end, &plain)) {
		lex_fail(l, at, "'%.*s' is no number",
		    (int)(n < 60 ? n : 60), at);
		goto out;
	}
	if (!toml_float_read(plain.data, &f)) {
		lex_fail(l, at, "number does not fit into a 64-bit float");
		goto out;
	}
	*out = new_float(negative ? -f : f);
	r = 0;
out:
	buf_release(&plain);
	return r;
}

/* Words that stand for themselves; NULL: it is invalid. */
static struct toml *
named_scalar(const char *s, size_t n)
{
	static const struct {
		const char	*text;
		enum toml_type	 type;
		double		 f;
		bool		 b;
	} words[] = {
		{ "true", TOML_BOOL, 0, true },
		{ "false", TOML_BOOL, 0, false },
		{ "inf", TOML_FLOAT, INFINITY, false },
		{ "+inf", TOML_FLOAT, INFINITY, false },
		{ "-inf", TOML_FLOAT, -INFINITY, false },
		{ "nan", TOML_FLOAT, NAN, false },
		{ "+nan", TOML_FLOAT, NAN, false },
		{ "-nan", TOML_FLOAT, NAN, false },
	};

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		struct toml *t;

		if (strlen(words[i].text) != n ||
		    memcmp(words[i].text, s, n) != 0)
			continue;
		t = toml_new(words[i].type);
		if (t->type == TOML_BOOL)
			t->b = words[i].b;
		else
			t->f = words[i].f;
		return t;
	}
	return NULL;
}

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* "1979-" or "07:": a date or a time begins so, right or wrong. */
static bool
like_date(const char *s, size_t n)
{
	return n > 4 && is_digit(s[0]) && is_digit(s[1]) &&
	    (s[2] == ':' || (is_digit(s[2]) && is_digit(s[3]) && s[4] == '-'));
}

static const char *
scalar_end(const struct lex *l, const char *p)
{
	while (p < l->end && strchr(" \t\r\n,]}#=[{\"'", *p) == NULL)
		p++;
	return p;
}

int
lex_scalar(struct lex *l, struct toml **out)
{
	const char *at = l->p, *end = scalar_end(l, at), *why;
	size_t n = (size_t)(end - at);

	if (n == 0)
		return lex_wanted(l, "a value");
	if (like_date(at, n)) {
		/* A blank may stand for the T. */
		if (n == 10 && l->end - end > 1 && *end == ' ' &&
		    is_digit(end[1]))
			end = scalar_end(l, end + 1);
		*out = toml_date(at, (size_t)(end - at), &why);
		if (*out == NULL)
			return lex_fail(l, at, "%s", why);
	} else if ((*out = named_scalar(at, n)) == NULL) {
		if (n > 1 && at[0] == '0' && strchr("xob", at[1]) != NULL) {
			if (based(l, at, n, out) == -1)
				return -1;
		} else if (decimal(l, at, n, out) == -1) {
			return -1;
		}
	}
	l->p = end;
	return 0;
}
