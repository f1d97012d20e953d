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

enum progress_mode {
	PROGRESS_NONE,
	PROGRESS_LINE,
	PROGRESS_BAR,
	PROGRESS_JSON
};

/* What the options that every tool has say. */
struct common {
	bool		 help, version;
	bool		 json, table;
	bool		 keep_order;
	bool		 quiet, verbose;
	int64_t		 jobs;
	const char	*progress;
	const char	*sysroot;
	enum progress_mode mode;	/* of progress, worked out */
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
/* A duration: "2", "0.5", "1.5s", "300ms".  -1: it is none. */
int64_t		 options_ms(const char *text);
/* Bytes, as curl(1) has them: "500000", "200k", "1M" (of 1024), "1G"; -1. */
int64_t		 options_bytes(const char *text);

/* How far one record is. */
struct step {
	char		 stage[24];	/* "": nothing heard yet */
	char		 unit[16];
	int64_t		 done, total;
	int64_t		 at_ms;		/* when it was last passed on */
	int64_t		 begun_ms;
	int64_t		 from, from_ms;	/* at the stage's first note */
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
	bool		 own_output;	/* there are none: see tool.h */
	int		 status;
	struct job	*first, **last;	/* in the order they came */
	size_t		 n_jobs, n_running;
	bool		 told;		/* the workers know of the signal */
	bool		 answered;	/* and so does the user */
	struct table	*table;		/* NULL: records go out */
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

/* 812; of bytes, as people read them: "1.6 MB". */
void	run_amount(struct buf *out, int64_t v, const char *unit);
/* A message about a job (NULL: about none). */
void	run_say(const struct job *j, const struct err *e);
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
/* Waits for what workers say and, if want_input is set, for input. */
int	worker_wait(struct tool_run *run, bool want_input, struct err *e);

void	progress_begin(struct job *j);
void	progress_end(struct job *j);
void	progress_note(struct job *j, const char *stage, int64_t done,
	    int64_t total, const char *unit);
void	progress_all(struct tool_run *run, const char *stage, int64_t done,
	    int64_t total, const char *unit);
/* Takes the bars away, before other text; the next note draws them anew. */
void	progress_hide(struct tool_run *run);
/* Draws what is stale, if it is time; what is left until then, or -1. */
int	progress_draw(struct tool_run *run);

/*
 * The table of all records, in the order they came; below it the errors, but
 * those of the stage said (NULL: none), which are on the user's screen.
 */
struct table	*table_new(const struct column *columns, const char *said);
void		 table_add(struct table *t, const struct record *rec);
/* Prints it on standard output, and is gone. */
int		 table_end(struct table *t, struct err *e);

/* A column: how wide it is, and the longest word that is in it, in cells. */
struct layout {
	size_t	width, word;
};

/* How many cells of a terminal it takes; and the longest word in it. */
size_t	layout_width(const char *s);
size_t	layout_word(const char *s);
/* s in lines of at most width cells, by words; the caller frees it. */
char	*layout_wrap(const char *s, size_t width);
/* Makes n columns narrower until they fit, with blanks between. */
void	layout_fit(struct layout *columns, size_t n, size_t room);

#endif
