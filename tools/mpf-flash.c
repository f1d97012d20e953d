/* SPDX-License-Identifier: MIT */

/* mpf-flash: write the image that each record names to its board. */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/log.h"
#include "flash/driver.h"
#include "flash/find.h"
#include "model/codec.h"
#include "tool/tool.h"

#define OPTIONS_MAX	32

struct opts {
	const char	*method, *bootloader, *volume, *via, *stub, *serial;
	struct flash_said said;
	int64_t		 timeout_ms, deadline_ms;
	struct flash_words words;
	bool		 no_stub, no_skip, lose_files;
	bool		 dry_run, force, no_interactive, list, stub_info;
	struct flash_images *images;
};

/* The record that is worked on, for progress and prompts. */
struct work {
	const struct record *rec;
};

static bool
wants(const struct record *rec, void *ctx)
{
	(void)ctx;
	return !firmware_skipped(rec);
}

static void
ask_person(void *ctx, const char *msg)
{
	const struct work *w = ctx;

	tool_ask(w->rec, msg);
}

static void
progress(void *ctx, const char *step, int64_t done, int64_t total)
{
	const struct work *w = ctx;

	tool_progress(w->rec, step, done, total, "bytes");
}

static void
note(void *ctx, const char *msg)
{
	(void)ctx;
	log_verbose("%s", msg);
}

/* What was fetched by hand is for no board in particular. */
static int
no_device(const struct record *rec, struct err *e)
{
	const char *id;

	if (record_opt_str(rec, "firmware.board_id", &id, e) == -1)
		return -1;
	err_set(e, ERR_INPUT, "%s: the record names no device", id != NULL ?
	    id : "firmware");
	return err_hint(e, "mpf-detect finds the boards, and mpf-resolve "
	    "chooses for them");
}

static int
job_get(const struct record *rec, struct flash_job *job, struct err *e)
{
	if (!record_has(rec, "device"))
		return no_device(rec, e);
	if (device_get(rec, &job->device, e) == -1 ||
	    chip_get(rec, &job->chip, e) == -1 ||
	    board_get(rec, &job->board, e) == -1 ||
	    firmware_get(rec, &job->firmware, e) == -1)
		return -1;
	if (!record_has(rec, "image")) {
		err_set(e, ERR_INPUT, "%s: the record names no image",
		    job->device.id);
		return err_hint(e, "put mpf-fetch before mpf-flash");
	}
	return image_get(rec, &job->image, e);
}

/* What was done, on failure too, if the board was touched. */
static void
put_outcome(struct record *rec, const struct flash_outcome *out)
{
	if (out->answered) {
		record_clear(rec, "device");
		device_put(rec, &out->device);
		record_clear(rec, "board");
		board_put(rec, &out->board);
	}
	if (out->result.written_bytes > 0 && record_has(rec, "chip.blank"))
		record_put_bool(rec, "chip.blank", false);
	result_put(rec, &out->result);
}

static unsigned
rate_of(int64_t said)
{
	return said == -1 ? 0 : (unsigned)said;
}

static struct flash_job
job_of(const struct opts *o)
{
	return (struct flash_job){
		.device = DEVICE_INIT, .board = BOARD_INIT,
		.chip = CHIP_INIT, .firmware = FIRMWARE_INIT,
		.image = IMAGE_INIT,
		.method = o->method, .bootloader = o->bootloader,
		.volume = o->volume, .via = o->via,
		.baud = rate_of(o->said.baud),
		.stub_dir = o->stub, .no_stub = o->no_stub,
		.no_skip = o->no_skip,
		.lose_files = o->lose_files, .force = o->force,
		.retry_baud = rate_of(o->said.retry_baud),
		.flash_mode = o->said.mode, .flash_size = o->said.size,
		.flash_freq = o->said.freq, .words = o->words,
		.dry_run = o->dry_run, .wait_ms = o->timeout_ms,
		.work_ms = o->deadline_ms,
		.images = o->images,
	};
}

/* Once for all boards that get this image; what fails is said of each. */
static int
prepare_image(struct record *rec, void *ctx, struct err *e)
{
	const struct opts *o = ctx;
	struct flash_job job = job_of(o);
	struct err later = ERR_INIT;

	if (flash_find(rec, o->serial, e) == -1)
		return -1;
	if (job_get(rec, &job, &later) == 0)
		flash_prepare(&job, flash_drivers, &later);
	return 0;
}

static int
flash_record(struct record *rec, void *ctx, struct err *e)
{
	const struct opts *o = ctx;
	/* What the job and its outcome borrow from; rec is written to. */
	struct record *was = record_copy(rec);
	struct bus *bus = bus_new(tool_sysroot());
	struct flash_world world;
	struct work work = { rec };
	struct flash_job job = job_of(o);
	struct flash_outcome out;
	int r = -1;

	job.record = was;
	job.world = &world;
	job.progress = progress;
	job.note = note;
	job.progress_ctx = &work;
	/* What an earlier run said, as a dry one, is not of this one. */
	record_clear(rec, "flash");
	flash_world_init(&world, bus, !o->no_interactive &&
	    tool_person(rec) ? ask_person : NULL);
	world.boot.say_ctx = &work;
	if (job_get(was, &job, e) == -1)
		goto out;
	r = flash_run(&job, flash_drivers, &out, e);
	if (r == 0 || out.result.state != NULL ||
	    (o->dry_run && out.result.files != NULL))
		put_outcome(rec, &out);
	flash_release(&out);
out:
	if (o->dry_run)
		record_put_bool(rec, "flash.dry_run", true);
	bus_free(bus);
	record_free(was);
	return r;
}

static int
check_via(const char *via, struct err *e)
{
	static const char *const ways[] = { "mount", "scsi", "udisks" };

	for (size_t i = 0; i < sizeof(ways) / sizeof(ways[0]); i++)
		if (via == NULL || strcmp(via, ways[i]) == 0)
			return 0;
	err_set(e, ERR_USAGE, "--via %.40s: no such way", via);
	return err_hint(e, "use mount, scsi or udisks");
}

static int
begin(void *ctx, struct err *e)
{
	struct buf text = BUF_INIT;
	struct opts *o = ctx;

	if (check_via(o->via, e) == -1 ||
	    flash_check_names(o->method, o->bootloader, flash_drivers,
	    e) == -1 ||
	    flash_words_read(&o->said, &o->words, e) == -1)
		return -1;
	if (o->stub_info) {
		flash_stub_info(o->stub, &text);
	} else if (!o->list) {
		o->images = flash_images_new();
		return 0;
	} else if (flash_list(&text, e) == -1) {
		return -1;
	}
	fputs(text.data, stdout);
	buf_release(&text);
	if (fflush(stdout) == 0 && ferror(stdout) == 0)
		exit(0);
	return err_sys(e, "standard output");
}

/* "RPI_PICO-v1.22.2.uf2 (1.0 MB) by uf2"; or why nothing would be written. */
static void
show_plan(const struct record *rec, struct buf *out)
{
	struct buf path = BUF_INIT;
	struct err ignored;
	const char *slash;
	int64_t size;

	if (!record_has(rec, "flash.dry_run")) {
		column_skipped(rec, out);
		return;
	}
	record_text(rec, "image.path", &path);
	slash = strrchr(path.data, '/');
	buf_adds(out, slash != NULL ? slash + 1 : path.data);
	if (record_get_int(rec, "image.size_bytes", &size, &ignored) == 0)
		buf_addf(out, " (%.1f MB)", (double)size / 1e6);
	if (record_has(rec, "flash.method"))
		buf_adds(out, " by ");
	record_text(rec, "flash.method", out);
	if (record_has(rec, "flash.files"))
		buf_adds(out, ", files ");
	record_text(rec, "flash.files", out);
	buf_release(&path);
}

static const struct column columns[] = {
	{ "DEVICE", NULL, COLUMN_NAME, NULL },
	{ "BOARD", NULL, COLUMN_NAME, column_board },
	{ "VERSION", NULL, COLUMN_NAME, column_versions },
	{ "ACTION", NULL, COLUMN_STATE, column_action },
	{ "STATE", "flash.state", COLUMN_STATE, NULL },
	{ "METHOD", "flash.method", COLUMN_MORE, NULL },
	{ "REASON", "firmware.reason", COLUMN_REASON, NULL },
	COLUMN_END
};
static const struct column dry_columns[] = {
	{ "DEVICE", NULL, COLUMN_NAME, NULL },
	{ "BOARD", NULL, COLUMN_NAME, column_board },
	{ "VERSION", NULL, COLUMN_NAME, column_versions },
	{ "ACTION", NULL, COLUMN_STATE, column_action },
	{ "WHAT", NULL, COLUMN_REASON, show_plan },
	COLUMN_END
};

static const struct column *
other_columns(void *ctx)
{
	const struct opts *o = ctx;

	return o->dry_run ? dry_columns : NULL;
}

static void
end(void *ctx)
{
	struct opts *o = ctx;

	flash_images_free(o->images);
}

/* For boot loaders over a serial port; returns how many options that is. */
static size_t
describe_serial(struct opts *o, struct opt *out)
{
	const struct opt table[] = {
		OPT_NUM(0, "baud", "N", &o->said.baud,
		    "write at N baud to a serial boot loader (default by "
		    "its bridge)"),
		OPT_NUM(0, "retry-baud", "N", &o->said.retry_baud,
		    "write at N baud after a failure (default 115200)"),
		OPT_STR(0, "flash-mode", "MODE", &o->said.mode,
		    "set MODE in the header of the image (default keep)"),
		OPT_STR(0, "flash-size", "SIZE", &o->said.size,
		    "set SIZE in the header of the image (default keep)"),
		OPT_STR(0, "flash-freq", "FREQ", &o->said.freq,
		    "set FREQ in the header of the image (default keep)"),
		OPT_STR(0, "offset", "ADDR", &o->said.offset,
		    "write the image to ADDR, if the chip starts there"),
		OPT_STR(0, "erase", "WHAT", &o->said.erase,
		    "erase WHAT beside the image: fs, all (default nothing)"),
		OPT_STR(0, "before", "HOW", &o->said.before,
		    "enter the boot loader by HOW: reset, no-reset (default "
		    "reset)"),
		OPT_STR(0, "after", "HOW", &o->said.after,
		    "leave the boot loader by HOW: reset, stay (default "
		    "reset)"),
		OPT_STR(0, "stub", "DIR", &o->stub,
		    "use the stubs for ESP chips in the folder DIR"),
		OPT_FLAG(0, "stub-info", &o->stub_info,
		    "print which stub each ESP chip would get, and exit"),
		OPT_FLAG(0, "no-stub", &o->no_stub,
		    "use the loader in the ROM of an ESP chip, and no stub"),
	};

	memcpy(out, table, sizeof(table));
	return sizeof(table) / sizeof(table[0]);
}

static void
fill_flash_options(struct opts *o, struct opt out[OPTIONS_MAX])
{
	const struct opt table[] = {
		OPT_STR('m', "method", "NAME", &o->method,
		    "use only the method NAME"),
		OPT_STR(0, "bootloader", "NAME", &o->bootloader,
		    "enter the bootloader only by NAME"),
		OPT_FLAG('l', "list-methods", &o->list,
		    "print all methods, ways into a bootloader and boards, and "
		    "exit"),
		OPT_STR(0, "serial", "NAME", &o->serial,
		    "of mpf-add's records: flash the board at this port, USB "
		    "path or drive"),
		OPT_STR(0, "via", "WAY", &o->via,
		    "write to a UF2 drive only by WAY: mount, scsi or udisks"),
		OPT_STR(0, "volume", "DIR", &o->volume,
		    "use the bootloader's drive that is mounted at DIR"),
		OPT_FLAG(0, "no-skip", &o->no_skip,
		    "write also what is on the board already"),
		OPT_FLAG(0, "lose-files", &o->lose_files,
		    "flash even if the files on the board are lost"),
		OPT_FLAG('n', "dry-run", &o->dry_run,
		    "check all that can be checked, and write nothing"),
		OPT_FLAG('f', "force", &o->force,
		    "flash an image that fails a check"),
		OPT_MS('t', "timeout", "TIME", &o->timeout_ms,
		    "wait at most TIME for each step (default 10s to 30s)"),
		OPT_MS(0, "deadline", "TIME", &o->deadline_ms,
		    "give up a board after TIME (default 15m)"),
		OPT_FLAG(0, "no-interactive", &o->no_interactive,
		    "never ask a person to press a button"),
		OPT_END
	};
	memcpy(out + describe_serial(o, out), table, sizeof(table));
}

int
main(int argc, char *argv[])
{
	struct opts o = { .said = { .baud = -1, .retry_baud = -1 } };
	struct opt opts[OPTIONS_MAX];
	const struct tool t = {
		.name = "mpf-flash",
		.summary = "write firmware to boards",
		.synopsis = "[options] <records",
		.examples = "  mpf-flash --dry-run <plan   what it would do\n"
		    "  mpf-flash <plan | mpf-record\n",
		.feeder = "mpf-detect | mpf-resolve | mpf-fetch | mpf-flash, "
		    "or mpf-flash <plan",
		.opts = opts,
		.columns = columns,
		.other_columns = other_columns,
		.ctx = &o,
		.begin = begin,
		.wants = wants,
		.prepare = prepare_image,
		.filter = flash_record,
		.end = end,
		.workers = true,
	};

	fill_flash_options(&o, opts);
	return tool_main(&t, argc, argv);
}
