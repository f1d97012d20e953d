/* SPDX-License-Identifier: MIT */
#include "upstream/objects.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

#define SLOTS	8192u			/* a power of two */

struct held {
	struct held	*next;
	struct object	 object;
	struct buf	 data;
	char		 name[];
};

struct objects {
	struct git	*git;
	struct held	*slot[SLOTS];
};

/* FNV-1a, 32 bits. */
static size_t
slot(const char *name)
{
	uint32_t h = 2166136261u;

	for (; *name != '\0'; name++)
		h = (h ^ (uint8_t)*name) * 16777619u;
	return h & (SLOTS - 1);
}

struct objects *
objects_new(struct git *g)
{
	struct objects *o = mem_alloc(sizeof(*o));

	o->git = g;
	return o;
}

void
objects_free(struct objects *o)
{
	struct held *next;

	for (size_t i = 0; o != NULL && i < SLOTS; i++)
		for (struct held *h = o->slot[i]; h != NULL; h = next) {
			next = h->next;
			buf_release(&h->data);
			free(h);
		}
	free(o);
}

int
objects_get(struct objects *o, const char *name, const struct object **out,
    struct err *e)
{
	const size_t n = strlen(name), i = slot(name);
	struct held *h = o->slot[i];

	while (h != NULL && strcmp(h->name, name) != 0)
		h = h->next;
	if (h == NULL) {
		h = mem_alloc(sizeof(*h) + n + 1);
		memcpy(h->name, name, n);
		h->data = (struct buf)BUF_MAX(GIT_OBJECT_MAX);
		if (git_object(o->git, name, &h->object.type,
		    &h->object.digits, &h->data, e) == -1) {
			buf_release(&h->data);
			free(h);
			return -1;
		}
		h->object.data = h->data.data;
		h->object.len = h->data.len;
		h->next = o->slot[i];
		o->slot[i] = h;
	}
	*out = &h->object;
	return 0;
}

static int
find_here(struct objects *o, const char *tree, const char *name, size_t len,
    struct tree_entry *out, struct err *e)
{
	const struct object *t;
	const char *p;
	size_t n;
	int r;

	if (objects_get(o, tree, &t, e) == -1)
		return -1;
	p = t->data;
	n = t->type == GIT_TREE ? t->len : 0;
	while ((r = tree_next(&p, &n, t->digits, out, e)) == 1)
		if (strlen(out->name) == len &&
		    memcmp(out->name, name, len) == 0)
			return 1;
	return r == -1 ? err_wrap(e, "%s", tree) : 0;
}

int
objects_find(struct objects *o, const char *tree, const char *path,
    struct tree_entry *out, struct err *e)
{
	char id[GIT_ID];
	size_t n;
	int r;

	for (;;) {
		n = strcspn(path, "/");
		r = find_here(o, tree, path, n, out, e);
		if (r != 1 || path[n] == '\0')
			return r;
		if (out->kind != TREE_FOLDER)
			return 0;
		path += n + 1;
		memcpy(id, out->id, sizeof(id));
		tree = id;
	}
}
