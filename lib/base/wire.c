/* SPDX-License-Identifier: MIT */
#include "base/wire.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/file.h"

static int wire_fd = -1;
static void (*wire_fn)(const char *line);

int
wire_open(const char *path, struct err *e)
{
	wire_fd = file_open(path, O_WRONLY | O_CREAT | O_TRUNC | O_APPEND |
	    O_CLOEXEC, 0666, e);
	return wire_fd == -1 ? -1 : 0;
}

void
wire_show(void (*fn)(const char *line))
{
	wire_fn = fn;
}

bool
wire_on(void)
{
	return wire_fd != -1 || wire_fn != NULL;
}

/* A full disk ends the trace, and not the work. */
static void
put_line(const char *link, struct buf *line)
{
	struct buf shown = BUF_INIT;
	ssize_t n = 0;

	if (wire_fn != NULL) {
		buf_addf(&shown, "%s: %s", link, line->data);
		wire_fn(shown.data);
	}
	buf_addc(line, '\n');
	while (wire_fd != -1 && (n = write(wire_fd, line->data,
	    line->len)) == -1 && errno == EINTR)
		;
	if (n == -1) {
		close(wire_fd);
		wire_fd = -1;
	}
	buf_release(&shown);
}

void
wire_begin(const char *link)
{
	struct buf line = BUF_INIT;
	char at[CLOCK_TEXT];

	clock_text(clock_wall(), at);
	buf_addf(&line, "# %s, %s", link, at);
	put_line(link, &line);
	buf_release(&line);
}

static void
add_byte(struct buf *line, uint8_t c)
{
	static const char names[] = "rnt\\", values[] = "\r\n\t\\";
	const char *p = c != 0 ? strchr(values, c) : NULL;

	if (p != NULL)
		buf_addf(line, "\\%c", names[p - values]);
	else if (c >= ' ' && c <= '~')
		buf_addc(line, (char)c);
	else
		buf_addf(line, "\\x%02x", (unsigned)c);
}

void
wire_bytes(const char *link, char kind, const void *p, size_t n)
{
	const uint8_t *bytes = p;
	struct buf line = BUF_INIT;

	buf_addf(&line, "%c ", kind);
	for (size_t i = 0; i < n; i++)
		add_byte(&line, bytes[i]);
	put_line(link, &line);
	buf_release(&line);
}

void
wire_step(const char *link, const char *step)
{
	struct buf line = BUF_INIT;

	buf_adds(&line, step);
	put_line(link, &line);
	buf_release(&line);
}
