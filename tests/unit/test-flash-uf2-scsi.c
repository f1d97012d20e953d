/* SPDX-License-Identifier: MIT */
#include <fcntl.h>

#include "../tests/unit/scsi_bench.h"
#include "../tests/unit/uf2_bench.h"
#include "flash/uf2/impl.h"

/* The UF2 driver where nobody has mounted the drive. */

#define SECTORS		8000u

static uint8_t sectors[SECTORS * BENCH_SECTOR];
static struct disk disk;
static int opened;
static enum err_code refuses;	/* to open it; 0: it does not */

static int
open_disk(const char *usb_path, int64_t deadline, struct usb **out,
    struct err *err)
{
	(void)deadline;
	opened++;
	OK(strcmp(usb_path, "1-1.2") == 0);
	if (refuses != ERR_NONE)
		return err_set(err, refuses, "1-1.2: you may not");
	/* usb_close releases them. */
	disk.usb.info.settings = mem_copy(disk_settings,
	    sizeof(disk_settings));
	disk.usb.info.n_settings = 2;
	disk.usb.info.settings[1].endpoints = mem_copy(disk_endpoints,
	    sizeof(disk_endpoints));
	*out = &disk.usb;
	return 0;
}

static struct flash_job
begin_bare(uint32_t n, const char *info)
{
	static const struct fat_shape shape = { 0, 1000, 1, 1, 1, 8, 64,
	    true };
	struct flash_job job = begin();

	drive.volume = NULL;
	memset(sectors, 0, sizeof(sectors));
	fat_make(sectors, &shape, 2, "INFO_UF2TXT", info);
	disk_init(&disk, sectors, n);
	disk.usb.info.n_settings = 0;
	world.usb_open = open_disk;
	opened = 0;
	refuses = ERR_NONE;
	return job;
}

#define RP2	"UF2 Bootloader v3.0\r\nModel: RP2\r\nBoard-ID: RPI-RP2\r\n"

static void
test_writes(void)
{
	struct flash_job job = begin_bare(SECTORS, RP2);
	struct result res;

	OK(run(&job, &res) == 0);
	IS_STR(e.msg, "");
	OK(opened == 1 && drive.mounted == 0 && accepted);
	OK(memcmp(sectors + 2048u * BENCH_SECTOR, image, SIZE) == 0);
	OK(disk.writes == (BLOCKS + 15) / 16);
	OK(disk.releases == 1 && disk.closed == 1);
	OK(res.written_bytes == BLOCKS * 256);
	/* It goes with its last block, or when it has that. */
	job = begin_bare(SECTORS, RP2);
	disk.gone_after = (BLOCKS + 15) / 16 - 1;
	OK(run(&job, &res) == 0 && !accepted);
	/* A small disk: no sector that is not there is asked for. */
	job = begin_bare(100, RP2);
	OK(run(&job, &res) == 0 && disk.last_lba < 100);
	job = begin_bare(SECTORS, RP2);
	disk.gone_after = 1;
	OK(run(&job, &res) == -1 && e.code == ERR_NOT_FOUND);
}

static void
test_ways(void)
{
	struct flash_job job = begin_bare(SECTORS, RP2);
	struct result res;

	/* A mounted drive is the kernel's. */
	drive.volume = "/drive";
	works(&job);
	OK(opened == 0);
	job = begin_bare(SECTORS, RP2);
	drive.volume = "/drive";
	job.via = "scsi";
	fails(&job, ERR_BUSY, "1-1.2: its drive is mounted, so it is not "
	    "written to by SCSI commands");
	/* Who may not do that has it mounted. */
	job = begin_bare(SECTORS, RP2);
	refuses = ERR_PERMISSION;
	drive.mounts_there = true;
	works(&job);
	OK(opened == 1 && drive.mounted == 1);
	job = begin_bare(SECTORS, RP2);
	job.via = "udisks";
	drive.mounts_there = true;
	works(&job);
	OK(opened == 0 && drive.mounted == 1);
	job = begin_bare(SECTORS, RP2);
	job.via = "scsi";
	refuses = ERR_PERMISSION;
	drive.mounts_there = true;
	OK(run(&job, &res) == -1 && e.code == ERR_PERMISSION);
	OK(opened > 1 && drive.mounted == 0);
	/* It was unplugged and comes again meanwhile. */
	job = begin_bare(SECTORS, RP2);
	disk.not_ready = 2;
	disk.sense = 6;
	OK(run(&job, &res) == 0);
	job = begin_bare(SECTORS, "UF2 Bootloader\r\n");
	OK(run(&job, &res) == -1 && e.code == ERR_INPUT);
	job = begin_bare(SECTORS, RP2);
	memcpy(sectors + (1 + 8) * BENCH_SECTOR + 32, "README  TXT", 11);
	OK(run(&job, &res) == -1 && e.code == ERR_MISMATCH);
}

/* An image for 0x27000, which is behind S140 7.x. */
static uint8_t nrf[5 * MAKE_UF2_BLOCK];
static uint32_t lower_family;	/* of another block, for 0x4000; 0: none */

static void
nrf_at(uint32_t addr)
{
	for (uint32_t i = 0; i < 4; i++)
		make_uf2(nrf + i * MAKE_UF2_BLOCK, 0xada52840u, addr +
		    i * 256, i, 4, &i, sizeof(i));
	make_uf2(nrf + 4 * MAKE_UF2_BLOCK, lower_family, 0x4000, 0, 1, "x", 1);
}

static enum err_code
softdevice(const char *line, uint32_t addr)
{
	struct flash_job job = begin_bare(SECTORS, RP2);
	struct info_uf2 info = { .board_id = "nRF52840-x" };

	snprintf(info.softdevice, sizeof(info.softdevice), "%s", line);
	nrf_at(addr);
	job.data = nrf;
	job.size = lower_family != 0 ? sizeof(nrf) : 4 * MAKE_UF2_BLOCK;
	job.facts.chip = "nrf52840";
	e = (struct err)ERR_INIT;
	return check_softdevice(&job, &info, &e) == 0 ? ERR_NONE : e.code;
}

static void
test_softdevice(void)
{
	OK(softdevice("S140 version 7.3.0", 0x27000) == ERR_NONE);
	OK(softdevice("S140 6.1.1", 0x26000) == ERR_NONE);
	OK(softdevice("", 0x1000) == ERR_NONE);
	OK(softdevice("S140 version 6.1.1", 0x27000) == ERR_MISMATCH);
	IS_STR(e.msg, "x.uf2: for 0x27000 on, but an application behind the "
	    "SoftDevice on the board, S140 version 6.1.1, begins at 0x26000");
	OK(softdevice("S140 version 7.3.0", 0x26000) == ERR_MISMATCH);
	OK(softdevice("S140 version 7.3.0", 0x1000) == ERR_MISMATCH);
	OK(softdevice("S132 6.1.1", 0x26000) == ERR_MISMATCH);
	IS_STR(e.msg, "x.uf2: nothing tells whether it fits the SoftDevice on "
	    "the board, S132 6.1.1");
	OK(softdevice("not found", 0x1000) == ERR_MISMATCH);
	lower_family = 0x68ed2b88;	/* of another chip: it goes nowhere */
	OK(softdevice("S140 version 7.3.0", 0x27000) == ERR_NONE);
	lower_family = 0x12345678;	/* it may well go there */
	OK(softdevice("S140 version 7.3.0", 0x27000) == ERR_MISMATCH);
	lower_family = 0;
	OK(softdevice("S140 version 71.0.0", 0x27000) == ERR_MISMATCH);
	/* Nothing is written, whatever is forced. */
	{
		struct flash_job job = begin_bare(SECTORS, "UF2\r\n"
		    "Board-ID: nRF52840-x\r\nSoftDevice: S140 6.1.1\r\n");
		struct result res;

		nrf_at(0x27000);
		job.data = nrf;
		job.size = sizeof(nrf);
		job.facts.chip = "nrf52840";
		job.force = true;
		OK(run(&job, &res) == -1 && e.code == ERR_MISMATCH);
		OK(disk.writes == 0 && disk.releases == 1);
	}
}

int
main(void)
{
	uf2_bench_enter();
	test_writes();
	test_ways();
	test_softdevice();
	uf2_bench_leave();
	return tap_done();
}
