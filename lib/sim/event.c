/* SPDX-License-Identifier: MIT */
#include "sim/event.h"

#include <fcntl.h>
#include <inttypes.h>
#include <string.h>

#include "base/text.h"

void
sim_event_begin(struct buf *b, const char *name)
{
	buf_clear(b);
	buf_addf(b, "{\"event\":\"%s\"", name);
}

void
sim_event_str(struct buf *b, const char *key, const char *value)
{
	struct buf clean = BUF_INIT;

	if (value == NULL || value[0] == '\0')
		return;
	text_clean(&clean, value, strlen(value));
	buf_addf(b, ",\"%s\":\"", key);
	for (const char *s = clean.data; *s != '\0'; s++) {
		if (*s == '"' || *s == '\\')
			buf_addf(b, "\\%c", *s);
		else if ((unsigned char)*s < 0x20)
			buf_addf(b, "\\u%04x", (unsigned)*s);
		else
			buf_addc(b, *s);
	}
	buf_addc(b, '"');
	buf_release(&clean);
}

void
sim_event_int(struct buf *b, const char *key, int64_t value)
{
	buf_addf(b, ",\"%s\":%" PRId64, key, value);
}

void
sim_event_end(struct buf *b)
{
	buf_adds(b, "}\n");
}

FILE *
sim_event_open(const char *path)
{
	const int fd = open(path, O_WRONLY | O_CREAT | O_APPEND | O_NONBLOCK |
	    O_NOCTTY | O_CLOEXEC, 0666);

	if (fd == -1)
		return NULL;
	fcntl(fd, F_SETFL, O_APPEND);
	return fdopen(fd, "a");
}
