/* SPDX-License-Identifier: MIT */
#ifndef MPF_REPL_IMPL_H
#define MPF_REPL_IMPL_H

#include "repl/frame.h"
#include "repl/parcel.h"
#include "repl/repl.h"

/* impl: what the files of repl/ share, and nobody else sees. */

#define ASK_MS		400		/* an idle board answers sooner */
#define RAW_MS		200
/* What is asked again takes longer each time. */
#define TRIES		3

#define INTERRUPT	"\x03"		/* also clears a line, ends a paste */
#define TO_RAW		"\x01"
/*
 * The question: at an empty line, or in its raw REPL, a board answers with its
 * banner and prompt.  In a line that somebody has begun it moves the cursor,
 * or nothing, and where CR would run that line, ^B does not.  But at an empty
 * line of a block it does as CR: the block runs (v1.22 for rp2, and v1.27).
 */
#define TO_FRIENDLY	"\x02"

#define PROMPT		"\n>>> "

enum repl_paste {
	PASTE_UNKNOWN,			/* not asked yet */
	PASTE_WINDOW,			/* raw-paste with flow control */
	PASTE_PIECES,			/* no flow control: pauses */
	PASTE_SLOWLY			/* likewise, for a slow board */
};

#define REPL_HEARD_MAX	64		/* bytes kept for messages */

struct repl {
	struct link	*link;		/* borrowed */
	enum repl_paste	 paste;
	unsigned	 slower;	/* so often it has lost bytes */
	bool		 interrupted;
	bool		 sent_int;	/* ^C, whatever came of it */
	bool		 catches;	/* a program that went on after it */
	bool		 adrift;	/* where its REPL is we do not know */
	bool		 gone;		/* the link is dead */
	bool		 may_stop;	/* as in struct repl_opts */
	int64_t		 began_ms;	/* clock_ms() */
	unsigned	 runs;		/* of scripts, in this session */
	unsigned	 again;		/* of them that repeat another */
	struct buf	 heard;		/* the beginning of what it said */
	size_t		 heard_bytes;	/* all that it said */
	int64_t		 heard_ms;	/* when, the last of them */
	size_t		 parts;		/* so often it said 04 */
	void		(*watch)(void *ctx, size_t bytes);	/* or NULL */
	void		*watch_ctx;
	char		 recent[8];	/* the last that was looked at */
	char		 in[512];	/* read, and not looked at yet */
	size_t		 in_pos, in_len;
};

struct repl	*repl_new(struct link *l);

/* What it says when it enters the raw REPL, or is asked to again. */
extern const struct seek_text	repl_raw_banner;

#define REPL_PROMPTS	3
/* Those of a friendly REPL, or the end of its banner: so many. */
extern const struct seek_text	*const repl_prompts;

/* clock_ms() + ms, but not after deadline. */
int64_t	repl_soon(int64_t deadline, int64_t ms);
/* How long to wait for the next sign that code which runs gets on. */
int64_t	repl_quiet(int64_t deadline);
int	repl_send(struct repl *r, const void *p, size_t n, int64_t deadline,
	    struct err *e);
int	repl_getc(struct repl *r, char *c, int64_t deadline, struct err *e);
/* Reads until one of the texts comes; its index to *which. */
int	repl_await(struct repl *r, const struct seek_text *list, size_t n,
	    int64_t deadline, size_t *which, struct err *e);

/*
 * Sends a question and awaits one of the answers for ms.  1 and *which, 0
 * for none of them.
 */
int	repl_ask(struct repl *r, const char *question,
	    const struct seek_text *list, size_t n, int64_t ms,
	    int64_t deadline, size_t *which, struct err *e);
/* ^C until a prompt comes; notes whether it was a program that ended by it. */
int	repl_interrupt(struct repl *r, int64_t deadline, struct err *e);
/* Finds the board's prompt, interrupting a program if it must and may. */
int	repl_find(struct repl *r, const struct repl_opts *opts,
	    int64_t deadline, struct err *e);
/* From wherever it is back to an empty line of the raw REPL. */
int	repl_recover(struct repl *r, int64_t deadline, struct err *e);
/* Into the raw REPL, from the friendly one or from itself. */
int	repl_raw(struct repl *r, int64_t deadline, struct err *e);
/* To the friendly REPL's prompt, from the raw one. */
int	repl_friendly(struct repl *r, int64_t deadline, struct err *e);
/* Starts main.py, or code.py, from the friendly REPL's prompt. */
int	repl_soft_reset(struct repl *r, int64_t deadline, struct err *e);

/* --- file.c, for folder.c --- */

/* Runs a script about path; the fields of its answer to out. */
int	file_call(struct repl *r, const char *path, const char *script,
	    const struct script_arg *args, size_t n, int64_t deadline,
	    struct buf *out, struct err *e);
/*
 * The same, where it is enough that it was done; *said, if not NULL: a field
 * came.
 */
int	file_act(struct repl *r, const char *path, const char *script,
	    const struct script_arg *args, size_t n, int64_t deadline,
	    bool *said, struct err *e);
/* Adds the data fields, one after the other. */
int	file_join(const char *path, const struct buf *fields,
	    struct buf *out, struct err *e);
/* So many bytes of a file are there: for repl_watch. */
void	file_tell(struct repl *r, size_t bytes);

/* What to run. */
struct repl_code {
	const char	*text;
	int64_t		 deadline;
	bool		 starts;	/* it never ends; see repl_start */
	struct parcel	*parcel;	/* its answer is packed; or NULL */
};

struct repl_outcome {
	bool	 sent;			/* it was handed over, whole or not */
	bool	 raised;		/* a traceback came, which is in *e */
	bool	 lost;			/* the code did not arrive whole */
};

/*
 * Runs the code once.  What it prints is added to out, if not NULL.  0 too
 * where its parcel is whole, but no prompt came.
 */
int	repl_attempt(struct repl *r, const struct repl_code *code,
	    struct buf *out, struct repl_outcome *what, struct err *e);

/*
 * Hands the code over and starts it: all but the reply.  *pasted: how, for
 * frame_begin; *acked: the acknowledgement was read already.
 */
int	repl_upload(struct repl *r, const char *code, size_t n,
	    int64_t deadline, bool *pasted, bool *acked, struct err *e);

#endif
