/* SPDX-License-Identifier: MIT */
#include "front/choose.h"

#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/mem.h"
#include "tool/table.h"

#define ALL		"*"		/* the pattern that all ports match */
#define AS_REPORTED	"as reported"	/* no option */

enum what { WHAT_SERIAL, WHAT_BOARD, WHAT_VERSION, WHATS };

/* What a command line says in the place of a list. */
static const struct {
	const char	*option, *question, *instead;
} texts[WHATS] = {
	{ "--serial", "Port", "say --serial NAME; mpf list shows the names" },
	{ "--board", "Board", "say --board ID; mpf list shows the ids" },
	{ "--version", "Version", "say --version stable, or one of mpf boards "
	    "ID" },
};

static struct opt_list *
option_of(const struct choose *c, enum what w)
{
	struct opt_list *const options[] = { c->serial, c->board, c->version };

	return options[w];
}

static bool
has_question(const struct opt_list *l)
{
	for (size_t i = 0; i < l->n; i++)
		if (strcmp(l->v[i], "?") == 0)
			return true;
	return false;
}

static bool
is_wanted(const struct front *f, const struct choose *c, enum what w)
{
	const struct opt_list *l = option_of(c, w);

	return l != NULL && (has_question(l) || (f->choose && l->n == 0));
}

/* Without a person, a list asks nobody. */
static int
check_terminal(const struct front *f, const struct choose *c, enum what w,
    struct err *e)
{
	const bool question = has_question(option_of(c, w));

	if (f->interactive && pick_possible())
		return 0;
	err_set(e, ERR_USAGE, "%s%s: %s", question ? texts[w].option : "-i",
	    question ? " ?" : "", f->interactive ?
	    "there is no terminal to choose at" :
	    "nothing is asked, as -x or GITHUB_ACTIONS has it");
	return err_hint(e, "%s", texts[w].instead);
}

static void
set_chosen(struct choose *c, enum what w, const char *value)
{
	struct opt_list *l = option_of(c, w);

	c->chosen[w] = mem_str(value);
	free(l->v);			/* options_free frees the new list */
	l->v = mem_alloc(2 * sizeof(*l->v));
	l->v[0] = c->chosen[w];
	l->v[1] = NULL;
	l->n = 1;
}

/* One list.  What is chosen is the option's value, but for AS_REPORTED. */
static int
ask_item(struct front *f, struct choose *c, enum what w,
    const struct items *l, struct err *e)
{
	const struct pick p = { .question = texts[w].question, .items = l->v,
	    .n = l->n, .colour = table_colour(f->colour) };
	size_t i;

	if (pick_choose(&p, &i, e) == -1)
		return -1;
	if (strcmp(l->v[i].value, AS_REPORTED) != 0)
		set_chosen(c, w, l->v[i].value);
	return 0;
}

static int
run_stages(struct front *f, struct front_pipe *p, struct front_records *out,
    struct err *e)
{
	struct front_pipe *const pipes[] = { p };
	int r;

	command_tell(f, p);
	r = front_run(f, pipes, 1, NULL, out, e);
	front_pipe_release(p);
	return r;
}

/* All that is there, if the port is to be chosen; else what was named. */
static int
find_choices(struct front *f, const struct choose *c,
    struct front_records *out, struct err *e)
{
	struct devices d = *c->devices;
	struct front_pipe p = FRONT_PIPE_INIT;

	if (is_wanted(f, c, WHAT_SERIAL))
		d.serial = (struct opt_list){ NULL, 0 };
	devices_stage(f, &p, &d);
	return run_stages(f, &p, out, e);
}

static int
choose_port(struct front *f, struct choose *c, const struct front_records *here,
    struct err *e)
{
	struct items ports = { NULL, 0 }, all = { NULL, 0 };
	int r;

	items_devices(&ports, here);
	if (ports.n > 1)
		items_add(&all, ALL, "all of them");
	items_devices(&all, here);
	if (all.n == 0) {
		err_set(e, ERR_NOT_FOUND, "there is no port to choose from");
		r = err_hint(e, "mpf doctor");
	} else {
		r = ask_item(f, c, WHAT_SERIAL, &all, e);
	}
	items_release(&ports);
	items_release(&all);
	return r;
}

/* Those at the port that was chosen. */
static void
keep_chosen(const struct choose *c, struct front_records *here)
{
	const char *port = c->chosen[WHAT_SERIAL], *name;
	size_t n = 0;

	if (port == NULL || strcmp(port, ALL) == 0)
		return;
	for (size_t i = 0; i < here->n; i++) {
		name = run_device(here->v[i]);
		if (name != NULL && strcmp(name, port) == 0)
			here->v[n++] = here->v[i];
		else
			record_free(here->v[i]);
	}
	here->n = n;
}

static int
choose_board(struct front *f, struct choose *c,
    const struct front_records *here, struct err *e)
{
	struct items l = { NULL, 0 };
	int r;

	if (!has_question(c->board) && here->n > 0)
		items_add(&l, AS_REPORTED, "the board that each port reports");
	items_boards(&l, here);
	r = items_known_boards(&l, e);
	if (r == 0)
		r = ask_item(f, c, WHAT_BOARD, &l, e);
	items_release(&l);
	return r;
}

/* The versions of these boards; of no boards nothing. */
static int
list_versions(struct front *f, const struct choose *c, const struct items *ids,
    struct items *l, struct err *e)
{
	struct front_records found = { NULL, 0 };
	struct front_pipe p = FRONT_PIPE_INIT;
	const int status = f->status;
	int r = 0;

	if (ids->n == 0)
		return 0;
	front_stage(&p, "mpf-index");
	if (c->mirror != NULL)
		front_values(&p, "--mirror", c->mirror);
	front_flag(&p, "--offline", c->offline);
	front_common(f, &p);
	front_arg(&p, "list");
	for (size_t i = 0; i < ids->n; i++)
		front_arg(&p, ids->v[i].value);
	r = run_stages(f, &p, &found, e);
	f->status = status;		/* the table knows versions, too */
	items_versions(l, &found);
	front_records_release(&found);
	return r;
}

static int
choose_version(struct front *f, struct choose *c,
    const struct front_records *here, struct err *e)
{
	struct items ids = { NULL, 0 }, l = { NULL, 0 };
	const struct opt_list *boards = c->board;
	int r;

	items_add(&l, "stable", "the newest release");
	items_add(&l, "preview", "the newest build after it");
	for (size_t i = 0; boards != NULL && i < boards->n; i++)
		items_add(&ids, boards->v[i], "");
	if (ids.n == 0)
		items_boards(&ids, here);
	r = list_versions(f, c, &ids, &l, e);
	if (r == 0 && l.n == 2)
		r = items_known_versions(&l, e);
	if (r == 0)
		r = ask_item(f, c, WHAT_VERSION, &l, e);
	items_release(&ids);
	items_release(&l);
	return r;
}

/* The command line that does the same without a question. */
static void
tell_choice(const struct choose *c)
{
	struct front_pipe p = FRONT_PIPE_INIT;
	struct buf text = BUF_INIT;

	front_stage(&p, "mpf");
	front_arg(&p, c->command);
	for (enum what w = WHAT_SERIAL; w < WHATS; w++)
		front_value(&p, texts[w].option, c->chosen[w]);
	front_text(&p, &text);
	log_msg("chosen: %s", text.data);
	front_pipe_release(&p);
	buf_release(&text);
}

static int
choose_each(struct front *f, struct choose *c, const bool *wanted,
    struct front_records *here, struct err *e)
{
	if (c->serial != NULL && find_choices(f, c, here, e) == -1)
		return -1;
	if (wanted[WHAT_SERIAL] && choose_port(f, c, here, e) == -1)
		return -1;
	keep_chosen(c, here);
	if (wanted[WHAT_BOARD] && choose_board(f, c, here, e) == -1)
		return -1;
	if (wanted[WHAT_VERSION] && choose_version(f, c, here, e) == -1)
		return -1;
	return 0;
}

int
choose_options(struct front *f, struct choose *c, struct err *e)
{
	struct front_records here = { NULL, 0 };
	bool wanted[WHATS], any = false;
	int r;

	for (enum what w = WHAT_SERIAL; w < WHATS; w++) {
		wanted[w] = is_wanted(f, c, w);
		any = any || wanted[w];
		if (wanted[w] && check_terminal(f, c, w, e) == -1)
			return -1;
	}
	if (!any)
		return 0;
	r = choose_each(f, c, wanted, &here, e);
	front_records_release(&here);
	if (r == 0)
		tell_choice(c);
	f->choose = false;
	return r;
}

void
choose_release(struct choose *c)
{
	for (enum what w = WHAT_SERIAL; w < WHATS; w++)
		free(c->chosen[w]);
}
