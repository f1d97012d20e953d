/* SPDX-License-Identifier: MIT */
#include "flashing.h"

#include <string.h>

#include "base/clock.h"
#include "base/file.h"
#include "calls.h"
#include "model/pending.h"

#define IMAGE		"image.uf2"

static const struct sim_console_opts quiet = { .busy = false };

/* Somebody pulls the board out and plugs something else in. */
static void
swap_board(struct flashing *f)
{
	const bool twin = f->swap == SWAP_TWIN || f->swap == SWAP_TWIN_DRIVE;

	fake_unplug(&f->first);
	if (f->swap == SWAP_EMPTY)
		return;
	fake_plug(&f->second, twin ? "rp2" : "samd", twin ? "RPI_PICO_W" :
	    "SEEED_WIO_TERMINAL", "1.22.2", &quiet);
	sim_identity_uid("another", f->second.kind->uid_bytes,
	    &f->second.id);
	if (f->swap == SWAP_TWIN_DRIVE || f->swap == SWAP_CHIP_DRIVE)
		fake_press(&f->second);
	f->wire->board = &f->second;
}

static int
look(void *ctx, const char *usb_path, int interface, struct bus_place *out,
    struct err *e)
{
	struct flashing *f = ctx;

	(void)usb_path, (void)interface, (void)e;
	calls_arm(false);
	f->looks++;
	if (f->swap != SWAP_NONE && f->wire->board == &f->first &&
	    (f->looks == f->at_look || (f->at_open > 0 &&
	    f->wire->opens >= f->at_open)))
		swap_board(f);
	fake_turn(f->wire->board);
	fake_place(f->wire->board, out);
	calls_arm(true);
	return 0;
}

static int
open_port(void *ctx, const char *dev, const struct link_opts *opts,
    struct link **out, struct err *e)
{
	(void)ctx;
	return link_open(dev, opts, out, e);
}

void
flashing_image(struct flash_test *t)
{
	struct err e;
	char text[256];
	int n = t->image_version == NULL ? snprintf(text, sizeof(text),
	    "no strings at all") : snprintf(text, sizeof(text),
	    "%cMicroPython %s on 2024-11-29; %s%c%s%c", 0, t->image_version,
	    t->machine, 0, t->machine, 0);

	for (uint32_t i = 0; i < FLASHING_BLOCKS; i++) {
		make_uf2(t->bytes + i * MAKE_UF2_BLOCK, MAKE_RP2040,
		    0x10000000 + i * 256, i, FLASHING_BLOCKS, i == 4 ? text :
		    (const char *)&i, i == 4 ? (size_t)n : sizeof(i));
	}
	digest_bytes(t->bytes, sizeof(t->bytes), t->sum);
	file_write(IMAGE, t->bytes, sizeof(t->bytes), 0644, &e);
}

int
flashing_run(const struct flash_test *t, struct flashing *f,
    struct flash_outcome *out, struct err *e)
{
	char uid[2 * SIM_UID_MAX + 1];
	struct flash_world world;
	struct record *rec = record_new();
	struct flash_job job = {
		.device = DEVICE_INIT, .board = BOARD_INIT,
		.firmware = FIRMWARE_INIT, .image = IMAGE_INIT,
		.record = rec, .world = &world,
	};
	int r;

	fake_uid(&f->first, uid);
	flash_world_init(&world, f->bus, NULL);
	world.boot = (struct boot_world){ .look = look, .open = open_port,
		.ctx = f };
	job.device.id = FLASHING_ID;
	job.device.named = true;
	job.device.usb_path = BOARD_PLACE;
	job.device.mode = "repl";
	job.device.serial_port = BOARD_TTY;
	job.device.vid = f->first.kind->vid;
	job.device.pid = f->first.kind->pid;
	job.device.usb_serial = uid;
	job.board.family = "micropython";
	job.board.port = "rp2";
	job.board.version = f->first.id.tag;
	job.board.uid = uid;
	job.board.description = t->machine;
	job.firmware.action = "flash";
	job.firmware.by = "board";
	job.firmware.board_id = "RPI_PICO_W";
	job.firmware.port = "rp2";
	job.firmware.version = t->image_version;
	job.image.path = IMAGE;
	job.image.sha256 = t->sum;
	job.image.format = "uf2";
	job.image.version = t->image_version;
	record_put_str(rec, "device.id", FLASHING_ID);
	wire_now = f->wire;
	calls_arm(true);
	r = flash_run(&job, flash_drivers, out, e);
	calls_arm(false);
	record_free(rec);
	return r;
}

void
flashing_begin(const struct flash_test *t, struct flashing *f, struct wire *w)
{
	calls_reset();
	fake_plug(&f->first, "rp2", "RPI_PICO_W", t->version, &t->opts);
	f->first.stays = t->stays;
	f->second = (struct fake){ .phase = FAKE_GONE, .drive =
	    SIM_DRIVE_INIT, .flashed = BUF_INIT };
	f->wire = w;
	f->bus = bus_new(".");
	w->board = &f->first;
}

void
flashing_end(struct flashing *f)
{
	calls_arm(false);
	fake_unplug(&f->first);
	fake_unplug(&f->second);
	bus_free(f->bus);
	pending_drop(FLASHING_ID);
}
