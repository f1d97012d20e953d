/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "esp/header.h"
#include "flash/dfu/impl.h"

/*
 * plain: DFU 1.1 as Arduino's own bootloaders speak it: one image, which they
 * know where to put.
 */

/* Source: deploy.md of the boards. */
static const struct board_dfu {
	const char	*board_id, *vid, *pid, *format, *chip;
} boards[] = {
	{ "ARDUINO_NANO_ESP32", "2341", "0070", "esp", "esp32s3" },
	{ "ARDUINO_PORTENTA_C33", "2341", "0368", "bin", "ra6m5" },
};

static const struct board_dfu *
board_dfu_of(const struct flash_job *job)
{
	const char *id = job->firmware.board_id != NULL ?
	    job->firmware.board_id : job->board.board_id;

	for (size_t i = 0; i < sizeof(boards) / sizeof(boards[0]); i++)
		if (text_same(id, boards[i].board_id))
			return &boards[i];
	return NULL;
}

static int
fits_plain(const struct flash_job *job, char why[FLASH_WHY])
{
	const struct board_dfu *board = board_dfu_of(job);
	const char *format = job->facts.format;

	if (dfu_can_reach(job, why) == -1)
		return -1;
	if (board == NULL)
		return dfu_why_not(why, "no plain DFU is known of this board");
	if (strcmp(format, board->format) != 0 && strcmp(format, "dfu") != 0) {
		snprintf(why, FLASH_WHY, "the image is %s, but its DFU takes "
		    "%s", format, board->format);
		return -1;
	}
	if (strcmp(format, "esp") == 0 &&
	    !esp_is_application(job->data, job->size))
		return dfu_why_not(why, "the image is a whole flash, but its "
		    "DFU takes the application alone: .app-bin");
	return 0;
}

/* Is it the bootloader of that board? */
static int
check_ids(const struct flash_session *s, const struct board_dfu *board,
    struct err *e)
{
	const struct bus_usb *u = &s->job->place->usb;

	if (text_same(u->vid, board->vid) && text_same(u->pid, board->pid))
		return 0;
	return err_set(e, ERR_MISMATCH, "the bootloader of %s is %s:%s, but "
	    "this is %s:%s", board->board_id, board->vid, board->pid,
	    u->vid != NULL ? u->vid : "?", u->pid != NULL ? u->pid : "?");
}

/* The ids in the suffix of a file that has one; the suffix stays here. */
static int
check_suffix_ids(struct flash_session *s, struct err *e)
{
	struct dfu_file f;

	if (strcmp(s->job->facts.format, "dfu") != 0)
		return 0;
	if (dfu_check_file(s, &f, e) == -1)
		return -1;
	if (f.dfuse)
		return err_set(e, ERR_MISMATCH, "%s: for DfuSe, but the "
		    "bootloader speaks plain DFU", s->job->image.path);
	s->size -= DFU_SUFFIX;
	return 0;
}

static int
identify_plain(struct flash_session *s, struct flash_target *out,
    struct err *e)
{
	const struct board_dfu *board = board_dfu_of(s->job);

	dfu_name_target(s, out);
	snprintf(out->chip, sizeof(out->chip), "%s", board->chip);
	if (s->dfu.dfuse)
		return err_set(e, ERR_UNSUPPORTED, "%s: speaks DfuSe, not "
		    "plain DFU", out->name);
	if (check_ids(s, board, e) == -1 || check_suffix_ids(s, e) == -1)
		return -1;
	if (dfu_select(&s->dfu, 0, e) == -1)
		return err_wrap(e, "%s", out->name);
	out->write_max = s->dfu.block;
	out->write_unit = 1;
	return 0;
}

/* The pieces are as long as its blocks. */
static int
write_plain(struct flash_session *s, size_t at, const uint8_t *p, size_t n,
    struct err *e)
{
	if (at >= s->size)
		return 0;		/* the suffix is for us */
	return dfu_write_block(&s->dfu, (uint32_t)(at / s->dfu.block), p,
	    n < s->size - at ? n : s->size - at, e);
}

static int
start_plain(struct flash_session *s, struct err *e)
{
	if (dfu_manifest(&s->dfu, e) == -1)
		return -1;
	dfu_restart(&s->dfu);
	return 0;
}

/*
 * The loader of the Nano ESP32 writes a partition for applications, and that of
 * the C33 the chip's own flash; the files of the first are in a partition of
 * their own, those of the second in another chip.
 */
static int
keep_plain_files(const struct flash_job *job, struct flash_session *s,
    struct flash_files *out, struct err *e)
{
	(void)job, (void)s, (void)e;
	out->fate = FLASH_FILES_KEPT;
	return 0;
}

extern const struct flash_driver flash_dfu_plain;

static const char *const modes[] = { "dfu", NULL };
static const char *const options[] = { "bootloader", NULL };

const struct flash_driver flash_dfu_plain = {
	.name = "dfu",
	.summary = "writes by plain DFU: Arduino Nano ESP32, Portenta C33",
	.modes = modes,
	.options = options,
	.fits = fits_plain,
	.open = dfu_session_open,
	.identify = identify_plain,
	.files = keep_plain_files,
	.write_file = write_plain,
	.start = start_plain,
	.close = dfu_session_close,
};
