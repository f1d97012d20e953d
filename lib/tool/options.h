/* SPDX-License-Identifier: MIT */
#ifndef MPF_TOOL_OPTIONS_H
#define MPF_TOOL_OPTIONS_H

#include "tool/tool.h"

/*
 * options: the command line, by a table of struct opt.  For lib/tool, and for
 * a program whose commands have a table each.
 */

/* What the options that every tool has say. */
struct common {
	bool		 help, version;
	bool		 json, table;
	bool		 keep_order;
	bool		 quiet;
	int64_t		 verbose;	/* how many times */
	const char	*trace;
	int64_t		 jobs;
	const char	*progress;
	const char	*sysroot, *colour;
	int64_t		 events_fd;	/* -1: not given */
};

struct options;

/* All options of t, its own and the common ones, which set *c. */
/* c NULL: without them. */
struct options	*options_new(const struct tool *t, struct common *c);
void		 options_free(struct options *o);	/* and the lists */
/* ERR_USAGE names the argument that is wrong. */
int		 options_parse(struct options *o, int argc, char *argv[],
		    struct err *e);
/* What is left behind the options; see struct tool's arg. */
int		 options_arguments(const struct options *o, int argc,
		    char *argv[], struct err *e);
/* ERR_USAGE unless the value v of --OPTION is in words, up to a NULL. */
int		 options_check_word(const char *option, const char *v,
		    const char *const *words, struct err *e);
void		 options_help(const struct options *o);	/* on stdout */

#endif
