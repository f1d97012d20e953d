/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "front/choose.h"
#include "tool/table.h"

/*
 * The keys of "mpflash list --json" and their types, which programs read:
 * facts of mpflash 1.28, from its documents and its output.
 */

struct list_opts {
	struct devices	 devices;
	bool		 progress, no_progress, no_reset, help;
};

/* "v1.23.0-preview" is "1.23.0-preview" there. */
static const char *
without_v(const char *version)
{
	return version != NULL && version[0] == 'v' ? version + 1 : version;
}

/*
 * sys.platform, which MicroPython fixes per port; of nrf it is the family of
 * the chip: ports/PORT/mpconfigport.h, MICROPY_PY_SYS_PLATFORM.
 */
static void
put_platform(struct record *out, const struct record *rec)
{
	const char *port = record_str(rec, "board.port");
	const char *mcu = record_str(rec, "board.mcu");
	char nrf[8];

	if (port != NULL && strcmp(port, "stm32") == 0)
		port = "pyboard";
	if (port != NULL && strcmp(port, "nrf") == 0 && mcu != NULL) {
		snprintf(nrf, sizeof(nrf), "nrf%.2s", strlen(mcu) > 5 ?
		    mcu + 3 : "52");
		port = nrf;
	}
	record_put_str(out, "sys_platform", port != NULL ? port : "");
}

static void
copy_key(struct record *out, const char *key, const struct record *rec,
    const char *path)
{
	const char *s = record_str(rec, path);

	record_put_str(out, key, s != NULL ? s : "");
}

static void
put_hex(struct record *out, const char *key, const struct record *rec,
    const char *path)
{
	const char *s = record_str(rec, path);

	record_put_int(out, key, s == NULL ? 0 : strtol(s, NULL, 16));
}

static void
put_listed_board(struct record *out, const struct record *rec)
{
	const char *board = record_str(rec, "board.board_id");
	const char *variant = record_str(rec, "board.variant");
	struct buf id = BUF_INIT;

	buf_adds(&id, board != NULL ? board : "UNKNOWN_BOARD");
	record_put_str(out, "board", id.data);
	if (variant != NULL)
		buf_addf(&id, "-%s", variant);
	record_put_str(out, "board_id", id.data);
	record_put_str(out, "variant", variant != NULL ? variant : "");
	buf_release(&id);
}

/* As mpflash would write it; in its order of keys. */
static struct record *
mpflash_object(const struct record *rec)
{
	const char *version = without_v(record_str(rec, "board.version"));
	const char *family = record_str(rec, "board.family");
	struct buf text = BUF_INIT;
	struct record *out;
	struct err ignored;

	if (record_parse("{}", 2, &out, &ignored) == -1)
		return NULL;
	copy_key(out, "serialport", rec, "device.serial_port");
	record_put_str(out, "family", family != NULL ? family : "unknown");
	copy_key(out, "description", rec, "board.description");
	record_put_str(out, "version", version != NULL ? version : "");
	copy_key(out, "port", rec, "board.port");
	put_platform(out, rec);
	copy_key(out, "cpu", rec, "board.mcu");
	copy_key(out, "arch", rec, "board.arch");
	copy_key(out, "mpy", rec, "board.mpy");
	record_text(rec, "board.build", &text);
	record_put_str(out, "build", text.data);
	copy_key(out, "location", rec, "device.usb_path");
	buf_clear(&text);
	record_text(rec, "board.info", &text);
	record_put_json(out, "toml", text.len > 0 ? text.data : "{}",
	    &ignored);
	put_hex(out, "vid", rec, "device.vid");
	put_hex(out, "pid", rec, "device.pid");
	put_listed_board(out, rec);
	buf_release(&text);
	return out;
}

static bool
is_listed_device(const struct record *rec)
{
	const char *mode = record_str(rec, "device.mode");

	return record_has(rec, "device.serial_port") &&
	    (mode == NULL || strcmp(mode, "ignored") != 0);
}

static int
print_json_list(struct front *f, const struct front_records *r, struct err *e)
{
	struct buf text = BUF_INIT;
	struct record *out;
	const char *gap = "\n    ";
	int printed;

	buf_adds(&text, "[");
	for (size_t i = 0; i < r->n; i++) {
		out = is_listed_device(r->v[i]) ? mpflash_object(r->v[i]) :
		    NULL;
		if (out == NULL)
			continue;
		buf_adds(&text, gap);
		record_dump(out, &text);
		gap = ",\n    ";
		record_free(out);
	}
	buf_adds(&text, text.len > 1 ? "\n]\n" : "]\n");
	printed = front_print(f, &text, e);
	buf_release(&text);
	return printed;
}

static void
show_usb(const struct record *rec, struct buf *out)
{
	if (!record_has(rec, "device.vid"))
		return;
	record_text(rec, "device.vid", out);
	buf_addc(out, ':');
	record_text(rec, "device.pid", out);
}

static const struct column columns[] = {
	{ "DEVICE", NULL, COLUMN_NAME, NULL },
	{ "MODE", "device.mode", COLUMN_STATE, NULL },
	{ "PORT", "board.port", COLUMN_MORE, NULL },
	{ "BOARD", "board.board_id", COLUMN_NAME, NULL },
	{ "VARIANT", "board.variant", COLUMN_NAME, NULL },
	{ "VERSION", NULL, COLUMN_NAME, column_versions },
	{ "CPU", "board.mcu", COLUMN_MORE, NULL },
	{ "DESCRIPTION", NULL, COLUMN_TEXT, column_description },
	{ "NAME", "board.info.description", COLUMN_TEXT, NULL },
	COLUMN_END
};

static const struct column usb_columns[] = {
	{ "DEVICE", NULL, COLUMN_NAME, NULL },
	{ "USB", NULL, COLUMN_NAME, show_usb },
	{ "LOCATION", "device.usb_path", COLUMN_NAME, NULL },
	{ "MODE", "device.mode", COLUMN_STATE, NULL },
	{ "PORT", "board.port", COLUMN_MORE, NULL },
	{ "BOARD", "board.board_id", COLUMN_NAME, NULL },
	{ "VARIANT", "board.variant", COLUMN_NAME, NULL },
	{ "VERSION", NULL, COLUMN_NAME, column_versions },
	{ "CPU", "board.mcu", COLUMN_MORE, NULL },
	{ "DESCRIPTION", NULL, COLUMN_TEXT, column_description },
	{ "NAME", "board.info.description", COLUMN_TEXT, NULL },
	COLUMN_END
};

static int
print_list(struct front *f, const struct front_records *r, struct err *e)
{
	return front_show(f, f->usb ? usb_columns : columns, r, false, e);
}

static int
list_devices(struct front *f, const struct list_opts *o, struct err *e)
{
	struct front_pipe p = FRONT_PIPE_INIT;
	struct front_pipe *const pipes[] = { &p };
	struct front_records r = { NULL, 0 };
	int res;

	if (o->no_progress)
		f->progress = "none";
	devices_stage(f, &p, &o->devices);
	front_arg(&p, "--keep-order");
	command_tell(f, &p);
	res = front_run(f, pipes, 1, NULL, &r, e);
	for (size_t i = 0; i < r.n; i++)
		if (f->status == 0 && record_failed(r.v[i]))
			f->status = 1;
	if (res == 0)
		res = f->json ? print_json_list(f, &r, e) :
		    print_list(f, &r, e);
	front_records_release(&r);
	front_pipe_release(&p);
	return res;
}

int
front_list(struct front *f, int argc, char *argv[], struct err *e)
{
	struct list_opts o = { .help = false };
	const struct opt opts[] = {
		DEVICES_OPTS(&o.devices),
		OPT_FLAG('j', "json", &f->json,
		    "print JSON, with the keys of mpflash list --json"),
		OPT_FLAG('u', "usb", &f->usb, "also show USB ids and places"),
		OPT_FLAG(0, "progress", &o.progress,
		    "show progress, which is the default"),
		OPT_FLAG(0, "no-progress", &o.no_progress,
		    "show no progress"),
		OPT_FLAG(0, "no-reset", &o.no_reset,
		    "reset no board, which is the default"),
		COMMAND_OPTS(f, &o.help)
	};
	static const struct moved moved[] = {
		{ "reset", "mpf-detect | jq -r .device.serial_port | "
		    "xargs -I{} mpremote connect {} reset" },
		{ NULL, NULL }
	};
	const struct tool t = { .name = "mpf list",
		.synopsis = "[options]",
		.summary = "list the boards that are plugged in",
		.examples = "  mpf list\n  mpf list --json | jq '.[].board'\n",
		.arg_option = "serial", .opts = opts, .moved = moved };
	struct choose c = { .command = "list", .devices = &o.devices };
	struct options *all;
	int r = command_options(&t, argc, argv, &o.help, &all, e);

	if (o.devices.serial.n > 0)
		c.serial = &o.devices.serial;	/* -i alone asks nothing */
	if (r == 0)
		r = choose_options(f, &c, e);
	if (r == 0)
		r = list_devices(f, &o, e);
	options_free(all);
	choose_release(&c);
	return r < 0 ? -1 : 0;
}
