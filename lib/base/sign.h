/* SPDX-License-Identifier: MIT */
#ifndef MPF_BASE_SIGN_H
#define MPF_BASE_SIGN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

/*
 * sign: Ed25519 (RFC 8032), BLAKE2b-512 (RFC 7693) and scrypt (RFC 7914) by
 * libcrypto, for lib/trust.  Formats of files are none of its business.
 */

#define SIGN_KEY	32u	/* bytes of a public key, or of a seed */
#define SIGN_SIG	64u	/* bytes of a signature */
#define SIGN_HASH	64u	/* bytes of BLAKE2b-512 */

/* Did the owner of key sign these bytes? */
bool	sign_check(const uint8_t key[SIGN_KEY], const uint8_t sig[SIGN_SIG],
	    const void *p, size_t n);
/* The private key is its seed, as RFC 8032 has it. */
int	sign_make(const uint8_t seed[SIGN_KEY], const void *p, size_t n,
	    uint8_t out[SIGN_SIG], struct err *e);
int	sign_public(const uint8_t seed[SIGN_KEY], uint8_t out[SIGN_KEY],
	    struct err *e);

int	sign_hash(const void *p, size_t n, uint8_t out[SIGN_HASH],
	    struct err *e);
/* Reads the file in pieces. */
int	sign_hash_file(const char *path, uint8_t out[SIGN_HASH],
	    struct err *e);

/*
 * A key of len bytes from a password.  It takes 128 * n * r bytes of memory;
 * ERR_INPUT where the numbers are none, or too large for libcrypto.
 */
int	sign_scrypt(const char *password, const uint8_t *salt, size_t salt_len,
	    uint64_t n, uint64_t r, uint64_t p, uint8_t *out, size_t len,
	    struct err *e);

/* Overwrites a secret that is needed no more. */
void	sign_wipe(void *p, size_t n);

#endif
