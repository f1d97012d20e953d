/* SPDX-License-Identifier: MIT */
#include "upstream/cmake_if.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "upstream/cmake.h"

#define N(a)		(sizeof(a) / sizeof((a)[0]))

struct condition {
	const struct vars *vars;
	const struct cmake_arg *arg;
	size_t		 n, i;
	unsigned	 depth;
};

static bool	either(struct condition *c);

static bool
take(struct condition *c, const char *word)
{
	if (c->i == c->n || c->arg[c->i].kind != CMAKE_BARE ||
	    strcmp(c->arg[c->i].text, word) != 0)
		return false;
	c->i++;
	return true;
}

/* A bare word that is the name of a variable stands for its value. */
static const char *
value(const struct condition *c, const struct cmake_arg *a)
{
	const char *v = a->kind == CMAKE_BARE ?
	    vars_gets(c->vars, a->text) : NULL;

	return v != NULL ? v : a->text;
}

static bool
falsehood(const char *s)
{
	static const char *const words[] = {
		"", "0", "OFF", "NO", "FALSE", "N", "IGNORE", "NOTFOUND"
	};
	const size_t n = strlen(s);

	for (size_t i = 0; i < N(words); i++)
		if (strcasecmp(s, words[i]) == 0)
			return true;
	return n > 9 && strcasecmp(s + n - 9, "-NOTFOUND") == 0;
}

static bool
truth(const struct condition *c, const struct cmake_arg *a)
{
	static const char *const words[] = { "1", "ON", "YES", "TRUE", "Y" };
	const char *v = a->kind == CMAKE_BARE ?
	    vars_gets(c->vars, a->text) : NULL;
	char *end;

	for (size_t i = 0; i < N(words); i++)
		if (strcasecmp(a->text, words[i]) == 0)
			return true;
	if (v != NULL)
		return !falsehood(v);
	return strtod(a->text, &end) != 0 && *end == '\0';
}

static bool
compare(const struct condition *c, const char *how,
    const struct cmake_arg *left, const struct cmake_arg *right)
{
	const char *l = value(c, left), *r = value(c, right);
	const double x = strtod(l, NULL), y = strtod(r, NULL);

	if (strcmp(how, "STREQUAL") == 0)
		return strcmp(l, r) == 0;
	if (strcmp(how, "LESS") == 0)
		return x < y;
	if (strcmp(how, "GREATER") == 0)
		return x > y;
	if (strcmp(how, "LESS_EQUAL") == 0)
		return x <= y;
	if (strcmp(how, "GREATER_EQUAL") == 0)
		return x >= y;
	return strcmp(how, "EQUAL") == 0 && x >= y && x <= y;
}

static bool
comparison(const struct cmake_arg *a)
{
	static const char *const words[] = {
		"STREQUAL", "EQUAL", "LESS", "GREATER", "LESS_EQUAL",
		"GREATER_EQUAL", "MATCHES", "VERSION_LESS",
		"VERSION_GREATER", "VERSION_EQUAL", "VERSION_LESS_EQUAL",
		"VERSION_GREATER_EQUAL", "STRLESS", "STRGREATER", "IN_LIST",
		"PATH_EQUAL", "IS_NEWER_THAN"
	};

	for (size_t i = 0; a->kind == CMAKE_BARE && i < N(words); i++)
		if (strcmp(a->text, words[i]) == 0)
			return true;
	return false;
}

/* One operand, or a test of one or two. */
static bool
single(struct condition *c)
{
	static const char *const unary[] = {
		"EXISTS", "COMMAND", "POLICY", "TARGET", "TEST",
		"IS_DIRECTORY", "IS_SYMLINK", "IS_ABSOLUTE"
	};
	const struct cmake_arg *a;
	bool is;

	if (take(c, "(")) {
		is = either(c);
		take(c, ")");
		return is;
	}
	if (take(c, "DEFINED"))
		return c->i < c->n &&
		    vars_gets(c->vars, c->arg[c->i++].text) != NULL;
	for (size_t i = 0; i < N(unary); i++)
		if (take(c, unary[i])) {
			c->i += c->i < c->n;
			return false;
		}
	if (c->i == c->n)
		return false;
	a = &c->arg[c->i++];
	if (c->n - c->i < 2 || !comparison(&c->arg[c->i]))
		return truth(c, a);
	c->i += 2;
	return compare(c, c->arg[c->i - 2].text, a, &c->arg[c->i - 1]);
}

static bool
negated(struct condition *c)
{
	bool no = false, is;

	while (take(c, "NOT"))
		no = !no;
	is = single(c);
	return is != no;
}

/* CMake gives AND and OR the same weight, from the left. */
static bool
either(struct condition *c)
{
	bool is, right;

	if (++c->depth > CMAKE_DEPTH) {
		c->i = c->n;
		return false;
	}
	is = negated(c);
	for (;;) {
		if (take(c, "AND")) {
			right = negated(c);
			is = is && right;
		} else if (take(c, "OR")) {
			right = negated(c);
			is = is || right;
		} else {
			break;
		}
	}
	c->depth--;
	return is;
}

bool
cmake_if(const struct vars *vars, const struct cmake_arg *arg, size_t n)
{
	struct condition c = { .vars = vars, .arg = arg, .n = n };

	return either(&c);
}
