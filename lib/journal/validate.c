/* SPDX-License-Identifier: MIT */
#include "journal/validate.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "facts/version.h"
#include "toml/toml.h"

#define SHOWN	60			/* bytes of a value, in a message */

enum kind { TEXT, DATE, BOOL, COUNT, LIST };

/* When the key has to be there. */
enum need {
	MAY,
	ALWAYS,
	STRICT,				/* with --strict */
	SECTION				/* with --strict, if its table is */
};

static bool
is_text_value(const char *s)
{
	return s[0] != '\0';
}

/* v1.26.0-preview-48 is how git tells it: tag and commits since. */
static bool
is_version_value(const char *s)
{
	const char *dash = strstr(s, "-preview-");
	char text[VERSION_TEXT];
	struct version v;
	size_t n = strlen(s);

	if (dash != NULL && dash[9] != '\0' &&
	    dash[9 + strspn(dash + 9, "0123456789")] == '\0')
		n = (size_t)(dash - s) + 8;
	if (n == 0 || n >= sizeof(text))
		return false;
	snprintf(text, sizeof(text), "%.*s", (int)n, s);
	if (text[0] == 'V')
		text[0] = 'v';
	return version_parse(text, &v);
}

static bool
is_commit_value(const char *s)
{
	const size_t n = strspn(s, "0123456789abcdefABCDEF");

	return n >= 7 && n <= 64 && s[n] == '\0';
}

static bool
is_source(const char *s)
{
	return strcmp(s, "git") == 0 || strcmp(s, "local") == 0 ||
	    strcmp(s, "http") == 0;
}

/* SCHEME://HOST/..., or USER@HOST:PATH as git has it. */
static bool
is_url(const char *s)
{
	const size_t n = strspn(s, "abcdefghijklmnopqrstuvwxyz"
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+-.");
	const char *at = strchr(s, '@');

	for (const char *p = s; *p != '\0'; p++)
		if (isspace((unsigned char)*p) || iscntrl((unsigned char)*p))
			return false;
	if (n > 0 && strncmp(s + n, "://", 3) == 0)
		return s[n + 3] != '\0' && (s[n + 3] != '/' ||
		    strncmp(s, "file:", 5) == 0);
	return at != NULL && at > s && strchr(at, ':') != NULL &&
	    strchr(at, ':') > at + 1 && strchr(at, ':')[1] != '\0';
}

/* A name without folders, on any platform. */
static bool
is_file_value(const char *s)
{
	for (const char *p = s; *p != '\0'; p++)
		if (iscntrl((unsigned char)*p) || *p == '/' || *p == '\\')
			return false;
	return s[0] != '\0' && strcmp(s, ".") != 0 && strcmp(s, "..") != 0;
}

static bool
is_hash(const char *s)
{
	static const struct {
		const char	*name;
		size_t		 digits;
	} known[] = {
		{ "md5", 32 }, { "sha1", 40 }, { "sha224", 56 },
		{ "sha256", 64 }, { "sha384", 96 }, { "sha512", 128 },
	};
	const char *colon = strchr(s, ':');
	size_t n;

	if (colon == NULL)
		return false;
	n = strspn(colon + 1, "0123456789abcdefABCDEF");
	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		if (strncmp(s, known[i].name, (size_t)(colon - s)) == 0 &&
		    strlen(known[i].name) == (size_t)(colon - s))
			return n == known[i].digits && colon[1 + n] == '\0';
	return false;
}

static const struct rule {
	const char	*path;
	enum kind	 kind;
	enum need	 need;
	bool		(*fits)(const char *s);	/* a text; NULL: any */
	const char	*what;			/* such a text is */
} rules[] = {
	{ "firmware.board_id", TEXT, ALWAYS, is_text_value, "a name" },
	{ "firmware.port", TEXT, ALWAYS, is_text_value, "a name" },
	{ "firmware.version", TEXT, ALWAYS, is_version_value,
	    "a version such as v1.24.1" },
	{ "firmware.build", COUNT, MAY, NULL, NULL },
	{ "firmware.commit", TEXT, MAY, is_commit_value, "7 to 64 hex digits" },
	{ "firmware.flash_date", DATE, STRICT, NULL, NULL },
	{ "firmware.description", TEXT, MAY, NULL, NULL },
	{ "firmware.custom", BOOL, STRICT, NULL, NULL },
	{ "source.type", TEXT, SECTION, is_source, "git, local or http" },
	{ "source.url", TEXT, MAY, is_url, "an address" },
	{ "source.filename", TEXT, SECTION, is_file_value,
	    "the name of a file, without folders" },
	{ "source.hash", TEXT, SECTION, is_hash,
	    "ALGORITHM:HEX, such as sha256: and 64 digits" },
	{ "source.git.branch", TEXT, SECTION, is_text_value, "a name" },
	{ "source.git.commit", TEXT, SECTION, is_commit_value,
	    "7 to 64 hex digits" },
	{ "source.git.tag", TEXT, MAY, is_text_value, "a name" },
	{ "source.git.commits_since_tag", COUNT, MAY, NULL, NULL },
	{ "build.toolchain_version", TEXT, SECTION, is_text_value, "a text" },
	{ "build.python_version", TEXT, SECTION, is_text_value, "a text" },
	{ "build.build_date", DATE, SECTION, NULL, NULL },
	{ "build.build_host", TEXT, SECTION, is_text_value, "a text" },
	{ "custom.author", TEXT, SECTION, is_text_value, "a name" },
	{ "custom.organization", TEXT, MAY, is_text_value, "a name" },
	{ "custom.features", LIST, SECTION, NULL, NULL },
	{ "custom.dependencies", LIST, SECTION, NULL, NULL },
	{ "custom.tags", LIST, MAY, NULL, NULL },
};

struct checking {
	const char	*text;
	const struct toml *root;
	void		(*fn)(size_t line, const char *what, void *ctx);
	void		*ctx;
	int		 n;
};

static void
tell_fault(struct checking *c, const struct toml *at, const char *what)
{
	c->n++;
	c->fn(toml_line(at, c->text), what, c->ctx);
}

/* The table that the key is in; NULL: it is not there. */
static const struct toml *
section_of(const struct toml *root, const char *path)
{
	const char *dot = strrchr(path, '.');
	char name[40];

	snprintf(name, sizeof(name), "%.*s", (int)(dot - path), path);
	return toml_get(root, name);
}

static bool
is_date(const struct toml *v)
{
	struct toml *t;
	bool good;

	if (toml_type(v) == TOML_DATETIME)
		return true;
	if (toml_str(v) == NULL)
		return false;
	t = toml_new(TOML_TABLE);	/* the requirements quote it */
	good = toml_put_datetime(t, "d", toml_str(v)) == 0 &&
	    toml_type(toml_get(t, "d")) == TOML_DATETIME;
	toml_free(t);
	return good;
}

static bool
is_list_value(const struct toml *v)
{
	if (toml_type(v) != TOML_ARRAY)
		return false;
	for (size_t i = 0; i < toml_len(v); i++)
		if (toml_str(toml_at(v, i)) == NULL)
			return false;
	return true;
}

/* What a value of this kind is, if v is not; NULL: it is. */
static const char *
wrong_kind(enum kind kind, const struct toml *v)
{
	int64_t n;
	bool flag;

	switch (kind) {
	case TEXT:
		return toml_str(v) != NULL ? NULL : "a string";
	case DATE:
		return is_date(v) ? NULL :
		    "an ISO 8601 time such as 2026-11-20T12:00:00Z";
	case BOOL:
		return toml_bool(v, &flag) ? NULL : "true or false";
	case COUNT:
		return toml_int(v, &n) && n >= 0 ? NULL :
		    "a whole number from 0";
	default:
		return is_list_value(v) ? NULL : "a list of strings";
	}
}

static void
check_value(struct checking *c, const struct rule *r, const struct toml *v)
{
	const char *wrong = wrong_kind(r->kind, v), *s = toml_str(v);
	struct buf what = BUF_INIT;

	if (wrong == NULL && r->fits != NULL && !r->fits(s))
		wrong = r->what;
	if (wrong == NULL)
		return;
	buf_adds(&what, r->path);
	if (s != NULL)
		buf_addf(&what, ": \"%.*s\"", SHOWN, s);
	buf_addf(&what, ": not %s", wrong);
	tell_fault(c, v, what.data);
	buf_release(&what);
}

static void
check_rule(struct checking *c, const struct rule *r, bool strict)
{
	const struct toml *v = toml_get(c->root, r->path);
	const struct toml *in = section_of(c->root, r->path);
	char what[80];

	if (v != NULL) {
		check_value(c, r, v);
		return;
	}
	if (r->need == ALWAYS || (strict && (r->need == STRICT ||
	    (r->need == SECTION && in != NULL)))) {
		snprintf(what, sizeof(what), "%s: missing", r->path);
		tell_fault(c, in, what);
	}
}

static void
check_source(struct checking *c, bool strict)
{
	const struct toml *source = toml_get(c->root, "source");
	const struct toml *git = toml_get(c->root, "source.git");
	const char *type = toml_str(toml_get(c->root, "source.type"));
	const bool is_git = type != NULL && strcmp(type, "git") == 0;

	if (git != NULL && type != NULL && !is_git)
		tell_fault(c, git, "source.git: only where source.type is git");
	if (strict && source == NULL)
		tell_fault(c, NULL, "source: missing");
	if (strict && is_git && git == NULL)
		tell_fault(c, source, "source.git: missing");
}

int
journal_validate(const char *text, size_t n, const char *name, bool strict,
    void (*fn)(size_t line, const char *what, void *ctx), void *ctx,
    struct err *e)
{
	struct toml *root = toml_parse(text, n, name, e);
	struct checking c = { .text = text, .root = root, .fn = fn,
	    .ctx = ctx };

	if (root == NULL)
		return -1;
	for (size_t i = 0; i < sizeof(rules) / sizeof(rules[0]); i++)
		check_rule(&c, &rules[i], strict);
	check_source(&c, strict);
	toml_free(root);
	return c.n;
}
