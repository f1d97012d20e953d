/* SPDX-License-Identifier: MIT */
#include "sim/python_parse.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"

#define NUMBER_MAX	(INT64_C(1) << 31)	/* so that * can not overflow */

struct parse {
	struct sim_python	*py;
	const char		*p;
	unsigned		 depth;
};

static int	parse_sum(struct parse *ps, struct py_value *out);

static int
unknown_code(struct parse *ps)
{
	return py_raise(ps->py, "NotImplementedError: a simulated board does "
	    "not run Python");
}

static void
blanks(struct parse *ps)
{
	ps->p += strspn(ps->p, " \t");
}

static bool
eat(struct parse *ps, const char *token)
{
	const size_t n = strlen(token);

	blanks(ps);
	if (strncmp(ps->p, token, n) != 0)
		return false;
	ps->p += n;
	return true;
}

static int
take_py_number(struct parse *ps, struct py_value *out)
{
	char *end;
	long long v;

	errno = 0;
	v = strtoll(ps->p, &end, 0);
	if (errno != 0 || v >= NUMBER_MAX || isalnum((unsigned char)*end) ||
	    *end == '.')
		return unknown_code(ps);	/* a float, or too big for us */
	ps->p = end;
	*out = py_int(v);
	return 0;
}

/* What follows a backslash; one that says nothing stays where it is. */
static void
take_py_escape(struct parse *ps, struct buf *b)
{
	static const char from[] = "nrt0\\'\"", to[] = "\n\r\t\0\\'\"";
	const char c = *ps->p;
	const char *at = c != '\0' ? strchr(from, c) : NULL;
	uint8_t byte;

	if (c == '\0')
		return;
	ps->p++;
	if (c == 'x' && text_unhex(&byte, 1, ps->p,
	    strlen(ps->p) < 2 ? 0 : 2) == 1) {
		ps->p += 2;
		buf_addc(b, (char)byte);
	} else if (at != NULL) {
		buf_addc(b, to[at - from]);
	} else {
		buf_addc(b, '\\');
		buf_addc(b, c);
	}
}

static int
take_py_string(struct parse *ps, enum py_type type, struct py_value *out)
{
	const char quote = *ps->p++;
	struct buf b = BUF_INIT;

	while (*ps->p != '\0' && *ps->p != quote) {
		if (*ps->p != '\\') {
			buf_addc(&b, *ps->p++);
			continue;
		}
		ps->p++;
		take_py_escape(ps, &b);
	}
	if (*ps->p != quote) {
		buf_release(&b);
		return py_raise(ps->py, "SyntaxError: invalid syntax");
	}
	ps->p++;
	*out = py_bytes(type, b.data, b.len);
	buf_release(&b);
	return 0;
}

/* The arguments of a call, up to and with the ")". */
static int
arguments(struct parse *ps, struct py_args *a)
{
	struct py_value *v;

	while (!eat(ps, ")")) {
		if (a->n > 0 && !eat(ps, ","))
			return unknown_code(ps);
		blanks(ps);
		if (strncmp(ps->p, "end=", 4) == 0) {
			ps->p += 4;
			v = &a->end;
			py_release(v);
		} else if (a->n < PY_ARGS) {
			v = &a->v[a->n++];
		} else {
			return unknown_code(ps);
		}
		if (parse_sum(ps, v) == -1)
			return -1;
	}
	return 0;
}

/* "name(...)", the "(" already read. */
static int
call(struct parse *ps, const char *name, struct py_value *out)
{
	struct py_args a = { .n = 0 };
	int r;

	r = arguments(ps, &a);
	if (r == 0) {
		r = py_call(ps->py, name, &a, out);
		if (r == 1)
			r = unknown_code(ps);
	}
	for (size_t i = 0; i < a.n; i++)
		py_release(&a.v[i]);
	py_release(&a.end);
	return r;
}

static int
name(struct parse *ps, struct py_value *out)
{
	size_t n = 0;
	char *word;
	int r;

	/* Some calls without arguments are names: "os.uname().machine". */
	while (isalnum((unsigned char)ps->p[n]) || ps->p[n] == '_' ||
	    ps->p[n] == '.' || strncmp(ps->p + n, "().", 3) == 0)
		n += ps->p[n] == '(' ? 2 : 1;
	word = mem_printf("%.*s", (int)n, ps->p);
	ps->p += n;
	if (strcmp(word, "os.uname") == 0 && eat(ps, "()"))
		r = py_name(ps->py, "os.uname()", out);
	else if (eat(ps, "("))
		r = call(ps, word, out);
	else
		r = py_name(ps->py, word, out);
	if (r == 1)
		r = strchr(word, '.') != NULL ? unknown_code(ps) :
		    py_raise(ps->py, "NameError: name '%.60s' isn't defined",
		    word);
	free(word);
	return r;
}

static int
factor(struct parse *ps, struct py_value *out)
{
	int r;

	blanks(ps);
	if (++ps->depth > PY_DEPTH)
		return py_raise(ps->py, "RuntimeError: maximum recursion "
		    "depth exceeded");
	if (eat(ps, "-")) {
		r = factor(ps, out);
		if (r == 0 && out->type != PY_INT)
			r = py_raise(ps->py, "TypeError: unsupported type");
		out->i = -out->i;
	} else if (eat(ps, "(")) {
		r = parse_sum(ps, out);
		if (r == 0 && !eat(ps, ")"))
			r = unknown_code(ps);
	} else if (isdigit((unsigned char)*ps->p)) {
		r = take_py_number(ps, out);
	} else if (*ps->p == '\'' || *ps->p == '"') {
		r = take_py_string(ps, PY_STR, out);
	} else if (*ps->p == 'b' && (ps->p[1] == '\'' || ps->p[1] == '"')) {
		ps->p++;
		r = take_py_string(ps, PY_BYTES, out);
	} else if (isalpha((unsigned char)*ps->p) || *ps->p == '_') {
		r = name(ps, out);
	} else {
		r = py_raise(ps->py, "SyntaxError: invalid syntax");
	}
	ps->depth--;
	return r;
}

static int
divide(struct parse *ps, int64_t a, int64_t b, bool rest, int64_t *out)
{
	int64_t mod;

	if (b == 0)
		return py_raise(ps->py, "ZeroDivisionError: divide by zero");
	mod = a % b;
	if (mod != 0 && (mod < 0) != (b < 0))
		mod += b;		/* Python's has the sign of b */
	*out = rest ? mod : (a - mod) / b;
	return 0;
}

/* left = left op right; releases right. */
static int
apply_operator(struct parse *ps, char op, struct py_value *left,
    struct py_value *right)
{
	struct py_value v = { .type = PY_NONE };
	int r = 0;

	if (left->type == PY_INT && right->type == PY_INT) {
		v = py_int(0);
		if (op == '+')
			v.i = left->i + right->i;
		else if (op == '-')
			v.i = left->i - right->i;
		else if (op == '*')
			v.i = left->i * right->i;
		else
			r = divide(ps, left->i, right->i, op == '%', &v.i);
		if (r == 0 && (v.i >= NUMBER_MAX || v.i <= -NUMBER_MAX))
			r = unknown_code(ps);
	} else if (op == '+' && left->type == right->type &&
	    (left->type == PY_STR || left->type == PY_BYTES)) {
		v = (struct py_value){ .type = left->type,
		    .n = left->n + right->n };
		v.p = mem_alloc(v.n + 1);
		memcpy(v.p, left->p, left->n);
		memcpy(v.p + left->n, right->p, right->n);
	} else {
		r = py_raise(ps->py, "TypeError: unsupported types for "
		    "operator");
	}
	py_release(left);
	py_release(right);
	*left = v;
	return r;
}

static int
product(struct parse *ps, struct py_value *out)
{
	struct py_value right = { .type = PY_NONE };
	char op;

	if (factor(ps, out) == -1)
		return -1;
	for (;;) {
		op = eat(ps, "//") ? '/' : eat(ps, "*") ? '*' :
		    eat(ps, "%") ? '%' : '\0';
		if (op == '\0')
			return 0;
		if (factor(ps, &right) == -1 ||
		    apply_operator(ps, op, out, &right) == -1) {
			py_release(&right);
			return -1;
		}
	}
}

static int
parse_sum(struct parse *ps, struct py_value *out)
{
	struct py_value right = { .type = PY_NONE };
	char op;

	if (product(ps, out) == -1)
		return -1;
	for (;;) {
		op = eat(ps, "+") ? '+' : eat(ps, "-") ? '-' : '\0';
		if (op == '\0')
			return 0;
		if (product(ps, &right) == -1 ||
		    apply_operator(ps, op, out, &right) == -1) {
			py_release(&right);
			return -1;
		}
	}
}

int
py_parse(struct sim_python *py, const char *text, struct py_value *out)
{
	struct parse ps = { .py = py, .p = text };

	if (parse_sum(&ps, out) == -1)
		return -1;
	blanks(&ps);
	return *ps.p == '\0' ? 0 : unknown_code(&ps);
}

char *
py_parse_target(char **s)
{
	size_t n = 0, blank;
	char *word;

	while (isalnum((unsigned char)(*s)[n]) || (*s)[n] == '_')
		n++;
	blank = n + strspn(*s + n, " ");
	if (n == 0 || (*s)[blank] != '=' || (*s)[blank + 1] == '=')
		return NULL;
	word = mem_printf("%.*s", (int)n, *s);
	*s += blank + 1;
	return word;
}
