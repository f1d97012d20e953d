/* SPDX-License-Identifier: MIT */
#include "flash/esp/params.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "esp/header.h"
#include "esp/partition.h"

#define MB		(1u << 20)

const struct esp_chip *
esp_job_chip(const struct flash_job *job)
{
	return esp_chip_by_name(job->facts.chip);
}

static bool
is_kept(const char *word)
{
	return word == NULL || strcmp(word, "keep") == 0;
}

/* "4MB", "512KB"; 0: it is no size. */
static uint32_t
word_size(const char *word)
{
	char *end;
	const unsigned long n = strtoul(word, &end, 10);

	if (n == 0 || n > 1024)
		return 0;
	return strcmp(end, "MB") == 0 ? (uint32_t)n * MB :
	    strcmp(end, "KB") == 0 ? (uint32_t)n * 1024 : 0;
}

/* --- what the user asks for --- */

static int
bad_word(const struct flash_job *job, const char *option, const char *word,
    struct err *e)
{
	err_set(e, ERR_USAGE, "--%s %s: an %s has no such value", option, word,
	    esp_job_chip(job)->shown);
	return err_hint(e, "mpf-flash(1) lists the values of each chip");
}

/* size: of the flash, for "detect"; 0: not known yet. */
static int
wanted_params(const struct flash_job *job, uint32_t size,
    struct esp_flash_params *out, struct err *e)
{
	const struct esp_chip *chip = esp_job_chip(job);

	*out = (struct esp_flash_params)ESP_KEEP;
	if (!is_kept(job->flash_mode)) {
		out->mode = esp_mode_nibble(job->flash_mode);
		if (out->mode == -1)
			return bad_word(job, "flash-mode", job->flash_mode, e);
	}
	if (!is_kept(job->flash_freq)) {
		out->freq = esp_freq_nibble(chip, job->flash_freq);
		if (out->freq == -1)
			return bad_word(job, "flash-freq", job->flash_freq, e);
	}
	if (is_kept(job->flash_size))
		return 0;
	if (strcmp(job->flash_size, "detect") != 0)
		size = word_size(job->flash_size);
	else if (size == 0)
		return 0;
	out->size = esp_size_nibble(chip, size);
	return out->size != -1 ? 0 : bad_word(job, "flash-size",
	    job->flash_size, e);
}

/* Does the file have a partition table for a chip that starts at offset? */
static bool
has_partitions(const struct flash_job *job, uint32_t offset)
{
	const uint32_t at = PARTITION_AT - offset;

	return job->size > at + 2 && job->data[at] == 0xaa &&
	    job->data[at + 1] == 0x50;
}

/* The file's own witness: where its table is, none of which may be there. */
static int
check_table_start(const struct flash_job *job, const struct esp_chip *chip,
    struct err *e)
{
	static const uint32_t starts[] = { 0, 0x1000, 0x2000 };

	if (has_partitions(job, chip->boot_offset))
		return 0;
	for (size_t i = 0; i < sizeof(starts) / sizeof(starts[0]); i++)
		if (has_partitions(job, starts[i]))
			return err_set(e, ERR_MISMATCH, "%s: its partition "
			    "table is where a chip has it that starts at 0x%x,"
			    " but an %s starts at 0x%x", job->image.path,
			    starts[i], chip->shown, chip->boot_offset);
	return 0;
}

static int
check_offset(const struct flash_job *job, const struct esp_chip *chip,
    struct err *e)
{
	const struct flash_words *user = &job->words;
	const int64_t said = job->firmware.flash_offset;

	if (user->has_offset && user->offset != chip->boot_offset)
		return err_set(e, ERR_MISMATCH, "%s: --offset 0x%x, but an %s "
		    "starts what is at 0x%x", job->image.path, user->offset,
		    chip->shown, chip->boot_offset);
	if (user->has_offset || said < 0 ||
	    said == (int64_t)chip->boot_offset)
		return 0;
	err_set(e, ERR_MISMATCH, "%s: the record says that it goes to 0x%llx, "
	    "but an %s starts what is at 0x%x", job->image.path,
	    (long long)said, chip->shown, chip->boot_offset);
	return err_hint(e, "--offset 0x%x writes it there", chip->boot_offset);
}

/* An application alone, as builds have it beside the whole firmware. */
static int
check_whole(const struct flash_job *job, const struct esp_chip *chip,
    struct err *e)
{
	if (strcmp(chip->name, "esp8266") == 0 ||
	    !esp_is_application(job->data, job->size))
		return 0;
	err_set(e, ERR_MISMATCH, "%s: an application alone, without boot "
	    "loader and partition table", job->image.path);
	return err_hint(e, "use firmware.bin of the same build, which has all "
	    "of them");
}

/* Its DFU bootloader is a partition that no image of MicroPython has. */
static int
check_loader(const struct flash_job *job, struct err *e)
{
	if (job->words.wipe != FLASH_WIPE_ALL ||
	    !text_same(job->firmware.board_id, "ARDUINO_NANO_ESP32"))
		return 0;
	err_set(e, ERR_UNSUPPORTED, "--erase all: it would erase the DFU "
	    "bootloader of the Nano ESP32, which is in its flash");
	return err_hint(e, "--erase fs makes a new file system");
}

int
esp_check_job(const struct flash_job *job, struct err *e)
{
	struct esp_flash_params ignored;
	const struct esp_chip *chip = esp_job_chip(job);

	return check_whole(job, chip, e) == -1 ||
	    check_loader(job, e) == -1 ||
	    check_offset(job, chip, e) == -1 ||
	    check_table_start(job, chip, e) == -1 ? -1 :
	    wanted_params(job, 0, &ignored, e);
}

/* --- what the chip says --- */

/* Bytes of flash that the header names; 0: it does not matter there. */
static uint32_t
header_size(const struct flash_job *job)
{
	const uint8_t nibble = job->data[3] >> 4;

	return strcmp(job->facts.chip, "esp8266") == 0 || nibble > 7 ? 0 :
	    MB << nibble;
}

uint32_t
esp_known_flash(const struct flash_job *job)
{
	const struct board *b = &job->board;
	const int64_t end = b->storage_addr + b->storage_bytes;

	if (strcmp(job->device.mode, "repl") != 0 || b->storage_addr < 0 ||
	    b->storage_bytes <= 0 || end > UINT32_MAX ||
	    job->words.wipe != FLASH_WIPE_NOTHING ||
	    !is_kept(job->flash_size) || header_size(job) > end ||
	    (int64_t)esp_job_chip(job)->boot_offset + (int64_t)job->size > end)
		return 0;
	return (uint32_t)end;
}

/* A boot loader refuses to start where its header has more flash. */
static int
check_header_size(const struct flash_job *job, const struct esp_target *c,
    struct err *e)
{
	const uint32_t said = header_size(job);

	if (!is_kept(job->flash_size) || said <= c->flash_size)
		return 0;
	err_set(e, ERR_MISMATCH, "%s: for a flash of %u MB, but this one has "
	    "%u KB", job->image.path, said / MB, c->flash_size / 1024);
	return err_hint(e, "choose a variant for a smaller flash (mpf-resolve "
	    "--variant), or use --flash-size detect");
}

int
esp_check_image(const struct flash_job *job, const struct esp_target *c,
    struct err *e)
{
	if (check_offset(job, c->chip, e) == -1)
		return -1;
	if (esp_fits_chip(job->data, job->size, c->chip, c->revision, e) == -1)
		return err_wrap(e, "%s", job->image.path);
	if (c->flash_size == 0)
		return job->flash_size == NULL ||
		    strcmp(job->flash_size, "detect") != 0 ? 0 : err_set(e,
		    ERR_UNSUPPORTED, "--flash-size detect: the flash with the "
		    "id 0x%06x is not known", c->flash_id);
	if (job->size > c->flash_size - c->chip->boot_offset) {
		err_set(e, ERR_MISMATCH, "%s: %zu bytes, but the flash has "
		    "%u", job->image.path, job->size, c->flash_size);
		return err_hint(e, "choose a variant for a smaller flash "
		    "(mpf-resolve --variant)");
	}
	return check_header_size(job, c, e);
}

int
esp_patch(const struct flash_job *job, const struct esp_target *c,
    uint8_t *p, size_t n, bool *changed, struct err *e)
{
	struct esp_flash_params want;

	if (wanted_params(job, c->flash_size, &want, e) == -1)
		return -1;
	return esp_patch_header(p, n, c->chip, &want, changed, e) == 0 ? 0 :
	    err_wrap(e, "%s", job->image.path);
}
