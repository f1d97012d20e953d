/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <string.h>

#include "stream/json.h"

/* The parts of "board.info.x", one by one. */
struct path {
	const char	*rest;		/* NULL: there are no more */
	char		 key[64];
};

static bool
next_part(struct path *p)
{
	const char *dot;
	size_t n;

	if (p->rest == NULL)
		return false;
	dot = strchr(p->rest, '.');
	n = dot != NULL ? (size_t)(dot - p->rest) : strlen(p->rest);
	if (n >= sizeof(p->key))
		n = sizeof(p->key) - 1;
	memcpy(p->key, p->rest, n);	/* called too often for snprintf */
	p->key[n] = '\0';
	p->rest = dot != NULL ? dot + 1 : NULL;
	return true;
}

/* The value at path; NULL in *out if it is missing. */
static int
find_value(const struct record *rec, const char *path, const json_t **out,
    struct err *e)
{
	struct path p = { .rest = path };
	const json_t *v = rec->root;

	*out = NULL;
	while (next_part(&p)) {
		if (!json_is_object(v))
			return err_set(e, ERR_INPUT, "%s: %s is not an object",
			    path, v == rec->root ? "the record" :
			    "what should hold it");
		v = json_object_get(v, p.key);
		if (v == NULL || json_is_null(v))
			return 0;
	}
	*out = v;
	return 0;
}

static const json_t *
value_at(const struct record *rec, const char *path)
{
	const json_t *v;
	struct err ignored;

	return find_value(rec, path, &v, &ignored) == -1 ? NULL : v;
}

bool
record_has(const struct record *rec, const char *path)
{
	return value_at(rec, path) != NULL;
}

static int
wrong_type(const char *path, const char *want, struct err *e)
{
	return err_set(e, ERR_INPUT, "%s: not %s", path, want);
}

/* From the answer of an opt_ function to that of a get_ function. */
static int
present(const struct record *rec, const char *path, struct err *e)
{
	const json_t *v;

	if (find_value(rec, path, &v, e) == -1)
		return -1;
	return v != NULL ? 0 : err_set(e, ERR_INPUT, "%s: missing", path);
}

static int
string_value(const json_t *v, const char *path, const char **out, struct err *e)
{
	if (!json_is_string(v))
		return wrong_type(path, "a string", e);
	if (strlen(json_string_value(v)) != json_string_length(v))
		return err_set(e, ERR_INPUT, "%s: holds a NUL", path);
	*out = json_string_value(v);
	return 0;
}

int
record_opt_str(const struct record *rec, const char *path, const char **out,
    struct err *e)
{
	const json_t *v;

	*out = NULL;
	if (find_value(rec, path, &v, e) == -1)
		return -1;
	return v == NULL ? 0 : string_value(v, path, out, e);
}

int
record_opt_int(const struct record *rec, const char *path, int64_t *out,
    struct err *e)
{
	const json_t *v;

	*out = -1;
	if (find_value(rec, path, &v, e) == -1)
		return -1;
	if (v == NULL)
		return 0;
	if (!json_is_integer(v))
		return wrong_type(path, "a whole number", e);
	*out = json_integer_value(v);
	return 0;
}

int
record_opt_bool(const struct record *rec, const char *path, int *out,
    struct err *e)
{
	const json_t *v;

	*out = -1;
	if (find_value(rec, path, &v, e) == -1)
		return -1;
	if (v == NULL)
		return 0;
	if (!json_is_boolean(v))
		return wrong_type(path, "true or false", e);
	*out = json_is_true(v);
	return 0;
}

const char *
record_str(const struct record *rec, const char *path)
{
	struct err ignored;
	const char *s;

	return record_opt_str(rec, path, &s, &ignored) == 0 ? s : NULL;
}

int64_t
record_int(const struct record *rec, const char *path)
{
	struct err ignored;
	int64_t v;

	return record_opt_int(rec, path, &v, &ignored) == 0 ? v : -1;
}

bool
record_true(const struct record *rec, const char *path)
{
	struct err ignored;
	int v;

	return record_opt_bool(rec, path, &v, &ignored) == 0 && v == 1;
}

int
record_opt_list(const struct record *rec, const char *path, const char **out,
    size_t max, struct err *e)
{
	const json_t *v;
	size_t n;

	out[0] = NULL;
	if (find_value(rec, path, &v, e) == -1)
		return -1;
	if (v == NULL)
		return 0;
	if (!json_is_array(v))
		return wrong_type(path, "a list", e);
	n = json_array_size(v);
	if (n > max)
		return err_set(e, ERR_INPUT, "%s: %zu items, more than %zu",
		    path, n, max);
	for (size_t i = 0; i < n; i++) {
		out[i + 1] = NULL;
		if (string_value(json_array_get(v, i), path, &out[i], e) == -1)
			return -1;
	}
	return 0;
}

int
record_get_str(const struct record *rec, const char *path, const char **out,
    struct err *e)
{
	if (present(rec, path, e) == -1)
		return -1;
	return record_opt_str(rec, path, out, e);
}

int
record_get_int(const struct record *rec, const char *path, int64_t *out,
    struct err *e)
{
	if (present(rec, path, e) == -1)
		return -1;
	return record_opt_int(rec, path, out, e);
}

static void
add_value_text(const json_t *v, struct buf *out)
{
	size_t i;
	json_t *item;

	if (json_is_string(v)) {
		buf_add(out, json_string_value(v), json_string_length(v));
	} else if (json_is_array(v)) {
		json_array_foreach(v, i, item) {
			buf_adds(out, i > 0 ? ", " : "");
			add_value_text(item, out);
		}
	} else {
		json_text(v, out);
	}
}

void
record_text(const struct record *rec, const char *path, struct buf *out)
{
	const json_t *v = value_at(rec, path);

	if (v != NULL)
		add_value_text(v, out);
}

/* Takes v over; what stands in the way and is no object gives way to one. */
static void
put_value(struct record *rec, const char *path, json_t *v)
{
	struct path p = { .rest = path };
	json_t *o = rec->root, *next;

	while (next_part(&p) && p.rest != NULL) {
		next = json_object_get(o, p.key);
		if (!json_is_object(next)) {
			next = json_object();
			json_object_set_new(o, p.key, next);
			rec->changed = true;
		}
		o = next;
	}
	if (json_equal(json_object_get(o, p.key), v)) {
		json_decref(v);
		return;
	}
	json_object_set_new(o, p.key, v);
	rec->changed = true;
}

void
record_put_str(struct record *rec, const char *path, const char *s)
{
	put_value(rec, path, json_text_string(s, strlen(s)));
}

void
record_put_list(struct record *rec, const char *path, const char *const *list)
{
	json_t *a = json_array();

	for (; *list != NULL; list++)
		json_array_append_new(a,
		    json_text_string(*list, strlen(*list)));
	put_value(rec, path, a);
}

void
record_put_int(struct record *rec, const char *path, int64_t v)
{
	put_value(rec, path, json_integer(v));
}

void
record_put_bool(struct record *rec, const char *path, bool v)
{
	put_value(rec, path, json_boolean(v));
}

int
record_put_json(struct record *rec, const char *path, const char *text,
    struct err *e)
{
	json_t *v = json_line(text, strlen(text), e);

	if (v == NULL)
		return err_wrap(e, "%s", path);
	if (json_is_null(v)) {
		json_decref(v);
		record_drop(rec, path);
		return 0;
	}
	json_strip(v);
	put_value(rec, path, v);
	return 0;
}

/* The object that holds the last part of path, or NULL. */
static json_t *
holder(struct record *rec, struct path *p)
{
	json_t *o = rec->root;

	while (next_part(p) && p->rest != NULL)
		o = json_object_get(o, p->key);
	return o;
}

void
record_drop(struct record *rec, const char *path)
{
	struct path p = { .rest = path };

	if (json_object_del(holder(rec, &p), p.key) == 0)
		rec->changed = true;
}

void
record_clear(struct record *rec, const char *path)
{
	struct path p = { .rest = path };
	json_t *v = json_object_get(holder(rec, &p), p.key);

	if (json_object_size(v) == 0)
		return;
	json_object_clear(v);
	rec->changed = true;
}
