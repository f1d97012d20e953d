/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "chips/chips.h"
#include "custom/impl.h"
#include "facts/identify.h"

/*
 * boards: which boards a firmware is for: as the user says, as the image says
 * of itself, and as the folder is called that it was built in; and whether
 * these agree.
 */

#define FOUND		8u		/* boards that one word may mean */

#define IDCHARS		"abcdefghijklmnopqrstuvwxyz" \
			"ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"

/* One board that the user names. */
struct named {
	struct board_name name;
	bool		 known;		/* a table here has it */
};

/* As records have ids: letters, digits, and ".", "_", "-" inside. */
static int
check_id(const char *option, const char *text, struct err *e)
{
	if (text[strspn(text, IDCHARS "._-")] == '\0' &&
	    strspn(text, IDCHARS) > 0)
		return 0;
	err_set(e, ERR_USAGE, "%s %.80s: not a name of a board", option, text);
	return err_hint(e, "letters, digits, '.', '_' and '-': RPI_PICO_W, "
	    "ESP32_GENERIC-SPIRAM");
}

/* BOARD[-VARIANT] of a board that no table has. */
static void
take_new(struct work *w, const char *text, struct named *out)
{
	const size_t n = strcspn(text, "-");

	out->known = false;
	out->name.port = w->said->port;
	out->name.board_id = entry_own(w->en, mem_printf("%.*s", (int)n,
	    text));
	out->name.variant = text[n] == '-' && text[n + 1] != '\0' ?
	    entry_keep(w->en, text + n + 1) : NULL;
}

/* Of several boards with one name that which the image is for. */
static size_t
narrow_to_chip(const struct work *w, struct board_name *names, size_t n)
{
	size_t k = 0;

	for (size_t i = 0; i < n; i++)
		if (w->facts.chip == NULL ||
		    port_can_have(names[i].port, w->facts.chip))
			names[k++] = names[i];
	return k;
}

static int
find_named(struct work *w, const char *text, struct named *out, struct err *e)
{
	struct board_name names[FOUND];
	size_t n;

	if (check_id("--board", text, e) == -1)
		return -1;
	n = facts_find(w->c->facts, w->said->port, text, names, FOUND);
	if (n == 0) {
		take_new(w, text, out);
		return 0;
	}
	if (n > 1) {
		const size_t k = narrow_to_chip(w, names, n);

		n = k == 0 ? n : k;
	}
	if (n > 1) {
		err_set(e, ERR_AMBIGUOUS, "--board %s: a board of %s, and of "
		    "%s", text, names[0].port, names[1].port);
		return err_hint(e, "say which with --port");
	}
	out->name = names[0];
	out->known = true;
	return 0;
}

/* --- against the image --- */

/* Of a board that a table has: has it this chip?  -1: it does not say. */
static int
has_chip(const struct work *w, const struct board_name *name)
{
	const struct facts *f = w->c->facts;
	const struct fact *row;
	int has = -1;

	for (size_t i = 0;; i++) {
		const char *chip = NULL;

		row = facts_row_of(f, name->board_id, i);
		if (row == NULL)
			return has;
		if (row->machine != NULL)
			chip = image_machine_chip(row->machine);
		if (chip == NULL && row->mcu != NULL)
			chip = chip_by_mcu(row->mcu);
		if (chip == NULL || (name->port != NULL &&
		    strcmp(row->port, name->port) != 0))
			continue;
		if (strcmp(chip, w->facts.chip) == 0)
			return 1;
		has = 0;
	}
}

static int
check_board_chip(struct work *w, const struct named *b, struct err *e)
{
	const char *chip = w->facts.chip;
	int has;

	if (chip == NULL)
		return 0;
	has = has_chip(w, &b->name);
	if (has == 1)
		work_check(w, "chip");
	if (has == 0)
		err_set(e, ERR_MISMATCH, "--board %s: the image is for %s, "
		    "which %s does not have", b->name.board_id, chip,
		    b->name.board_id);
	else if (b->name.port != NULL && !port_can_have(b->name.port, chip))
		err_set(e, ERR_MISMATCH, "--board %s: the image is for %s, "
		    "which no board of %s has", b->name.board_id, chip,
		    b->name.port);
	else
		return 0;
	return work_contradicts(w, e);
}

static bool
same_board_name(const struct board_name *a, const struct board_name *b)
{
	return strcmp(a->board_id, b->board_id) == 0 &&
	    (a->variant == NULL || b->variant == NULL ||
	    strcmp(a->variant, b->variant) == 0);
}

static bool
is_candidate(const struct identity *id, const struct board_name *name)
{
	for (size_t i = 0; i < id->n; i++)
		if (same_board_name(&id->candidate[i], name))
			return true;
	return false;
}

/*
 * The image says which board it is for.  Of several that the user names it
 * can only say that of its own; of boards that no table has, nothing.
 */
static int
check_machine(struct work *w, const struct identity *id,
    const struct named *named, size_t n, struct err *e)
{
	char text[BOARD_NAME_TEXT];

	if (id->n == 0)
		return 0;
	for (size_t i = 0; i < n; i++) {
		if (!named[i].known)
			return 0;
		if (is_candidate(id, &named[i].name)) {
			work_check(w, "board");
			return 0;
		}
	}
	board_name_text(&id->candidate[0], text);
	err_set(e, ERR_MISMATCH, "--board %s: the image says that it is for "
	    "%s (%s)", named[0].name.board_id, text,
	    w->facts.strings.machine);
	return work_contradicts(w, e);
}

/* --- what comes out --- */

static void
add_fit(struct work *w, const struct board_name *name)
{
	const char **fits = w->en->firmware.fits;
	char text[BOARD_NAME_TEXT];
	size_t n = 0;

	while (fits[n] != NULL)
		n++;
	if (n == MODEL_WORDS)
		return;
	board_name_text(name, text);
	fits[n] = entry_keep(w->en, text);
}

static void
keep_board_name(struct work *w, const struct board_name *name)
{
	struct firmware *fw = &w->en->firmware;

	fw->board_id = entry_keep(w->en, name->board_id);
	fw->variant = entry_keep(w->en, name->variant);
	if (fw->port == NULL)
		fw->port = entry_keep(w->en, name->port);
}

static int
take_said_variant(struct work *w, struct board_name *name, struct err *e)
{
	const char *v = w->said->variant;

	if (v == NULL)
		return 0;
	if (strcmp(v, "-") == 0) {
		name->variant = NULL;
		return 0;
	}
	name->variant = v;
	return check_id("--variant", v, e);
}

static int
by_user(struct work *w, const struct identity *id, struct err *e)
{
	const struct firmware *said = w->said;
	struct named named[MODEL_WORDS + 1];
	size_t n = 0;

	if (find_named(w, said->board_id, &named[n], e) == -1 ||
	    take_said_variant(w, &named[n++].name, e) == -1)
		return -1;
	for (size_t i = 0; said->fits[i] != NULL; i++)
		if (find_named(w, said->fits[i], &named[n++], e) == -1)
			return -1;
	for (size_t i = 0; i < n; i++)
		if (check_board_chip(w, &named[i], e) == -1)
			return -1;
	if (check_machine(w, id, named, n, e) == -1)
		return -1;
	keep_board_name(w, &named[0].name);
	for (size_t i = 1; i < n; i++)
		add_fit(w, &named[i].name);
	w->en->firmware.by = "manual";
	return 0;
}

/* Of several that say the same, what the folder is called decides. */
static void
by_path(struct work *w, struct identity *id)
{
	struct board_name here;
	char text[BOARD_NAME_TEXT];

	path_board(w, &here);
	if (here.board_id == NULL || (w->facts.chip != NULL &&
	    (has_chip(w, &here) == 0 ||
	    !port_can_have(here.port, w->facts.chip))))
		return;
	if (id->n == 0) {
		id->candidate[id->n++] = here;
		id->kind = IDENTITY_ONE;
		return;
	}
	board_name_text(&here, text);
	identity_settle(w->c->facts, id, text);
}

static int
check_said_variant(struct work *w, const struct identity *id, struct err *e)
{
	struct board_name name = id->candidate[0];

	if (w->said->variant == NULL || id->kind == IDENTITY_NONE ||
	    id->kind == IDENTITY_BOARDS)
		return w->said->variant == NULL ? 0 : err_set(e, ERR_USAGE,
		    "--variant %.80s: of which board?  say it with --board",
		    w->said->variant);
	if (take_said_variant(w, &name, e) == -1)
		return -1;
	if (id->kind == IDENTITY_ONE && !board_name_equal(&name,
	    &id->candidate[0])) {
		err_set(e, ERR_MISMATCH, "--variant %.80s: the image says "
		    "that it is %s%s%s", w->said->variant, name.board_id,
		    id->candidate[0].variant != NULL ? "-" : ", plain",
		    id->candidate[0].variant != NULL ?
		    id->candidate[0].variant : "");
		if (work_contradicts(w, e) == -1)
			return -1;
	}
	keep_board_name(w, &name);
	return 0;
}

/* The image alone tells. */
static int
by_image(struct work *w, struct identity *id, struct err *e)
{
	struct board_name plain;

	by_path(w, id);
	w->en->firmware.by = "board";
	if (w->said->variant != NULL)
		return check_said_variant(w, id, e);
	switch (id->kind) {
	case IDENTITY_ONE:
		keep_board_name(w, &id->candidate[0]);
		break;
	case IDENTITY_VARIANTS:
		plain = id->candidate[0];
		plain.variant = NULL;
		keep_board_name(w, is_candidate(id, &plain) ? &plain :
		    &id->candidate[0]);
		break;
	case IDENTITY_BOARDS:
		for (size_t i = 0; i < id->n; i++)
			add_fit(w, &id->candidate[i]);
		break;
	case IDENTITY_NONE:
		break;
	}
	if (id->n > 0)
		work_check(w, "board");
	if (w->facts.chip != NULL && id->n > 0 &&
	    has_chip(w, &id->candidate[0]) == 1)
		work_check(w, "chip");
	return 0;
}

/* Which port's folder it goes to. */
static int
settle_port(struct work *w, const struct identity *id, struct err *e)
{
	struct firmware *fw = &w->en->firmware;
	const char *chip = w->facts.chip;

	if (w->said->port != NULL) {
		if (!facts_is_port(w->c->facts, w->said->port))
			return err_set(e, ERR_USAGE, "--port %.40s: not a "
			    "port of MicroPython", w->said->port);
		fw->port = w->said->port;
	}
	if (fw->port == NULL && id->n > 0)
		fw->port = entry_keep(w->en, id->candidate[0].port);
	if (fw->port == NULL && chip != NULL)
		fw->port = port_of_chip(chip);
	if (fw->port != NULL && chip != NULL &&
	    !port_can_have(fw->port, chip)) {
		err_set(e, ERR_MISMATCH, "--port %.40s: the image is for %s",
		    fw->port, chip);
		return work_contradicts(w, e);
	}
	if (fw->port != NULL)
		return 0;
	err_set(e, ERR_INPUT, "it does not say what it is for");
	return err_hint(e, "say it with --board, and of a board of your own "
	    "with --port as well");
}

int
work_boards(struct work *w, struct err *e)
{
	char version[VERSION_TEXT];
	struct board b = BOARD_INIT;
	struct identity id = { .kind = IDENTITY_NONE };
	int r;

	if (w->facts.strings.machine[0] != '\0') {
		b.family = "micropython";
		b.description = w->facts.strings.machine;
		if (w->versioned) {
			version_text(&w->version, version);
			b.version = version;
		}
		identify(w->c->facts, &b, &id);
		identity_today(w->c->facts, &id);
	}
	r = w->said->board_id != NULL ? by_user(w, &id, e) :
	    by_image(w, &id, e);
	return r == 0 ? settle_port(w, &id, e) : -1;
}
