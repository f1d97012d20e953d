/* SPDX-License-Identifier: MIT */
#include "choose/impl.h"

#include <ctype.h>
#include <stdlib.h>
#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "base/mem.h"
#include "base/text.h"

/*
 * filter: --serial, --ignore, --port, and --board where it is a pattern.
 * Each one narrows.
 */

#define N(a)	(sizeof(a) / sizeof((a)[0]))

static size_t
count_patterns(const char *const *list)
{
	size_t n = 0;

	while (list != NULL && list[n] != NULL)
		n++;
	return n;
}

/* "rp2040" is no port, though one might think so. */
static int
check_ports(const struct choose *c, struct err *e)
{
	struct buf known = BUF_MAX(150);
	const char *const *port = c->o.port;
	const char *last = "";
	size_t n;
	const struct fact *rows = facts_rows(c->facts, &n);

	for (; port != NULL && *port != NULL; port++)
		if (!is_pattern(*port) && !facts_is_port(c->facts, *port))
			break;
	if (port == NULL || *port == NULL)
		return 0;
	for (size_t i = 0; i < n; i++) {
		if (strcmp(rows[i].port, last) == 0)
			continue;
		buf_addf(&known, "%s%s", known.len > 0 ? ", " : "",
		    rows[i].port);
		last = rows[i].port;
	}
	err_set(e, ERR_NOT_FOUND, "--port %.100s: MicroPython has no such "
	    "port", *port);
	e->retry = false;
	err_todo(e, NEXT_FIX_COMMAND, "its ports are %s", known.data);
	buf_release(&known);
	return -1;
}

int
filter_open(struct choose *c, struct err *e)
{
	const size_t n = count_patterns(c->o.serial);

	c->serial_real = mem_alloc((n + 1) * sizeof(*c->serial_real));
	c->serial_seen = mem_alloc((n + 1) * sizeof(*c->serial_seen));
	for (size_t i = 0; i < n; i++)		/* /dev/serial/by-id/... */
		c->serial_real[i] = c->o.serial[i][0] == '/' ?
		    realpath(c->o.serial[i], NULL) : NULL;
	return check_ports(c, e);
}

void
filter_close(struct choose *c)
{
	const size_t n = count_patterns(c->o.serial);

	for (size_t i = 0; i < n && c->serial_real != NULL; i++)
		free(c->serial_real[i]);
	free(c->serial_real);
	free(c->serial_seen);
}

int
choose_all_seen(const struct choose *c, struct err *e)
{
	for (size_t i = 0; i < count_patterns(c->o.serial); i++) {
		const char *name = c->o.serial[i];

		if (c->serial_seen[i] || is_pattern(name))
			continue;
		err_set(e, ERR_NOT_FOUND, "--serial %.200s: no such device in "
		    "the input", name);
		e->retry = false;
		return err_hint(e, "mpf-detect --serial %.100s makes one",
		    name);
	}
	return 0;
}

/* Is the device one of --serial's?  exact: by its name, not by a pattern. */
static bool
asked_for(struct choose *c, struct subject *su)
{
	const struct device *d = su->d;
	const char *const names[] = { d->serial_port, d->usb_path, d->volume,
	    d->id };
	bool any = false;

	su->exact = d->named;
	if (count_patterns(c->o.serial) == 0)
		return true;
	for (size_t i = 0; c->o.serial[i] != NULL; i++) {
		const char *const one[] = { c->o.serial[i], NULL };
		const char *real = c->serial_real[i];

		for (size_t k = 0; k < N(names); k++) {
			if (names[k] == NULL)
				continue;
			if (strcmp(names[k], one[0]) == 0 || (real != NULL &&
			    strcmp(names[k], real) == 0))
				su->exact = any = c->serial_seen[i] = true;
			else if (text_match(names[k], one))
				any = true;
		}
	}
	return any;
}

const char *
filter_device(struct choose *c, struct subject *su)
{
	const struct device *d = su->d;
	const char *const names[] = { d->serial_port, d->usb_path, d->volume,
	    d->id };

	if (!asked_for(c, su))
		return "not one of those that --serial names";
	for (size_t k = 0; k < N(names) && !su->exact; k++)
		if (names[k] != NULL && text_match(names[k], c->o.ignore))
			return "to be ignored, as --ignore says";
	return NULL;
}

/* Ids are in upper case, but for old ones; how they are asked for is not. */
static bool
match_id(const char *text, const char *pattern)
{
	char id[BOARD_NAME_TEXT], upper[BOARD_NAME_TEXT];
	const char *const one[] = { upper, NULL };
	size_t n = 0;

	snprintf(id, sizeof(id), "%s", text);
	for (char *p = id; *p != '\0'; p++)
		*p = (char)toupper((unsigned char)*p);
	for (; pattern[n] != '\0' && n < sizeof(upper) - 1; n++)
		upper[n] = (char)toupper((unsigned char)pattern[n]);
	upper[n] = '\0';
	return pattern[n] == '\0' && text_match(id, one);
}

/* BOARD or BOARD-VARIANT of what runs there, or as it calls itself. */
static bool
subject_is_board(const struct choose *c, const struct subject *su,
    const char *pattern)
{
	char text[BOARD_NAME_TEXT];

	for (size_t i = 0; i < c->id.n; i++) {
		board_name_text(&c->id.candidate[i], text);
		if (match_id(text, pattern) ||
		    match_id(c->id.candidate[i].board_id, pattern))
			return true;
	}
	return su->b->board_id != NULL && match_id(su->b->board_id, pattern);
}

/* The port of what runs there; else of what it is said to be; else may be. */
static bool
subject_is_port(const struct choose *c, const struct subject *su,
    const char *const *list)
{
	for (size_t i = 0; i < c->id.n; i++)
		if (c->id.candidate[i].port != NULL &&
		    text_match(c->id.candidate[i].port, list))
			return true;
	if (c->id.n == 0 && chip_known(su))
		return text_match(chip_port(su), list);
	if (c->id.n > 0 || su->b->port != NULL)
		return su->b->port != NULL && c->id.n == 0 &&
		    text_match(su->b->port, list);
	for (size_t i = 0; i < c->n_named; i++)
		if (c->named[i].port != NULL &&
		    text_match(c->named[i].port, list))
			return true;
	for (size_t i = 0; list[i] != NULL && c->n_named == 0; i++)
		if (candidates_port(su->d, list[i]))
			return true;
	return false;
}

const char *
filter_board(const struct choose *c, const struct subject *su)
{
	bool any = true;

	if (count_patterns(c->o.port) > 0 && !subject_is_port(c, su, c->o.port))
		return "not of the ports that --port names";
	for (size_t i = 0; i < count_patterns(c->o.board); i++) {
		if (!is_pattern(c->o.board[i]))
			continue;
		any = subject_is_board(c, su, c->o.board[i]);
		if (any)
			break;
	}
	if (!any)
		return "not one of the boards that --board names";
	for (size_t i = 0; i < count_patterns(c->o.ignore) && !su->exact; i++) {
		const char *const one[] = { c->o.ignore[i], NULL };

		if (subject_is_board(c, su, one[0]) ||
		    (c->id.n + c->n_named > 0 && subject_is_port(c, su, one)))
			return "to be ignored, as --ignore says";
	}
	return NULL;
}
