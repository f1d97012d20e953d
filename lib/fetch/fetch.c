/* SPDX-License-Identifier: MIT */
#include "fetch/fetch.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "fetch/run.h"
#include "site/source.h"

#define WAIT_MS		1000		/* a signal may come just before */

static int
open_fetch_store(struct fetch *f, struct err *e)
{
	if (store_open(f->dir, STORE_WRITE, &f->store, e) == 0)
		return store_below(f->store, e);
	return e->hint[0] != '\0' ? -1 : err_todo(e, NEXT_CHOOSE_FOLDER,
	    "--dir names another firmware folder");
}

/* "$FILE" of a script where that is not set: not what anybody meant. */
static int
check_empty_options(const struct fetch_opts *o, struct err *e)
{
	const struct {
		const char	*name, *value;
	} given[] = {
		{ "lock", o->lock }, { "cacert", o->http.cacert },
	};
	size_t i;

	for (i = 0; i < sizeof(given) / sizeof(given[0]); i++)
		if (given[i].value != NULL && given[i].value[0] == '\0') {
			err_set(e, ERR_USAGE, "--%s '': empty file name",
			    given[i].name);
			return err_hint(e, "name one, or leave it out");
		}
	return 0;
}

static int
check_fetch_options(const struct fetch_opts *o, struct err *e)
{
	if (o->offline && o->force)
		return err_set(e, ERR_USAGE, "--offline and --force: not "
		    "both");
	return check_empty_options(o, e);
}

int
fetch_open(const struct fetch_opts *o, struct fetch **out, struct err *e)
{
	struct fetch *f = mem_alloc(sizeof(*f));

	f->o = *o;
	f->dir = mem_str(o->dir);
	if (check_fetch_options(o, e) == -1 ||
	    mirrors_open(o->mirrors, &f->mirrors, e) == -1 ||
	    github_api_open(&f->github, e) == -1 ||
	    keys_open(f, e) == -1 || lock_open(f, e) == -1 ||
	    open_fetch_store(f, e) == -1 || means_open(&f->means, e) == -1 ||
	    http_open(&o->http, &f->http, e) == -1) {
		fetch_close(f);
		return -1;
	}
	*out = f;
	return 0;
}

void
item_forget(struct item *it)
{
	while (it->n_kept > 0)
		free(it->kept[--it->n_kept]);
	free(it->kept);
	asset_task_free(it->asset);
	sig_task_free(it->sig);
}

static void
item_free(struct item *it)
{
	item_forget(it);
	free(it);
}

static void
drop_tasks(struct fetch *f)
{
	while (f->pages != NULL)
		page_task_free(f->pages);
	while (f->files != NULL)
		file_task_free(f->files);
}

void
fetch_close(struct fetch *f)
{
	if (f == NULL)
		return;
	http_close(f->http);
	drop_tasks(f);
	while (f->items != NULL) {
		struct item *it = f->items;

		f->items = it->next;
		item_free(it);
	}
	seen_free(f->seen);
	facts_close(f->facts);
	means_close(f->means);
	store_close(f->store);
	mirrors_release(&f->mirrors);
	free(f->keys);
	lockfile_release(&f->lock);
	github_api_release(&f->github);
	free(f->dir);
	free(f->swept);
	free(f);
}

const char *
fetch_readonly(const struct fetch *f)
{
	return store_readonly(f->store);
}

const char *
item_own(struct item *it, char *p)
{
	it->kept = mem_grow(it->kept, it->n_kept + 1, sizeof(*it->kept));
	it->kept[it->n_kept++] = p;
	return p;
}

const char *
item_keep(struct item *it, const char *s)
{
	return s == NULL ? NULL : item_own(it, mem_str(s));
}

/* Where the file is not one that can be used. */
static const char *
another(const struct fetch_job *job)
{
	if (job->chosen.custom == 1)
		return "is that the right file?";
	return job->hand != NULL && fetch_hand_used(job->hand) ?
	    "--version chooses another one" :
	    "mpf-resolve --version chooses another one";
}

/* For errors that are the same wherever they come from. */
static const struct err *
with_hint(const struct fetch_job *job, const struct err *e, struct err *out)
{
	if (e == NULL || e->hint[0] != '\0')
		return e;
	*out = *e;
	if (e->code == ERR_NETWORK || e->code == ERR_TIMEOUT)
		err_hint(out, e->retry ? "run it again" :
		    "--mirror names another site");
	else if (e->code == ERR_INPUT || e->code == ERR_MISMATCH ||
	    e->code == ERR_NOT_FOUND)
		err_hint(out, "%s", another(job));
	else if (e->code == ERR_SPACE)
		err_todo(out, NEXT_FREE_SPACE,
		    "make room, or name another folder with --dir");
	else if (e->code == ERR_VERIFY)
		err_todo(out, NEXT_DOWNLOAD_AGAIN,
		    "--force downloads it again");
	return out;
}

void
item_done(struct item *it, const struct err *e)
{
	struct item **p = &it->f->items;
	struct err hinted;

	while (*p != it)
		p = &(*p)->next;
	*p = it->next;
	it->f->o.done(it->job, with_hint(it->job, e, &hinted));
	item_free(it);
}

void
items_fail(struct item *waiting, const struct err *e)
{
	while (waiting != NULL) {
		struct item *it = waiting;

		waiting = it->after;
		if (!item_elsewhere(it, e))
			item_done(it, e);
	}
}

void
fetch_start(struct fetch *f, struct fetch_job *job)
{
	const struct firmware *fw = job->firmware;
	struct item *it = mem_alloc(sizeof(*it));
	struct err e = ERR_INIT;

	it->f = f;
	it->job = job;
	it->next = f->items;
	f->items = it;
	job->chosen = *fw;
	job->image = (struct image)IMAGE_INIT;
	if (fw->source != NULL && (fw->version != NULL ||
	    fw->custom == 1 || item_by_hand(it) ||
	    source_kind(fw->source) == SOURCE_GITHUB)) {
		item_want_source(it);
	} else if (fw->board_id == NULL) {
		err_set(&e, ERR_INPUT, "no board_id and no source: nothing "
		    "says which firmware");
		err_hint(&e, "feed it records of mpf-resolve");
		item_done(it, &e);
	} else {
		item_want_page(it);
	}
}

int
fetch_turn(struct fetch *f, int in_fd, struct err *e)
{
	const int ms = files_wait_ms(f, files_begin_held(f, WAIT_MS));

	if (http_turn(f->http, in_fd, ms, e) == -1)
		return -1;
	files_keep(f, false);
	return 0;
}

int
fetch_finish(struct fetch *f, struct err *e)
{
	return lock_save(f, e);
}

void
fetch_cancel(struct fetch *f)
{
	struct err e = ERR_INIT;

	http_drop(f->http);
	files_keep(f, true);		/* what came is as good as any */
	drop_tasks(f);
	err_set(&e, ERR_CANCELLED, "stopped before it was here");
	while (f->items != NULL)
		item_done(f->items, &e);
}
