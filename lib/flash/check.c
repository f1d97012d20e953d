/* SPDX-License-Identifier: MIT */
#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "chips/chips.h"
#include "flash/impl.h"
#include "image/uf2.h"

int
flash_overrule(const struct flash_job *job, const char *check,
    struct result *res, struct err *e)
{
	size_t n = 0;

	if (!job->force) {
		if (e->hint[0] == '\0')
			err_hint(e, "--force overrides this check");
		return -1;
	}
	while (res->forced[n] != NULL)
		n++;
	if (n < MODEL_CHECKS)
		res->forced[n] = check;
	return 0;
}

static int
check_format(const struct flash_job *job, struct err *e)
{
	if (strcmp(job->facts.format, job->image.format) == 0)
		return 0;
	return err_set(e, ERR_MISMATCH, "%s: holds %s, not %s",
	    job->image.path, job->facts.format, job->image.format);
}

const char *
board_chip(const struct board *b)
{
	const char *chip = NULL;

	if (b->description != NULL)
		chip = image_machine_chip(b->description);
	return chip == NULL && b->mcu != NULL ? chip_by_mcu(b->mcu) : chip;
}

static int
check_image_chip(const struct flash_job *job, struct err *e)
{
	const struct board *b = &job->board;
	const char *chip = job->facts.chip, *theirs = board_chip(b);
	const char *port = b->port != NULL ? b->port : job->firmware.port;

	if (chip == NULL)
		return 0;
	if (theirs != NULL && strcmp(theirs, chip) != 0)
		return err_set(e, ERR_MISMATCH, "%s: for %s, but the board "
		    "has %s", job->image.path, chip, theirs);
	if (theirs == NULL && !port_can_have(port, chip))
		return err_set(e, ERR_MISMATCH, "%s: for %s, but the board "
		    "is of the port %s", job->image.path, chip, port);
	return 0;
}

/*
 * Blocks of a family that is no chip's (absolute addresses, data, a radio's
 * firmware) or that nobody knows are written who knows where.
 */
static int
check_family(const struct flash_job *job, struct err *e)
{
	struct image_source image = IMAGE_MEMORY(job->data, job->size);
	struct uf2_file f;

	if (strcmp(job->facts.format, "uf2") != 0)
		return 0;
	if (uf2_check(&image, &f, NULL, e) == -1)
		return err_wrap(e, "%s", job->image.path);
	for (size_t i = 0; i < f.n_parts; i++) {
		const uint32_t id = f.part[i].family;
		const char *name = uf2_family_name(id);

		if (id != 0 && uf2_family_chip(id) == NULL)
			return err_set(e, ERR_MISMATCH, "%s: holds blocks of "
			    "the UF2 family 0x%08x (%s), which is not a "
			    "chip's", job->image.path, id,
			    name != NULL ? name : "unknown");
	}
	return 0;
}

/* Letters and digits alone: "ESP32-C3" and "ESP32C3" are one chip. */
static bool
same_letters(const char *a, const char *b, size_t n)
{
	const char *end = b + n;

	for (;; a++, b++) {
		while (*a != '\0' && !isalnum((unsigned char)*a))
			a++;
		while (b < end && !isalnum((unsigned char)*b))
			b++;
		if (*a == '\0' || b == end)
			return *a == '\0' && b == end;
		if (tolower((unsigned char)*a) != tolower((unsigned char)*b))
			return false;
	}
}

/* Where the last " with " begins; the whole length if it is missing. */
static size_t
name_len(const char *machine)
{
	const char *p = machine, *at = NULL;

	while ((p = strstr(p, " with ")) != NULL)
		at = p++;
	return at == NULL ? strlen(machine) : (size_t)(at - machine);
}

bool
same_machine(const char *a, const char *b)
{
	return same_letters(a, b, strlen(b)) ||
	    same_letters(a, b, name_len(b)) || same_letters(b, a, name_len(a));
}

bool
chosen_by_hand(const struct flash_job *job)
{
	return job->firmware.by != NULL &&
	    strcmp(job->firmware.by, "manual") == 0;
}

/*
 * A board's machine string may change from one version to the next, and the
 * user may want another board's firmware.  mpf-fetch, which knows every
 * board's strings, has then compared the image with the board that was chosen.
 */
static int
check_machine_name(const struct flash_job *job, struct err *e)
{
	const char *machine = job->facts.strings.machine;
	const char *said = job->image.board;

	if (machine[0] == '\0')
		return job->firmware.custom == 1 ? 0 : err_set(e,
		    ERR_MISMATCH, "%s: it does not say which board it is for",
		    job->image.path);
	if (said != NULL && strcmp(said, machine) != 0)
		return err_set(e, ERR_MISMATCH, "%s: for \"%s\", but the "
		    "record says \"%s\"", job->image.path, machine, said);
	if (job->board.description == NULL || chosen_by_hand(job) ||
	    text_in("board", job->image.checks) ||
	    same_machine(machine, job->board.description))
		return 0;
	return err_set(e, ERR_MISMATCH, "%s: for \"%s\", but the board is "
	    "\"%s\"", job->image.path, machine, job->board.description);
}

static const struct {
	const char	*name;
	int		(*run)(const struct flash_job *job, struct err *e);
} checks[] = {
	{ "format", check_format },
	{ "version", check_version },
	{ "family", check_family },
	{ "chip", check_image_chip },
	{ "board", check_machine_name },
};

int
check_image(const struct flash_job *job, struct result *res, struct err *e)
{
	struct err why = ERR_INIT;

	for (size_t i = 0; i < sizeof(checks) / sizeof(checks[0]); i++)
		if (checks[i].run(job, &why) == -1 &&
		    flash_overrule(job, checks[i].name, res, &why) == -1) {
			*e = why;
			return -1;
		}
	return 0;
}
