/* SPDX-License-Identifier: MIT */
#include "choose/impl.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/clock.h"
#include "base/mem.h"

int
choose_open(const struct choose_opts *o, struct store *s, struct choose **out,
    struct err *e)
{
	struct choose *c = mem_alloc(sizeof(*c));
	const char *wanted = o->wanted != NULL ? o->wanted : "stable";
	int r = -1;

	c->o = *o;
	c->store = s;
	c->no_variant = o->variant != NULL &&
	    (strcmp(o->variant, "-") == 0 ||
	    strcasecmp(o->variant, "none") == 0);
	if (!wanted_parse(wanted, &c->wanted)) {
		err_set(e, ERR_USAGE, "--version %.100s: not a version",
		    wanted);
		err_hint(e, "stable, preview, latest, 1.24.1, 1.24 or "
		    "\">=1.22,<1.25\"");
		goto out;
	}
	if (facts_open(s, &c->facts, e) == -1 ||
	    (o->board != NULL && choose_named(c, e) == -1))
		goto out;
	r = 0;
out:
	if (r == 0)
		*out = c;
	else
		choose_close(c);
	return r;
}

void
choose_close(struct choose *c)
{
	if (c == NULL)
		return;
	choose_forget(c);
	choose_drop_custom(c);
	candidates_clear(c);
	free(c->candidates);
	free(c->id);
	free(c->variant);
	facts_close(c->facts);
	free(c);
}

const char *
choose_file_name(const char *url)
{
	const char *slash = url != NULL ? strrchr(url, '/') : NULL;

	url = slash != NULL ? slash + 1 : url;
	return url != NULL && url[0] != '\0' ? url : NULL;
}

static const char *
word(const struct choose *c)
{
	return c->o.wanted != NULL ? c->o.wanted :
	    c->o.custom ? "custom" : "stable";
}

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
pin_link(struct choose *c, const struct picked *p, struct firmware *fw)
{
	version_text(&p->version, c->version);
	fw->version = c->version;
	fw->build = p->version.build;
	fw->commit = p->link.commit;
	fw->source = p->link.url;
	fw->file_name = choose_file_name(p->link.url);
	fw->sha256 = p->link.sha256;
}

static int
not_offered(const struct choose *c, const struct answer *a, struct err *e)
{
	char newest[VERSION_TEXT];

	err_set(e, ERR_NOT_FOUND, "%s%s%.40s: no %.60s on %.120s",
	    a->board_id, a->variant != NULL ? "-" : "",
	    a->variant != NULL ? a->variant : "", word(c), a->url);
	e->retry = false;
	if (a->pick.other.rank == 0)
		return err_hint(e, "the page has no firmware for it at all");
	version_text(&a->pick.other.version, newest);
	return err_hint(e, "the newest there is %s", newest);
}

/* From the index, as far as it is there and young enough. */
static int
pin(struct choose *c, const struct board_name *get, const char *mode,
    struct choice *out, struct err *e)
{
	struct firmware *fw = &out->firmware;
	const bool exact = c->wanted.kind == WANTED_EXACT;
	const struct answer *a;
	int64_t age;

	if (choose_index(c, get, mode, &a, e) == -1)
		return -1;
	if (a->page) {
		age = (int64_t)clock_wall() - a->fetched_at;
		fw->index_source = a->url;
		fw->index_age_s = age > 0 ? age : 0;
		fw->index_stale = age > c->o.max_age_s;
	}
	if (a->page && a->pick.best.rank != 0 &&
	    (!fw->index_stale || (exact &&
	    version_released(&a->pick.best.version)))) {
		pin_link(c, &a->pick.best, fw);
		if (a->pick.second.rank != 0)
			out->runner_up = &a->pick.second;
	} else if (a->page && !fw->index_stale) {
		return not_offered(c, a, e);
	} else if (exact) {
		pin_exact(c, fw);
	}
	return 0;
}

/* "newest stable for RPI_PICO_W; the board runs v1.24.1" */
static void
reason(struct choose *c, const struct subject *su, const struct firmware *fw)
{
	const struct board_name get = { fw->port, fw->board_id, fw->variant };
	char name[BOARD_NAME_TEXT];
	const char *runs = su->b->version;

	board_name_text(&get, name);
	snprintf(c->reason, sizeof(c->reason), "%s%.40s for %s%s%s%.40s",
	    fw->custom == 1 ? "your own " :
	    c->wanted.kind == WANTED_EXACT ? "" : "newest ",
	    fw->custom == 1 && fw->version != NULL ? fw->version :
	    fw->custom == 1 ? "firmware" : word(c), name,
	    fw->version == NULL ? ", to be looked up" : "",
	    runs != NULL ? "; the board runs " : "",
	    runs != NULL ? runs : "");
}

/* Nothing is skipped that waits in its bootloader, whatever ran before. */
static bool
up_to_date(const struct choose *c, const struct subject *su, enum gate how,
    const struct choice *out)
{
	struct board b = *su->b;

	if (c->o.force || how != GATE_ASK || out->runs.board_id == NULL)
		return false;
	b.board_id = out->runs.board_id;
	b.variant = out->runs.variant;
	return skip_same(&b, su->said->record_hash, &out->firmware);
}

static int
choose_for(struct choose *c, const struct subject *su, enum gate how,
    struct choice *out, struct err *e)
{
	struct firmware *fw = &out->firmware;
	struct board_name get = { 0 };

	fw->by = c->o.board != NULL ? "manual" : "board";
	if (choose_who(c, su, how, &get, &out->runs, e) == -1 ||
	    tidy_name(su, &get, e) == -1)
		return -1;
	fw->board_id = get.board_id;
	fw->variant = get.variant;
	fw->port = get.port;
	if ((c->o.custom ? choose_custom(c, &get, fw, e) :
	    pin(c, &get, su->d->mode, out, e)) == -1)
		return -1;
	tidy_firmware(fw);
	if (up_to_date(c, su, how, out)) {
		fw->action = "skip";
		skip_reason(fw, c->reason);
	} else {
		fw->action = "flash";
		reason(c, su, fw);
	}
	fw->reason = c->reason;
	return 0;
}

int
choose_one(struct choose *c, const struct device *d, const struct board *b,
    const struct choose_said *said, struct choice *out, struct err *e)
{
	struct subject su = { .d = d, .b = b, .said = said };
	enum gate how;
	int r = 0;

	memset(out, 0, sizeof(*out));
	out->firmware = (struct firmware)FIRMWARE_INIT;
	out->firmware.wanted = word(c);
	candidates_clear(c);
	if (choose_gate(c, &su, &how, e) == -1)
		return -1;
	if (how == GATE_SKIP) {
		out->firmware.action = "skip";
		out->firmware.by = "board";
		out->firmware.reason = c->reason;
	} else {
		r = choose_for(c, &su, how, out, e);
	}
	if (c->n_candidates > 0)
		out->candidates = c->candidates;
	return r;
}
