/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/mem.h"
#include "base/text.h"
#include "ledger/stored.h"

#define JSONL		"firmware.jsonl"
#define JSONL_MAX	(64u << 20)	/* bytes */
#define BACKUPS_MAX	10

/*
 * legacy: firmware.jsonl, where mpflash kept its list before it had a database.
 * A line: "filename" below the folder, "port", "board", "variant" (the board
 * with its variant), "version" with or without "v", "preview", "build" as a
 * number or a text, "firmware" (the address), "description", "custom".
 */

static const char *
text(const struct record *rec, const char *key)
{
	const char *s = record_str(rec, key);

	return s != NULL && s[0] != '\0' ? s : NULL;
}

static int64_t
build_of(const struct record *rec)
{
	struct err ignored = ERR_INIT;
	const char *s = text(rec, "build");
	int64_t v;

	if (s != NULL)
		return s[strspn(s, "0123456789")] == '\0' && strlen(s) < 10 ?
		    strtoll(s, NULL, 10) : -1;
	return record_opt_int(rec, "build", &v, &ignored) == 0 ? v : -1;
}

static int
import_line(struct ledger *l, const struct record *rec, struct err *e)
{
	const char *name = text(rec, "variant"), *version;
	const char *board = text(rec, "board");
	struct store_file f = { .build = build_of(rec), .size_bytes = -1 };
	char *file = NULL, *id = NULL, *of = NULL;
	size_t n;
	int r = -1;

	name = name != NULL ? name : board;
	version = text(rec, "version");
	if (name == NULL || version == NULL || text(rec, "filename") == NULL)
		return err_set(e, ERR_INPUT, "no filename, board or version");
	file = mem_str(text(rec, "filename"));
	for (char *p = file; *p != '\0'; p++)
		if (*p == '\\')
			*p = '/';
	n = strcspn(name, "-");
	id = mem_printf("%.*s", (int)n, name);
	of = mem_printf("%s%s%s", version[0] >= '0' && version[0] <= '9' ?
	    "v" : "", version, record_true(rec, "preview") &&
	    strstr(version, "preview") == NULL ? "-preview" : "");
	f.file = file;
	f.port = text(rec, "port");
	f.board_id = id;
	f.variant = name[n] == '-' ? name + n + 1 : NULL;
	f.version = of;
	f.source = text(rec, "firmware");
	if (f.source != NULL && text_url_host(f.source) != NULL)
		f.source = NULL;	/* no password is kept */
	f.custom = record_true(rec, "custom");
	f.description = text(rec, "description");
	if (!stored_below(file))
		err_set(e, ERR_INPUT, "%.200s: leads out of the firmware "
		    "folder", file);
	else
		r = l->dry_run ? 0 : store_file_put(l->store, &f, e);
	free(of);
	free(id);
	free(file);
	return r;
}

static void
tell_line(struct ledger *l, unsigned line, const struct err *problem)
{
	struct record *rec = record_new();

	record_put_str(rec, "database.kind", "database");
	record_put_int(rec, "database.row", line);
	l->tell(rec, problem, l->ctx);
}

/* Each line by itself: what cannot be read is told, and stays in the backup. */
static int
import_lines(struct ledger *l, char *p, int64_t *n, struct err *e)
{
	struct record *rec;
	unsigned line = 0;

	for (char *end; *p != '\0'; p = end) {
		struct err why = ERR_INIT;
		size_t len = strcspn(p, "\r\n");

		end = p + len;
		end += strspn(end, "\r\n");
		line++;
		if (len == 0)
			continue;
		rec = NULL;
		if (record_parse(p, len, &rec, &why) == 0 &&
		    import_line(l, rec, &why) == 0)
			++*n;
		record_free(rec);
		if (why.code == ERR_NONE)
			continue;
		if (why.code != ERR_INPUT) {
			*e = why;
			return -1;
		}
		err_wrap(&why, JSONL ", line %u", line);
		tell_line(l, line, &why);
	}
	return 0;
}

/* As mpflash does: .bak, or .1.bak and so on. */
static int
put_aside(const char *path, struct err *e)
{
	char *to = mem_printf("%s.bak", path);
	int r;

	for (int i = 1; access(to, F_OK) == 0 && i < BACKUPS_MAX; i++) {
		free(to);
		to = mem_printf("%s.%d.bak", path, i);
	}
	r = rename(path, to) == -1 ? err_sys(e, "%s", path) : 0;
	free(to);
	return r;
}

int
ledger_legacy(struct ledger *l, struct err *e)
{
	char *path = mem_printf("%s/" JSONL, store_dir(l->store));
	struct buf text_of = BUF_MAX(JSONL_MAX);
	struct record *rec;
	int64_t n = 0;
	int r = -1;

	if (access(path, F_OK) == -1) {
		free(path);
		return 0;
	}
	if (file_read(path, &text_of, e) == -1)
		goto out;
	if (!l->dry_run && store_begin(l->store, e) == -1)
		goto out;
	r = import_lines(l, text_of.data, &n, e);
	if (r == 0 && !l->dry_run)
		r = store_commit(l->store, e);
	if (r == -1 && !l->dry_run)
		store_rollback(l->store);
	if (r == 0 && !l->dry_run)
		r = put_aside(path, e);
	if (r == -1)
		goto out;
	rec = record_new();
	record_put_str(rec, "database.kind", "database");
	record_put_str(rec, "database.file", JSONL);
	record_put_str(rec, "database.state", "imported");
	record_put_int(rec, "database.rows", n);
	l->tell(rec, NULL, l->ctx);
out:
	buf_release(&text_of);
	free(path);
	return r;
}
