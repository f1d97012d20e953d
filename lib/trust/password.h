/* SPDX-License-Identifier: MIT */
#ifndef MPF_TRUST_PASSWORD_H
#define MPF_TRUST_PASSWORD_H

#include "base/err.h"

/* password: from a file, or from whoever sits at the terminal. */

#define PASSWORD_MAX	1024u		/* bytes */

/*
 * Each returns text that the caller overwrites (sign_wipe) and frees; NULL:
 * *e.
 */

/* The first line of the file. */
char	*password_read(const char *path, struct err *e);
/* Asks at /dev/tty, without an echo; ERR_USAGE where there is none. */
char	*password_ask(const char *prompt, struct err *e);

#endif
