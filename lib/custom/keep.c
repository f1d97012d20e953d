/* SPDX-License-Identifier: MIT */
#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/mem.h"
#include "base/text.h"
#include "custom/impl.h"
#include "site/source.h"

/*
 * keep: an entry's file in the firmware folder, and its rows.  The file has
 * its name before its row: what dies in between leaves a file that the next
 * run finds, as it is called by its digest.
 */

#define NAME_MAX_BYTES	120u		/* of a name, with its end */
#define DIGITS		12		/* of the digest, in a folder's name */

/* PORT/custom/DIGEST/NAME; a long name loses its middle, never its end. */
static void
set_place(struct work *w)
{
	char *name = source_safe_name(w->name);
	const size_t n = strlen(name);

	if (n > NAME_MAX_BYTES)
		memmove(name + NAME_MAX_BYTES / 2, name + n -
		    NAME_MAX_BYTES / 2, NAME_MAX_BYTES / 2 + 1);
	w->rel = mem_printf("%s/custom/%.*s/%s", w->en->firmware.port, DIGITS,
	    w->sha256, name);
	w->en->firmware.file_name = entry_own(w->en, name);
	w->en->image.path = entry_own(w->en, mem_printf("%s/%s", w->c->dir,
	    w->rel));
}

/* Are these bytes there under that name, as they should be? */
static bool
is_kept_file(const struct work *w)
{
	char sha256[DIGEST_HEX];
	struct err ignored;
	size_t size;

	return access(w->en->image.path, F_OK) == 0 &&
	    digest_file(w->en->image.path, sha256, &size, &ignored) == 0 &&
	    strcmp(sha256, w->sha256) == 0;
}

/* What the scanner had in its hands is what was given to it. */
static int
check_unchanged(const struct work *w, const char *path, struct err *e)
{
	char sha256[DIGEST_HEX];
	size_t size;

	if (digest_file(path, sha256, &size, e) == -1)
		return -1;
	if (strcmp(sha256, w->sha256) == 0)
		return 0;
	err_set(e, ERR_VERIFY, "was changed while the scanner looked at it");
	e->retry = false;
	return err_hint(e, "have the scanner report only, and not repair");
}

static int
write_bytes(struct work *w, struct file_new *f, struct err *e)
{
	if (file_write_all(f->fd, w->bytes.data, w->bytes.len, f->tmp,
	    e) == -1)
		return -1;
	if (w->c->o.scan == NULL)
		return 0;
	return work_scan(w, f->tmp, e) == -1 ? -1 :
	    check_unchanged(w, f->tmp, e);
}

static int
write_sig(const struct work *w, struct err *e)
{
	char *path;
	int r;

	if (w->c->n_keys == 0)
		return 0;
	path = mem_printf("%s" MINISIGN_SUFFIX, w->en->image.path);
	r = file_write(path, w->sig.data, w->sig.len, FILE_OWN, e);
	free(path);
	return r;
}

static int
write_custom_file(struct work *w, struct err *e)
{
	struct file_new f = FILE_NEW_INIT;
	char *dir = mem_str(w->en->image.path);
	int r = -1;

	*strrchr(dir, '/') = '\0';
	if (file_mkdirs(dir, FILE_OWN, e) == -1 ||
	    file_begin(w->en->image.path, FILE_OWN, &f, e) == -1)
		goto out;
	r = write_bytes(w, &f, e);
	if (r == 0)
		r = file_commit(&f, e);
	else
		file_abort(&f);
out:
	if (r == -1)
		rmdir(dir);		/* unless something is in it */
	free(dir);
	return r;
}

/* Without writing, the record names the file where it is. */
static void
keep_in_place(struct work *w)
{
	if (w->path != NULL)
		w->en->image.path = entry_keep(w->en, w->path);
}

int
work_keep(struct work *w, struct err *e)
{
	int r;

	set_place(w);
	w->en->firmware.reason = entry_own(w->en, mem_printf("added from %s",
	    w->en->firmware.source));
	if (w->c->o.dry_run) {
		keep_in_place(w);
		return 0;
	}
	if (is_kept_file(w))
		r = w->c->o.scan == NULL ? 0 : work_scan(w,
		    w->en->image.path, e) == -1 ? -1 :
		    check_unchanged(w, w->en->image.path, e);
	else
		r = write_custom_file(w, e);
	if (r == 0)
		r = write_sig(w, e);
	return r == -1 ? err_wrap(e, "%s", w->name) : 0;
}
