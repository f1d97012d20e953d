/* SPDX-License-Identifier: MIT */
#include "means/means.h"

#include <string.h>

#include "base/buf.h"
#include "base/text.h"

#define READS	4u

/* The mode in which a board takes a method, and the files that it reads. */
static const struct way {
	const char	*method, *mode;
	const char	*reads[READS + 1];	/* ends with NULL */
} ways[] = {
	{ "picoboot", "picoboot", { "uf2" } },
	{ "uf2", "uf2", { "uf2" } },
	{ "dfu", "dfu", { "dfu", "hex", "app-bin", "bin" } },
	{ "esp", "esp_rom", { "bin" } },
	{ "drive", MEANS_PROBE, { "hex", "bin" } },
};

#define N_WAYS	(sizeof(ways) / sizeof(ways[0]))

static const struct way *
find_way(const char *method)
{
	for (size_t i = 0; i < N_WAYS; i++)
		if (strcmp(ways[i].method, method) == 0)
			return &ways[i];
	return NULL;
}

/* The way for a board that is in that mode now; NULL: it may go anywhere. */
static const struct way *
way_of_mode(const char *mode)
{
	for (size_t i = 0; i < N_WAYS && mode != NULL; i++)
		if (strcmp(ways[i].mode, mode) == 0)
			return &ways[i];
	return NULL;
}

static bool
is_probe(const char *mode)
{
	return mode != NULL && strcmp(mode, MEANS_PROBE) == 0;
}

/*
 * Can this way take the board's files of that kind?  Beside an .app-bin, which
 * is an application, a .bin is the whole flash with all partitions; DFU would
 * put that where the application belongs.
 */
static bool
reads(const struct means *m, const struct way *w, const char *ext)
{
	return text_in(ext, w->reads) && !(strcmp(w->method, "dfu") == 0 &&
	    strcmp(ext, "bin") == 0 && text_in("app-bin", m->file));
}

static bool
has_file(const struct means *m, const struct way *w)
{
	for (size_t i = 0; m->file[i] != NULL; i++)
		if (reads(m, w, m->file[i]))
			return true;
	return false;
}

const char *
means_mode(const struct device *d)
{
	return d->probe != NULL ? MEANS_PROBE : d->mode;
}

const char *
means_method(const struct means *m, const char *mode)
{
	const struct way *now = way_of_mode(mode);

	/* Not every board behind a probe is one that the probe can flash. */
	if (is_probe(mode) && !text_in(now->method, m->method))
		now = NULL;
	/* A loader that is there now is no worse than that of the table. */
	if (now != NULL)
		return has_file(m, now) && text_in(now->method, means_methods) ?
		    now->method : NULL;
	for (size_t i = 0; m->method[i] != NULL; i++)
		if (text_in(m->method[i], means_methods) &&
		    strcmp(m->method[i], "drive") != 0)
			return m->method[i];
	return NULL;
}

int
means_rank(const struct means *m, const char *mode, const char *ext)
{
	const char *method = means_method(m, mode);
	const struct way *now = way_of_mode(mode);
	int rank = 0;

	if (method != NULL)
		now = find_way(method);
	for (size_t i = 0; m->file[i] != NULL; i++) {
		if (now != NULL && !reads(m, now, m->file[i]))
			continue;
		rank++;
		if (strcmp(m->file[i], ext) == 0)
			return rank;
	}
	return 0;
}

/* --- what mpf-flash cannot do --- */

/* The command line, as far as the board and its port are known. */
static void
add_command(const struct means *m, const char *board_id,
    const struct device *d, const char *file, struct buf *out)
{
	const struct {
		const char	*word, *value;
	} words[] = {
		{ "PORT", d->serial_port },
		{ "BOARD", board_id },
		{ "FILE", file },
	};

	for (const char *p = m->command; *p != '\0'; p++) {
		size_t i = 0, n = 0;

		for (; i < sizeof(words) / sizeof(words[0]); i++) {
			n = strlen(words[i].word);
			if (words[i].value != NULL &&
			    strncmp(p, words[i].word, n) == 0)
				break;
		}
		if (i == sizeof(words) / sizeof(words[0])) {
			buf_addc(out, *p);
		} else {
			buf_adds(out, words[i].value);
			p += n - 1;
		}
	}
}

/* Where the file comes from, and the command line for it. */
static void
hint_command(const struct means *m, const char *board_id, const char *file,
    const char *command, struct err *e)
{
	if (file != NULL)
		err_hint(e, "%s", command);
	else if (text_in("zip", m->file))
		err_hint(e, "get FILE from micropython.org/download/%s, then: "
		    "%s", board_id, command);
	else
		err_hint(e, "mpf-fetch --board %s gets FILE, then: %s",
		    board_id, command);
}

int
means_check(const struct means *m, const char *board_id,
    const struct device *d, const char *file, struct err *e)
{
	struct buf command = BUF_INIT;

	if (means_method(m, means_mode(d)) != NULL)
		return 0;
	add_command(m, board_id, d, file, &command);
	err_set(e, ERR_UNSUPPORTED, "%s: mpf-flash cannot flash %s by %s%s; "
	    "%s can", d->id, board_id, m->loader, text_in("drive", m->method) &&
	    way_of_mode(means_mode(d)) == NULL ? ", which does not show" : "",
	    m->tool);
	hint_command(m, board_id, file, command.data, e);
	buf_release(&command);
	return -1;
}
