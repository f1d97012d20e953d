/* SPDX-License-Identifier: MIT */
#include "scsi/scsi.h"

#include "base/clock.h"
#include "scsi/fat.h"
#include "scsi_bench.h"
#include "tap.h"

#define SECTORS		6000u

static uint8_t sectors[SECTORS * BENCH_SECTOR];
static struct disk disk;
static struct err e;

static struct scsi *
open_disk(void)
{
	struct scsi *s = NULL;

	e = (struct err)ERR_INIT;
	return scsi_open(&disk.usb, clock_ms() + 1000, &s, &e) == 0 ? s : NULL;
}

static void
test_transfers(void)
{
	static uint8_t in[SCSI_MAX * BENCH_SECTOR];
	uint8_t out[3 * BENCH_SECTOR];
	struct scsi *s;

	disk_init(&disk, sectors, SECTORS);
	s = open_disk();
	OK(s != NULL && disk.claims == 1);
	OK(scsi_sectors(s) == SECTORS);
	memset(out, 0x5a, sizeof(out));
	OK(scsi_write(s, 0x1234, out, 3, clock_ms() + 100, &e) == 0);
	OK(disk.last_lba == 0x1234 && disk.writes == 1);
	OK(scsi_read(s, 0x1234, in, 3, clock_ms() + 100, &e) == 0);
	OK(memcmp(in, out, sizeof(out)) == 0);
	OK(scsi_read(s, SECTORS - 1, in, 1, clock_ms() + 100, &e) == 0);
	OK(scsi_read(s, SECTORS - 1, in, 2, clock_ms() + 100, &e) == -1 &&
	    e.code == ERR_IO);
	OK(scsi_read(s, SECTORS, in, 1, clock_ms() + 100, &e) == -1);
	OK(scsi_read(s, UINT32_MAX, in, 2, clock_ms() + 100, &e) == -1);
	OK(scsi_read(s, 0, in, SCSI_MAX, clock_ms() + 100, &e) == 0);
	OK(scsi_read(s, 0, in, SCSI_MAX + 1, clock_ms() + 100, &e) == -1);
	scsi_close(s);
	OK(disk.releases == 1 && disk.closed == 0);
	scsi_close(NULL);
}

static void
test_opening(void)
{
	struct scsi *s;

	disk_init(&disk, sectors, SECTORS);
	disk.not_ready = 3;
	disk.sense = 2;			/* not yet */
	s = open_disk();
	OK(s != NULL && disk.not_ready == 0);
	scsi_close(s);
	disk.not_ready = 1000;
	OK(open_disk() == NULL && e.code == ERR_TIMEOUT);
	disk.sense = 3;			/* the medium is broken */
	OK(open_disk() == NULL && e.code == ERR_IO);
	OK(disk.claims == 3 && disk.releases == 3);
	disk_init(&disk, sectors, SECTORS);
	disk.sector_bytes = 4096;
	OK(open_disk() == NULL && e.code == ERR_UNSUPPORTED);
	disk_init(&disk, sectors, SECTORS);
	disk.usb.info.n_settings = 1;
	OK(open_disk() == NULL && e.code == ERR_UNSUPPORTED);
	OK(disk.claims == 0);
}

/* What real disks do to their host. */
static void
test_faults(void)
{
	uint8_t p[BENCH_SECTOR] = { 0 };
	struct scsi *s;

	disk_init(&disk, sectors, SECTORS);
	s = open_disk();
	disk.stall_status = true;
	OK(scsi_read(s, 0, p, 1, clock_ms() + 100, &e) == 0);
	OK(disk.halts == 1);
	disk.fails = disk.stall_data = true;
	disk.sense = 4;
	OK(scsi_read(s, 0, p, 1, clock_ms() + 100, &e) == -1 &&
	    e.code == ERR_IO && strstr(e.msg, "sense key 4") != NULL);
	OK(scsi_write(s, 0, p, 1, clock_ms() + 100, &e) == -1 &&
	    e.code == ERR_IO && strstr(e.msg, "refused to write") != NULL);
	disk.fails = false;
	disk.nonsense = true;
	OK(scsi_read(s, 0, p, 1, clock_ms() + 100, &e) == -1 &&
	    e.code == ERR_PROTOCOL && disk.resets == 1);
	OK(scsi_read(s, 0, p, 1, clock_ms() + 100, &e) == 0);
	disk.gone_after = disk.writes;
	OK(scsi_write(s, 0, p, 1, clock_ms() + 100, &e) == -1 &&
	    e.code == ERR_NOT_FOUND);
	OK(scsi_read(s, 0, p, 1, clock_ms() + 100, &e) == -1 &&
	    e.code == ERR_NOT_FOUND);
	scsi_close(s);
}

/* --- the file system --- */

static int
read_memory(void *ctx, uint32_t lba, uint8_t p[FAT_SECTOR], struct err *err)
{
	(void)ctx;
	if (lba >= SECTORS)
		return err_set(err, ERR_IO, "sector %u: not there", lba);
	memcpy(p, sectors + lba * FAT_SECTOR, FAT_SECTOR);
	return 0;
}

static const struct fat_disk memory = { read_memory, NULL };

static void
is_file(const char *name, const char *want)
{
	struct buf got = BUF_INIT;

	e = (struct err)ERR_INIT;
	IS_STR(fat_read(&memory, name, &got, &e) == 0 ? got.data : e.msg,
	    want);
	buf_release(&got);
}

#define INFO	"UF2 Bootloader v3.0\r\nBoard-ID: RPI-RP2\r\n"

static void
test_files(void)
{
	static const struct fat_shape shapes[] = {
		{ 1, 5900, 1, 1, 2, 24, 512, false },	/* as an RP2040's */
		{ 0, 5900, 8, 1, 1, 8, 64, true },
		{ 0, 5900, 1, 1, 2, 24, 64, false },
		{ 0, 4000, 1, 1, 2, 12, 64, true },
	};
	char text[2000];

	memset(text, 'y', sizeof(text) - 1);
	text[sizeof(text) - 1] = '\0';
	for (size_t i = 0; i < sizeof(shapes) / sizeof(shapes[0]); i++) {
		memset(sectors, 0, sizeof(sectors));
		fat_make(sectors, &shapes[i], 2, "INFO_UF2TXT", INFO);
		is_file("INFO_UF2TXT", INFO);
		is_file("info_uf2txt", INFO);
		is_file("CURRENT UF2", "CURRENT UF2: no such file");
		is_file("RPI-RP2    ", "RPI-RP2    : no such file");
		/* Several; number 341 lies in two sectors of a FAT. */
		fat_make(sectors, &shapes[i], 341, "INFO_UF2TXT", text);
		is_file("INFO_UF2TXT", text);
	}
}

static void
test_damaged(void)
{
	static const struct fat_shape shape = { 1, 5900, 1, 1, 2, 24, 512,
	    false };
	static const struct {
		unsigned	at;
		uint8_t		value;
	} bytes[] = {
		{ 510, 0 }, { 450, 0 }, { 454, 0 }, { 512 + 0, 0 },
		{ 512 + 12, 8 }, { 512 + 13, 3 }, { 512 + 13, 0 },
		{ 512 + 14, 0 }, { 512 + 16, 0 }, { 512 + 20, 0 },
		{ 512 + 22, 0 }, { 457, 0xff },
		{ 512 * 50 + 32 + 26, 1 },		/* a cluster below 2 */
		{ 512 * 50 + 32 + 27, 0xff },		/* behind the last */
		{ 512 * 50 + 32 + 30, 2 },		/* a large file */
	};
	struct buf got = BUF_INIT;

	for (size_t i = 0; i < sizeof(bytes) / sizeof(bytes[0]); i++) {
		memset(sectors, 0, sizeof(sectors));
		fat_make(sectors, &shape, 2, "INFO_UF2TXT", INFO);
		sectors[bytes[i].at] = bytes[i].value;
		OK(fat_read(&memory, "INFO_UF2TXT", &got, &e) == -1 &&
		    (e.code == ERR_INPUT || e.code == ERR_IO));
	}
	buf_release(&got);
}

int
main(void)
{
	clock_fake(1000000);
	test_transfers();
	test_opening();
	test_faults();
	test_files();
	test_damaged();
	return tap_done();
}
