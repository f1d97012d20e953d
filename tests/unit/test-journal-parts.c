/* SPDX-License-Identifier: MIT */
/* Parts of the journal: its history, its row, and who it was. */
#include "journal/device.h"
#include "journal/who.h"
#include "store-test.h"

#define SHA_A	"aaaa6d081884c7d659a2feaa0c55ad01" \
		"a3bf4f1b2b0b822cd15d6c15b0f00a08"
#define SHA_B	"bbbb6d081884c7d659a2feaa0c55ad01" \
		"a3bf4f1b2b0b822cd15d6c15b0f00a08"
#define N(a)	(sizeof(a) / sizeof((a)[0]))

static struct store *s;
static struct err e = ERR_INIT;
static const char *folder;

static const struct store_device row_whole = { .uid = "e6", .port = "rp2",
	.board_id = "X", .version = "v1.2", .build = -1, .sha256 = SHA_A };

static void
put_row(const struct store_device *d)
{
	OK(store_begin(s, &e) == 0 && store_device_put(s, d, &e) == 0 &&
	    store_commit(s, &e) == 0);
}

/* One entry, in a group of its own. */
static void
write_entry(const struct journal *j)
{
	bool written;

	OK(store_begin(s, &e) == 0);
	OK(journal_write_store(j, s, "2026-11-21", &written, &e) == 0);
	OK(store_commit(s, &e) == 0 && written);
}

static int64_t
events_with(const char *condition)
{
	char sql[300];

	snprintf(sql, sizeof(sql), "SELECT count(*) FROM mpf_event WHERE %s",
	    condition);
	return number(folder, sql);
}

/* How long it took; and what is foreign, where a row knew no version. */
static void
check_history(void)
{
	const struct store_device blank = { .uid = "f1", .build = -1 };
	struct journal j = JOURNAL_INIT;

	j.uid = "f1";
	j.device_id = "h/usb/1-7";
	j.port = "rp2";
	j.board_id = "X";
	j.version = "v1.2";
	put_row(&blank);
	write_entry(&j);
	OK(events_with("uid = 'f1' AND what = 'recorded' AND stages IS "
	    "NULL") == 1);
	j.version = "v1.3";
	write_entry(&j);
	OK(events_with("uid = 'f1' AND what = 'foreign'") == 1);
	j.version = "v1.4";
	j.flashed = true;
	j.stale = true;			/* its file is from before */
	j.flash_ms = 7;
	write_entry(&j);
	OK(events_with("uid = 'f1' AND what = 'flashed' AND stages = "
	    "'{\"flash\":7}'") == 1);
}

/* Does the file that was written say what the row says? */
static void
check_compare(void)
{
	static const char head[] = "[firmware]\nversion = \"v1.2\"\n";
	static const struct {
		const char	*more;
		bool		 same;
	} t[] = {
		{ "", true }, { "[source]\nhash = \"sha256:" SHA_A "\"", true },
		{ "[source]\nhash = \"sha256:" SHA_B "\"", false },
		{ "port = \"esp32\"", false },
	};
	const struct journal j = { .uid = "e6" };
	struct journal row;
	char text[300];

	put_row(&row_whole);
	for (size_t i = 0; i < N(t); i++) {
		snprintf(text, sizeof(text), "%s%s\n", head, t[i].more);
		e = (struct err)ERR_INIT;
		OK(journal_compare(&j, s, text, &e) == (t[i].same ? 0 : -1));
		OK(e.code == (t[i].same ? ERR_NONE : ERR_VERIFY));
	}
	OK(journal_compare(&j, s, "x = ", &e) == -1 && e.code == ERR_INPUT);
	OK(journal_compare(&j, s, NULL, &e) == 0);
	device_journal(&row_whole, &row);
	OK(row.flashed && row.build == -1);
	IS_STR(row.sha256, SHA_A);
}

/* The file that a row makes; of a board that has no name there is none. */
static void
check_made(void)
{
	struct store_device d = row_whole;
	char *text = device_toml(s, &d);

	OK(text != NULL && strstr(text, "hash = \"sha256:" SHA_A "\"") != NULL);
	free(text);
	for (int i = 0; i < 3; i++) {
		d = row_whole;
		*(i == 0 ? &d.board_id : i == 1 ? &d.port : &d.version) = NULL;
		OK(device_toml(s, &d) == NULL);
	}
}

/* Custom firmware may have a commit and no address of its own. */
static void
check_git(void)
{
	struct journal j = JOURNAL_INIT;
	struct toml *t = toml_new(TOML_TABLE);
	int64_t n = -1;

	j.port = "rp2";
	j.board_id = "X";
	j.version = "v1.2";
	j.flashed = true;
	j.source = "https://x/y";
	j.about.git_commit = "abcdef0";
	OK(journal_merge(&j, t));
	IS_STR(toml_str(toml_get(t, "source.type")), "git");
	IS_STR(toml_str(toml_get(t, "source.url")), "https://x/y");
	j.about.git_url = "https://x/z.git";
	j.about.git_commits_since_tag = 0;
	OK(journal_merge(&j, t));
	OK(toml_int(toml_get(t, "source.git.commits_since_tag"), &n) &&
	    n == 0);
	IS_STR(toml_str(toml_get(t, "source.url")), "https://x/z.git");
	toml_free(t);
}

/* Who it was, and how long it took. */
static void
check_who(void)
{
	static const struct {
		int64_t		 flash, record;
		const char	*stages;
	} t[] = {
		{ -1, -1, "" }, { 0, -1, "{\"flash\":0}" },
		{ -1, 5, "{\"record\":5}" },
		{ 7, 5, "{\"flash\":7,\"record\":5}" },
	};
	struct journal_who w;

	setenv("MPF_HOST", "bench", 1);
	for (size_t i = 0; i < N(t); i++) {
		w = journal_who(t[i].flash, t[i].record);
		IS_STR(w.stages, t[i].stages);
		IS_STR(w.host, "bench");
	}
	unsetenv("SUDO_USER");
	w = journal_who(-1, -1);
	OK(w.user[0] != '\0');
	setenv("SUDO_USER", "ann", 1);
	w = journal_who(-1, -1);
	OK((strcmp(w.user, "ann") == 0) == (getuid() == 0));
	setenv("SUDO_USER", "", 1);
	w = journal_who(-1, -1);
	OK(w.user[0] != '\0');
}

int
main(void)
{
	begin_in_tmp();
	folder = in_tmp("store");
	OK(store_open(folder, STORE_WRITE, &s, &e) == 0);
	check_history();
	check_compare();
	check_made();
	check_git();
	store_close(s);
	check_who();
	return tap_done();
}
