/* SPDX-License-Identifier: MIT */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "facts/identify.h"

#define FIELDS	9

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct facts *
facts(void)
{
	static struct facts *f;
	struct store *s;
	struct err e = ERR_INIT;

	if (f != NULL)
		return f;
	setenv("MPF_SHARE", "share", 0);
	if (store_memory(&s, &e) == -1 || facts_open(s, &f, &e) == -1)
		abort();
	store_close(s);
	return f;
}

static void
check(const struct identity *id)
{
	if ((id->kind == IDENTITY_NONE) != (id->n == 0) ||
	    (id->kind == IDENTITY_ONE) != (id->n == 1 && !id->more) ||
	    id->n > IDENTITY_MAX)
		abort();
	for (size_t i = 0; i < id->n; i++)
		if (id->candidate[i].board_id == NULL ||
		    id->candidate[i].board_id[0] == '\0')
			abort();
}

/* A line each: what a board and its files say; an empty one is nothing. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = mem_alloc(size + 1), *next = text, *field[FIELDS];
	struct board_name names[FACTS_NAMES];
	struct board b = BOARD_INIT;
	struct identity_notes notes;
	struct identity id;
	struct err e = ERR_INIT;
	const char *near[4];

	memcpy(text, data, size);
	for (size_t i = 0; i < FIELDS; i++) {
		field[i] = next == NULL ? NULL : strsep(&next, "\n");
		if (field[i] != NULL && field[i][0] == '\0')
			field[i] = NULL;
	}
	b.description = field[0];
	b.version = field[1];
	b.port = facts_port(field[2]);
	b.board_id = field[3];
	b.variant = field[4];
	b.mcu = field[5];
	notes = (struct identity_notes){ field[6], field[7], field[8] };
	if (identify_board(facts(), &b, &notes, &id, &e) == 0) {
		check(&id);
		if (id.n > 0)
			facts_names(facts(), &id.candidate[0], names,
			    FACTS_NAMES);
	}
	if (field[0] != NULL) {
		facts_find(facts(), b.port, field[0], names, FACTS_NAMES);
		facts_near(facts(), field[0], NULL, NULL, near, 4);
	}
	free(text);
	return 0;
}
