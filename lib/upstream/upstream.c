/* SPDX-License-Identifier: MIT */
#include "upstream/upstream.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/stop.h"
#include "base/text.h"
#include "upstream/definition.h"

#define N(a)		(sizeof(a) / sizeof((a)[0]))
#define NAME_MAX_BYTES	63u		/* of ports, boards and variants */
#define VARIANTS_MAX	64u		/* of one board */

/* What one version is read with. */
struct run {
	struct objects	*objects;
	char		*root;		/* "COMMIT^{tree}" */
	size_t		 version;
	struct catalog	*table;
	struct problems	*problems;
};

struct names {
	char		*v[VARIANTS_MAX];
	size_t		 n;
};

void
problems_release(struct problems *p)
{
	for (size_t i = 0; i < p->n; i++)
		free(p->v[i].what);
	free(p->v);
	*p = (struct problems)PROBLEMS_INIT;
}

/* The same in the next version is the same problem. */
static void
complain(struct run *r, const char *port, const char *board,
    const char *variant, const struct err *e)
{
	struct problems *p = r->problems;
	char *what = mem_printf("%s %s%s%s: %s", port, board,
	    variant[0] != '\0' ? "-" : "", variant, e->msg);

	for (size_t i = 0; i < p->n; i++)
		if (p->v[i].last + 1 >= r->version &&
		    strcmp(p->v[i].what, what) == 0) {
			p->v[i].last = r->version;
			free(what);
			return;
		}
	p->v = mem_grow(p->v, p->n + 1, sizeof(*p->v));
	p->v[p->n++] = (struct problem){ .what = what, .first = r->version,
	    .last = r->version };
}

/* Names become fields, paths and words of records: no others are taken. */
static bool
good_name(const char *s, bool dots)
{
	static const char set[] = "abcdefghijklmnopqrstuvwxyz0123456789_-"
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
	const size_t n = strlen(s);

	for (size_t i = 0; i < n; i++)
		if (strchr(set, s[i]) == NULL && !(dots && s[i] == '.'))
			return false;
	return n > 0 && n <= NAME_MAX_BYTES && s[0] != '-' && s[0] != '.';
}

static bool
named(struct run *r, const char *port, const char *name)
{
	struct buf shown = BUF_INIT;
	struct err e = ERR_INIT;

	if (good_name(name, true))
		return true;
	text_show(&shown, name, strlen(name));
	err_set(&e, ERR_INPUT, "no name of a board; left out");
	complain(r, port, shown.data, "", &e);
	buf_release(&shown);
	return false;
}

/* --- variants --- */

static void
add_name(struct names *names, const char *name)
{
	for (size_t i = 0; i < names->n; i++)
		if (strcmp(names->v[i], name) == 0)
			return;
	if (names->n < VARIANTS_MAX)
		names->v[names->n++] = mem_str(name);
}

/* "X" of "mpconfigvariant_X.mk" and "mpconfigvariant_X.cmake". */
static void
add_file(struct names *names, const char *file)
{
	static const char prefix[] = "mpconfigvariant_";
	const char *name = file + strlen(prefix), *dot;
	char *copy;

	if (strncmp(file, prefix, strlen(prefix)) != 0)
		return;
	dot = strrchr(name, '.');
	if (dot == NULL || (strcmp(dot, ".mk") != 0 &&
	    strcmp(dot, ".cmake") != 0))
		return;
	copy = mem_printf("%.*s", (int)(dot - name), name);
	if (good_name(copy, false))
		add_name(names, copy);
	free(copy);
}

static void
add_listed(struct run *r, const struct definition *b, struct names *names)
{
	const char *keys[VARIANTS_MAX + 1];
	struct err e = ERR_INIT;

	if (b->json == NULL)
		return;
	if (record_opt_keys(b->json, "variants", keys, VARIANTS_MAX,
	    &e) == -1) {
		err_wrap(&e, "board.json");
		complain(r, b->port, b->name, "", &e);
		return;
	}
	for (size_t i = 0; keys[i] != NULL; i++) {
		if (good_name(keys[i], false)) {
			add_name(names, keys[i]);
			continue;
		}
		err_set(&e, ERR_INPUT, "board.json: no name of a variant; "
		    "left out");
		complain(r, b->port, b->name, keys[i], &e);
	}
}

/* Those that upstream says it gave up, at the tip. */
static void
note_given_up(struct run *r, const struct definition *b)
{
	const char *keys[VARIANTS_MAX + 1];
	struct err ignored = ERR_INIT;

	if (b->json == NULL || r->version + 1 < r->table->n_versions ||
	    record_opt_keys(b->json, "old_variants", keys, VARIANTS_MAX,
	    &ignored) == -1)
		return;
	for (size_t i = 0; keys[i] != NULL; i++)
		catalog_give_up(r->table, b->port, b->name, keys[i]);
}

/* --- boards --- */

/* One row: a board, or a variant of it.  -1: git failed. */
static int
add_row(struct run *r, const struct definition *b, const char *variant,
    struct err *e)
{
	struct row *row = catalog_add(r->table, b->port, b->name, variant,
	    r->version);
	struct err problem = ERR_INIT;

	if (definition_facts(b, row, &problem) == 0)
		return 0;
	if (problem.code != ERR_INPUT) {
		*e = problem;
		return -1;
	}
	complain(r, b->port, b->name, variant, &problem);
	if (row->f[FACT_NAME][0] == '\0' || row->f[FACT_HW_MCU][0] == '\0')
		catalog_drop(r->table);
	return 0;
}

static int
add_board(struct run *r, const struct definition *b, struct names *variants,
    struct err *e)
{
	int x;

	add_listed(r, b, variants);
	note_given_up(r, b);
	x = add_row(r, b, "", e);
	for (size_t i = 0; x == 0 && i < variants->n; i++)
		x = add_row(r, b, variants->v[i], e);
	for (size_t i = 0; i < variants->n; i++)
		free(variants->v[i]);
	return x;
}

/* board.json; *out NULL: it is broken, which is a problem. */
static int
read_json(struct run *r, const char *port, const char *name, const char *id,
    struct record **out, struct err *e)
{
	const struct object *o;
	struct err problem = ERR_INIT;

	*out = NULL;
	if (objects_get(r->objects, id, &o, &problem) == 0 &&
	    record_parse(o->data, o->len, out, &problem) == 0)
		return 0;
	if (problem.code != ERR_INPUT) {
		*e = problem;
		return -1;
	}
	err_wrap(&problem, "board.json");
	complain(r, port, name, "", &problem);
	return 0;
}

/* A folder: is it one of a board?  What it holds tells. */
static int
look_at(struct run *r, const char *port, const struct tree_entry *folder,
    struct err *e)
{
	static const char *const signs[] = {
		"mpconfigboard.h", "mpconfigboard.cmake", "mpconfigboard.mk"
	};
	struct names variants = { .n = 0 };
	struct record *json = NULL;
	const struct object *o;
	struct tree_entry entry;
	const char *p;
	bool is = false;
	size_t n;
	int x = 1;

	if (objects_get(r->objects, folder->id, &o, e) == -1)
		return -1;
	p = o->data;
	n = o->type == GIT_TREE ? o->len : 0;
	while (x == 1 && (x = tree_next(&p, &n, o->digits, &entry, e)) == 1) {
		if (entry.kind != TREE_FILE)
			continue;
		for (size_t i = 0; i < N(signs); i++)
			is = is || strcmp(entry.name, signs[i]) == 0;
		add_file(&variants, entry.name);
		if (strcmp(entry.name, "board.json") != 0)
			continue;
		is = true;
		if (read_json(r, port, folder->name, entry.id, &json,
		    e) == -1)
			x = -1;
	}
	if (x == 0 && is && named(r, port, folder->name))
		x = add_board(r, &(struct definition){ .objects = r->objects,
		    .root = r->root, .port = port, .name = folder->name,
		    .json = json }, &variants, e);
	else
		for (size_t i = 0; i < variants.n; i++)
			free(variants.v[i]);
	record_free(json);
	return x;
}

/* Each folder in a tree, to one of the two functions below. */
static int
each_folder(struct run *r, const char *id, const char *port,
    int (*one)(struct run *r, const char *port,
    const struct tree_entry *folder, struct err *e), struct err *e)
{
	const struct object *o;
	struct tree_entry entry;
	const char *p;
	size_t n;
	int x;

	if (objects_get(r->objects, id, &o, e) == -1)
		return -1;
	p = o->data;
	n = o->type == GIT_TREE ? o->len : 0;
	while ((x = tree_next(&p, &n, o->digits, &entry, e)) == 1)
		if (entry.kind == TREE_FOLDER &&
		    one(r, port, &entry, e) == -1)
			return -1;
	return x;
}

static int
add_port(struct run *r, const char *unused, const struct tree_entry *folder,
    struct err *e)
{
	struct tree_entry boards;
	int x = objects_find(r->objects, folder->id, "boards", &boards, e);

	(void)unused;
	if (x != 1 || boards.kind != TREE_FOLDER || !named(r, "ports",
	    folder->name))
		return x == -1 ? -1 : 0;
	return each_folder(r, boards.id, folder->name, look_at, e);
}

static int
add_version(struct run *r, struct err *e)
{
	struct tree_entry ports;
	int x = objects_find(r->objects, r->root, "ports", &ports, e);

	if (x == 1 && ports.kind == TREE_FOLDER)
		return each_folder(r, ports.id, NULL, add_port, e);
	if (x == -1)
		return -1;
	return err_set(e, ERR_INPUT, "no folder \"ports\": it is not "
	    "MicroPython's repository");
}

int
upstream_rows(struct git *g, struct catalog *out, struct problems *problems,
    struct err *e)
{
	struct run r = { .objects = objects_new(g), .table = out,
	    .problems = problems };
	int x = 0;

	for (size_t i = 0; x == 0 && i < out->n_versions; i++) {
		r.version = i;
		r.root = mem_printf("%s^{tree}", out->version[i].commit);
		x = stop_requested() ? err_set(e, ERR_CANCELLED,
		    "ended by a signal") : add_version(&r, e);
		if (x == -1)
			err_wrap(e, "%s", out->version[i].name);
		free(r.root);
	}
	objects_free(r.objects);
	catalog_sort(out);
	return x;
}
