/* SPDX-License-Identifier: MIT */
#ifndef MPF_SITE_PAGE_H
#define MPF_SITE_PAGE_H

#include <stddef.h>

#include "base/err.h"
#include "site/html.h"
#include "site/name.h"

/*
 * page: a board's download page, MIRROR/download/BOARD/.  Pure: bytes in,
 * links out.
 *
 * There is no machine-readable index.  Of the page only this is relied upon:
 * firmware hangs on <a href> as .../resources/firmware/FILE, newest first,
 * and the board's sources on one as .../ports/PORT/boards/BOARD.
 */

#define PAGE_MAX	HTML_MAX
#define PAGE_LINKS	4096u

struct page_link {
	char			file[NAME_FILE];
	struct firmware_name	name;
};

struct page {
	char			port[32];	/* "" where it does not say */
	struct page_link	*link;		/* in the page's order */
	size_t			 n;
};

#define PAGE_INIT	{ "", NULL, 0 }

/*
 * Only files for board_id that can be flashed, each once.  ERR_INPUT on more
 * than PAGE_MAX bytes or PAGE_LINKS links, ERR_NOT_FOUND if it is missing.
 */
int	page_parse(const char *html, size_t n, const char *board_id,
	    struct page *out, struct err *e);
void	page_release(struct page *p);

#endif
