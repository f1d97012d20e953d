/* SPDX-License-Identifier: MIT */
#include "board/list.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

char *
list_own(struct board_list *l, char *s)
{
	if (s == NULL)
		return NULL;
	l->owned = mem_grow(l->owned, l->n_owned + 1, sizeof(*l->owned));
	return l->owned[l->n_owned++] = s;
}

/* Nobody may be disturbed but by name. */
static bool
may_be_busy(const struct device *d)
{
	return d->serial_port != NULL && !d->named &&
	    strcmp(d->mode, "silent") == 0;
}

static void
set_holder(struct board_list *l, struct device *d,
    const struct lock_holder *who)
{
	if (who->pid == 0)
		return;
	d->mode = "busy";
	d->held_by_pid = (int64_t)who->pid;
	if (who->command[0] != '\0')
		d->held_by_command = list_own(l, mem_str(who->command));
}

void
list_holders(struct board_list *l, const struct bus *b)
{
	const char **devs = mem_alloc((l->n + 1) * sizeof(*devs));
	struct lock_holder *who = mem_alloc((l->n + 1) * sizeof(*who));
	size_t n = 0;

	for (size_t i = 0; i < l->n; i++)
		if (may_be_busy(&l->v[i].device))
			devs[n++] = l->v[i].device.serial_port;
	if (n > 0)
		bus_holders(b, devs, n, who);
	for (size_t i = 0, k = 0; i < l->n; i++)
		if (may_be_busy(&l->v[i].device))
			set_holder(l, &l->v[i].device, &who[k++]);
	free(devs);
	free(who);
}

void
board_list_release(struct board_list *l)
{
	for (size_t i = 0; i < l->n_owned; i++)
		free(l->owned[i]);
	free(l->owned);
	free(l->v);
	memset(l, 0, sizeof(*l));
}
