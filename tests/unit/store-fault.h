/* SPDX-License-Identifier: MIT */
#ifndef MPF_STORE_FAULT_H
#define MPF_STORE_FAULT_H

#include "fault.h"

#include <fcntl.h>
#include <sys/file.h>

#include "base/file.h"
#include "store-test.h"

#define N(a)	(sizeof(a) / sizeof((a)[0]))

/* store-fault: calls of SQLite that fail, and what the tests of that share. */

static int patience_ms;		/* as SQLite was told last */
static int inside;			/* SQLite, which calls itself */

static inline int
leave(int r)
{
	inside--;
	return r;
}

static inline bool
fails(const char *name)
{
	if (inside == 0 && fault(name))
		return true;
	inside++;
	return false;
}

int
sqlite3_prepare_v3(sqlite3 *db, const char *sql, int len, unsigned flags,
    sqlite3_stmt **st, const char **tail)
{
	*st = NULL;
	return fails("prepare") ? SQLITE_IOERR :
	    leave(FAULT_REAL(sqlite3_prepare_v3)(db, sql, len, flags, st,
	    tail));
}

int
sqlite3_prepare_v2(sqlite3 *db, const char *sql, int len, sqlite3_stmt **st,
    const char **tail)
{
	*st = NULL;
	return fails("prepare") ? SQLITE_IOERR :
	    leave(FAULT_REAL(sqlite3_prepare_v2)(db, sql, len, st, tail));
}

int
sqlite3_step(sqlite3_stmt *st)
{
	return fails("step") ? SQLITE_IOERR :
	    leave(FAULT_REAL(sqlite3_step)(st));
}

int
sqlite3_exec(sqlite3 *db, const char *sql,
    int (*fn)(void *, int, char **, char **), void *ctx, char **msg)
{
	/* What cannot fail is no fault: it undoes, or it is optional. */
	const bool may = strcmp(sql, "ROLLBACK") != 0 &&
	    strstr(sql, "journal_mode") == NULL;

	if (may && inside == 0 && fault("exec"))
		return SQLITE_IOERR;
	inside++;
	return leave(FAULT_REAL(sqlite3_exec)(db, sql, fn, ctx, msg));
}

sqlite3_backup *
sqlite3_backup_init(sqlite3 *to, const char *to_name, sqlite3 *from,
    const char *from_name)
{
	return inside == 0 && fault("backup") ? NULL :
	    FAULT_REAL(sqlite3_backup_init)(to, to_name, from, from_name);
}

int
sqlite3_busy_timeout(sqlite3 *db, int ms)
{
	patience_ms = ms;	/* but no test waits */
	return FAULT_REAL(sqlite3_busy_timeout)(db, 0);
}

/* The disk need not be waited for: nobody pulls the plug. */
int
fsync(int fd)
{
	(void)fd;
	return fault("fsync") ? -1 : 0;
}

int
fdatasync(int fd)
{
	(void)fd;
	return 0;
}

int
rename(const char *from, const char *to)
{
	return fault("rename") ? -1 : FAULT_REAL(rename)(from, to);
}

/* Facts of one board: the table of the tree has thousands of calls. */
static inline void
small_share(const char *tip)
{
	static const char renames[] = "port\told\tnew\tsince\thow\n"
	    "rp2\tOLD\tB\tv1.20\tby hand\n";
	struct err e = ERR_INIT;
	char boards[1024];

	snprintf(boards, sizeof(boards), "#versions\tv1.20\tv1.28.0\n#tip\t%s\n"
	    "port\tboard\tvariant\tfirst\tlast\tname\thw_mcu\tmachine\tmcu\t"
	    "product\tvendor\turl\tvid\tpid\tflash_offset\tvariant_text\t"
	    "differs\treleased\n"
	    "rp2\tB\t\tv1.20\tv1.28.0\tX\tY\t\t\t\t\t\t\t\t\t\t\t1\n",
	    tip);
	mkdir(in_tmp("share"), 0755);
	OK(file_write(in_tmp("share/boards.tsv"), boards, strlen(boards), 0644,
	    &e) == 0);
	OK(file_write(in_tmp("share/renames.tsv"), renames, strlen(renames),
	    0644, &e) == 0);
	setenv("MPF_SHARE", in_tmp("share"), 1);
}

/* Is it free for another process? */
static inline bool
lock_is_free(const char *folder)
{
	char path[256];
	int fd;
	bool free_now;

	snprintf(path, sizeof(path), "%s/mpflash.db.lock", folder);
	fd = open(path, O_RDWR);
	free_now = fd != -1 && flock(fd, LOCK_EX | LOCK_NB) == 0;
	close(fd);
	return free_now;
}

/* A row in each of the tables that are not facts. */
static inline void
put_rows(struct store *s)
{
	const struct store_page p = { .url = "https://p", .board_id = "B" };
	const struct store_device d = { .uid = "e6", .build = -1 };
	const struct store_event ev = { .device_id = "h/usb/1-1", .at = "2026",
	    .what = "recorded" };
	struct err e = ERR_INIT;

	OK(store_begin(s, &e) == 0);
	OK(put_file(s, "B", "rp2/old", &e) == 0);
	OK(store_page_put(s, &p, NULL, 0, &e) == 0);
	OK(store_device_put(s, &d, &e) == 0);
	OK(store_event_add(s, &ev, &e) == 0);
	OK(store_commit(s, &e) == 0);
}

/* --- for those who look at nothing --- */

static inline int
any_page(const struct store_page *p, void *ctx)
{
	(void)p;
	(void)ctx;
	return 0;
}

static inline int
any_link(const struct store_link *l, void *ctx)
{
	(void)l;
	(void)ctx;
	return 0;
}

static inline int
any_release(const char *version, void *ctx)
{
	(void)version;
	(void)ctx;
	return 0;
}

static inline int
any_rename(const struct store_rename *r, void *ctx)
{
	(void)r;
	(void)ctx;
	return 0;
}

static inline int
any_device(const struct store_device *d, void *ctx)
{
	(void)d;
	(void)ctx;
	return 0;
}

static inline int
any_event(const struct store_event *ev, void *ctx)
{
	(void)ev;
	(void)ctx;
	return 0;
}

/* --- functions of the store, whose calls of SQLite fail one by one --- */

struct store_operation {
	const char	*name;
	int		(*act)(struct store *s, struct err *e);
	bool		 writes;
};

/* The nth call from the opened store on fails; false: there were fewer. */
static inline bool
fail_operation_at(const char *folder, const struct store_operation *o, int n,
    int *bad)
{
	struct store *s = NULL;
	struct err e = ERR_INIT;
	bool hit;
	int r;

	if (store_open(folder, STORE_WRITE, &s, &e) == -1 ||
	    (o->writes && store_begin(s, &e) == -1)) {
		++*bad;
		store_close(s);
		return false;
	}
	fault_at(NULL, n, EIO);
	r = o->act(s, &e);
	hit = fault_hit;
	fault_at(NULL, 0, 0);
	if (hit ? r != -1 || e.code != ERR_IO : r == -1) {
		printf("# %s: %d: %s\n", o->name, n, e.msg);
		++*bad;
	}
	store_close(s);
	return hit;
}

/* Each call of each function: the function says so. */
static inline void
fail_operations(const char *folder, const struct store_operation *list,
    size_t count)
{
	int n, bad = 0;

	for (size_t i = 0; i < count; i++) {
		n = 1;
		while (n < 100 && fail_operation_at(folder, &list[i], n, &bad))
			n++;
		OK(bad == 0 && n > 2 && n < 100);
	}
}

#endif
