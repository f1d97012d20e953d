/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/mem.h"
#include "fetch/run.h"
#include "site/source.h"

/*
 * lock: what the project's lock file says of a file.
 *
 * A file of micropython.org's has its address there, whatever mirror it comes
 * from; one below the folder of the lock file is named from there.
 */

int
lock_open(struct fetch *f, struct err *e)
{
	const char *path;

	f->lock = (struct lockfile)LOCKFILE_INIT;
	if (f->o.no_lock && (f->o.lock != NULL || f->o.locked))
		return err_set(e, ERR_USAGE, "--no-lock, with --lock or "
		    "--locked: not both");
	if (f->o.lock == NULL && !f->o.no_lock &&
	    access(LOCKFILE_NAME, F_OK) == 0)
		f->o.lock = LOCKFILE_NAME;
	path = f->o.lock;
	if (path == NULL && f->o.locked) {
		err_set(e, ERR_USAGE, "--locked: there is no %s here",
		    LOCKFILE_NAME);
		return err_hint(e, "run it once with --lock %s alone, or name "
		    "the file with --lock", LOCKFILE_NAME);
	}
	if (path == NULL || lockfile_load(path, &f->lock, e) == 0)
		return 0;
	if (e->code != ERR_NOT_FOUND)
		return e->hint[0] != '\0' ? -1 : err_hint(e, "see mpf.lock(5); "
		    "name another file with --lock, or use --no-lock");
	return !f->o.locked ? 0 : err_todo(e, NEXT_UPDATE_LOCK,
	    "run it once without --locked, which makes it");
}

/* "file:sub/x.uf2" for what lies below the lock file's folder; or NULL. */
static char *
link_below(const char *lock, const char *link)
{
	const char *slash = strrchr(lock, '/');
	char *dir = slash == NULL ? mem_str(".") :
	    mem_printf("%.*s/", (int)(slash - lock), lock);
	char *real = realpath(dir, NULL), *url = NULL, *out = NULL;
	size_t n;

	if (real != NULL) {
		url = source_url(real);
		n = strlen(url);
		if (strncmp(link, url, n) == 0 && link[n] == '/')
			out = mem_printf("file:%s", link + n + 1);
	}
	free(url);
	free(real);
	free(dir);
	return out;
}

void
item_origin(struct item *it)
{
	const char *link = it->link;
	char *name = NULL;

	if (it->job->chosen.custom != 1 && strstr(link, SITE_FILES) != NULL)
		name = mem_printf("%s%s%s", SITE_MIRROR, SITE_FILES,
		    url_file(link));
	else if (it->f->o.lock != NULL && http_kind(link) == HTTP_FILE)
		name = link_below(it->f->o.lock, link);
	it->origin = name != NULL ? item_own(it, name) : link;
}

int
item_locked(struct item *it, struct err *e)
{
	const struct fetch *f = it->f;
	const struct lockfile_entry *is;

	item_origin(it);
	if (f->o.lock == NULL)
		return 0;
	is = lockfile_find(&f->lock, it->origin);
	if (is != NULL && it->sha256 == NULL)
		it->sha256 = item_keep(it, is->sha256);
	if (is != NULL || !f->o.locked)
		return 0;
	err_set(e, ERR_VERIFY, "%s: not in %s", it->origin, f->o.lock);
	e->retry = false;
	return err_todo(e, NEXT_UPDATE_LOCK,
	    "run it once without --locked, and look at what that adds");
}

int
item_check_lock(const struct item *it, const char *sha256, struct err *e)
{
	const char *lock = it->f->o.lock;

	if (lock == NULL ||
	    lockfile_check(&it->f->lock, it->origin, -1, sha256, e) != -1)
		return 0;
	return err_todo(e, NEXT_UPDATE_LOCK,
	    "if its publisher says why it changed, take its "
	    "line out of %.80s, and run it again without --locked", lock);
}

void
item_lock(struct item *it, int64_t size, const char *sha256)
{
	struct fetch *f = it->f;
	struct lockfile_entry new = { .size = size };
	struct err ignored;

	if (f->o.lock == NULL || f->o.locked ||
	    lockfile_find(&f->lock, it->origin) != NULL)
		return;
	new.url = (char *)it->origin;
	memcpy(new.sha256, sha256, DIGEST_HEX);
	clock_text(clock_wall(), new.first_seen);
	lockfile_add(&f->lock, &new, &ignored);
}

void
lock_index(const struct fetch *f, const char *board_id, struct index *out)
{
	for (size_t i = 0; i < f->lock.n; i++) {
		const struct lockfile_entry *is = &f->lock.v[i];
		struct firmware_name name;
		struct index_link *l;

		if (!firmware_name_parse(url_file(is->url), board_id, &name))
			continue;
		l = index_add(out, mem_str(is->url));
		l->name = name;
		memcpy(l->sha256, is->sha256, DIGEST_HEX);
	}
	if (out->n == 0)
		return;
	out->source = mem_str(f->o.lock);
	out->fetched_at = clock_wall();
}

int
lock_save(struct fetch *f, struct err *e)
{
	if (f->o.lock == NULL || f->o.locked || !f->lock.changed)
		return 0;
	return lockfile_save(f->o.lock, &f->lock, e);
}
