/* SPDX-License-Identifier: MIT */
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "custom/impl.h"

/*
 * rows: an entry in the database.  The same bytes are one entry, however often
 * they are added: what is said anew replaces what was said before, all else
 * stays, and the history has both.
 */

struct before {
	struct custom_entry *en;
	const char	*file;		/* where these bytes are; the entry's */
};

static void
keep_old(struct custom_entry *en, const char **now, const char *was)
{
	if (*now == NULL)
		*now = entry_keep(en, was);
}

static void
stay_words(struct custom_entry *en, const char **now, const char *const *was)
{
	if (now[0] != NULL)
		return;
	for (size_t i = 0; was[i] != NULL; i++) {
		now[i] = entry_keep(en, was[i]);
		now[i + 1] = NULL;
	}
}

/* All of a group, so that no commit gets another one's tag. */
static void
stay_git(struct custom_entry *en, const struct firmware *was)
{
	struct firmware *fw = &en->firmware;

	if (fw->git_commit != NULL)
		return;
	keep_old(en, &fw->git_url, was->git_url);
	keep_old(en, &fw->git_branch, was->git_branch);
	keep_old(en, &fw->git_commit, was->git_commit);
	keep_old(en, &fw->git_tag, was->git_tag);
	stay_words(en, fw->git_changes, was->git_changes);
	fw->git_commits_since_tag = was->git_commits_since_tag;
	fw->git_dirty = was->git_dirty;
}

/* The boards of both. */
static void
stay_boards(struct custom_entry *en, const struct firmware *was)
{
	struct firmware *fw = &en->firmware;

	if (fw->board_id == NULL) {
		keep_old(en, &fw->board_id, was->board_id);
		keep_old(en, &fw->variant, was->variant);
	}
	stay_words(en, fw->fits, was->fits);
}

static int
merge_row(const char *file, const struct firmware *was, const struct image *im,
    void *ctx)
{
	struct before *b = ctx;
	struct custom_entry *en = b->en;
	struct firmware *fw = &en->firmware;

	b->file = entry_keep(en, file);
	fw->added_at = entry_keep(en, was->added_at);
	stay_boards(en, was);
	stay_git(en, was);
	keep_old(en, &fw->version, was->version);
	keep_old(en, &fw->description, was->description);
	keep_old(en, &fw->custom_id, was->custom_id);
	keep_old(en, &fw->toolchain_version, was->toolchain_version);
	keep_old(en, &fw->python_version, was->python_version);
	keep_old(en, &fw->build_date, was->build_date);
	keep_old(en, &fw->build_host, was->build_host);
	keep_old(en, &fw->author, was->author);
	keep_old(en, &fw->organization, was->organization);
	stay_words(en, fw->features, was->features);
	stay_words(en, fw->dependencies, was->dependencies);
	stay_words(en, fw->tags, was->tags);
	if (strcmp(fw->trust, "none") == 0)
		keep_old(en, &en->image.scan, im->scan);
	return 0;
}

/* In the folder once, under the name that it has there. */
static void
one_file(struct custom_entry *en, const char *dir, const char *rel,
    const char *file)
{
	char *path;

	if (strcmp(rel, file) == 0)
		return;
	path = mem_printf("%s/%s", dir, file);
	if (access(path, R_OK) == 0) {
		unlink(en->image.path);
		en->image.path = entry_keep(en, path);
		en->firmware.file_name = strrchr(en->image.path, '/') + 1;
	}
	entry_own(en, path);
}

static int
put_custom_file(struct store *s, const struct custom_entry *en,
    const char *file, struct err *e)
{
	const struct firmware *fw = &en->firmware;
	const struct store_file row = { .port = fw->port,
	    .board_id = fw->board_id != NULL ? fw->board_id : "",
	    .variant = fw->variant,
	    .version = fw->version != NULL ? fw->version : "unknown",
	    .build = fw->build, .commit = fw->commit, .file = file,
	    .source = fw->source, .sha256 = fw->sha256,
	    .size_bytes = en->image.size_bytes, .custom = true,
	    .description = fw->description != NULL ? fw->description :
	    en->image.board };

	return store_file_put(s, &row, e);
}

static int
put_event(struct store *s, const struct custom_entry *en, const char *what,
    const char *now, const char *text, struct err *e)
{
	const struct store_custom_event ev = { en->firmware.sha256, now, what,
	    en->firmware.source, text };

	return store_custom_event(s, &ev, e);
}

int
custom_keep(struct store *s, struct custom_entry *en, const char *now,
    bool *again, struct err *e)
{
	const char *rel = en->image.path + strlen(store_dir(s)) + 1;
	struct firmware *fw = &en->firmware;
	const char *said = fw->description;	/* this time */
	struct before b = { en, NULL };
	const char *file = rel;

	if (store_custom_find(s, fw->sha256, merge_row, &b, e) == -1)
		return -1;
	*again = b.file != NULL;
	if (*again) {
		one_file(en, store_dir(s), rel, b.file);
		file = en->image.path + strlen(store_dir(s)) + 1;
	}
	keep_old(en, &fw->added_at, now);
	if (put_custom_file(s, en, file, e) == -1 ||
	    store_custom_put(s, file, fw, &en->image, e) == -1 ||
	    put_event(s, en, *again ? "again" : "added", now, said, e) == -1)
		return -1;
	return en->image.scan == NULL ? 0 : put_event(s, en, "scanned", now,
	    en->image.scan, e);
}
