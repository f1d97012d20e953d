/* SPDX-License-Identifier: MIT */
#include "upstream/expr.h"

#include <ctype.h>
#include <errno.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#define N(a)		(sizeof(a) / sizeof((a)[0]))
#define LOWEST		1

/* What is left to read, and whether all before it made sense. */
struct in {
	const char	*p;
	unsigned	 depth;
	bool		 bad;
};

/* The longer ones come before those that they begin with. */
static const struct op {
	const char	*text;
	int		 level;		/* how tight it binds */
} ops[] = {
	{ "||", 1 }, { "&&", 2 }, { "==", 6 }, { "!=", 6 }, { "<<", 8 },
	{ ">>", 8 }, { "<=", 7 }, { ">=", 7 }, { "<", 7 }, { ">", 7 },
	{ "|", 3 }, { "^", 4 }, { "&", 5 }, { "+", 9 }, { "-", 9 },
	{ "*", 10 }, { "/", 10 }, { "%", 10 },
};

static int64_t	conditional(struct in *in);

static void
skip(struct in *in)
{
	while (*in->p == ' ' || *in->p == '\t')
		in->p++;
}

static bool
take(struct in *in, char c)
{
	skip(in);
	if (*in->p != c)
		return false;
	in->p++;
	return true;
}

static int64_t
fail(struct in *in)
{
	in->bad = true;
	in->p += strlen(in->p);
	return 0;
}

/* 'x', with the escapes that matter. */
static int64_t
character(struct in *in)
{
	const char *s = in->p + 1;
	char c = *s;

	if (c == '\\' && s[1] != '\0')
		c = *++s == 'n' ? '\n' : *s == '0' ? '\0' : *s;
	if (c == '\'' || s[0] == '\0' || s[1] != '\'')
		return fail(in);
	in->p = s + 2;
	return c;
}

static int64_t
number(struct in *in)
{
	char *end;
	uint64_t v;

	errno = 0;
	v = strtoull(in->p, &end, 0);
	if (errno != 0 || end == in->p)
		return fail(in);
	end += strspn(end, "uUlL");
	if (isalnum((unsigned char)*end) || *end == '_' || *end == '.')
		return fail(in);
	in->p = end;
	return (int64_t)v;
}

static int64_t
primary(struct in *in)
{
	int64_t v;

	skip(in);
	if (take(in, '(')) {
		v = conditional(in);
		return take(in, ')') ? v : fail(in);
	}
	if (*in->p == '\'')
		return character(in);
	if (isdigit((unsigned char)*in->p))
		return number(in);
	if (!isalpha((unsigned char)*in->p) && *in->p != '_')
		return fail(in);
	while (isalnum((unsigned char)*in->p) || *in->p == '_')
		in->p++;
	skip(in);
	return *in->p == '(' ? fail(in) : 0;	/* a call of what? */
}

static int64_t
unary(struct in *in)
{
	int64_t v;
	char c;

	skip(in);
	c = *in->p;
	if (c == '\0' || strchr("!~+-", c) == NULL)
		return primary(in);
	if (in->depth == EXPR_DEPTH)
		return fail(in);
	in->p++;
	in->depth++;
	v = unary(in);
	in->depth--;
	return c == '!' ? v == 0 : c == '~' ? ~v :
	    c == '-' ? (int64_t)(0 - (uint64_t)v) : v;
}

/* Without the traps of signed arithmetic. */
static int64_t
divide(struct in *in, char op, int64_t a, int64_t b)
{
	if (b == 0 || (a == INT64_MIN && b == -1))
		return fail(in);
	return op == '/' ? a / b : a % b;
}

static int64_t
shift(const char *op, int64_t a, int64_t b)
{
	if (b < 0 || b > 63)
		return 0;
	return op[0] == '<' ? (int64_t)((uint64_t)a << b) :
	    (int64_t)((uint64_t)a >> b);
}

static int64_t
apply(struct in *in, const char *op, int64_t a, int64_t b)
{
	const uint64_t ua = (uint64_t)a, ub = (uint64_t)b;

	if (strcmp(op, "<<") == 0 || strcmp(op, ">>") == 0)
		return shift(op, a, b);
	if (op[1] == '=')
		return op[0] == '=' ? a == b : op[0] == '!' ? a != b :
		    op[0] == '<' ? a <= b : a >= b;
	switch (op[0]) {
	case '|':
		return op[1] == '|' ? a != 0 || b != 0 : a | b;
	case '&':
		return op[1] == '&' ? a != 0 && b != 0 : a & b;
	case '^':
		return a ^ b;
	case '<':
		return a < b;
	case '>':
		return a > b;
	case '+':
		return (int64_t)(ua + ub);
	case '-':
		return (int64_t)(ua - ub);
	case '*':
		return (int64_t)(ua * ub);
	default:
		return divide(in, op[0], a, b);
	}
}

static const struct op *
operator(struct in *in)
{
	skip(in);
	for (size_t i = 0; i < N(ops); i++)
		if (strncmp(in->p, ops[i].text, strlen(ops[i].text)) == 0)
			return &ops[i];
	return NULL;
}

/* All that binds at least as tight as level, from the left. */
static int64_t
binary(struct in *in, int level)
{
	int64_t v = unary(in), right;
	const struct op *o;

	while (!in->bad && (o = operator(in)) != NULL && o->level >= level) {
		in->p += strlen(o->text);
		right = binary(in, o->level + 1);
		v = apply(in, o->text, v, right);
	}
	return v;
}

static int64_t
conditional(struct in *in)
{
	int64_t v, yes, no;

	if (in->depth == EXPR_DEPTH)
		return fail(in);
	in->depth++;
	v = binary(in, LOWEST);
	if (take(in, '?')) {
		yes = conditional(in);
		if (!take(in, ':'))
			fail(in);
		no = conditional(in);
		v = v != 0 ? yes : no;
	}
	in->depth--;
	return v;
}

bool
expr_eval(const char *text, int64_t *out)
{
	struct in in = { .p = text };
	const int64_t v = conditional(&in);

	skip(&in);
	if (in.bad || *in.p != '\0')
		return false;
	*out = v;
	return true;
}
