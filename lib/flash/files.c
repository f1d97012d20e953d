/* SPDX-License-Identifier: MIT */
#include "flash/impl.h"

/* Does the board keep the user's files? */

static const char *const fates[] = {
	[FLASH_FILES_UNKNOWN] = "unknown",
	[FLASH_FILES_KEPT] = "kept",
	[FLASH_FILES_LOST] = "lost",
};

int
check_files(const struct flash_job *job, const struct flash_driver *d,
    struct flash_session *s, struct result *res, struct err *e)
{
	struct flash_files files = { .fate = FLASH_FILES_UNKNOWN };

	if (job->words.wipe != FLASH_WIPE_NOTHING) {
		files.fate = job->board.storage_files == 0 ?
		    FLASH_FILES_KEPT : FLASH_FILES_LOST;
		res->files = fates[files.fate];
		return 0;
	}
	if (d->files != NULL && d->files(job, s, &files, e) == -1)
		return err_wrap(e, "the place of its files");
	/* Where the chip does not tell, the board may have told before. */
	if (files.fate != FLASH_FILES_UNKNOWN || res->files == NULL)
		res->files = fates[files.fate];
	if (files.fate != FLASH_FILES_LOST || job->lose_files)
		return 0;
	err_set(e, ERR_MISMATCH, "the files on the board would be lost: %s",
	    files.why);
	return err_todo(e, NEXT_SAVE_FILES,
	    "copy the files first (mpremote cp), and use "
	    "--lose-files or --erase fs");
}
