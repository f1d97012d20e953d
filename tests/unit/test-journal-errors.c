/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE		/* RTLD_NEXT */
#include "journal/journal.h"

#include "journal/said.h"
#include "store-fault.h"

#define AT	"2026-11-20T12:00:00Z"
#define NOW	"2026-11-21T08:00:00Z"
#define SHA	"00ff"

/* Each thing that the journal compares, changed alone; each call, failing. */

static const struct journal flashed = { .device_id = "h/usb/1-1", .uid = "e6",
	.flashed = true, .port = "rp2", .board_id = "X", .variant = "V",
	.version = "v1.2", .build = 7, .commit = "abc", .custom = 0,
	.flash_date = AT, .source = "https://x/y", .file_name = "y",
	.sha256 = SHA };

/* One record in a group of its own; failed NULL: j is written. */
static int
write_group(struct store *s, const struct journal *j,
    const struct record *failed, bool *written, struct err *e)
{
	int r;

	*written = false;
	if (store_begin(s, e) == -1)
		return -1;
	r = failed != NULL ? journal_write_failed(failed, s, NOW, e) :
	    journal_write_store(j, s, NOW, written, e);
	if (r == 0)
		r = store_commit(s, e);
	else
		store_rollback(s);
	*written = *written && r == 0;
	return r;
}

/* Is there something new to write? */
static bool
is_new(struct store *s, const struct journal *j)
{
	struct err e = ERR_INIT;
	bool written = false;

	OK(write_group(s, j, NULL, &written, &e) == 0);
	return written;
}

/* What differs in one column is written; what does not is not. */
static void
check_columns(struct store *s, struct journal base)
{
	struct journal j[13];

	for (size_t i = 0; i < N(j); i++)
		j[i] = base;
	j[0].device_id = "h/usb/1-2";
	j[1].port = "esp32";
	j[2].board_id = "Y";
	j[3].variant = NULL;
	j[4].version = "v1.3";
	j[5].build = 8;
	j[6].commit = "abd";
	j[7].custom = 1;
	j[8].source = "https://x/z";
	j[9].file_name = "z";
	j[10].sha256 = "00fe";
	j[11].flash_date = "2026-11-20T12:00:01Z";
	j[12].variant = "W";
	for (size_t i = 0; i < N(j); i++) {
		is_new(s, &base);
		OK(!is_new(s, &base));
		OK(is_new(s, &j[i]));
		OK(!is_new(s, &j[i]));
	}
}

/* A board without an id has events alone, known by its place. */
static void
check_events(struct store *s)
{
	struct journal j[4], base = flashed;

	base.uid = NULL;
	OK(is_new(s, &base) && !is_new(s, &base));
	for (size_t i = 0; i < N(j); i++)
		j[i] = base;
	j[0].version = "v1.3";
	j[1].sha256 = "00fe";
	j[2].flash_date = "2026-11-20T12:00:02Z";
	j[3].device_id = "h/usb/1-2";
	for (size_t i = 0; i < N(j); i++)
		OK(is_new(s, &j[i]) && !is_new(s, &j[i]));
	/* Seen, and then flashed with the same. */
	base.device_id = "h/usb/1-3";
	base.flashed = false;
	OK(is_new(s, &base) && !is_new(s, &base));
	base.sha256 = NULL;
	OK(!is_new(s, &base));
	base.sha256 = "00fe";
	OK(is_new(s, &base));
	base.flashed = true;
	base.flash_date = NOW;		/* when the note of it was taken */
	OK(is_new(s, &base) && !is_new(s, &base));
}

/* Of a board that was only seen, what was known before stays, or goes. */
static void
check_seen(struct store *s)
{
	static const struct journal seen = { .device_id = "h/usb/1-1",
		.uid = "e6", .port = "rp2", .board_id = "X", .variant = "V",
		.version = "v1.2", .build = -1, .custom = -1 };
	struct journal j[6];

	for (size_t i = 0; i < N(j); i++)
		j[i] = seen;
	j[0].port = "esp32";
	j[1].board_id = "Y";
	j[2].variant = NULL;
	j[3].version = "v1.3";
	j[4].build = 8;
	j[5].commit = "abd";
	for (size_t i = 0; i < N(j); i++) {
		is_new(s, &flashed);
		OK(!is_new(s, &seen));
		OK(number(store_dir(s), "SELECT count(*) FROM mpf_device WHERE "
		    "sha256 = '" SHA "' AND flashed_at = '" AT "'") == 1);
		OK(is_new(s, &j[i]));
		OK(number(store_dir(s), "SELECT count(*) FROM mpf_device WHERE "
		    "sha256 IS NULL AND flashed_at IS NULL") == 1);
	}
}

#define HEAD	"[firmware]\nboard_id = \"X-V\"\nport = \"rp2\"\n"
#define GOOD	HEAD "version = \"v1.2\"\nbuild = 7\ncommit = \"abcdef\"\n"

/* Does the board's file speak of the firmware that is on it? */
static void
check_said(void)
{
	static const struct {
		const char	*text;
		bool		 is_true;
	} cases[] = {
		{ GOOD, true },
		{ HEAD "version = \"v1.2\"\n", true },
		{ HEAD "version = \"v1.2\"\ncommit = \"abcd\"\n", true },
		{ HEAD "version = \"v1.2\"\ncommit = \"abc\"\n", true },
		{ HEAD "version = \"v1.2\"\ncommit = \"ab\"\n", true },
		{ HEAD, false },
		{ HEAD "version = \"v1.3\"\n", false },
		{ HEAD "version = 1\n", false },
		{ HEAD "version = \"v1.2\"\nbuild = 8\n", false },
		{ HEAD "version = \"v1.2\"\nbuild = \"7\"\n", false },
		{ HEAD "version = \"v1.2\"\ncommit = \"abd\"\n", false },
		{ HEAD "version = \"v1.2\"\ncommit = \"\"\n", false },
		{ HEAD "version = \"v1.2\"\ncommit = 7\n", false },
		{ "[firmware]\nversion = \"v1.2\"\n", true },
		{ "[firmware]\nversion = \"v1.2\"\nport = \"esp32\"\n", false },
		{ "[firmware]\nversion = \"v1.2\"\nport = 2\n", false },
		{ "[firmware]\nversion = \"v1.2\"\nboard_id = \"X\"\n", false },
	};
	struct journal less = flashed;
	struct err e = ERR_INIT;

	less.build = -1;
	less.commit = less.port = NULL;
	for (size_t i = 0; i < N(cases); i++) {
		const char *text = cases[i].text;
		struct toml *t = toml_parse(text, strlen(text), "t", &e);

		OK(t != NULL && said_true(&flashed, t) == cases[i].is_true);
		if (said_true(&flashed, t) != cases[i].is_true)
			printf("# %s\n", text);
		/* What is not known of the board cannot differ. */
		OK(said_true(&less, t) == (strstr(text, "\"v1.2\"") != NULL &&
		    strstr(text, "\"X\"") == NULL));
		toml_free(t);
	}
}

/* Of firmware from nowhere its digest is noted all the same. */
static void
check_digest_alone(void)
{
	struct journal j = flashed;
	struct toml *t = toml_new(TOML_TABLE);

	j.source = j.file_name = NULL;
	OK(journal_merge(&j, t));
	IS_STR(toml_str(toml_get(t, "source.hash")), "sha256:" SHA);
	IS_STR(toml_str(toml_get(t, "source.type")), "local");
	toml_free(t);
}

/* The nth call fails, if there are so many. */
static bool
fail_at(struct store *s, int n, const struct journal *j,
    const struct record *failed)
{
	struct err e = ERR_INIT;
	bool written = true, hit;
	int r;

	fault_at(NULL, n, EIO);
	r = write_group(s, j, failed, &written, &e);
	hit = fault_hit;
	fault_at(NULL, 0, 0);
	OK(r == (hit ? -1 : 0));
	OK(!hit || (e.code == ERR_IO && (failed != NULL || !written)));
	return hit;
}

/* Until it works; then both are there, and before that neither. */
static void
check_errors(const char *folder, const struct journal *j,
    const struct record *failed)
{
	const int64_t before = number(folder, "SELECT count(*) FROM mpf_event");
	struct store *s = NULL;
	struct err e = ERR_INIT;
	bool again = true;
	int n = 0;

	while (again && n++ < 100) {
		OK(store_open(folder, STORE_WRITE, &s, &e) == 0);
		again = fail_at(s, n, j, failed);
		store_close(s);
		OK(number(folder, "SELECT count(*) FROM mpf_event") ==
		    before + !again);
	}
	OK(n > 3 && n < 100);
}

static void
check_all_errors(const char *folder)
{
	static const char text[] = "{\"mpf\":1,\"device\":{\"id\":\"d\"},"
	    "\"error\":{\"stage\":\"flash\",\"code\":\"verify\",\"message\":"
	    "\"no\"}}";
	struct journal j = flashed;
	struct record *failed = NULL;
	struct err e = ERR_INIT;

	OK(record_parse(text, strlen(text), &failed, &e) == 0);
	j.version = "v1.9";
	check_errors(folder, &j, NULL);
	j.uid = NULL;
	check_errors(folder, &j, NULL);
	check_errors(folder, NULL, failed);
	record_free(failed);
}

int
main(void)
{
	struct store *s = NULL;
	struct err e = ERR_INIT;
	const char *folder;

	begin_in_tmp();
	small_share("v1.29.0-preview-7-gabcdef0");
	folder = in_tmp("j");
	OK(store_open(folder, STORE_WRITE, &s, &e) == 0);
	check_columns(s, flashed);
	check_events(s);
	check_seen(s);
	check_said();
	check_digest_alone();
	store_close(s);
	check_all_errors(folder);
	return tap_done();
}
