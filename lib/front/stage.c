/* SPDX-License-Identifier: MIT */
#include "front/front.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"

void
front_arg(struct front_pipe *p, const char *arg)
{
	struct front_stage *s = &p->v[p->n - 1];

	if (arg == NULL)
		return;
	s->args = mem_grow(s->args, s->n + 2, sizeof(*s->args));
	s->args[s->n++] = mem_str(arg);
	s->args[s->n] = NULL;
}

void
front_stage(struct front_pipe *p, const char *tool)
{
	p->v = mem_grow(p->v, p->n + 1, sizeof(*p->v));
	p->v[p->n] = (struct front_stage){ .tool = mem_str(tool) };
	p->n++;
	front_arg(p, tool);
}

void
front_value(struct front_pipe *p, const char *option, const char *v)
{
	if (v == NULL)
		return;
	front_arg(p, option);
	front_arg(p, v);
}

void
front_values(struct front_pipe *p, const char *option,
    const struct opt_list *list)
{
	for (size_t i = 0; i < list->n; i++)
		front_value(p, option, list->v[i]);
}

void
front_flag(struct front_pipe *p, const char *option, bool given)
{
	if (given)
		front_arg(p, option);
}

void
front_pipe_release(struct front_pipe *p)
{
	for (size_t i = 0; i < p->n; i++) {
		for (size_t k = 0; k < p->v[i].n; k++)
			free(p->v[i].args[k]);
		free(p->v[i].args);
		free(p->v[i].tool);
	}
	free(p->v);
	*p = (struct front_pipe)FRONT_PIPE_INIT;
}

/* In quotes where a shell would read more into it. */
static void
add_word(struct buf *out, const char *word)
{
	static const char plain[] = "abcdefghijklmnopqrstuvwxyz"
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_=+:,./@%";

	if (word[0] != '\0' && word[strspn(word, plain)] == '\0') {
		buf_adds(out, word);
		return;
	}
	buf_addc(out, '\'');
	for (; *word != '\0'; word++)
		if (*word == '\'')
			buf_adds(out, "'\\''");
		else
			buf_addc(out, *word);
	buf_addc(out, '\'');
}

void
front_text(const struct front_pipe *p, struct buf *out)
{
	for (size_t i = 0; i < p->n; i++)
		for (size_t k = 0; k < p->v[i].n; k++) {
			buf_adds(out, k > 0 ? " " : i > 0 ? " | " : "");
			add_word(out, p->v[i].args[k]);
		}
}

/* DIR/TOOL, if it can be run. */
static char *
tool_in(const char *dir, size_t n, const char *tool)
{
	char *path = mem_printf("%.*s/%s", (int)n, n > 0 ? dir : ".", tool);

	if (access(path, X_OK) == 0)
		return path;
	free(path);
	return NULL;
}

static char *
tool_in_path(const char *tool)
{
	const char *p = getenv("PATH");
	char *found = NULL;
	size_t n;

	while (p != NULL && *p != '\0' && found == NULL) {
		n = strcspn(p, ":");
		found = tool_in(p, n, tool);
		p += n + (p[n] == ':');
	}
	return found;
}

char *
front_find(const char *tool, struct err *e)
{
	char exe[PATH_MAX], *slash, *found = NULL;
	const ssize_t n = readlink("/proc/self/exe", exe, sizeof(exe) - 1);

	if (n > 0) {
		exe[n] = '\0';
		slash = strrchr(exe, '/');
		if (slash != NULL)
			found = tool_in(exe, (size_t)(slash - exe), tool);
	}
	if (found == NULL)
		found = tool_in_path(tool);
	if (found == NULL) {
		err_set(e, ERR_NOT_FOUND, "%s: neither beside mpf nor in PATH",
		    tool);
		err_todo(e, NEXT_INSTALL_TOOL, "install all tools of mpf");
	}
	return found;
}

int
front_become(const char *tool, char *const args[], struct err *e)
{
	char *path = front_find(tool, e);

	if (path == NULL)
		return -1;
	execv(path, args);
	err_sys(e, "%s", path);
	free(path);
	return -1;
}
