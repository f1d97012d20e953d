/* SPDX-License-Identifier: MIT */
#include "link/ops.h"

#include <stdlib.h>
#include <string.h>

/* Both are files, which link_open tells apart. */
const struct link_kind link_tty = { "tty", link_open };
const struct link_kind link_pty = { "pty", link_open };

/* Source: Linux, Documentation/filesystems/devpts.rst. */
const struct link_kind *
link_kind_of(const char *path)
{
	static const char ptys[] = "/dev/pts/";
	char *real = realpath(path, NULL);
	const bool pty = real != NULL &&
	    strncmp(real, ptys, sizeof(ptys) - 1) == 0;

	free(real);
	return pty ? &link_pty : &link_tty;
}

void
link_addr_release(struct link_addr *a)
{
	free(a->name);
	*a = (struct link_addr)LINK_ADDR_INIT;
}

int
link_connect(const struct link_addr *a, const struct link_opts *opts,
    struct link **out, struct err *e)
{
	struct link *l;

	if (a->kind->open(a->name, opts, &l, e) == -1)
		return -1;
	l = link_traced(l);
	if (a->set_lines && link_lines(l, a->dtr, a->rts, e) == -1) {
		link_close(l);
		return -1;
	}
	*out = l;
	return 0;
}

int
link_gone(struct link *l, struct err *e)
{
	l->gone = true;
	err_set(e, ERR_NOT_FOUND, "%s: the device is gone", l->name);
	return err_todo(e, NEXT_PLUG_IN, "it was unplugged, or it restarted");
}

const char *
link_name(const struct link *l)
{
	return l->name;
}

int
link_read(struct link *l, void *p, size_t max, int64_t deadline, size_t *got,
    struct err *e)
{
	*got = 0;
	if (l->gone)
		return link_gone(l, e);
	return l->ops->read(l, p, max, deadline, got, e);
}

int
link_write(struct link *l, const void *p, size_t n, int64_t deadline,
    struct err *e)
{
	if (l->gone)
		return link_gone(l, e);
	return l->ops->write(l, p, n, deadline, e);
}

int
link_baud(struct link *l, unsigned baud, struct err *e)
{
	if (l->gone)
		return link_gone(l, e);
	return l->ops->baud(l, baud, e);
}

int
link_lines(struct link *l, bool dtr, bool rts, struct err *e)
{
	if (l->gone)
		return link_gone(l, e);
	return l->ops->lines(l, dtr, rts, e);
}

void
link_flush(struct link *l)
{
	if (!l->gone)
		l->ops->flush(l);
}

void
link_close(struct link *l)
{
	char *name;

	if (l == NULL)
		return;
	name = l->name;
	l->ops->close(l);
	free(name);
}
