/* SPDX-License-Identifier: MIT */
#ifndef MPF_SITE_GITHUB_H
#define MPF_SITE_GITHUB_H

#include <stddef.h>
#include <stdint.h>

#include "base/digest.h"
#include "base/err.h"

/*
 * github: the assets of a release.  Pure: text in, text out.
 *
 * Source: GitHub's REST API, "Releases" (version 2022-11-28).
 */

#define GITHUB_API	"https://api.github.com"
#define GITHUB_MAX	(8u << 20)	/* bytes of an answer */

/* github:OWNER/REPO[@TAG]#GLOB */
struct github_source {
	char	*owner, *repo;
	char	*tag;			/* NULL: the latest release */
	char	*glob;			/* of the asset's name */
};

/* ERR_USAGE says what is missing. */
int	github_parse(const char *source, struct github_source *out,
	    struct err *e);
void	github_release(struct github_source *s);

/* What is asked for a release; api ends without "/".  The caller frees it. */
char	*github_url(const struct github_source *s, const char *api);

struct github_asset {
	char	*name;
	char	*url;			/* for a browser, without a token */
	char	*api_url;		/* for the token's owner */
	char	*sig_api_url;		/* the same of NAME.minisig; NULL */
	char	 sha256[DIGEST_HEX];	/* "" where GitHub does not say */
};

/*
 * The one asset that glob fits, of the release in this text.  Signatures
 * (*.minisig) do not count.  ERR_AMBIGUOUS and ERR_NOT_FOUND name the others;
 * ERR_INPUT where it is no such answer.
 */
int	github_pick(const struct github_source *s, const char *api,
	    const char *json, size_t n, struct github_asset *out,
	    struct err *e);
void	github_asset_release(struct github_asset *a);

#endif
