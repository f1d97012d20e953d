/* SPDX-License-Identifier: MIT */
#ifndef MPF_IMAGE_H
#define MPF_IMAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "image/source.h"
#include "image/strings.h"

/*
 * image: what a firmware file is, whole.  Pure: bytes in, fields out.  No more
 * of it is in memory than a window of its source.
 */

#define IMAGE_PARTS	8u

/* One of several images in a file (UF2). */
struct image_part {
	const char	*chip;		/* NULL: it does not say */
	uint32_t	 addr, end;
	struct image_strings strings;
};

struct image_facts {
	const char	*format;	/* "uf2", "esp", "dfu", "hex", "bin" */
	const char	*chip;		/* "rp2040"; NULL: it does not say */
	bool		 mixed;		/* for several chips, so chip is NULL */
	/*
	 * What a changed byte of the program would break: "sha256", "crc" (or
	 * any other sum), "structure"; NULL: nothing.
	 */
	const char	*integrity;
	bool		 app_alone;	/* ESP32: without a bootloader */
	uint32_t	 addr;		/* lowest and one past the highest */
	uint32_t	 end;		/* address, where the format has any */
	struct image_strings strings;	/* all "" where it does not say */
	struct image_part part[IMAGE_PARTS];	/* where there are several */
	size_t		 n_parts;
};

/*
 * Looks at a whole file.  The format is told by the bytes, never by the name.
 * ERR_INPUT if it begins as a format that it then does not keep to ("block 17
 * of 1200: wrong magic"), if it is empty, and if it is a page of text.  "bin"
 * is what is left: bytes of which nothing is known but the strings.
 */
int	image_inspect(struct image_source *s, struct image_facts *out,
	    struct err *e);

/* --- kind.c: what the end of a file's name promises, in any case --- */

/* Is it .uf2, .bin, .dfu or .hex? */
bool	image_name_fits(const char *name);
/*
 * May a file of this name hold that format?  ERR_INPUT; ERR_UNSUPPORTED where
 * it has another format.
 */
int	image_check_name(const char *name, const char *format, struct err *e);
/* "uf2": how a file of this format is called. */
const char	*image_extension(const char *format);

/*
 * A file for several chips, as a board with this chip has it: the images that
 * are for others do not count any more.  Any other file stays as it is, and
 * so does one that holds nothing for that chip; NULL is no chip.
 */
void	image_for_chip(struct image_facts *f, const char *chip);

/*
 * The chip of a machine string: "samd51" of "Wio Terminal D51R with
 * SAMD51P19A", or NULL: not known.
 */
const char	*image_machine_chip(const char *machine);

#endif
