/* SPDX-License-Identifier: MIT */
#ifndef MPF_FRONT_FLASH_H
#define MPF_FRONT_FLASH_H

#include "front/devices.h"

/* flash: what the files of the command "flash" share. */

struct flash_opts {
	struct devices	 devices;
	struct opt_list	 port, board, mirror;
	const char	*version, *variant, *bootloader, *method;
	const char	*flash_mode;
	const char	*file;		/* FILE-OR-URL; NULL */
	const char	*backup;	/* a folder; NULL */
	int64_t		 jobs, retry_baud;	/* -1: not given */
	bool		 force, custom, dry_run, offline, erase, no_erase;
	bool		 format, no_format, restore, lose_files, retry, help;
};

/* The command, once its options hold. */
int	flash_do(struct front *f, const struct flash_opts *o, struct err *e);
/*
 * The plan for a file or an address: which boards it fits, and why not the
 * others.
 */
int	flash_plan_file(struct front *f, const struct flash_opts *o,
	    struct front_records *plan, struct err *e);
/* "file:///x/fw.uf2", "/x/fw.uf2", ...: as mpf-fetch knows it; free it. */
char	*flash_source(const char *file, struct err *e);

#endif
