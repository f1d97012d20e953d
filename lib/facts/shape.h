/* SPDX-License-Identifier: MIT */
#ifndef MPF_FACTS_SHAPE_H
#define MPF_FACTS_SHAPE_H

#include <stdbool.h>

/*
 * shape: a machine string, "NAME with MCU", made fit to be compared however
 * it was written down: in lower case, one blank for several, none at the ends.
 *
 * Source: MicroPython py/mpconfig.h, MICROPY_BANNER_MACHINE; a few boards, and
 * tools that cut it short, leave the MCU out.
 */

#define SHAPE_TEXT	320u	/* bytes; a longer one is no machine string */

struct shape {
	char	whole[SHAPE_TEXT];	/* "" is none */
	char	name[SHAPE_TEXT];	/* what is before the last " with " */
	char	mcu[SHAPE_TEXT];	/* and behind it; "": it has none */
};

void	shape_of(const char *machine, struct shape *out);
/* What is behind the last " with " of a string as written; NULL: nothing. */
const char	*shape_mcu(const char *machine);
/* "ESP32-C3" is "esp32c3", which it was called before v1.29. */
bool	shape_same_mcu(const char *a, const char *b);

#endif
