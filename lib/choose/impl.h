/* SPDX-License-Identifier: MIT */
#ifndef MPF_CHOOSE_IMPL_H
#define MPF_CHOOSE_IMPL_H

#include "choose/choose.h"

/* impl: what the files of this module share.  For them alone. */

#define LIST_TEXT	240u	/* bytes of candidates in a message */
#define FOUND_MAX	8u	/* boards that --board may mean */
#define ANSWERS_KEPT	16u	/* kinds of boards that come in turn */

/* What the store offers for one board, variant and kind of bootloader. */
struct answer {
	char		*port, *board_id, *variant, *mode;	/* the key */
	bool		 page;		/* there is one */
	char		*url;
	int64_t		 fetched_at;
	struct pick	 pick;
	int		 since;		/* the first release with it; -1 */
	bool		 known;		/* to the table of boards */
};

struct choose {
	struct choose_opts	 o;
	struct wanted		 wanted;
	struct store		*store;
	struct facts		*facts;
	struct means_table	*means;

	/* --board: the names of today that it may mean. */
	const char		*board;		/* the one that is an id */
	struct board_name	 named[FOUND_MAX];
	size_t			 n_named;
	char			*own_id;	/* of firmware of one's own */
	bool			 no_variant;	/* --variant - */

	/* --serial: what each is a link to, and whether it came. */
	char			**serial_real;
	bool			*serial_seen;

	struct answer		*kept[ANSWERS_KEPT];	/* the last first */

	/* Of the last choice; its strings point here. */
	struct identity		 id;
	const char		**candidates;
	size_t			 n_candidates;
	char			*source;	/* of a file of one's own */
	char			 version[VERSION_TEXT];
	char			 reason[4 * SKIP_REASON + 2 * BOARD_NAME_TEXT];
};

/* What is being chosen for. */
struct subject {
	const struct device		*d;
	const struct board		*b;
	const struct choose_said	*said;
	bool				 exact;	/* named by the user */
};

/* --- gate.c --- */

enum gate {
	GATE_SKIP,		/* leave it alone; out->firmware.reason */
	GATE_ASK,		/* it answers */
	GATE_BOOTLOADER,
	GATE_BLIND,		/* it does not answer, but the user insists */
	GATE_CHIP		/* a blank chip, whose boot ROM was asked */
};

/* May it be flashed at all?  -1: it was named, but cannot be. */
int	choose_gate(struct choose *c, struct subject *su, enum gate *out,
	    struct err *e);

/* --- filter.c --- */

/* Sets the lists up.  ERR_NOT_FOUND: no such port. */
int	filter_open(struct choose *c, struct err *e);
void	filter_close(struct choose *c);
/* NULL: the device is one of those that are asked for; else why it is not. */
const char	*filter_device(struct choose *c, struct subject *su);
/* The same of the board, when c->id is known. */
const char	*filter_board(const struct choose *c,
		    const struct subject *su);

/* --- who.c --- */

/* The port that the board runs, as far as that is known; NULL. */
const char	*choose_port(const struct choose *c, const struct subject *su);
/*
 * Where c->id is several builds for one board that differ in software alone:
 * the plain one, with all of them as candidates, unless --board or --variant
 * says otherwise.
 */
void	who_plain(struct choose *c);
/* Which board firmware to get; c->id is what it is now. */
int	choose_who(struct choose *c, const struct subject *su, enum gate how,
	    struct board_name *get, struct err *e);

/* --- named.c --- */

/* Looks --board up, once. */
int	named_open(struct choose *c, struct err *e);
/* Which board it is to be by --board and --variant. */
int	named_get(struct choose *c, const struct subject *su, enum gate how,
	    struct board_name *get, struct err *e);
/* --variant, as the table writes it; a board of the user's own has any. */
int	named_variant(const struct choose *c, struct board_name *get,
	    struct err *e);

/* --- chip.c: what the boot ROM of an ESP chip says --- */

#define CHIP_TEXT	120u

bool		 chip_known(const struct subject *su);
const char	*chip_port(const struct subject *su);	/* MicroPython's */
/* Why nothing that can be had would run there; NULL: it would. */
const char	*chip_locked(const struct subject *su);
void		 chip_text(const struct chip *c, char out[CHIP_TEXT]);
/* ERR_MISMATCH: that board has another chip. */
int		 chip_fits_board(const struct choose *c,
		    const struct subject *su, const struct board_name *get,
		    struct err *e);
/*
 * Of a generic board the build that is for the chip.  ERR_AMBIGUOUS, with the
 * candidates, if several are; ERR_MISMATCH if no build is.
 */
bool		 chip_is_generic(const struct board_name *get);
int		 chip_variant(struct choose *c, const struct subject *su,
		    struct board_name *get, struct err *e);
/* The generic board for the chip, and its build. */
int		 chip_board(struct choose *c, const struct subject *su,
		    struct board_name *get, struct err *e);

/* --- runs.c --- */

/* What is there now, by today's names, into c->id. */
int	choose_runs(struct choose *c, const struct subject *su,
	    struct err *e);

/* --- tidy.c --- */

bool	is_pattern(const char *text);		/* the shell's */
/* ERR_INPUT where that is no id; a port that is none is dropped. */
int	tidy_name(const struct subject *su, struct board_name *name,
	    struct err *e);
/* Drops what is not as it should be. */
void	tidy_firmware(struct firmware *fw);

/* --- candidates.c --- */

void	candidates_clear(struct choose *c);
void	candidates_add(struct choose *c, const struct board_name *name);
/* All released boards that a device in such a bootloader may be. */
void	candidates_by_chip(struct choose *c, const struct device *d,
	    const char **chip);
/* May a board of that port be in such a bootloader? */
bool	candidates_port(const struct device *d, const char *port);
/* "A, B, C and 12 more" */
void	candidates_text(const struct choose *c, char *out, size_t size);
/* "two", "three"... or figures. */
const char	*count_text(size_t n, char out[24]);

/* --- answer.c --- */

int	choose_answer(struct choose *c, const struct board_name *get,
	    const char *mode, const struct answer **out, struct err *e);
void	choose_forget(struct choose *c);

/* --- pin.c --- */

/* Which version and file of that board, as far as the store knows. */
int	choose_pin(struct choose *c, const struct board_name *get,
	    const char *mode, struct choice *out, const struct answer **a,
	    struct err *e);

/* --- reason.c --- */

/* Why this one, into c->reason. */
void	choose_reason(struct choose *c, const struct subject *su,
	    const struct firmware *fw, const struct answer *a);
/* Adds to c->reason that other builds report the same, if any do. */
void	reason_alike(struct choose *c);
/* "stable", as the user said it. */
const char	*choose_word(const struct choose *c);

#endif
