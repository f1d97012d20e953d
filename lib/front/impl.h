/* SPDX-License-Identifier: MIT */
#ifndef MPF_FRONT_IMPL_H
#define MPF_FRONT_IMPL_H

#include "front/front.h"
#include "tool/event.h"

/* impl: what the files of this module share.  For them alone. */

/* --- processes: process.c --- */

/*
 * Starts the stages of p: the first reads in (-1: nothing), the last writes
 * to *out, of which this process gets the other end.  events and errors are
 * descriptors for all of them (-1: as this process has them); *group is their
 * process group (0: they make one).
 */
struct front_start {
	int	in, events, errors;
	pid_t	group;
};

int	process_start(struct front_pipe *p, struct front_start *how, int *out,
	    struct err *e);
/* Sends sig to the stages that still run; all: also those that keep on. */
void	process_signal(struct front_pipe *p, int sig, bool all);
/* Waits for all that were started. */
void	process_wait(struct front_pipe *p);
/* How it ended, in words; false: as it should. */
bool	process_died(const struct front_stage *s, struct buf *why);

/* --- the display: screen.c, screen_draw.c --- */

enum row_state { ROW_WORKS, ROW_DONE, ROW_FAILED, ROW_SKIPPED };

struct screen_row {
	char		*key;		/* device.id, else a name */
	char		*name, *board;
	char		*ask;		/* NULL */
	char		*result;	/* NULL: not yet */
	char		 step[24], unit[16];
	int64_t		 done, total, rate;
	int64_t		 begun_ms, ended_ms;
	enum row_state	 state;
};

struct screen {
	bool		 on;		/* bars are drawn */
	bool		 colour;
	struct screen_row *rows;
	size_t		 n;
	struct screen_row all;		/* fetch's sum of downloads */
	int64_t		 begun_ms, drawn_ms;
	bool		 stale;
	size_t		*drawn;		/* cells of each line on the screen */
	size_t		 n_drawn;
};

void	screen_open(struct screen *s, bool on, bool colour);
void	screen_close(struct screen *s);		/* takes it away, too */
/* What a stage told; messages are not for here. */
void	screen_event(struct screen *s, const char *tool,
	    const struct event *ev);
/* A record on its way: what the board is called. */
void	screen_board(struct screen *s, const struct record *rec);
/* A record at the end. */
void	screen_result(struct screen *s, const struct record *rec);
/* Its row, or NULL. */
struct screen_row *screen_find(const struct screen *s, const char *key);
/* Draws if it is time; what is left until then in ms, or -1. */
int	screen_draw(struct screen *s);
void	screen_hide(struct screen *s);

/* Where a row's parts begin to go; see mpf(1), DISPLAY. */
struct screen_layout {
	size_t	cells, name, board, middle;
	size_t	bar;			/* cells of the bar; 0: no bar */
	bool	size, rate, time;
};

void	screen_fit(struct screen_layout *l, size_t cells, size_t name,
	    size_t board);
/* One row as text, with colours if any. */
void	screen_line(const struct screen_layout *l, const struct screen_row *r,
	    int64_t now, bool colour, struct buf *out);
void	screen_total(const struct screen *s, const struct screen_layout *l,
	    int64_t now, struct buf *out);

/* --- boards whose record was lost: lost.c --- */

struct lost {
	struct front_records	 sent;	/* copies */
	bool			*seen;
};

void	lost_note(struct lost *l, const struct record *rec);
void	lost_found(struct lost *l, const struct record *rec);
/* A record for each that never came; why is the stage that died. */
void	lost_add(struct lost *l, const struct front_stage *died,
	    bool stopped, struct front_records *out);
void	lost_release(struct lost *l);

/* What a record came to: "flashed", "would flash", "skip", "failed", ... */
void	front_action(const struct record *rec, struct buf *out);

#endif
