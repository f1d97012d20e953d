/* SPDX-License-Identifier: MIT */
#ifndef MPF_FILES_TOOL_H
#define MPF_FILES_TOOL_H

#include "files/files.h"
#include "tool/tool.h"

/*
 * tool: what the tools for the files of boards share: each does one thing to
 * each board that answers, within --timeout, and puts "files" into its record.
 */

struct files_tool {
	const char		*name;		/* "mpf-backup" */
	const char		*summary;	/* these as in struct tool */
	const char		*examples;
	const char		*arg_option;
	const struct opt	*opts;		/* its own; NULL: without */
	const struct column	*columns;
	const char		*action;	/* files.action: "saved" */
	/* What is lost, which --yes agrees to; NULL: nobody is asked. */
	const char		*loses;
	const bool		*spared;	/* set: nothing is; NULL */
	/* What to know at the end, if anything was done; NULL. */
	const char		*warning;
	int	(*work)(const struct files_job *job, void *ctx,
		    struct files_done *out, struct err *e);
	void			*ctx;
};

/* tool_main for it: the exit status. */
int	files_main(const struct files_tool *f, int argc, char *argv[]);

#endif
