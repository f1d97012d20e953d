/* SPDX-License-Identifier: MIT */
#ifndef MPF_BUNDLE_H
#define MPF_BUNDLE_H

#include <stddef.h>

#include "base/err.h"
#include "fetch/fetch.h"
#include "model/model.h"
#include "stream/stream.h"

/*
 * bundle: what mpf-bundle does.  Firmware for a machine without a network, in
 * a tar:
 *
 *	mpf-bundle/manifest.ndjson	a record for each file: firmware, and
 *					"file" (PORT/FILE) and "origin" (its
 *					address in the lock file)
 *	mpf-bundle/index.ndjson		a line for each download page, see
 *					site/index_line.h
 *	mpf-bundle/mpf.lock		their digests
 *	mpf-bundle/firmware/PORT/FILE	and FILE.minisig
 *
 * Its signature, which minisign(1) makes, lies beside it.
 */

struct bundle;

/* A bundle in the making, of files in the folder of f. */
struct bundle	*bundle_new(struct fetch *f);
/*
 * Adds the file of a record of mpf-fetch, once, however many name it.
 * ERR_INPUT where it names no file, or a file elsewhere.
 */
int	bundle_add(struct bundle *b, const struct record *rec, struct err *e);
/* Writes it to path; ERR_NOT_FOUND where no file was added. */
int	bundle_write(const struct bundle *b, const char *path, struct err *e);
void	bundle_free(struct bundle *b);		/* NULL is fine */

/*
 * Takes the files of the bundle at path into the folder of f, and its index
 * into the database there.  All of it is checked before the first is written:
 * the signature where f has keys, digests, what each file claims to be, and
 * that it is the file that was seen before.  fn is called for each file.
 */
int	bundle_import(struct fetch *f, const char *path,
	    void (*fn)(const struct firmware *fw, const struct image *image,
	    void *ctx), void *ctx, struct err *e);
/* The same checks alone; what fn is told is where each file would lie. */
int	bundle_verify(struct fetch *f, const char *path,
	    void (*fn)(const struct firmware *fw, const struct image *image,
	    void *ctx), void *ctx, struct err *e);

#endif
