/* SPDX-License-Identifier: MIT */
#include "base/log.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/text.h"

static const char *log_name = "mpf";
static enum log_level level_now = LOG_NORMAL;

void
log_open(const char *name, enum log_level level)
{
	log_name = name;
	level_now = level;
}

enum log_level
log_level(void)
{
	return level_now;
}

static void
say(const char *prefix, const char *text)
{
	struct buf line = BUF_INIT;

	buf_addf(&line, "%s: %s", log_name, prefix);
	text_show(&line, text, strlen(text));
	buf_addc(&line, '\n');
	if (write(STDERR_FILENO, line.data, line.len) == -1)
		level_now = LOG_QUIET;	/* nobody listens */
	buf_release(&line);
}

static void
format(const char *fmt, va_list ap)
{
	char text[1024];

	vsnprintf(text, sizeof(text), fmt, ap);
	say("", text);
}

void
log_msg(const char *fmt, ...)
{
	va_list ap;

	if (level_now < LOG_NORMAL)
		return;
	va_start(ap, fmt);
	format(fmt, ap);
	va_end(ap);
}

void
log_verbose(const char *fmt, ...)
{
	va_list ap;

	if (level_now < LOG_VERBOSE)
		return;
	va_start(ap, fmt);
	format(fmt, ap);
	va_end(ap);
}

void
log_err(const struct err *e)
{
	say("", e->msg);
	if (e->hint[0] != '\0')
		say("hint: ", e->hint);
}
