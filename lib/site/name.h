/* SPDX-License-Identifier: MIT */
#ifndef MPF_SITE_NAME_H
#define MPF_SITE_NAME_H

#include <stdbool.h>

#include "facts/version.h"

/*
 * name: the names of firmware files, as micropython.org gives them:
 * BOARD[-VARIANT]-YYYYMMDD-VERSION.EXT.
 *
 * Source: MicroPython, tools/autobuild (build-boards.sh).  Before v1.22 a
 * build between releases was BOARD-YYYYMMDD-unstable-v1.18-496-gHASH.EXT.
 */

#define NAME_FILE	160		/* bytes of a whole name, with NUL */
#define NAME_PART	64		/* of board, variant, version */

struct firmware_name {
	char		board_id[NAME_PART];
	char		variant[NAME_PART];	/* "" none */
	char		date[9];		/* "20240602", of the build */
	struct version	version;
	char		ext[12];		/* "uf2", "app-bin" */
};

/*
 * Reads the name of a file for board_id; NULL: of any board, the variant then
 * begins at the first '-'.  False: another board's, or no such name.
 */
bool	firmware_name_parse(const char *file, const char *board_id,
	    struct firmware_name *out);
/* The same for a name without the date, as firmware_name_clean gives it. */
bool	firmware_name_parse_clean(const char *file, const char *board_id,
	    struct firmware_name *out);
/*
 * Is any board flashed with it?  Not so with the linker's files ("elf", "map")
 * and archives ("zip"); with the application alone ("app-bin") few are.
 */
bool	firmware_ext_usable(const char *ext);
/* Letters, digits, '.', '-', '_', and not hidden: fit for a path. */
bool	firmware_file_safe(const char *file);

/*
 * The name it is kept under, as mpflash does: without the date of the build
 * and the hash.  The caller frees it.
 */
char	*firmware_name_clean(const char *file);

#endif
