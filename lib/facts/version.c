/* SPDX-License-Identifier: MIT */
#include "facts/version.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#define NUMBER_DIGITS	9		/* so that it fits, whatever comes */
#define COMMIT_MAX	40		/* hex digits of a SHA-1 */

/*
 * The readers take what they know from the front of *p, step over it, and
 * say whether there was any.
 */

static bool
take_letters(const char **p, const char *word)
{
	const size_t n = strlen(word);

	if (strncasecmp(*p, word, n) != 0)
		return false;
	*p += n;
	return true;
}

/* One of the characters in set. */
static bool
take_any(const char **p, const char *set)
{
	if (**p == '\0' || strchr(set, **p) == NULL)
		return false;
	++*p;
	return true;
}

static bool
take_number(const char **p, unsigned *out)
{
	const char *s = *p;
	unsigned v = 0;

	for (; *s >= '0' && *s <= '9'; s++) {
		if (s - *p == NUMBER_DIGITS)
			return false;
		v = v * 10 + (unsigned)(*s - '0');
	}
	if (s == *p)
		return false;
	*p = s;
	*out = v;
	return true;
}

/* The separator and the number behind it, or neither. */
static bool
take_part(const char **p, const char *sep, unsigned *out)
{
	const char *s = *p;

	if (!take_any(&s, sep) || !take_number(&s, out))
		return false;
	*p = s;
	return true;
}

/* "-g269a0e0e1" */
static bool
take_commit(const char **p, char out[COMMIT_MAX + 1])
{
	static const char hex[] = "0123456789abcdefABCDEF";
	const char *s = *p;
	size_t n;

	if (!take_any(&s, "-.") || !take_any(&s, "g"))
		return false;
	n = strspn(s, hex);
	if (n == 0 || n > COMMIT_MAX)
		return false;
	for (size_t i = 0; i < n; i++)		/* in lower case */
		out[i] = (char)(s[i] >= 'A' ? s[i] | 0x20 : s[i]);
	out[n] = '\0';
	*p = s + n;
	return true;
}

static bool
take_separated(const char **p, const char *sep, const char *word)
{
	const char *s = *p;

	if (!take_any(&s, sep) || !take_letters(&s, word))
		return false;
	*p = s;
	return true;
}

/*
 * A version from the front of *p; *parts: how many numbers it has.  "_" is
 * what old tools wrote for "." in file names: v1_23_0_preview.
 */
static bool
take_numbers(const char **p, struct version *v, unsigned *parts)
{
	unsigned n;

	memset(v, 0, sizeof(*v));
	v->build = -1;
	take_letters(p, "unstable-");
	take_any(p, "vV");
	if (!take_number(p, &v->major) || !take_part(p, "._", &v->minor))
		return false;
	*parts = take_part(p, "._", &v->patch) ? 3 : 2;
	v->preview = take_separated(p, "-._", "preview");
	if (take_part(p, v->preview ? "-." : "-", &n))
		v->build = (int)n;
	if (v->build != -1)
		take_commit(p, v->commit);
	v->dirty = take_separated(p, "-.", "dirty");
	return true;
}

bool
version_parse(const char *text, struct version *out)
{
	unsigned parts;

	return take_numbers(&text, out, &parts) && *text == '\0';
}

void
version_text(const struct version *v, char out[VERSION_TEXT])
{
	const bool two = v->patch == 0 && !v->preview &&
	    (v->major == 0 || (v->major == 1 && v->minor < 20));

	if (two)
		snprintf(out, VERSION_TEXT, "v%u.%u", v->major, v->minor);
	else
		snprintf(out, VERSION_TEXT, "v%u.%u.%u%s", v->major, v->minor,
		    v->patch, v->preview ? "-preview" : "");
}

static int
order(unsigned a, unsigned b)
{
	return (a > b) - (a < b);
}

int
version_compare(const struct version *a, const struct version *b)
{
	int r = order(a->major, b->major);

	if (r == 0)
		r = order(a->minor, b->minor);
	if (r == 0)
		r = order(a->patch, b->patch);
	if (r == 0)
		r = order(b->preview, a->preview);
	if (r == 0 && a->build != -1 && b->build != -1)
		r = order((unsigned)a->build, (unsigned)b->build);
	return r;
}

bool
version_released(const struct version *v)
{
	return !v->preview && v->build <= 0 && !v->dirty;
}

/* One term of a range, blanks around it included. */
static bool
take_term(const char **p, struct wanted *w)
{
	static const struct {
		const char	*text;
		char		 op;
	} ops[] = {
		{ "<=", 'l' }, { ">=", 'g' }, { "!=", '!' }, { "==", '=' },
		{ "<", '<' }, { ">", '>' }, { "=", '=' },
	};
	const size_t i = w->n_terms;
	unsigned parts;

	if (i == WANTED_TERMS)
		return false;
	while (take_any(p, " "))
		;
	for (size_t k = 0; k < sizeof(ops) / sizeof(ops[0]); k++)
		if (take_letters(p, ops[k].text)) {
			w->term[i].op = ops[k].op;
			break;
		}
	while (take_any(p, " "))
		;
	if (w->term[i].op == '\0' || !take_numbers(p, &w->term[i].v, &parts))
		return false;
	while (take_any(p, " "))
		;
	w->n_terms++;
	return true;
}

static bool
range_parse(const char *text, struct wanted *out)
{
	out->kind = WANTED_RANGE;
	do {
		if (!take_term(&text, out))
			return false;
	} while (take_any(&text, ","));
	return *text == '\0';
}

bool
wanted_parse(const char *text, struct wanted *out)
{
	static const struct {
		const char		*word;
		enum wanted_kind	 kind;
	} words[] = {
		{ "stable", WANTED_STABLE },
		{ "preview", WANTED_PREVIEW },
		{ "master", WANTED_PREVIEW },	/* what mpflash calls it too */
		{ "latest", WANTED_LATEST },
	};
	unsigned parts;

	memset(out, 0, sizeof(*out));
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (strcasecmp(text, words[i].word) == 0) {
			out->kind = words[i].kind;
			return true;
		}
	if (strchr("<>=! ", text[0]) != NULL)
		return range_parse(text, out);
	if (!take_numbers(&text, &out->exact, &parts) || *text != '\0')
		return false;
	out->kind = parts == 2 && version_released(&out->exact) ?
	    WANTED_SERIES : WANTED_EXACT;
	return true;
}

/* The very version; what it does not say (build, commit) may be any. */
static bool
same_version(const struct version *want, const struct version *v)
{
	const size_t n = strlen(want->commit), m = strlen(v->commit);

	if (version_compare(want, v) != 0 ||
	    (want->build > 0 && want->build != v->build))
		return false;
	if (version_released(want))
		return version_released(v);
	/* Either may be cut short. */
	return strncmp(want->commit, v->commit, n < m ? n : m) == 0;
}

static bool
term_holds(char op, int r)
{
	switch (op) {
	case '<':
		return r < 0;
	case 'l':
		return r <= 0;
	case '>':
		return r > 0;
	case 'g':
		return r >= 0;
	case '!':
		return r != 0;
	default:
		return r == 0;
	}
}

/* Previews are in a range only if it speaks of one. */
static bool
in_range(const struct wanted *w, const struct version *v)
{
	bool previews = false;

	for (size_t i = 0; i < w->n_terms; i++) {
		if (!version_released(&w->term[i].v))
			previews = true;
		if (!term_holds(w->term[i].op,
		    version_compare(v, &w->term[i].v)))
			return false;
	}
	return previews || version_released(v);
}

int
wanted_check(const char *text, struct wanted *out, struct err *e)
{
	if (wanted_parse(text, out))
		return 0;
	err_set(e, ERR_USAGE, "--version \"%.100s\": not a version", text);
	return err_hint(e, "stable, preview, latest, 1.24.1, 1.24 or "
	    "\">=1.22,<1.25\"");
}

bool
wanted_admits(const struct wanted *w, const struct version *v)
{
	switch (w->kind) {
	case WANTED_STABLE:
		return version_released(v);
	case WANTED_PREVIEW:
		return !version_released(v);
	case WANTED_LATEST:
		return true;
	case WANTED_SERIES:
		return version_released(v) && v->major == w->exact.major &&
		    v->minor == w->exact.minor;
	case WANTED_EXACT:
		return same_version(&w->exact, v);
	case WANTED_RANGE:
		return in_range(w, v);
	}
	return false;
}

bool
wanted_ways(const struct wanted *w, char out[WANTED_WAYS][VERSION_TEXT])
{
	const struct version *v = &w->exact;

	if (w->kind != WANTED_EXACT || !version_released(v))
		return false;
	for (size_t i = 0; i < WANTED_WAYS; i++)
		out[i][0] = '\0';
	for (size_t i = 0; i < 2; i++)
		snprintf(out[i], VERSION_TEXT, "%s%u.%u.%u", i == 0 ? "v" : "",
		    v->major, v->minor, v->patch);
	for (size_t i = 0; i < 2 && v->patch == 0; i++)
		snprintf(out[2 + i], VERSION_TEXT, "%s%u.%u",
		    i == 0 ? "v" : "", v->major, v->minor);
	return true;
}
