/* SPDX-License-Identifier: MIT */
#include "choose/impl.h"

#include <stdio.h>
#include <string.h>

#define WHAT_TEXT	128u		/* bytes of what is there */

#define N(a)	(sizeof(a) / sizeof((a)[0]))

/* Ports that are not flashed unless the user insists. */
static const struct {
	const char	*mode;
	enum err_code	 code;		/* where the user named it */
	const char	*what;
} shut[] = {
	{ "silent", ERR_TIMEOUT, "no answer within 2 s" },
	{ "busy", ERR_BUSY, "another program has it open" },
	{ "ignored", ERR_UNSUPPORTED, "it is to be ignored" },
	{ "foreign", ERR_UNSUPPORTED, "what runs there is not MicroPython" },
};

static const char *const bootloaders[] = { "uf2", "dfu", "picoboot",
    "esp_rom" };

static int
skip_board(struct choose *c, enum gate *out, const char *why, const char *how)
{
	snprintf(c->reason, sizeof(c->reason), "%s%s%s", why,
	    how[0] != '\0' ? "; " : "", how);
	*out = GATE_SKIP;
	return 0;
}

/* Something else that has a REPL, such as CircuitPython. */
static bool
is_other_family(const struct board *b)
{
	return b->family != NULL && strcmp(b->family, "micropython") != 0;
}

/* Its name as people write it, and which one, where that is known. */
static void
name_family(const struct board *b, char out[WHAT_TEXT])
{
	static const struct {
		const char	*family, *name;
	} names[] = {
		{ "circuitpython", "CircuitPython" },
		{ "ev3-pybricks", "Pybricks MicroPython" },
		{ "pycom", "Pycom's MicroPython" },
		{ "pycopy", "Pycopy" },
	};
	const char *name = b->family;

	for (size_t i = 0; i < N(names); i++)
		if (strcmp(b->family, names[i].family) == 0)
			name = names[i].name;
	snprintf(out, WHAT_TEXT, "it runs %.40s%s%.20s, which is not "
	    "MicroPython", name, b->version != NULL ? " " : "",
	    b->version != NULL ? b->version : "");
}

/* What came of interrupting a program there. */
static bool
was(const struct device *d, const char *interrupt)
{
	return d->interrupt != NULL && strcmp(d->interrupt, interrupt) == 0;
}

/* Who holds it, or what runs there, where that is known. */
static const char *
what_of(const struct subject *su, size_t i, char out[WHAT_TEXT])
{
	const struct device *d = su->d;

	if (strcmp(shut[i].mode, "foreign") == 0 && is_other_family(su->b)) {
		name_family(su->b, out);
		return out;
	}
	if (d->problem != NULL)
		return d->problem;
	if (strcmp(shut[i].mode, "silent") == 0 && was(d, "sent"))
		return "no answer within 2 s, nor to ^C, which may have ended "
		    "a program";
	if (strcmp(shut[i].mode, "busy") == 0 && was(d, "withheld"))
		return "no answer, and a program that may run there was not "
		    "to be interrupted";
	if (strcmp(shut[i].mode, "busy") != 0 || d->held_by_command == NULL)
		return shut[i].what;
	snprintf(out, WHAT_TEXT, "held by %.32s (process %lld)",
	    d->held_by_command, (long long)d->held_by_pid);
	return out;
}

/*
 * 1: an ESP chip said what it is.  A blank chip may be flashed without being
 * named, as nothing is lost; a locked chip never.
 */
static int
is_chip(struct choose *c, const struct subject *su, enum gate *out,
    struct err *e)
{
	const char *locked = chip_locked(su);
	char what[CHIP_TEXT], text[CHIP_TEXT + 32];

	if (!chip_known(su) || (strcmp(su->d->mode, "silent") != 0 &&
	    strcmp(su->d->mode, "foreign") != 0))
		return 0;
	if (locked != NULL && su->exact) {
		err_set(e, ERR_UNSUPPORTED, "%s: %s", su->d->id, locked);
		err_hint(e, "MicroPython's own builds do not run there");
		return -1;
	}
	if (locked != NULL)
		return skip_board(c, out, locked, "") == 0;
	if (su->said->chip.blank == 1) {
		*out = GATE_CHIP;
		return 1;
	}
	if (su->exact)
		return 0;		/* if the user says what it is */
	chip_text(&su->said->chip, what);
	snprintf(text, sizeof(text), "an %s, which is not blank", what);
	return skip_board(c, out, text, "name the port and the board to flash "
	    "it") == 0;
}

static int
is_shut(struct choose *c, const struct subject *su, size_t i, enum gate *out,
    struct err *e)
{
	const struct device *d = su->d;
	const char *port = d->serial_port != NULL ? d->serial_port : d->id;
	char text[WHAT_TEXT];
	const char *what = what_of(su, i, text);
	const bool stubborn = su->said->info_ignore == 1 && !c->o.force;
	const int r = is_chip(c, su, out, e);

	if (r != 0)
		return r == 1 ? 0 : -1;
	if (!su->exact && (d->problem != NULL ||
	    strcmp(shut[i].mode, "busy") == 0))
		return skip_board(c, out, what, "");
	if (!su->exact)
		return skip_board(c, out, what,
		    "name the port and the board to " "flash it");
	if (c->board != NULL && !stubborn) {
		*out = GATE_BLIND;
		return 0;
	}
	err_set(e, shut[i].code, "%s: %s", port, what);
	if (stubborn)
		return err_todo(e, NEXT_USE_FORCE,
		    "its board_info.toml says so: flash it with --force");
	if (shut[i].code == ERR_BUSY && was(d, "withheld"))
		return err_todo(e, NEXT_CHOOSE_BOARD,
		    "leave --no-interrupt of mpf-detect out, "
		    "or say with --board which board it is");
	if (shut[i].code == ERR_BUSY)
		return err_todo(e, NEXT_CLOSE_HOLDER,
		    "end that program, or say with --board which board it is");
	return err_todo(e, NEXT_CHOOSE_BOARD,
	    "say with --board which board it is");
}

int
choose_gate(struct choose *c, struct subject *su, enum gate *out,
    struct err *e)
{
	const struct device *d = su->d;
	const char *left = filter_device(c, su);

	if (left != NULL)
		return skip_board(c, out, left, "");
	for (size_t i = 0; i < N(shut); i++)
		if (strcmp(d->mode, shut[i].mode) == 0)
			return is_shut(c, su, i, out, e);
	for (size_t i = 0; i < N(bootloaders); i++)
		if (strcmp(d->mode, bootloaders[i]) == 0) {
			*out = GATE_BOOTLOADER;
			return 0;
		}
	if (strcmp(d->mode, "repl") != 0)
		return err_set(e, ERR_UNSUPPORTED, "%s: unknown mode %.40s",
		    d->id, d->mode);
	if (is_other_family(su->b))
		return is_shut(c, su, 3, out, e);
	if (su->said->info_ignore == 1)
		return is_shut(c, su, 2, out, e);
	*out = GATE_ASK;
	return 0;
}
