/* SPDX-License-Identifier: MIT */
#include "upstream/make_expand.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "upstream/make.h"

#define N(a)		(sizeof(a) / sizeof((a)[0]))
#define ARGS		3
#define STEPS		(4u << 10)	/* references, for one answer */
#define BLANKS		" \t\r\n"

struct run {
	const struct vars *vars;
	struct err	*e;
	unsigned	 depth;
	size_t		 steps;		/* that are left */
};

static int	expand(struct run *r, const char *s, size_t n,
		    struct buf *out);

static int
too_much(struct run *r)
{
	return err_set(r->e, ERR_INPUT, "a value of more than %u bytes, or "
	    "of $() in each other more than %u deep", MAKE_BYTES, MAKE_DEPTH);
}

const char *
make_strip(const char *s, size_t *len)
{
	while (*len > 0 && strchr(BLANKS, s[*len - 1]) != NULL)
		--*len;
	while (*len > 0 && strchr(BLANKS, *s) != NULL) {
		s++;
		--*len;
	}
	return s;
}

/* --- functions, on arguments that are expanded already --- */

/* The next word of *s; NULL: there are no more. */
static const char *
next_word(const char **s, size_t *n)
{
	const char *p = *s + strspn(*s, BLANKS);

	*n = strcspn(p, BLANKS);
	*s = p + *n;
	return *n > 0 ? p : NULL;
}

/* "%" in the pattern stands for anything. */
static bool
matches(const char *pattern, size_t n, const char *word, size_t len)
{
	const char *any = memchr(pattern, '%', n);
	const size_t before = any != NULL ? (size_t)(any - pattern) : n;
	const size_t after = any != NULL ? n - before - 1 : 0;

	if (any == NULL)
		return n == len && memcmp(pattern, word, n) == 0;
	return len >= before + after && memcmp(pattern, word, before) == 0 &&
	    memcmp(any + 1, word + len - after, after) == 0;
}

static bool
matches_any(const char *patterns, const char *word, size_t len)
{
	const char *p;
	size_t n;

	while ((p = next_word(&patterns, &n)) != NULL)
		if (matches(p, n, word, len))
			return true;
	return false;
}

static void
words(const char *patterns, const char *s, bool keep, struct buf *out)
{
	const size_t from = out->len;
	const char *w;
	size_t n;

	while ((w = next_word(&s, &n)) != NULL)
		if (matches_any(patterns, w, n) == keep) {
			buf_adds(out, out->len > from ? " " : "");
			buf_add(out, w, n);
		}
}

static void
filter(char *const a[ARGS], struct buf *out)
{
	words(a[0], a[1], true, out);
}

static void
filter_out(char *const a[ARGS], struct buf *out)
{
	words(a[0], a[1], false, out);
}

static void
strip(char *const a[ARGS], struct buf *out)
{
	words("", a[0], false, out);
}

static void
findstring(char *const a[ARGS], struct buf *out)
{
	buf_adds(out, strstr(a[1], a[0]) != NULL ? a[0] : "");
}

static void
subst(char *const a[ARGS], struct buf *out)
{
	const size_t n = strlen(a[0]);
	const char *s = a[2], *hit;

	while (n > 0 && (hit = strstr(s, a[0])) != NULL) {
		buf_add(out, s, (size_t)(hit - s));
		buf_adds(out, a[1]);
		s = hit + n;
	}
	buf_adds(out, s);
}

static void
firstword(char *const a[ARGS], struct buf *out)
{
	const char *s = a[0];
	size_t n;
	const char *w = next_word(&s, &n);

	if (w != NULL)
		buf_add(out, w, n);
}

static void
choose(char *const a[ARGS], struct buf *out)
{
	size_t n = strlen(a[0]);

	make_strip(a[0], &n);
	buf_adds(out, n > 0 ? a[1] : a[2]);
}

static void
shell(char *const a[ARGS], struct buf *out)
{
	(void)a;
	buf_addc(out, MAKE_UNKNOWN);
}

/* Those that look at files, or do something: as if they found nothing. */
static void
nothing(char *const a[ARGS], struct buf *out)
{
	(void)a;
	(void)out;
}

static const struct function {
	const char	*name;
	void		(*run)(char *const a[ARGS], struct buf *out);
} functions[] = {
	{ "filter", filter }, { "filter-out", filter_out },
	{ "strip", strip }, { "findstring", findstring }, { "subst", subst },
	{ "firstword", firstword }, { "if", choose }, { "shell", shell },
	{ "wildcard", nothing }, { "error", nothing }, { "warning", nothing },
	{ "info", nothing }, { "eval", nothing }, { "call", nothing },
	{ "foreach", nothing }, { "abspath", nothing }, { "realpath", nothing },
	{ "or", nothing }, { "and", nothing }, { "origin", nothing },
	{ "patsubst", nothing }, { "addprefix", nothing },
	{ "addsuffix", nothing }, { "sort", nothing }, { "word", nothing },
	{ "words", nothing }, { "lastword", nothing }, { "notdir", nothing },
	{ "dir", nothing }, { "basename", nothing }, { "suffix", nothing },
	{ "file", nothing }, { "value", nothing }, { "flavor", nothing },
};

/* The one that "name arguments" calls; *n: where its arguments begin. */
static const struct function *
function(const char *s, size_t len, size_t *n)
{
	const size_t word = strcspn(s, BLANKS);

	for (size_t i = 0; word < len && i < N(functions); i++)
		if (strlen(functions[i].name) == word &&
		    memcmp(functions[i].name, s, word) == 0) {
			*n = word + strspn(s + word, BLANKS);
			*n = *n < len ? *n : len;
			return &functions[i];
		}
	return NULL;
}

/* --- references --- */

/* What is in the parentheses that s begins with; NULL: they do not end. */
static const char *
closing(const char *s, size_t n)
{
	const char open = s[0], close = open == '(' ? ')' : '}';
	unsigned depth = 0;

	for (size_t i = 0; i < n; i++) {
		depth += s[i] == open ? 1 : 0;
		if (s[i] == close && --depth == 0)
			return s + i;
	}
	return NULL;
}

/* The comma that ends an argument, or the end. */
static size_t
argument(const char *s, size_t n)
{
	unsigned depth = 0;
	size_t i;

	for (i = 0; i < n && !(s[i] == ',' && depth == 0); i++) {
		depth += s[i] == '(' || s[i] == '{' ? 1 : 0;
		depth -= (s[i] == ')' || s[i] == '}') && depth > 0 ? 1 : 0;
	}
	return i;
}

static int
call(struct run *r, const struct function *f, const char *s, size_t n,
    struct buf *out)
{
	struct buf arg[ARGS], result = BUF_MAX((size_t)MAKE_BYTES *
	    MAKE_BYTES);
	char *text[ARGS];
	int x = 0;

	for (size_t i = 0; i < ARGS; i++) {
		const size_t m = i == ARGS - 1 ? n : argument(s, n);

		arg[i] = (struct buf)BUF_MAX(MAKE_BYTES);
		if (x == 0)
			x = expand(r, s, m, &arg[i]);
		text[i] = arg[i].data;
		s += m + (m < n);
		n -= m + (m < n);
	}
	if (x == 0)
		f->run(text, &result);
	if (x == 0 && buf_add(out, result.data, result.len) == -1)
		x = too_much(r);
	for (size_t i = 0; i < ARGS; i++)
		buf_release(&arg[i]);
	buf_release(&result);
	return x;
}

/* A variable by its name, which may be made of others. */
static int
variable(struct run *r, const char *s, size_t n, struct buf *out)
{
	struct buf name = BUF_MAX(MAKE_BYTES);
	const char *v, *suffixes;
	int x = expand(r, s, n, &name);

	suffixes = memchr(name.data, ':', name.len);
	if (suffixes != NULL)		/* $(NAME:.c=.o): as it is */
		name.len = (size_t)(suffixes - name.data);
	v = x == 0 ? vars_get(r->vars, name.data, name.len) : NULL;
	if (v != NULL && v[0] == MAKE_LATER)
		x = expand(r, v + 1, strlen(v + 1), out);
	else if (v != NULL && buf_adds(out, v + 1) == -1)
		x = too_much(r);
	buf_release(&name);
	return x;
}

/* What stands behind the "$" at s; *used: how much of it that is. */
static int
reference(struct run *r, const char *s, size_t n, size_t *used,
    struct buf *out)
{
	const struct function *f;
	const char *end;
	size_t len, skip = 0;

	*used = n > 0 ? 1 : 0;
	if (n == 0 || *s == '$')
		return buf_addc(out, '$') == 0 ? 0 : too_much(r);
	if (*s != '(' && *s != '{')
		return variable(r, s, 1, out);
	end = closing(s, n);
	if (end == NULL)
		return err_set(r->e, ERR_INPUT, "a $%c has no end", *s);
	len = (size_t)(end - s) - 1;
	*used = len + 2;
	f = function(s + 1, len, &skip);
	if (f != NULL)
		return call(r, f, s + 1 + skip, len - skip, out);
	return variable(r, s + 1, len, out);
}

static int
expand(struct run *r, const char *s, size_t n, struct buf *out)
{
	size_t used;
	int x = 0;

	if (r->depth == MAKE_DEPTH || r->steps == 0)
		return too_much(r);
	r->depth++;
	for (size_t i = 0; x == 0 && i < n; i += used) {
		const char *dollar = memchr(s + i, '$', n - i);

		used = dollar != NULL ? (size_t)(dollar - s) - i : n - i;
		if (buf_add(out, s + i, used) == -1)
			x = too_much(r);
		if (x == -1 || dollar == NULL)
			continue;
		i += used + 1;
		if (r->steps == 0)
			x = too_much(r);
		else
			r->steps--;
		if (x == 0)
			x = reference(r, s + i, n - i, &used, out);
	}
	r->depth--;
	return x;
}

int
make_expand(const struct vars *vars, const char *s, struct buf *out,
    struct err *e)
{
	struct run r = { .vars = vars, .e = e, .steps = STEPS };

	return expand(&r, s, strlen(s), out);
}
