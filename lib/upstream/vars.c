/* SPDX-License-Identifier: MIT */
#include "upstream/vars.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

#define SLOTS	512u			/* a power of two */

struct var {
	struct var	*next;
	char		*text;
	size_t		 len;
	char		 name[];
};

struct vars {
	struct var	*slot[SLOTS];
	size_t		 n;
};

/* FNV-1a, 32 bits. */
static uint32_t
hash(const char *name, size_t len)
{
	uint32_t h = 2166136261u;

	for (size_t i = 0; i < len; i++)
		h = (h ^ (uint8_t)name[i]) * 16777619u;
	return h;
}

/* Where the name is, or where its slot ends. */
static struct var **
find(struct vars *v, const char *name, size_t len)
{
	struct var **p = &v->slot[hash(name, len) & (SLOTS - 1)];

	while (*p != NULL && ((*p)->len != len ||
	    memcmp((*p)->name, name, len) != 0))
		p = &(*p)->next;
	return p;
}

struct vars *
vars_new(void)
{
	return mem_alloc(sizeof(struct vars));
}

void
vars_free(struct vars *v)
{
	struct var *next;

	for (size_t i = 0; v != NULL && i < SLOTS; i++)
		for (struct var *p = v->slot[i]; p != NULL; p = next) {
			next = p->next;
			free(p->text);
			free(p);
		}
	free(v);
}

bool
vars_set(struct vars *v, const char *name, size_t len, const char *text)
{
	struct var **p = find(v, name, len);
	char *copy;

	if (*p == NULL && v->n == VARS_MAX)
		return false;
	copy = mem_str(text);		/* text may be what is there now */
	if (*p == NULL) {
		*p = mem_alloc(sizeof(**p) + len + 1);
		memcpy((*p)->name, name, len);
		(*p)->len = len;
		v->n++;
	}
	free((*p)->text);
	(*p)->text = copy;
	return true;
}

bool
vars_puts(struct vars *v, const char *name, const char *text)
{
	return vars_set(v, name, strlen(name), text);
}

const char *
vars_get(const struct vars *v, const char *name, size_t len)
{
	const struct var *p = v->slot[hash(name, len) & (SLOTS - 1)];

	while (p != NULL && (p->len != len ||
	    memcmp(p->name, name, len) != 0))
		p = p->next;
	return p != NULL ? p->text : NULL;
}

const char *
vars_gets(const struct vars *v, const char *name)
{
	return vars_get(v, name, strlen(name));
}

void
vars_drop(struct vars *v, const char *name, size_t len)
{
	struct var **p = find(v, name, len), *gone = *p;

	if (gone == NULL)
		return;
	*p = gone->next;
	free(gone->text);
	free(gone);
	v->n--;
}
