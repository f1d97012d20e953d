/* SPDX-License-Identifier: MIT */
#include "custom/build.h"

#include <stdlib.h>
#include <string.h>

#include "base/dirs.h"
#include "base/file.h"
#include "base/mem.h"
#include "custom/date.h"
#include "site/address.h"
#include "toml/toml.h"

/*
 * build: with what, when and where a firmware was built, from the first of
 * these that says so: the file beside it (FILE.toml), the environment, the
 * folder that it was built in, the variables of a CI job.  What cannot be
 * known is absent.
 */

#define SIDECAR		".toml"

/* One fact, unless it is known already. */
int
build_take(struct work *w, const char *what, const char *value,
    const char **out, struct err *e)
{
	if (value == NULL || *out != NULL)
		return 0;
	if (said_check(what, value, ERR_INPUT, e) == -1)
		return -1;
	*out = entry_keep(w->en, value);
	return 0;
}

int
build_take_date(struct work *w, const char *what, const char *value,
    struct err *e)
{
	char utc[CLOCK_TEXT];

	if (value == NULL || w->en->firmware.build_date != NULL)
		return 0;
	if (!date_utc(value, utc)) {
		err_set(e, ERR_INPUT, "%s: %.60s is not a time", what, value);
		return err_hint(e, "as in RFC 3339, with a zone: "
		    "2025-07-07T23:15:00Z");
	}
	w->en->firmware.build_date = entry_keep(w->en, utc);
	return 0;
}

/* --- the file beside it: tables as in mpflash.toml(5) --- */

static int
take_build_text(struct work *w, const struct toml *t, const char *path,
    const char **out, struct err *e)
{
	const struct toml *v = toml_get(t, path);

	if (v == NULL)
		return 0;
	if (toml_str(v) == NULL)
		return err_set(e, ERR_INPUT, "%s: not a string", path);
	return build_take(w, path, toml_str(v), out, e);
}

static int
take_build_list(struct work *w, const struct toml *t, const char *path,
    const char **out, struct err *e)
{
	const struct toml *v = toml_get(t, path);
	size_t n;

	if (v == NULL || out[0] != NULL)
		return 0;
	n = toml_len(v);
	if (toml_type(v) != TOML_ARRAY || n > MODEL_WORDS)
		return err_set(e, ERR_INPUT, "%s: not a list of at most %u "
		    "strings", path, MODEL_WORDS);
	for (size_t i = 0; i < n; i++) {
		const char *s = toml_str(toml_at(v, i));

		if (s == NULL)
			return err_set(e, ERR_INPUT, "%s: not a string in "
			    "it", path);
		if (build_take(w, path, s, &out[i], e) == -1)
			return -1;
	}
	return 0;
}

/* A time, or what looks like one in a string. */
static int
take_date(struct work *w, const struct toml *t, struct err *e)
{
	const struct toml *v = toml_get(t, "build.build_date");
	const char *text;

	if (v == NULL)
		return 0;
	text = toml_str(v);
	if (text == NULL)
		text = toml_date_text(v);
	if (text == NULL)
		return err_set(e, ERR_INPUT, "build.build_date: not a time");
	return build_take_date(w, "build.build_date", text, e);
}

static int
take_toml(struct work *w, const struct toml *t, struct err *e)
{
	struct firmware *fw = &w->en->firmware;

	if (take_build_text(w, t, "firmware.description", &fw->description,
	    e) == -1 ||
	    take_build_text(w, t, "build.toolchain_version",
	    &fw->toolchain_version, e) == -1 ||
	    take_build_text(w, t, "build.python_version", &fw->python_version,
	    e) == -1 || take_date(w, t, e) == -1 ||
	    take_build_text(w, t, "build.build_host", &fw->build_host, e) ==
	    -1 || take_build_text(w, t, "custom.author", &fw->author, e) ==
	    -1 || take_build_text(w, t, "custom.organization",
	    &fw->organization, e) == -1 ||
	    take_build_list(w, t, "custom.features", fw->features, e) == -1 ||
	    take_build_list(w, t, "custom.dependencies", fw->dependencies,
	    e) == -1)
		return -1;
	return take_build_list(w, t, "custom.tags", fw->tags, e);
}

static int
from_sidecar(struct work *w, struct err *e)
{
	char *path = mem_printf("%s" SIDECAR, w->path);
	struct buf text = BUF_MAX(TOML_TEXT_MAX);
	struct toml *t = NULL;
	int r = file_read(path, &text, e);

	if (r == -1 && e->code == ERR_NOT_FOUND) {
		*e = (struct err)ERR_INIT;
		r = 0;
	} else if (r == 0) {
		t = toml_parse(text.data, text.len, path, e);
		r = t == NULL ? -1 : take_toml(w, t, e);
		if (r == -1 && t != NULL)
			err_wrap(e, "%s", path);
	}
	toml_free(t);
	buf_release(&text);
	free(path);
	return r;
}

/* --- the environment --- */

static int
from_env(struct work *w, struct err *e)
{
	struct firmware *fw = &w->en->firmware;

	if (build_take(w, "MPF_BUILD_TOOLCHAIN",
	    dirs_env("MPF_BUILD_TOOLCHAIN"), &fw->toolchain_version, e) == -1 ||
	    build_take(w, "MPF_BUILD_PYTHON", dirs_env("MPF_BUILD_PYTHON"),
	    &fw->python_version, e) == -1 ||
	    build_take_date(w, "MPF_BUILD_DATE", dirs_env("MPF_BUILD_DATE"),
	    e) == -1)
		return -1;
	return build_take(w, "MPF_BUILD_HOST", dirs_env("MPF_BUILD_HOST"),
	    &fw->build_host, e);
}

/* The commit that a job builds; another one's image is not its work. */
static bool
is_of_job(const struct work *w, const char *sha)
{
	const char *commit = w->version.commit;

	if (sha == NULL || (w->versioned && strlen(commit) >= 7 &&
	    strncmp(sha, commit, strlen(commit)) != 0))
		return false;
	return strspn(sha, "0123456789abcdef") == strlen(sha) &&
	    (strlen(sha) == 40 || strlen(sha) == 64);
}

struct job {
	const char	*sha, *host, *date, *branch;
	char		*url;
};

static bool
github_job(struct job *j)
{
	if (dirs_env("GITHUB_ACTIONS") == NULL)
		return false;
	j->sha = dirs_env("GITHUB_SHA");
	j->host = dirs_env("RUNNER_NAME");
	if (dirs_env("GITHUB_REF_TYPE") != NULL &&
	    strcmp(dirs_env("GITHUB_REF_TYPE"), "branch") == 0)
		j->branch = dirs_env("GITHUB_REF_NAME");
	if (dirs_env("GITHUB_SERVER_URL") != NULL &&
	    dirs_env("GITHUB_REPOSITORY") != NULL)
		j->url = mem_printf("%s/%s", dirs_env("GITHUB_SERVER_URL"),
		    dirs_env("GITHUB_REPOSITORY"));
	return true;
}

static bool
gitlab_job(struct job *j)
{
	if (dirs_env("GITLAB_CI") == NULL)
		return false;
	j->sha = dirs_env("CI_COMMIT_SHA");
	j->host = dirs_env("CI_RUNNER_DESCRIPTION");
	j->date = dirs_env("CI_JOB_STARTED_AT");
	j->branch = dirs_env("CI_COMMIT_BRANCH");
	j->url = mem_str(dirs_env("CI_PROJECT_URL"));
	return true;
}

/* git, asked later, knows more of what is here; it writes over this. */
static int
from_job(struct work *w, struct err *e)
{
	struct firmware *fw = &w->en->firmware;
	struct job j = { .sha = NULL };
	char *shown = NULL;
	int r = 0;

	if ((github_job(&j) || gitlab_job(&j)) && is_of_job(w, j.sha)) {
		shown = j.url == NULL ? NULL : address_public(j.url);
		fw->git_commit = entry_keep(w->en, j.sha);
		if (build_take(w, "the job's branch", j.branch,
		    &fw->git_branch, e) == -1 ||
		    build_take(w, "the job's repository", shown,
		    &fw->git_url, e) == -1 ||
		    build_take(w, "the job's runner", j.host,
		    &fw->build_host, e) == -1 ||
		    build_take_date(w, "CI_JOB_STARTED_AT", j.date, e) == -1)
			r = -1;
	}
	free(shown);
	free(j.url);
	return r;
}

int
work_build(struct work *w, struct err *e)
{
	if (w->path != NULL && from_sidecar(w, e) == -1)
		return -1;
	if (from_env(w, e) == -1)
		return -1;
	if (w->path == NULL)
		return 0;
	return build_folder(w, e) == -1 ? -1 : from_job(w, e);
}
