/* SPDX-License-Identifier: MIT */
#include "journal/about.h"

static void
put_about_text(struct toml *t, const char *path, const char *s)
{
	if (s != NULL && s[0] != '\0')
		toml_put_str(t, path, s);
}

/* RFC 3339 as a date-time, anything else as it was said. */
static void
put_date(struct toml *t, const char *path, const char *s)
{
	if (s != NULL && toml_put_datetime(t, path, s) == -1)
		put_about_text(t, path, s);
}

static void
put_list(struct toml *t, const char *path, const char *const *list)
{
	struct toml *array, *one;

	if (list[0] == NULL)
		return;
	array = toml_new(TOML_ARRAY);
	for (; *list != NULL; list++) {
		one = toml_new(TOML_TABLE);
		toml_put_str(one, "s", *list);
		toml_add(array, toml_copy(toml_get(one, "s")));
		toml_free(one);
	}
	toml_put(t, path, array);
}

bool
about_has_git(const struct firmware *f)
{
	return f->git_commit != NULL || f->git_branch != NULL ||
	    f->git_tag != NULL;
}

void
about_put(const struct firmware *f, struct toml *t)
{
	if (about_has_git(f)) {
		put_about_text(t, "source.git.branch", f->git_branch);
		put_about_text(t, "source.git.commit", f->git_commit);
		put_about_text(t, "source.git.tag", f->git_tag);
		if (f->git_commits_since_tag >= 0)
			toml_put_int(t, "source.git.commits_since_tag",
			    f->git_commits_since_tag);
	}
	put_about_text(t, "build.toolchain_version", f->toolchain_version);
	put_about_text(t, "build.python_version", f->python_version);
	put_date(t, "build.build_date", f->build_date);
	put_about_text(t, "build.build_host", f->build_host);
	put_about_text(t, "custom.author", f->author);
	put_about_text(t, "custom.organization", f->organization);
	put_list(t, "custom.features", f->features);
	put_list(t, "custom.dependencies", f->dependencies);
	put_list(t, "custom.tags", f->tags);
}
