/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE		/* RTLD_NEXT */
#include "store/store.h"

#include "store-fault.h"

/*
 * Each call of SQLite that a function of the store makes fails once: the
 * function says so, and what was stored before stays as it was.
 */

/* --- every function of the store, on a row of each table --- */

static int
do_file_put(struct store *s, struct err *e)
{
	return put_file(s, "B", "rp2/new", e);
}

static int
do_files(struct store *s, struct err *e)
{
	int n = 0;

	return store_files(s, NULL, NULL, NULL, count_file, &n, e);
}

static int
do_files_of(struct store *s, struct err *e)
{
	static const char *const versions[] = { "v1.28.0", NULL };
	int n = 0;

	return store_files_of(s, "B", "", versions, count_file, &n, e);
}

static int
do_file_find(struct store *s, struct err *e)
{
	int n = 0;

	return store_file_find(s, "rp2/old", count_file, &n, e);
}

static int
do_page_put(struct store *s, struct err *e)
{
	const struct store_page p = { .url = "https://p", .board_id = "B" };
	const struct store_link l[] = {
		{ .board_id = "B", .version = "v1.28.0", .build = -1,
		    .ext = "uf2", .url = "https://p/1" },
		{ .board_id = "B", .version = "v1.27.0", .build = -1,
		    .ext = "uf2", .url = "https://p/2" },
	};

	return store_page_put(s, &p, l, N(l), e);
}

static int
do_page_empty(struct store *s, struct err *e)
{
	const struct store_page p = { .url = "https://p", .board_id = "B" };

	return store_page_put(s, &p, NULL, 0, e);
}

static int
do_page_find(struct store *s, struct err *e)
{
	return store_page_find(s, "B", any_page, NULL, e);
}

static int
do_page_seen(struct store *s, struct err *e)
{
	return store_page_seen(s, "https://p", 5, e);
}

static int
do_links(struct store *s, struct err *e)
{
	return store_links(s, "https://p", any_link, NULL, e);
}

static int
do_boards_by_machine(struct store *s, struct err *e)
{
	int n = 0;

	return store_boards_by_machine(s, "X with Y", count_board, &n, e);
}

static int
do_boards_by_id(struct store *s, struct err *e)
{
	int n = 0;

	return store_boards_by_id(s, "rp2", NULL, count_board, &n, e);
}

static int
do_board_put(struct store *s, struct err *e)
{
	const struct store_board b = { .port = "rp2", .board_id = "OWN" };

	return store_board_put(s, &b, e);
}

static int
do_releases(struct store *s, struct err *e)
{
	return store_releases(s, any_release, NULL, e);
}

static int
do_renames(struct store *s, struct err *e)
{
	return store_renames(s, any_rename, NULL, e);
}

static int
do_device_put(struct store *s, struct err *e)
{
	const struct store_device d = { .uid = "e6", .build = -1 };

	return store_device_put(s, &d, e);
}

static int
do_device_find(struct store *s, struct err *e)
{
	return store_device_find(s, "e6", any_device, NULL, e);
}

static int
do_event_add(struct store *s, struct err *e)
{
	const struct store_event ev = { .device_id = "h/usb/1-1", .at = "2026",
	    .what = "recorded" };

	return store_event_add(s, &ev, e);
}

static int
do_event_last(struct store *s, struct err *e)
{
	return store_event_last(s, "h/usb/1-1", any_event, NULL, e);
}

static const struct store_operation operations[] = {
	{ "file_put", do_file_put, true },
	{ "files", do_files, false },
	{ "files_of", do_files_of, false },
	{ "file_find", do_file_find, false },
	{ "page_put", do_page_put, true },
	{ "page_put, no links", do_page_empty, true },
	{ "page_find", do_page_find, false },
	{ "page_seen", do_page_seen, true },
	{ "links", do_links, false },
	{ "boards_by_machine", do_boards_by_machine, false },
	{ "boards_by_id", do_boards_by_id, false },
	{ "board_put", do_board_put, true },
	{ "releases", do_releases, false },
	{ "renames", do_renames, false },
	{ "device_put", do_device_put, true },
	{ "device_find", do_device_find, false },
	{ "event_add", do_event_add, true },
	{ "event_last", do_event_last, false },
};

static void
check_operations(void)
{
	const char *folder = in_tmp("all");
	struct store *s = NULL;
	struct err e = ERR_INIT;

	OK(store_open(folder, STORE_WRITE, &s, &e) == 0);
	put_rows(s);
	store_close(s);
	fail_operations(folder, operations, N(operations));
	OK(number(folder, "SELECT count(*) FROM mpf_file") == 1);
	OK(number(folder, "SELECT count(*) FROM mpf_event") == 1);
}

static int disk_errno;		/* what the disk says to each write */

ssize_t
pwrite(int fd, const void *p, size_t n, off_t at)
{
	errno = disk_errno;
	return errno != 0 ? -1 : FAULT_REAL(pwrite)(fd, p, n, at);
}

ssize_t
pwrite64(int fd, const void *p, size_t n, off64_t at)
{
	errno = disk_errno;
	return errno != 0 ? -1 : FAULT_REAL(pwrite64)(fd, p, n, at);
}

/* A disk that is full is told from one that is broken. */
static void
check_disk(void)
{
	static const struct {
		int		eno;
		enum err_code	code;
	} disk[] = {
		{ ENOSPC, ERR_SPACE }, { EDQUOT, ERR_SPACE },
		{ EFBIG, ERR_SPACE }, { EIO, ERR_IO }, { EBADF, ERR_IO },
	};
	struct store *s = NULL;
	struct err e;

	OK(store_open(in_tmp("all"), STORE_WRITE, &s, &e) == 0);
	for (size_t i = 0; i < N(disk); i++) {
		e = (struct err)ERR_INIT;
		OK(store_begin(s, &e) == 0);
		OK(put_file(s, "B", "rp2/lost", &e) == 0);
		disk_errno = disk[i].eno;
		OK(store_commit(s, &e) == -1);
		disk_errno = 0;
		OK(e.code == disk[i].code);
	}
	store_close(s);
}

/* Another program, which knows nothing of our lock, is writing. */
static void
check_other_writer(void)
{
	struct store *s = NULL;
	struct err e = ERR_INIT;
	sqlite3 *db = NULL;

	OK(store_open(in_tmp("all"), STORE_WRITE, &s, &e) == 0);
	OK(sqlite3_open(in_tmp("all/mpflash.db"), &db) == SQLITE_OK &&
	    sqlite3_exec(db, "BEGIN IMMEDIATE", NULL, NULL, NULL) ==
	    SQLITE_OK);
	OK(store_begin(s, &e) == -1 && e.code == ERR_BUSY);
	OK(strstr(e.msg, "another program is writing") != NULL);
	sqlite3_close(db);
	OK(store_begin(s, &e) == 0);
	store_close(s);
}

/* A group that cannot begin or end: an error, nothing stored, no lock held. */
static void
check_group(void)
{
	const char *folder = in_tmp("all");
	struct store *s = NULL;
	struct err e = ERR_INIT;

	OK(store_open(folder, STORE_WRITE, &s, &e) == 0);
	OK(patience_ms == 10000);	/* after the change to WAL, too */
	fault_at("exec", 1, EIO);
	OK(store_begin(s, &e) == -1 && e.code == ERR_IO && fault_hit);
	OK(lock_is_free(folder));
	OK(store_commit(s, &e) == -1 && e.code == ERR_INTERNAL);

	OK(store_begin(s, &e) == 0 && !lock_is_free(folder));
	OK(put_file(s, "B", "rp2/lost", &e) == 0);
	fault_at("exec", 1, EIO);
	OK(store_commit(s, &e) == -1 && e.code == ERR_IO && fault_hit);
	OK(lock_is_free(folder));
	OK(store_begin(s, &e) == 0);	/* no group is open any more */
	OK(put_file(s, "B", "rp2/kept", &e) == 0);
	OK(store_commit(s, &e) == 0 && lock_is_free(folder));
	store_close(s);
	OK(number(folder, "SELECT count(*) FROM mpf_file") == 2);

	OK(store_open(folder, STORE_WRITE, &s, &e) == 0);
	OK(store_begin(s, &e) == 0);
	OK(put_file(s, "B", "rp2/open", &e) == 0);
	store_close(s);			/* undoes what was not committed */
	OK(number(folder, "SELECT count(*) FROM mpf_file") == 2);
}

int
main(void)
{
	begin_in_tmp();
	small_share("v1.29.0-preview-7-gabcdef0");
	check_operations();
	check_group();
	check_disk();
	check_other_writer();
	return tap_done();
}
