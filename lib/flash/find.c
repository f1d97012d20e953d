/* SPDX-License-Identifier: MIT */
#include "flash/find.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/command.h"
#include "base/mem.h"
#include "chips/chips.h"
#include "flash/impl.h"
#include "model/codec.h"

#define DETECT_MS	60000
#define OUTPUT_MAX	(8u << 20)
#define WHY		160u		/* bytes of a reason */

/* What is looked for, and the boards that were found. */
struct finding {
	struct firmware	 fw;
	struct image	 im;
	struct record	**fit;
	size_t		 n;
	struct buf	 names, why;	/* of those that fit; that do not */
	struct err	 first;		/* what mpf-detect says, if no board */
};

/* BOARD or BOARD-VARIANT against the board that answers. */
static bool
names_board(const char *name, const struct board *b)
{
	const size_t n = strlen(b->board_id);

	return strncmp(name, b->board_id, n) == 0 &&
	    (name[n] == '\0' || name[n] == '-');
}

static bool
fits_name(const struct finding *f, const struct board *b)
{
	bool any = f->fw.board_id != NULL;

	if (b->board_id == NULL || (any && names_board(f->fw.board_id, b)))
		return true;
	for (size_t i = 0; f->fw.fits[i] != NULL; i++) {
		any = true;
		if (names_board(f->fw.fits[i], b))
			return true;
	}
	return !any;
}

/* A board that has told what it is, now or before it went there. */
static bool
fits_board(const struct finding *f, const struct board *b, char why[WHY])
{
	const char *chip = board_chip(b);

	if (b->family != NULL && strcmp(b->family, "micropython") != 0)
		snprintf(why, WHY, "runs %.40s", b->family);
	else if (chip != NULL && f->im.chip != NULL &&
	    strcmp(chip, f->im.chip) != 0)
		snprintf(why, WHY, "has %s, not %s", chip, f->im.chip);
	else if (f->fw.port != NULL && b->port != NULL &&
	    strcmp(f->fw.port, b->port) != 0)
		snprintf(why, WHY, "is of the port %.20s, not %.20s", b->port,
		    f->fw.port);
	else if (!fits_name(f, b))
		snprintf(why, WHY, "is a %.60s", b->board_id);
	else
		return true;
	return false;
}

static bool
is_bootloader(const char *mode)
{
	static const char *const modes[] = { "uf2", "dfu", "picoboot",
		"esp_rom" };

	for (size_t i = 0; i < sizeof(modes) / sizeof(modes[0]); i++)
		if (strcmp(mode, modes[i]) == 0)
			return true;
	return false;
}

/* Has the user said all that a port that does not answer cannot? */
static bool
is_insisted(const struct finding *f, const struct device *d)
{
	return d->named && f->fw.board_id != NULL && f->fw.by != NULL &&
	    strcmp(f->fw.by, "manual") == 0;
}

static bool
board_fits(const struct finding *f, const struct device *d,
    const struct board *b, char why[WHY])
{
	const bool told = b->description != NULL || b->board_id != NULL;

	if (strcmp(d->mode, "repl") == 0 || (is_bootloader(d->mode) && told))
		return fits_board(f, b, why);
	if (is_bootloader(d->mode)) {
		if (f->fw.port == NULL || port_has_mode(f->fw.port, d->mode))
			return true;
		snprintf(why, WHY, "is in a bootloader (%s) that no board of "
		    "%.20s has", d->mode, f->fw.port);
		return false;
	}
	if (is_insisted(f, d))
		return true;
	snprintf(why, WHY, "is %s", d->mode);
	return false;
}

static const char *
name_of_device(const struct device *d)
{
	return d->serial_port != NULL ? d->serial_port :
	    d->volume != NULL ? d->volume : d->id;
}

/* One line of mpf-detect; it is the list's, or freed. */
static void
take_detected(struct finding *f, struct record *rec)
{
	struct device d = DEVICE_INIT;
	struct board b = BOARD_INIT;
	char why[WHY] = "";
	const char *text;
	struct err e = ERR_INIT;

	if (!record_has(rec, "device")) {
		if (record_get_str(rec, "error.message", &text, &e) == 0)
			err_set(&f->first, ERR_NOT_FOUND, "%s", text);
		if (record_get_str(rec, "error.hint", &text, &e) == 0)
			err_hint(&f->first, "%s", text);
	} else if (!record_failed(rec) && device_get(rec, &d, &e) == 0 &&
	    board_get(rec, &b, &e) == 0) {
		if (board_fits(f, &d, &b, why)) {
			buf_addf(&f->names, "%s%s", f->n > 0 ? ", " : "",
			    name_of_device(&d));
			f->fit = mem_grow(f->fit, f->n + 1, sizeof(*f->fit));
			f->fit[f->n++] = rec;
			return;
		}
		buf_addf(&f->why, "; %s %s", name_of_device(&d), why);
	}
	record_free(rec);
}

static int
run_detect(struct finding *f, const char *serial, struct err *e)
{
	static const char *const env[] = { "MPF_EVENTS_FD", NULL };
	char *path = command_beside("mpf-detect");
	const char *argv[] = { path, "--json", serial != NULL ? "--serial" :
	    NULL, serial, NULL };
	struct buf out = BUF_MAX(OUTPUT_MAX);
	const struct command c = { argv, env, clock_ms() + DETECT_MS, &out,
	    NULL };
	struct stream in = STREAM_INIT(-1, "mpf-detect");
	struct record *rec;
	int status, r = command_run(&c, &status, e);

	if (r == 0)
		stream_push(&in, out.data, out.len, true);
	while (r == 0 && (r = stream_next(&in, &rec, e)) == 1) {
		take_detected(f, rec);
		r = 0;
	}
	stream_release(&in);
	buf_release(&out);
	free(path);
	return r == -1 ? err_wrap(e, "mpf-detect") : 0;
}

static int
not_one(const struct finding *f, struct err *e)
{
	const char *what = f->fw.file_name != NULL ? f->fw.file_name :
	    f->im.path;

	if (f->n > 1) {
		err_set(e, ERR_AMBIGUOUS, "%.100s: fits %zu boards: %.200s",
		    what, f->n, f->names.data);
		return err_todo(e, NEXT_CHOOSE_PORT, "say which with --serial");
	}
	if (f->why.len == 0 && f->first.code != ERR_NONE) {
		*e = f->first;
		return -1;
	}
	err_set(e, ERR_NOT_FOUND, "%.100s: no board here that it fits%.250s",
	    what, f->why.data);
	e->retry = false;
	return err_hint(e, "plug in the board; if it is one of these, add the "
	    "file again with --board, or name its port with --serial");
}

static int
take_fit(struct record *rec, const struct record *found, struct err *e)
{
	struct buf text = BUF_INIT;
	int r = 0;

	record_text(found, "device", &text);
	r = record_put_json(rec, "device", text.data, e);
	buf_clear(&text);
	record_text(found, "board", &text);
	if (r == 0 && text.len > 0)
		r = record_put_json(rec, "board", text.data, e);
	buf_release(&text);
	return r;
}

/* What mpf-add made: custom firmware, without a board. */
static bool
is_added(const struct record *rec)
{
	return !record_has(rec, "device") && record_has(rec, "image") &&
	    record_true(rec, "firmware.custom");
}

int
flash_find(struct record *rec, const char *serial, struct err *e)
{
	struct record *was;
	struct finding f = { .fw = FIRMWARE_INIT, .im = IMAGE_INIT,
	    .names = BUF_INIT, .why = BUF_INIT, .first = ERR_INIT };
	int r = -1;

	if (!is_added(rec))
		return 0;
	was = record_copy(rec);
	if (firmware_get(was, &f.fw, e) == -1 ||
	    image_get(was, &f.im, e) == -1 || run_detect(&f, serial, e) == -1)
		goto out;
	r = f.n == 1 ? take_fit(rec, f.fit[0], e) : not_one(&f, e);
out:
	for (size_t i = 0; i < f.n; i++)
		record_free(f.fit[i]);
	free(f.fit);
	buf_release(&f.names);
	buf_release(&f.why);
	record_free(was);
	return r;
}
