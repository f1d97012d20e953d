/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "custom/impl.h"

/*
 * said: what the user says of a file, on the command line.  It wins over what
 * is written beside the file, but not over the file itself.
 */

#define TEXT_MAX	1000u		/* bytes of one text */

/*
 * Control characters are kept out here, so that whatever shows a text later,
 * here or elsewhere, is not told to do anything by it.
 */
int
said_check(const char *what, const char *s, enum err_code code, struct err *e)
{
	if (*s == '\0')
		return err_set(e, code, "%s: empty", what);
	if (strlen(s) > TEXT_MAX)
		return err_set(e, code, "%s: %zu bytes, of at most %u", what,
		    strlen(s), TEXT_MAX);
	for (const char *p = s; *p != '\0';) {
		const size_t n = text_utf8(p, strlen(p));
		const unsigned char c = (unsigned char)*p;

		if (n == 0)
			return err_set(e, code, "%s: not UTF-8 at byte %zu",
			    what, (size_t)(p - s));
		if (c < ' ' || c == 0x7f || (c == 0xc2 &&
		    (unsigned char)p[1] < 0xa0))
			return err_set(e, code, "%s: a control character at "
			    "byte %zu", what, (size_t)(p - s));
		p += n;
	}
	return 0;
}

static int
take_said_text(const char *what, const char *s, const char **out, struct err *e)
{
	if (s == NULL)
		return 0;
	*out = s;
	return said_check(what, s, ERR_USAGE, e);
}

static int
take_words(const char *what, const char *const *words, const char **out,
    struct err *e)
{
	for (size_t n = 0; words[n] != NULL; n++) {
		if (said_check(what, words[n], ERR_USAGE, e) == -1)
			return -1;
		out[n] = words[n];
		out[n + 1] = NULL;
	}
	return 0;
}

static int
take_texts(struct work *w, struct err *e)
{
	const struct firmware *said = w->said;
	struct firmware *fw = &w->en->firmware;

	if (take_said_text("--description", said->description, &fw->description,
	    e) == -1 ||
	    take_said_text("--custom-id", said->custom_id, &fw->custom_id,
	    e) == -1 ||
	    take_said_text("--toolchain", said->toolchain_version,
	    &fw->toolchain_version, e) == -1 ||
	    take_said_text("--author", said->author, &fw->author, e) == -1 ||
	    take_said_text("--organization", said->organization,
	    &fw->organization, e) == -1 ||
	    take_words("--feature", said->features, fw->features, e) == -1 ||
	    take_words("--dependency", said->dependencies, fw->dependencies,
	    e) == -1)
		return -1;
	return take_words("--tag", said->tags, fw->tags, e);
}

/* Is it another release than the image's, or another build of it? */
static bool
other_version(const struct version *is, const struct version *said)
{
	return is->major != said->major || is->minor != said->minor ||
	    is->patch != said->patch || is->preview != said->preview ||
	    (said->build >= 0 && (is->build < 0 ? 0 : is->build) !=
	    said->build) || (said->commit[0] != '\0' &&
	    is->commit[0] != '\0' && strncmp(said->commit, is->commit,
	    strlen(said->commit) < strlen(is->commit) ?
	    strlen(said->commit) : strlen(is->commit)) != 0);
}

static void
put_version(struct work *w, const struct version *v)
{
	struct firmware *fw = &w->en->firmware;
	char text[VERSION_TEXT];

	version_text(v, text);
	fw->version = entry_keep(w->en, text);
	if (v->build > 0)
		fw->build = v->build;
	if (strlen(v->commit) >= 7)
		fw->commit = entry_keep(w->en, v->commit);
}

static int
take_said_version(struct work *w, struct err *e)
{
	struct version said;

	if (w->said->version == NULL) {
		if (w->versioned)
			put_version(w, &w->version);
		return 0;
	}
	if (!version_parse(w->said->version, &said)) {
		err_set(e, ERR_USAGE, "--version %.80s: not a version",
		    w->said->version);
		return err_hint(e, "v1.24.1, v1.26.0-preview or "
		    "v1.26.0-preview-48");
	}
	if (w->versioned && other_version(&w->version, &said)) {
		err_set(e, ERR_MISMATCH, "--version %.80s: the image says "
		    "that it is %s", w->said->version,
		    w->facts.strings.tag);
		if (work_contradicts(w, e) == -1)
			return -1;
	}
	put_version(w, &said);
	return 0;
}

int
work_said(struct work *w, struct err *e)
{
	w->en->firmware.custom = 1;
	w->en->firmware.action = "flash";
	return take_texts(w, e) == -1 ? -1 : take_said_version(w, e);
}
