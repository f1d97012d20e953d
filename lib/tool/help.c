/* SPDX-License-Identifier: MIT */
#include <stdio.h>

#include "tool/usage.h"

#define HELP_COLUMN	24

void
options_help(const struct options *o)
{
	int n;

	printf("usage: %s %s\n%s\n\n", o->t->name, o->t->synopsis,
	    o->t->summary);
	for (size_t i = 0; i < o->n; i++) {
		const struct opt *opt = &o->all[i];
		const char letter[] = { '-', opt->letter,
		    opt->name != NULL ? ',' : ' ', '\0' };

		n = printf("  %3s %s%s%s%s", opt->letter != 0 ? letter : "",
		    opt->name != NULL ? "--" : "",
		    opt->name != NULL ? opt->name : "",
		    opt->arg != NULL ? " " : "",
		    opt->arg != NULL ? opt->arg : "");
		printf("%*s%s", n < HELP_COLUMN - 1 ? HELP_COLUMN - n : 2, "",
		    opt->help);
		if (opt->shown[0] != '\0')
			printf(" (default %s)", opt->shown);
		printf("\n");
	}
	if (o->t->examples != NULL)
		printf("\nExamples:\n%s", o->t->examples);
	if (o->common == NULL)
		return;
	printf("\nSee %s(1), and mpf-stream(5) for the records.\n",
	    o->t->name);
}
