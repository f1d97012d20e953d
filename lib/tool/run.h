/* SPDX-License-Identifier: MIT */
#ifndef MPF_TOOL_RUN_H
#define MPF_TOOL_RUN_H

#include <sys/types.h>

#include "base/buf.h"
#include "base/log.h"
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

/* What the options that every tool has say. */
struct common {
	bool		 help, version;
	bool		 json, table;
	bool		 keep_order;
	bool		 quiet, verbose;
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
void		 options_help(const struct options *o);	/* on stdout */
/* A whole number, at least 0; -1: it is none. */
int		 options_number(const char *text, int64_t *out);
/* A duration: "2", "0.5", "1.5s", "300ms".  -1: it is none. */
int64_t		 options_ms(const char *text);
/* Bytes, as curl(1) has them: "500000", "200k", "1M" (of 1024), "1G"; -1. */
int64_t		 options_bytes(const char *text);

/* What a record, or all of them, are at; times from clock_ms, 0: not yet. */
struct step {
	char		 name[24];	/* "write"; the tool's verb at first */
	char		 unit[16];
	int64_t		 done, total;
	int64_t		 begun_ms;	/* all of the work */
	int64_t		 at_ms;		/* the last note */
	int64_t		 from, from_ms;	/* at this step's first note */
	int64_t		 said_ms;	/* the last line about it */
	bool		 heard;		/* somebody noted it */
	bool		 counted;	/* ... and a number, in any step */
};

enum job_state { JOB_WAITING, JOB_RUNNING, JOB_DONE };

/* A record on its way through the tool. */
struct job {
	struct tool_run	*run;
	struct record	*rec;
	struct job	*next;
	char		*device;	/* device.id; NULL: it has none */
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

struct table;

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
};

const char	*run_verb(const struct tool *t);	/* "flash" */
/* A string of the record, or NULL. */
const char	*run_text(const struct record *rec, const char *path);
/* What people call the device: its port, its drive, else its place; NULL. */
const char	*run_device(const struct record *rec);
/* That, else the firmware's board. */
const char	*run_label(const struct record *rec);

/* The text, with the device's label where it has the id; free it. */
char	*run_named(const char *text, const char *id, const char *label);

/* 812; of bytes, as people read them: "1.6 MB". */
void	run_amount(struct buf *out, int64_t v, const char *unit);
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

/* Has filter done to the job in a process of its own. */
int	worker_start(struct job *j, struct err *e);
/*
 * Waits for what workers say and, if want_input is set, for input; a signal
 * ends that, and is passed on to them.
 */
int	worker_wait(struct tool_run *run, bool want_input, struct err *e);

/* A second signal: nothing is left on the screen, and the process ends. */
void	run_end_now(struct tool_run *run);

/*
 * One event, as mpf-stream(5) has it; NULL or -1: it has no such key.  Workers
 * tell their parents, and tools a front door, in the same lines.
 */
struct event {
	const char	*what;		/* "progress" */
	const char	*device, *name;
	const char	*step, *unit;
	int64_t		 done, total, rate;
	const char	*status, *code, *message, *hint;
	int64_t		 took_ms;
};

#define EVENT_INIT(w)	{ .what = (w), .done = -1, .total = -1, \
			  .rate = -1, .took_ms = -1 }

/*
 * Writes a line of at most PIPE_BUF bytes, so that those of several tools do
 * not mix in one pipe; texts are cut to that end.
 */
int	event_write(int fd, const char *tool, const struct event *ev,
	    struct err *e);
/* The strings are those of rec.  False: it is not an event. */
bool	event_read(const struct record *rec, struct event *out);
/* To whoever listens, about j (NULL: about no board); false: nobody does. */
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

/* Has it told a number? */
bool	step_counts(const struct step *s);
/* A second, since the step began; 0: too early to say. */
int64_t	step_rate(const struct step *s);
void	step_amounts(struct buf *out, const struct step *s);

/* The two ways to show it to people: see progress_show, progress_hide. */
int	bars_draw(struct tool_run *run);
void	bars_hide(struct tool_run *run);
int	progress_lines_tell(struct tool_run *run);
void	progress_lines_end(struct job *j);

/* How a table looks, and what the user has seen already. */
struct table_look {
	const struct column	*columns;
	const char		*said;	/* errors of this stage; NULL */
	bool			 all_said;	/* ... or those of all stages */
	bool			 colour;
};

/*
 * The table of all records, in the order they came: a line each, cut to the
 * width of the terminal.  A column without a word is left out.  An error's
 * message stands in the REASON of its row, else in a column of its own; below
 * is what was cut, and hints.
 */
struct table	*table_new(const struct table_look *look);
void		 table_add(struct table *t, const struct record *rec);
/* Prints it on standard output, and is gone. */
int		 table_end(struct table *t, struct err *e);
/* The colour of a state, as SGR of ECMA-48; NULL: it has none. */
const char	*column_colour(const char *text);

#define LAYOUT_GAP	2		/* blanks between two columns */

/* What a column does where the line is too long, least first. */
enum layout_yield { LAYOUT_KEEP, LAYOUT_GOES, LAYOUT_CUT_LAST, LAYOUT_CUT };

struct layout {
	size_t			width;	/* cells of its widest text */
	enum layout_yield	yield;
	bool			gone;
};

/* How many cells of a terminal it takes. */
size_t	layout_width(const char *s);
/* s, or its beginning (its end) and dots in width cells; free it. */
char	*layout_cut(const char *s, size_t width, const char *dots);
char	*layout_cut_front(const char *s, size_t width, const char *dots);
/*
 * Makes n columns fit with gaps between.  Columns of less interest go where
 * texts would have fewer than 24 cells; the widest texts are cut first, to 8
 * if it must be, and names to 8 at last.
 */
void	layout_fit(struct layout *columns, size_t n, size_t room);

#endif
