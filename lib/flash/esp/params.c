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

/* --- what the user asks for --- */

/* chip NULL: no chip has it. */
static int
bad_word(const char *option, const char *word, enum esp_param what,
    const struct esp_chip *chip, struct err *e)
{
	struct buf words = BUF_INIT;

	esp_param_words(what, chip, &words);
	if (chip != NULL)
		err_set(e, ERR_USAGE, "--%s %s: an %s has no such value",
		    option, word, chip->shown);
	else
		err_set(e, ERR_USAGE, "--%s %s: no such value", option, word);
	err_hint(e, "use %s%skeep", words.data, what == ESP_SIZE ?
	    ", detect or " : " or ");
	buf_release(&words);
	return -1;
}

static bool
is_detect(const char *word)
{
	return strcmp(word, "detect") == 0;
}

int
esp_check_words(const char *mode, const char *size, const char *freq,
    struct err *e)
{
	const struct {
		const char	*option, *word;
		enum esp_param	 what;
	} said[] = {
		{ "flash-mode", mode, ESP_MODE },
		{ "flash-size", size, ESP_SIZE },
		{ "flash-freq", freq, ESP_FREQ },
	};

	for (size_t i = 0; i < sizeof(said) / sizeof(said[0]); i++) {
		bool known = is_kept(said[i].word) ||
		    (said[i].what == ESP_SIZE && is_detect(said[i].word));

		for (size_t k = 0; !known && k < esp_chips_n; k++)
			known = esp_param_nibble(said[i].what, &esp_chips[k],
			    said[i].word) != -1;
		if (!known)
			return bad_word(said[i].option, said[i].word,
			    said[i].what, NULL, e);
	}
	return 0;
}

/* -1 where the word is "keep" or absent. */
static int
wanted_nibble(const struct esp_chip *chip, enum esp_param what,
    const char *option, const char *word, int *out, struct err *e)
{
	if (is_kept(word))
		return 0;
	*out = esp_param_nibble(what, chip, word);
	return *out != -1 ? 0 : bad_word(option, word, what, chip, e);
}

/* size: of the flash, for "detect"; 0: not known yet. */
static int
wanted_params(const struct flash_job *job, uint32_t size,
    struct esp_flash_params *out, struct err *e)
{
	const struct esp_chip *chip = esp_job_chip(job);

	*out = (struct esp_flash_params)ESP_KEEP;
	if (wanted_nibble(chip, ESP_MODE, "flash-mode", job->flash_mode,
	    &out->mode, e) == -1 || wanted_nibble(chip, ESP_FREQ,
	    "flash-freq", job->flash_freq, &out->freq, e) == -1)
		return -1;
	if (is_kept(job->flash_size) || !is_detect(job->flash_size))
		return wanted_nibble(chip, ESP_SIZE, "flash-size",
		    job->flash_size, &out->size, e);
	if (size == 0)
		return 0;
	out->size = esp_size_nibble(chip, size);
	return out->size != -1 ? 0 : bad_word("flash-size", "detect",
	    ESP_SIZE, chip, e);
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

/* Of a board that runs: where its file system ends, at least. */
static int64_t
flash_in_use(const struct flash_job *job)
{
	const struct board *b = &job->board;
	const int64_t end = b->storage_addr + b->storage_bytes;

	if (strcmp(job->device.mode, "repl") != 0 || b->storage_addr < 0 ||
	    b->storage_bytes <= 0 || end > UINT32_MAX ||
	    (job->flash_size != NULL && is_detect(job->flash_size)))
		return 0;
	return end;
}

uint32_t
esp_known_flash(const struct flash_job *job, const char *mac)
{
	const struct chip *c = &job->chip;
	int64_t end = flash_in_use(job);

	/* mpf-detect has asked the same chip. */
	if (c->mac != NULL && strcmp(c->mac, mac) == 0 &&
	    c->flash_bytes > 0 && c->flash_bytes <= UINT32_MAX)
		end = c->flash_bytes;
	if (job->words.wipe != FLASH_WIPE_NOTHING || header_size(job) > end ||
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
		return is_kept(job->flash_size) ||
		    !is_detect(job->flash_size) ? 0 : err_set(e,
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
