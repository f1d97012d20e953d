/* SPDX-License-Identifier: MIT */
#ifndef MPF_SIM_IDENTITY_H
#define MPF_SIM_IDENTITY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

/*
 * identity: what a simulated board says of itself.
 *
 * Taken from boards.tsv as MicroPython's own build would make it: the machine
 * string is the row's machine, else NAME with MCU.  A release that the table
 * does not know counts as its newest.
 */

#define SIM_UID_MAX	16		/* bytes */

struct sim_identity {
	char	 port[24];		/* "rp2" */
	char	 board_id[64];		/* "RPI_PICO_W"; "" not in the table */
	char	 variant[32];
	char	 machine[160];		/* "Raspberry Pi Pico W with RP2040" */
	char	 mcu[32];		/* "rp2040" */
	char	 platform[24];		/* sys.platform */
	char	 tag[64];		/* "v1.24.1" */
	char	 date[16];		/* of the build: "2024-11-29" */
	unsigned version[3];
	bool	 preview;
	uint8_t	 uid[SIM_UID_MAX];	/* machine.unique_id() */
	size_t	 uid_len;
	/* Its file system in the flash of an ESP chip; bytes 0: none known. */
	uint32_t storage_addr, storage_bytes;
};

/*
 * The board of this id (variant "": the base) in this version, written with or
 * without its "v".  tsv names the file.  ERR_NOT_FOUND; uid is left alone.
 */
int	sim_identity_board(const char *tsv, const char *board_id,
	    const char *variant, const char *version,
	    struct sim_identity *io, struct err *e);
/*
 * The board whose machine string this is, as a flashed image tells: of several
 * the one that io already is, else the first.  A machine that is in no row is
 * fine: it keeps its port and has no board_id.
 */
int	sim_identity_machine(const char *tsv, const char *machine,
	    const char *tag, const char *date, struct sim_identity *io,
	    struct err *e);

/* As sim_identity_machine, with what a firmware file (UF2 or raw) says. */
int	sim_identity_image(const char *tsv, const char *path,
	    struct sim_identity *io, struct err *e);
/* n bytes that are the same each time at one place, and others elsewhere. */
void	sim_identity_uid(const char *place, size_t n,
	    struct sim_identity *io);

/* Is the version of io at least major.minor? */
bool	sim_identity_since(const struct sim_identity *io, unsigned major,
	    unsigned minor);

#endif
