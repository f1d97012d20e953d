/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/command.h"
#include "base/mem.h"
#include "tool/run.h"

/*
 * next: "mpf-a --b" for "mpf-a | mpf-b": a process that reads what this one
 * writes, has its standard output, and the options that all tools have.
 */

#define COMMON_MAX	16u		/* options that are handed on */

static const char **
with_common(const char **argv, const struct common *c)
{
	const struct {
		bool		 given;
		const char	*option, *value;	/* value NULL: a flag */
	} common[] = {
		{ c->json, "--json", NULL },
		{ c->table, "--table", NULL },
		{ c->keep_order, "--keep-order", NULL },
		{ c->quiet, "--quiet", NULL },
		{ c->verbose > 0, "--verbose", NULL },
		{ c->verbose > 1, "--verbose", NULL },
		{ true, "--progress", c->progress },
		{ true, "--color", c->colour },
	};
	size_t n = 0;

	while (argv[n] != NULL)
		n++;
	argv = mem_grow(argv, n + COMMON_MAX, sizeof(*argv));
	for (size_t i = 0; i < sizeof(common) / sizeof(common[0]); i++) {
		if (!common[i].given)
			continue;
		argv[n++] = common[i].option;
		if (common[i].value != NULL)
			argv[n++] = common[i].value;
	}
	argv[n] = NULL;
	return argv;
}

static int
start_next(struct tool_run *run, const char **argv, struct err *e)
{
	char *path = command_beside(argv[0]);
	int fd[2];

	if (pipe(fd) == -1) {
		free(path);
		return err_sys(e, "a pipe for %s", argv[0]);
	}
	run->next = fork();
	if (run->next == -1)
		err_sys(e, "a process for %s", argv[0]);
	if (run->next == 0) {
		dup2(fd[0], STDIN_FILENO);
		close(fd[0]);
		close(fd[1]);
		execvp(path, (char *const *)(uintptr_t)argv);
		err_sys(e, "%s", argv[0]);
		log_err(e);
		_exit(STATUS_CANNOT);
	}
	free(path);
	close(fd[0]);
	if (run->next > 0 && dup2(fd[1], STDOUT_FILENO) == -1)
		err_sys(e, "a pipe for %s", argv[0]);
	close(fd[1]);
	if (e->code == ERR_NONE)
		return 0;
	if (run->next < 0)
		run->next = 0;
	return -1;
}

int
next_start(struct tool_run *run, struct err *e)
{
	const struct tool *t = run->t;
	const char **argv = t->next == NULL ? NULL : t->next(t->ctx);
	int r;

	if (argv == NULL)
		return 0;
	if (run->opt.sysroot != NULL)
		setenv("MPF_SYSROOT", run->opt.sysroot, 1);
	argv = with_common(argv, &run->opt);
	r = start_next(run, argv, e);
	free(argv);
	run->opt.json = run->opt.json || r == 0;	/* it shows the table */
	run->opt.table = run->opt.table && r != 0;
	return r;
}

void
next_end(struct tool_run *run)
{
	int status = 0;

	if (run->next == 0)
		return;
	close(STDOUT_FILENO);
	while (waitpid(run->next, &status, 0) == -1 && errno == EINTR)
		;
	if (!WIFEXITED(status))
		run->status = STATUS_CANNOT;
	else if (WEXITSTATUS(status) > run->status)
		run->status = WEXITSTATUS(status);
}
