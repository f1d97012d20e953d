/* SPDX-License-Identifier: MIT */
#include "board/seen.h"

#define NAMED_MAX	2		/* ports that the message names */

void
board_seen_port(struct board_seen *s, const char *port, const char *problem,
    bool sent_int)
{
	if (problem == NULL)
		problem = sent_int ? "no answer, nor to ^C" : "no answer";
	if (s->n++ < NAMED_MAX)
		buf_addf(&s->said, "; %.80s: %.120s", port, problem);
	else if (s->n == NAMED_MAX + 1)
		buf_adds(&s->said, "; and others");
}

int
board_seen_error(const struct board_seen *s, struct err *e)
{
	const bool problem = s->problem.code != ERR_NONE;

	err_set(e, ERR_NOT_FOUND, "no board found: %zu serial port%s and "
	    "%zu bootloader%s looked at%s%s%s", s->ports,
	    s->ports == 1 ? "" : "s", s->drives, s->drives == 1 ? "" : "s",
	    s->said.data, problem ? "; " : "", s->problem.msg);
	return err_todo(e, problem ? s->problem.next : s->ports > 0 ?
	    NEXT_CHOOSE_PORT : NEXT_PLUG_IN, "%s", problem ? s->problem.hint :
	    s->ports > 0 ? "name a port with --serial and its board with "
	    "mpf-resolve --board, or press its reset button" :
	    "check the cable, or name a port with --serial");
}

void
board_seen_release(struct board_seen *s)
{
	buf_release(&s->said);
}
