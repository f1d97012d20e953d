/* SPDX-License-Identifier: MIT */
#include "base/log.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/mem.h"
#include "base/text.h"

static const char *log_name = "mpf";
static enum log_level level_now = LOG_NORMAL;
static void (*before)(void *ctx);
static void *before_ctx;

void
log_open(const char *name, enum log_level level)
{
	log_name = name;
	level_now = level;
}

void
log_before(void (*fn)(void *ctx), void *ctx)
{
	before = fn;
	before_ctx = ctx;
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

	if (before != NULL)
		before(before_ctx);
	buf_addf(&line, "%s: %s", log_name, prefix);
	text_show(&line, text, strlen(text));
	buf_addc(&line, '\n');
	while (write(STDERR_FILENO, line.data, line.len) == -1 &&
	    errno == EINTR)
		;			/* else nobody listens: no loss */
	buf_release(&line);
}

__attribute__((format(printf, 1, 0))) static void
format(const char *fmt, va_list ap)
{
	va_list again;
	char *text;
	int n;

	va_copy(again, ap);
	n = vsnprintf(NULL, 0, fmt, again);
	va_end(again);
	text = mem_alloc(n < 0 ? 1 : (size_t)n + 1);
	vsnprintf(text, n < 0 ? 1 : (size_t)n + 1, fmt, ap);
	say("", text);
	free(text);
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
