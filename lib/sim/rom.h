/* SPDX-License-Identifier: MIT */
#ifndef MPF_SIM_ROM_H
#define MPF_SIM_ROM_H

#include "sim/esp.h"
#include "sim/files.h"
#include "sim/identity.h"
#include "sim/python.h"
#include "sim/port.h"

/*
 * rom: the ESP chip between a board's port and its REPL.
 *
 * A pty has no DTR and RTS, which an RFC 2217 server has.  So the first bytes
 * of a SYNC, which no REPL is sent, stand for the reset into the boot loader,
 * and closing the port for the press of RESET that starts the firmware.
 */

struct sim_rom {
	struct sim_esp	*chip;		/* NULL: the board has none */
	bool		 blank;		/* it came without a firmware */
	bool		 has_lines;	/* DTR and RTS reset it, as they do */
	unsigned	 resets;	/* that were seen to */
	struct buf	 held;		/* may be the beginning of a SYNC */
	struct sim_esp_count count;	/* of the client that has left */
	unsigned long	 requests;	/* that were seen of its loader */
	bool		 in_talk;	/* a client has begun */
	int64_t		 idle_us;	/* of that client's line, so far */
};

#define SIM_ROM_INIT	{ .chip = NULL, .held = BUF_INIT }

/* id: the firmware that is in its flash, unless it is blank. */
void	sim_rom_open(struct sim_rom *r, const struct sim_esp_opts *opts,
	    bool blank, struct sim_identity *id, int64_t now);
void	sim_rom_close(struct sim_rom *r);
/*
 * n bytes came; those that are for the REPL are added to rest, as none are
 * while the boot loader has the line.
 */
void	sim_rom_input(struct sim_rom *r, const void *p, size_t n,
	    unsigned baud, int64_t now, struct buf *rest);
/* Does the REPL have the line? */
bool	sim_rom_runs(const struct sim_rom *r);
/* Moves what the chip says into out. */
void	sim_rom_send(struct sim_rom *r, struct buf *out, int64_t now);
/* After each input: how long line was idle between a client's requests. */
void	sim_rom_note_idle(struct sim_rom *r, struct sim_pace *line);
/*
 * Once a client has left the loader: the event of what it took, with times if
 * the line was paced.
 */
bool	sim_rom_put_count(struct sim_rom *r, bool paced, struct buf *event);
int64_t	sim_rom_due(const struct sim_rom *r);
/* DTR and RTS are these now. */
void	sim_rom_lines(struct sim_rom *r, bool dtr, bool rts, int64_t now);
/* As sim_rom_restart, where the lines have reset it since the last call. */
int	sim_rom_booted(struct sim_rom *r, const char *tsv,
	    struct sim_identity *id, struct sim_files *files, struct err *e);
/*
 * The port was closed.  1: a firmware starts, which says of itself what is in
 * *id now; 0: nothing changed; -1: boards.tsv does not know it.  files
 * are lost where it looks for them elsewhere.
 */
int	sim_rom_restart(struct sim_rom *r, const char *tsv,
	    struct sim_identity *id, struct sim_files *files, int64_t now,
	    struct err *e);

#endif
