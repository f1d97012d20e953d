/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "files/files_in.h"

#define MANIFEST_MAX	(4u << 20)	/* bytes */

static const struct tar_member *
find_member(const struct tar *tar, const struct files_entry *f)
{
	char *name = mem_printf("%s%s", FILES_FOLDER, f->path);
	const struct tar_member *m = tar_find(tar, name);

	free(name);
	return m;
}

int
files_archive_read(const struct tar *tar, const struct files_entry *f,
    struct buf *out, struct err *e)
{
	const struct tar_member *m = find_member(tar, f);

	if (m == NULL)
		return err_set(e, ERR_INPUT, "%s: it lacks %s", tar->path,
		    f->path);
	return tar_read(tar, m, out, e);
}

static int
check_entry(const struct tar *tar, const struct files_entry *f,
    struct err *e)
{
	struct buf bytes = BUF_MAX((size_t)f->size_bytes + 1);
	char hex[DIGEST_HEX];
	int res = files_archive_read(tar, f, &bytes, e);

	if (res == 0) {
		digest_bytes(bytes.data, bytes.len, hex);
		if (bytes.len != (size_t)f->size_bytes ||
		    strcmp(hex, f->sha256) != 0)
			res = err_set(e, ERR_INPUT, "%s: %s is not as the "
			    "manifest says", tar->path, f->path);
	}
	buf_release(&bytes);
	return res;
}

/* Each file is as the manifest says, and there is no other. */
static int
check_archive(const struct tar *tar, const struct files_list *l, struct err *e)
{
	for (size_t i = 0; i < l->n; i++)
		if (l->v[i].size_bytes != -1 &&
		    check_entry(tar, &l->v[i], e) == -1)
			return -1;
	if (tar->n == l->count + 1)
		return 0;
	return err_set(e, ERR_INPUT, "%s: %zu files, and the manifest names "
	    "%zu", tar->path, tar->n - 1, l->count);
}

int
files_archive_open(const char *path, struct tar *tar, struct files_list *out,
    char **uid, struct err *e)
{
	struct buf text = BUF_MAX(MANIFEST_MAX);
	const struct tar_member *m;
	int res = -1;

	if (tar_open(path, tar, e) == -1)
		return -1;
	m = tar_find(tar, FILES_MANIFEST);
	if (m == NULL)
		err_set(e, ERR_INPUT, "%s: no %s in it", path,
		    FILES_MANIFEST);
	else if (tar_read(tar, m, &text, e) == 0 &&
	    files_manifest_read(&text, path, out, uid, e) == 0)
		res = check_archive(tar, out, e);
	if (res == -1 && e->hint[0] == '\0')
		err_hint(e, "take an archive that mpf-backup made");
	buf_release(&text);
	return res;
}
