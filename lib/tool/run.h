/* SPDX-License-Identifier: MIT */
#ifndef MPF_TOOL_RUN_H
#define MPF_TOOL_RUN_H

#include <sys/types.h>

#include "base/buf.h"
#include "base/log.h"
#include "tool/event.h"
#include "tool/options.h"
#include "tool/step.h"
#include "tool/table.h"
#include "tool/tool.h"

/* run: what the files of this module share.  For them alone. */

#define STATUS_FAILED	1
#define STATUS_CANNOT	2

/* How progress is told: see progress_how. */
enum progress_how {
	PROGRESS_NONE,
	PROGRESS_LINES,
	PROGRESS_BARS,
	PROGRESS_EVENTS
};

/* A whole number, at least 0; -1: it is invalid. */
int		 options_number(const char *text, int64_t *out);
/* A duration: "2", "0.5", "1.5s", "300ms".  -1: it is invalid. */
int64_t		 options_ms(const char *text);
/* Bytes, as curl(1) has them: "500000", "200k", "1M" (of 1024), "1G"; -1. */
int64_t		 options_bytes(const char *text);

enum job_state { JOB_WAITING, JOB_RUNNING, JOB_DONE };

/* A record on its way through the tool. */
struct job {
	struct tool_run	*run;
	struct record	*rec;
	struct job	*next;
	char		*device;	/* device.id, or NULL */
	char		*label;		/* what people call it; NULL */
	enum job_state	 state;
	bool		 wanted;	/* it does not pass untouched */
	bool		 forks;		/* by a worker */
	bool		 worked;	/* its work was begun */
	struct step	 step;
	char		*ask;		/* what a person is to do; NULL */
	pid_t		 pid;		/* of its worker */
	int		 fd;		/* what its worker says; -1: none */
	struct buf	 heard;
	bool		 whole;		/* its record was among that */
};

struct tool_run {
	const struct tool *t;
	struct common	 opt;
	struct stream	 in;
	bool		 fed;		/* no more records will come */
	bool		 lost;		/* nobody takes our records */
	bool		 said;		/* at least one record came out */
	int		 status;
	struct job	*first, **last;	/* in the order they came */
	size_t		 n_jobs, n_running;
	bool		 told;		/* the workers know of the signal */
	bool		 answered;	/* and so does the user */
	struct table	*table;		/* NULL: records go out */
	int		 events_fd;	/* -1: people are told, not a program */
	bool		 screen;	/* both outputs are a terminal */
	bool		 watched;	/* standard error is a terminal */
	bool		 in_pipe;	/* other stages may write there, too */
	bool		 person;	/* somebody is there to be asked */
	struct step	 all;		/* of all records together */
	size_t		 bars;		/* lines of progress on the terminal */
	int64_t		 drawn_ms;
	bool		 stale;		/* what is drawn is not the newest */
	pid_t		 next;		/* gets the records; 0: no such tool */
};

const char	*run_verb(const struct tool *t);	/* "flash" */
/* A message, about a job or (NULL) about the tool's work as a whole. */
void	run_message(struct tool_run *run, const struct job *j,
	    const struct log_message *m);
/* The same of an error, which names the job's device. */
void	run_say(struct tool_run *run, const struct job *j,
	    const struct err *e);
/* An error that belongs to no record: a message, and a record that says it. */
void	run_fail(struct tool_run *run, const struct err *e);
/* A new record that names the board of rec (NULL: none), and the error. */
struct record	*run_stand_in(const struct tool_run *run,
		    const struct record *rec, const struct err *e);
/* A record out, or into the table. */
void	run_emit(struct tool_run *run, const struct record *rec);

/* A record in, which is begun if it can be. */
void	run_take(struct tool_run *run, struct record *rec);
/* All that can be begun is, and all that is done leaves. */
void	run_start(struct tool_run *run);
/* A job is done; e NULL: well, or its record says what failed. */
void	run_done(struct job *j, const struct err *e);
/* Works until there is nothing left; -1: it cannot go on. */
int	run_loop(struct tool_run *run, struct err *e);

/* next.c: the tool that the records go on to, if there is one. */
int	next_start(struct tool_run *run, struct err *e);
/* Waits for its end, and takes its status where that is worse. */
void	next_end(struct tool_run *run);

/* Has filter done to the job in a process of its own. */
int	worker_start(struct job *j, struct err *e);
/*
 * Waits for what workers say and, if want_input is set, for input; a signal
 * ends that, and is passed on to them.
 */
int	worker_wait(struct tool_run *run, bool want_input, struct err *e);

/* A second signal: nothing is left on the screen, and the process ends. */
void	run_end_now(struct tool_run *run);

/* To the listener, about j (NULL: about no board); false: nobody listens. */
bool	run_event(struct tool_run *run, const struct job *j,
	    struct event *ev);

enum progress_how progress_how(const struct tool_run *run);
void	progress_begin(struct job *j);
void	progress_end(struct job *j);
void	progress_note(struct job *j, const char *step, int64_t done,
	    int64_t total, const char *unit);
void	progress_all(struct tool_run *run, const char *step, int64_t done,
	    int64_t total, const char *unit);
/* Asks a person for what only hands can do; stands until the next step. */
void	progress_ask(struct job *j, const char *text);
/* Takes the bars away, before other text; the next note draws them anew. */
void	progress_hide(struct tool_run *run);
/* Shows what there is, if it is time; what is left until then, or -1. */
int	progress_show(struct tool_run *run);

/* The two ways to show it to people: see progress_show, progress_hide. */
int	bars_draw(struct tool_run *run);
void	bars_hide(struct tool_run *run);
int	progress_lines_tell(struct tool_run *run);
void	progress_lines_end(struct job *j);

#endif
