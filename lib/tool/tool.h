/* SPDX-License-Identifier: MIT */
#ifndef MPF_TOOL_H
#define MPF_TOOL_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "stream/stream.h"

/*
 * tool: what every mpf-* program does around its one thing.
 *
 * One option table (getopt_long, --help, the manual's synopsis and shell
 * completions all come from it), the record loop with its workers, error
 * records, signals, progress, the table on a terminal, the last check of
 * standard output, and the exit status:
 *
 *	0  every record was done (a skip is done)
 *	1  at least one record carries an error
 *	2  the tool could not work: usage, unreadable input, lost output
 */

#define OPT_SHOWN	40	/* bytes of a default, with NUL */

struct opt {
	char		  letter;	/* 0: it has a long name only */
	const char	 *name;
	const char	 *arg;		/* "NAME"; NULL: a flag */
	const char	 *help;
	bool		 *flag;		/* exactly one of these is not NULL */
	const char	**str;
	struct opt_list	 *list;		/* may be given many times */
	bool		  ports;	/* ... and "ttyACM0" is in /dev */
	int64_t		 *num;		/* a whole number, at least 0 */
	int64_t		 *ms;		/* a duration: "2", "0.5", "300ms" */
	int64_t		 *bytes;	/* from 1: "500000", "200k", "1M" */
	bool		  ends;		/* a flag: nothing behind it counts */
	bool		  counts;	/* *num: how many times it was given */
	/* Made from the value that stands there at first, for --help. */
	char		  shown[OPT_SHOWN];	/* "10s"; "": no default */
};

struct opt_list {
	const char	**v;		/* ends with NULL; may be NULL */
	size_t		  n;
};

#define OPT_FLAG(l, n, p, h)	{ .letter = (l), .name = (n), .help = (h), \
				  .flag = (p) }
#define OPT_ENDS(l, n, p, h)	{ .letter = (l), .name = (n), .help = (h), \
				  .flag = (p), .ends = true }
#define OPT_COUNT(l, n, p, h)	{ .letter = (l), .name = (n), .help = (h), \
				  .num = (p), .counts = true }
#define OPT_STR(l, n, a, p, h)	{ .letter = (l), .name = (n), .arg = (a), \
				  .help = (h), .str = (p) }
#define OPT_LIST(l, n, a, p, h)	{ .letter = (l), .name = (n), .arg = (a), \
				  .help = (h), .list = (p) }
#define OPT_PORTS(l, n, a, p, h) { .letter = (l), .name = (n), .arg = (a), \
				  .help = (h), .list = (p), .ports = true }
#define OPT_NUM(l, n, a, p, h)	{ .letter = (l), .name = (n), .arg = (a), \
				  .help = (h), .num = (p) }
#define OPT_MS(l, n, a, p, h)	{ .letter = (l), .name = (n), .arg = (a), \
				  .help = (h), .ms = (p) }
#define OPT_BYTES(l, n, a, p, h) { .letter = (l), .name = (n), .arg = (a), \
				  .help = (h), .bytes = (p) }
#define OPT_END			{ .name = NULL }

enum column_kind {
	COLUMN_NAME,		/* a name, an id: cut only if all else is */
	COLUMN_STATE,		/* one of few words, in colour */
	COLUMN_TEXT,		/* cut where the line is too long */
	COLUMN_PATH,		/* the same, of which the end says more */
	COLUMN_REASON,		/* a text; of a record that failed, its error */
	COLUMN_MORE		/* left out where the line is too long */
};

/* A column of the table on a terminal; the first one is never cut. */
struct column {
	const char		*heading;
	/* "board.version", see record_text; NULL: what messages call it. */
	const char		*path;
	enum column_kind	 kind;
	/* In the place of path; NULL. */
	void	(*show)(const struct record *rec, struct buf *out);
};

#define COLUMN_ARROW	"\xe2\x86\x92"	/* U+2192, "->" elsewhere */
#define COLUMN_END	{ NULL, NULL, COLUMN_NAME, NULL }

/*
 * For columns that several tools have: "v1.21.0 -> v1.22.2"; the board as it
 * was chosen, else as it says; what is done with it; why not; its machine
 * string, or who holds it; and its drive, where that is not its name.
 */
void	column_versions(const struct record *rec, struct buf *out);
void	column_board(const struct record *rec, struct buf *out);
void	column_variant(const struct record *rec, struct buf *out);
void	column_action(const struct record *rec, struct buf *out);
void	column_skipped(const struct record *rec, struct buf *out);
void	column_description(const struct record *rec, struct buf *out);
void	column_volume(const struct record *rec, struct buf *out);

/* An option that went, and the command line that does its job now. */
struct moved {
	const char	*name, *to;
};

struct tool_run;

struct tool {
	const char		*name;		/* "mpf-flash" */
	const char		*summary;	/* one line for --help */
	const char		*synopsis;	/* "[options] <records" */
	/* Commands that give it records: "mpf-detect | mpf-resolve". */
	const char		*feeder;
	/* For --help: lines with whole commands, and what they do; NULL. */
	const char		*examples;
	/* The option that an argument may have been meant for: "board". */
	const char		*arg_option;
	/* One argument that is no option; NULL: it takes options alone. */
	int	(*arg)(const char *arg, void *ctx, struct err *e);
	const struct opt	*opts;		/* its own; ends with OPT_END */
	const struct moved	*moved;		/* ends with NULL; or NULL */
	const struct column	*columns;	/* ends with a NULL heading */
	/* Other columns, by the options; NULL, or its answer: those above. */
	const struct column	*(*other_columns)(void *ctx);
	void			*ctx;
	bool			 share;		/* -v tells its dirs_share() */
	bool			 commands;	/* options end at an argument */

	/*
	 * All run in the parent, but for filter where workers is set.  Those
	 * that may be NULL say so.
	 */

	/* Once, when the options are known; NULL.  -1 ends it with status 2. */
	int	(*begin)(void *ctx, struct err *e);
	/*
	 * Makes the records, by tool_feed, instead of reading standard
	 * input; NULL.
	 */
	int	(*source)(struct tool_run *run, void *ctx, struct err *e);
	/* By the options, is there a source at all?  NULL: yes. */
	bool	(*has_source)(void *ctx);
	/* False: the record passes untouched.  NULL: it wants all. */
	bool	(*wants)(const struct record *rec, void *ctx);
	/* Work common to several records, before the fork; NULL. */
	int	(*prepare)(struct record *rec, void *ctx, struct err *e);
	/* The one thing, to one record; on -1 the loop marks the record. */
	int	(*filter)(struct record *rec, void *ctx, struct err *e);
	/*
	 * What the parent alone may do (the database), after filter; NULL.
	 * Called for wanted records whose filter succeeded and, where
	 * finish_failed is set, for all that carry an error.
	 */
	int	(*finish)(struct record *rec, void *ctx, struct err *e);
	bool	finish_failed;
	/*
	 * Before records that finish has seen leave, and before a process is
	 * made; NULL.  What finish wrote is made to last here, for many at
	 * once; of those for which that fails it makes error records.
	 */
	void	(*commit)(void *ctx);
	/*
	 * When all records are done; NULL.  -1: an error that belongs to none
	 * of them becomes a record of its own.
	 */
	int	(*last)(struct tool_run *run, void *ctx, struct err *e);
	/* Once, at the end; NULL. */
	void	(*end)(void *ctx);
	/*
	 * Asked once the options are known: the tool that the records go on to
	 * instead of standard output, and its own options; tool_main adds
	 * the common ones.  The array is freed, its strings live on.  NULL, or
	 * its answer: none.
	 */
	const char **(*next)(void *ctx);

	/* filter runs in a process of its own for each record (-j). */
	bool	workers;
	/* False: there is so little to do that filter runs here; NULL: true. */
	bool	(*forks)(const struct record *rec, void *ctx);
	int64_t	jobs;			/* -j where it is not given; 0: 16 */
	/* How long a board may take before people are told; 0: 2 s. */
	int64_t	patience_ms;

	/*
	 * Instead of filter, for a tool that does many at once in one process:
	 * submit takes a record over, and gives it back by tool_done sooner or
	 * later, in submit itself if it likes.  turn is called while any are
	 * out: it works until a record is done, a signal came, or there is
	 * input on in_fd, which it only waits for (curl_multi_poll's extra_fds;
	 * -1: none is wanted now).  After stop_requested() it gives back those
	 * not begun, with ERR_CANCELLED.  -1: it cannot go on; all that are out
	 * then fail with *e, and turn is not called again.
	 */
	void	(*submit)(struct tool_run *run, struct record *rec, void *ctx);
	int	(*turn)(struct tool_run *run, int in_fd, void *ctx,
		    struct err *e);
};

int	tool_main(const struct tool *t, int argc, char *argv[]);

/*
 * For a program that reads no records: its options alone, without the common
 * ones, and their list for its --help.  The other words are at argv + optind.
 */
int	tool_options(const struct tool *t, int argc, char *argv[],
	    struct err *e);
void	tool_help(const struct tool *t);

/* From a source, a record to work on; it is tool_main's from here on. */
void	tool_feed(struct tool_run *run, struct record *rec);
/* A submitted record is done; e NULL: well.  It is tool_main's again. */
void	tool_done(struct tool_run *run, struct record *rec,
	    const struct err *e);
/* Is there input still to come, besides what has been read? */
bool	tool_more(const struct tool_run *run);

/*
 * The n bytes at s, "ttyACM0" as "/dev/ttyACM0", as OPT_PORTS has it.  The
 * caller frees it.
 */
char	*tool_port_name(const char *s, size_t n);
/* The tree instead of the system's (--sysroot, MPF_SYSROOT), or NULL. */
const char	*tool_sysroot(void);

/*
 * How far the work on rec has come, from filter, submit or turn.  step:
 * "write"; unit: "bytes"; total 0: unknown.  Cheap enough to be called for
 * each block.
 */
void	tool_progress(const struct record *rec, const char *step,
	    int64_t done, int64_t total, const char *unit);
/* How far all of it has come, where what is common counts once. */
void	tool_progress_all(struct tool_run *run, const char *step,
	    int64_t done, int64_t total, const char *unit);

/*
 * Asks a person for what only hands can do to the board of rec: "hold BOOTSEL,
 * and plug it in".  It stands on the screen until the next tool_progress.
 */
void	tool_ask(const struct record *rec, const char *text);
/*
 * Asks on the terminal, whatever standard input and output are, whether to go
 * on with the board of rec: what says what would be done, "all files go".
 * ERR_CANCELLED: no; ERR_USAGE: there is no terminal, or a front door has it.
 * From prepare alone, as that runs in the parent.
 */
int	tool_confirm(const struct record *rec, const char *what,
	    struct err *e);
/* Is there a person, or a front door with a person before it? */
bool	tool_person(const struct record *rec);

#endif
