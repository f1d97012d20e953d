/* SPDX-License-Identifier: MIT */
#ifndef MPF_JOURNAL_H
#define MPF_JOURNAL_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "board/session.h"
#include "model/codec.h"
#include "store/store.h"
#include "toml/toml.h"

/*
 * journal: what firmware a board has, written down on the board itself
 * (mpflash.toml) and in the database.
 *
 * What is to be said comes from the record alone, so that the process that
 * talks to the board and the one that writes the database say the same.  A
 * record is worth an entry if its board was flashed and answered afterwards,
 * or if resolve skipped it; then the entry says what the board runs, and what
 * nobody saw (when it was flashed, from which bytes) is kept from the file on
 * the board or left out.
 */

#define JOURNAL_FILE		"mpflash.toml"
#define JOURNAL_NAME		160	/* bytes for BOARD-VARIANT and NUL */

/* Strings are borrowed from the record; NULL and -1: not known. */
struct journal {
	const char	*device_id, *usb_path, *serial_port, *lines;
	const char	*uid;
	bool		 flashed;	/* by mpf, as this record says */

	const char	*port, *board_id, *variant;
	const char	*version;
	int64_t		 build;
	const char	*commit;
	const char	*description;	/* the machine string */
	int		 custom;	/* 1, 0; -1: absent */
	const char	*flash_date;	/* RFC 3339 */
	const char	*source;	/* URL or file */
	const char	*file_name, *sha256;

	/* Custom firmware that was flashed: what mpf-add was told of it. */
	struct firmware	about;
	/* What the board's own file says: */
	bool		told;		/* of what runs, from what it is */
	bool		stale;		/* it names another firmware */

	/* For the history alone: how it went. */
	const char	*host;
	const char	*version_before;
	const char	*method, *state;
	int64_t		 attempts, flash_ms, record_ms;
};

#define JOURNAL_INIT	{ .build = -1, .custom = -1, \
			  .about = FIRMWARE_INIT, .attempts = -1, \
			  .flash_ms = -1, .record_ms = -1 }

/* 1: *out is to be written down; 0: nothing is; -1: ERR_INPUT. */
int	journal_read(const struct record *rec, struct journal *out,
	    struct err *e);
/*
 * Makes the tree of an mpflash.toml (an empty table: the file was missing)
 * say what j says; other tables stay.  What it said of a firmware that is
 * not the one of j goes.  True: it changed.
 */
bool	journal_merge(const struct journal *j, struct toml *t);
/*
 * Does the mpflash.toml that detect read (board.record) say all that j says,
 * so that the board need not be asked?  Never of one that was flashed since.
 */
bool	journal_current(const struct journal *j, const struct record *rec);
/*
 * Does the mpflash.toml that detect read name another firmware than the one
 * that answered?  Then another tool has flashed the board since, and why says
 * what it names.  Of what one of them does not say nothing differs.
 */
#define JOURNAL_WHY	200		/* bytes of it, and a NUL */
bool	journal_stale(const struct record *rec, char why[JOURNAL_WHY]);
/* "ESP32_GENERIC-SPIRAM". */
void	journal_name(const struct journal *j, char out[JOURNAL_NAME]);

/* What was done on the board. */
struct journal_done {
	bool	 written;	/* false: it said so already */
	bool	 renamed;	/* false: over the old file, in place */
	bool	 replaced;	/* the old one was no TOML: it is .bad now */
	char	*text;		/* what it says now; for the caller to free */
	/* It has no place on the board, in words; "". */
	char	 none[JOURNAL_WHY];
	bool	 later;		/* it may have one later */
};

/*
 * A board without a file system, or with a full or a read-only one, or one
 * that this host has mounted, is no failure: out->none says why its record is
 * in the database alone.
 */

/*
 * Writes mpflash.toml on the board of the session.  ERR_MISMATCH, with nothing
 * written, if that is not the board with j->uid, or runs other firmware now.
 */
int	journal_write_session(const struct journal *j, struct session *s,
	    struct journal_done *out, struct err *e);
/* The same in a session of its own with the board at j's place. */
int	journal_write_board(const struct journal *j, const char *sysroot,
	    int64_t deadline, struct journal_done *out, struct err *e);

/*
 * Within a group of writes (store_begin), which the caller commits before it
 * tells anybody; on -1 what others wrote in the group stays.
 *
 * Writes the row of the board, and an event, at now (RFC 3339).  *written
 * false: the row said so already, and there is no event.  A board without
 * j->uid has no row: an event alone, unless the last one at its place said so.
 */
int	journal_write_store(const struct journal *j, struct store *s,
	    const char *now, bool *written, struct err *e);
/*
 * What became of the file on the board, in its row: state is "written",
 * "unchanged", "queued" or "none", reason says why, text what it says (NULL:
 * not known).  A board that is queued stays so until its file is right.
 */
int	journal_write_toml(const struct journal *j, struct store *s,
	    const char *now, const char *state, const char *reason,
	    const char *text, struct err *e);
/* Do the file's text and the row of the board say the same?  ERR_VERIFY. */
int	journal_compare(const struct journal *j, struct store *s,
	    const char *text, struct err *e);
/*
 * Is a record that failed worth an event: does it name a device?  Not if it
 * was only never begun here, or was to be a dry run.
 */
bool	journal_failed(const struct record *rec);
int	journal_write_failed(const struct record *rec, struct store *s,
	    const char *now, struct err *e);

#endif
