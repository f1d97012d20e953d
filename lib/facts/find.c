/* SPDX-License-Identifier: MIT */
#include "facts/impl.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "facts/shape.h"

typedef int	compare_fn(const char *, const char *);

struct finding {
	const struct facts	*f;
	const char		*port;
	compare_fn		*cmp;
	struct board_name	*out;
	size_t			 n, max;
};

/* Today's name of it, if that is new. */
static void
found(struct finding *s, const struct fact *row, bool variant)
{
	struct board_name name = { row->port, row->board_id,
	    variant ? row->variant : NULL };

	if (s->port != NULL && strcmp(s->port, row->port) != 0)
		return;
	name = facts_today(s->f, &name, NULL);
	for (size_t i = 0; i < s->n; i++)
		if (board_name_equal(&s->out[i], &name))
			return;
	if (s->n < s->max)
		s->out[s->n++] = name;
}

/* BOARD, and BOARD-VARIANT wherever the dash may be. */
static void
find_board_id(struct finding *s, const char *text)
{
	const char *dash = strchr(text, '-');
	const struct fact *row;
	char id[BOARD_NAME_TEXT];
	size_t i = 0;

	while ((row = facts_row_of(s->f, text, i++)) != NULL)
		if (s->cmp(row->board_id, text) == 0)
			found(s, row, false);
	for (; dash != NULL; dash = strchr(dash + 1, '-')) {
		snprintf(id, sizeof(id), "%.*s", (int)(dash - text), text);
		i = 0;
		while ((row = facts_row_of(s->f, id, i++)) != NULL)
			if (s->cmp(row->board_id, id) == 0 &&
			    row->variant != NULL &&
			    s->cmp(row->variant, dash + 1) == 0)
				found(s, row, true);
	}
}

/* The machine string as it is; in any case, also without its MCU. */
static void
find_machine(struct finding *s, const char *text)
{
	const bool exact = s->cmp == strcmp;
	const struct name_key *key;
	struct shape shape;
	size_t i = 0;

	shape_of(text, &shape);
	while ((key = lookup_name(s->f, shape.name, i++)) != NULL) {
		const struct fact *row = &s->f->rows[key->row];

		if (exact ? strcmp(row->machine, text) == 0 ||
		    strcmp(row->uname, text) == 0 : shape.mcu[0] == '\0' ||
		    (key->mcu != NULL && shape_same_mcu(key->mcu, shape.mcu)))
			found(s, row, true);
	}
	if (exact || shape.mcu[0] == '\0')
		return;
	i = 0;
	while ((key = lookup_name(s->f, shape.whole, i++)) != NULL)
		found(s, &s->f->rows[key->row], true);
}

size_t
facts_find(const struct facts *f, const char *port, const char *text,
    struct board_name *out, size_t max)
{
	compare_fn *const how[] = { strcmp, strcasecmp };
	struct finding s = { .f = f, .port = port, .out = out, .max = max };

	for (size_t k = 0; k < 2 && s.n == 0; k++) {
		s.cmp = how[k];
		find_board_id(&s, text);
		if (s.n == 0)
			find_machine(&s, text);
	}
	return s.n;
}
