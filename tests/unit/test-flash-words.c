/* SPDX-License-Identifier: MIT */
#include "flash/flash.h"

#include "tap.h"

static struct err e;

static const struct {
	struct flash_said said;		/* a rate of 0: nothing */
	struct flash_words want;
	const char	*msg, *hint;	/* NULL: they are good */
} cases[] = {
	{ .want = { .wipe = FLASH_WIPE_NOTHING } },
	{ .said = { "nothing", "reset", "reset", "0", "dio", "4MB", "80m",
	    9600, 4000000 }, .want = { .has_offset = true } },
	{ .said = { .erase = "fs", .before = "no-reset", .after = "stay",
	    .offset = "0x1000", .mode = "keep", .size = "keep",
	    .freq = "keep" },
	    .want = { FLASH_WIPE_FILES, true, true, true, 0x1000 } },
	/* Words of some chip: whether it is the board's is asked later. */
	{ .said = { .size = "512KB", .freq = "60m" } },
	{ .said = { .size = "detect", .freq = "48m" } },
	{ .said = { .erase = "all", .offset = "4294967295" },
	    .want = { .wipe = FLASH_WIPE_ALL, .has_offset = true,
	    .offset = UINT32_MAX } },
	{ .said = { .erase = "some" },
	    .msg = "--erase some: not nothing, fs, all" },
	{ .said = { .before = "stay" },
	    .msg = "--before stay: not reset, no-reset" },
	{ .said = { .after = "no-reset" },
	    .msg = "--after no-reset: not reset, stay" },
	{ .said = { .offset = "4294967296" },
	    .msg = "--offset 4294967296: not an address" },
	{ .said = { .offset = "-1" }, .msg = "--offset -1: not an address" },
	{ .said = { .offset = "12x" }, .msg = "--offset 12x: not an address" },
	{ .said = { .offset = "" }, .msg = "--offset : not an address" },
	{ .said = { .mode = "fast" }, .msg = "--flash-mode fast: no such value",
	    .hint = "use qio, qout, dio, dout or keep" },
	{ .said = { .mode = "" }, .msg = "--flash-mode : no such value",
	    .hint = "use qio, qout, dio, dout or keep" },
	{ .said = { .mode = "detect" },
	    .msg = "--flash-mode detect: no such value",
	    .hint = "use qio, qout, dio, dout or keep" },
	{ .said = { .size = "3MB" }, .msg = "--flash-size 3MB: no such value",
	    .hint = "use 256KB, 512KB, 1MB, 2MB, 4MB, 8MB, 16MB, 32MB, 64MB, "
	    "128MB, detect or keep" },
	{ .said = { .size = "4mb" }, .msg = "--flash-size 4mb: no such value",
	    .hint = "use 256KB, 512KB, 1MB, 2MB, 4MB, 8MB, 16MB, 32MB, 64MB, "
	    "128MB, detect or keep" },
	{ .said = { .freq = "80" }, .msg = "--flash-freq 80: no such value",
	    .hint = "use 80m, 40m, 26m, 20m, 60m, 30m, 15m, 48m, 24m, 16m, "
	    "12m or keep" },
	{ .said = { .baud = 9599 },
	    .msg = "--baud 9599: not a rate from 9600 to 4000000" },
	{ .said = { .retry_baud = 4000001 },
	    .msg = "--retry-baud 4000001: not a rate from 9600 to 4000000" },
};

int
main(void)
{
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct flash_said said = cases[i].said;
		struct flash_words w;
		int r;

		e = (struct err)ERR_INIT;
		if (said.baud == 0)
			said.baud = -1;
		if (said.retry_baud == 0)
			said.retry_baud = -1;
		r = flash_words_read(&said, &w, &e);
		OK(r == (cases[i].msg == NULL ? 0 : -1));
		IS_STR(e.msg, cases[i].msg != NULL ? cases[i].msg : "");
		IS_STR(e.hint, cases[i].hint != NULL ? cases[i].hint : "");
		if (r == -1) {
			OK(e.code == ERR_USAGE);
			continue;
		}
		OK(w.wipe == cases[i].want.wipe &&
		    w.no_reset == cases[i].want.no_reset &&
		    w.stay == cases[i].want.stay);
		OK(w.has_offset == cases[i].want.has_offset &&
		    (!w.has_offset || w.offset == cases[i].want.offset));
	}
	return tap_done();
}
