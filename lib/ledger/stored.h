/* SPDX-License-Identifier: MIT */
#ifndef MPF_LEDGER_STORED_H
#define MPF_LEDGER_STORED_H

#include "ledger/ledger.h"

/* stored: the files that rows name.  For lib/ledger alone. */

enum file_state {
	FILE_THERE,
	FILE_GONE,
	FILE_OTHER		/* no regular file, or not below the folder */
};

/* Is no part of the name "..", "." or empty?  So "/x" is not below. */
bool		 stored_below(const char *file);
/*
 * Where the file of that name lies, for the caller to free.  Names come from a
 * database that others write to: NULL for one that leads out of the folder
 * ("../x", a folder that is a symbolic link).  An absolute name, as mpflash has
 * for custom builds, is that file.
 */
char		*stored_path(const struct store *s, const char *file);
enum file_state	 stored_look(const struct store *s, const char *file);
/* Removes the file.  It may be missing; it may not be outside the folder. */
int		 stored_unlink(const struct store *s, const char *file,
		    struct err *e);

/* What is to be kept of a row beyond its question. */
struct file_copy {
	char		*file, *port, *board_id, *variant, *version, *sha256;
	int64_t		 build, size_bytes;
	bool		 custom;
};

struct file_list {
	struct file_copy	*v;
	size_t			 n;
};

/* For store_files: adds it to the list that ctx is. */
int		 stored_collect(const struct store_file *f, void *ctx);
void		 stored_release(struct file_list *l);
/* The row again, which borrows from the copy. */
struct store_file stored_row(const struct file_copy *c);

#endif
