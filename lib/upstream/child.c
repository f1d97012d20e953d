/* SPDX-License-Identifier: MIT */
#include "upstream/child.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define NOT_FOUND	127		/* as a shell says it */
#define WORDS		300u		/* bytes of its last words */

static int
make_pipe(int p[2])
{
	if (pipe(p) == -1)
		return -1;
	fcntl(p[0], F_SETFD, FD_CLOEXEC);
	fcntl(p[1], F_SETFD, FD_CLOEXEC);
	return 0;
}

static void
shut(int *fd)
{
	if (*fd != -1)
		close(*fd);
	*fd = -1;
}

/* In the child, with standard input, output and error in place. */
static void
start(char *const argv[], const char *const *unset, const int fds[3])
{
	for (int i = 0; i < 3; i++)
		if (dup2(fds[i], i) == -1)
			_exit(NOT_FOUND);
	for (; *unset != NULL; unset++)
		unsetenv(*unset);
	setenv("LC_ALL", "C", 1);
	setenv("GIT_NO_LAZY_FETCH", "1", 1);	/* what is here has to do */
	signal(SIGPIPE, SIG_DFL);
	execvp(argv[0], argv);
	_exit(NOT_FOUND);
}

int
child_open(struct child *c, char *const argv[], const char *const *unset,
    bool with_in, struct err *e)
{
	int in[2] = { -1, -1 }, out[2] = { -1, -1 }, r = -1;

	*c = (struct child)CHILD_INIT;
	c->said = tmpfile();
	if (c->said == NULL || make_pipe(out) == -1 ||
	    (with_in ? make_pipe(in) :
	    (in[0] = open("/dev/null", O_RDONLY | O_CLOEXEC))) == -1) {
		err_sys(e, "%s", argv[0]);
		goto out;
	}
	fcntl(fileno(c->said), F_SETFD, FD_CLOEXEC);
	c->pid = fork();
	if (c->pid == -1) {
		c->pid = 0;
		err_sys(e, "%s", argv[0]);
		goto out;
	}
	if (c->pid == 0)
		start(argv, unset, (int[]){ in[0], out[1],
		    fileno(c->said) });
	c->in = in[1];
	c->out = out[0];
	in[1] = out[0] = -1;
	r = 0;
out:
	for (int i = 0; i < 2; i++) {
		shut(&in[i]);
		shut(&out[i]);
	}
	if (r == -1 && c->said != NULL)
		fclose(c->said);
	return r;
}

int
child_read_all(struct child *c, struct buf *out, struct err *e)
{
	char block[65536];
	ssize_t n;

	for (;;) {
		n = read(c->out, block, sizeof(block));
		if (n == -1 && errno == EINTR)
			continue;
		if (n == -1)
			return err_sys(e, "git");
		if (n == 0)
			return 0;
		if (buf_add(out, block, (size_t)n) == -1)
			return err_set(e, ERR_INPUT, "git: an answer of more "
			    "than %zu bytes", out->max);
	}
}

/* The last line that it said, without "fatal: ". */
static void
last_words(FILE *said, char out[WORDS])
{
	char text[4096], *line;
	size_t n;

	rewind(said);
	n = fread(text, 1, sizeof(text) - 1, said);
	while (n > 0 && text[n - 1] == '\n')
		n--;
	text[n] = '\0';
	line = strstr(text, "fatal: ");
	line = line != NULL ? line + 7 : text;
	line[strcspn(line, "\n")] = '\0';
	snprintf(out, WORDS, "%.*s", (int)WORDS - 1, line);
}

static int
failure(int status, const char *name, const char *words, struct err *e)
{
	if (WIFEXITED(status) && WEXITSTATUS(status) == NOT_FOUND &&
	    words[0] == '\0') {
		err_set(e, ERR_NOT_FOUND, "git: no such program");
		return err_hint(e, "install git");
	}
	if (words[0] != '\0')
		return err_set(e, ERR_INPUT, "%s: git: %s", name, words);
	if (WIFSIGNALED(status))
		return err_set(e, ERR_IO, "%s: git was ended by signal %d",
		    name, WTERMSIG(status));
	return err_set(e, ERR_INPUT, "%s: git ended with status %d", name,
	    WEXITSTATUS(status));
}

int
child_close(struct child *c, const char *name, struct err *e)
{
	char words[WORDS];
	int status = 0;

	if (c->pid == 0)
		return 0;
	shut(&c->in);
	shut(&c->out);
	while (waitpid(c->pid, &status, 0) == -1 && errno == EINTR)
		;
	c->pid = 0;
	last_words(c->said, words);
	fclose(c->said);
	c->said = NULL;
	return status == 0 ? 0 : failure(status, name, words, e);
}
