/* SPDX-License-Identifier: MIT */
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "../tests/unit/tap.h"
#include "../tests/unit/tmp.h"
#include "base/file.h"
#include "base/mem.h"
#include "flash/write.h"

/* The driver for debug probes, against a folder that plays the drive. */

extern const struct flash_driver flash_drive;

#define SIZE	150000u			/* three pieces */

static struct err e;
static uint8_t image[SIZE];

/* What the probe does when it has the file. */
static struct probe {
	const char	*fail;		/* FAIL.TXT; NULL: all went well */
	bool		 ignores;	/* it does nothing at all */
	bool		 never_back;
	bool		 same;		/* it shows no medium for a while */
	int		 away;		/* looks, from then on */
	bool		 took;
	size_t		 got;		/* bytes of the file, when it took it */
	char		 name[16];
	int		 mounted, unmounted;
	bool		 mounts;	/* nobody else does */
} probe;

/* Has the whole file come?  The probe takes it away with all else. */
static void
take_file(void)
{
	static const char *const names[] = { "FIRMWARE.HEX", "FIRMWARE.BIN" };
	struct buf got = BUF_INIT;
	struct err ignored;

	for (size_t i = 0; i < 2 && !probe.took && !probe.ignores; i++) {
		char path[64];

		snprintf(path, sizeof(path), "drive/%s", names[i]);
		buf_clear(&got);
		if (file_read(path, &got, &ignored) == -1 || got.len != SIZE ||
		    memcmp(got.data, image, SIZE) != 0)
			continue;
		probe.took = true;
		probe.got = got.len;
		snprintf(probe.name, sizeof(probe.name), "%s", names[i]);
		unlink(path);
		unlink("drive/FAIL.TXT");
		if (probe.fail != NULL)
			OK(file_write("drive/FAIL.TXT", probe.fail,
			    strlen(probe.fail), 0644, &ignored) == 0);
	}
	buf_release(&got);
}

static int
look(void *ctx, const char *usb_path, int interface, struct bus_place *out,
    struct err *err)
{
	bool away;

	(void)ctx, (void)interface, (void)err;
	take_file();
	memset(out, 0, sizeof(*out));
	away = probe.took && (probe.away-- > 0 || probe.never_back);
	if (away && !probe.same)
		return 0;
	out->present = out->mass_storage = true;
	out->usb.path = mem_str(usb_path);
	out->usb.connection = mem_str(probe.took && !probe.same ? "8.2" :
	    "7.1");
	out->disk = away ? NULL : mem_str("/dev/sda");
	out->volume = away || probe.mounts ? NULL : mem_str("/drive");
	return 0;
}

static int
do_mount(void *ctx, const char *disk, const char *via, char **dir,
    struct err *err)
{
	(void)ctx, (void)disk, (void)via, (void)err;
	probe.mounted++;
	*dir = mem_printf("%s/drive", tmp_path);
	return 0;
}

static void
undo_mount(char *dir)
{
	probe.unmounted++;
	free(dir);
}

static struct flash_world world = {
	.boot = { .look = look }, .mount = do_mount, .unmount = undo_mount,
};

static struct bus_place place;

static struct flash_job
begin(void)
{
	struct flash_job job = {
		.device = DEVICE_INIT, .board = BOARD_INIT,
		.firmware = FIRMWARE_INIT, .image = IMAGE_INIT,
		.world = &world, .data = image, .size = SIZE,
		.place = &place,
	};

	clock_fake(1000);
	probe = (struct probe){ .away = 3 };
	unlink("drive/FAIL.TXT");
	place.usb.connection = (char *)"7.1";
	job.device.id = "bench/usb/1-1";
	job.device.usb_path = "1-1";
	job.device.mode = "repl";
	job.device.probe = "DAPLink";
	job.image.path = "x.hex";
	job.facts.format = "hex";
	return job;
}

/* As flash does it, but for what it checks before. */
static int
flash_file(const struct flash_job *job)
{
	struct flash_target target = { .n_regions = 0 };
	struct flash_proof proof = { false, false };
	struct result res = RESULT_INIT;
	struct flash_write w = { .driver = &flash_drive, .job = job,
		.target = &target, .res = &res, .proof = &proof };
	int r;

	e = (struct err)ERR_INIT;
	r = flash_drive.open(job, &w.session, &e);
	if (r == 0)
		r = flash_drive.identify(w.session, &target, &e);
	if (r == 0)
		r = write_file(&w, &e);
	if (r == 0)
		r = flash_drive.start(w.session, &e);
	if (w.session != NULL)
		flash_drive.close(w.session);
	return r;
}

static void
fails(const struct flash_job *job, enum err_code code, const char *msg)
{
	OK(flash_file(job) == -1 && e.code == code);
	IS_STR(e.msg, msg);
}

static void
test_copies(void)
{
	struct flash_job job = begin();

	OK(flash_file(&job) == 0);
	IS_STR(e.msg, "");
	IS_STR(probe.name, "FIRMWARE.HEX");
	OK(probe.got == SIZE && probe.mounted == 0);
	job = begin();
	job.facts.format = "bin";
	OK(flash_file(&job) == 0);
	IS_STR(probe.name, "FIRMWARE.BIN");
	/* A drive that stays on the bus, and has no medium for a while. */
	job = begin();
	probe.same = true;
	OK(flash_file(&job) == 0);
	/* Nobody knows which connection it had. */
	job = begin();
	job.place = NULL;
	OK(flash_file(&job) == 0);
	/* Nobody mounts it: it is mounted twice, and not left so. */
	job = begin();
	probe.mounts = true;
	OK(flash_file(&job) == 0);
	OK(probe.mounted == 2 && probe.unmounted == 2);
}

static void
test_failures(void)
{
	struct flash_job job = begin();

	probe.fail = "error: The interface firmware FAILED to reset/halt the "
	    "target MCU\r\ntype: target\r\n";
	fails(&job, ERR_IO, "the DAPLink says: The interface firmware FAILED "
	    "to reset/halt the target MCU");
	OK(e.hint[0] != '\0');
	job = begin();
	job.device.probe = "ST-LINK/V2-1";
	probe.fail = "\n  Flash \x1b[2J\xff failed\n";
	OK(flash_file(&job) == -1);
	OK(strstr(e.msg, "ST-LINK/V2-1 says: Flash") != NULL);
	job = begin();
	probe.fail = "";
	fails(&job, ERR_IO, "the DAPLink says: FAIL.TXT");
	job = begin();
	probe.ignores = true;
	fails(&job, ERR_TIMEOUT, "the DAPLink has the file, and did nothing "
	    "with it");
	unlink("drive/FIRMWARE.HEX");
	job = begin();
	probe.never_back = true;
	fails(&job, ERR_TIMEOUT, "its drive did not come back");
	job = begin();
	OK(mkdir("drive/FIRMWARE.HEX", 0755) == 0);
	OK(flash_file(&job) == -1 && !probe.took);
	OK(rmdir("drive/FIRMWARE.HEX") == 0);
	/* What was refused before anything was written is not waited for. */
	job = begin();
	{
		struct flash_session *s;
		const int64_t now = clock_ms();

		OK(flash_drive.open(&job, &s, &e) == 0);
		OK(flash_drive.start(s, &e) == 0 && clock_ms() == now);
		flash_drive.close(s);
	}
}

static void
test_fits(void)
{
	struct flash_job job = begin();
	char why[FLASH_WHY];

	OK(flash_drive.fits(&job, why) == 0);
	job.facts.format = "uf2";
	OK(flash_drive.fits(&job, why) == -1);
	IS_STR(why, "the image is neither HEX nor BIN");
	job.device.usb_path = NULL;
	OK(flash_drive.fits(&job, why) == -1);
	IS_STR(why, "the board is not on USB");
	job.device.probe = NULL;
	OK(flash_drive.fits(&job, why) == -1);
	IS_STR(why, "the board is not behind a debug probe that shows a drive");
}

int
main(void)
{
	for (size_t i = 0; i < SIZE; i++)
		image[i] = (uint8_t)(i * 7 + i / 251);
	tmp_enter();
	OK(mkdir("drive", 0755) == 0);
	world.bus = bus_new(tmp_path);
	test_fits();
	test_copies();
	test_failures();
	bus_free(world.bus);
	tmp_leave();
	return tap_done();
}
