/* SPDX-License-Identifier: MIT */
#include "ledger/ledger.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "model/codec.h"
#include "model/rule.h"

#define ODD_MAX		16u

/* Texts that no key can have; they are freed with the list. */
struct odd {
	char		*list[ODD_MAX + 1];
	size_t		 n;
};

/* s, if the key may hold it; else it is odd, and NULL. */
static const char *
fit_text(struct odd *odd, const char *key, const char *s)
{
	struct err why = ERR_INIT;

	if (s == NULL || rule_check(key, s, &why) == 0)
		return s;
	if (odd->n < ODD_MAX)
		odd->list[odd->n++] = mem_printf("%s: %s", key, s);
	return NULL;
}

/* A name of a board, a variant or (lower case) a port, as the schema has it. */
static const char *
fit_name(struct odd *odd, const char *key, const char *s)
{
	static const char lower[] = "abcdefghijklmnopqrstuvwxyz0123456789_-";
	static const char more[] = ".ABCDEFGHIJKLMNOPQRSTUVWXYZ";
	const bool port = strstr(key, ".port") != NULL;
	size_t n = 0;

	while (s != NULL && s[n] != '\0' && (strchr(lower, s[n]) != NULL ||
	    (!port && strchr(more, s[n]) != NULL)))
		n++;
	if (s == NULL || (s[n] == '\0' && strchr("_-.", s[0]) == NULL) ||
	    s[0] == '\0')
		return s;
	if (odd->n < ODD_MAX)
		odd->list[odd->n++] = mem_printf("%s: %s", key, s);
	return NULL;
}

static void
put_odd(struct record *rec, struct odd *odd)
{
	if (odd->n > 0)
		record_put_list(rec, "database.odd",
		    (const char *const *)odd->list);
	while (odd->n > 0)
		free(odd->list[--odd->n]);
}

static void
put_full_text(struct record *rec, const char *key, const char *s)
{
	if (s != NULL && s[0] != '\0')
		record_put_str(rec, key, s);
}

static void
put_count(struct record *rec, const char *key, int64_t v)
{
	if (v >= 0)
		record_put_int(rec, key, v);
}

/* The row decides where both say something. */
static void
put_firmware_noun(struct record *rec, const struct store_file *f,
    const struct firmware *custom)
{
	struct firmware fw = custom != NULL ? *custom :
	    (struct firmware)FIRMWARE_INIT;
	struct odd odd = { .n = 0 };

	fw.board_id = fit_name(&odd, "firmware.board_id", f->board_id);
	fw.variant = fit_name(&odd, "firmware.variant", f->variant);
	fw.port = fit_name(&odd, "firmware.port", f->port);
	fw.version = fit_text(&odd, "firmware.version", f->version);
	fw.build = f->build < 0 ? -1 : f->build;
	fw.commit = fit_text(&odd, "firmware.commit", f->commit);
	fw.custom = f->custom;
	fw.source = f->source;
	fw.file_name = fit_text(&odd, "firmware.file_name",
	    text_base_name(f->file));
	fw.sha256 = fit_text(&odd, "firmware.sha256", f->sha256);
	if (fw.description == NULL)
		fw.description = f->description;
	firmware_put(rec, &fw);
	put_odd(rec, &odd);
}

struct found_custom {
	struct record		*rec;
	const struct store_file	*f;
};

static int
put_custom_noun(const char *file, const struct firmware *fw,
    const struct image *im, void *ctx)
{
	struct found_custom *c = ctx;

	(void)file;
	(void)im;
	put_firmware_noun(c->rec, c->f, fw);
	return 0;
}

struct record *
ledger_file_record(struct store *s, const struct store_file *f)
{
	struct record *rec = record_new();
	struct found_custom c = { rec, f };
	struct err ignored = ERR_INIT;

	if (f->sha256 == NULL || !f->custom || store_custom_find(s, f->sha256,
	    put_custom_noun, &c, &ignored) != 1)
		put_firmware_noun(rec, f, NULL);
	record_put_str(rec, "database.kind", "firmware");
	put_full_text(rec, "database.file", f->file);
	if (f->dir != NULL && strcmp(f->dir, store_dir(s)) != 0)
		put_full_text(rec, "database.store", f->dir);
	put_count(rec, "database.size_bytes", f->size_bytes);
	return rec;
}

struct record *
ledger_device_record(const struct store_device *d)
{
	struct record *rec = record_new();
	struct board b = BOARD_INIT;
	struct firmware fw = FIRMWARE_INIT;
	struct odd odd = { .n = 0 };

	b.uid = d->uid;
	b.port = fw.port = fit_name(&odd, "board.port", d->port);
	b.board_id = fw.board_id = fit_name(&odd, "board.board_id",
	    d->board_id);
	b.variant = fw.variant = fit_name(&odd, "board.variant", d->variant);
	b.version = fw.version = fit_text(&odd, "firmware.version",
	    d->version);
	b.build = fw.build = d->build < 0 ? -1 : d->build;
	b.commit = fw.commit = fit_text(&odd, "firmware.commit",
	    d->commit);
	fw.custom = d->custom;
	fw.source = d->source;
	fw.file_name = fit_text(&odd, "firmware.file_name",
	    text_base_name(d->file_name));
	fw.sha256 = fit_text(&odd, "firmware.sha256", d->sha256);
	board_put(rec, &b);
	firmware_put(rec, &fw);
	record_put_str(rec, "database.kind", "board");
	put_full_text(rec, "database.place", d->device_id);
	put_full_text(rec, "database.flashed_at", d->flashed_at);
	put_full_text(rec, "database.recorded_at", d->recorded_at);
	put_full_text(rec, "database.toml", d->toml_state);
	put_full_text(rec, "database.toml_reason", d->toml_reason);
	put_full_text(rec, "database.toml_text", d->toml);
	put_full_text(rec, "database.queued_at", d->queued_at);
	put_full_text(rec, "database.queued_why", d->queued_why);
	put_odd(rec, &odd);
	return rec;
}

struct record *
ledger_event_record(const struct store_event *ev)
{
	struct record *rec = record_new();
	struct err ignored = ERR_INIT;
	struct odd odd = { .n = 0 };

	record_put_str(rec, "database.kind", "event");
	put_count(rec, "event.id", ev->id);
	put_full_text(rec, "event.at", ev->at);
	put_full_text(rec, "event.what", ev->what);
	put_full_text(rec, "event.uid", ev->uid);
	put_full_text(rec, "event.place", ev->device_id);
	put_full_text(rec, "event.host", ev->host);
	put_full_text(rec, "event.user", ev->user);
	put_full_text(rec, "event.port", fit_name(&odd, "firmware.port",
	    ev->port));
	put_full_text(rec, "event.board_id", fit_name(&odd,
	    "firmware.board_id", ev->board_id));
	put_full_text(rec, "event.variant", fit_name(&odd, "firmware.variant",
	    ev->variant));
	put_full_text(rec, "event.version_before",
	    fit_text(&odd, "firmware.version", ev->version_before));
	put_full_text(rec, "event.version", fit_text(&odd, "firmware.version",
	    ev->version));
	put_full_text(rec, "event.file_name", ev->file_name);
	put_full_text(rec, "event.sha256", fit_text(&odd, "firmware.sha256",
	    ev->sha256));
	put_full_text(rec, "event.method", ev->method);
	put_full_text(rec, "event.state", ev->state);
	put_count(rec, "event.attempts", ev->attempts);
	put_count(rec, "event.took_ms", ev->took_ms);
	if (ev->stages != NULL)
		record_put_json(rec, "event.stages", ev->stages, &ignored);
	put_full_text(rec, "event.stage", ev->stage);
	put_full_text(rec, "event.error_code", ev->error_code);
	put_full_text(rec, "event.error_message", ev->error_message);
	put_full_text(rec, "event.note", ev->note);
	put_odd(rec, &odd);
	return rec;
}

struct record *
ledger_board_record(const struct store_board *row)
{
	struct record *rec = record_new();
	struct board b = BOARD_INIT;
	struct odd odd = { .n = 0 };

	b.port = fit_name(&odd, "board.port", row->port);
	b.board_id = fit_name(&odd, "board.board_id", row->board_id);
	b.variant = fit_name(&odd, "board.variant", row->variant);
	b.description = row->description;
	b.mcu = row->mcu;
	board_put(rec, &b);
	record_put_str(rec, "database.kind", "definition");
	put_full_text(rec, "database.first", row->first);
	put_full_text(rec, "database.last", row->last);
	put_full_text(rec, "database.product", row->product);
	put_full_text(rec, "database.vendor", row->vendor);
	put_full_text(rec, "database.url", row->url);
	put_odd(rec, &odd);
	return rec;
}

bool
ledger_is_board(const char *const *list, const char *board_id,
    const char *variant)
{
	char *name;
	bool is;

	if (list == NULL)
		return true;
	if (board_id == NULL)
		return false;
	name = mem_printf("%s%s%s", board_id, variant != NULL ? "-" : "",
	    variant != NULL ? variant : "");
	is = text_match(board_id, list) || text_match(name, list);
	free(name);
	return is;
}
