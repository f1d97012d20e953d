/* SPDX-License-Identifier: MIT */
#include "esp_world.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/mem.h"
#include "flash/driver.h"
#include "model/pending.h"

#define TTY		"/dev/ttyUSB7"
#define ID		"bench/tty/ttyUSB7"
#define USB_TTY		"/dev/ttyACM7"
#define USB_ID		"bench/usb/1-1"
#define STUBS		"stubs"
#define FIRST		3		/* the end of a MAC */

struct esp_wire esp_cable;
struct esp_kind esp_kinds[ESP_WORLDS] = {
	{ .chip = "esp32" }, { .chip = "esp32", .stub = true },
	{ .chip = "esp32c3" }, { .chip = "esp32c3", .stub = true },
	{ .chip = "esp8266" },
};
static struct esp_kind *kind_now;
static unsigned opened;			/* times, since it was plugged in */

static uint8_t *
flash_at_boot(void)
{
	size_t n;

	return sim_esp_flash(esp_cable.chip, &n) +
	    sim_esp_boot_offset(esp_cable.chip);
}

bool
esp_world_holds_new(void)
{
	return memcmp(flash_at_boot(), kind_now->now.bytes,
	    kind_now->now.n) == 0;
}

/*
 * Its first bytes, which are all that a start needs here; their mode may be
 * another.
 */
static bool
starts(const struct esp_image *image)
{
	const uint8_t *flash = flash_at_boot();

	return memcmp(flash, image->bytes, 2) == 0 && memcmp(flash + 3,
	    image->bytes + 3, ESP_IMAGE_TEXT - 3) == 0;
}

bool
esp_world_starts_new(void)
{
	return starts(&kind_now->now);
}

bool
esp_world_runs(void)
{
	return sim_esp_mode(esp_cable.chip) == SIM_ESP_RUNNING &&
	    (starts(&kind_now->now) || starts(&kind_now->old));
}

/* As machine.unique_id() says it. */
static const char *
uid_of(bool old, bool first)
{
	return old ? (first ? "03020100" : "04020100") :
	    first ? "18fe34010203" : "18fe34010204";
}

static int
ask(void *ctx, const char *tty, int64_t deadline, struct board *out,
    void **own, struct err *e)
{
	const bool old = strcmp(kind_now->chip, "esp8266") == 0;

	(void)ctx, (void)deadline;
	if (!esp_wire_there(&esp_cable))
		return err_set(e, ERR_NOT_FOUND, "%s: not there", tty);
	sim_esp_turn(esp_cable.chip, clock_ms() * 1000);
	clock_sleep_ms(200);
	if (!esp_world_runs())
		return err_set(e, ERR_TIMEOUT, "%s: no answer", tty);
	*out = (struct board)BOARD_INIT;
	out->port = old ? "esp8266" : "esp32";
	out->version = starts(&kind_now->now) ? "v1.25.0" : "v1.24.1";
	out->description = kind_now->now.machine;
	out->uid = uid_of(old, !esp_cable.swapped);
	*own = mem_str("the strings");
	return 0;
}

/* The product id of what is looked for on the bus; NULL: a bridge is not. */
static const char *
bus_pid(void)
{
	return kind_now->strange ? "0001" : sim_esp_pid(esp_cable.chip);
}

static int
look(void *ctx, const char *usb_path, int interface, struct bus_place *out,
    struct err *e)
{
	const char *pid = bus_pid();

	(void)ctx, (void)interface, (void)e;
	memset(out, 0, sizeof(*out));
	sim_esp_turn(esp_cable.chip, clock_ms() * 1000);
	if (pid == NULL || !esp_wire_there(&esp_cable))
		return 0;
	out->present = true;
	out->usb.path = mem_str(usb_path);
	out->usb.vid = mem_str(kind_now->strange ? "1209" : "303a");
	out->usb.pid = mem_str(pid);
	out->tty = mem_str(USB_TTY);
	return 0;
}

/*
 * A firmware that hears no lines is asked over its REPL, when it is opened for
 * the second time.
 */
static int
open_port(void *ctx, const char *dev, const struct link_opts *opts,
    struct link **out, struct err *e)
{
	static const char repl[] = "> \\x02\n< \\r\\n>>> \n> \\x01\n"
	    "< raw REPL; CTRL-B to exit\\r\\n>\n*\n< R\\x01\\x80\\x00\\x01\n"
	    "< \\x04\n!\n";

	(void)ctx, (void)opts;
	opened++;
	if (!kind_now->deaf || opened != 2 || !esp_world_runs())
		return esp_wire_open(&esp_cable, dev, out, e);
	sim_esp_call_loader(esp_cable.chip, clock_ms() * 1000);
	return link_replay(repl, out, e);
}

static struct flash_world world = {
	.boot = { .look = look, .open = open_port },
	.ask = ask, .forget = free,
};

static void
fill_flash(enum content c)
{
	const struct esp_image *now = &kind_now->now, *old = &kind_now->old;
	uint8_t *flash = flash_at_boot();

	if (c == OTHER)
		memcpy(flash, old->bytes, old->n);
	if (c == HALF)
		memcpy(flash, now->bytes, now->n / 2);
	if (c == NEARLY || c == SAME)
		memcpy(flash, now->bytes, now->n);
	if (c == NEARLY)
		flash[now->n - 100] ^= 0x10;
}

/* number: the last byte of its MAC. */
static struct sim_esp *
new_chip(const struct esp_kind *k, uint8_t number, enum sim_esp_fault fault,
    unsigned long at)
{
	const struct sim_esp_opts opts = { .chip = k->chip, .usb = k->usb,
		.deaf = k->deaf, .io0_low = k->io0_low, .no_quad = k->no_quad,
		.flash_bytes = ESP_IMAGE_FLASH, .mac = { 0x18, 0xfe, 0x34, 1,
		2, number }, .revision = k->revision != 0 ? k->revision : 100,
		.erase_sector_us = 45000,
		.erase_block_us = 150000, .program_page_us = 600,
		.md5_us_per_kb = 1000, .fault = fault, .fault_at = at };

	return sim_esp_new(&opts);
}

void
esp_world_plug(struct esp_kind *k, enum content c, enum sim_esp_fault fault,
    unsigned long at)
{
	sim_esp_free(esp_cable.chip);
	sim_esp_free(esp_cable.other);
	esp_cable = (struct esp_wire){ .chip = new_chip(k, FIRST, fault, at),
		.baud = 115200, .back_ms = -1 };
	kind_now = k;
	opened = 0;
	fill_flash(c);
	sim_esp_reset(esp_cable.chip, false, clock_ms() * 1000);
	sim_esp_count(esp_cable.chip);
}

void
esp_world_twin(void)
{
	uint8_t *flash;
	size_t n;

	esp_cable.other = new_chip(kind_now, FIRST + 1, SIM_ESP_NO_FAULT, 0);
	flash = sim_esp_flash(esp_cable.other, &n);
	memcpy(flash + sim_esp_boot_offset(esp_cable.other),
	    kind_now->old.bytes, kind_now->old.n);
}

bool
esp_world_twin_is_whole(void)
{
	size_t n;

	return memcmp(sim_esp_flash(esp_cable.chip, &n) +
	    sim_esp_boot_offset(esp_cable.chip), kind_now->old.bytes,
	    kind_now->old.n) == 0;
}

struct flash_job
esp_world_job(void)
{
	const struct esp_kind *k = kind_now;
	const bool old = strcmp(k->chip, "esp8266") == 0, up = esp_world_runs();
	struct flash_job job = {
		.device = DEVICE_INIT, .board = BOARD_INIT, .chip = CHIP_INIT,
		.firmware = FIRMWARE_INIT, .image = IMAGE_INIT,
		.world = &world, .images = k->images,
		.work_ms = ESP_WORLD_WORK_MS, .wait_ms = ESP_WORLD_WAIT_MS,
		.no_stub = !k->stub,
		.stub_dir = k->stub ? STUBS : NULL,
	};
	const char *pid = bus_pid();

	job.device.id = pid != NULL ? USB_ID : ID;
	job.device.usb_path = pid != NULL ? "1-1" : NULL;
	job.device.named = true;
	job.device.serial_port = pid != NULL ? USB_TTY : TTY;
	job.device.vid = kind_now->strange ? "1209" : pid != NULL ? "303a" :
	    "10c4";
	job.device.pid = pid != NULL ? pid : "ea60";
	job.device.mode = up ? "repl" : "silent";
	job.board.port = old ? "esp8266" : "esp32";
	job.board.description = up ? k->now.machine : NULL;
	job.board.uid = up ? uid_of(old, !esp_cable.swapped) : NULL;
	job.board.version = !up ? NULL : starts(&k->now) ? "v1.25.0" :
	    "v1.24.1";
	job.firmware.action = "flash";
	job.firmware.by = "manual";
	job.firmware.board_id = k->now.board_id;
	job.firmware.port = job.board.port;
	job.firmware.version = "v1.25.0";
	job.image.path = k->now.path;
	job.image.sha256 = k->now.sum;
	job.image.format = "esp";
	return job;
}

int
esp_world_run(const struct flash_job *job, struct flash_outcome *out,
    struct err *e)
{
	int r;

	*e = (struct err)ERR_INIT;
	r = flash_run(job, flash_drivers, out, e);
	pending_drop(job->device.id);
	return r;
}

int
esp_world_flash(struct flash_outcome *out, struct err *e)
{
	const struct flash_job job = esp_world_job();

	return esp_world_run(&job, out, e);
}

void
esp_world_plug_again(void)
{
	uint8_t *flash = mem_alloc(ESP_IMAGE_FLASH);
	const bool swapped = esp_cable.swapped;
	size_t n;

	memcpy(flash, sim_esp_flash(esp_cable.chip, &n), ESP_IMAGE_FLASH);
	esp_world_plug(kind_now, BLANK, SIM_ESP_NO_FAULT, 0);
	if (swapped) {
		sim_esp_free(esp_cable.chip);
		esp_cable.chip = new_chip(kind_now, FIRST + 1,
		    SIM_ESP_NO_FAULT, 0);
		esp_cable.swapped = true;
	}
	memcpy(sim_esp_flash(esp_cable.chip, &n), flash, ESP_IMAGE_FLASH);
	sim_esp_reset(esp_cable.chip, false, clock_ms() * 1000);
	free(flash);
}

/* Any bytes are one for the simulated chip. */
static void
write_stub(const char *chip)
{
	struct buf json = BUF_INIT;
	char path[64];
	struct err e;

	snprintf(path, sizeof(path), STUBS "/%s.json", chip);
	buf_adds(&json, "{\"entry\": 1074521560, \"text_start\": 1074520064, "
	    "\"text\": \"");
	for (int i = 0; i < 2000; i++)
		buf_adds(&json, "YWJj");
	buf_adds(&json, "\"}");
	file_write(path, json.data, json.len, 0644, &e);
	buf_release(&json);
}

void
esp_kind_make(struct esp_kind *k, size_t number)
{
	esp_image_make(k->chip, "v1.24.1", number, &k->old);
	esp_image_make(k->chip, "v1.25.0", number, &k->now);
	k->images = flash_images_new();
	write_stub(k->chip);
}

void
esp_kind_release(struct esp_kind *k)
{
	esp_image_release(&k->old);
	esp_image_release(&k->now);
	flash_images_free(k->images);
}

void
esp_world_person(void (*say)(void *ctx, const char *msg))
{
	world.boot.say = say;
}

void
esp_world_open(void)
{
	struct err e;

	file_mkdirs(STUBS, 0700, &e);
	world.bus = bus_new("nothing");
	for (size_t i = 0; i < ESP_WORLDS; i++)
		esp_kind_make(&esp_kinds[i], i);
}

void
esp_world_close(void)
{
	for (size_t i = 0; i < ESP_WORLDS; i++)
		esp_kind_release(&esp_kinds[i]);
	sim_esp_free(esp_cable.chip);
	sim_esp_free(esp_cable.other);
	esp_cable.chip = esp_cable.other = NULL;
	bus_free(world.bus);
}
