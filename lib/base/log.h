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

/* "NAME: message" at every level but LOG_QUIET. */
void	log_msg(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
/* The same from LOG_VERBOSE on. */
void	log_verbose(const char *fmt, ...)
	    __attribute__((format(printf, 1, 2)));
/* And from LOG_DEBUG on. */
void	log_debug(const char *fmt, ...)
	    __attribute__((format(printf, 1, 2)));
/* "NAME: message" and, where there is one, "NAME: hint: ...": at any level. */
void	log_err(const struct err *e);

struct log_message {
	const char	*text;		/* as it came, not yet escaped */
	const char	*hint;		/* "": without a hint */
	enum err_code	 code;		/* ERR_NONE: it is not an error */
};

/*
 * From now on messages go to fn, which hands them to log_write if they belong
 * on standard error after all.  NULL: to standard error again.
 */
void	log_to(void (*fn)(const struct log_message *m, void *ctx), void *ctx);
/* The message, with the name in front, on standard error. */
void	log_write(const struct log_message *m);

#endif
