/* SPDX-License-Identifier: MIT */
#ifndef MPF_SIM_DFU_IN_H
#define MPF_SIM_DFU_IN_H

#include "sim/dfu.h"

/* dfu_in: what the files of the simulated DFU device share. */

#define DFU_SECTORS	1024u
#define DFU_BLOCK	65535u		/* bytes of a download, at most */

enum { OK = 0, ERR_TARGET = 1, ERR_WRITE = 3, ERR_ERASE = 4, ERR_ADDRESS = 8,
	ERR_VENDOR = 11, ERR_UNKNOWN = 14, ERR_STALLEDPKT = 15 };
enum { READABLE = 1, ERASABLE = 2, WRITABLE = 4 };

struct dfu_sector {
	uint32_t	 addr, size;
	unsigned	 access;
};

/* The memory of one alternate setting, from base on. */
struct dfu_area {
	const char		*layout;
	uint8_t			*mem;
	uint32_t		 base, size;
	struct dfu_sector	 sector[DFU_SECTORS];
	size_t			 n;
};

struct sim_dfu {
	struct sim_dfu_opts	 opts;
	struct dfu_area		*area;
	unsigned		 areas, alternate;
	struct sim_dfu_counts	 counts;
	int			 state, status;
	uint32_t		 pointer;
	uint8_t			 block[DFU_BLOCK];
	size_t			 block_len;
	unsigned		 block_no;
	int64_t			 ready;		/* when the work is done */
	unsigned		 stuck;	/* CLRSTATUS that it still wants */
	bool			 deaf, gone, started;
	uint32_t		 image_len;	/* plain */
};

static inline bool
dfu_has(const struct sim_dfu *s, enum sim_dfu_quirk q)
{
	return (s->opts.quirks & q) != 0;
}

#define DFU_FUNCTIONAL	9u		/* bytes */

/* --- dfu_desc.c: its functional descriptor --- */

void	dfu_functional_put(const struct sim_dfu *s, uint8_t *b);

/* --- dfu_memory.c --- */

void	dfu_areas_new(struct sim_dfu *s);
struct dfu_sector	*dfu_sector_at(struct sim_dfu *s, uint32_t addr);
/*
 * Does what the last download asked for.  The milliseconds that it takes, or
 * -1: s->status says why it failed.
 */
int	dfu_perform(struct sim_dfu *s);
/* Bytes of it from block no on; -1: there are none. */
int	dfu_upload(struct sim_dfu *s, unsigned no, uint8_t *buf, size_t n);

#endif
