/* SPDX-License-Identifier: MIT */
#ifndef MPF_FRONT_H
#define MPF_FRONT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/buf.h"
#include "base/err.h"
#include "stream/stream.h"
#include "tool/tool.h"

/*
 * front: the front door.  It starts the tools as processes, joins them with
 * pipes, and shows what all of them tell as events (mpf-stream(5)) in one
 * display; it reads what comes out at the end, and does none of their work.
 *
 * A pipe is a list of stages, and a run is one or two pipes: what the first
 * one writes goes through the hands of the front door into the second.  So it
 * knows each board before it is touched, and a board whose record is lost with
 * a stage that died gets a record that says so.
 *
 * The stages are a process group of their own: a signal reaches them by the
 * front door alone.
 */

struct front_stage {
	char	*tool;			/* "mpf-detect" */
	char	**args;			/* the tool first; ends with NULL */
	size_t	 n;
	bool	 keeps;			/* a first signal is not for it */
	pid_t	 pid;			/* 0: not started, or gone */
	int	 status;		/* as waitpid(2) has it */
	bool	 ended;
};

struct front_pipe {
	struct front_stage	*v;
	size_t			 n;
};

#define FRONT_PIPE_INIT	{ NULL, 0 }

/* Another stage, and arguments for the newest one; NULL or none: nothing. */
void	front_stage(struct front_pipe *p, const char *tool);
void	front_arg(struct front_pipe *p, const char *arg);
void	front_value(struct front_pipe *p, const char *option, const char *v);
void	front_values(struct front_pipe *p, const char *option,
	    const struct opt_list *list);
void	front_flag(struct front_pipe *p, const char *option, bool given);
void	front_pipe_release(struct front_pipe *p);
/* The pipe as a person would type it into a shell. */
void	front_text(const struct front_pipe *p, struct buf *out);
/*
 * The tool's file: beside this program, else in PATH.  The caller frees it;
 * NULL: it is not there, and *e says so.
 */
char	*front_find(const char *tool, struct err *e);
/* Becomes that tool; returns only if it cannot. */
int	front_become(const char *tool, char *const args[], struct err *e);

struct front_records {
	struct record	**v;
	size_t		  n;
};

void	front_keep(struct front_records *r, struct record *rec);
/* What it is known by: the device's id, else its name. */
const char *front_key(const struct record *rec);
/* Brings those from the first-th on into the order of the n keys. */
void	front_sort(struct front_records *r, size_t first,
	    const char *const *keys, size_t n);
void	front_records_release(struct front_records *r);

/* What the options before a command say, and those that all commands have. */
struct front {
	bool		 quiet, json, yes;
	bool		 interactive;	/* a person may be asked */
	bool		 choose;	/* -i: for what no option says */
	int64_t		 verbose;	/* how often -V was given */
	const char	*progress, *colour;
	int64_t		 events_fd;	/* -1: people are told */
	bool		 usb;		/* show the USB ids, too */
	bool		 at_once;	/* records leave as they come (json) */
	size_t		 emitted;	/* of those that came out, gone */
	int		 status;	/* the exit status so far */
	int64_t		 begun_ms;
	bool		 lost;		/* nobody takes our output */
};

/*
 * Runs the pipes, which are given the records (NULL: none), and adds what comes
 * out to *out, in the order that the first pipe had.  How the stages ended goes
 * into front->status.
 */
int	front_run(struct front *f, struct front_pipe *const pipes[], size_t n,
	    const struct front_records *given, struct front_records *out,
	    struct err *e);
/* A message, or an error and its hint, to the person or program. */
void	front_say(struct front *f, const struct err *e);

/* --- the end: what a person sees, and the status --- */

/* The records as a table, and a line that counts what was done. */
int	front_table(struct front *f, const struct column *columns,
	    const struct front_records *r, bool counts, struct err *e);
/* The same as records, a line each. */
int	front_json(struct front *f, const struct front_records *r,
	    struct err *e);
/* Shows them as the options say, and takes their errors into the status. */
int	front_show(struct front *f, const struct column *columns,
	    const struct front_records *r, bool counts, struct err *e);
/* Text for standard output, at once. */
int	front_print(struct front *f, const struct buf *text, struct err *e);
/* "question [y/N]"; false: no. */
bool	front_ask(const char *question);
/* What all stages get: -q, -v. */
void	front_common(const struct front *f, struct front_pipe *p);

/* --- the commands: argv[0] is the command itself; the exit status --- */

struct front_command {
	const char	*name, *alias;	/* alias NULL: it has none */
	const char	*summary;
	/* Its own work, or else the tool that it becomes. */
	int	(*run)(struct front *f, int argc, char *argv[],
		    struct err *e);
	const char	*tool;
	const char	*first;		/* goes before its arguments; NULL */
};

int	front_list(struct front *f, int argc, char *argv[], struct err *e);
int	front_download(struct front *f, int argc, char *argv[],
	    struct err *e);
int	front_flash(struct front *f, int argc, char *argv[], struct err *e);
int	front_add(struct front *f, int argc, char *argv[], struct err *e);
int	front_erase(struct front *f, int argc, char *argv[], struct err *e);
int	front_format(struct front *f, int argc, char *argv[], struct err *e);
int	front_backup(struct front *f, int argc, char *argv[], struct err *e);
int	front_restore(struct front *f, int argc, char *argv[], struct err *e);

#endif
