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
static void (*sink)(const struct log_message *m, void *ctx);
static void *sink_ctx;

void
log_open(const char *name, enum log_level level)
{
	log_name = name;
	level_now = level;
}

void
log_to(void (*fn)(const struct log_message *m, void *ctx), void *ctx)
{
	sink = fn;
	sink_ctx = ctx;
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
	while (write(STDERR_FILENO, line.data, line.len) == -1 &&
	    errno == EINTR)
		;			/* else nobody listens: no loss */
	buf_release(&line);
}

void
log_write(const struct log_message *m)
{
	say("", m->text);
	if (m->hint[0] != '\0')
		say("hint: ", m->hint);
}

static void
pass_on(const struct log_message *m)
{
	if (sink != NULL)
		sink(m, sink_ctx);
	else
		log_write(m);
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
	pass_on(&(struct log_message){ text, "", ERR_NONE });
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
log_debug(const char *fmt, ...)
{
	va_list ap;

	if (level_now < LOG_DEBUG)
		return;
	va_start(ap, fmt);
	format(fmt, ap);
	va_end(ap);
}

void
log_err(const struct err *e)
{
	pass_on(&(struct log_message){ e->msg, e->hint, e->code });
}
