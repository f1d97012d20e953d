/* SPDX-License-Identifier: MIT */
/* The uf2 method, on folders that play a drive. */
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

#include "../tests/unit/uf2_bench.h"
#include "flash/uf2/impl.h"

static void
test_mounts(void)
{
	struct flash_job job = begin();

	works(&job);
	OK(drive.mounted == 0 && drive.unmounted == 0);
	job = begin();
	drive.volume = NULL;
	drive.mounts_here = true;
	works(&job);
	OK(drive.mounted == 1 && drive.unmounted == 1);
	OK(clock_ms() >= 1000 + 1500);		/* others come first */
	job = begin();
	drive.volume = NULL;
	drive.mounts_there = true;
	works(&job);
	OK(drive.mounted == 1 && drive.unmounted == 0);
	job = begin();
	drive.volume = NULL;
	fails(&job, ERR_PERMISSION, "1-1.2: the drive is not mounted: "
	    "/dev/sda1: you may not");
	OK(drive.mounted > 3 && drive.mounted < 20);
	world.mount = NULL;
	fails(&job, ERR_PERMISSION, "1-1.2: the drive is not mounted");
	world.mount = do_mount;
	job = begin();
	drive.volume = NULL;
	drive.no_disk = true;
	fails(&job, ERR_TIMEOUT, "1-1.2: its bootloader shows no drive");
	job = begin();
	drive.unknown = true;
	fails(&job, ERR_IO, "1-1.2: no answer");
}

static void
test_info(void)
{
	struct flash_job job = begin();
	struct result res;
	char msg[1000];

	write_info("UF2 Bootloader v1.0\r\nModel: x\r\n"
	    "Board-ID: SAMD51P19A-WioTerm-v0\r\n");
	fails(&job, ERR_MISMATCH, "x.uf2: for rp2040, but the bootloader is "
	    "SAMD51P19A-WioTerm-v0");
	job.force = true;
	OK(run(&job, &res) == 0);
	IS_STR(res.forced[0], "bootloader");
	job = begin();
	OK(rename("drive/INFO_UF2.TXT", "drive/info_uf2.txt") == 0);
	works(&job);
	unlink("drive/info_uf2.txt");
	unlink("drive/FIRMWARE.UF2");
	drive.volume = "/drive";
	snprintf(msg, sizeof(msg), "%.900s/drive: no INFO_UF2.TXT, so not "
	    "a bootloader's drive", tmp_path);
	fails(&job, ERR_MISMATCH, msg);
	job = begin();
	write_info("nothing\r\n");
	OK(run(&job, &res) == -1 && e.code == ERR_INPUT);
	job = begin();
	drive.volume = "/nowhere";
	OK(run(&job, &res) == -1 && e.code == ERR_NOT_FOUND);
}

/* Somebody's stick, with a bootloader's INFO_UF2.TXT on it. */
static void
test_stick(void)
{
	struct flash_job job = begin();

	drive.bytes = BUS_DRIVE_MAX;
	works(&job);
	job = begin();
	drive.bytes = BUS_DRIVE_MAX + 512ull;
	fails(&job, ERR_MISMATCH, "1-1.2: a drive of 1024 MiB is there, which "
	    "is too large for a bootloader's");
	drive.volume = NULL;
	drive.mounts_here = job.force = true;
	fails(&job, ERR_MISMATCH, "1-1.2: a drive of 1024 MiB is there, which "
	    "is too large for a bootloader's");
	OK(drive.mounted == 0);
}

/* A part for each of these families, or one that names none. */
static struct flash_job
parts(uint8_t *file, const uint32_t *families, size_t n)
{
	struct flash_job job = begin();

	for (size_t i = 0; i < n; i++)
		make_uf2(file + i * MAKE_UF2_BLOCK, families[i], 0x10000000, 0,
		    1, "x", 1);
	job.data = file;
	job.size = n * MAKE_UF2_BLOCK;
	return job;
}

/* By what the Board-ID tells. */
static int
fit_check(const struct flash_job *job, const char *board_id, struct err *err)
{
	struct image_segments l = IMAGE_SEGMENTS_INIT;
	struct flash_target target = { .n_regions = 0 };
	struct result res = RESULT_INIT;
	int r;

	drive_target(board_id, &target);
	r = check_target(job, &target, &l, &res, err);
	image_segments_release(&l);
	return r;
}

static void
test_fit(void)
{
	static const uint32_t rp2040 = MAKE_RP2040, none = 0;
	static const uint32_t nobodys[] = { 0xe48bff57, 0xe48bff58,
		0x12345678 };
	static const uint32_t both[] = { MAKE_RP2040, 0xe48bff59 };
	uint8_t file[2 * MAKE_UF2_BLOCK];
	struct flash_job job = parts(file, &rp2040, 1);

	OK(fit_check(&job, "RPI-RP2", &e) == 0);
	OK(fit_check(&job, "RP2350", &e) == -1 && e.code == ERR_MISMATCH);
	OK(fit_check(&job, "nRF52840-xiao", &e) == -1);
	job = parts(file, both, 2);
	OK(fit_check(&job, "RPI-RP2", &e) == 0);
	OK(fit_check(&job, "RP2350", &e) == 0);
	OK(fit_check(&job, "SAMD21G18A-Trinket-v0", &e) == -1);
	job = parts(file, &none, 1);
	OK(fit_check(&job, "RPI-RP2", &e) == -1);
	make_uf2(file, 0, 0x4000, 0, 1, "x", 1);
	OK(fit_check(&job, "RPI-RP2", &e) == -1);
	IS_STR(e.msg, "x.uf2: names no family, and RPI-RP2 takes no such "
	    "blocks");
	job.facts.chip = "samd51";
	OK(fit_check(&job, "SAMD51P19A-WioTerm-v0", &e) == 0);
	OK(fit_check(&job, "SAMD21G18A-Trinket-v0", &e) == -1);
	job.facts.chip = NULL;
	OK(fit_check(&job, "SAMD21G18A-Trinket-v0", &e) == -1);
	IS_STR(e.msg, "x.uf2: names no chip, and the bootloader is "
	    "SAMD21G18A-Trinket-v0");
	for (size_t i = 0; i < 3; i++) {
		job = parts(file, &nobodys[i], 1);
		OK(fit_check(&job, "RPI-RP2", &e) == -1);
		OK(fit_check(&job, "RP2350", &e) == -1);
	}
	job.facts.chip = "samd21";
	/* Where the larger chip has its bootloader. */
	job = parts(file, &none, 1);
	job.facts.chip = "samd21";
	make_uf2(file, 0, 0x2000, 0, 1, "x", 1);
	OK(fit_check(&job, "SAMD21G18A-Trinket-v0", &e) == 0);
	job.facts.chip = "samd51";
	OK(fit_check(&job, "SAMD51P19A-WioTerm-v0", &e) == -1);
	IS_STR(e.msg, "x.uf2: for 0x2000 to 0x2100, but SAMD51P19A-WioTerm-v0 "
	    "takes 0x4000 to 0x100000");
	job.facts.chip = "samd21";
	make_uf2(file, 0, 0x3ff00, 0, 1, "x", 1);	/* up to the end */
	OK(fit_check(&job, "SAMD21G18A-Trinket-v0", &e) == 0);
	make_uf2(file, 0, 0x40000, 0, 1, "x", 1);
	OK(fit_check(&job, "SAMD21G18A-Trinket-v0", &e) == -1);
	make_uf2(file, 0, 0x3ff80, 0, 1, "x", 1);
	OK(fit_check(&job, "SAMD21G18A-Trinket-v0", &e) == -1);
}

/* Of a bootloader that nobody knows the board must have told the chip. */
static void
test_unknown(void)
{
	struct flash_job job = begin();
	struct result res;
	static const char info[] = "Model: X\r\nBoard-ID: Unheard-of-v1\r\n";

	write_info(info);
	fails(&job, ERR_MISMATCH, "x.uf2: for rp2040, and nothing tells "
	    "whether it fits the bootloader Unheard-of-v1");
	IS_STR(e.hint, "--force overrides this check");
	job.board.description = "X with RP2350";
	fails(&job, ERR_MISMATCH, "x.uf2: for rp2040, and nothing tells "
	    "whether it fits the bootloader Unheard-of-v1");
	job.board.description = "X with RP2040";
	works(&job);

	job = begin();
	write_info(info);
	job.board.mcu = "RP2040";
	works(&job);
	job = begin();
	write_info(info);
	job.board.mcu = "RP2040";
	job.facts.chip = NULL;
	fails(&job, ERR_MISMATCH, "x.uf2: for a chip that it does not name, "
	    "and nothing tells whether it fits the bootloader Unheard-of-v1");
	job.force = true;
	OK(run(&job, &res) == 0);
	IS_STR(res.forced[0], "bootloader");
	OK(arrived());
}

static const char *
why_not(const struct flash_job *job)
{
	static char why[FLASH_WHY];

	why[0] = '\0';
	OK(flash_uf2.fits(job, why) == (why[0] == '\0' ? 0 : -1));
	return why;
}

static void
test_refuse(void)
{
	uint8_t file[2 * MAKE_UF2_BLOCK];
	struct flash_job job = begin();

	IS_STR(why_not(&job), "");
	job.facts.format = "esp";
	IS_STR(why_not(&job), "the image is not UF2");
	job = begin();
	make_uf2(file, MAKE_RP2040, 0x10000000, 0, 1, "x", 1);
	make_uf2(file + MAKE_UF2_BLOCK, 0xd663823c, 0, 0, 1, "x", 1);
	job.data = file;
	job.size = MAKE_UF2_BLOCK;
	IS_STR(why_not(&job), "");
	job.size = sizeof(file);
	IS_STR(why_not(&job),
	    "the image holds a bootloader, not MicroPython alone");
	job.size = MAKE_UF2_BLOCK - 1;
	IS_STR(why_not(&job), "the image is damaged");
	job = begin();
	job.device.mode = "esp_rom";
	IS_STR(why_not(&job), "the board is in another bootloader");
	job.device.usb_path = NULL;
	IS_STR(why_not(&job), "the board is not on USB");
}

static void
put(const char *dir, const char *name, const char *text)
{
	char path[400];

	snprintf(path, sizeof(path), "%s/%s", dir, name);
	OK(file_mkdirs(dir, 0755, &e) == 0);
	OK(file_write(path, text, strlen(text), 0644, &e) == 0);
}

/* A drive that the user named is used at its board's own place alone. */
static void
test_named(void)
{
	static const char dev[] = "sys/bus/usb/devices/1-1.2";
	static const char itf[] = "sys/bus/usb/devices/1-1.2/1-1.2:1.0";
	static const char sda[] =
	    "sys/bus/usb/devices/1-1.2/1-1.2:1.0/host0/block/sda";
	struct flash_job job = begin();

	job.volume = "/drive/";
	drive.volume = "/elsewhere";
	fails(&job, ERR_NOT_FOUND, "/drive/: no drive is mounted there");
	put(dev, "idVendor", "2e8a\n");
	put(itf, "bInterfaceClass", "08\n");
	put(sda, "dev", "8:0\n");
	put("proc/self", "mountinfo", "1 2 8:0 / /drive rw - vfat sda rw\n");
	works(&job);
	unlink("drive/FIRMWARE.UF2");
	job.device.usb_path = "1-1.3";
	fails(&job, ERR_MISMATCH, "/drive/: is at 1-1.2, and the board at "
	    "1-1.3");
	job.force = true;
	fails(&job, ERR_MISMATCH, "/drive/: is at 1-1.2, and the board at "
	    "1-1.3");
}

/* What lies on a drive is opened without waiting, and must be a file. */
static void
test_kinds(void)
{
	struct flash_job job = begin();
	struct result res;

	OK(unlink("drive/INFO_UF2.TXT") == 0);
	OK(mkfifo("drive/INFO_UF2.TXT", 0666) == 0);
	OK(run(&job, &res) == -1 && e.code == ERR_INPUT);
	OK(strstr(e.msg, "INFO_UF2.TXT: a pipe, not a regular file") != NULL);
	OK(unlink("drive/INFO_UF2.TXT") == 0);
	for (int i = 0; i < 3; i++) {
		job = begin();
		OK((i == 0 ? mkfifo("drive/FIRMWARE.UF2", 0666) :
		    i == 1 ? mkdir("drive/FIRMWARE.UF2", 0777) :
		    symlink("/dev/null", "drive/FIRMWARE.UF2")) == 0);
		OK(run(&job, &res) == -1 && e.code != ERR_NONE);
		IS_STR(res.state, "bootloader");
		OK(unlink("drive/FIRMWARE.UF2") == 0 ||
		    rmdir("drive/FIRMWARE.UF2") == 0);
	}
}

/* The name may become another drive's, after it was looked at. */
static void
test_pinned(void)
{
	static const char sda[] =
	    "sys/bus/usb/devices/1-1.5/1-1.5:1.0/host0/block/sda";
	struct flash_job job = begin();
	struct flash_session *s = NULL;
	struct flash_volume d = { .dir = (char *)"drive" };
	struct stat st;
	char devno[32];

	OK(flash_uf2.open(&job, &s, &e) == 0);
	OK(rename("drive", "first") == 0 && mkdir("drive", 0755) == 0);
	OK(flash_uf2.write_file(s, 0, image, 512, &e) == 0);
	flash_uf2.close(s);
	OK(access("drive/FIRMWARE.UF2", F_OK) == -1);
	OK(access("first/FIRMWARE.UF2", F_OK) == 0);
	OK(unlink("first/FIRMWARE.UF2") == 0 && rmdir("drive") == 0);
	OK(rename("first", "drive") == 0);
	/* And is what was opened a disk of the board's? */
	d.fd = open("drive", O_RDONLY | O_DIRECTORY);
	OK(fstat(d.fd, &st) == 0);
	snprintf(devno, sizeof(devno), "%u:%u\n", major(st.st_dev),
	    minor(st.st_dev));
	put("sys/bus/usb/devices/1-1.5", "idVendor", "2e8a\n");
	put("sys/bus/usb/devices/1-1.5/1-1.5:1.0", "bInterfaceClass", "08\n");
	put(sda, "dev", devno);
	OK(volume_check(&d, world.bus, "1-1.5", &e) == 0);
	put(sda, "dev", "8:1\n");
	OK(volume_check(&d, world.bus, "1-1.5", &e) == -1);
	OK(e.code == ERR_MISMATCH);
	IS_STR(e.msg, "drive: another drive is mounted there now, and not that "
	    "of 1-1.5");
	OK(volume_check(&d, world.bus, "1-1.6", &e) == -1);
	close(d.fd);
}

int
main(void)
{
	uf2_bench_enter();
	test_mounts();
	test_info();
	test_stick();
	test_fit();
	test_unknown();
	test_refuse();
	test_named();
	test_kinds();
	test_pinned();
	uf2_bench_leave();
	return tap_done();
}
