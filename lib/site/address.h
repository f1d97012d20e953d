/* SPDX-License-Identifier: MIT */
#ifndef MPF_SITE_ADDRESS_H
#define MPF_SITE_ADDRESS_H

#include "base/err.h"

/*
 * address: the ways in which people write where a file is, as the one address
 * that it can be downloaded from.  Pure: text in, text out.
 *
 *	github:OWNER/REPO[@TAG]#GLOB	an asset of a release; stays so
 *	github:OWNER/REPO/PATH[@BRANCH]	a file at a branch, as mpremote has it
 *	gitlab:OWNER/REPO/PATH[@BRANCH]	the same
 *	https://github.com/OWNER/REPO/blob/BRANCH/PATH	the page of a file
 *	https://github.com/OWNER/REPO/releases/tag/TAG#GLOB
 *	https://gitlab.com/OWNER/REPO/-/blob/BRANCH/PATH
 *
 * Without a branch it is HEAD.  All else with a scheme stays as it is, if it
 * can be asked.
 *
 * Source: mpremote, mip.py (_rewrite_url); the addresses of GitHub and GitLab.
 */

/*
 * What is meant by word, for the caller to free; NULL and *e: ERR_USAGE where
 * it cannot be asked, or holds a password, which other users of this machine
 * could read.  A path of this machine stays as it is.
 */
char	*address_rewrite(const char *word, struct err *e);

/* ERR_USAGE if it names a user, with or without a password. */
int	address_check_user(const char *word, struct err *e);

/*
 * The address as it may be kept and shown: without user, password, and what
 * stands behind "?".  The caller frees it.
 */
char	*address_public(const char *url);

#endif
