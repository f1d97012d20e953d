/* SPDX-License-Identifier: MIT */
#ifndef MPF_STORE_GROUP_H
#define MPF_STORE_GROUP_H

#include "base/err.h"

/*
 * group: a store that the members of a group use together.
 *
 * Its folder has the set-group-ID bit, which hands its group and its mode down
 * to what is made in it (FILE_OWN of base/file.h), so that no tool needs an
 * option.
 */

/*
 * Makes the folder where there is none, and gives it and all that is in it to
 * its group: files get 0660, folders 2770, beside what they have.  Links are
 * not followed.  Only the owner can; ERR_PERMISSION.  ERR_INPUT: there are
 * other files, and no database.
 */
int	store_share(const char *dir, struct err *e);

#endif
