/* SPDX-License-Identifier: MIT */
#ifndef MPF_DFU_WORLD_H
#define MPF_DFU_WORLD_H

#include <stdlib.h>
#include <string.h>

#include "../tests/unit/dfu_bench.h"
#include "base/digest.h"
#include "base/file.h"
#include "flash/flash.h"

/*
 * dfu_world: a board in DFU mode on a bus, which comes back when its firmware
 * is started; in time that stands still but for sleeps.
 */

#define ID		"bench/usb/1-1.2"
#define SAYS		"MicroPython v1.24.1 on 2024-11-29\0; "
#define PYBOARD		"PYBv1.1 with STM32F405RG"

static struct dfu_bench usb;
/* What hangs there, and what it says when it runs. */
static struct {
	const char	*machine;
	const char	*volume;	/* it runs, and shows a drive */
	int64_t		 back_at;
} board;

/* --- the world --- */

static inline int
look(void *ctx, const char *usb_path, int interface, struct bus_place *out,
    struct err *err)
{
	uint32_t addr;
	const bool runs = sim_dfu_started(usb.sim, &addr) ||
	    board.volume != NULL;
	uint8_t device[18];

	(void)ctx, (void)interface, (void)err;
	memset(out, 0, sizeof(*out));
	if (sim_dfu_is_gone(usb.sim) && board.back_at == 0)
		board.back_at = clock_ms() + 500;
	if (sim_dfu_is_gone(usb.sim) && (!runs || clock_ms() < board.back_at))
		return 0;
	sim_dfu_device(usb.sim, device);
	out->present = true;
	out->usb.path = mem_str(usb_path);
	out->usb.vid = runs ? mem_str("f055") : mem_printf("%02x%02x",
	    device[9], device[8]);
	out->usb.pid = runs ? mem_str("9800") : mem_printf("%02x%02x",
	    device[11], device[10]);
	out->usb.serial = mem_str("357236543131");
	out->usb.connection = mem_str(runs ? "7.1" : "6.1");
	out->usb.product = mem_str(runs ? "Pyboard" : "STM32  BOOTLOADER");
	if (runs) {
		out->tty = mem_str("/dev/ttyACM7");
		out->mass_storage = board.volume != NULL;
		out->volume = mem_str(board.volume);
		out->disk = mem_str(board.volume != NULL ? "/dev/sdx1" : NULL);
		return 0;
	}
	out->interfaces = mem_grow(NULL, 1, sizeof(*out->interfaces));
	out->interfaces[0] = (struct bus_interface){ 0, 0xfe, 1, 2, NULL,
	    NULL };
	out->n_interfaces = 1;
	return 0;
}

static inline int
open_port(void *ctx, const char *dev, const struct link_opts *opts,
    struct link **out, struct err *err)
{
	(void)ctx, (void)opts, (void)out;
	return err_set(err, ERR_NOT_FOUND, "%s", dev);
}

static inline int
ask(void *ctx, const char *tty, int64_t deadline, struct board *out,
    void **own, struct err *err)
{
	(void)ctx, (void)tty, (void)deadline, (void)err;
	out->port = "stm32";
	out->version = "v1.24.1";
	out->description = board.machine;
	*own = mem_str("the strings");
	return 0;
}

static inline int
usb_open(const char *path, int64_t deadline, struct usb **out,
    struct err *err)
{
	(void)path, (void)deadline;
	if (sim_dfu_is_gone(usb.sim))
		return err_set(err, ERR_NOT_FOUND, "1-1.2: no such device");
	usb_info_release(&usb.usb.info);
	bench_info(&usb);
	usb.usb.gone = false;
	*out = &usb.usb;
	return 0;
}

static const struct flash_world world = {
	.boot = { .look = look, .open = open_port },
	.ask = ask, .forget = free, .usb_open = usb_open,
};

/* --- jobs --- */

static char sum[DIGEST_HEX];

static inline void
plug(const struct sim_dfu_opts *opts)
{
	struct sim_dfu_opts o = *opts;

	if (usb.sim != NULL)
		bench_end(&usb);
	o.erase_ms = o.erase_ms != 0 ? o.erase_ms : 100;
	o.write_ms = o.write_ms != 0 ? o.write_ms : 1;
	bench_open(&usb, &o);
	board.machine = PYBOARD;
	board.back_at = 0;
	board.volume = NULL;
}

static inline void
keep_image(const struct buf *b)
{
	struct err err = ERR_INIT;

	if (file_write("image", b->data, b->len, 0644, &err) == -1)
		abort();
	digest_bytes(b->data, b->len, sum);
}

/* A device in DFU mode, and a user who says which board it is. */
static inline struct flash_job
job_for(const char *port, const char *board_id, const char *format)
{
	return (struct flash_job){
		.device = { .id = ID, .usb_path = "1-1.2", .vid = "0483",
		    .pid = "df11", .usb_serial = "357236543131",
		    .mode = "dfu", .held_by_pid = -1 },
		.board = BOARD_INIT,
		.firmware = { .board_id = board_id, .port = port,
		    .version = "v1.24.1", .build = -1, .custom = -1,
		    .flash_offset = -1, .action = "flash", .by = "manual",
		    .git_commits_since_tag = -1, .git_dirty = -1 },
		.image = { .path = "image", .size_bytes = -1, .build = -1,
		    .format = format, .sha256 = sum,
		    .checks = { "sha256", "board" } },
		.world = &world,
	};
}

#endif
