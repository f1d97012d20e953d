/* SPDX-License-Identifier: MIT */
#ifndef MPF_REPL_H
#define MPF_REPL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/digest.h"
#include "base/err.h"
#include "link/link.h"
#include "repl/script.h"

/*
 * repl: MicroPython's raw REPL: runs code on a board, reads and writes files.
 *
 * Source: MicroPython shared/runtime/pyexec.c; docs/reference/repl.rst, "Raw
 * mode and raw-paste mode".  Firmware without raw-paste (before v1.14) is
 * written to in small pieces instead; code that did not arrive whole is sent
 * again, more slowly.
 *
 * A board that shows its prompt is idle, and so is one that somebody left in
 * its raw REPL: it is asked with ^B, without ^C, is never reset, and is left at
 * its friendly REPL.  A line or a paste that was begun is given up by ^C, and
 * does not run.  One that runs a program is interrupted, and repl_leave starts
 * main.py again by a soft reset.  The scripts (script.h) leave no names behind
 * on the board.
 *
 * What a program prints by a timer or a thread may come at any byte of what
 * the REPL says: a prompt that is not recognized is asked for again, and of
 * answers only what parcel.h proves is believed.
 */

#define REPL_OUTPUT_MAX	(256u * 1024)	/* bytes that one run may print */

struct repl;

struct repl_opts {
	bool	 no_interrupt;	/* a running program is left alone: ERR_BUSY */
	bool	*sent_int;	/* on failure: whether ^C was sent; or NULL */
	bool	 may_stop;	/* by a signal, while nobody has answered */
};

/*
 * Enters the raw REPL.  ERR_TIMEOUT: silence; ERR_PROTOCOL: it talks, but it
 * is no MicroPython (the message shows the beginning of what it said);
 * ERR_BUSY: see no_interrupt; ERR_CANCELLED: see may_stop.  The link stays the
 * caller's, and must outlive the repl; on failure too it is left open.
 */
int	repl_enter(struct link *l, const struct repl_opts *opts,
	    int64_t deadline, struct repl **out, struct err *e);
bool	repl_interrupted(const struct repl *r);	/* a program was running */

/*
 * Runs code and adds to out what it prints, "\r\n" as "\n".  A traceback is
 * ERR_PROTOCOL with its last line ("OSError: 28"), and *raised, where not
 * NULL, is set to true.  ERR_INPUT if it prints more than out or
 * REPL_OUTPUT_MAX allow; ERR_TIMEOUT if it has not ended by the deadline: the
 * next call, or repl_leave, ends it.  Code may hold no bytes 01 to 05.
 */
int	repl_run(struct repl *r, const char *code, int64_t deadline,
	    struct buf *out, bool *raised, struct err *e);
/*
 * Runs a script of script.h and adds the fields of its answer to out.  Other
 * bytes that come in between change nothing: what does not fit is asked for
 * again, until the deadline.  ERR_PROTOCOL with the exception ("OSError: 28"),
 * and *raised, where not NULL, set to true, if it raises one; ERR_PROTOCOL or
 * ERR_TIMEOUT if no whole answer comes.  A script may run several times.
 */
int	repl_call(struct repl *r, const char *script,
	    const struct script_arg *args, size_t n, int64_t deadline,
	    struct buf *out, bool *raised, struct err *e);
/*
 * Starts a script that never answers, "bootloader": waits until the board has
 * gone, or 1 s.  ERR_UNSUPPORTED with its exception if it can not.  Then comes
 * repl_abandon, or repl_leave on -1.
 */
int	repl_start(struct repl *r, const char *script, int64_t deadline,
	    struct err *e);

/* Has its line failed, or the board left?  Then it can be asked no more. */
bool	repl_gone(const struct repl *r);

/*
 * Makes room on a board whose heap is full: one that was interrupted is soft-
 * reset into its raw REPL (boot.py has run then, but not main.py); an idle one
 * gives back what it took for code.
 */
int	repl_make_room(struct repl *r, int64_t deadline, struct err *e);

/* A small file's bytes; ERR_NOT_FOUND; ERR_INPUT if it is over out->max. */
int	repl_read_file(struct repl *r, const char *path, int64_t deadline,
	    struct buf *out, struct err *e);
/*
 * Writes PATH.tmp, reads it back, renames it; where the board has no
 * os.rename, writes PATH and reads that back (*renamed tells, if not NULL).
 * ERR_SPACE, ERR_PERMISSION for the board's OSError 28 and 30; ERR_VERIFY.
 */
int	repl_write_file(struct repl *r, const char *path, const void *p,
	    size_t n, int64_t deadline, bool *renamed, struct err *e);
/*
 * From now on done is called as the bytes of a file come or go, with how many
 * of this file there are so far; NULL: no longer.
 */
void	repl_watch(struct repl *r, void (*done)(void *ctx, size_t bytes),
	    void *ctx);

/*
 * --- the board's files ---
 *
 * Errors as those of repl_write_file.  A function that runs a script again, as
 * its answer was lost, gives the same result.
 */

/*
 * Each file and folder below folder ("" is the root, "/flash"), but for those
 * of these names at its top (skip ends with NULL; or NULL): path is "/a/b", and
 * size_bytes -1 for a folder.  Its non-zero result ends it.
 */
int	repl_list(struct repl *r, const char *folder, const char *const *skip,
	    int64_t deadline, int (*fn)(void *ctx, const char *path,
	    int64_t size_bytes, struct err *e), void *ctx, struct err *e);
/* Adds the file's bytes to out, in as many pieces as it takes. */
int	repl_read_pieces(struct repl *r, const char *path, size_t size_bytes,
	    int64_t deadline, struct buf *out, struct err *e);
/* 1 and its hash as hex; 0: this firmware cannot tell. */
int	repl_hash_file(struct repl *r, const char *path, int64_t deadline,
	    char out[DIGEST_HEX], struct err *e);
int	repl_make_folder(struct repl *r, const char *path, int64_t deadline,
	    struct err *e);
/* How much room is left in the file system of that folder. */
int	repl_free_bytes(struct repl *r, const char *folder, int64_t deadline,
	    int64_t *out, struct err *e);
/* The board starts its program anew when it is left, as if interrupted. */
void	repl_restart(struct repl *r);

/*
 * The deadline for work on a board that is to be left by deadline: half of
 * what is left is kept for repl_leave, but no more than 1.5 s, or 3 s if a
 * program is to be started.
 */
int64_t	repl_work(const struct repl *r, int64_t deadline);
/*
 * Back to the friendly REPL, and a soft reset if a program was interrupted;
 * frees r.  If the link is dead it says so, and frees r all the same.  It has
 * 1.5 s at least: no board stays interrupted because a deadline is over.
 */
int	repl_leave(struct repl *r, int64_t deadline, struct err *e);
/* Frees r and sends nothing: after repl_start, or when the link died. */
void	repl_abandon(struct repl *r);

#endif
