/* SPDX-License-Identifier: MIT */
#include "custom/git.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/command.h"
#include "base/mem.h"

#define GIT_MS		30000		/* for one question */
#define OUTPUT_MAX	65536u
#define ARGS_MAX	12u
#define FILTERS_MAX	100u

#define N(a)	(sizeof(a) / sizeof((a)[0]))

/*
 * Source: git-config(1), of all that names a program or goes to the network
 * in what is asked here.
 */
static const char *const safe[][2] = {
	{ "core.fsmonitor", "false" },
	{ "core.hooksPath", "/dev/null" },
	{ "core.pager", "cat" },
	{ "core.askPass", "" },
	{ "core.sshCommand", "false" },
	{ "core.gitProxy", "" },
	{ "core.attributesFile", "/dev/null" },
	{ "credential.helper", "" },
	{ "diff.external", "" },
	{ "log.showSignature", "false" },
	{ "gpg.program", "false" },
	{ "gpg.ssh.program", "false" },
	{ "gpg.x509.program", "false" },
	{ "protocol.allow", "never" },
	{ "submodule.recurse", "false" },
	{ "status.submoduleSummary", "false" },
	{ "color.ui", "never" },
	{ "gc.auto", "0" },
	{ "maintenance.auto", "false" },
};

/* What a hook or a shell has set for another repository; and our own. */
static const char *const env[] = { "GIT_DIR", "GIT_WORK_TREE",
	"GIT_INDEX_FILE", "GIT_OBJECT_DIRECTORY", "GIT_COMMON_DIR",
	"GIT_ALTERNATE_OBJECT_DIRECTORIES", "GIT_NAMESPACE", "GIT_CONFIG",
	"GIT_CONFIG_PARAMETERS", "GIT_EXTERNAL_DIFF", "GIT_PAGER",
	"GIT_REPLACE_REF_BASE", "GIT_SSH", "GIT_SSH_COMMAND",
	"GIT_PROXY_COMMAND", "GIT_ALLOW_PROTOCOL=", "GIT_ASKPASS=false",
	"GIT_TERMINAL_PROMPT=0", "GIT_OPTIONAL_LOCKS=0",
	"GIT_NO_LAZY_FETCH=1", "LC_ALL=C" };

struct git {
	char		*dir;
	char		**env;		/* ends with NULL */
	size_t		 n_env, n_keys;	/* of its configuration */
};

static void
add_env(struct git *g, char *text)
{
	g->env = mem_grow(g->env, g->n_env + 2, sizeof(*g->env));
	g->env[g->n_env++] = text;
	g->env[g->n_env] = NULL;
}

/* A key of the configuration, which wins over that of the repository. */
static void
add_key(struct git *g, const char *key, const char *value)
{
	add_env(g, mem_printf("GIT_CONFIG_KEY_%zu=%s", g->n_keys, key));
	add_env(g, mem_printf("GIT_CONFIG_VALUE_%zu=%s", g->n_keys, value));
	g->n_keys++;
	free(g->env[0]);
	g->env[0] = mem_printf("GIT_CONFIG_COUNT=%zu", g->n_keys);
}

int
git_ask(struct git *g, const char *const *args, struct buf *out,
    struct err *e)
{
	const char *argv[ARGS_MAX + 6] = { "git", "--no-pager",
	    "--literal-pathspecs", "-C", g->dir };
	struct buf errors = BUF_MAX(OUTPUT_MAX);
	struct command c = { .argv = argv,
	    .env = (const char *const *)g->env,
	    .deadline = clock_ms() + GIT_MS, .out = out, .errors = &errors };
	size_t n = 5, line;
	int status, r;

	while (*args != NULL && n < ARGS_MAX + 5)
		argv[n++] = *args++;
	buf_clear(out);
	r = command_run(&c, &status, e);
	if (r == 0 && status == 0)
		r = 1;
	while (out->len > 0 && out->data[out->len - 1] == '\n')
		out->data[--out->len] = '\0';
	line = strcspn(errors.data, "\n");
	if (r == 0)			/* for who wants to say why */
		err_set(e, ERR_INPUT, "git: %.*s", (int)line, errors.data);
	buf_release(&errors);
	return r;
}

/* Filters have names of the repository's choice; each loses its programs. */
static int
shut_filters(struct git *g, struct err *e)
{
	static const char *const ask[] = { "config", "-z", "--name-only",
		"--get-regexp", "^filter\\.", NULL };
	struct buf names = BUF_MAX(OUTPUT_MAX);
	const char *p, *end;
	size_t n = 0;
	int r = git_ask(g, ask, &names, e);

	if (names.len == names.max)
		r = err_set(e, ERR_INPUT, "git: too many filters in its "
		    "configuration");
	end = names.data + names.len;
	for (p = names.data; r == 1 && p < end; p += strlen(p) + 1) {
		const bool required = strlen(p) > 9 &&
		    strcmp(p + strlen(p) - 9, ".required") == 0;

		if (++n > FILTERS_MAX) {
			r = err_set(e, ERR_INPUT, "git: more than %u filters "
			    "in its configuration", FILTERS_MAX);
			break;
		}
		add_key(g, p, required ? "false" : "");
	}
	buf_release(&names);
	return r == -1 ? -1 : 0;
}

/* Of what git says, whether it is another user's. */
static int
no_tree(const char *dir, struct err *e)
{
	if (strstr(e->msg, "dubious ownership") == NULL) {
		err_set(e, ERR_NOT_FOUND, "%s: in no work tree of git", dir);
		return err_hint(e, "--git-path names a folder in a work tree");
	}
	err_set(e, ERR_PERMISSION, "%s: a repository of another user, which "
	    "git does not trust", dir);
	return err_hint(e, "if you do: git config --global --add "
	    "safe.directory %.100s", dir);
}

int
git_open(const char *dir, struct git **out, struct err *e)
{
	static const char *const ask[] = { "rev-parse",
		"--is-inside-work-tree", NULL };
	struct git *g = mem_alloc(sizeof(*g));
	struct buf text = BUF_MAX(OUTPUT_MAX);
	int r = -1;

	g->dir = mem_str(dir);
	add_env(g, mem_str("GIT_CONFIG_COUNT=0"));
	for (size_t i = 0; i < N(env); i++)
		add_env(g, mem_str(env[i]));
	for (size_t i = 0; i < N(safe); i++)
		add_key(g, safe[i][0], safe[i][1]);
	r = git_ask(g, ask, &text, e);
	if (r == 0 || (r == 1 && strcmp(text.data, "true") != 0))
		r = no_tree(dir, e);
	if (r == 1)
		r = shut_filters(g, e);
	buf_release(&text);
	if (r == -1) {
		git_close(g);
		return -1;
	}
	*e = (struct err)ERR_INIT;
	*out = g;
	return 0;
}

void
git_close(struct git *g)
{
	if (g == NULL)
		return;
	while (g->n_env > 0)
		free(g->env[--g->n_env]);
	free(g->env);
	free(g->dir);
	free(g);
}
