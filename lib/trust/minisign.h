/* SPDX-License-Identifier: MIT */
#ifndef MPF_TRUST_MINISIGN_H
#define MPF_TRUST_MINISIGN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/sign.h"

/*
 * minisign: signatures beside files, as minisign(1) and signify(1)'s heirs
 * make them: FILE.minisig holds an Ed25519 signature of FILE and a comment
 * that is signed too.
 *
 * Both kinds are read: "ED", of the BLAKE2b-512 of the file, and the older
 * "Ed", of the file itself.  To sign is minisign's own job.
 *
 * Source: https://jedisct1.github.io/minisign/, "Signature format", "Public
 * key format".
 */

#define MINISIGN_SUFFIX	".minisig"
#define MINISIGN_MAX	20480u		/* bytes of a key or signature file */
#define MINISIGN_ID	8u		/* bytes of a key's id */
#define MINISIGN_ID_TEXT 17		/* as people read it, and a NUL */
#define MINISIGN_COMMENT 8192u		/* bytes of a trusted comment */

struct minisign_key {
	uint8_t	id[MINISIGN_ID];
	uint8_t	key[SIGN_KEY];
};

struct minisign_sig {
	uint8_t	id[MINISIGN_ID];
	bool	hashed;			/* "ED" */
	uint8_t	sig[SIGN_SIG];
	char	comment[MINISIGN_COMMENT];	/* trusted, once checked */
	uint8_t	global[SIGN_SIG];	/* of sig and comment */
};

/* "E7620F1842B4E81F": as minisign prints it, without zeros in front. */
void	minisign_id(const uint8_t id[MINISIGN_ID],
	    char out[MINISIGN_ID_TEXT]);

/* A public key: the two lines of a file, or the base64 alone; ERR_INPUT. */
int	minisign_key_parse(const char *text, size_t n,
	    struct minisign_key *out, struct err *e);
/* what: the key itself in base64, or the name of its file. */
int	minisign_key_load(const char *what, struct minisign_key *out,
	    struct err *e);

int	minisign_sig_parse(const char *text, size_t n,
	    struct minisign_sig *out, struct err *e);

/*
 * Did the owner of one of the keys sign these bytes, and the comment?
 * ERR_VERIFY names both ids if no key has that of the signature.
 */
int	minisign_check(const struct minisign_sig *s,
	    const struct minisign_key *keys, size_t n_keys, const void *p,
	    size_t n, struct err *e);
/* The same of a file, which is read in pieces unless the signature is "Ed". */
int	minisign_check_file(const struct minisign_sig *s,
	    const struct minisign_key *keys, size_t n_keys, const char *path,
	    struct err *e);

#endif
