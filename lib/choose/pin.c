/* SPDX-License-Identifier: MIT */
#include "choose/impl.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"

/* An exact version needs no index to be pinned; nor does it grow old. */
static void
pin_exact(struct choose *c, struct firmware *fw)
{
	version_text(&c->wanted.exact, c->version);
	fw->version = c->version;
	fw->build = c->wanted.exact.build;
	fw->commit = c->wanted.exact.commit[0] != '\0' ?
	    c->wanted.exact.commit : NULL;
}

static void
pin_file(struct choose *c, const struct picked *p, struct firmware *fw)
{
	struct version v;

	if (p->link.version != NULL && version_parse(p->link.version, &v)) {
		version_text(&p->version, c->version);
		fw->version = c->version;
		fw->build = p->version.build;
	}
	fw->commit = p->link.commit;
	fw->source = p->link.url;
	fw->file_name = choose_file_name(p->link.url);
	fw->sha256 = p->link.sha256;
}

static int
version_not_offered(const struct choose *c, const struct answer *a,
    struct err *e)
{
	char newest[VERSION_TEXT];

	err_set(e, ERR_NOT_FOUND, "%s%s%.40s: no %.60s on %.120s",
	    a->board_id, a->variant[0] != '\0' ? "-" : "", a->variant,
	    choose_word(c), a->url);
	e->retry = false;
	if (a->pick.other.rank == 0)
		return err_hint(e, "the page has no firmware for it at all");
	version_text(&a->pick.other.version, newest);
	return err_todo(e, NEXT_CHOOSE_VERSION,
	    "the newest there is %s", newest);
}

/* The releases on both sides of v, or NULL. */
static void
neighbours(const struct choose *c, const struct version *v,
    const struct version **before, const struct version **after)
{
	size_t n;
	const struct version *all = facts_releases(c->facts, &n);

	*before = *after = NULL;
	for (size_t i = 0; i < n; i++) {
		if (!version_released(&all[i]))
			continue;
		if (version_compare(&all[i], v) < 0)
			*before = &all[i];
		else if (*after == NULL)
			*after = &all[i];
	}
}

/*
 * Is it known that there never was such a version?  Only of releases that lie
 * between two that the table knows: what is newer may have come since.
 */
static int
check_wanted_version(const struct choose *c, struct err *e)
{
	const struct version *before, *after, *v = &c->wanted.exact;
	char low[VERSION_TEXT], high[VERSION_TEXT];

	if ((c->wanted.kind != WANTED_EXACT &&
	    c->wanted.kind != WANTED_SERIES) || !version_released(v))
		return 0;
	neighbours(c, v, &before, &after);
	if (before == NULL || after == NULL ||
	    wanted_admits(&c->wanted, after))
		return 0;
	version_text(before, low);
	version_text(after, high);
	err_set(e, ERR_NOT_FOUND, "%.60s: MicroPython has no such release",
	    choose_word(c));
	e->retry = false;
	return err_todo(e, NEXT_CHOOSE_VERSION,
	    "the nearest are %s and %s", low, high);
}

/* And had it this board? */
static int
check_since(const struct choose *c, const struct answer *a, struct err *e)
{
	const struct version *v = &c->wanted.exact;
	char first[VERSION_TEXT];
	size_t n;

	if (c->wanted.kind != WANTED_EXACT || a->since <= 0 ||
	    facts_when(c->facts, v) >= a->since)
		return 0;
	version_text(&facts_releases(c->facts, &n)[a->since / 2], first);
	err_set(e, ERR_NOT_FOUND, "%s%s%.40s: no %.60s: MicroPython has it "
	    "since %s", a->board_id, a->variant[0] != '\0' ? "-" : "",
	    a->variant, choose_word(c), first);
	e->retry = false;
	return err_todo(e, NEXT_CHOOSE_VERSION,
	    "--version %s, or a newer one", first);
}

/* From what is offered, as far as that is there and young enough. */
static int
pin_stock(struct choose *c, const struct answer *a, struct choice *out,
    struct err *e)
{
	struct firmware *fw = &out->firmware;
	const struct picked *best = &a->pick.best;
	const bool exact = c->wanted.kind == WANTED_EXACT;
	bool fresh = false;

	if (a->page) {
		const int64_t age = (int64_t)clock_wall() - a->fetched_at;

		fw->index_source = a->url;
		fw->index_age_s = age > 0 ? age : 0;
		fw->index_stale = age > c->o.max_age_s;
		fresh = fw->index_stale == 0;
	}
	if (best->rank != 0 && (fresh ||
	    (exact && version_released(&best->version)))) {
		pin_file(c, best, fw);
		if (a->pick.second.rank != 0)
			out->runner_up = &a->pick.second;
		return 0;
	}
	if (fresh)
		return version_not_offered(c, a, e);
	if (check_wanted_version(c, e) == -1 || check_since(c, a, e) == -1)
		return -1;
	if (exact)
		pin_exact(c, fw);
	return 0;
}

/* Of a file that is here the folder's own copy, which mpf-fetch can read. */
static int
pin_custom(struct choose *c, const struct answer *a, struct choice *out,
    struct err *e)
{
	struct firmware *fw = &out->firmware;
	const struct picked *best = &a->pick.best;

	if (best->rank == 0) {
		err_set(e, ERR_NOT_FOUND, "%s%s%.40s: no custom firmware for "
		    "it", a->board_id, a->variant[0] != '\0' ? "-" : "",
		    a->variant);
		e->retry = false;
		return err_hint(e, "mpf-add --board %.40s FILE adds it",
		    a->board_id);
	}
	pin_file(c, best, fw);
	fw->custom = 1;
	fw->build = best->link.build;
	fw->file_name = choose_file_name(best->file.name);
	free(c->source);
	c->source = NULL;
	if (best->file.here && best->file.dir[0] == '/')
		fw->source = c->source = mem_printf("file://%s/%s",
		    best->file.dir, best->file.name);
	if (a->pick.second.rank != 0)
		out->runner_up = &a->pick.second;
	return 0;
}

int
choose_pin(struct choose *c, const struct board_name *get, const char *mode,
    struct choice *out, const struct answer **a, struct err *e)
{
	if (choose_answer(c, get, mode, a, e) == -1)
		return -1;
	return c->o.custom ? pin_custom(c, *a, out, e) :
	    pin_stock(c, *a, out, e);
}
