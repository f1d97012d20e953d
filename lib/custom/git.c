/* SPDX-License-Identifier: MIT */
#include "custom/git.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "custom/impl.h"
#include "site/address.h"

/*
 * git: the commit that a firmware was built from: that which the image names,
 * if the repository has it, else the one that is checked out.  A repository
 * that does not have what the image names is another's, and says nothing.
 */

#define OUTPUT_MAX	65536u
#define COMMIT_MIN	7u		/* digits */
#define TAGS		"v[0-9]*"	/* of MicroPython's releases */

struct asking {
	struct work	*w;
	struct git	*g;
	struct buf	 out;		/* of the last question */
	char		*head, *commit;
	bool		 shallow;
};

#define ARGS(...)	((const char *const[]){ __VA_ARGS__, NULL })

static int
ask_git(struct asking *a, const char *const *args, struct err *e)
{
	return git_ask(a->g, args, &a->out, e);
}

static int
resolve(struct asking *a, const char *rev, char **out, struct err *e)
{
	char *full = mem_printf("%s^{commit}", rev);
	const int r = ask_git(a, ARGS("rev-parse", "--verify", "--quiet", full),
	    e);

	free(full);
	if (r == 1)
		*out = mem_str(a->out.data);
	return r;
}

/* 1; 0: the repository has not what the image says; -1. */
static int
find_commit(struct asking *a, struct err *e)
{
	const struct work *w = a->w;
	const char *tag = w->facts.strings.tag;
	int r = resolve(a, "HEAD", &a->head, e);

	if (r == -1)
		return -1;
	if (w->versioned && strlen(w->version.commit) >= COMMIT_MIN)
		return resolve(a, w->version.commit, &a->commit, e);
	if (w->versioned && version_released(&w->version))
		return resolve(a, tag, &a->commit, e);
	if (r == 1)
		a->commit = mem_str(a->head);
	return r;
}

/* The branch that is checked out, if the commit is on it. */
static int
take_branch(struct asking *a, struct err *e)
{
	struct firmware *fw = &a->w->en->firmware;
	int r = a->head == NULL ? 0 : ask_git(a, ARGS("merge-base",
	    "--is-ancestor", a->commit, a->head), e);

	if (r == 1)
		r = ask_git(a, ARGS("symbolic-ref", "--quiet", "--short",
		    "HEAD"), e);
	if (r == 1 && said_check("branch", a->out.data, ERR_INPUT, e) == 0)
		fw->git_branch = entry_keep(a->w->en, a->out.data);
	return r == -1 ? -1 : 0;
}

/* "TAG-COUNT-gHASH" of git describe --long. */
static void
split_described(struct asking *a)
{
	struct custom_entry *en = a->w->en;
	char *text = a->out.data, *hash = strrchr(text, '-'), *count, *end;
	long long n;

	if (hash == NULL)
		return;
	*hash = '\0';
	count = strrchr(text, '-');
	if (count == NULL)
		return;
	*count++ = '\0';
	n = strtoll(count, &end, 10);
	if (*end != '\0' || end == count || n < 0)
		return;
	en->firmware.git_tag = entry_keep(en, text);
	/* What a shallow clone lacks is not counted, unless the image is. */
	if (a->shallow && (!a->w->versioned || a->w->version.build != n))
		return;
	en->firmware.git_commits_since_tag = n;
	en->firmware.git_version = n == 0 ? en->firmware.git_tag :
	    entry_own(en, mem_printf("%s-%lld", text, n));
}

static int
take_tag(struct asking *a, struct err *e)
{
	int r = ask_git(a, ARGS("rev-parse", "--is-shallow-repository"), e);

	a->shallow = r == 1 && strcmp(a->out.data, "true") == 0;
	if (r != -1)
		r = ask_git(a, ARGS("describe", "--tags", "--long",
		    "--abbrev=40", "--match", TAGS, a->commit), e);
	if (r == 1)
		split_described(a);
	return r == -1 ? -1 : 0;
}

/* What was done since the tag, the newest first. */
static int
take_changes(struct asking *a, struct err *e)
{
	struct custom_entry *en = a->w->en;
	char count[16], *range, *p, *end;
	size_t n = 0;
	int r;

	if (en->firmware.git_tag == NULL)
		return 0;
	snprintf(count, sizeof(count), "-n%u", MODEL_WORDS);
	range = mem_printf("%s..%s", en->firmware.git_tag, a->commit);
	r = ask_git(a, ARGS("log", "--no-show-signature", "--no-decorate",
	    "--no-color", "--format=%h %s", count, range, "--"), e);
	free(range);
	for (p = a->out.data; r == 1 && *p != '\0' && n < MODEL_WORDS;) {
		struct buf line = BUF_INIT;

		end = p + strcspn(p, "\n");
		text_show(&line, p, (size_t)(end - p));
		en->firmware.git_changes[n++] = entry_own(en,
		    buf_steal(&line));
		en->firmware.git_changes[n] = NULL;
		p = end + (*end == '\n');
	}
	return r == -1 ? -1 : 0;
}

static int
take_url(struct asking *a, struct err *e)
{
	struct firmware *fw = &a->w->en->firmware;
	char *key = mem_printf("branch.%s.remote", fw->git_branch != NULL ?
	    fw->git_branch : "");
	int r = fw->git_branch == NULL ? 0 : ask_git(a, ARGS("config", "--get",
	    key), e);

	free(key);
	if (r == -1)
		return -1;
	key = mem_printf("remote.%s.url", r == 1 ? a->out.data : "origin");
	r = ask_git(a, ARGS("config", "--get", key), e);
	free(key);
	if (r == 1 && said_check("remote", a->out.data, ERR_INPUT, e) == 0)
		fw->git_url = entry_own(a->w->en, address_public(a->out.data));
	return r == -1 ? -1 : 0;
}

/* As the image says of itself, else as the work tree is now. */
static int
take_dirty(struct asking *a, struct err *e)
{
	struct firmware *fw = &a->w->en->firmware;
	int r;

	if (a->w->versioned) {
		fw->git_dirty = a->w->version.dirty;
		return 0;
	}
	if (a->head == NULL || strcmp(a->head, a->commit) != 0)
		return 0;
	r = ask_git(a, ARGS("status", "--porcelain", "--untracked-files=no",
	    "--ignore-submodules=all"), e);
	if (r == 1)
		fw->git_dirty = a->out.len > 0;
	return r == -1 ? -1 : 0;
}

/* The version, where the image and the user say nothing. */
static void
take_git_version(struct asking *a)
{
	struct custom_entry *en = a->w->en;
	struct firmware *fw = &en->firmware;
	char text[VERSION_TEXT];
	struct version v;

	if (fw->version != NULL || fw->git_version == NULL ||
	    !version_parse(fw->git_version, &v))
		return;
	version_text(&v, text);
	fw->version = entry_keep(en, text);
	if (v.build > 0)
		fw->build = v.build;
	if (fw->commit == NULL)
		fw->commit = fw->git_commit;
}

static int
take_all(struct asking *a, struct err *e)
{
	struct firmware *fw = &a->w->en->firmware;

	if (fw->git_commit != NULL && strcmp(fw->git_commit, a->commit) != 0)
		fw->git_branch = fw->git_url = NULL;	/* of a CI job's */
	fw->git_commit = entry_keep(a->w->en, a->commit);
	if (take_branch(a, e) == -1 || take_tag(a, e) == -1 ||
	    take_changes(a, e) == -1 || take_url(a, e) == -1 ||
	    take_dirty(a, e) == -1)
		return -1;
	take_git_version(a);
	return 0;
}

static int
not_its_own(const struct work *w, struct err *e)
{
	err_set(e, ERR_MISMATCH, "the image says that it is %s, which is not "
	    "in %s", w->facts.strings.tag[0] != '\0' ? w->facts.strings.tag :
	    "of a commit", w->git_path);
	return work_contradicts(w, e);
}

static int
ask_all(struct work *w, struct git *g, struct err *e)
{
	struct asking a = { .w = w, .g = g, .out = BUF_MAX(OUTPUT_MAX) };
	int r = find_commit(&a, e);

	if (r == 1) {
		r = take_all(&a, e);
	} else if (r == 0) {
		*e = (struct err)ERR_INIT;
		r = w->git_path == NULL ? 0 : not_its_own(w, e);
	}
	if (r == 0)
		*e = (struct err)ERR_INIT;
	buf_release(&a.out);
	free(a.head);
	free(a.commit);
	return r;
}

int
work_git(struct work *w, struct err *e)
{
	const char *given = w->git_path;
	char *dir = NULL;
	struct git *g = NULL;
	int r;

	if (given == NULL && w->path == NULL)
		return 0;
	dir = given != NULL ? mem_str(given) : mem_printf("%.*s",
	    (int)(strrchr(w->path, '/') - w->path + 1), w->path);
	r = git_open(dir, &g, e);
	if (r == 0)
		r = ask_all(w, g, e);
	else if (given == NULL) {
		/* Nobody has asked for it; but one of another is said. */
		if (e->code == ERR_PERMISSION && w->c->o.say != NULL)
			w->c->o.say("%s: %s", e->msg, e->hint);
		r = e->code == ERR_CANCELLED ? -1 : 0;
		if (r == 0)
			*e = (struct err)ERR_INIT;
	}
	git_close(g);
	free(dir);
	return r;
}
