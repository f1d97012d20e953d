/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include "base/digest.h"
#include "base/mem.h"
#include "bundle/bundle_impl.h"
#include "site/index_line.h"
#include "trust/lines.h"

/* bundle_keep: what has been looked at comes into the firmware folder. */

static int
keep_bytes(const struct import *im, const struct tar_member *m,
    const char *path, const char *sha256, struct file_new *out, struct err *e)
{
	struct buf bytes = BUF_MAX(LOCAL_MAX);
	char is[DIGEST_HEX];
	int r = -1;

	if (tar_read(&im->tar, m, &bytes, e) == -1)
		goto out;
	digest_bytes(bytes.data, bytes.len, is);
	if (sha256 != NULL && strcmp(is, sha256) != 0) {
		err_set(e, ERR_VERIFY, "%s: changed while it was read",
		    im->tar.path);
		goto out;
	}
	if (file_begin(path, FILE_OWN, out, e) == -1)
		goto out;
	r = file_write_all(out->fd, bytes.data, bytes.len, out->tmp, e);
out:
	buf_release(&bytes);
	return r;
}

static int
keep_sig(const struct import *im, const struct wanted_file *w,
    const char *path, struct err *e)
{
	struct file_new out = FILE_NEW_INIT;
	char *name;
	int r;

	if (w->sig == NULL)
		return 0;
	name = mem_printf("%s%s", path, MINISIGN_SUFFIX);
	r = keep_bytes(im, w->sig, name, NULL, &out, e);
	if (r == 0)
		r = file_commit(&out, e);
	else
		file_abort(&out);
	free(name);
	return r;
}

int
bundle_keep(const struct import *im, struct wanted_file *w, struct err *e)
{
	struct file_new out = FILE_NEW_INIT;
	char *path = mem_printf("%s/%s", im->f->dir, w->it.rel);
	char *dir = mem_printf("%.*s", (int)(strrchr(path, '/') - path), path);
	int r = -1;

	if (file_mkdirs(dir, FILE_OWN, e) == 0 &&
	    keep_sig(im, w, path, e) == 0 &&
	    keep_bytes(im, w->member, path, w->local.sha256, &out, e) == 0 &&
	    item_keep_file(&w->it, &w->local, &out, e) == 0) {
		item_take_file(&w->it, path, &w->local);
		r = 0;
	}
	file_abort(&out);
	free(dir);
	free(path);
	return r;
}

int
bundle_keep_pages(struct import *im, struct err *e)
{
	struct lines l = { im->pages.data, im->pages.len };
	struct store *s = im->f->store;
	struct index ix, old;
	char *board_id;
	const char *line;
	size_t n;
	int r = 0;

	while (r == 0 && lines_next(&l, &line, &n)) {
		if (index_line_get(line, n, &board_id, &ix, e) == -1)
			return -1;
		r = index_from_store(s, board_id, &old, e);
		if (r == 0 || (r == 1 && old.fetched_at < ix.fetched_at))
			r = index_to_store(s, board_id, &ix, e);
		index_release(&old);
		index_release(&ix);
		free(board_id);
		r = r == -1 ? -1 : 0;
	}
	return r;
}
