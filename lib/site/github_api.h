/* SPDX-License-Identifier: MIT */
#ifndef MPF_SITE_GITHUB_API_H
#define MPF_SITE_GITHUB_API_H

#include <stdbool.h>

#include "base/err.h"

/*
 * github_api: where GitHub is asked, and with which token.
 *
 * GITHUB_API_URL names another server.  The token is that in GITHUB_TOKEN or,
 * where a service manager keeps it (systemd's LoadCredential=), in the file
 * github_token in $CREDENTIALS_DIRECTORY.  It goes to that server alone, and
 * is written nowhere.
 */

struct github_api {
	char		*base;			/* without "/" at its end */
	char		*auth;			/* a header; NULL */
	const char	*file_headers[3];	/* for an asset */
	const char	*json_headers[4];	/* for all else */
};

#define GITHUB_API_INIT	{ .base = NULL }

/* ERR_USAGE: one of them is not what it should be. */
int	github_api_open(struct github_api *out, struct err *e);
void	github_api_release(struct github_api *a);
/* The headers for a file at this address; NULL: it is not that server's. */
const char *const *github_api_headers(const struct github_api *a,
	    const char *url);
/* What to do about an answer that was no release; status: of HTTP. */
void	github_api_hint(const struct github_api *a, int status,
	    struct err *e);

#endif
