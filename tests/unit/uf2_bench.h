/* SPDX-License-Identifier: MIT */
#ifndef MPF_UF2_BENCH_H
#define MPF_UF2_BENCH_H

#include "../tests/unit/make_uf2.h"
#include "../tests/unit/tap.h"
#include "../tests/unit/tmp.h"
#include "base/file.h"
#include "base/mem.h"
#include "flash/write.h"

/* uf2_bench: a folder that plays the drive of an RP2040. */

#define BLOCKS		600u		/* more than two pieces, less than 3 */
#define SIZE		(BLOCKS * MAKE_UF2_BLOCK)

extern const struct flash_driver flash_uf2;

static struct err e;
static bool accepted;		/* as program said last */
static uint8_t image[SIZE];

static struct bench {
	const char	*volume;
	bool		 no_disk;
	bool		 unknown;	/* nobody can look at it */
	uint64_t	 bytes;		/* of the disk; 0: not known */
	int		 looks, stays;	/* gone after so many looks; 0: never */
	bool		 mounts_here;	/* mount gives us a folder */
	bool		 mounts_there;	/* mount makes the bus show one */
	int		 mounted, unmounted;
	int64_t		 done, total;
} drive;

static inline int
look(void *ctx, const char *usb_path, int interface, struct bus_place *out,
    struct err *err)
{
	struct bench *d = ctx;

	(void)interface;
	memset(out, 0, sizeof(*out));
	if (d->unknown)
		return err_set(err, ERR_IO, "%s: no answer", usb_path);
	if (d->stays > 0 && d->looks++ >= d->stays)
		return 0;
	out->present = out->mass_storage = true;
	out->usb.path = mem_str(usb_path);
	out->disk = d->no_disk ? NULL : mem_str("/dev/sda1");
	out->disk_bytes = d->bytes;
	out->volume = mem_str(d->volume);
	return 0;
}

static inline int
do_mount(void *ctx, const char *disk, const char *via, char **dir,
    struct err *err)
{
	struct bench *d = ctx;

	(void)via;
	OK(strcmp(disk, "/dev/sda1") == 0);
	d->mounted++;
	*dir = NULL;
	if (d->mounts_here)
		*dir = mem_printf("%s/drive", tmp_path);
	else if (d->mounts_there)
		d->volume = "/drive";
	else
		return err_set(err, ERR_PERMISSION, "/dev/sda1: you may not");
	return 0;
}

static inline void
undo_mount(char *dir)
{
	drive.unmounted++;
	free(dir);
}

static inline void
progress(void *ctx, const char *stage, int64_t done, int64_t total)
{
	struct bench *d = ctx;

	OK(strcmp(stage, "write") == 0 && done > d->done && done <= total);
	d->done = done;
	d->total = total;
}

static struct flash_world world = {
	.boot = { .look = look, .ctx = &drive },
	.mount = do_mount, .unmount = undo_mount, .ctx = &drive,
};

static inline void
write_info(const char *text)
{
	unlink("drive/info_uf2.txt");
	OK(file_write("drive/INFO_UF2.TXT", text, strlen(text), 0644, &e) == 0);
}

static inline struct flash_job
begin(void)
{
	struct flash_job job = {
		.device = DEVICE_INIT, .board = BOARD_INIT,
		.firmware = FIRMWARE_INIT, .image = IMAGE_INIT,
		.world = &world, .progress = progress,
		.progress_ctx = &drive, .data = image, .size = SIZE,
	};

	clock_fake(1000);
	drive = (struct bench){ .volume = "/drive" };
	unlink("drive/FIRMWARE.UF2");
	write_info("UF2 Bootloader v3.0\r\nModel: Raspberry Pi RP2\r\n"
	    "Board-ID: RPI-RP2\r\n");
	job.device.id = "bench/usb/1-1.2";
	job.device.usb_path = "1-1.2";
	job.device.mode = "uf2";
	job.board.port = "rp2";
	job.image.path = "x.uf2";
	job.facts.format = "uf2";
	job.facts.chip = "rp2040";
	return job;
}

/* As flash does it, between the reset and the answer. */
static inline int
run(const struct flash_job *job, struct result *res)
{
	struct image_segments l = IMAGE_SEGMENTS_INIT;
	struct flash_target target = { .n_regions = 0 };
	struct flash_proof proof = { false, false };
	struct flash_write w = { .driver = &flash_uf2, .job = job,
		.target = &target, .res = res, .proof = &proof };
	int r;

	*res = (struct result)RESULT_INIT;
	res->state = "bootloader";
	e = (struct err)ERR_INIT;
	r = flash_uf2.open(job, &w.session, &e);
	if (r == 0)
		r = flash_uf2.identify(w.session, &target, &e);
	if (r == 0)
		r = check_target(job, &target, &l, res, &e);
	if (r == 0)
		r = write_file(&w, &e);
	accepted = proof.accepted;
	if (w.session != NULL)
		flash_uf2.close(w.session);
	image_segments_release(&l);
	return r;
}

static inline bool
arrived(void)
{
	struct buf got = BUF_INIT;
	bool same;

	same = file_read("drive/FIRMWARE.UF2", &got, &e) == 0 &&
	    got.len == SIZE && memcmp(got.data, image, SIZE) == 0;
	buf_release(&got);
	return same;
}

static inline void
works(const struct flash_job *job)
{
	struct result res;

	OK(run(job, &res) == 0);
	IS_STR(e.msg, "");
	OK(arrived() && accepted);
	OK(res.written_bytes == BLOCKS * 256);
	OK(drive.done == SIZE && drive.total == SIZE);
}

static inline void
fails(const struct flash_job *job, enum err_code code, const char *msg)
{
	struct result res;

	OK(run(job, &res) == -1 && e.code == code);
	IS_STR(e.msg, msg);
	IS_STR(res.state, "bootloader");
	OK(access("drive/FIRMWARE.UF2", F_OK) == -1);
}

static inline void
uf2_bench_enter(void)
{
	for (uint32_t i = 0; i < BLOCKS; i++)
		make_uf2(image + i * MAKE_UF2_BLOCK, MAKE_RP2040,
		    0x10000000 + i * 256, i, BLOCKS, &i, sizeof(i));
	tmp_enter();
	OK(mkdir("drive", 0755) == 0);
	world.bus = bus_new(tmp_path);
}

static inline void
uf2_bench_leave(void)
{
	bus_free(world.bus);
	tmp_leave();
}

#endif
