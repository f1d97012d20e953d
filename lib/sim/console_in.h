/* SPDX-License-Identifier: MIT */
#ifndef MPF_SIM_CONSOLE_IN_H
#define MPF_SIM_CONSOLE_IN_H

#include "sim/console.h"

/* console_in: what the files of sim/console share; for them alone. */

enum { CTRL_A = 1, CTRL_B, CTRL_C, CTRL_D, CTRL_E, BACKSPACE = 8, ESCAPE = 27,
    DEL = 127 };

enum mode { FRIENDLY, PASTE, RAW, RAW_PASTE };

struct sim_console {
	struct sim_console_opts	 opts;
	const struct sim_identity *id;
	struct sim_python	*py;
	struct buf		 out;
	struct buf		 line;		/* code that comes in */
	enum mode		 mode;
	unsigned		 window;	/* left, in raw-paste */
	char			 escape;	/* inside an ESC sequence */
	/* Code that runs now, and what comes when it is done. */
	bool			 running;
	bool			 framed;	/* started from the raw REPL */
	bool			 hung;		/* ^C does not help */
	struct sim_outcome	 result;
	int64_t			 until;
	struct buf		 waiting;	/* input that came meanwhile */
	/* The program of a busy board. */
	bool			 busy;
	int64_t			 tick;
	unsigned		 count;
	enum sim_action		 action;
	unsigned		 answers;
};

/* Says s as it is; a traceback that ends with raised. */
void	con_say(struct sim_console *c, const char *s);
void	con_traceback(struct sim_console *c, const char *raised);
/* A new line of the mode that c is in; or another mode, with its greeting. */
void	con_prompt(struct sim_console *c);
void	con_friendly(struct sim_console *c);
void	con_raw(struct sim_console *c);
void	con_soft_reset(struct sim_console *c);
/* Runs the line; framed: the raw REPL's way. */
void	con_run(struct sim_console *c, bool framed, int64_t now);
/* One byte of what comes in while nothing runs. */
void	con_byte(struct sim_console *c, char b, int64_t now);

#endif
