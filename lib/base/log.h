/* SPDX-License-Identifier: MIT */
#ifndef MPF_BASE_LOG_H
#define MPF_BASE_LOG_H

#include "base/err.h"

/*
 * log: messages for people, on standard error, one write(2) each, with what
 * came from outside escaped.  For tools/ and lib/tool/ alone: the rest of
 * lib/ fills in a struct err and lets its caller speak.
 */

enum log_level { LOG_QUIET = -1, LOG_NORMAL, LOG_VERBOSE, LOG_DEBUG };

/* The name in front of each message; a string that lives on. */
void	log_open(const char *name, enum log_level level);
enum log_level	log_level(void);

/* Called before each message: what is drawn on the terminal leaves; NULL. */
void	log_before(void (*fn)(void *ctx), void *ctx);

/* "NAME: message" at every level but LOG_QUIET. */
void	log_msg(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
/* The same from LOG_VERBOSE on. */
void	log_verbose(const char *fmt, ...)
	    __attribute__((format(printf, 1, 2)));
/* "NAME: message" and, where there is one, "NAME: hint: ...": at any level. */
void	log_err(const struct err *e);

#endif
