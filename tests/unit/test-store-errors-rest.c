/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE		/* RTLD_NEXT */
#include "store/check.h"
#include "store/history.h"
#include "store/search.h"
#include "store-fault.h"

/*
 * As test-store-errors: the functions for custom firmware, for boards and their
 * queue, for the history and for the search.
 */

#define SHA	"9f86d081884c7d659a2feaa0c55ad015" \
	"a3bf4f1b2b0b822cd15d6c15b0f00a08"

static int
any_custom(const char *file, const struct firmware *f, const struct image *im,
    void *ctx)
{
	(void)file, (void)f, (void)im, (void)ctx;
	return 0;
}

static int
any_source(const struct store_custom_source *c, void *ctx)
{
	(void)c, (void)ctx;
	return 0;
}

static int
any_text(const char *text, void *ctx)
{
	(void)text, (void)ctx;
	return 0;
}

static int
any_hit(const struct search_hit *hit, void *ctx)
{
	(void)hit, (void)ctx;
	return 0;
}

static int
any_success(const struct history_success *h, void *ctx)
{
	(void)h, (void)ctx;
	return 0;
}

/* Its bytes, in that file. */
static int
put_custom(struct store *s, const char *file, struct err *e)
{
	const struct firmware f = { .custom = 1, .sha256 = SHA,
	    .fits = { "B", "C-D" }, .git_changes = { "x" },
	    .features = { "ble" }, .dependencies = { "m" },
	    .tags = { "lab", "two" } };
	const struct image im = { .format = "uf2" };

	return store_custom_put(s, file, &f, &im, e);
}

static int
do_custom_put(struct store *s, struct err *e)
{
	return put_custom(s, "rp2/old", e);
}

static int
do_custom_move(struct store *s, struct err *e)
{
	return put_custom(s, "rp2/moved", e);
}

static int
do_custom_find(struct store *s, struct err *e)
{
	return store_custom_find(s, SHA, any_custom, NULL, e);
}

static int
do_custom_event(struct store *s, struct err *e)
{
	const struct store_custom_event ev = { SHA, "2026", "again", "x",
	    "y" };

	return store_custom_event(s, &ev, e);
}

static int
do_source_put(struct store *s, struct err *e)
{
	const struct store_custom_source c = { "x", "{}", SHA, "2026" };

	return store_custom_source_put(s, &c, e);
}

static int
do_sources(struct store *s, struct err *e)
{
	return store_custom_sources(s, any_source, NULL, e);
}

static int
do_files_by_sha256(struct store *s, struct err *e)
{
	int n = 0;

	return store_files_by_sha256(s, "9f86d08", count_file, &n, e);
}

static int
do_file_remove(struct store *s, struct err *e)
{
	return store_file_remove(s, "rp2/old", e);
}

static int
do_page_at(struct store *s, struct err *e)
{
	return store_page_at(s, "https://p", any_page, NULL, e);
}

static int
do_page_boards(struct store *s, struct err *e)
{
	return store_page_boards(s, any_text, NULL, e);
}

static int
do_devices(struct store *s, struct err *e)
{
	return store_devices(s, NULL, NULL, any_device, NULL, e);
}

static int
do_devices_by_sha256(struct store *s, struct err *e)
{
	return store_devices_by_sha256(s, "9f86d08", any_device, NULL, e);
}

static int
do_device_remove(struct store *s, struct err *e)
{
	return store_device_remove(s, "e6", e);
}

static int
do_device_toml(struct store *s, struct err *e)
{
	return store_device_toml(s, "e6", "x", "written", NULL, e);
}

static int
do_queue_put(struct store *s, struct err *e)
{
	return store_queue_put(s, "e6", "2026", "offline", e);
}

static int
do_queue_drop(struct store *s, struct err *e)
{
	return store_queue_drop(s, "e6", e);
}

static int
do_history(struct store *s, struct err *e)
{
	const struct history_filter f = HISTORY_FILTER_INIT;

	return store_history(s, &f, any_event, NULL, e);
}

static int
do_event_known(struct store *s, struct err *e)
{
	const struct store_event ev = { .at = "2026" };

	return store_event_known(s, &ev, e);
}

static int
do_history_verify(struct store *s, struct err *e)
{
	struct history_proof proof;

	return store_history_verify(s, NULL, &proof, e);
}

static int
do_history_success(struct store *s, struct err *e)
{
	return store_history_success(s, NULL, any_success, NULL, e);
}

static int
do_search(struct store *s, struct err *e)
{
	static const char *const words[] = { "b", NULL };

	return store_search(s, words, 10, any_hit, NULL, e);
}

static int
do_check(struct store *s, struct err *e)
{
	return store_check(s, any_text, NULL, e);
}

static const struct store_operation operations[] = {
	{ "custom_put", do_custom_put, true },
	{ "custom_put, moved", do_custom_move, true },
	{ "custom_find", do_custom_find, false },
	{ "custom_event", do_custom_event, true },
	{ "custom_source_put", do_source_put, true },
	{ "custom_sources", do_sources, false },
	{ "files_by_sha256", do_files_by_sha256, false },
	{ "file_remove", do_file_remove, true },
	{ "page_at", do_page_at, false },
	{ "page_boards", do_page_boards, false },
	{ "devices", do_devices, false },
	{ "devices_by_sha256", do_devices_by_sha256, false },
	{ "device_remove", do_device_remove, true },
	{ "device_toml", do_device_toml, true },
	{ "queue_put", do_queue_put, true },
	{ "queue_drop", do_queue_drop, true },
	{ "history", do_history, false },
	{ "event_known", do_event_known, false },
	{ "history_verify", do_history_verify, false },
	{ "history_success", do_history_success, false },
	{ "search", do_search, false },
	{ "check", do_check, false },
};

/* In no group nothing is written. */
static void
check_no_group(const char *folder)
{
	struct store *s = NULL;
	struct err e = ERR_INIT;

	OK(store_open(folder, STORE_WRITE, &s, &e) == 0);
	for (size_t i = 0; i < N(operations); i++) {
		if (!operations[i].writes)
			continue;
		e = (struct err)ERR_INIT;
		OK(operations[i].act(s, &e) == -1 && e.code == ERR_INTERNAL);
	}
	store_close(s);
}

int
main(void)
{
	const char *folder;
	struct store *s = NULL;
	struct err e = ERR_INIT;

	begin_in_tmp();
	small_share("v1.29.0-preview-7-gabcdef0");
	folder = in_tmp("all");
	OK(store_open(folder, STORE_WRITE, &s, &e) == 0);
	put_rows(s);
	OK(store_begin(s, &e) == 0 && put_custom(s, "rp2/old", &e) == 0 &&
	    put_file(s, "C", "rp2/moved", &e) == 0 &&
	    do_queue_put(s, &e) == 0 && do_source_put(s, &e) == 0 &&
	    store_commit(s, &e) == 0);
	store_close(s);
	fail_operations(folder, operations, N(operations));
	check_no_group(folder);
	OK(number(folder, "SELECT count(*) FROM mpf_custom WHERE file = "
	    "'rp2/old'") == 1);
	OK(number(folder, "SELECT count(*) FROM mpf_custom_event") == 0);
	OK(number(folder, "SELECT count(*) FROM mpf_device") == 1);
	return tap_done();
}
