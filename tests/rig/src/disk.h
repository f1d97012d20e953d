/* SPDX-License-Identifier: MIT */
#ifndef MPF_RIG_DISK_H
#define MPF_RIG_DISK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * disk: the RP2040 boot ROM's drive: 128 MiB of FAT16 behind a partition
 * table, of which only the first sectors are more than zeros.
 *
 * Nothing written there is kept but UF2 blocks, wherever they are written.
 *
 * Source: pico-bootrom-rp2040, bootrom/virtual_disk.c.
 */

#define DISK_SECTOR	512u		/* bytes */
#define DISK_SECTORS	262144u

struct disk {
	uint8_t		*head;		/* the sectors that are not zero */
	size_t		 head_sectors;
	uint8_t		*rom;		/* the blocks as they came */
	uint8_t		*seen;
	uint32_t	 count, have, ignored;
};

void	disk_init(struct disk *d);
void	disk_read(const struct disk *d, uint32_t lba, uint8_t *sector);
void	disk_write(struct disk *d, const uint8_t *sector);
bool	disk_complete(const struct disk *d);

#endif
