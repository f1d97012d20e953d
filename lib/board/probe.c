/* SPDX-License-Identifier: MIT */
#include "board/probe.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "repl/frame.h"
#include "repl/parcel.h"

/* Where each key goes. */
static const struct {
	const char	*key;
	size_t		 text;		/* offset of a char * */
} keys[] = {
	{ "name", offsetof(struct probe, name) },
	{ "version", offsetof(struct probe, version) },
	{ "machine", offsetof(struct probe, machine) },
	{ "build", offsetof(struct probe, build) },
	{ "mpy", offsetof(struct probe, mpy) },
	{ "sysver", offsetof(struct probe, sysver) },
	{ "platform", offsetof(struct probe, platform) },
	{ "release", offsetof(struct probe, release) },
	{ "uversion", offsetof(struct probe, uversion) },
	{ "storage", offsetof(struct probe, storage) },
};

/*
 * Errors that say no more than that it is not there: no such file, or no file
 * system is mounted (ENODEV); as on Linux, by WASI, or the micro:bit of 2017.
 */
static const int absent[] = { 2, 19, 43, 44 };
static const char absent_text[] = "OSError: file not found";

#define SHUT_MAX	90		/* bytes of why that are kept */

static bool
is_absent(int eno)
{
	for (size_t i = 0; i < sizeof(absent) / sizeof(absent[0]); i++)
		if (eno == absent[i])
			return true;
	return false;
}

/* Without blanks at its ends; control characters become blanks. */
static char *
shown_text(const uint8_t *p, size_t n)
{
	struct buf b = BUF_INIT;
	size_t start = 0;

	text_clean(&b, (const char *)p, n);
	for (size_t i = 0; i < b.len; i++)
		if ((uint8_t)b.data[i] < 0x20 || b.data[i] == 0x7f)
			b.data[i] = ' ';
	while (b.len > 0 && b.data[b.len - 1] == ' ')
		b.data[--b.len] = '\0';
	while (b.data[start] == ' ')
		start++;
	buf_drop(&b, start);
	if (b.len > 0)
		return buf_steal(&b);
	buf_release(&b);
	return NULL;
}

/* Why its last place cannot be opened; NULL where that means: no file. */
static void
set_shut(char **to, const struct parcel_field *f)
{
	/* No file system, no open(): raised by the name, or by its call. */
	static const char *const without[] = {
		"NameError", "AttributeError", "TypeError"
	};
	struct buf text = BUF_INIT;
	bool no_file;

	frame_exception(&text, f->p, f->n);
	no_file = is_absent(frame_errno(text.data)) ||
	    strcmp(text.data, absent_text) == 0;
	for (size_t i = 0; i < sizeof(without) / sizeof(without[0]); i++)
		no_file |= strncmp(text.data, without[i],
		    strlen(without[i])) == 0;
	free(*to);
	*to = no_file ? NULL : shown_text((const uint8_t *)text.data,
	    text.len < SHUT_MAX ? text.len : SHUT_MAX);
	buf_release(&text);
}

static void
set_file(struct probe *p, const struct parcel_field *f)
{
	if (parcel_is(f, "info"))
		buf_add(&p->info, f->p, f->n);
	else if (parcel_is(f, "record"))
		buf_add(&p->record, f->p, f->n);
	else if (parcel_is(f, "info-more"))
		p->info_too_large = true;
	else if (parcel_is(f, "record-more"))
		p->record_too_large = true;
	else if (parcel_is(f, "info-shut"))
		set_shut(&p->info_shut, f);
	else if (parcel_is(f, "record-shut"))
		set_shut(&p->record_shut, f);
}

static void
set_fact(struct probe *p, const struct parcel_field *f)
{
	if (parcel_is(f, "uid") && f->n <= sizeof(p->uid)) {
		memcpy(p->uid, f->p, f->n);
		p->uid_len = f->n;
	}
	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
		char **text = (char **)(void *)((char *)p + keys[i].text);

		if (parcel_is(f, keys[i].key) && f->n <= PROBE_TEXT_MAX) {
			free(*text);
			*text = shown_text(f->p, f->n);
		}
	}
}

int
probe_parse(const struct buf *fields, struct probe *out, struct err *e)
{
	static const struct probe none = { .info = BUF_INIT,
		.record = BUF_INIT };
	const char *why = NULL;
	struct parcel_field f;
	size_t at = 0;
	int got;

	*out = none;
	while ((got = parcel_next(fields, &at, &f)) == 1) {
		set_fact(out, &f);
		set_file(out, &f);
	}
	if (got == -1)
		why = "its answer is not as the script gives it";
	else if (out->name == NULL)
		why = "it does not say what it is";
	if (why == NULL)
		return 0;
	probe_release(out);
	return err_set(e, ERR_PROTOCOL, "%s", why);
}

void
probe_release(struct probe *p)
{
	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++)
		free(*(char **)(void *)((char *)p + keys[i].text));
	free(p->info_shut);
	free(p->record_shut);
	buf_release(&p->info);
	buf_release(&p->record);
	memset(p, 0, sizeof(*p));
}
