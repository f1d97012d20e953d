/* SPDX-License-Identifier: MIT */
#include "upstream/upstream.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

/* The oldest release that the table speaks of. */
static const struct version oldest = { .major = 1, .minor = 18, .build = -1 };

/* Two tags of one version would be two rows of each board: the first counts. */
static void
add(struct catalog *t, const struct version *v, const struct git_tag *tag)
{
	struct catalog_version *out;
	char name[VERSION_TEXT];

	version_text(v, name);
	if (catalog_version(t, name) != -1)
		return;
	t->version = mem_grow(t->version, t->n_versions + 1,
	    sizeof(*t->version));
	out = &t->version[t->n_versions++];
	memset(out, 0, sizeof(*out));
	out->v = *v;
	memcpy(out->name, name, sizeof(name));
	memcpy(out->commit, tag->commit, sizeof(out->commit));
	out->time = tag->time;
}

static int
compare(const void *pa, const void *pb)
{
	const struct catalog_version *a = pa, *b = pb;

	return version_compare(&a->v, &b->v);
}

/* Tags such as "v1.24.1", and none such as "v1.24.1-custom". */
static void
add_releases(struct catalog *out, const struct git_tag *tags, size_t n)
{
	struct version v;

	for (size_t i = 0; i < n; i++)
		if (tags[i].name[0] == 'v' &&
		    version_parse(tags[i].name, &v) && v.build == -1 &&
		    version_released(&v) &&
		    version_compare(&v, &oldest) >= 0)
			add(out, &v, &tags[i]);
}

/*
 * A tip on a release itself is no version of its own.  One that was counted
 * from a release, as before v1.22 and on branches for patches, is a preview
 * of the next patch.
 */
static int
add_tip(const struct git *g, struct catalog *out,
    const struct git_tag *commit, struct err *e)
{
	struct version v;

	if (!version_parse(out->tip, &v)) {
		err_set(e, ERR_INPUT, "%s: the tip is %s, which is no version "
		    "of MicroPython", git_name(g), out->tip);
		return err_hint(e, "name another tip with --tip, or remove "
		    "that tag");
	}
	if (version_released(&v))
		return 0;
	if (!v.preview)
		v.patch++;
	v.preview = true;
	add(out, &v, commit);
	return 0;
}

static int
no_releases(const struct git *g, struct err *e)
{
	err_set(e, ERR_NOT_FOUND, "%s: no tag of a MicroPython release from "
	    "v1.18 on", git_name(g));
	return err_hint(e, "git fetch --tags, or name a clone of "
	    "MicroPython's repository");
}

/* What was left out may be releases, and describes no tip. */
static int
shallow(const struct git *g, struct err *e)
{
	err_set(e, ERR_INPUT, "%s: a shallow clone: releases may be missing",
	    git_name(g));
	return err_hint(e, "git fetch --unshallow --tags");
}

static int
describe(const struct git *g, const struct git_tag *commit,
    struct catalog *out, struct err *e)
{
	struct buf text = BUF_MAX(4096);
	const int r = git_describe(g, commit->commit, &text, e);

	out->tip = buf_steal(&text);
	if (r == 0)
		return 0;
	err_set(e, ERR_NOT_FOUND, "%s: no tag \"v...\" before the tip",
	    git_name(g));
	return err_hint(e, "git fetch --tags, or name another tip with --tip");
}

int
upstream_versions(const struct git *g, const char *tip, struct catalog *out,
    struct err *e)
{
	struct git_tag *tags = NULL, commit;
	size_t n = 0;
	int r = -1;

	*out = (struct catalog)CATALOG_INIT;
	if (git_shallow(g)) {
		shallow(g, e);
		goto out;
	}
	if (git_tags(g, &tags, &n, e) == -1)
		goto out;
	add_releases(out, tags, n);
	if (out->n_versions == 0) {
		no_releases(g, e);
		goto out;
	}
	if (git_commit(g, tip, &commit, e) == -1 ||
	    describe(g, &commit, out, e) == -1 ||
	    add_tip(g, out, &commit, e) == -1)
		goto out;
	qsort(out->version, out->n_versions, sizeof(*out->version), compare);
	r = 0;
out:
	git_tags_free(tags, n);
	if (r == -1)
		catalog_release(out);
	return r;
}
