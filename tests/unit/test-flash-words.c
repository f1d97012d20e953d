/* SPDX-License-Identifier: MIT */
#include "flash/flash.h"

#include "tap.h"

static struct err e;

static const struct {
	const char	*erase, *before, *after, *offset;
	struct flash_words want;
	const char	*msg;		/* NULL: they are good */
} cases[] = {
	{ .want = { .wipe = FLASH_WIPE_NOTHING } },
	{ "nothing", "reset", "reset", "0", { .has_offset = true }, NULL },
	{ "fs", "no-reset", "stay", "0x1000", { FLASH_WIPE_FILES, true, true,
	    true, 0x1000 }, NULL },
	{ "all", NULL, NULL, "4294967295", { .wipe = FLASH_WIPE_ALL,
	    .has_offset = true, .offset = UINT32_MAX }, NULL },
	{ .erase = "some", .msg = "--erase some: not nothing, fs, all" },
	{ .before = "stay", .msg = "--before stay: not reset, no-reset" },
	{ .after = "no-reset", .msg = "--after no-reset: not reset, stay" },
	{ .offset = "4294967296",
	    .msg = "--offset 4294967296: not an address" },
	{ .offset = "-1", .msg = "--offset -1: not an address" },
	{ .offset = "12x", .msg = "--offset 12x: not an address" },
	{ .offset = "", .msg = "--offset : not an address" },
};

int
main(void)
{
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct flash_words w;
		int r;

		e = (struct err)ERR_INIT;
		r = flash_words_read(cases[i].erase, cases[i].before,
		    cases[i].after, cases[i].offset, &w, &e);
		OK(r == (cases[i].msg == NULL ? 0 : -1));
		IS_STR(e.msg, cases[i].msg != NULL ? cases[i].msg : "");
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
