/* SPDX-License-Identifier: MIT */
#ifndef MPF_STM32_H
#define MPF_STM32_H

#include <stdbool.h>
#include <stdint.h>

/*
 * stm32: where MicroPython's boards of the port stm32 keep the user's files.
 * A table alone.
 *
 * It names the boards whose place is the same in all releases from v1.18 on,
 * and no other: some boards may be built either way, and a board of which
 * nothing is known may have its files anywhere.
 *
 * Source: MicroPython, ports/stm32/boards: FLASH_FS and FLASH_FS2 of the
 * linker scripts, MICROPY_HW_ENABLE_INTERNAL_FLASH_STORAGE of the boards.
 */

#define STM32_STORAGES	2u

struct stm32_storage {
	uint32_t	 addr, bytes;	/* bytes 0: no further range */
};

/*
 * Its ranges, STM32_STORAGES of them; NULL: not known.  External memory counts
 * by the addresses that a bootloader may have for it.
 */
const struct stm32_storage	*stm32_storage(const char *board_id);
/* Of the rows of that table, the i-th; false: there is none. */
bool	stm32_storage_row(unsigned i, const char **boards,
	    const struct stm32_storage **out);

#endif
