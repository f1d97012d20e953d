/* SPDX-License-Identifier: MIT */
#include "front/flash.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "front/choose.h"

/* mpflash's words for what the tools call otherwise. */
static int
translate(struct flash_opts *o, struct err *e)
{
	if (o->flash_mode != NULL && strcmp(o->flash_mode, "keep") == 0)
		o->flash_mode = NULL;
	if (o->variant != NULL && strcmp(o->variant, "none") == 0)
		o->variant = "-";
	if (o->bootloader != NULL && strcmp(o->bootloader, "auto") == 0)
		o->bootloader = NULL;
	if (o->method != NULL && strcmp(o->method, "auto") == 0)
		o->method = NULL;
	if (o->method != NULL && strcmp(o->method, "esptool") == 0)
		o->method = "esp";
	if (o->method != NULL && strcmp(o->method, "pyocd") == 0) {
		err_set(e, ERR_USAGE, "--method pyocd: mpf drives no debug "
		    "probe");
		return err_hint(e, "mpf download; then pyocd flash FILE");
	}
	return 0;
}

static int
check_flash_options(const struct flash_opts *o, struct err *e)
{
	if (o->erase && o->format)
		return err_set(e, ERR_USAGE, "--erase, --format: not both");
	if (o->restore && o->backup == NULL)
		return err_set(e, ERR_USAGE, "--restore: needs --backup");
	if (o->devices.volume.n > 0 && o->board.n == 0)
		return err_set(e, ERR_USAGE, "--volume %s: needs --board",
		    o->devices.volume.v[0]);
	if (o->file != NULL && (o->custom || o->version != NULL)) {
		err_set(e, ERR_USAGE, "%s: --custom and --version choose "
		    "another file", o->file);
		return err_hint(e, "leave them out");
	}
	return 0;
}

static int
take_file_word(const char *arg, void *ctx, struct err *e)
{
	struct flash_opts *o = ctx;

	if (o->file != NULL)
		return err_set(e, ERR_USAGE, "%s: %s is the file already",
		    arg, o->file);
	o->file = arg;
	return 0;
}

/* A file is of a version already, and a drive has its place. */
static int
flash_chosen(struct front *f, struct flash_opts *o, struct err *e)
{
	const char *given[] = { o->version, NULL };
	struct opt_list version = { o->version != NULL ?
	    mem_copy(given, sizeof(given)) : NULL, o->version != NULL };
	struct choose c = { .command = "flash", .devices = &o->devices,
	    .mirror = &o->mirror, .offline = o->offline,
	    .serial = o->devices.volume.n > 0 ? NULL : &o->devices.serial,
	    .board = o->file != NULL && o->board.n == 0 ? NULL : &o->board,
	    .version = o->file != NULL ? NULL : &version };
	int r = choose_options(f, &c, e);

	if (version.n > 0)
		o->version = version.v[0];
	if (r == 0)
		r = flash_do(f, o, e);
	choose_release(&c);
	free(version.v);
	return r;
}

static int
flash_boards(struct front *f, struct flash_opts *o, struct err *e)
{
	if (translate(o, e) == -1 || check_flash_options(o, e) == -1)
		return -1;
	return flash_chosen(f, o, e);
}

static const struct moved moved[] = {
	{ "build", "make -C ports/rp2 BOARD=ID && mpf flash "
	    "ports/rp2/build-ID/firmware.uf2" },
	{ "clean", "make clean in the port's folder" },
	{ "cpu", "mpf-detect | jq -c 'select(.board.mcu == \"RP2040\")' | "
	    "mpf-resolve | mpf-fetch | mpf-flash | mpf-record" },
	{ "chip", "mpf-detect | jq -c 'select(.board.mcu == \"RP2040\")' | "
	    "mpf-resolve | mpf-fetch | mpf-flash | mpf-record" },
	{ "probe", "mpf download; pyocd flash --probe ID FILE" },
	{ "probe-id", "mpf download; pyocd flash --probe ID FILE" },
	{ "target", "mpf download; pyocd flash --target NAME FILE" },
	{ "auto-install-packs", "pyocd pack install NAME" },
	{ "no-auto-install-packs", "pyocd without pack install" },
	{ "no-retry", "mpf-flash --baud N --retry-baud N" },
	{ "retry-flash-mode", "mpf flash --flash-mode dio" },
	{ "rfm", "mpf flash --flash-mode dio" },
	{ "softdevice", "adafruit-nrfutil dfu serial" },
	{ "repair-softdevice", "adafruit-nrfutil dfu serial" },
	{ NULL, NULL }
};

static int
flash_command(struct front *f, struct flash_opts *o, const struct opt *opts,
    int argc, char *argv[], struct err *e)
{
	const struct tool t = { .name = "mpf flash",
		.synopsis = "[options] [FILE|URL]",
		.summary = "update boards, or flash a file onto the boards "
		    "that it fits",
		.examples = "  mpf flash\n"
		    "  mpf flash --serial ttyACM0 --version 1.24.1\n"
		    "  mpf flash build-RPI_PICO_W/firmware.uf2\n",
		.arg = take_file_word, .ctx = o, .opts = opts, .moved = moved };
	struct options *all;
	int r = command_options(&t, argc, argv, &o->help, &all, e);

	if (r == 0)
		r = flash_boards(f, o, e);
	options_free(all);
	return r < 0 ? -1 : 0;
}

/* What happens to the files on the board. */
#define FILES_OPTS(o) \
	OPT_FLAG(0, "erase", &(o)->erase, "erase all of the flash first"), \
	OPT_FLAG(0, "no-erase", &(o)->no_erase, \
	    "erase no more than is written, which is the default"), \
	OPT_FLAG(0, "format", &(o)->format, \
	    "make a new file system after flashing"), \
	OPT_FLAG(0, "no-format", &(o)->no_format, \
	    "make no new file system, which is the default"), \
	OPT_STR(0, "backup", "DIR", &(o)->backup, \
	    "save the files of each board into DIR first"), \
	OPT_FLAG(0, "restore", &(o)->restore, \
	    "bring the saved files back afterwards"), \
	OPT_FLAG(0, "lose-files", &(o)->lose_files, \
	    "flash even if the files on the board are lost")

/* For ESP chips alone. */
#define ESP_OPTS(o) \
	OPT_STR(0, "flash-mode", "MODE", &(o)->flash_mode, \
	    "set MODE in the image for an ESP chip"), \
	OPT_STR(0, "flash_mode", "MODE", &(o)->flash_mode, \
	    "do the same as --flash-mode"), \
	OPT_STR(0, "fm", "MODE", &(o)->flash_mode, \
	    "do the same as --flash-mode"), \
	OPT_FLAG(0, "retry", &(o)->retry, \
	    "try again after a failure, which is the default"), \
	OPT_NUM(0, "retry-baud", "N", &(o)->retry_baud, \
	    "write at N baud to an ESP chip after a failure")

int
front_flash(struct front *f, int argc, char *argv[], struct err *e)
{
	struct flash_opts o = { .jobs = -1, .retry_baud = -1 };
	const struct opt opts[] = {
		OPT_STR('v', "version", "WHICH", &o.version,
		    "choose stable, preview, latest, 1.24.1, 1.24 or "
		    "\">=1.22,<1.25\" (default stable)"),
		DEVICES_OPTS(&o.devices),
		OPT_LIST(0, "volume", "DIR", &o.devices.volume,
		    "flash the bootloader's drive that is mounted at DIR"),
		OPT_LIST('p', "port", "PORT", &o.port,
		    "skip boards of another MicroPython port than PORT"),
		OPT_LIST('b', "board", "ID", &o.board,
		    "choose firmware for the board ID; a pattern only "
		    "filters"),
		OPT_STR(0, "variant", "NAME", &o.variant,
		    "choose this variant of the board; - is the plain build"),
		OPT_STR(0, "var", "NAME", &o.variant,
		    "do the same as --variant"),
		OPT_STR(0, "bootloader", "NAME", &o.bootloader,
		    "enter the bootloader by auto, manual, mpy, touch1200 or "
		    "none"),
		OPT_STR(0, "bl", "NAME", &o.bootloader,
		    "do the same as --bootloader"),
		OPT_STR(0, "method", "NAME", &o.method,
		    "write by auto or by a method of mpf-flash "
		    "--list-methods"),
		OPT_STR(0, "flash-method", "NAME", &o.method,
		    "do the same as --method"),
		FILES_OPTS(&o),
		ESP_OPTS(&o),
		OPT_FLAG('c', "custom", &o.custom,
		    "choose custom firmware from the database"),
		OPT_FLAG('f', "force", &o.force,
		    "download again, and flash boards that are up to date"),
		OPT_LIST(0, "mirror", "URL", &o.mirror, "download from URL"),
		OPT_FLAG(0, "offline", &o.offline,
		    "use only the firmware folder, and no network"),
		OPT_FLAG('n', "dry-run", &o.dry_run,
		    "print the plan, and write nothing to a board"),
		OPT_NUM('j', "jobs", "N", &o.jobs,
		    "work on up to N boards at once"),
		OPT_FLAG('y', "yes", &f->yes, "flash without a question"),
		OPT_FLAG(0, "json", &f->json, "print records"),
		COMMAND_OPTS(f, &o.help)
	};

	return flash_command(f, &o, opts, argc, argv, e);
}
