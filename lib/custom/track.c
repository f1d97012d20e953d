/* SPDX-License-Identifier: MIT */
#include "custom/track.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "custom/impl.h"
#include "model/codec.h"
#include "site/address.h"
#include "site/source.h"

void
custom_asked_release(struct custom_asked *a)
{
	free(a->source);
	free(a->git_path);
	free(a->last);
	record_free(a->owner);
	*a = (struct custom_asked){ .said = FIRMWARE_INIT };
}

static int
from_anywhere(char **path, struct err *e)
{
	char *full = *path == NULL ? NULL : source_path(*path, e);

	if (full == NULL)
		return *path == NULL ? 0 : -1;
	free(*path);
	*path = full;
	return 0;
}

int
custom_track(struct custom_asked *a, struct err *e)
{
	char *shown;

	a->tracked = true;
	if (address_check_user(a->source, e) == -1)
		return err_wrap(e, "--track");
	if (strcmp(a->source, "-") == 0) {
		err_set(e, ERR_USAGE, "--track: standard input is not there "
		    "again");
		return err_hint(e, "name the file");
	}
	if (source_kind(a->source) == SOURCE_URL) {
		shown = address_public(a->source);
		if (strcmp(shown, a->source) != 0)
			err_set(e, ERR_USAGE, "--track %s: what is behind its "
			    "\"?\" may be a secret, and is not kept", shown);
		free(shown);
		if (e->code != ERR_NONE)
			return err_hint(e, "give the address without it");
	} else if (source_kind(a->source) == SOURCE_FILE &&
	    strncmp(a->source, "gitlab:", 7) != 0 &&
	    from_anywhere(&a->source, e) == -1) {
		return -1;
	}
	return from_anywhere(&a->git_path, e);
}

static int
put_source_row(struct store *s, const struct custom_asked *a,
    const char *sha256, const char *now, struct err *e)
{
	struct store_custom_source row = { a->source, NULL, sha256, now };
	struct record *rec = record_new();
	struct buf given = BUF_INIT;
	int r;

	firmware_put(rec, &a->said);
	if (a->git_path != NULL)
		record_put_str(rec, "add.git_path", a->git_path);
	record_dump(rec, &given);
	row.given = given.data;
	r = store_custom_source_put(s, &row, e);
	buf_release(&given);
	record_free(rec);
	return r;
}

int
custom_asked_keep(struct store *s, const struct custom_asked *a,
    struct custom_entry *en, bool *again, struct err *e)
{
	char now[CLOCK_TEXT];

	clock_text(clock_wall(), now);
	if (store_begin(s, e) == -1)
		return -1;
	if (custom_keep(s, en, now, again, e) == 0 && (!a->tracked ||
	    put_source_row(s, a, en->firmware.sha256, now, e) == 0) &&
	    store_commit(s, e) == 0)
		return 0;
	store_rollback(s);
	return -1;
}

struct tracked {
	void	(*fn)(struct custom_asked *a, void *ctx);
	void	*ctx;
};

static int
take_source(const struct store_custom_source *c, void *ctx)
{
	const struct tracked *t = ctx;
	struct custom_asked a = { .said = FIRMWARE_INIT, .tracked = true };
	const char *git_path;
	struct err e = ERR_INIT;

	if (c->source == NULL || c->given == NULL ||
	    record_parse(c->given, strlen(c->given), &a.owner, &e) == -1)
		return 0;
	if (firmware_get(a.owner, &a.said, &e) == -1 ||
	    record_opt_str(a.owner, "add.git_path", &git_path, &e) == -1) {
		record_free(a.owner);
		return 0;
	}
	a.source = mem_str(c->source);
	a.git_path = mem_str(git_path);
	a.last = mem_str(c->sha256);
	t->fn(&a, t->ctx);
	return 0;
}

int
custom_tracked(const struct custom *c,
    void (*fn)(struct custom_asked *a, void *ctx), void *ctx, struct err *e)
{
	struct tracked t = { fn, ctx };
	struct store *s = NULL;
	int r = store_open(c->dir, STORE_READ, &s, e);

	if (r == 0)
		r = store_custom_sources(s, take_source, &t, e);
	else if (e->code == ERR_NOT_FOUND) {
		*e = (struct err)ERR_INIT;
		r = 0;
	}
	store_close(s);
	return r;
}
