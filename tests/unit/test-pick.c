/* SPDX-License-Identifier: MIT */
#include "facts/pick.h"

#include "facts/skip.h"
#include "tap.h"

#define N(a)	(sizeof(a) / sizeof((a)[0]))

/* A page as the site has it: releases first, then previews, newest first. */
static const struct store_link page[] = {
#define L(var, ver, bld, com, e, u) { .board_id = "B", .variant = (var), \
	.version = (ver), .build = (bld), .commit = (com), .ext = (e), \
	.url = (u) }
	L(NULL, "v1.28.0", -1, NULL, "uf2", "u1280"),
	L(NULL, "v1.28.0", -1, NULL, "bin", "b1280"),
	L(NULL, "v1.28.0", -1, NULL, "app-bin", "a1280"),
	L(NULL, "v1.28.0", -1, NULL, "elf", "e1280"),
	L(NULL, "v1.28.0", -1, NULL, "hex", "h1280"),
	L(NULL, "v1.28.0", -1, NULL, "dfu", "d1280"),
	L(NULL, "v1.9.4", -1, NULL, "bin", "b194"),
	L(NULL, "v1.22.2", -1, NULL, "bin", "b1222"),
	L(NULL, "v1.22.1", -1, NULL, "bin", "b1221"),
	L(NULL, "v1.22.0", -1, NULL, "bin", "b1220"),
	L(NULL, "v1.19", -1, NULL, "bin", "b1190"),
	L(NULL, "v1.28.0-preview", 500, "aaaaaaaaaa", "bin", "p500"),
	L(NULL, "v1.29.0-preview", 20, "bbbbbbbbbb", "bin", "p20"),
	L(NULL, "v1.29.0-preview", 9, "cccccccccc", "bin", "p9"),
	L("V", "v1.29.0", -1, NULL, "bin", "v1290"),
	L(NULL, "unknown", -1, NULL, "bin", "x"),
	L(NULL, NULL, -1, NULL, "bin", "x"),
	{ .board_id = "BB", .version = "v1.30.0", .build = -1, .ext = "bin",
	    .url = "other board" },
	{ .board_id = NULL },
};

static const struct {
	const char	*word, *port, *variant, *mode, *best, *second;
} asked[] = {
	{ "stable", "esp32", NULL, "repl", "b1280", "b1222" },
	{ "stable", "esp32", NULL, "uf2", "u1280", "" },
	{ "stable", "esp32", NULL, "esp_rom", "b1280", "b1222" },
	{ "stable", "rp2", NULL, "repl", "u1280", "" },
	{ "stable", "rp2", NULL, "picoboot", "u1280", "" },
	{ "stable", "samd", NULL, NULL, "u1280", "" },
	{ "stable", "stm32", NULL, NULL, "d1280", "h1280" },
	{ "stable", "stm32", NULL, "dfu", "d1280", "h1280" },
	{ "stable", "mimxrt", NULL, NULL, "u1280", "" },
	{ "stable", "nrf", NULL, NULL, "h1280", "" },
	{ "stable", "cc3200", NULL, NULL, "", "" },
	{ "stable", "esp32", "V", NULL, "v1290", "" },
	{ "stable", "esp32", "W", NULL, "", "" },
	{ "stable", "no-such-port", NULL, NULL, "", "" },
	{ "preview", "esp32", NULL, NULL, "p20", "p9" },
	{ "latest", "esp32", NULL, NULL, "p20", "p9" },
	{ "1.22", "esp32", NULL, NULL, "b1222", "b1221" },
	{ "1.22.0", "esp32", NULL, NULL, "b1220", "" },
	{ "1.19.0", "esp32", NULL, NULL, "b1190", "" },
	{ "1.28.0-preview", "esp32", NULL, NULL, "p500", "" },
	{ "1.29.0-preview.9", "esp32", NULL, NULL, "p9", "" },
	{ ">=1.20,<1.22.2", "esp32", NULL, NULL, "b1221", "b1220" },
	{ "<1.20", "esp32", NULL, NULL, "b1190", "b194" },
	{ "1.27.0", "esp32", NULL, NULL, "", "" },
};

static struct means_table *means;

static void
check_pick(bool backwards)
{
	struct wanted w;
	struct pick_ask ask = { .board_id = "B", .wanted = &w };
	struct pick p;

	for (size_t i = 0; i < N(asked); i++) {
		OK(wanted_parse(asked[i].word, &w));
		ask.means = means_find(means, asked[i].port, "B");
		ask.variant = asked[i].variant;
		ask.mode = asked[i].mode;
		pick_init(&p, &ask);
		for (size_t k = 0; k < N(page); k++)
			pick_offer(&p, &page[backwards ? N(page) - 1 - k : k],
			    NULL);
		IS_STR(p.best.rank ? p.best.link.url : "", asked[i].best);
		IS_STR(p.second.rank ? p.second.link.url : "",
		    asked[i].second);
		pick_release(&p);
	}
}

/* What there is, when the word admits nothing. */
static void
check_other(void)
{
	struct wanted w;
	const struct pick_ask ask = { .board_id = "B", .wanted = &w,
	    .means = means_find(means, "esp32", "B") };
	struct pick p;

	OK(wanted_parse("1.27.0", &w));
	pick_init(&p, &ask);
	for (size_t k = 0; k < N(page); k++)
		pick_offer(&p, &page[k], NULL);
	OK(p.best.rank == 0 && p.other.rank != 0);
	IS_STR(p.other.link.url, "p20");
	IS_STR(p.other.version.commit, "bbbbbbbbbb");
	pick_release(&p);
	OK(p.other.rank == 0);
}

/* The rules, each where it decides. */
static void
check_rules(void)
{
	static const struct {
		const char	*what, *port, *word;
		const char	*ver[2];
		int64_t		 build[2];
		const char	*ext[2], *file[2];
		enum pick_rule	 rule;
		int		 best;
	} pairs[] = {
		{ "newer", "rp2", "stable", { "v1.28.0", "v1.27.0" },
		    { -1, -1 }, { "uf2", "uf2" }, { NULL, "h" },
		    PICK_VERSION, 0 },
		{ "a later build", "rp2", "preview", { "v1.29.0-preview",
		    "v1.29.0-preview" }, { 9, 20 }, { "uf2", "uf2" },
		    { "h", NULL }, PICK_BUILD, 1 },
		{ "here, though its format is second", "stm32", "stable",
		    { "v1.28.0", "v1.28.0" }, { -1, -1 }, { "dfu", "hex" },
		    { "n", "h" }, PICK_HERE, 1 },
		{ "the format", "stm32", "stable", { "v1.28.0", "v1.28.0" },
		    { -1, -1 }, { "hex", "dfu" }, { NULL, NULL },
		    PICK_FORMAT, 1 },
		{ "the first", "rp2", "stable", { "v1.28.0", "v1.28.0" },
		    { -1, -1 }, { "uf2", "uf2" }, { NULL, NULL },
		    PICK_FIRST, 0 },
		{ "no version at all", "rp2", NULL, { "v1.28.0", "unknown" },
		    { -1, -1 }, { "bin", "uf2" }, { NULL, "h" },
		    PICK_VERSION, 0 },
	};
	struct pick p;
	struct wanted w;

	for (size_t i = 0; i < N(pairs); i++) {
		const struct pick_ask ask = { .board_id = "B",
		    .means = means_find(means, pairs[i].port, "B"),
		    .any = pairs[i].word == NULL,
		    .wanted = pairs[i].word != NULL ? &w : NULL };

		if (pairs[i].word != NULL)
			OK(wanted_parse(pairs[i].word, &w));
		pick_init(&p, &ask);
		for (size_t k = 0; k < 2; k++) {
			const struct store_link l = { .board_id = "B",
			    .version = pairs[i].ver[k],
			    .build = pairs[i].build[k], .ext = pairs[i].ext[k],
			    .url = k == 0 ? "0" : "1" };
			const struct pick_file file = { pairs[i].file[k],
			    pairs[i].file[k] != NULL &&
			    pairs[i].file[k][0] == 'h', "/f" };

			pick_offer(&p, &l, file.name != NULL ? &file : NULL);
		}
		OK(p.best.rank != 0 && p.second.rank != 0);
		if (p.second.rank != 0 && pick_rule(&p) != pairs[i].rule)
			printf("# %s: %d\n", pairs[i].what, pick_rule(&p));
		OK(p.second.rank != 0 && pick_rule(&p) == pairs[i].rule);
		IS_STR(p.best.link.url, pairs[i].best == 0 ? "0" : "1");
		pick_release(&p);
	}
}

#define SHA	"9f86d081884c7d659a2feaa0c55ad015" \
		"a3bf4f1b2b0b822cd15d6c15b0f00a08"

static const struct {
	const char	*runs;
	int64_t		 build;
	const char	*commit, *board_id, *variant;
	const char	*want;
	int64_t		 want_build;
	const char	*want_commit;
	bool		 same;
} pairs[] = {
	{ "v1.28.0", -1, NULL, "B", NULL, "v1.28.0", -1, NULL, true },
	{ "v1.28.0", 0, NULL, "B", NULL, "v1.28.0", 0, "abcdef0", true },
	{ "v1.19", -1, NULL, "B", NULL, "v1.19.0", -1, NULL, true },
	{ "v1.28.0", -1, NULL, "B", NULL, "v1.27.0", -1, NULL, false },
	{ "v1.28.0", -1, NULL, "B", "V", "v1.28.0", -1, NULL, false },
	{ "v1.28.0", -1, NULL, "C", NULL, "v1.28.0", -1, NULL, false },
	{ "v1.28.0", -1, NULL, NULL, NULL, "v1.28.0", -1, NULL, false },
	{ "v1.28.0", 6, "974b56a", "B", NULL, "v1.28.0", -1, NULL, false },
	{ "v1.28.0", 6, "974b56a", "B", NULL, "v1.28.0", 6, "974b56afa6",
	    true },
	{ "v1.28.0-preview", 6, "974b56a", "B", NULL, "v1.28.0", -1, NULL,
	    false },
	{ "v1.29.0-preview", 6, "974b56a", "B", NULL, "v1.29.0-preview", 6,
	    "974b56afa6", true },
	{ "v1.29.0-preview", 6, "974b56a", "B", NULL, "v1.29.0-preview", 7,
	    "974b56a", false },
	{ "v1.29.0-preview", 6, "974b56a", "B", NULL, "v1.29.0-preview", 6,
	    "974b56b", false },
	{ "v1.29.0-preview", 6, NULL, "B", NULL, "v1.29.0-preview", 6,
	    "974b56b", false },
	{ "v1.29.0-preview", 6, "974", "B", NULL, "v1.29.0-preview", 6,
	    "974b56b", false },
	{ "v1.29.0-preview", -1, NULL, "B", NULL, "v1.29.0-preview", -1,
	    NULL, false },
	{ NULL, -1, NULL, "B", NULL, "v1.28.0", -1, NULL, false },
	{ "v1.28.0", -1, NULL, "B", NULL, NULL, -1, NULL, false },
	{ "nonsense", -1, NULL, "B", NULL, "nonsense", -1, NULL, false },
};

static void
check_skip(void)
{
	struct board b = BOARD_INIT;
	struct firmware fw = FIRMWARE_INIT;
	char why[SKIP_REASON];

	fw.board_id = "B";
	for (size_t i = 0; i < N(pairs); i++) {
		b.version = pairs[i].runs;
		b.build = pairs[i].build;
		b.commit = pairs[i].commit;
		b.board_id = pairs[i].board_id;
		b.variant = pairs[i].variant;
		fw.version = pairs[i].want;
		fw.build = pairs[i].want_build;
		fw.commit = pairs[i].want_commit;
		OK(skip_same(&b, NULL, &fw) == pairs[i].same);
	}
	fw.version = "v1.28.0";
	fw.build = -1;
	skip_reason(&fw, why);
	IS_STR(why, "the board already runs v1.28.0");
	fw.build = 6;
	skip_reason(&fw, why);
	IS_STR(why, "the board already runs v1.28.0, build 6");

	/* The user's own: by the bytes alone. */
	b = (struct board){ .version = "v1.28.0", .build = 6,
	    .commit = "974b56afa6", .board_id = "B" };
	fw.custom = 1;
	fw.commit = b.commit;
	OK(!skip_same(&b, NULL, &fw) && !skip_same(&b, "sha256:" SHA, &fw));
	fw.sha256 = SHA;
	OK(skip_same(&b, "sha256:" SHA, &fw) && skip_same(&b, SHA, &fw));
	OK(!skip_same(&b, "sha1:" SHA, &fw) && !skip_same(&b, "", &fw));
	OK(!skip_same(&b, "sha256:", &fw) && !skip_same(&b, NULL, &fw));
	skip_reason(&fw, why);
	IS_STR(why, "the board already runs this file "
	    "(sha-256 9f86d081884c...)");
}

int
main(void)
{
	struct err e = ERR_INIT;

	OK(means_open(&means, &e) == 0);
	check_pick(false);
	check_pick(true);
	check_other();
	check_rules();
	check_skip();
	means_close(means);
	return tap_done();
}
