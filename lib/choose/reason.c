/* SPDX-License-Identifier: MIT */
#include "choose/impl.h"

#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "facts/skip.h"

#define SHORT	40			/* bytes of what others named */

const char *
choose_word(const struct choose *c)
{
	return c->o.wanted != NULL ? c->o.wanted :
	    c->o.custom ? "custom" : "stable";
}

/* "newest stable", "1.27.0", "your own v1.28.0" */
static void
what(const struct choose *c, const struct firmware *fw, struct buf *out)
{
	if (fw->custom == 1)
		buf_addf(out, "your own %.*s", SHORT, fw->version != NULL ?
		    fw->version : "firmware");
	else
		buf_addf(out, "%s%.*s", c->wanted.kind == WANTED_EXACT ? "" :
		    "newest ", SHORT, choose_word(c));
}

/* "; next is v1.27.0 (older)": what would it be else, and why it is not. */
static void
add_next_pick(const struct answer *a, struct buf *out)
{
	static const char *const why[] = { "older", "an older build",
	    "not here", "not the format of choice", "offered later" };
	const enum pick_rule by = pick_rule(&a->pick);
	const struct picked *p = &a->pick.second;
	const char *name = choose_file_name(p->file.name != NULL ?
	    p->file.name : p->link.url);
	char version[VERSION_TEXT];

	version_text(&p->version, version);
	if (by == PICK_VERSION)
		buf_addf(out, "; next is %s", version);
	else if (by == PICK_BUILD)
		buf_addf(out, "; next is build %d", p->version.build);
	else
		buf_addf(out, "; next is %.*s", 2 * SHORT,
		    name != NULL ? name : version);
	buf_addf(out, " (%s)", why[by]);
}

/* "; no table knows that board, but RPI_PICO or RPI_PICO_W" */
static void
add_unknown(const struct choose *c, const struct subject *su,
    const struct firmware *fw, struct buf *out)
{
	const char *port = choose_port(c, su);
	char near[NEAR_TEXT];

	facts_near_text(c->facts, fw->board_id, port != NULL ? port : fw->port,
	    identify_mcu(c->facts, su->b), near);
	buf_addf(out, "; no table knows that board%s%s",
	    near[0] != '\0' ? ", but " : "", near);
}

static void
runs(const struct board *b, struct buf *out)
{
	if (b->version == NULL)
		return;
	buf_addf(out, "; the board runs %.*s", SHORT, b->version);
	if (b->build > 0)
		buf_addf(out, ", build %lld", (long long)b->build);
}

void
reason_alike(struct choose *c)
{
	const size_t n = strlen(c->reason);
	char list[LIST_TEXT];

	if (c->n_candidates == 0)
		return;
	candidates_text(c, list, sizeof(list));
	snprintf(c->reason + n, sizeof(c->reason) - n, "; %s report the same "
	    "and differ in software alone", list);
}

void
choose_reason(struct choose *c, const struct subject *su,
    const struct firmware *fw, const struct answer *a)
{
	const struct board_name get = { fw->port, fw->board_id, fw->variant };
	struct buf text = BUF_MAX(sizeof(c->reason) - 1);
	char name[BOARD_NAME_TEXT], chip[CHIP_TEXT];

	board_name_text(&get, name);
	what(c, fw, &text);
	buf_addf(&text, " for %s", name);
	if (fw->version == NULL && fw->custom != 1)
		buf_adds(&text, SKIP_LATER);
	else if (fw->source != NULL && a->pick.best.file.here)
		buf_adds(&text, ", which is here");
	if (fw->source != NULL && a->pick.second.rank != 0)
		add_next_pick(a, &text);
	if (!a->known)
		add_unknown(c, su, fw, &text);
	runs(su->b, &text);
	if (chip_known(su)) {
		chip_text(&su->said->chip, chip);
		buf_addf(&text, "; the chip is an %s", chip);
	}
	snprintf(c->reason, sizeof(c->reason), "%s", text.data);
	buf_release(&text);
	reason_alike(c);
}
