/* SPDX-License-Identifier: MIT */
#include "board/probe.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"

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

/* One line of n bytes; true if it is the last. */
static bool
line(struct probe *p, const char *s, size_t n, uint8_t *raw)
{
	static const char info[] = "info-too-large";
	static const char record[] = "record-too-large";
	const char *blank = memchr(s, ' ', n);
	const size_t len = blank == NULL ? n : (size_t)(blank - s);
	int got;

	if (n == 3 && memcmp(s, "end", 3) == 0)
		return true;
	p->info_too_large |= n == sizeof(info) - 1 && memcmp(s, info, n) == 0;
	p->record_too_large |= n == sizeof(record) - 1 &&
	    memcmp(s, record, n) == 0;
	if (blank == NULL)
		return false;
	got = text_unhex(raw, PROBE_FILE_MAX, blank + 1, n - len - 1);
	if (got > 0)
		set(p, s, len, raw, (size_t)got);
	return false;
}

int
probe_parse(const char *text, size_t n, struct probe *out, struct err *e)
{
	static const struct probe none = { .info = BUF_INIT,
		.record = BUF_INIT };
	uint8_t *raw = mem_alloc(PROBE_FILE_MAX);
	bool ended = false;

	*out = none;
	for (size_t i = 0, len; i < n && !ended; i += len + 1) {
		const char *nl = memchr(text + i, '\n', n - i);

		len = nl == NULL ? n - i : (size_t)(nl - (text + i));
		ended = line(out, text + i, len, raw);
	}
	free(raw);
	if (ended && out->name != NULL)
		return 0;
	probe_release(out);
	return err_set(e, ERR_PROTOCOL, ended ?
	    "it does not say what it is" :
	    "its answer has no end");
}

void
probe_release(struct probe *p)
{
	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++)
		if (keys[i].file == 0)
			free(*(char **)(void *)((char *)p + keys[i].text));
	buf_release(&p->info);
	buf_release(&p->record);
	memset(p, 0, sizeof(*p));
}
