/* SPDX-License-Identifier: MIT */
#include "trust/policy.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/mem.h"
#include "base/text.h"
#include "trust/lines.h"

#define BLANKS	" \t"

static const char *const names[POLICY_KINDS] = {
	[POLICY_KEY] = "key",
	[POLICY_BOARD] = "board",
	[POLICY_VERSION] = "version",
	[POLICY_SOURCE] = "source",
	[POLICY_DOWNGRADE] = "downgrade",
};

const char *
policy_name(enum policy_kind kind)
{
	return names[kind];
}

static bool
is_space(char c)
{
	return c == ' ' || c == '\t';
}

static int
bad_rule(const struct policy *p, unsigned line, const char *what, struct err *e)
{
	err_set(e, ERR_INPUT, "%s:%u: %s", p->path, line, what);
	return err_hint(e, "mpf-policy(5) has the rules; nothing is flashed "
	    "before the file is right");
}

/* Are all bytes of it a text that can be shown? */
static bool
is_text_line(const char *s, size_t n)
{
	size_t k;

	for (size_t i = 0; i < n; i += k) {
		k = text_utf8(s + i, n - i);
		if (k == 0 || (unsigned char)s[i] < ' ' || s[i] == 0x7f)
			return false;
	}
	return true;
}

static int
add_rule(struct policy *p, const char *s, size_t n, unsigned line,
    struct err *e)
{
	size_t word = 0, from;
	struct policy_rule *r;
	int kind = 0;

	while (word < n && !is_space(s[word]))
		word++;
	while (kind < POLICY_KINDS && (strlen(names[kind]) != word ||
	    strncmp(s, names[kind], word) != 0))
		kind++;
	if (kind == POLICY_KINDS)
		return bad_rule(p, line, "an unknown rule", e);
	for (from = word; from < n && is_space(s[from]); from++)
		;
	if (from == n)
		return bad_rule(p, line, "a rule without a value", e);
	if (!is_text_line(s + from, n - from))
		return bad_rule(p, line, "not a text", e);
	if (p->n == POLICY_RULES)
		return bad_rule(p, line, "too many rules", e);
	p->v = mem_grow(p->v, p->n + 1, sizeof(*p->v));
	r = &p->v[p->n++];
	*r = (struct policy_rule){ (enum policy_kind)kind, line,
	    mem_printf("%.*s", (int)(n - from), s + from) };
	if (kind == POLICY_DOWNGRADE && strcmp(r->value, "yes") != 0 &&
	    strcmp(r->value, "no") != 0)
		return bad_rule(p, line, "downgrade is yes or no", e);
	return 0;
}

int
policy_parse(const char *text, size_t n, const char *path,
    struct policy *out, struct err *e)
{
	struct lines l = { text, n };
	unsigned line = 0;
	const char *s;
	size_t len;

	*out = (struct policy)POLICY_INIT;
	out->path = mem_str(path);
	while (lines_next(&l, &s, &len)) {
		line++;
		while (len > 0 && is_space(s[0]))
			s++, len--;
		while (len > 0 && is_space(s[len - 1]))
			len--;
		if (len == 0 || s[0] == '#')
			continue;
		if (add_rule(out, s, len, line, e) == -1) {
			policy_release(out);
			return -1;
		}
	}
	return 0;
}

/* Who could change what root has laid down? */
static int
check_policy_owner(const char *path, struct err *e)
{
	struct stat st;

	if (stat(path, &st) == -1)
		return errno == ENOENT ? 0 : err_sys(e, "%s", path);
	if ((st.st_uid == 0 || st.st_uid == geteuid()) &&
	    (st.st_mode & S_IWOTH) == 0)
		return 0;
	err_set(e, ERR_PERMISSION, "%s: not root's alone, so anybody may have "
	    "changed it", path);
	return err_hint(e, "chown root %.80s, and chmod 644", path);
}

int
policy_load(const char *path, bool system, struct policy *out, struct err *e)
{
	struct buf text = BUF_MAX(POLICY_MAX);
	int r;

	*out = (struct policy)POLICY_INIT;
	if (system && check_policy_owner(path, e) == -1)
		return -1;
	r = file_read(path, &text, e);
	if (r == 0) {
		r = policy_parse(text.data, text.len, path, out, e);
	} else if (e->code == ERR_NOT_FOUND) {
		*e = (struct err)ERR_INIT;
		r = 0;
	}
	buf_release(&text);
	return r;
}

void
policy_release(struct policy *p)
{
	for (size_t i = 0; i < p->n; i++)
		free(p->v[i].value);
	free(p->v);
	free(p->path);
	*p = (struct policy)POLICY_INIT;
}
