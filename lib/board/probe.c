/* SPDX-License-Identifier: MIT */
#include "board/probe.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "repl/frame.h"

/* Where each key goes. */
static const struct {
	const char	*key;
	size_t		 text;		/* offset of a char * */
	size_t		 file;		/* offset of a struct buf, or 0 */
} keys[] = {
	{ "name", offsetof(struct probe, name), 0 },
	{ "version", offsetof(struct probe, version), 0 },
	{ "machine", offsetof(struct probe, machine), 0 },
	{ "build", offsetof(struct probe, build), 0 },
	{ "mpy", offsetof(struct probe, mpy), 0 },
	{ "sysver", offsetof(struct probe, sysver), 0 },
	{ "platform", offsetof(struct probe, platform), 0 },
	{ "release", offsetof(struct probe, release), 0 },
	{ "uversion", offsetof(struct probe, uversion), 0 },
	{ "info", 0, offsetof(struct probe, info) },
	{ "record", 0, offsetof(struct probe, record) },
};

/* What the board says of a file beside its bytes. */
enum { INFO, RECORD, FILES };

static const char *const sums[FILES] = {
	[INFO] = "info-sum ", [RECORD] = "record-sum "
};

/*
 * Errors that say no more than that it is not there: no such file, or no file
 * system is mounted (ENODEV); as on Linux, by WASI, or the micro:bit of 2017.
 */
static const int absent[] = { 2, 19, 43, 44 };
static const char absent_text[] = "file not found";

static bool
is_absent(int eno)
{
	for (size_t i = 0; i < sizeof(absent) / sizeof(absent[0]); i++)
		if (eno == absent[i])
			return true;
	return false;
}

/* An answer as it is read. */
struct reply {
	struct probe	*p;
	uint8_t		 raw[PROBE_FILE_MAX];
	struct {
		bool		 said;
		unsigned long	 size, sum;
	}		 files[FILES];
};

/* Without blanks at its ends; control characters become blanks. */
static char *
fact(const uint8_t *p, size_t n)
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

static void
set_uid(struct probe *p, const uint8_t *raw, size_t n)
{
	if (n <= sizeof(p->uid)) {
		memcpy(p->uid, raw, n);
		p->uid_len = n;
	}
}

static void
set(struct probe *p, const char *key, size_t len, const uint8_t *raw, size_t n)
{
	if (len == 3 && memcmp(key, "uid", 3) == 0)
		set_uid(p, raw, n);
	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
		char **text = (char **)(void *)((char *)p + keys[i].text);
		struct buf *file = (struct buf *)(void *)((char *)p +
		    keys[i].file);

		if (strlen(keys[i].key) != len ||
		    memcmp(keys[i].key, key, len) != 0)
			continue;
		if (keys[i].file != 0) {
			buf_clear(file);
			buf_add(file, raw, n);
		} else if (n <= PROBE_TEXT_MAX) {
			free(*text);
			*text = fact(raw, n);
		}
	}
}

/* "SIZE SUM", and nothing else in these n bytes. */
static bool
numbers(const char *s, size_t n, unsigned long *size, unsigned long *sum)
{
	char text[32], *end;

	if (n == 0 || n >= sizeof(text))
		return false;
	memcpy(text, s, n);
	text[n] = '\0';
	if (strspn(text, "0123456789 ") != n)
		return false;
	*size = strtoul(text, &end, 10);
	if (end == text || *end != ' ')
		return false;
	*sum = strtoul(end + 1, &end, 10);
	return *end == '\0';
}

/* Why there is none: an OSError's text, in the place of a sum. */
static bool
set_shut(struct probe *p, size_t file, const char *s, size_t n)
{
	char **to = file == INFO ? &p->info_shut : &p->record_shut;
	char *why = n > 2 && memcmp(s, "0 ", 2) == 0 ?
	    fact((const uint8_t *)s + 2, n - 2) : NULL;
	char *raised;

	if (why == NULL)
		return false;
	raised = mem_printf("OSError: %.80s", why);
	if (strcmp(why, absent_text) == 0 || is_absent(frame_errno(raised))) {
		free(raised);
		raised = NULL;
	}
	free(why);
	free(*to);
	*to = raised;
	return true;
}

static void
set_sum(struct reply *r, size_t file, const char *s, size_t n)
{
	unsigned long size, sum;

	r->files[file].said = numbers(s, n, &size, &sum);
	if (r->files[file].said && (size > 0 || sum == 0)) {
		r->files[file].size = size;
		r->files[file].sum = sum;
		return;
	}
	/* Nothing has a sum: that is its number. */
	r->files[file].said = set_shut(r->p, file, s, n);
	r->files[file].size = r->files[file].sum = 0;
}

/* One line of n bytes; true if it is the last. */
static bool
line(struct reply *r, const char *s, size_t n)
{
	const char *blank = memchr(s, ' ', n);
	const size_t len = blank == NULL ? n : (size_t)(blank - s);
	int got;

	if (n == 3 && memcmp(s, "end", 3) == 0)
		return true;
	if (blank == NULL)
		return false;
	for (size_t i = 0; i < FILES; i++)
		if (strlen(sums[i]) == len + 1 &&
		    memcmp(sums[i], s, len + 1) == 0)
			set_sum(r, i, blank + 1, n - len - 1);
	got = text_unhex(r->raw, sizeof(r->raw), blank + 1, n - len - 1);
	if (got > 0)
		set(r->p, s, len, r->raw, (size_t)got);
	return false;
}

/* Has the file come as it was sent? */
static bool
whole(struct reply *r, size_t i, const struct buf *file, bool *too_large)
{
	const size_t sent = r->files[i].size <= PROBE_FILE_MAX ?
	    r->files[i].size : PROBE_FILE_MAX;

	*too_large = r->files[i].size > PROBE_FILE_MAX;
	return r->files[i].said && file->len == sent &&
	    probe_sum(file->data, file->len) == r->files[i].sum;
}

unsigned long
probe_sum(const void *p, size_t n)
{
	const uint8_t *bytes = p;
	unsigned long sum = 0;

	for (size_t i = 0; i < n; i++)
		sum = (sum * 257 + bytes[i]) % 65521;
	return sum;
}

int
probe_parse(const char *text, size_t n, struct probe *out, struct err *e)
{
	static const struct probe none = { .info = BUF_INIT,
		.record = BUF_INIT };
	struct reply *r = mem_alloc(sizeof(*r));
	const char *why = NULL;
	bool ended = false;

	*out = none;
	r->p = out;
	for (size_t i = 0, len; i < n && !ended; i += len + 1) {
		const char *nl = memchr(text + i, '\n', n - i);

		len = nl == NULL ? n - i : (size_t)(nl - (text + i));
		ended = line(r, text + i, len);
	}
	if (!ended)
		why = "its answer has no end";
	else if (out->name == NULL)
		why = "it does not say what it is";
	else if (!whole(r, INFO, &out->info, &out->info_too_large))
		why = "its board_info.toml did not come whole";
	else if (!whole(r, RECORD, &out->record, &out->record_too_large))
		why = "its mpflash.toml did not come whole";
	free(r);
	if (why == NULL)
		return 0;
	probe_release(out);
	return err_set(e, ERR_PROTOCOL, "%s", why);
}

void
probe_release(struct probe *p)
{
	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++)
		if (keys[i].file == 0)
			free(*(char **)(void *)((char *)p + keys[i].text));
	free(p->info_shut);
	free(p->record_shut);
	buf_release(&p->info);
	buf_release(&p->record);
	memset(p, 0, sizeof(*p));
}
