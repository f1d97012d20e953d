/* SPDX-License-Identifier: MIT */
#include "base/sign.h"

#include <openssl/evp.h>

#include "base/file.h"

bool
sign_check(const uint8_t key[SIGN_KEY], const uint8_t sig[SIGN_SIG],
    const void *p, size_t n)
{
	EVP_PKEY *k = EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, NULL, key,
	    SIGN_KEY);
	EVP_MD_CTX *c = EVP_MD_CTX_new();
	bool good;

	good = k != NULL && c != NULL &&
	    EVP_DigestVerifyInit(c, NULL, NULL, NULL, k) == 1 &&
	    EVP_DigestVerify(c, sig, SIGN_SIG, p, n) == 1;
	EVP_MD_CTX_free(c);
	EVP_PKEY_free(k);
	return good;
}

struct hash {
	EVP_MD_CTX	*c;
	bool		 good;
};

static void
hash_begin(struct hash *h)
{
	h->c = EVP_MD_CTX_new();
	h->good = h->c != NULL &&
	    EVP_DigestInit_ex(h->c, EVP_blake2b512(), NULL) == 1;
}

static void
hash_add(const void *p, size_t n, void *ctx)
{
	struct hash *h = ctx;

	h->good = h->good && EVP_DigestUpdate(h->c, p, n) == 1;
}

static int
hash_end(struct hash *h, uint8_t out[SIGN_HASH], struct err *e)
{
	h->good = h->good && EVP_DigestFinal_ex(h->c, out, NULL) == 1;
	EVP_MD_CTX_free(h->c);
	return h->good ? 0 : err_set(e, ERR_INTERNAL,
	    "libcrypto does not know BLAKE2b");
}

int
sign_hash(const void *p, size_t n, uint8_t out[SIGN_HASH], struct err *e)
{
	struct hash h;

	hash_begin(&h);
	hash_add(p, n, &h);
	return hash_end(&h, out, e);
}

int
sign_hash_file(const char *path, uint8_t out[SIGN_HASH], struct err *e)
{
	struct err ignored;
	struct hash h;
	size_t size;

	hash_begin(&h);
	if (file_pieces(path, hash_add, &h, &size, e) == 0)
		return hash_end(&h, out, e);
	hash_end(&h, out, &ignored);
	return -1;
}
