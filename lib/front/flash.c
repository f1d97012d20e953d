/* SPDX-License-Identifier: MIT */
#include "front/flash.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/log.h"
#include "base/mem.h"
#include "base/stop.h"
#include "tool/table.h"

static void
show_file(const struct record *rec, struct buf *out)
{
	record_text(rec, record_has(rec, "image.path") ? "image.path" :
	    "firmware.file_name", out);
}

const struct column flash_plan_columns[] = {
	{ "DEVICE", NULL, COLUMN_NAME, NULL },
	{ "BOARD", NULL, COLUMN_NAME, column_board },
	{ "VARIANT", NULL, COLUMN_NAME, column_variant },
	{ "VERSION", NULL, COLUMN_NAME, column_versions },
	{ "ACTION", NULL, COLUMN_STATE, column_action },
	{ "FILE", NULL, COLUMN_MORE, show_file },
	{ "REASON", "firmware.reason", COLUMN_REASON, NULL },
	COLUMN_END
};

const struct column flash_done_columns[] = {
	{ "DEVICE", NULL, COLUMN_NAME, NULL },
	{ "BOARD", NULL, COLUMN_NAME, column_board },
	{ "VARIANT", NULL, COLUMN_NAME, column_variant },
	{ "VERSION", NULL, COLUMN_NAME, column_versions },
	{ "ACTION", NULL, COLUMN_STATE, column_action },
	{ "STATE", "flash.state", COLUMN_STATE, NULL },
	{ "RECORD", "record.database", COLUMN_STATE, NULL },
	{ "REASON", NULL, COLUMN_REASON, column_skipped },
	COLUMN_END
};

/* What finds the boards, and chooses for them. */
static void
head(const struct front *f, struct front_pipe *p, const struct flash_opts *o)
{
	devices_stage(f, p, &o->devices);
	front_stage(p, "mpf-resolve");
	front_value(p, "--version", o->version);
	front_values(p, "--board", &o->board);
	front_value(p, "--variant", o->variant);
	front_values(p, "--port", &o->port);
	front_flag(p, "--custom", o->custom);
	front_flag(p, "--force", o->force);
	front_common(f, p);
}

void
flash_tail(const struct front *f, struct front_pipe *p,
    const struct flash_opts *o, bool fetch)
{
	char jobs[24];

	if (fetch) {
		front_stage(p, "mpf-fetch");
		front_values(p, "--mirror", &o->mirror);
		front_flag(p, "--force", o->force);
		front_flag(p, "--offline", o->offline);
		front_common(f, p);
	}
	snprintf(jobs, sizeof(jobs), "%" PRId64, o->jobs);
	front_stage(p, "mpf-flash");
	front_value(p, "--method", o->method);
	front_value(p, "--bootloader", o->bootloader);
	front_value(p, "--jobs", o->jobs > 0 ? jobs : NULL);
	front_flag(p, "--no-interactive", !f->interactive);
	front_common(f, p);
	front_stage(p, "mpf-record");
	front_value(p, "--jobs", o->jobs > 0 ? jobs : NULL);
	front_common(f, p);
	p->v[p->n - 1].keeps = true;	/* what was flashed is written down */
}

static size_t
count_action(const struct front_records *r, const char *action)
{
	const char *s;
	size_t n = 0;

	for (size_t i = 0; i < r->n; i++) {
		s = run_text(r->v[i], "firmware.action");
		n += s != NULL && strcmp(s, action) == 0 &&
		    !record_failed(r->v[i]);
	}
	return n;
}

/* Is there a person at the terminal, who was not asked yet? */
static bool
must_ask(const struct front *f)
{
	return f->interactive && !f->yes && !f->json && !f->quiet &&
	    isatty(STDIN_FILENO) && isatty(STDOUT_FILENO) &&
	    isatty(STDERR_FILENO);
}

/* The plan, and the person's word on it.  1: go on; 0: all is said. */
static int
agree(struct front *f, const struct front_records *plan, struct err *e)
{
	const size_t n = count_action(plan, "flash");
	char question[64];

	if (n == 0 || stop_requested())
		return front_show(f, flash_plan_columns, plan, true, e);
	if (front_table(f, flash_plan_columns, plan, false, e) == -1)
		return -1;
	snprintf(question, sizeof(question), "\nFlash %zu board%s?", n,
	    n == 1 ? "" : "s");
	if (front_ask(question))
		return 1;
	log_msg("nothing was flashed");
	f->status = 2;
	return 0;
}

/*
 * Of a plan for a file, what is not for it: those records are done, and no
 * tool may take them for boards that run that file.
 */
static void
set_aside(struct front_records *plan, struct front_records *aside)
{
	struct front_records go = { NULL, 0 };
	const char *action;

	for (size_t i = 0; i < plan->n; i++) {
		action = run_text(plan->v[i], "firmware.action");
		front_keep(record_failed(plan->v[i]) || action == NULL ||
		    strcmp(action, "flash") != 0 ? aside : &go, plan->v[i]);
	}
	free(plan->v);
	*plan = go;
}

/* The plan carried out. */
static int
carry_out(struct front *f, const struct flash_opts *o,
    struct front_records *plan, struct err *e)
{
	struct front_pipe p = FRONT_PIPE_INIT;
	struct front_pipe *const pipes[] = { &p };
	struct front_records done = { NULL, 0 };
	const size_t n = plan->n;
	char **keys = mem_alloc((n + 1) * sizeof(*keys));
	int r = 0;

	for (size_t i = 0; i < n; i++)
		keys[i] = mem_str(front_key(plan->v[i]) != NULL ?
		    front_key(plan->v[i]) : "");
	if (o->file != NULL)
		set_aside(plan, &done);
	flash_tail(f, &p, o, o->file == NULL);
	command_tell(f, &p);
	if (plan->n > 0)
		r = front_run(f, pipes, 1, plan, &done, e);
	front_sort(&done, 0, (const char *const *)keys, n);
	if (r == 0)
		r = front_show(f, flash_done_columns, &done, true, e);
	for (size_t i = 0; i < n; i++)
		free(keys[i]);
	free(keys);
	front_records_release(&done);
	front_pipe_release(&p);
	return r;
}

static int
make_plan(struct front *f, const struct flash_opts *o,
    struct front_records *plan, struct err *e)
{
	struct front_pipe p = FRONT_PIPE_INIT;
	struct front_pipe *const pipes[] = { &p };
	int r;

	if (o->file != NULL)
		return flash_plan_file(f, o, plan, e);
	head(f, &p, o);
	command_tell(f, &p);
	r = front_run(f, pipes, 1, NULL, plan, e);
	front_pipe_release(&p);
	return r;
}

static int
flash_by_plan(struct front *f, const struct flash_opts *o, struct err *e)
{
	struct front_records plan = { NULL, 0 };
	int r = make_plan(f, o, &plan, e);

	if (r == 0 && o->dry_run)
		r = front_show(f, flash_plan_columns, &plan, true, e);
	else if (r == 0 && (!must_ask(f) || (r = agree(f, &plan, e)) == 1))
		r = carry_out(f, o, &plan, e);
	front_records_release(&plan);
	return r;
}

/* All stages at once: a board is flashed while another one is asked. */
static int
flash_at_once(struct front *f, const struct flash_opts *o, struct err *e)
{
	struct front_pipe first = FRONT_PIPE_INIT, second = FRONT_PIPE_INIT;
	struct front_pipe *const pipes[] = { &first, &second };
	struct front_records done = { NULL, 0 };
	int r;

	head(f, &first, o);
	flash_tail(f, &second, o, true);
	command_tell(f, &first);
	command_tell(f, &second);
	r = front_run(f, pipes, 2, NULL, &done, e);
	if (r == 0)
		r = front_show(f, flash_done_columns, &done, true, e);
	front_records_release(&done);
	front_pipe_release(&first);
	front_pipe_release(&second);
	return r;
}

/* mpflash's words for what the tools call otherwise. */
static int
translate(struct flash_opts *o, struct err *e)
{
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
check_options(const struct flash_opts *o, struct err *e)
{
	const char *said = o->version != NULL ? o->version : "";

	if (command_no_question("serial", &o->devices.serial,
	    "mpf list shows the ports", e) == -1 ||
	    command_no_question("board", &o->board, "mpf boards lists them",
	    e) == -1)
		return -1;
	if (strcmp(said, "?") == 0) {
		err_set(e, ERR_USAGE, "--version ?: mpf has no list to choose "
		    "from");
		return err_hint(e, "mpf boards BOARD lists the versions");
	}
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
take_file(const char *arg, void *ctx, struct err *e)
{
	struct flash_opts *o = ctx;

	if (o->file != NULL)
		return err_set(e, ERR_USAGE, "%s: %s is the file already",
		    arg, o->file);
	o->file = arg;
	return 0;
}

static int
flash_boards(struct front *f, struct flash_opts *o, struct err *e)
{
	if (translate(o, e) == -1 || check_options(o, e) == -1)
		return -1;
	f->at_once = f->json && !o->dry_run && o->file == NULL;
	if (o->file == NULL && !o->dry_run && !must_ask(f))
		return flash_at_once(f, o, e);
	return flash_by_plan(f, o, e);
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
		.arg = take_file, .ctx = o, .opts = opts, .moved = moved };
	struct options *all;
	int r = command_options(&t, argc, argv, &o->help, &all, e);

	if (r == 0)
		r = flash_boards(f, o, e);
	options_free(all);
	return r < 0 ? -1 : 0;
}

int
front_flash(struct front *f, int argc, char *argv[], struct err *e)
{
	struct flash_opts o = { .jobs = 0 };
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
		OPT_FLAG(0, "no-erase", &o.no_erase,
		    "erase no more than is written, which is the default"),
		OPT_FLAG(0, "no-format", &o.no_format,
		    "make no new file system, which is the default"),
		OPT_FLAG('c', "custom", &o.custom,
		    "choose custom firmware from the database"),
		OPT_FLAG('f', "force", &o.force,
		    "download again, and flash boards that are up to date"),
		OPT_LIST(0, "mirror", "URL", &o.mirror, "download from URL"),
		OPT_FLAG(0, "offline", &o.offline,
		    "use only the firmware folder, and no network"),
		OPT_FLAG('n', "dry-run", &o.dry_run,
		    "print the plan, and write nothing"),
		OPT_NUM('j', "jobs", "N", &o.jobs,
		    "work on up to N boards at once"),
		OPT_FLAG('y', "yes", &f->yes, "flash without a question"),
		OPT_FLAG(0, "json", &f->json, "print records"),
		COMMAND_OPTS(f, &o.help)
	};

	return flash_command(f, &o, opts, argc, argv, e);
}
