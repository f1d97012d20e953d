/* SPDX-License-Identifier: MIT */
#include "choose/choose.h"

#include "choose-test.h"

/* All that a choice holds, once. */
static void
check_whole(void)
{
	const struct choose_opts o = { .max_age_s = DAY };
	const struct device d = REPL();
	const struct board b = RUNS(.version = "v1.19", .port = "rp2",
	    .description = PICO_W);
	const struct choose_said said = { .info_ignore = -1 };
	struct choose *c = NULL;
	struct choice out;
	struct err e = ERR_INIT;

	OK(choose_open(&o, s, &c, &e) == 0);
	for (int i = 0; i < 2; i++) {		/* asked, and remembered */
		OK(choose_one(c, &d, &b, &said, &out, &e) == 0);
		IS_STR(out.firmware.wanted, "stable");
		IS_STR(out.firmware.port, "rp2");
		IS_STR(out.firmware.source, "https://x/f/W-v1.28.0.uf2");
		IS_STR(out.firmware.file_name, "W-v1.28.0.uf2");
		IS_STR(out.firmware.by, "board");
		IS_STR(out.firmware.index_source, "https://x/RPI_PICO_W/");
		OK(out.firmware.index_age_s == 60);
		OK(out.firmware.index_stale == 0 && out.firmware.build == -1);
		OK(out.runner_up != NULL);
		IS_STR(out.runner_up->link.version, "v1.27.0");
		IS_STR(out.runs.board_id, "RPI_PICO_W");
		OK(out.candidates == NULL);
	}
	choose_close(c);
	choose_close(NULL);
	OK(choose_file_name("https://x/") == NULL);
	OK(choose_file_name(NULL) == NULL);
	IS_STR(choose_file_name("x.uf2"), "x.uf2");
}

static void
check_refused(void)
{
	const char *board[] = { "RPI_PICOW", NULL, NULL };
	struct choose_opts o = { .wanted = "newest" };
	struct choose *c = NULL;
	struct err e = ERR_INIT;

	OK(choose_open(&o, s, &c, &e) == -1 && e.code == ERR_USAGE);
	o = (struct choose_opts){ .board = board };
	OK(choose_open(&o, s, &c, &e) == -1 && e.code == ERR_NOT_FOUND);
	IS_STR(e.msg, "--board RPI_PICOW: no such board");
	contains("near", e.hint, "do you mean --board RPI_PICO or ");
	contains("near", e.hint, "RPI_PICO_W");
	board[0] = "'; DROP TABLE boards; --\n\033[31m";
	OK(choose_open(&o, s, &c, &e) == -1 && e.code == ERR_NOT_FOUND);
}

/* The variant is part of what is remembered. */
static void
check_variants(void)
{
	const struct choose_opts o = { .max_age_s = DAY };
	const struct device d = REPL();
	const struct choose_said said = { .info_ignore = -1 };
	struct board b = RUNS(.port = "rp2", .board_id = "RPI_PICO_W");
	struct choose *c = NULL;
	struct choice out;
	struct err e = ERR_INIT;

	OK(choose_open(&o, s, &c, &e) == 0);
	OK(choose_one(c, &d, &b, &said, &out, &e) == 0);
	b.variant = "X";
	OK(choose_one(c, &d, &b, &said, &out, &e) == -1 &&
	    e.code == ERR_NOT_FOUND);
	IS_STR(e.msg, "RPI_PICO_W-X: no stable on https://x/RPI_PICO_W/");
	IS_STR(e.hint, "the page has no firmware for it at all");
	choose_close(c);
}

/* Asked for that version of that board, which runs an old one. */
static void
ask_for(const char *wanted, int64_t max_age_s, const char *board_id,
    void (*look)(const struct choice *out))
{
	const struct choose_opts o = { .wanted = wanted, .max_age_s =
	    max_age_s };
	const struct device d = REPL();
	const struct board b = RUNS(.version = "v1.20.0", .build = -1,
	    .port = "rp2", .board_id = board_id);
	const struct choose_said said = { .info_ignore = -1 };
	struct choose *c = NULL;
	struct choice out;
	struct err e = ERR_INIT;

	OK(choose_open(&o, s, &c, &e) == 0);
	OK(choose_one(c, &d, &b, &said, &out, &e) == 0);
	look(&out);
	choose_close(c);
}

static void
no_source(const struct choice *out)
{
	IS_STR(out->firmware.version, "v1.24.0");
	OK(out->firmware.source == NULL && out->firmware.file_name == NULL);
	OK(out->runner_up == NULL);
}

static void
own_file(const struct choice *out)
{
	IS_STR(out->firmware.version, "v1.28.0");
	OK(out->runner_up != NULL);
	IS_STR(out->runner_up->file.name, "rp2/W-v1.27.0.uf2");
}

static void
fresh(const struct choice *out)
{
	OK(out->firmware.index_age_s == 60 && out->firmware.index_stale == 0);
	IS_STR(out->firmware.version, "v1.28.0");
}

static void
stale(const struct choice *out)
{
	OK(out->firmware.index_age_s == 60 && out->firmware.index_stale == 1);
	IS_STR(out->firmware.version, NULL);
}

/* What lies in the folder is taken for what it is. */
static void
check_folder(void)
{
	/* Without an address, with a path for one, of another port. */
	ask_for("1.24.0", DAY, "RPI_PICO", no_source);
	/* A link of the page, and the file of that name. */
	ask_for("stable", DAY, "RPI_PICO_W", own_file);
	/* The index may be as old as was said, and not older. */
	ask_for("stable", 60, "RPI_PICO_W", fresh);
	ask_for("stable", 59, "RPI_PICO_W", stale);
}

/* More kinds of boards than are kept, twice. */
static void
check_kinds(void)
{
	const struct choose_opts o = { .max_age_s = DAY };
	const struct device d = REPL();
	const struct choose_said said = { .info_ignore = -1 };
	struct board b = RUNS(.port = "rp2");
	struct choose *c = NULL;
	struct choice out;
	struct err e = ERR_INIT;
	char id[16];
	int bad = 0;

	OK(choose_open(&o, s, &c, &e) == 0);
	for (int i = 0; i < 400; i++) {
		snprintf(id, sizeof(id), "B%d", i % 200);
		b.board_id = i % 7 == 0 ? "RPI_PICO_W" : id;
		bad += choose_one(c, &d, &b, &said, &out, &e) != 0 ||
		    (out.firmware.version != NULL) != (i % 7 == 0);
	}
	OK(bad == 0);
	choose_close(c);
}

struct tally {
	struct choose	*c;
	struct facts	*f;
	unsigned	 rows, right, alike, asked, wrong;
};

static bool
is_listed(const struct choice *out, const struct board_name *name)
{
	const char *const *p = out->candidates;
	char id[BOARD_NAME_TEXT];

	board_name_text(name, id);
	for (; p != NULL && *p != NULL; p++)
		if (strcmp(*p, id) == 0)
			return true;
	return false;
}

/* The row as its firmware would show itself at that release. */
static void
show(struct tally *t, const struct fact *row, const char *version)
{
	const struct device d = REPL();
	const struct choose_said said = { .info_ignore = -1 };
	const struct board b = { .version = version, .build = -1,
	    .port = row->port, .description = row->machine };
	const struct board_name then = { row->port, row->board_id,
	    row->variant }, now = facts_today(t->f, &then, NULL);
	struct choice out;
	struct err err = ERR_INIT;
	bool listed;

	t->rows++;
	if (choose_one(t->c, &d, &b, &said, &out, &err) == 0) {
		const struct board_name got = { out.firmware.port,
		    out.firmware.board_id, out.firmware.variant };

		listed = facts_software(t->f, &now) && is_listed(&out, &now);
		t->right += board_name_equal(&got, &now);
		t->alike += !board_name_equal(&got, &now) && listed;
		t->wrong += !board_name_equal(&got, &now) && !listed;
		return;
	}
	listed = is_listed(&out, &now);
	t->asked += err.code == ERR_AMBIGUOUS && listed;
	t->wrong += err.code != ERR_AMBIGUOUS || !listed;
}

static int
show_release(const char *version, void *ctx)
{
	struct tally *t = ctx;
	struct version v;
	size_t n;
	const struct fact *rows = facts_rows(t->f, &n);

	OK(version_parse(version, &v));
	for (size_t i = 0; i < n; i++)
		if (fact_holds(&rows[i], facts_when(t->f, &v)))
			show(t, &rows[i], version);
	return 0;
}

/*
 * Every board and variant of every release, by its machine string alone: it
 * gets today's firmware for itself, or the plain one that it differs from in
 * software alone, or the user is asked; then it is among the candidates.
 */
static void
check_nothing_wrong(void)
{
	const struct choose_opts o = { .max_age_s = DAY,
	    .other_tools = true };
	struct tally t = { .c = NULL };
	struct store *memory = NULL;
	struct err err = ERR_INIT;

	OK(store_memory(&memory, &err) == 0);
	OK(facts_open(memory, &t.f, &err) == 0);
	OK(choose_open(&o, memory, &t.c, &err) == 0);
	OK(store_releases(memory, show_release, &t, &err) == 0);
	printf("# %u rows: %u right, %u alike, %u asked, %u wrong\n", t.rows,
	    t.right, t.alike, t.asked, t.wrong);
	OK(t.rows == 3525 && t.wrong == 0);
	OK(t.right + t.alike + t.asked == t.rows);
	OK((t.right + t.alike) * 1000 >= t.rows * 965);
	choose_close(t.c);
	facts_close(t.f);
	store_close(memory);
}

int
main(void)
{
	begin_in_tmp();
	clock_fake(1800000000000);
	fill();
	check_whole();
	check_refused();
	check_variants();
	check_folder();
	check_kinds();
	check_nothing_wrong();
	store_close(s);
	return tap_done();
}
