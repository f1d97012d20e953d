/* SPDX-License-Identifier: MIT */
#include <string.h>
#include <strings.h>

#include "flash/impl.h"
#include "flash/uf2/impl.h"
#include "image/uf2.h"

/*
 * How the Board-IDs of the bootloaders begin.  Source: pico-bootrom (RPI-RP2,
 * RP2350); uf2-samdx1, Adafruit_nRF52_Bootloader and tinyuf2 (boards' board.h:
 * chip, board, revision, with dashes between).  Where blocks need name no
 * family, the addresses tell chips apart: the application begins behind the
 * bootloader (uf2-samdx1, inc/uf2.h and the boards' linker scripts) and ends
 * with the largest flash of that kind.
 */
static const struct {
	const char	*prefix, *chip;
	bool		 needs_family;	/* blocks without one are ignored */
	uint32_t	 addr, end;	/* of the application; 0: any */
} ids[] = {
	{ "RPI-RP2", "rp2040", true, 0, 0 },
	{ "RP2350", "rp2350", true, 0, 0 },
	{ "SAMD21", "samd21", false, 0x2000, 0x40000 },
	{ "SAMD51", "samd51", false, 0x4000, 0x100000 },
	{ "SAME51", "samd51", false, 0x4000, 0x100000 },
	{ "SAME54", "samd51", false, 0x4000, 0x100000 },
	{ "nRF52840", "nrf52840", true, 0, 0 },
	{ "nRF52833", "nrf52833", true, 0, 0 },
	{ "MIMXRT", "mimxrt", true, 0, 0 },
	{ "IMXRT", "mimxrt", true, 0, 0 },
	{ "ESP32S2", "esp32s2", true, 0, 0 },
	{ "ESP32-S2", "esp32s2", true, 0, 0 },
	{ "ESP32S3", "esp32s3", true, 0, 0 },
	{ "ESP32-S3", "esp32s3", true, 0, 0 },
	{ "STM32F4", "stm32f4", true, 0, 0 },
	{ "STM32F7", "stm32f7", true, 0, 0 },
	{ "STM32H7", "stm32h7", true, 0, 0 },
	{ "STM32L4", "stm32l4", true, 0, 0 },
};

#define N_IDS	(sizeof(ids) / sizeof(ids[0]))

/* A chip that the image is for, as one part of it says, or all of it. */
static int
check_part(const struct flash_job *job, const struct uf2_part *part, size_t i,
    const char *board_id, struct err *e)
{
	const char *chip = part->family == 0 ? job->facts.chip :
	    uf2_family_chip(part->family);

	if (part->family == 0 && ids[i].needs_family)
		return err_set(e, ERR_MISMATCH, "%s: names no family, and %s "
		    "takes no such blocks", job->image.path, board_id);
	if (chip == NULL)
		return err_set(e, ERR_MISMATCH, "%s: names no chip (family "
		    "0x%08x), and the bootloader is %s", job->image.path,
		    part->family, board_id);
	if (strcmp(chip, ids[i].chip) != 0)
		return err_set(e, ERR_MISMATCH, "%s: for %s, but the "
		    "bootloader is %s", job->image.path, chip, board_id);
	if (ids[i].end != 0 &&
	    (part->addr < ids[i].addr || part->end > ids[i].end))
		return err_set(e, ERR_MISMATCH, "%s: for 0x%x to 0x%x, but %s "
		    "takes 0x%x to 0x%x", job->image.path, part->addr,
		    part->end, board_id, ids[i].addr, ids[i].end);
	return 0;
}

/*
 * A bootloader that we do not know tells nothing.  But it hangs where the
 * board did, which may have said that it has the chip that the image is for.
 */
static int
check_unknown(const struct flash_job *job, const char *board_id,
    struct err *e)
{
	const char *chip = job->facts.chip, *said = board_chip(&job->board);

	if (chip != NULL && said != NULL && strcmp(chip, said) == 0)
		return 0;
	return err_set(e, ERR_MISMATCH, "%s: for %s, and nothing tells whether "
	    "it fits the bootloader %s", job->image.path, chip != NULL ? chip :
	    "a chip that it does not name", board_id);
}

int
fit_check(const struct flash_job *job, const char *board_id, struct err *e)
{
	struct image_source image = IMAGE_MEMORY(job->data, job->size);
	struct uf2_file f;
	size_t i = 0, fits = 0;

	if (uf2_check(&image, &f, NULL, e) == -1)
		return err_wrap(e, "%s", job->image.path);
	while (i < N_IDS && strncasecmp(board_id, ids[i].prefix,
	    strlen(ids[i].prefix)) != 0)
		i++;
	if (i == N_IDS)
		return check_unknown(job, board_id, e);
	for (size_t k = 0; k < f.n_parts; k++)
		fits += check_part(job, &f.part[k], i, board_id, e) == 0;
	/* Parts for other chips are ignored by the bootloader. */
	return fits > 0 ? 0 : -1;
}
