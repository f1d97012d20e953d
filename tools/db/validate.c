/* SPDX-License-Identifier: MIT */
#include "journal/validate.h"

#include "base/buf.h"
#include "base/file.h"
#include "base/stop.h"
#include "db/db.h"
#include "toml/toml.h"

/* A file, and the problems in it so far. */
struct file {
	struct db	*db;
	const char	*name;
};

static struct record *
record_of(const struct file *f, const char *state)
{
	struct record *rec = record_new();

	record_put_str(rec, "database.kind", "toml");
	record_put_str(rec, "database.file", f->name);
	record_put_str(rec, "database.state", state);
	return rec;
}

static void
tell_invalid(size_t line, const char *what, void *ctx)
{
	const struct file *f = ctx;
	struct err problem = ERR_INIT;
	struct record *rec = record_of(f, "invalid");

	record_put_int(rec, "database.row", (int64_t)line);
	err_set(&problem, ERR_INPUT, "%.150s: line %zu: %.200s", f->name,
	    line, what);
	err_hint(&problem, "mpflash.toml(5) has the rules");
	f->db->l.tell(rec, &problem, f->db->l.ctx);
}

int
db_read_toml(struct db *db, const char *name, struct buf *text)
{
	struct file f = { db, name };
	struct err problem = ERR_INIT;
	int n = -1;

	if (file_read(name, text, &problem) == 0)
		n = journal_validate(text->data, text->len, name, db->strict,
		    tell_invalid, &f, &problem);
	if (n == -1)
		db->l.tell(record_of(&f, "invalid"), &problem, db->l.ctx);
	return n;
}

static void
validate_file(struct db *db, const char *name)
{
	struct file f = { db, name };
	struct buf text = BUF_MAX(TOML_TEXT_MAX);

	if (db_read_toml(db, name, &text) == 0)
		db->l.tell(record_of(&f, "valid"), NULL, db->l.ctx);
	buf_release(&text);
}

int
db_validate(struct db *db, struct err *e)
{
	(void)e;
	for (size_t i = 0; i < db->n_words && !stop_requested(); i++)
		validate_file(db, db->words[i]);
	return 0;
}
