/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/digest.h"
#include "base/mem.h"
#include "bundle/bundle_impl.h"
#include "model/codec.h"
#include "site/index_line.h"
#include "stream/stream.h"

#define FILE_MODE	0666

struct bundle_file {
	char	*rel, *board_id;	/* board_id NULL: not said */
	char	 sha256[DIGEST_HEX];
};

struct bundle {
	struct fetch		*f;
	struct bundle_file	*v;
	size_t			 n;
	struct buf		 manifest;
	struct lockfile		 lock;
};

struct bundle *
bundle_new(struct fetch *f)
{
	struct bundle *b = mem_alloc(sizeof(*b));

	b->f = f;
	b->manifest = (struct buf)BUF_INIT;
	return b;
}

static bool
has_bundle_file(const struct bundle *b, const char *rel)
{
	for (size_t i = 0; i < b->n; i++)
		if (strcmp(b->v[i].rel, rel) == 0)
			return true;
	return false;
}

/* source: what is no mirror near here, where there is such a name. */
static void
add_record(struct bundle *b, const struct firmware *chosen,
    const struct image *im, const char *rel, const char *origin)
{
	struct record *rec = record_new();
	struct firmware fw = *chosen;

	/* What is of that choice, and not of the file. */
	fw.wanted = fw.action = fw.by = fw.reason = NULL;
	fw.force = false;
	fw.index_source = NULL;
	fw.index_age_s = -1;
	fw.index_stale = -1;
	fw.sha256 = im->sha256;
	if (fw.custom != 1 || http_kind(fw.source) != HTTP_FILE)
		fw.source = origin;
	firmware_put(rec, &fw);
	record_put_str(rec, "file", rel);
	record_put_str(rec, "origin", origin);
	record_dump(rec, &b->manifest);
	buf_addc(&b->manifest, '\n');
	record_free(rec);
}

/* The name below the firmware folder; NULL: it is not in there. */
static const char *
rel_of(const struct bundle *b, const char *path)
{
	const size_t n = strlen(b->f->dir);

	return strncmp(path, b->f->dir, n) == 0 && path[n] == '/' ?
	    path + n + 1 : NULL;
}

static void
add_bundle_file(struct bundle *b, const struct firmware *fw,
    const struct image *im, const char *rel)
{
	struct fetch_job job = { .firmware = fw, .chosen = *fw };
	struct item it = { .f = b->f, .job = &job, .link = fw->source };
	const struct lockfile_entry *known;
	struct lockfile_entry new = { .size = im->size_bytes };
	struct bundle_file *f;
	struct err ignored;

	item_origin(&it);
	b->v = mem_grow(b->v, b->n + 1, sizeof(*b->v));
	f = &b->v[b->n++];
	f->rel = mem_str(rel);
	f->board_id = mem_str(fw->board_id);
	memcpy(f->sha256, im->sha256, DIGEST_HEX);
	add_record(b, fw, im, rel, it.origin);
	known = lockfile_find(&b->f->lock, it.origin);
	new.url = (char *)it.origin;
	memcpy(new.sha256, im->sha256, DIGEST_HEX);
	clock_text(clock_wall(), new.first_seen);
	lockfile_add(&b->lock, known != NULL ? known : &new, &ignored);
	item_forget(&it);
}

int
bundle_add(struct bundle *b, const struct record *rec, struct err *e)
{
	struct firmware fw;
	struct image im;
	const char *rel;

	if (!record_has(rec, "image.path") ||
	    !record_has(rec, "image.sha256") ||
	    !record_has(rec, "firmware.source")) {
		err_set(e, ERR_INPUT, "the record names no file");
		return err_hint(e, "put mpf-fetch before mpf-bundle");
	}
	if (firmware_get(rec, &fw, e) == -1 || image_get(rec, &im, e) == -1)
		return -1;
	rel = rel_of(b, im.path);
	if (rel == NULL) {
		err_set(e, ERR_INPUT, "%s: not in the firmware folder %s",
		    im.path, b->f->dir);
		return err_hint(e, "name the folder with --dir");
	}
	if (!has_bundle_file(b, rel))
		add_bundle_file(b, &fw, &im, rel);
	return 0;
}

void
bundle_free(struct bundle *b)
{
	if (b == NULL)
		return;
	for (size_t i = 0; i < b->n; i++) {
		free(b->v[i].rel);
		free(b->v[i].board_id);
	}
	free(b->v);
	buf_release(&b->manifest);
	lockfile_release(&b->lock);
	free(b);
}

/* Where it is written to. */
struct out {
	struct file_new	 file;
	int64_t		 mtime;
};

static int
put_text_member(struct out *o, const char *name, const struct buf *b,
    struct err *e)
{
	char *full = mem_printf("%s%s", BUNDLE_TOP, name);
	int r;

	r = tar_put(o->file.fd, o->file.tmp, full, b->len, o->mtime, e) ==
	    -1 || file_write_all(o->file.fd, b->data, b->len, o->file.tmp,
	    e) == -1 || tar_pad(o->file.fd, o->file.tmp, b->len, e) == -1 ?
	    -1 : 0;
	free(full);
	return r;
}

/* suffix: of the signature, which need not be there. */
static int
put_bundle_file(struct fetch *f, struct out *o, const struct bundle_file *file,
    const char *suffix, struct err *e)
{
	struct buf b = BUF_MAX(LOCAL_MAX);
	char *path = mem_printf("%s/%s%s", f->dir, file->rel, suffix);
	char *name = mem_printf("%s%s%s", BUNDLE_FILES, file->rel, suffix);
	char sha256[DIGEST_HEX];
	struct err missing;
	int r = -1;

	if (file_read(path, &b, &missing) == -1) {
		if (*suffix != '\0' && missing.code == ERR_NOT_FOUND)
			r = 0;
		else
			*e = missing;
		goto out;
	}
	digest_bytes(b.data, b.len, sha256);
	if (*suffix == '\0' && strcmp(sha256, file->sha256) != 0) {
		err_set(e, ERR_VERIFY, "%s: changed since it was looked at",
		    path);
		goto out;
	}
	r = put_text_member(o, name, &b, e);
out:
	buf_release(&b);
	free(path);
	free(name);
	return r;
}

/* Each board's page, once. */
static int
add_pages(struct fetch *f, const struct bundle *b, struct buf *out,
    struct err *e)
{
	struct index ix;
	size_t i, k;
	int r;

	for (i = 0; i < b->n; i++) {
		const char *id = b->v[i].board_id;

		for (k = 0; id != NULL && k < i; k++)
			if (b->v[k].board_id != NULL &&
			    strcmp(b->v[k].board_id, id) == 0)
				break;
		if (id == NULL || k < i)
			continue;
		r = index_from_store(f->store, id, &ix, e);
		if (r == -1)
			return -1;
		if (r == 1)
			index_line_put(&ix, id, out);
		index_release(&ix);
	}
	return 0;
}

static int
put_bundle(struct fetch *f, const struct bundle *b, struct out *o,
    struct err *e)
{
	struct buf text = BUF_INIT, pages = BUF_INIT;
	int r = -1;

	lockfile_write(&b->lock, &text);
	if (add_pages(f, b, &pages, e) == -1 ||
	    put_text_member(o, BUNDLE_MANIFEST, &b->manifest, e) == -1 ||
	    put_text_member(o, BUNDLE_INDEX, &pages, e) == -1 ||
	    put_text_member(o, LOCKFILE_NAME, &text, e) == -1)
		goto out;
	for (size_t i = 0; i < b->n; i++)
		if (put_bundle_file(f, o, &b->v[i], "", e) == -1 ||
		    put_bundle_file(f, o, &b->v[i], MINISIGN_SUFFIX, e) == -1)
			goto out;
	r = tar_end(o->file.fd, o->file.tmp, e);
out:
	buf_release(&text);
	buf_release(&pages);
	return r;
}

int
bundle_write(const struct bundle *b, const char *path, struct err *e)
{
	struct out o = { .file = FILE_NEW_INIT, .mtime = clock_wall() };

	if (b->n == 0) {
		err_set(e, ERR_NOT_FOUND, "%s: not written: there is no file "
		    "for it", path);
		return err_hint(e, "feed it records of mpf-fetch: --board "
		    "names a board, whatever it runs");
	}
	if (file_begin(path, FILE_MODE, &o.file, e) == -1)
		return e->hint[0] != '\0' ? -1 : err_hint(e, "name a file in "
		    "a folder that is there, and can be written to");
	if (put_bundle(b->f, b, &o, e) == 0)
		return file_commit(&o.file, e);
	file_abort(&o.file);
	return -1;
}
