/* SPDX-License-Identifier: MIT */
#include "toml/tree.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"

static bool
is_container(const struct toml *t)
{
	return t->type == TOML_TABLE || t->type == TOML_ARRAY;
}

static bool
is_text_node(const struct toml *t)
{
	return t->type == TOML_STRING || t->type >= TOML_DATETIME;
}

struct toml *
toml_new(enum toml_type type)
{
	struct toml *t = mem_alloc(sizeof(*t));

	t->type = type;
	return t;
}

void
toml_free(struct toml *t)
{
	if (t == NULL)
		return;
	if (is_container(t)) {
		for (size_t i = 0; i < t->list.n; i++) {
			free(t->list.v[i].key);
			toml_free(t->list.v[i].v);
		}
		free(t->list.v);
	} else if (is_text_node(t)) {
		free(t->text.s);
	}
	free(t);
}

struct toml *
toml_text(enum toml_type type, const char *s, size_t len)
{
	struct toml *t = toml_new(type);

	t->text.s = mem_alloc(len + 1);
	memcpy(t->text.s, s, len);
	t->text.len = len;
	return t;
}

/* FNV-1a. */
static uint32_t
hash_of(const char *key, size_t len)
{
	uint32_t h = 2166136261u;

	for (size_t i = 0; i < len; i++)
		h = (h ^ (uint8_t)key[i]) * 16777619u;
	return h;
}

static struct toml_entry *
entry_of(const struct toml *table, const char *key, size_t len)
{
	const uint32_t h = hash_of(key, len);

	for (size_t i = 0; i < table->list.n; i++) {
		struct toml_entry *en = &table->list.v[i];

		if (en->hash == h && en->len == len &&
		    memcmp(en->key, key, len) == 0)
			return en;
	}
	return NULL;
}

struct toml *
toml_find(const struct toml *table, const char *key, size_t len)
{
	const struct toml_entry *en = entry_of(table, key, len);

	return en != NULL ? en->v : NULL;
}

void
toml_append(struct toml *t, const char *key, size_t len, struct toml *v)
{
	struct toml_entry *en;

	if (t->list.n == t->list.cap) {
		t->list.cap = t->list.cap == 0 ? 8 : t->list.cap * 2;
		t->list.v = mem_grow(t->list.v, t->list.cap, sizeof(*en));
	}
	en = &t->list.v[t->list.n++];
	*en = (struct toml_entry){ .v = v };
	if (key == NULL)
		return;
	en->key = mem_alloc(len + 1);
	memcpy(en->key, key, len);
	en->len = len;
	en->hash = hash_of(key, len);
}

int
toml_add(struct toml *array, struct toml *v)
{
	if (array->type != TOML_ARRAY) {
		toml_free(v);
		return -1;
	}
	toml_append(array, NULL, 0, v);
	return 0;
}

struct toml *
toml_copy(const struct toml *t)
{
	struct toml *c;

	if (is_text_node(t))
		return toml_text(t->type, t->text.s, t->text.len);
	c = toml_new(t->type);
	if (!is_container(t)) {
		*c = *t;
		return c;
	}
	for (size_t i = 0; i < t->list.n; i++) {
		const struct toml_entry *en = &t->list.v[i];

		toml_append(c, en->key, en->len, toml_copy(en->v));
	}
	return c;
}

enum toml_type
toml_type(const struct toml *t)
{
	return t->type;
}

size_t
toml_line(const struct toml *t, const char *text)
{
	size_t line = 1;

	for (size_t i = 1; t != NULL && i < t->where; i++)
		line += text[i - 1] == '\n';
	return line;
}

const struct toml *
toml_get(const struct toml *table, const char *path)
{
	for (const struct toml *t = table;;) {
		const size_t len = strcspn(path, ".");

		if (t == NULL || t->type != TOML_TABLE)
			return NULL;
		t = toml_find(t, path, len);
		if (path[len] == '\0')
			return t;
		path += len + 1;
	}
}

const char *
toml_str(const struct toml *t)
{
	if (t == NULL || t->type != TOML_STRING ||
	    memchr(t->text.s, '\0', t->text.len) != NULL)
		return NULL;
	return t->text.s;
}

const char *
toml_date_text(const struct toml *t)
{
	return t != NULL && t->type >= TOML_DATETIME ? t->text.s : NULL;
}

bool
toml_bool(const struct toml *t, bool *out)
{
	if (t == NULL || t->type != TOML_BOOL)
		return false;
	*out = t->b;
	return true;
}

bool
toml_int(const struct toml *t, int64_t *out)
{
	if (t == NULL || t->type != TOML_INT)
		return false;
	*out = t->i;
	return true;
}

size_t
toml_len(const struct toml *t)
{
	if (is_container(t))
		return t->list.n;
	return is_text_node(t) ? t->text.len : 0;
}

const struct toml *
toml_at(const struct toml *t, size_t i)
{
	return is_container(t) && i < t->list.n ? t->list.v[i].v : NULL;
}

const char *
toml_key(const struct toml *table, size_t i)
{
	return is_container(table) && i < table->list.n ? table->list.v[i].key :
	    NULL;
}

int
toml_put(struct toml *t, const char *path, struct toml *v)
{
	struct toml_entry *en;
	size_t len;

	for (; len = strcspn(path, "."), path[len] != '\0'; path += len + 1) {
		struct toml *sub;

		if (t->type != TOML_TABLE)
			goto fail;
		sub = toml_find(t, path, len);
		if (sub == NULL) {
			sub = toml_new(TOML_TABLE);
			toml_append(t, path, len, sub);
		}
		t = sub;
	}
	if (t->type != TOML_TABLE)
		goto fail;
	en = entry_of(t, path, len);
	if (en == NULL) {
		toml_append(t, path, len, v);
	} else {
		toml_free(en->v);
		en->v = v;
	}
	return 0;
fail:
	toml_free(v);
	return -1;
}

int
toml_put_str(struct toml *t, const char *path, const char *s)
{
	struct buf clean = BUF_INIT;
	struct toml *v;

	text_clean(&clean, s, strlen(s));
	v = toml_text(TOML_STRING, clean.data, clean.len);
	buf_release(&clean);
	return toml_put(t, path, v);
}

int
toml_put_int(struct toml *t, const char *path, int64_t i)
{
	struct toml *v = toml_new(TOML_INT);

	v->i = i;
	return toml_put(t, path, v);
}

int
toml_put_bool(struct toml *t, const char *path, bool b)
{
	struct toml *v = toml_new(TOML_BOOL);

	v->b = b;
	return toml_put(t, path, v);
}

int
toml_put_datetime(struct toml *t, const char *path, const char *text)
{
	const char *why;
	struct toml *v = toml_date(text, strlen(text), &why);

	return v != NULL ? toml_put(t, path, v) : -1;
}

void
toml_remove(struct toml *t, const char *path)
{
	const char *dot;
	struct toml_entry *en;

	while ((dot = strchr(path, '.')) != NULL) {
		if (t->type != TOML_TABLE)
			return;
		t = toml_find(t, path, (size_t)(dot - path));
		if (t == NULL)
			return;
		path = dot + 1;
	}
	if (t->type != TOML_TABLE ||
	    (en = entry_of(t, path, strlen(path))) == NULL)
		return;
	free(en->key);
	toml_free(en->v);
	t->list.n--;
	memmove(en, en + 1,
	    (size_t)(t->list.v + t->list.n - en) * sizeof(*en));
}

static bool
lists_equal(const struct toml *a, const struct toml *b)
{
	if (a->list.n != b->list.n)
		return false;
	for (size_t i = 0; i < a->list.n; i++) {
		const struct toml_entry *en = &a->list.v[i];
		const struct toml *other = a->type == TOML_ARRAY ?
		    b->list.v[i].v : toml_find(b, en->key, en->len);

		if (other == NULL || !toml_equal(en->v, other))
			return false;
	}
	return true;
}

bool
toml_equal(const struct toml *a, const struct toml *b)
{
	if (a->type != b->type)
		return false;
	switch (a->type) {
	case TOML_TABLE:
	case TOML_ARRAY:
		return lists_equal(a, b);
	case TOML_INT:
		return a->i == b->i;
	case TOML_FLOAT:	/* nan is nan here: the text was the same */
		return a->f == b->f || (a->f != a->f && b->f != b->f);
	case TOML_BOOL:
		return a->b == b->b;
	default:
		return a->text.len == b->text.len &&
		    memcmp(a->text.s, b->text.s, a->text.len) == 0;
	}
}
