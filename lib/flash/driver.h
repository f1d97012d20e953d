/* SPDX-License-Identifier: MIT */
#ifndef MPF_FLASH_DRIVER_H
#define MPF_FLASH_DRIVER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/digest.h"
#include "base/err.h"
#include "flash/flash.h"

/*
 * driver: one way to put bytes into a chip, as small operations.
 *
 * What all ways share is above it, once (flash.c and the files that it calls):
 * identity, ranges, the plan, what is skipped, progress, stop, retries,
 * verification, state and the verdict afterwards.  A driver does as it is
 * told, reports, and knows nothing of records.
 *
 * An operation that fails names the reason in *e: ERR_IO, ERR_TIMEOUT and
 * ERR_PROTOCOL are tried again, all others are final; ERR_NOT_FOUND: the
 * device has gone.  Each brings its own time limit.
 */

#define FLASH_WHY	160u		/* bytes of a reason and its NUL */
#define FLASH_TEXT	80u		/* of a name, an id and its NUL */
#define FLASH_REGIONS	16u

struct flash_session;			/* each driver defines its own */

/* Addresses with one size of erase unit; image bytes may go there. */
struct flash_region {
	uint32_t	 addr;
	uint64_t	 end;		/* one past the last */
	uint32_t	 erase_unit;	/* bytes; units begin at addr */
};

/* What the loader says of itself and its chip. */
struct flash_target {
	char			 name[FLASH_TEXT]; /* "RPI-RP2", for messages */
	char			 chip[FLASH_TEXT]; /* "rp2040"; "": unknown */
	/* As machine.unique_id() says it, in hex; "": unknown. */
	char			 uid[FLASH_TEXT];
	char			 mac[FLASH_TEXT]; /* "24:0a:c4:..."; "" */
	/* No firmware is there; asked only if job->chip says the same. */
	bool			 blank;
	/* Why it cannot be written: "read protection is on"; "": it can. */
	char			 protection[FLASH_TEXT];
	/* Why it may not start what is written; "": it will. */
	char			 locked[FLASH_TEXT];
	struct flash_region	 region[FLASH_REGIONS];	/* by address */
	size_t			 n_regions;	/* 0: it does not say */
	/* A write is at most so many bytes, and whole multiples of that. */
	uint32_t		 write_max, write_unit;
	/*
	 * So many bytes may be erased and written in one go, and are compared
	 * when all is written; 0: a chunk of 64 KiB, compared at once.
	 */
	uint32_t		 go_max;
	uint32_t		 probe_addr;	/* images differ there */
	bool			 no_digest;	/* it cannot tell its bytes */
	bool			 plain;		/* it takes no packed bytes */
};

/* Bytes to be written; packed by the driver's packing, or n_packed 0. */
struct flash_piece {
	uint32_t	 addr;
	const uint8_t	*bytes, *packed;
	size_t		 n, n_packed;
	/*
	 * For a driver that writes in blocks: so many bytes of n are written.
	 * -1: it is to stop.
	 */
	int		(*step)(void *ctx, size_t done, struct err *e);
	void		*ctx;
};

/*
 * A form in which a loader takes bytes faster.  An image is packed once,
 * however many boards get it: its first chunk, and pieces of the rest, each of
 * which is written whole.
 */
struct flash_packing {
	const char	*name;		/* "zlib" */
	/* Bytes of a piece, in chunks; 0: do not pack.  NULL: a chunk. */
	size_t	(*span)(const struct flash_job *job);
	int	(*pack)(const void *p, size_t n, struct buf *out,
		    struct err *e);
};

/* What becomes of the user's files on the board, and why, in words. */
enum flash_fate { FLASH_FILES_UNKNOWN, FLASH_FILES_KEPT, FLASH_FILES_LOST };

struct flash_files {
	enum flash_fate	 fate;
	char		 why[FLASH_WHY];	/* of LOST */
};

struct flash_driver {
	const char		*name;	/* "uf2"; --method and flash.method */
	const char		*summary; /* one line for --list-methods */
	/*
	 * Modes in which the loader may be, as device.mode has them; lib/boot
	 * brings a board into the first.  Ends with NULL.
	 */
	const char *const	*modes;
	/* open brings the board there itself, over the port it works on. */
	bool			 enters;
	/* Options of mpf-flash that it uses: "volume".  Ends with NULL. */
	const char *const	*options;
	const struct flash_packing *packing;	/* NULL: none */

	/* 0: this job is mine.  -1 and why not: "the image is not UF2". */
	int	(*fits)(const struct flash_job *job, char why[FLASH_WHY]);
	/*
	 * What the user asks for, and what the file itself tells, before the
	 * board is touched; NULL: there is nothing more to check.
	 */
	int	(*check)(const struct flash_job *job, struct err *e);
	/* Claims the device and allocates all that it needs. */
	int	(*open)(const struct flash_job *job,
		    struct flash_session **out, struct err *e);
	int	(*identify)(struct flash_session *s, struct flash_target *out,
		    struct err *e);
	/*
	 * Before anything is written.  s NULL, as in a dry run: by the image
	 * and what the board said (board.storage) alone.  A board without
	 * files keeps them.  NULL: nobody knows.
	 */
	int	(*files)(const struct flash_job *job, struct flash_session *s,
		    struct flash_files *out, struct err *e);
	/*
	 * Changes the image for this chip and the user: n bytes at p, of which
	 * the first is the image's first; NULL: it is written as it is.
	 */
	int	(*patch)(struct flash_session *s, uint8_t *p, size_t n,
		    bool *changed, struct err *e);
	/* job->wipe, outside of the image, which goes from from to end. */
	int	(*wipe)(struct flash_session *s, uint32_t from, uint64_t end,
		    struct err *e);
	/*
	 * After an operation has failed, for the so-manieth time in a row:
	 * the loader takes orders again, and has all that was written before.
	 * NULL: there is nothing to be done for that.
	 */
	int	(*recover)(struct flash_session *s, unsigned failures,
		    struct err *e);
	/*
	 * Does the loader still take orders?  After a failure, of a driver
	 * that enters; NULL: it does if the device is there.
	 */
	bool	(*answers)(struct flash_session *s);
	/* Whole erase units. */
	int	(*erase)(struct flash_session *s, uint32_t addr, size_t n,
		    struct err *e);
	int	(*write)(struct flash_session *s,
		    const struct flash_piece *piece, struct err *e);
	/*
	 * Instead of erase and write, for a loader that takes the file as it
	 * is, piece by piece; NULL: it is given the plan.  leaves: with the
	 * last piece the loader may go, which is no failure.
	 */
	bool	leaves;
	int	(*write_file)(struct flash_session *s, size_t at,
		    const uint8_t *p, size_t n, struct err *e);
	/* What is in its flash, or its MD5; NULL: it cannot say. */
	int	(*read)(struct flash_session *s, uint32_t addr, uint8_t *p,
		    size_t n, struct err *e);
	int	(*digest)(struct flash_session *s, uint32_t addr, size_t n,
		    uint8_t out[DIGEST_MD5], struct err *e);
	/*
	 * Starts the new firmware, where that does not happen by itself; never
	 * called after a failure.
	 */
	int	(*start)(struct flash_session *s, struct err *e);
	void	(*close)(struct flash_session *s);	/* only lets go */
	/*
	 * Of a board that was started, and does not answer.  stuck: is it in
	 * its loader again, and what holds it there?  soften: true if the job
	 * is now to be written in a way that suits more boards, which *res
	 * says.  NULL: there is no way to know, or to do so.
	 */
	bool	(*stuck)(const struct flash_job *job, char why[FLASH_WHY]);
	bool	(*soften)(struct flash_job *job, struct result *res);
};

/* In order of preference; ends with NULL. */
extern const struct flash_driver *const flash_drivers[];
/*
 * Is there such a method in the table, and such a way into a bootloader?  Each
 * may be NULL.  ERR_USAGE names all that there are.
 */
int	flash_check_names(const char *method, const char *bootloader,
	    const struct flash_driver *const *table, struct err *e);

/* For fits: -1, with that reason in why. */
int	flash_why_not(char why[FLASH_WHY], const char *reason);

#endif
