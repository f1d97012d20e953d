/* SPDX-License-Identifier: MIT */
#ifndef MPF_BASE_DIGEST_H
#define MPF_BASE_DIGEST_H

#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

/*
 * digest: SHA-256 (FIPS 180-4) by libcrypto.  With sign.c the only home of
 * openssl/.
 */

#define DIGEST_HEX	65		/* bytes: lower-case hex and a NUL */
#define DIGEST_SIZE	32u		/* bytes of a SHA-256 */
#define DIGEST_MD5	16u		/* bytes of an MD5 (RFC 1321) */

struct digest;

struct digest	*digest_new(void);
void		 digest_add(struct digest *d, const void *p, size_t n);
/* Writes the result and frees d; out may be NULL to give up. */
void		 digest_end(struct digest *d, char out[DIGEST_HEX]);

void	digest_bytes(const void *p, size_t n, char out[DIGEST_HEX]);
/* The bytes themselves; MD5 is what boot loaders of chips can answer with. */
void	digest_raw(const void *p, size_t n, uint8_t out[DIGEST_SIZE]);
void	digest_md5(const void *p, size_t n, uint8_t out[DIGEST_MD5]);
/* Reads the file in pieces; its size in bytes goes to *size. */
int	digest_file(const char *path, char out[DIGEST_HEX], size_t *size,
	    struct err *e);

#endif
