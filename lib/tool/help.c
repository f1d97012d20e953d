/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <string.h>

#include "tool/table.h"
#include "tool/usage.h"

#define HELP_COLUMN	24

/* "  -s, --serial NAME     look only at this port" */
static void
print_option(const struct opt *o, size_t room)
{
	const char letter[] = { '-', o->letter, o->name != NULL ? ',' : ' ',
	    '\0' };
	struct buf line = BUF_INIT, text = BUF_INIT;

	buf_addf(&line, "  %3s %s%s%s%s", o->letter != 0 ? letter : "",
	    o->name != NULL ? "--" : "", o->name != NULL ? o->name : "",
	    o->arg != NULL ? " " : "", o->arg != NULL ? o->arg : "");
	buf_addf(&line, "%*s", line.len < HELP_COLUMN - 1 ?
	    HELP_COLUMN - (int)line.len : 2, "");
	buf_adds(&text, o->help);
	if (o->shown[0] != '\0')
		buf_addf(&text, " (default %s)", o->shown);
	layout_wrap(&line, text.data, line.len, HELP_COLUMN, room);
	puts(line.data);
	buf_release(&line);
	buf_release(&text);
}

/* A program reads the help, too, and gets each option in a line. */
void
options_help(const struct options *o)
{
	static const char usage[] = "usage: ";
	const size_t room = layout_room();
	struct buf line = BUF_INIT;
	size_t indent;

	buf_addf(&line, "%s%s ", usage, o->t->name);
	indent = line.len;
	layout_wrap(&line, o->t->synopsis, indent, indent, room);
	buf_addc(&line, '\n');
	layout_wrap(&line, o->t->summary, 0, 0, room);
	printf("%s\n\n", line.data);
	buf_release(&line);
	for (size_t i = 0; i < o->n; i++)
		print_option(&o->all[i], room);
	if (o->t->examples != NULL)
		printf("\nExamples:\n%s", o->t->examples);
	if (o->common == NULL)
		return;
	printf("\nSee %s(1), and mpf-stream(5) for the records.\n",
	    o->t->name);
}
