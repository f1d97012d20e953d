/* SPDX-License-Identifier: MIT */
#ifndef MPF_SITE_MIRROR_H
#define MPF_SITE_MIRROR_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"

/*
 * mirror: sites of micropython.org's shape, in the order in which they are
 * asked, and the next of them when one has failed.
 */

#define SITE_MIRROR	"https://micropython.org"
/* Where a site has its files. */
#define SITE_FILES	"/resources/firmware/"

struct mirrors {
	char	**v;
	size_t	  n;
	bool	  given;	/* by the user; else it is SITE_MIRROR */
};

#define MIRRORS_INIT	{ NULL, 0, false }

/*
 * given: addresses and folders; ends with NULL; NULL or empty: SITE_MIRROR.
 * ERR_USAGE and ERR_NOT_FOUND name what is no site.
 */
int	mirrors_open(const char *const *given, struct mirrors *out,
	    struct err *e);
void	mirrors_release(struct mirrors *m);

/* May another mirror do better than one that answered that? */
bool	mirror_passable(const struct err *e);

/*
 * The address of a board's page, or for "" of the list of them.  A folder has
 * no listing of its own when it is not served.  The caller frees it.
 */
char	*page_url(const struct mirrors *m, size_t mirror,
	    const char *board_id);
/*
 * True: *mirror and *url are the next one's, as e is what this one said.
 * say: is told so; NULL.
 */
bool	page_elsewhere(const struct mirrors *m, const char *board_id,
	    const struct err *e, void (*say)(const char *fmt, ...),
	    size_t *mirror, char **url);

#endif
