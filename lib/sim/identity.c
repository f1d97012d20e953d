/* SPDX-License-Identifier: MIT */
#include "sim/identity.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/dirs.h"
#include "base/file.h"

#define TSV_MAX		(4u * 1024 * 1024)	/* bytes of the table */
#define RELEASES_MAX	128

/* The columns of boards.tsv that matter here, by their place. */
enum { PORT, BOARD, VARIANT, FIRST, LAST, NAME, HW_MCU, MACHINE, MCU,
    COLUMNS };

struct table {
	struct buf	 text;
	char		*release[RELEASES_MAX];
	size_t		 releases;
	char		*rows;		/* the first line of data */
};

/* Cuts text at the next sep; NULL at its end. */
static char *
cut_word(char **text, char sep)
{
	char *start = *text, *end;

	if (start == NULL || start[0] == '\0')
		return NULL;
	end = strchr(start, sep);
	if (end != NULL)
		*end++ = '\0';
	*text = end;
	return start;
}

static int
table_open(const char *path, struct table *t, struct err *e)
{
	char *rest, *line, *word;

	*t = (struct table){ .text = BUF_MAX(TSV_MAX) };
	if (file_read(path, &t->text, e) == -1)
		return err_hint(e, DIRS_SHARE_HINT);
	rest = t->text.data;
	while ((line = cut_word(&rest, '\n')) != NULL) {
		if (strncmp(line, "#versions\t", 10) == 0) {
			line += 10;
			while ((word = cut_word(&line, '\t')) != NULL &&
			    t->releases < RELEASES_MAX)
				t->release[t->releases++] = word;
		} else if (line[0] != '#') {
			t->rows = rest;	/* this line names the columns */
			break;
		}
	}
	if (t->releases == 0 || t->rows == NULL)
		return err_set(e, ERR_INPUT, "%s: not a table of boards",
		    path);
	return 0;
}

/* The place of a version among the releases; the last if it is unknown. */
static size_t
release_of(const struct table *t, const char *tag)
{
	const char *pre = strstr(tag, "-preview");
	size_t len, i;

	len = strcspn(tag, "-");
	if (pre != NULL)
		len = (size_t)(pre - tag) + strlen("-preview");
	for (i = 0; i + 1 < t->releases; i++)
		if (strlen(t->release[i]) == len &&
		    strncmp(t->release[i], tag, len) == 0)
			break;
	return i;
}

/* The next row that holds for release n; false at the end. */
static bool
next_row(struct table *t, size_t n, char *col[COLUMNS])
{
	char *line, *tab;

	while ((line = cut_word(&t->rows, '\n')) != NULL) {
		for (int i = 0; i < COLUMNS; i++) {
			col[i] = line != NULL ? line : (char *)"";
			tab = strchr(col[i], '\t');
			line = tab != NULL ? tab + 1 : NULL;
			if (tab != NULL)
				*tab = '\0';
		}
		if (release_of(t, col[FIRST]) <= n &&
		    release_of(t, col[LAST]) >= n)
			return true;
	}
	return false;
}

static void
machine_of(char *const col[COLUMNS], char *out, size_t size)
{
	if (col[MACHINE][0] != '\0')
		snprintf(out, size, "%s", col[MACHINE]);
	else
		snprintf(out, size, "%s with %s", col[NAME], col[HW_MCU]);
}

/* sys.platform differs from the port's name on two ports. */
static const char *
platform_of(const char *port)
{
	return strcmp(port, "stm32") == 0 ? "pyboard" :
	    strcmp(port, "cc3200") == 0 ? "WiPy" : port;
}

static void
take_row(struct sim_identity *io, char *const col[COLUMNS])
{
	snprintf(io->port, sizeof(io->port), "%s", col[PORT]);
	snprintf(io->board_id, sizeof(io->board_id), "%s", col[BOARD]);
	snprintf(io->variant, sizeof(io->variant), "%s", col[VARIANT]);
	machine_of(col, io->machine, sizeof(io->machine));
	snprintf(io->mcu, sizeof(io->mcu), "%s", col[MCU]);
	snprintf(io->platform, sizeof(io->platform), "%s",
	    platform_of(col[PORT]));
}

static void
set_sim_version(struct sim_identity *io, const char *text)
{
	const char *p = text[0] == 'v' ? text + 1 : text;
	char *end;

	snprintf(io->tag, sizeof(io->tag), "v%s", p);
	for (int i = 0; i < 3; i++) {
		io->version[i] = 0;
		if (isdigit((unsigned char)*p)) {
			io->version[i] = (unsigned)strtoul(p, &end, 10);
			p = *end == '.' ? end + 1 : end;
		}
	}
	io->preview = strstr(text, "preview") != NULL;
}

int
sim_identity_board(const char *tsv, const char *board_id,
    const char *variant, const char *version, struct sim_identity *io,
    struct err *e)
{
	struct table t;
	char *col[COLUMNS];
	size_t n;
	int r = -1;

	if (!isdigit((unsigned char)version[version[0] == 'v']))
		return err_set(e, ERR_USAGE, "%s: not a version", version);
	if (table_open(tsv, &t, e) == -1)
		goto out;
	set_sim_version(io, version);
	n = release_of(&t, io->tag);
	while (r == -1 && next_row(&t, n, col))
		if (strcmp(col[BOARD], board_id) == 0 &&
		    strcmp(col[VARIANT], variant) == 0) {
			take_row(io, col);
			r = 0;
		}
	if (r == -1) {
		err_set(e, ERR_NOT_FOUND, "%s%s%s: not a board of %s",
		    board_id, variant[0] != '\0' ? "-" : "", variant,
		    t.release[n]);
		err_hint(e, "%s lists boards, variants and versions", tsv);
	}
out:
	buf_release(&t.text);
	return r;
}

int
sim_identity_machine(const char *tsv, const char *machine, const char *tag,
    const char *date, struct sim_identity *io, struct err *e)
{
	struct sim_identity found = *io;
	struct table t;
	char *col[COLUMNS], name[sizeof(io->machine)];
	bool any = false, same = false;
	size_t n;
	int r = -1;

	if (table_open(tsv, &t, e) == -1)
		goto out;
	set_sim_version(io, tag);
	n = release_of(&t, io->tag);
	while (!same && next_row(&t, n, col)) {
		machine_of(col, name, sizeof(name));
		if (strcmp(name, machine) != 0)
			continue;
		same = strcmp(col[BOARD], io->board_id) == 0 &&
		    strcmp(col[VARIANT], io->variant) == 0;
		if (same || !any)
			take_row(&found, col);
		any = true;
	}
	memcpy(found.tag, io->tag, sizeof(found.tag));
	memcpy(found.version, io->version, sizeof(found.version));
	found.preview = io->preview;
	snprintf(found.machine, sizeof(found.machine), "%s", machine);
	snprintf(found.date, sizeof(found.date), "%s", date);
	if (!any)
		found.board_id[0] = found.variant[0] = '\0';
	*io = found;
	r = 0;
out:
	buf_release(&t.text);
	return r;
}

bool
sim_identity_since(const struct sim_identity *io, unsigned major,
    unsigned minor)
{
	return io->version[0] > major ||
	    (io->version[0] == major && io->version[1] >= minor);
}
