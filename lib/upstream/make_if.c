/* SPDX-License-Identifier: MIT */
#include "upstream/make_if.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "upstream/make.h"
#include "upstream/make_expand.h"

#define BLANKS		" \t\r"

const char *
make_after(const char *s, const char *word)
{
	const size_t n = strlen(word);

	if (strncmp(s, word, n) != 0 ||
	    (s[n] != '\0' && strchr(BLANKS "(", s[n]) == NULL))
		return NULL;
	return s + n + strspn(s + n, BLANKS);
}

/* Cuts the two operands out of "(a,b)" or of two in quotes. */
static bool
operands(char *s, char **a, char **b)
{
	size_t n = strlen(s);
	unsigned depth = 0;
	char *p = s + 1;

	while (n > 0 && strchr(BLANKS, s[n - 1]) != NULL)
		s[--n] = '\0';
	*a = *b = p;
	if (*s == '(' && n >= 3 && s[n - 1] == ')') {
		s[n - 1] = '\0';
		for (; *p != '\0' && !(*p == ',' && depth == 0); p++) {
			depth += *p == '(' || *p == '{' ? 1 : 0;
			depth -= (*p == ')' || *p == '}') && depth > 0;
		}
		if (*p == '\0')
			return false;
		*p = '\0';
		*b = p + 1 + strspn(p + 1, BLANKS);
		return true;
	}
	if (*s != '"' && *s != '\'')
		return false;
	p = strchr(p, *s);
	if (p == NULL)
		return false;
	*p++ = '\0';
	p += strspn(p, BLANKS);
	*b = p + 1;
	if ((*p != '"' && *p != '\'') || (p = strchr(*b, *p)) == NULL)
		return false;
	*p = '\0';
	return true;
}

/* Is what if says so?  What nobody can know is. */
static int
equal(const struct vars *vars, const char *rest, bool want, bool *is,
    struct err *e)
{
	struct buf x = BUF_MAX(MAKE_BYTES), y = BUF_MAX(MAKE_BYTES);
	char *copy = mem_str(rest), *a, *b;
	const char *left, *right;
	int r = -1;

	if (!operands(copy, &a, &b)) {
		err_set(e, ERR_INPUT, "a condition that is none: %.40s", rest);
		goto out;
	}
	if (make_expand(vars, a, &x, e) == -1 ||
	    make_expand(vars, b, &y, e) == -1)
		goto out;
	left = make_strip(x.data, &x.len);
	right = make_strip(y.data, &y.len);
	*is = memchr(left, MAKE_UNKNOWN, x.len) != NULL ||
	    memchr(right, MAKE_UNKNOWN, y.len) != NULL ||
	    (x.len == y.len && memcmp(left, right, x.len) == 0) == want;
	r = 0;
out:
	buf_release(&x);
	buf_release(&y);
	free(copy);
	return r;
}

/* ifdef: has it a value, even one that expands to nothing? */
static int
defined(const struct vars *vars, const char *rest, bool want, bool *is,
    struct err *e)
{
	struct buf name = BUF_MAX(MAKE_BYTES);
	const char *v, *s;
	const int r = make_expand(vars, rest, &name, e);

	if (r == 0) {
		s = make_strip(name.data, &name.len);
		v = vars_get(vars, s, name.len);
		*is = (v != NULL && v[1] != '\0') == want;
	}
	buf_release(&name);
	return r;
}

int
make_if(const struct vars *vars, const char *s, bool counts, bool *is,
    struct err *e)
{
	static const struct {
		const char	*word;
		int		(*ask)(const struct vars *vars,
				    const char *rest, bool want, bool *is,
				    struct err *e);
		bool		 want;
	} all[] = {
		{ "ifeq", equal, true }, { "ifneq", equal, false },
		{ "ifdef", defined, true }, { "ifndef", defined, false },
	};
	const char *rest = NULL;
	size_t i;

	for (i = 0; i < 4 && (rest = make_after(s, all[i].word)) == NULL; i++)
		;
	*is = false;
	if (rest == NULL)
		return 0;
	return counts && all[i].ask(vars, rest, all[i].want, is, e) == -1 ?
	    -1 : 1;
}
