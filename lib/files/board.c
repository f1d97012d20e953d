/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "bus/bus.h"
#include "files/files_in.h"

/* At the root there may be other file systems beside the flash's own. */
static const char *const others[] = { "sd", "sdcard", "rom", NULL };

void
files_done_release(struct files_done *d)
{
	free(d->path);
	d->path = NULL;
}

void
files_list_release(struct files_list *l)
{
	for (size_t i = 0; i < l->n; i++)
		free(l->v[i].path);
	free(l->v);
	*l = (struct files_list){ .v = NULL };
}

void
files_list_add(struct files_list *l, const char *path, int64_t size_bytes,
    const char *sha256)
{
	struct files_entry *f;

	l->v = mem_grow(l->v, l->n + 1, sizeof(*l->v));
	f = &l->v[l->n++];
	*f = (struct files_entry){ .path = mem_str(path),
		.size_bytes = size_bytes };
	if (sha256 != NULL)
		snprintf(f->sha256, sizeof(f->sha256), "%s", sha256);
	if (size_bytes != -1) {
		l->size_bytes += size_bytes;
		l->count++;
	}
}

static int
compare_paths(const void *a, const void *b)
{
	return strcmp(((const struct files_entry *)a)->path,
	    ((const struct files_entry *)b)->path);
}

void
files_list_sort(struct files_list *l)
{
	size_t n = 0;

	if (l->n == 0)
		return;
	qsort(l->v, l->n, sizeof(*l->v), compare_paths);
	/* A folder may have come more than once. */
	for (size_t i = 1; i < l->n; i++) {
		if (strcmp(l->v[n].path, l->v[i].path) == 0)
			free(l->v[i].path);
		else
			l->v[++n] = l->v[i];
	}
	l->n = n + 1;
}

/* A host that has the board's drive mounted would write over what we do. */
static int
check_mount(const struct files_job *job, struct err *e)
{
	struct bus *b;
	struct bus_place place = { .present = false };
	int res;

	if (job->device->usb_path == NULL)
		return 0;
	b = bus_new(job->sysroot);
	res = bus_look(b, job->device->usb_path, -1, &place, e);
	if (res == 0 && place.volume != NULL) {
		err_set(e, ERR_BUSY, "%s: its drive is mounted at %s",
		    job->device->id, place.volume);
		res = err_hint(e, "unmount it first: umount %s",
		    place.volume);
	}
	bus_place_release(&place);
	bus_free(b);
	return res;
}

int
files_open(const struct files_job *job, struct files_board *out,
    struct err *e)
{
	const struct session_opts how = { .deadline = job->deadline };
	const struct files_port *p = files_port(job->board->port);
	struct err ignored = ERR_INIT;

	*out = (struct files_board)FILES_BOARD_INIT;
	out->job = job;
	out->root = p != NULL ? p->root : "";
	if (check_mount(job, e) == -1 ||
	    session_open(job->device, job->sysroot, &how, &out->session,
	    e) == -1)
		return -1;
	if (session_check_uid(&out->session, job->board->uid, e) == 0)
		return 0;
	session_close(&out->session, &ignored);
	return err_wrap(e, "%s", job->device->id);
}

int
files_close(struct files_board *b, struct err *e)
{
	return session_close(&b->session, e);
}

static int
add_entry(void *ctx, const char *path, int64_t size_bytes, struct err *e)
{
	(void)e;
	files_list_add(ctx, path, size_bytes, NULL);
	return 0;
}

int
files_look(struct files_board *b, struct files_list *out, struct err *e)
{
	const int res = repl_list(b->session.repl, b->root, others,
	    b->session.work_ms, add_entry, out, e);

	files_list_sort(out);
	return res;
}

char *
files_name(const struct files_board *b, const char *path)
{
	return mem_printf("%s%s", b->root, path);
}

/* Of the file under way. */
static void
tell_bytes(void *ctx, size_t bytes)
{
	const struct files_board *b = ctx;

	if (b->job->progress != NULL)
		b->job->progress(b->job->rec, b->step, b->before +
		    (int64_t)bytes, b->total, "bytes");
}

void
files_begin_step(struct files_board *b, const char *step, int64_t total)
{
	b->step = step;
	b->before = 0;
	b->total = total;
	repl_watch(b->session.repl, tell_bytes, b);
}

void
files_step(struct files_board *b, int64_t bytes)
{
	b->before += bytes;
	tell_bytes(b, 0);
}
