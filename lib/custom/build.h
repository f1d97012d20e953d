/* SPDX-License-Identifier: MIT */
#ifndef MPF_CUSTOM_BUILD_H
#define MPF_CUSTOM_BUILD_H

#include "custom/impl.h"

/* build: what build.c and build_folder.c share. */

/* Into *out, if there is a value, and none was found before. */
int	build_take(struct work *w, const char *what, const char *value,
	    const char **out, struct err *e);
int	build_take_date(struct work *w, const char *what, const char *value,
	    struct err *e);

/* From the folder that the file lies in, if it was built there. */
int	build_folder(struct work *w, struct err *e);

#endif
