/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "custom/impl.h"

/*
 * learn: what the image says of itself: format, chip, version, commit, day,
 * board and MCU.
 */

#define COMMIT_MIN	7u		/* digits, of a record's commit */

/* "RP2040" of "Raspberry Pi Pico with RP2040". */
static const char *
mcu_of(const char *machine)
{
	const char *at = machine, *mcu = NULL;

	while ((at = strstr(at, " with ")) != NULL)
		mcu = at += 6;
	return mcu;
}

static void
take_image_version(struct work *w)
{
	struct image *im = &w->en->image;
	char text[VERSION_TEXT];

	w->versioned = version_parse(w->facts.strings.tag, &w->version);
	if (!w->versioned)
		return;
	version_text(&w->version, text);
	im->version = entry_keep(w->en, text);
	if (w->version.build > 0)
		im->build = w->version.build;
	if (strlen(w->version.commit) >= COMMIT_MIN)
		im->commit = entry_keep(w->en, w->version.commit);
}

static void
take_facts(struct work *w)
{
	const struct image_strings *says = &w->facts.strings;
	struct image *im = &w->en->image;

	im->format = w->facts.format;
	im->chip = w->facts.chip;
	im->integrity = w->facts.integrity;
	if (says->machine[0] != '\0') {
		im->board = entry_keep(w->en, says->machine);
		im->mcu = mcu_of(im->board);
	}
	if (says->date[0] != '\0')
		im->built = entry_keep(w->en, says->date);
	take_image_version(w);
}

/* "stdin" gets an end; all others have one, which has to be right. */
static int
check_file_name(struct work *w, struct err *e)
{
	if (w->path != NULL || strcmp(w->name, "stdin") != 0)
		return image_check_name(w->name, w->facts.format, e);
	free(w->name);
	w->name = mem_printf("firmware.%s",
	    image_extension(w->facts.format));
	return 0;
}

int
work_learn(struct work *w, struct err *e)
{
	struct image_source bytes = IMAGE_MEMORY(w->bytes.data, w->bytes.len);

	if (image_inspect(&bytes, &w->facts, e) == -1 ||
	    check_file_name(w, e) == -1 || refuse_app(w, e) == -1)
		return -1;
	take_facts(w);
	work_check(w, "format");
	return 0;
}
