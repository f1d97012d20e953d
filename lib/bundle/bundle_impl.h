/* SPDX-License-Identifier: MIT */
#ifndef MPF_BUNDLE_IMPL_H
#define MPF_BUNDLE_IMPL_H

#include "bundle/bundle.h"
#include "tar/tar.h"
#include "fetch/run.h"

/* bundle_impl: what the files of lib/bundle share.  For them alone. */

#define BUNDLE_TOP	"mpf-bundle/"
#define BUNDLE_MANIFEST	"manifest.ndjson"
#define BUNDLE_INDEX	"index.ndjson"
#define BUNDLE_FILES	"firmware/"
#define BUNDLE_TEXT	(16u << 20)	/* bytes of each of the two texts */

/* A file of the manifest. */
struct wanted_file {
	struct record		*rec;
	struct firmware		 firmware;	/* borrowed from rec */
	struct fetch_job	 job;
	struct item		 it;
	const struct tar_member	*member, *sig;	/* sig NULL: none */
	struct local_file	 local;
};

struct import {
	struct fetch	*f;
	struct tar	 tar;
	struct lockfile	 lock;
	struct buf	 pages;
	struct wanted_file *v;
	size_t		 n;
};

/* Writes the file, its signature and its row. */
int	bundle_keep(const struct import *im, struct wanted_file *w,
	    struct err *e);
/* A page that is here and newer stays. */
int	bundle_keep_pages(struct import *im, struct err *e);

#endif
