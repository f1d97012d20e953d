/* SPDX-License-Identifier: MIT */
/* A signal while a board is on its way into its bootloader. */
#include <signal.h>

#include "base/clock.h"
#include "base/mem.h"
#include "base/stop.h"
#include "boot/boot.h"
#include "tap.h"

static int64_t left_at;			/* 0: it is still there */

/* The signal comes when it has left; 300 ms later it is there. */
static int
look(void *ctx, const char *usb_path, int interface, struct bus_place *out,
    struct err *e)
{
	const bool arrived = left_at > 0 && clock_ms() >= left_at + 300;

	(void)ctx, (void)interface, (void)e;
	memset(out, 0, sizeof(*out));
	if (left_at > 0 && !arrived) {
		if (!stop_requested())	/* the second one would end us */
			raise(SIGTERM);
		return 0;
	}
	out->present = true;
	out->mass_storage = arrived;
	out->usb.path = mem_str(usb_path);
	out->usb.vid = mem_str("2e8a");
	out->usb.pid = mem_str(arrived ? "0003" : "0005");
	out->tty = arrived ? NULL : mem_str("/dev/ttyACM0");
	return 0;
}

static int
open_port(void *ctx, const char *dev,
    const struct link_opts *opts, struct link **out, struct err *e)
{
	(void)ctx, (void)dev, (void)opts;
	left_at = clock_ms();
	return link_replay("!", out, e);
}

int
main(void)
{
	const struct boot_world world = { .look = look, .open = open_port };
	struct boot_job job = { .device = DEVICE_INIT, .board = BOARD_INIT,
		.mode = "uf2", .world = &world };
	struct boot_result got;
	struct err e = ERR_INIT;

	clock_fake(1000);
	stop_install();
	job.device.id = "bench/usb/1-1.2";
	job.device.usb_path = "1-1.2";
	job.device.vid = "2e8a";
	job.device.pid = "0005";
	job.device.mode = "repl";
	job.device.serial_port = "/dev/ttyACM0";
	job.board.port = "rp2";
	OK(boot_run(&job, "touch1200", &got, &e) == 0);
	IS_STR(e.msg, "");
	IS_STR(got.method, "touch1200");
	OK(stop_requested() && got.place.mass_storage);
	bus_place_release(&got.place);
	return tap_done();
}
