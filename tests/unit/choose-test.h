/* SPDX-License-Identifier: MIT */
#ifndef MPF_CHOOSE_TEST_H
#define MPF_CHOOSE_TEST_H

#include "base/clock.h"
#include "choose/choose.h"
#include "store-test.h"

/* What the tests of choose share: a store with two pages and some rows. */

#define N(a)	(sizeof(a) / sizeof((a)[0]))
#define DAY	86400
#define PICO_W	"Raspberry Pi Pico W with RP2040"
#define SHA	"9f86d081884c7d659a2feaa0c55ad015" \
		"a3bf4f1b2b0b822cd15d6c15b0f00a08"

static struct store *s;

#define REPL(...)	{ .id = "h/usb/1-1", .serial_port = "/dev/ttyACM0", \
			  .usb_path = "1-1", .mode = "repl", \
			  .held_by_pid = -1, __VA_ARGS__ }
#define RUNS(...)	{ .interrupted = -1, __VA_ARGS__ }
#define MODE(m, ...)	{ .id = "h/usb/1-1", .usb_path = "1-1", .mode = (m), \
			  .held_by_pid = -1, __VA_ARGS__ }

static inline void
contains(const char *what, const char *text, const char *part)
{
	const bool ok = part == NULL ||
	    (text != NULL && strstr(text, part) != NULL);

	OK(ok);
	if (!ok)
		printf("# %s: %s\n", what, text);
}

static inline void
fill_folder(void)
{
	/* Of a release long ago, three ways that it is no use. */
	const struct store_file useless[] = {
		{ .port = "rp2", .board_id = "RPI_PICO", .version = "v1.24.0",
		    .build = -1, .file = "rp2/a-v1.24.0.uf2", .size_bytes = 1 },
		{ .port = "rp2", .board_id = "RPI_PICO", .version = "v1.24.0",
		    .build = -1, .file = "rp2/b-v1.24.0.uf2", .source =
		    "/home/me/b-v1.24.0.uf2", .size_bytes = 1 },
		{ .port = "esp32", .board_id = "RPI_PICO", .version =
		    "v1.24.0", .build = -1, .file = "esp32/c-v1.24.0.bin",
		    .source = "https://x/f/c-v1.24.0.bin", .size_bytes = 1 },
	};
	/* Here, under the name that the page gives it, and not. */
	const struct store_file had[] = {
		{ .port = "rp2", .board_id = "RPI_PICO_W", .version =
		    "v1.25.0", .build = -1, .file = "rp2/A-v1.25.0.uf2",
		    .source = "https://x/f/", .size_bytes = 1 },
		{ .port = "rp2", .board_id = "RPI_PICO_W", .version =
		    "v1.22.0", .build = -1, .file = "rp2/B-v1.22.0.uf2",
		    .source = "https://x/f/B-v1.22.0.uf2", .size_bytes = 1 },
		{ .port = "rp2", .board_id = "RPI_PICO_W", .version =
		    "v1.27.0", .build = -1, .file = "rp2/W-v1.27.0.uf2",
		    .source = "https://x/f/W-v1.27.0.uf2", .size_bytes = 1 },
		{ .port = "rp2", .board_id = "RPI_PICO_W", .version =
		    "v1.28.0", .build = -1, .file = "rp2/W-v1.28.0.uf2",
		    .source = "https://x/f/W-v1.28.0.uf2", .size_bytes = 1 },
	};
	struct err e = ERR_INIT;

	for (size_t i = 0; i < N(useless); i++)
		OK(store_file_put(s, &useless[i], &e) == 0);
	for (size_t i = 0; i < N(had); i++)
		OK(store_file_put(s, &had[i], &e) == 0);
}

static inline void
fill(void)
{
	const struct store_page w = { .url = "https://x/RPI_PICO_W/",
	    .board_id = "RPI_PICO_W", .fetched_at = clock_wall() - 60 };
	const struct store_page old = { .url = "https://x/PYBV11/",
	    .board_id = "PYBV11", .fetched_at = clock_wall() - 2 * DAY };
	const struct store_link links[] = {
		{ .board_id = "RPI_PICO_W", .version = "v1.28.0", .build = -1,
		    .ext = "uf2", .url = "https://x/f/W-v1.28.0.uf2" },
		{ .board_id = "RPI_PICO_W", .version = "v1.27.0", .build = -1,
		    .ext = "uf2", .url = "https://x/f/W-v1.27.0.uf2" },
		{ .board_id = "RPI_PICO_W", .version = "v1.29.0-preview",
		    .build = 20, .commit = "aaaaaaaaaa", .ext = "uf2",
		    .url = "https://x/f/W-p.uf2" },
	};
	const struct store_link pyb = { .board_id = "PYBV11", .version =
	    "v1.28.0", .build = -1, .ext = "dfu", .url = "https://x/p.dfu" };
	const struct store_device known = { .uid = "u1", .board_id = "PYBV11",
	    .variant = "THREAD", .version = "v1.24.1", .build = -1 };
	const struct store_file own = { .port = "rp2", .board_id =
	    "RPI_PICO_W", .version = "v1.28.0", .build = -1, .file =
	    "rp2/own.uf2", .source = "file:///own.uf2", .sha256 = SHA,
	    .size_bytes = 1, .custom = true };
	const struct store_file plain = { .port = "rp2", .board_id =
	    "RPI_PICO", .version = "v1.28.0", .build = -1, .file =
	    "rp2/p.uf2", .size_bytes = 1 };
	struct err e = ERR_INIT;

	OK(store_open(in_tmp("fw"), STORE_WRITE, &s, &e) == 0);
	OK(store_begin(s, &e) == 0 &&
	    store_page_put(s, &w, links, N(links), &e) == 0 &&
	    store_page_put(s, &old, &pyb, 1, &e) == 0 &&
	    store_device_put(s, &known, &e) == 0 &&
	    store_file_put(s, &own, &e) == 0 &&
	    store_file_put(s, &plain, &e) == 0);
	fill_folder();
	OK(store_commit(s, &e) == 0);
}

/* One device, what is asked for, and what becomes of it. */
struct scene {
	const char		*what;
	struct choose_opts	 o;
	const char		*serial;	/* one --serial */
	const char		*board, *ignore,
	    *only_port;	/* and of these */
	struct device		 d;
	struct board		 b;
	struct choose_said	 said;
	bool			 only_ours;	/* without --other-tools */

	enum err_code		 code;
	const char		*action, *id;	/* BOARD-VARIANT */
	const char		*version;
	const char		*says;		/* in message or reason */
	const char		*port;
};

static inline void
play(const struct scene *sc)
{
	const char *const serial[] = { sc->serial, NULL };
	const char *const board[] = { sc->board, NULL };
	const char *const ignore[] = { sc->ignore, NULL };
	const char *const port[] = { sc->only_port, NULL };
	struct choose_opts o = sc->o;
	struct choose_said said = sc->said;
	struct board b = sc->b;
	struct choose *c = NULL;
	struct choice out;
	struct err e = ERR_INIT;
	char id[BOARD_NAME_TEXT] = "";
	int r;

	if (o.max_age_s == 0)
		o.max_age_s = DAY;
	if (b.commit == NULL)
		b.build = -1;
	if (said.info_ignore == 0)
		said.info_ignore = -1;
	o.serial = sc->serial != NULL ? serial : NULL;
	o.board = board;
	o.ignore = ignore;
	o.port = port;
	/* What a build can flash is told by test-means. */
	o.other_tools = !sc->only_ours;
	OK(choose_open(&o, s, &c, &e) == 0);
	r = choose_one(c, &sc->d, &b, &said, &out, &e);
	if ((r == -1 ? e.code : ERR_NONE) != sc->code)
		printf("# %s: %s\n", sc->what, r == -1 ? e.msg : "well");
	OK((r == -1 ? e.code : ERR_NONE) == sc->code);
	contains(sc->what, r == -1 ? e.msg : out.firmware.reason, sc->says);
	if (r == -1) {
		OK(e.hint[0] != '\0' || e.code == ERR_UNSUPPORTED);
		OK((out.candidates != NULL) == (e.code == ERR_AMBIGUOUS));
	} else {
		const struct board_name name = { NULL, out.firmware.board_id,
		    out.firmware.variant };

		if (name.board_id != NULL)
			board_name_text(&name, id);
		IS_STR(out.firmware.action, sc->action);
		if (sc->port != NULL)
			IS_STR(out.firmware.port, sc->port);
		IS_STR(id, sc->id != NULL ? sc->id : "");
		IS_STR(out.firmware.version != NULL ? out.firmware.version :
		    "", sc->version != NULL ? sc->version : "");
	}
	choose_close(c);
}

#endif
