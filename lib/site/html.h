/* SPDX-License-Identifier: MIT */
#ifndef MPF_SITE_HTML_H
#define MPF_SITE_HTML_H

#include <stddef.h>

#include "base/err.h"

/*
 * html: the links of a page.  The only home of libxml2, which reads what is
 * broken, too, as browsers do.
 */

#define HTML_MAX	(2u << 20)	/* bytes; the largest has some 75 000 */

/*
 * Calls fn for each <a> with an href, in the page's order; class_name NULL:
 * it has none.  ERR_INPUT on more than HTML_MAX bytes.
 */
int	html_links(const char *html, size_t n, void (*fn)(const char *href,
	    const char *class_name, void *ctx), void *ctx, struct err *e);

#endif
