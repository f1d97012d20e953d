/* SPDX-License-Identifier: MIT */
#include <stdlib.h>

#include "base/clock.h"
#include "base/mem.h"
#include "fetch/run.h"

/*
 * keep: files that came whole get their names and their rows.  To wait for the
 * disk is what takes time here, so that those that end at nearly the same time
 * share it: one transaction, and one sync of their folder.
 *
 * Each has its name before its row: what dies in between leaves a file without
 * a row, which is looked at like a new one.
 */

#define GROUP		8u
#define GROUP_MS	50		/* nobody waits for longer than that */

/* One gets its name.  Its error is its own. */
static void
place_file(struct file_task *t)
{
	const struct item *it = t->waiting;

	if (item_check_known(it, &t->local, &t->e) == -1 ||
	    item_keep_sig(it, t->path, &t->e) == -1)
		return;
	part_ready(&t->part);
	file_place(&t->part.out, &t->e);
}

/* The rows of those that have their names.  This error is everybody's. */
static int
put_file_rows(struct file_task *const *v, size_t n, struct err *e)
{
	const char *synced = NULL;
	size_t i;

	for (i = 0; i < n; i++) {
		if (v[i]->e.code != ERR_NONE)
			continue;
		if (synced == NULL || !file_same_folder(synced, v[i]->path))
			file_sync_folder(v[i]->path);
		synced = v[i]->path;
		if (item_put_row(v[i]->waiting, &v[i]->local, e) == -1)
			return -1;
	}
	return 0;
}

static int
keep_files(struct store *s, struct file_task *const *v, size_t n, struct err *e)
{
	size_t i;

	if (store_begin(s, e) == -1)
		return -1;
	for (i = 0; i < n; i++)
		place_file(v[i]);
	if (put_file_rows(v, n, e) == 0 && store_commit(s, e) == 0)
		return 0;
	store_rollback(s);
	return -1;
}

/* The end of each; it may begin others. */
static void
tell_files(struct file_task *const *v, size_t n, const struct err *all)
{
	size_t i;

	for (i = 0; i < n; i++) {
		const struct err one = v[i]->e;

		v[i]->e = (struct err)ERR_INIT;
		if (one.code != ERR_NONE)
			file_task_failed(v[i], &one);
		else if (all->code != ERR_NONE)
			file_task_failed(v[i], all);
		else
			file_task_done(v[i]);
	}
}

/* How long those that came whole may still wait; -1: there are none. */
static int
left_ms(const struct fetch *f, size_t *n)
{
	const struct file_task *t;
	int64_t since = INT64_MAX;
	bool more = false;

	*n = 0;
	for (t = f->files; t != NULL; t = t->next) {
		more = more || !t->whole;
		if (t->whole && t->whole_ms < since)
			since = t->whole_ms;
		*n += t->whole;
	}
	return *n == 0 ? -1 : *n >= GROUP || !more ? 0 :
	    clock_left_ms(since + GROUP_MS);
}

int
files_wait_ms(const struct fetch *f, int ms)
{
	size_t n;
	const int left = left_ms(f, &n);

	return left == -1 || left > ms ? ms : left;
}

void
files_keep(struct fetch *f, bool now)
{
	struct file_task **v, *t;
	struct err e = ERR_INIT;
	size_t n, i = 0;
	const int left = left_ms(f, &n);

	if (left == -1 || (left > 0 && !now))
		return;
	v = mem_alloc(n * sizeof(*v));
	for (t = f->files; t != NULL; t = t->next)
		if (t->whole)
			v[i++] = t;
	keep_files(f->store, v, n, &e);
	tell_files(v, n, &e);
	free(v);
}
