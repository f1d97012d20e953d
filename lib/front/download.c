/* SPDX-License-Identifier: MIT */
#include "front/choose.h"

struct download_opts {
	struct devices	 devices;
	struct opt_list	 version, board, mirror;
	bool		 clean, no_clean, force, offline, help;
};

static const struct column columns[] = {
	{ "DEVICE", NULL, COLUMN_NAME, NULL },
	{ "BOARD", NULL, COLUMN_NAME, column_board },
	{ "VARIANT", "firmware.variant", COLUMN_NAME, NULL },
	{ "VERSION", "firmware.version", COLUMN_NAME, NULL },
	{ "SIZE", "image.size_bytes", COLUMN_NAME, NULL },
	{ "FILE", "image.path", COLUMN_PATH, NULL },
	{ "REASON", NULL, COLUMN_REASON, column_skipped },
	COLUMN_END
};

static void
download_stage(const struct front *f, struct front_pipe *p,
    const struct download_opts *o)
{
	front_stage(p, "mpf-fetch");
	front_values(p, "--mirror", &o->mirror);
	front_flag(p, "--no-clean", o->no_clean);
	front_flag(p, "--force", o->force);
	front_flag(p, "--offline", o->offline);
	front_common(f, p);
}

/* For boards that were named: no board has to be there. */
static int
for_names(struct front *f, const struct download_opts *o, const char *version,
    struct front_records *out, struct err *e)
{
	struct front_pipe p = FRONT_PIPE_INIT;
	struct front_pipe *const pipes[] = { &p };
	int r;

	download_stage(f, &p, o);
	front_values(&p, "--board", &o->board);
	front_value(&p, "--version", version);
	command_tell(f, &p);
	r = front_run(f, pipes, 1, NULL, out, e);
	front_pipe_release(&p);
	return r;
}

/* For boards that were found: also those that run that version. */
static int
for_boards(struct front *f, const struct download_opts *o,
    const char *version, const struct front_records *found,
    struct front_records *out, struct err *e)
{
	struct front_pipe p = FRONT_PIPE_INIT;
	struct front_pipe *const pipes[] = { &p };
	int r;

	front_stage(&p, "mpf-resolve");
	front_value(&p, "--version", version);
	front_arg(&p, "--force");
	front_common(f, &p);
	download_stage(f, &p, o);
	command_tell(f, &p);
	r = front_run(f, pipes, 1, found, out, e);
	front_pipe_release(&p);
	return r;
}

static int
download_firmware(struct front *f, const struct download_opts *o, struct err *e)
{
	static const char *const usual[] = { "stable" };
	const char *const *versions = o->version.n > 0 ? o->version.v : usual;
	const size_t n = o->version.n > 0 ? o->version.n : 1;
	struct front_records found = { NULL, 0 }, out = { NULL, 0 };
	int r = 0;

	if (o->board.n == 0)
		r = devices_find(f, &o->devices, &found, e);
	for (size_t i = 0; i < n && r == 0; i++)
		r = o->board.n > 0 ? for_names(f, o, versions[i], &out, e) :
		    for_boards(f, o, versions[i], &found, &out, e);
	if (r == 0)
		r = front_show(f, columns, &out, false, e);
	front_records_release(&found);
	front_records_release(&out);
	return r;
}

static int
check_download_options(const struct download_opts *o, struct err *e)
{
	if (o->clean && o->no_clean)
		return err_set(e, ERR_USAGE, "--clean, --no-clean: not both");
	return 0;
}

/* No board has to be there: -i alone asks for no port. */
static int
download_chosen(struct front *f, struct download_opts *o, struct err *e)
{
	struct choose c = { .command = "download", .devices = &o->devices,
	    .mirror = &o->mirror, .offline = o->offline,
	    .serial = o->devices.serial.n > 0 ? &o->devices.serial : NULL,
	    .board = &o->board, .version = &o->version };
	int r = choose_options(f, &c, e);

	if (r == 0)
		r = download_firmware(f, o, e);
	choose_release(&c);
	return r;
}

int
front_download(struct front *f, int argc, char *argv[], struct err *e)
{
	struct download_opts o = { .help = false };
	const struct opt opts[] = {
		OPT_LIST('v', "version", "WHICH", &o.version,
		    "download stable, preview, latest, 1.24.1, 1.24 or "
		    "\">=1.22,<1.25\" (default stable)"),
		OPT_LIST('b', "board", "ID", &o.board,
		    "download for the board ID, which may not be plugged in"),
		DEVICES_OPTS(&o.devices),
		OPT_FLAG(0, "clean", &o.clean,
		    "name files without date and commit, which is the "
		    "default"),
		OPT_FLAG(0, "no-clean", &o.no_clean,
		    "name files as the site does"),
		OPT_FLAG('f', "force", &o.force,
		    "download files again that are already there"),
		OPT_LIST(0, "mirror", "URL", &o.mirror, "download from URL"),
		OPT_FLAG(0, "offline", &o.offline,
		    "use only the firmware folder, and no network"),
		OPT_FLAG(0, "json", &f->json, "print records"),
		COMMAND_OPTS(f, &o.help)
	};
	const struct tool t = { .name = "mpf download",
		.synopsis = "[options]",
		.summary = "download firmware, for the boards that are "
		    "plugged in or for boards by name",
		.examples = "  mpf download\n"
		    "  mpf download --board RPI_PICO_W --version preview\n",
		.arg_option = "board", .opts = opts };
	struct options *all;
	int r = command_options(&t, argc, argv, &o.help, &all, e);

	if (r == 0)
		r = check_download_options(&o, e);
	if (r == 0)
		r = download_chosen(f, &o, e);
	options_free(all);
	return r < 0 ? -1 : 0;
}
