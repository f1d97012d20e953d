/* SPDX-License-Identifier: MIT */
#ifndef MPF_BASE_SIGN_H
#define MPF_BASE_SIGN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

/*
 * sign: checks of Ed25519 signatures (RFC 8032), and BLAKE2b-512 (RFC 7693), by
 * libcrypto, for lib/trust.  It knows no formats of files.
 */

#define SIGN_KEY	32u	/* bytes of a public key */
#define SIGN_SIG	64u	/* bytes of a signature */
#define SIGN_HASH	64u	/* bytes of BLAKE2b-512 */

/* Did the owner of key sign these bytes? */
bool	sign_check(const uint8_t key[SIGN_KEY], const uint8_t sig[SIGN_SIG],
	    const void *p, size_t n);
int	sign_hash(const void *p, size_t n, uint8_t out[SIGN_HASH],
	    struct err *e);
/* Reads the file in pieces. */
int	sign_hash_file(const char *path, uint8_t out[SIGN_HASH],
	    struct err *e);

#endif
