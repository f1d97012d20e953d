/* SPDX-License-Identifier: MIT */
#ifndef MPF_FETCH_BUNDLE_H
#define MPF_FETCH_BUNDLE_H

#include "fetch/run.h"
#include "fetch/tar.h"
#include "stream/stream.h"

/*
 * bundle: firmware for a machine without a network, in a tar:
 *
 *	mpf-bundle/manifest.ndjson	a record for each file: firmware, and
 *					"file" (PORT/FILE) and "origin" (its
 *					address in the lock file)
 *	mpf-bundle/index.ndjson		a record for each download page:
 *					firmware.board_id, .port and
 *					.index.source, "fetched_at" and "links"
 *	mpf-bundle/mpf.lock		their digests
 *	mpf-bundle/firmware/PORT/FILE	and FILE.minisig
 *
 * The archive's own signature lies beside it.
 */

#define BUNDLE_TOP	"mpf-bundle/"
#define BUNDLE_MANIFEST	"manifest.ndjson"
#define BUNDLE_INDEX	"index.ndjson"
#define BUNDLE_FILES	"firmware/"
#define BUNDLE_TEXT	(16u << 20)	/* bytes of each of the two texts */

/* bundle_out.c */

/* The file that the item has got; once, however many want it. */
void	bundle_add(struct bundle **b, const struct item *it);
void	bundle_free(struct bundle *b);		/* NULL is fine */
/* Writes f->o.export_to, and its signature where there is a key. */
int	bundle_write(struct fetch *f, struct err *e);

/* bundle_in.c and bundle_keep.c */

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

/* bundle_page.c: a page of the index as a line, and back. */

void	bundle_page_put(const struct index *ix, const char *board_id,
	    struct buf *out);
/* The caller releases *out, and frees *board_id; ERR_INPUT. */
int	bundle_page_get(const char *line, size_t n, char **board_id,
	    struct index *out, struct err *e);

#endif
