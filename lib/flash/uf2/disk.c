/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "base/clock.h"
#include "flash/uf2/impl.h"
#include "scsi/fat.h"
#include "scsi/scsi.h"
#include "usb/usb.h"

#define OPEN_MS		1000		/* for udev to let us */
#define READY_MS	5000		/* for the disk to be ready */
#define COMMAND_MS	10000		/* for one: nRF erases meanwhile */
#define AGAIN_MS	500		/* between two tries */
#define AT_ONCE		16u		/* sectors; some take no more */
#define DATA		2048u		/* a sector behind all folders */

bool
uf2_disk_take(void *ctx, const struct bus_place *p, struct err *why)
{
	struct uf2_disk *d = ctx;
	const struct flash_job *job = d->job;

	if (job->world->usb_open == NULL || d->refused ||
	    (job->via != NULL && strcmp(job->via, "scsi") != 0) ||
	    clock_ms() < d->next_try)
		return false;
	d->next_try = clock_ms() + AGAIN_MS;
	if (job->world->usb_open(p->usb.path, clock_ms() + OPEN_MS, &d->usb,
	    why) == 0 && scsi_open(d->usb, clock_ms() + READY_MS, &d->scsi,
	    why) == 0)
		return true;
	/* The kernel may mount it, or somebody may do that for us. */
	d->refused = job->via == NULL && why->code != ERR_NOT_FOUND;
	uf2_disk_release(d);
	return false;
}

void
uf2_disk_release(struct uf2_disk *d)
{
	scsi_close(d->scsi);
	usb_close(d->usb);
	d->scsi = NULL;
	d->usb = NULL;
}

static int
read_disk_sector(void *ctx, uint32_t lba, uint8_t p[FAT_SECTOR], struct err *e)
{
	struct uf2_disk *d = ctx;

	return scsi_read(d->scsi, lba, p, 1, clock_ms() + COMMAND_MS, e);
}

int
uf2_disk_info(struct uf2_disk *d, struct info_uf2 *out, struct err *e)
{
	const struct fat_disk disk = { read_disk_sector, d };
	struct buf text = BUF_INIT;
	struct err why = ERR_INIT;
	int r = -1;

	if (fat_read(&disk, "INFO_UF2TXT", &text, &why) == 0)
		r = info_uf2_parse(text.data, text.len, out, e);
	else if (why.code == ERR_NOT_FOUND && usb_info(d->usb) != NULL)
		r = err_set(e, ERR_MISMATCH, "%s: its drive has no "
		    "INFO_UF2.TXT, so it is not a bootloader's",
		    d->job->device.usb_path);
	else
		*e = why;
	buf_release(&text);
	return r;
}

/*
 * Each block goes to the same place again where the disk is small: the
 * bootloader looks at what is in it, and at its number.
 */
int
uf2_disk_write(struct uf2_disk *d, size_t at, const uint8_t *p, size_t n,
    struct err *e)
{
	const uint32_t sectors = scsi_sectors(d->scsi);
	const uint32_t first = sectors / 2 < DATA ? sectors / 2 : DATA;
	const uint32_t room = (sectors - first) / AT_ONCE * AT_ONCE;
	size_t k = at / SCSI_SECTOR, count;

	if (room == 0)
		return err_set(e, ERR_SPACE, "%s: a disk of %u sectors",
		    d->job->device.usb_path, sectors);
	for (; n > 0; n -= count * SCSI_SECTOR, k += count) {
		count = n / SCSI_SECTOR < AT_ONCE ? n / SCSI_SECTOR : AT_ONCE;
		if (scsi_write(d->scsi, first + (uint32_t)(k % room), p,
		    count, clock_ms() + COMMAND_MS, e) == -1)
			return -1;
		p += count * SCSI_SECTOR;
	}
	return 0;
}
