/* SPDX-License-Identifier: MIT */
#include <dirent.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/mem.h"
#include "base/stop.h"
#include "db/db.h"
#include "journal/device.h"
#include "toml/toml.h"

/* tree: a folder with the mpflash.toml of each board, which git may keep. */

#define END	".toml"

static bool
is_name(const char *s)
{
	static const char letters[] = "abcdefghijklmnopqrstuvwxyz"
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-.:";

	return s != NULL && s[0] != '\0' && s[0] != '.' &&
	    s[strspn(s, letters)] == '\0';
}

/* Unless the file says so already. */
static int
export_toml(const struct store_device *d, void *ctx)
{
	struct db *db = ctx;
	char *text = device_toml(db->l.store, d), *folder, *path;
	struct record *rec = ledger_device_record(d);
	struct err e = ERR_INIT;
	struct buf was = BUF_INIT;
	int r = 0;

	if (text == NULL || !is_name(d->uid) || !is_name(d->board_id)) {
		err_set(&e, ERR_INPUT, "%.80s: its row does not name a "
		    "firmware, or makes no file name", d->uid);
		db->l.tell(rec, &e, db->l.ctx);
		free(text);
		return 0;
	}
	folder = mem_printf("%s/%s", db->toml, d->board_id);
	path = mem_printf("%s/%s.toml", folder, d->uid);
	if (file_read(path, &was, &e) == 0 && strcmp(was.data, text) == 0)
		record_put_str(rec, "database.state", "unchanged");
	else
		record_put_str(rec, "database.state", "written");
	e = (struct err)ERR_INIT;
	if (strcmp(was.data, text) != 0 && !db->l.dry_run &&
	    (file_mkdirs(folder, 0777, &e) == -1 ||
	    file_write(path, text, strlen(text), 0666, &e) == -1))
		r = -1;
	db->l.tell(rec, r == -1 ? &e : NULL, db->l.ctx);
	buf_release(&was);
	free(path);
	free(folder);
	free(text);
	return 0;
}

int
db_export_tree(struct db *db, struct err *e)
{
	return store_devices(db->l.store, NULL, NULL, export_toml, db, e);
}

/* As export would have written it, with the text that it is made from. */
static struct record *
record_of_toml(const char *text, size_t n, const char *name, const char *uid,
    struct err *e)
{
	struct toml *t = toml_parse(text, n, name, e);
	struct store_device d = { .uid = uid, .toml = text };
	struct device_names names;
	struct record *rec = NULL;

	if (t != NULL && device_of_toml(t, &names, &d, e) == 0)
		rec = ledger_device_record(&d);
	toml_free(t);
	return rec;
}

static void
tell_toml_problem(struct db *db, const char *name, const struct err *problem)
{
	struct record *rec = record_new();

	record_put_str(rec, "database.kind", "toml");
	record_put_str(rec, "database.file", name);
	db->l.tell(rec, problem, db->l.ctx);
}

static void
import_toml(struct db *db, const char *folder, const char *file)
{
	char *name = mem_printf("%s/%s", folder, file);
	char *uid = mem_printf("%.*s", (int)(strlen(file) - strlen(END)),
	    file);
	struct buf text = BUF_MAX(TOML_TEXT_MAX);
	struct err problem = ERR_INIT;
	struct record *rec = NULL;

	if (db_read_toml(db, name, &text) != 0)
		goto out;
	if (!is_name(uid))
		err_set(&problem, ERR_INPUT, "%.200s: not called as a board's "
		    "id", name);
	else
		rec = record_of_toml(text.data, text.len, name, uid,
		    &problem);
	if (rec != NULL)
		db->l.tell(rec, NULL, db->l.ctx);
	else
		tell_toml_problem(db, name, &problem);
out:
	buf_release(&text);
	free(uid);
	free(name);
}

static int
is_visible(const struct dirent *entry)
{
	return entry->d_name[0] != '.';
}

/* fn has each name in a folder, sorted; -1: it cannot be read. */
static int
each_name(const char *folder, void (*fn)(struct db *db, const char *folder,
    const char *name), struct db *db)
{
	struct dirent **names;
	const int n = scandir(folder, &names, is_visible, alphasort);

	for (int i = 0; i < n; i++) {
		if (!stop_requested())
			fn(db, folder, names[i]->d_name);
		free(names[i]);
	}
	if (n != -1)
		free(names);
	return n == -1 ? -1 : 0;
}

static void
import_if_toml(struct db *db, const char *folder, const char *name)
{
	const size_t n = strlen(name);

	if (n > strlen(END) && strcmp(name + n - strlen(END), END) == 0)
		import_toml(db, folder, name);
}

/* What is no folder is a README. */
static void
import_board(struct db *db, const char *folder, const char *name)
{
	char *board = mem_printf("%s/%s", folder, name);

	each_name(board, import_if_toml, db);
	free(board);
}

int
db_import_tree(struct db *db, struct err *e)
{
	return each_name(db->toml, import_board, db) == -1 ?
	    err_sys(e, "%s", db->toml) : 0;
}
