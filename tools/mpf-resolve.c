/* SPDX-License-Identifier: MIT */

/* mpf-resolve: which firmware each board gets, and whether it needs it. */

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/log.h"
#include "choose/choose.h"
#include "model/codec.h"
#include "store/store.h"
#include "tool/tool.h"

#define DAY_MS		86400000
#define SITE		"https://micropython.org/"

struct opts {
	const char	*dir;
	const char	*version, *variant;
	struct opt_list	 board, serial, ignore, port;
	int64_t		 max_age_ms;
	bool		 force, custom, other_tools;

	struct store	*store;
	struct choose	*choose;
	bool		 told;		/* of the index of a mirror */
};

/* Without a database the facts in share/ will do, and no folder is made. */
static int
open_facts_store(struct opts *o, struct err *e)
{
	int r = store_open_folder(o->dir, STORE_READ, &o->store, e);

	if (r == -1 && e->code == ERR_NOT_FOUND)
		r = store_memory(&o->store, e);
	return r == -1 ? -1 : store_below(o->store, e);
}

/* Who names devices, and has nothing to pipe in, may expect us to look. */
static int
check_input(const struct opts *o, struct err *e)
{
	if (o->serial.n == 0 || !isatty(STDIN_FILENO))
		return 0;
	err_set(e, ERR_USAGE, "--serial %s: chooses among the records on "
	    "standard input, which is a terminal", o->serial.v[0]);
	return err_hint(e, "mpf-detect --serial %s | mpf-resolve%s%s",
	    o->serial.v[0], o->board.n > 0 ? " --board " : "",
	    o->board.n > 0 ? o->board.v[0] : "");
}

static int
begin(void *ctx, struct err *e)
{
	struct opts *o = ctx;
	const struct choose_opts c = { .wanted = o->version,
	    .board = o->board.v, .variant = o->variant,
	    .serial = o->serial.v, .ignore = o->ignore.v, .port = o->port.v,
	    .max_age_s = o->max_age_ms / 1000, .force = o->force,
	    .custom = o->custom, .other_tools = o->other_tools };

	if (check_input(o, e) == -1 || open_facts_store(o, e) == -1)
		return -1;
	return choose_open(&c, o->store, &o->choose, e);
}

/* What was named and never came is not passed over in silence. */
static int
last(struct tool_run *run, void *ctx, struct err *e)
{
	const struct opts *o = ctx;

	(void)run;
	return choose_all_seen(o->choose, e);
}

static void
end(void *ctx)
{
	struct opts *o = ctx;

	choose_close(o->choose);
	store_close(o->store);
}

/* What the board's own files say; what is of another type says nothing. */
static void
read_said(const struct record *rec, struct choose_said *out)
{
	static const struct {
		const char	*path;
		size_t		 at;
	} texts[] = {
		{ "board.info.mpflash.board_id",
		    offsetof(struct choose_said, notes.info_id) },
		{ "board.record.firmware.board_id",
		    offsetof(struct choose_said, notes.record_id) },
		{ "board.record.firmware.version",
		    offsetof(struct choose_said,
		    notes.record_version) },
		{ "board.record.source.hash",
		    offsetof(struct choose_said, record_hash) },
	};
	struct err ignored = ERR_INIT;
	const char **text;

	*out = (struct choose_said){ .info_ignore = -1, .chip = CHIP_INIT };
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		text = (const char **)((char *)out + texts[i].at);
		if (record_opt_str(rec, texts[i].path, text, &ignored) == -1 ||
		    (*text != NULL && **text == '\0'))
			*text = NULL;
	}
	if (record_opt_bool(rec, "board.info.mpflash.ignore",
	    &out->info_ignore, &ignored) == -1)
		out->info_ignore = -1;
}

/* The board as we know it now: what resolve alone may change of it. */
static void
put_board(struct record *rec, const struct board_name *runs)
{
	if (runs->board_id == NULL || !record_has(rec, "board"))
		return;
	record_put_str(rec, "board.board_id", runs->board_id);
	if (runs->variant != NULL)
		record_put_str(rec, "board.variant", runs->variant);
	else
		record_drop(rec, "board.variant");
}

static void
put_runner_up(struct record *rec, const struct picked *p)
{
	char version[VERSION_TEXT];

	version_text(&p->version, version);
	record_put_str(rec, "firmware.runner_up.version", version);
	if (p->version.build != -1)
		record_put_int(rec, "firmware.runner_up.build",
		    p->version.build);
	if (p->link.url != NULL && p->link.url[0] != '\0')
		record_put_str(rec, "firmware.runner_up.source", p->link.url);
	if (p->file.name != NULL)
		record_put_str(rec, "firmware.runner_up.file_name",
		    choose_file_name(p->file.name));
}

/* Firmware that was fetched by hand has none. */
static int
read_device(const struct record *rec, struct device *d, struct err *e)
{
	int r = -1;

	if (record_has(rec, "device"))
		r = device_get(rec, d, e);
	else
		err_set(e, ERR_INPUT, "the record names no device");
	return r == 0 ? 0 : err_hint(e, "mpf-detect finds the boards, and "
	    "writes such records");
}

/* Once, though each board's index may be of another mirror. */
static void
tell_mirror(struct opts *o, const struct firmware *fw)
{
	const char *from = fw->index_source;

	if (o->told || from == NULL ||
	    strncmp(from, SITE, sizeof(SITE) - 1) == 0)
		return;
	o->told = true;
	log_msg("%s: its versions are those of the mirror's page %s",
	    fw->board_id, from);
}

/* What mpf-add knows of the firmware that was chosen, besides the choice. */
static int
put_known(const char *file, const struct firmware *fw,
    const struct image *image, void *rec)
{
	struct firmware more = *fw;

	(void)file;
	(void)image;
	more.board_id = more.variant = more.port = more.version = NULL;
	more.commit = more.source = more.sha256 = NULL;
	more.build = more.custom = -1;
	firmware_put(rec, &more);
	return 0;
}

static int
resolve_record(struct record *rec, void *ctx, struct err *e)
{
	struct opts *o = ctx;
	const struct firmware none = FIRMWARE_INIT;
	struct choose_said said;
	struct choice choice;
	struct device d;
	struct board b;
	int r;

	if (read_device(rec, &d, e) == -1 || board_get(rec, &b, e) == -1)
		return -1;
	read_said(rec, &said);
	if (chip_get(rec, &said.chip, e) == -1)
		return -1;
	r = choose_one(o->choose, &d, &b, &said, &choice, e);
	record_clear(rec, "firmware");
	if (r == -1) {		/* what was asked for, and what it may be */
		const char *wanted = choice.firmware.wanted;

		choice.firmware = none;
		choice.firmware.wanted = wanted;
		choice.runner_up = NULL;
	}
	tell_mirror(o, &choice.firmware);
	firmware_put(rec, &choice.firmware);
	if (choice.runner_up != NULL)
		put_runner_up(rec, choice.runner_up);
	if (choice.candidates != NULL)
		record_put_list(rec, "firmware.candidates", choice.candidates);
	if (r == 0)
		put_board(rec, &choice.runs);
	if (r == 0 && choice.named && !d.named)
		record_put_bool(rec, "device.named", true);
	if (r == 0 && choice.firmware.custom == 1 &&
	    choice.firmware.sha256 != NULL && store_custom_find(o->store,
	    choice.firmware.sha256, put_known, rec, e) == -1)
		return -1;
	return r;
}

int
main(int argc, char *argv[])
{
	static struct opts o = { .max_age_ms = DAY_MS };
	static const struct opt opts[] = {
		OPT_STR(0, "version", "WHICH", &o.version,
		    "choose stable, preview, latest, 1.24.1, 1.24 or "
		    "\">=1.22,<1.25\" (default stable)"),
		OPT_LIST('b', "board", "ID", &o.board,
		    "choose firmware for the board ID; a pattern only "
		    "filters"),
		OPT_STR(0, "variant", "NAME", &o.variant,
		    "choose this variant of the board; - is the plain build"),
		OPT_PORTS('s', "serial", "PATTERN", &o.serial,
		    "skip all devices that do not match PATTERN"),
		OPT_PORTS('i', "ignore", "PATTERN", &o.ignore,
		    "skip the devices, boards and ports that match PATTERN"),
		OPT_LIST('p', "port", "PORT", &o.port,
		    "skip boards of another MicroPython port than PORT"),
		OPT_FLAG('c', "custom", &o.custom,
		    "choose custom firmware from the database"),
		OPT_FLAG(0, "other-tools", &o.other_tools,
		    "also choose for boards that only another tool can flash"),
		OPT_FLAG('f', "force", &o.force,
		    "also flash boards that are up to date or ignored"),
		OPT_STR('d', "dir", "DIR", &o.dir,
		    "use DIR as the firmware folder"),
		OPT_MS(0, "max-age", "TIME", &o.max_age_ms,
		    "use an index that is at most TIME old"),
		OPT_END
	};
	static const struct column columns[] = {
		{ "DEVICE", NULL, COLUMN_NAME, NULL },
		{ "BOARD", NULL, COLUMN_NAME, column_board },
		{ "VARIANT", NULL, COLUMN_NAME, column_variant },
		{ "VERSION", NULL, COLUMN_NAME, column_versions },
		{ "ACTION", "firmware.action", COLUMN_STATE, NULL },
		{ "REASON", "firmware.reason", COLUMN_REASON, NULL },
		COLUMN_END
	};
	const struct tool t = {
		.name = "mpf-resolve",
		.summary = "choose the firmware that each board gets",
		.synopsis = "[options] <records",
		.examples = "  mpf-detect | mpf-resolve --version preview\n"
		    "  mpf-detect -s ttyACM0 | mpf-resolve -b RPI_PICO_W\n",
		.arg_option = "board",
		.feeder = "mpf-detect | mpf-resolve",
		.opts = opts,
		.columns = columns,
		.ctx = &o,
		.share = true,
		.begin = begin,
		.filter = resolve_record,
		.last = last,
		.end = end,
	};

	return tool_main(&t, argc, argv);
}
