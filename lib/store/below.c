/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <sys/stat.h>

#include "base/dirs.h"
#include "store/db.h"

/* below: a second store under this one, for what it lacks. */

static bool
is_same_folder(const char *a, const char *b)
{
	struct stat x, y;

	return stat(a, &x) == 0 && stat(b, &y) == 0 && x.st_ino == y.st_ino &&
	    x.st_dev == y.st_dev;
}

int
store_below(struct store *s, struct err *e)
{
	struct err why = ERR_INIT;
	char *dir = dirs_system();
	int r = 0;

	if (dir != NULL && s->below == NULL && !is_same_folder(dir, s->dir) &&
	    store_open(dir, STORE_READ, &s->below, &why) == -1 &&
	    why.code != ERR_NOT_FOUND) {
		*e = why;
		r = err_wrap(e, "MPF_SYSTEM_FIRMWARE");
	}
	free(dir);
	return r;
}

const char *
store_below_dir(const struct store *s)
{
	return s->below != NULL ? s->below->dir : NULL;
}
