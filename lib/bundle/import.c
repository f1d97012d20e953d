/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "bundle/bundle_impl.h"
#include "model/codec.h"
#include "site/index_line.h"
#include "stream/stream.h"
#include "trust/lines.h"

/*
 * import: reads a bundle, and looks at all of it before keep.c writes anything.
 */

/* "manifest.ndjson", at the top or below mpf-bundle/. */
static const struct tar_member *
find_bundled(const struct import *im, const char *name)
{
	const struct tar_member *m = tar_find(&im->tar, name);
	char *full;

	if (m != NULL)
		return m;
	full = mem_printf("%s%s", BUNDLE_TOP, name);
	m = tar_find(&im->tar, full);
	free(full);
	return m;
}

static int
read_part(const struct import *im, const char *name, struct buf *out,
    struct err *e)
{
	const struct tar_member *m = find_bundled(im, name);

	return m != NULL ? tar_read(&im->tar, m, out, e) :
	    err_set(e, ERR_INPUT, "not a bundle: no %s in it",
	    name);
}

/* PORT/FILE or PORT/custom/ORIGIN/FILE, of names fit for a path. */
static bool
rel_safe(const char *rel)
{
	char part[NAME_FILE];
	size_t n, parts = 0;

	for (;; rel += n + 1, parts++) {
		n = strcspn(rel, "/");
		if (n >= sizeof(part))
			return false;
		memcpy(part, rel, n);
		part[n] = '\0';
		if (!firmware_file_safe(part))
			return false;
		if (rel[n] == '\0')
			return parts == 1 || parts == 3;
	}
}

static const struct tar_member *
find_file(const struct import *im, const char *rel, const char *suffix)
{
	char *name = mem_printf("%s%s%s", BUNDLE_FILES, rel, suffix);
	const struct tar_member *m = find_bundled(im, name);

	free(name);
	return m;
}

static bool
safe(const char *s)
{
	return s == NULL || firmware_file_safe(s);
}

/* What goes on into names, rows and records. */
static bool
firmware_safe(const struct firmware *fw, const char *rel)
{
	struct version v;
	size_t n;

	if (fw->source == NULL || fw->port == NULL || !safe(fw->port) ||
	    !safe(fw->board_id) || !safe(fw->variant) || !safe(fw->commit) ||
	    (fw->version != NULL && !version_parse(fw->version, &v)) ||
	    (fw->file_name != NULL && strchr(fw->file_name, '/') != NULL))
		return false;
	n = strlen(fw->port);
	return rel_safe(rel) && strncmp(rel, fw->port, n) == 0 &&
	    rel[n] == '/';
}

static int
get_bundle_file(struct import *im, struct wanted_file *w, struct err *e)
{
	const char *rel, *origin;

	if (firmware_get(w->rec, &w->firmware, e) == -1 ||
	    record_get_str(w->rec, "file", &rel, e) == -1 ||
	    record_get_str(w->rec, "origin", &origin, e) == -1)
		return -1;
	if (!firmware_safe(&w->firmware, rel))
		return err_set(e, ERR_INPUT, "%.100s: not a file of the "
		    "firmware folder", rel);
	w->member = find_file(im, rel, "");
	w->sig = find_file(im, rel, MINISIGN_SUFFIX);
	if (w->member == NULL)
		return err_set(e, ERR_INPUT, "%s: in the manifest alone", rel);
	w->job = (struct fetch_job){ .firmware = &w->firmware,
	    .chosen = w->firmware, .image = IMAGE_INIT };
	w->it = (struct item){ .f = im->f, .rel = rel, .origin = origin,
	    .link = w->firmware.source, .url = w->firmware.source };
	return 0;
}

static int
get_manifest(struct import *im, struct err *e)
{
	struct buf text = BUF_MAX(BUNDLE_TEXT);
	struct wanted_file *w;
	struct lines l;
	const char *s;
	size_t n;
	int r = -1;

	if (read_part(im, BUNDLE_MANIFEST, &text, e) == -1)
		goto out;
	l = (struct lines){ text.data, text.len };
	while (lines_next(&l, &s, &n)) {
		if (im->n == im->tar.n) {
			err_set(e, ERR_INPUT, "%s: more than there is",
			    BUNDLE_MANIFEST);
			goto out;
		}
		im->v = mem_grow(im->v, im->n + 1, sizeof(*im->v));
		w = &im->v[im->n++];
		memset(w, 0, sizeof(*w));
		if (record_parse(s, n, &w->rec, e) == -1 ||
		    get_bundle_file(im, w, e) == -1) {
			err_wrap(e, "%s, line %zu", BUNDLE_MANIFEST, im->n);
			goto out;
		}
	}
	/* They have moved while they grew. */
	for (size_t i = 0; i < im->n; i++) {
		im->v[i].job.firmware = &im->v[i].firmware;
		im->v[i].it.job = &im->v[i].job;
	}
	r = 0;
out:
	buf_release(&text);
	return r;
}

static int
get_lock(struct import *im, struct err *e)
{
	struct buf text = BUF_MAX(LOCKFILE_MAX);
	int r = -1;

	if (read_part(im, LOCKFILE_NAME, &text, e) == 0 &&
	    (r = lockfile_parse(text.data, text.len, &im->lock, e)) == -1)
		err_wrap(e, "%s", LOCKFILE_NAME);
	buf_release(&text);
	return r;
}

/* Nothing is in it that nobody vouches for. */
static int
check_members(const struct import *im, struct err *e)
{
	size_t known = 3;

	for (size_t i = 0; i < im->n; i++) {
		for (size_t k = 0; k < i; k++)
			if (im->v[k].member == im->v[i].member)
				return err_set(e, ERR_INPUT, "%s: twice in "
				    "the manifest", im->v[i].it.rel);
		known += im->v[i].sig != NULL ? 2 : 1;
	}
	return known == im->tar.n ? 0 : err_set(e, ERR_INPUT, "%zu files in "
	    "it, but %zu in the manifest", im->tar.n - 3, known - 3);
}

/* What the lock file in it says, and the project's own. */
static int
check_file_digest(const struct import *im, const struct wanted_file *w,
    struct err *e)
{
	const struct item *it = &w->it;
	const struct fetch *f = im->f;
	int r;

	r = lockfile_check(&im->lock, it->origin, (int64_t)w->local.size,
	    w->local.sha256, e);
	if (r == 0)
		return err_set(e, ERR_VERIFY, "%.150s: not in the bundle's "
		    "lock file", it->origin);
	if (r == -1)
		return -1;
	if (f->o.locked && lockfile_find(&f->lock, it->origin) == NULL)
		return err_set(e, ERR_VERIFY, "%.150s: not in %s", it->origin,
		    f->o.lock);
	if (item_check_lock(it, w->local.sha256, e) == -1)
		return -1;
	return item_check_known(it, &w->local, e);
}

/* Whose it is, whoever has the key may ask; but it is one. */
static int
check_sig(const struct import *im, const struct wanted_file *w,
    struct err *e)
{
	struct buf text = BUF_MAX(MINISIGN_MAX);
	struct minisign_sig sig;
	int r = 0;

	if (w->sig != NULL && (tar_read(&im->tar, w->sig, &text, e) == -1 ||
	    minisign_sig_parse(text.data, text.len, &sig, e) == -1))
		r = err_wrap(e, "%s%s", w->it.rel, MINISIGN_SUFFIX);
	buf_release(&text);
	return r;
}

static int
check_bundle_file(struct import *im, struct wanted_file *w, struct buf *bytes,
    struct err *e)
{
	struct image_source image;
	char sha256[DIGEST_HEX];

	buf_clear(bytes);
	if (tar_read(&im->tar, w->member, bytes, e) == -1)
		return -1;
	digest_bytes(bytes->data, bytes->len, sha256);
	image = (struct image_source)IMAGE_MEMORY(bytes->data, bytes->len);
	if (local_inspect(im->f->store, &image, sha256, url_file(w->it.rel),
	    &w->firmware, &w->local, e) == -1 ||
	    check_sig(im, w, e) == -1)
		return -1;
	w->local.signature_ok = im->f->n_keys > 0;	/* the bundle's */
	w->it.sha256 = w->local.sha256;
	return check_file_digest(im, w, e);
}

static int
get_pages(struct import *im, struct err *e)
{
	struct lines l;
	struct index ix;
	char *board_id;
	const char *s;
	size_t n, line = 0;

	if (read_part(im, BUNDLE_INDEX, &im->pages, e) == -1)
		return -1;
	l = (struct lines){ im->pages.data, im->pages.len };
	while (lines_next(&l, &s, &n)) {
		line++;
		if (index_line_get(s, n, &board_id, &ix, e) == -1)
			return err_wrap(e, "%s, line %zu", BUNDLE_INDEX, line);
		index_release(&ix);
		free(board_id);
	}
	return 0;
}

/* All of it, before anything is written. */
static int
check_bundle(struct import *im, struct err *e)
{
	struct buf bytes = BUF_MAX(LOCAL_MAX);
	int r = -1;

	if (get_lock(im, e) == -1 || get_manifest(im, e) == -1 ||
	    get_pages(im, e) == -1 || check_members(im, e) == -1)
		goto out;
	for (size_t i = 0; i < im->n; i++)
		if (check_bundle_file(im, &im->v[i], &bytes, e) == -1)
			goto out;
	r = 0;
out:
	buf_release(&bytes);
	return r;
}

static int
check_bundle_signature(const struct fetch *f, const char *path, struct err *e)
{
	struct minisign_sig sig;
	struct buf text = BUF_MAX(MINISIGN_MAX);
	char *name = mem_printf("%s%s", path, MINISIGN_SUFFIX);
	int r = -1;

	if (f->n_keys == 0) {
		r = 0;
	} else if (file_read(name, &text, e) == -1) {
		if (e->code == ERR_NOT_FOUND)
			err_set(e, ERR_VERIFY, "%s: not signed: no %s", path,
			    name);
	} else if (minisign_sig_parse(text.data, text.len, &sig, e) == -1) {
		err_wrap(e, "%s", name);
	} else {
		r = minisign_check_file(&sig, f->keys, f->n_keys, path, e);
		if (r == -1)
			err_wrap(e, "%s", path);
	}
	if (r == -1 && (e->code == ERR_VERIFY || e->code == ERR_INPUT))
		err_hint(e, "with --pubkey only signed files are used");
	buf_release(&text);
	free(name);
	return r;
}

static void
release_import(struct import *im)
{
	for (size_t i = 0; i < im->n; i++) {
		item_forget(&im->v[i].it);
		record_free(im->v[i].rec);
	}
	free(im->v);
	buf_release(&im->pages);
	lockfile_release(&im->lock);
	tar_close(&im->tar);
}

/* Where the file would lie; what it says of itself. */
static void
look_only(struct wanted_file *w)
{
	const char *path = item_own(&w->it, mem_printf("%s/%s",
	    w->it.f->dir, w->it.rel));

	item_take_file(&w->it, path, &w->local);
}

static int
import_with(struct fetch *f, const char *path, bool keep,
    void (*fn)(const struct firmware *fw, const struct image *image,
    void *ctx), void *ctx, struct err *e)
{
	struct import im = { .f = f, .tar = TAR_INIT,
	    .pages = BUF_MAX(BUNDLE_TEXT) };
	int r = -1;

	if (check_bundle_signature(f, path, e) == -1 ||
	    tar_open(path, &im.tar, e) == -1)
		goto out;
	if (check_bundle(&im, e) == -1) {
		err_wrap(e, "%s", path);
		goto out;
	}
	for (size_t i = 0; i < im.n; i++) {
		if (!keep)
			look_only(&im.v[i]);
		else if (bundle_keep(&im, &im.v[i], e) == -1)
			goto out;
		fn(&im.v[i].job.chosen, &im.v[i].job.image, ctx);
	}
	r = keep ? bundle_keep_pages(&im, e) : 0;
out:
	release_import(&im);
	if (r == -1 && e->hint[0] == '\0' && (e->code == ERR_INPUT ||
	    e->code == ERR_NOT_FOUND))
		err_hint(e, "name what mpf-bundle export made: carry it over "
		    "again, or make it anew");
	return r;
}

int
bundle_import(struct fetch *f, const char *path,
    void (*fn)(const struct firmware *fw, const struct image *image,
    void *ctx), void *ctx, struct err *e)
{
	if (store_readonly(f->store) != NULL)
		return err_set(e, ERR_PERMISSION, "%s",
		    store_readonly(f->store));
	return import_with(f, path, true, fn, ctx, e);
}

int
bundle_verify(struct fetch *f, const char *path,
    void (*fn)(const struct firmware *fw, const struct image *image,
    void *ctx), void *ctx, struct err *e)
{
	return import_with(f, path, false, fn, ctx, e);
}
