/* SPDX-License-Identifier: MIT */
#include "upstream/git.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/mem.h"
#include "upstream/child.h"

#define ANSWER_MAX	(16u << 20)
#define ARGS		12
#define HEADER_MAX	512u		/* bytes of "ID TYPE SIZE" */

struct git {
	char		*repo;
	bool		 shallow;
	struct child	 batch;		/* git cat-file --batch */
	struct buf	 read;		/* from it, and not used yet */
};

/* A repository that somebody set for their own git is not the one meant. */
static const char *const theirs[] = {
	"GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_OBJECT_DIRECTORY",
	"GIT_ALTERNATE_OBJECT_DIRECTORIES", "GIT_NAMESPACE", "GIT_PREFIX",
	"GIT_COMMON_DIR", "GIT_GRAFT_FILE", "GIT_REPLACE_REF_BASE",
	"GIT_SHALLOW_FILE", "GIT_TRACE", NULL
};

/* "git -C REPO COMMAND ARG...", the last ones ending with NULL. */
static int
start(const struct git *g, struct child *c, const char *const *args,
    bool with_in, struct err *e)
{
	const char *argv[ARGS + 6] = {
		"git", "-C", g->repo, "--no-replace-objects",
		"--no-optional-locks"
	};

	for (size_t n = 5; *args != NULL && n < ARGS + 5; args++)
		argv[n++] = *args;
	return child_open(c, (char *const *)(uintptr_t)argv, theirs, with_in,
	    e);
}

/* All that a command answers. */
static int
ask(const struct git *g, const char *const *args, struct buf *out,
    struct err *e)
{
	struct err ended = ERR_INIT;
	struct child c;
	int r;

	if (start(g, &c, args, false, e) == -1)
		return -1;
	r = child_read_all(&c, out, e);
	if (child_close(&c, g->repo, &ended) == -1 && r == 0) {
		*e = ended;
		r = -1;
	}
	while (out->len > 0 && out->data[out->len - 1] == '\n')
		out->data[--out->len] = '\0';
	return r;
}

int
git_open(const char *repo, struct git **out, struct err *e)
{
	static const char *const args[] = {
		"rev-parse", "--is-shallow-repository", NULL
	};
	struct git *g = mem_alloc(sizeof(*g));
	struct buf answer = BUF_MAX(ANSWER_MAX);
	int r;

	g->repo = mem_str(repo);
	g->batch = (struct child)CHILD_INIT;
	g->read = (struct buf)BUF_MAX(ANSWER_MAX + GIT_OBJECT_MAX);
	r = ask(g, args, &answer, e);
	g->shallow = strcmp(answer.data, "true") == 0;
	buf_release(&answer);
	if (r == 0) {
		*out = g;
		return 0;
	}
	if (strstr(e->msg, "dubious ownership") != NULL)
		err_hint(e, "it is somebody else's: git config --global --add "
		    "safe.directory, and its path, if you trust them");
	else if (e->hint[0] == '\0')
		err_hint(e, "name a clone of MicroPython's repository: "
		    "git clone https://github.com/micropython/micropython");
	git_close(g);
	return -1;
}

void
git_close(struct git *g)
{
	struct err ignored = ERR_INIT;

	if (g == NULL)
		return;
	child_close(&g->batch, g->repo, &ignored);
	buf_release(&g->read);
	free(g->repo);
	free(g);
}

const char *
git_name(const struct git *g)
{
	return g->repo;
}

bool
git_shallow(const struct git *g)
{
	return g->shallow;
}

/* --- tags and commits --- */

/* "ID TIME" at s, which ends at its first blank. */
static bool
read_commit(char *s, struct git_tag *out)
{
	char *time = strchr(s, ' '), *end;
	const size_t n = time != NULL ? (size_t)(time - s) : 0;

	if (n == 0 || n >= GIT_ID || strspn(s, "0123456789abcdef") != n)
		return false;
	memcpy(out->commit, s, n);
	out->commit[n] = '\0';
	errno = 0;
	out->time = strtoll(time + 1, &end, 10);
	return errno == 0 && *end == '\0';
}

/* "NAME TYPE ID TIME ID-OF-COMMIT TIME", the last two of a tag object. */
static bool
read_tag(char *line, struct git_tag *out)
{
	char *field[4], *rest = line;

	memset(out, 0, sizeof(*out));
	for (size_t i = 0; i < 4; i++) {
		field[i] = strsep(&rest, "\t");
		if (field[i] == NULL)
			return false;
	}
	if (!read_commit(strcmp(field[1], "commit") == 0 ? field[2] :
	    field[3], out))
		return false;
	out->name = mem_str(field[0]);
	return true;
}

int
git_tags(const struct git *g, struct git_tag **out, size_t *n, struct err *e)
{
	static const char *const args[] = {
		"for-each-ref", "--format=%(refname:lstrip=2)%09%(objecttype)"
		"%09%(objectname) %(committerdate:unix)"
		"%09%(*objectname) %(*committerdate:unix)", "refs/tags", NULL
	};
	struct buf answer = BUF_MAX(ANSWER_MAX);
	struct git_tag tag;
	char *line, *rest;
	int r;

	*out = NULL;
	*n = 0;
	r = ask(g, args, &answer, e);
	rest = answer.len > 0 ? answer.data : NULL;
	while (r == 0 && (line = strsep(&rest, "\n")) != NULL)
		if (read_tag(line, &tag)) {
			*out = mem_grow(*out, *n + 1, sizeof(**out));
			(*out)[(*n)++] = tag;
		}
	buf_release(&answer);
	return r;
}

void
git_tags_free(struct git_tag *tags, size_t n)
{
	for (size_t i = 0; i < n; i++)
		free(tags[i].name);
	free(tags);
}

int
git_commit(const struct git *g, const char *rev, struct git_tag *out,
    struct err *e)
{
	char *peeled = mem_printf("%s^{commit}", rev);
	const char *const id[] = {
		"rev-parse", "--verify", "--quiet", "--end-of-options",
		peeled, NULL
	};
	struct buf answer = BUF_MAX(ANSWER_MAX);
	const char *time[] = {
		"log", "-1", "--format=%H %ct", "--no-show-signature",
		NULL, "--", NULL
	};
	int r;

	memset(out, 0, sizeof(*out));
	r = ask(g, id, &answer, e);
	if (r == -1 && e->code == ERR_INPUT) {
		err_set(e, ERR_NOT_FOUND, "%s: no commit \"%s\"", g->repo,
		    rev);
		err_hint(e, "name a branch, a tag or a commit that the "
		    "repository has; git fetch may bring it");
	}
	if (r == 0) {
		char *found = buf_steal(&answer);

		time[4] = found;
		r = ask(g, time, &answer, e);
		free(found);
	}
	if (r == 0 && !read_commit(answer.data, out))
		r = err_set(e, ERR_INPUT, "%s: git does not say what %s is",
		    g->repo, rev);
	buf_release(&answer);
	free(peeled);
	return r;
}

int
git_describe(const struct git *g, const char *commit, struct buf *out,
    struct err *e)
{
	const char *const args[] = {
		"describe", "--tags", "--abbrev=10", "--match",
		"v[1-9]*.*[0-9]", "--match", "v[1-9]*-preview", commit, NULL
	};

	return ask(g, args, out, e);
}

/* --- objects --- */

/* Reads from git until so many bytes are there, or, for 0, a line is. */
static int
fill(struct git *g, size_t want, struct err *e)
{
	char block[65536];
	ssize_t n;

	while (want > 0 ? g->read.len < want :
	    memchr(g->read.data, '\n', g->read.len) == NULL) {
		n = read(g->batch.out, block, sizeof(block));
		if (n == -1 && errno == EINTR)
			continue;
		if (n == -1)
			return err_sys(e, "%s: git", g->repo);
		if (n == 0)
			return err_set(e, ERR_IO, "%s: git ended in the "
			    "middle of an answer", g->repo);
		if ((want == 0 && g->read.len > HEADER_MAX) ||
		    buf_add(&g->read, block, (size_t)n) == -1)
			return err_set(e, ERR_PROTOCOL, "%s: git's answer "
			    "is none", g->repo);
	}
	return 0;
}

/* Passes over an object that nobody wants. */
static int
drain(struct git *g, size_t size, struct err *e)
{
	size_t n;

	for (; size > 0; size -= n) {
		n = size < HEADER_MAX ? size : HEADER_MAX;
		if (fill(g, n, e) == -1)
			return -1;
		n = g->read.len < size ? g->read.len : size;
		buf_drop(&g->read, n);
	}
	return 0;
}

/* "ID TYPE SIZE", "ID missing", and the like. */
static int
read_header(struct git *g, const char *name, enum git_type *type,
    size_t *digits, size_t *size, struct err *e)
{
	char *line = g->read.data, *word, *end = memchr(line, '\n',
	    g->read.len);
	const size_t used = (size_t)(end - line) + 1;

	*end = '\0';
	*digits = strspn(line, "0123456789abcdef");
	word = line + *digits;
	errno = 0;
	if (strncmp(word, " blob ", 6) == 0)
		*type = GIT_BLOB;
	else if (strncmp(word, " tree ", 6) == 0)
		*type = GIT_TREE;
	else if (strncmp(word, " commit ", 8) == 0 ||
	    strncmp(word, " tag ", 5) == 0)
		*type = GIT_OTHER;
	else {
		buf_drop(&g->read, used);
		err_set(e, ERR_NOT_FOUND, "%s: %s is not in the repository",
		    g->repo, name);
		return err_hint(e, "git fsck says what is broken; a clone "
		    "made with --filter lacks objects: git fetch --refetch "
		    "--no-filter");
	}
	word = strrchr(line, ' ') + 1;
	*size = strtoull(word, &end, 10);
	if (errno != 0 || *end != '\0' || end == word)
		return err_set(e, ERR_PROTOCOL, "%s: git's answer is none: "
		    "%s", g->repo, line);
	buf_drop(&g->read, used);
	return 0;
}

/*
 * Git ended: what it said goes before what we saw.  No board is to blame, so
 * that it is never ERR_INPUT.
 */
static int
ended(struct git *g, struct err *e)
{
	struct err words = ERR_INIT;

	buf_clear(&g->read);
	if (child_close(&g->batch, g->repo, &words) == -1) {
		*e = words;
		if (e->code == ERR_INPUT)
			e->code = ERR_IO;
		if (e->hint[0] == '\0')
			err_hint(e, "git fsck says what is broken");
	}
	return -1;
}

static int
request(struct git *g, const char *name, struct err *e)
{
	static const char *const args[] = { "cat-file", "--batch", NULL };
	char *line;
	int r = 0;

	if (g->batch.pid == 0)
		r = start(g, &g->batch, args, true, e);
	if (r == -1)
		return -1;
	line = mem_printf("%s\n", name);
	r = file_write_all(g->batch.in, line, strlen(line), "git", e);
	free(line);
	return r;
}

int
git_object(struct git *g, const char *name, enum git_type *type,
    size_t *digits, struct buf *out, struct err *e)
{
	size_t size = 0;

	if (request(g, name, e) == -1 || fill(g, 0, e) == -1)
		return ended(g, e);
	if (read_header(g, name, type, digits, &size, e) == -1)
		return -1;
	if (size > GIT_OBJECT_MAX) {
		if (drain(g, size + 1, e) == -1)
			return ended(g, e);
		return err_set(e, ERR_INPUT, "%s: an object of %zu bytes",
		    name, size);
	}
	if (fill(g, size + 1, e) == -1)
		return ended(g, e);
	buf_add(out, g->read.data, size);
	buf_drop(&g->read, size + 1);
	return 0;
}
