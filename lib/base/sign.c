/* SPDX-License-Identifier: MIT */
#include "base/sign.h"

#include <string.h>

#include <openssl/crypto.h>
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

int
sign_make(const uint8_t seed[SIGN_KEY], const void *p, size_t n,
    uint8_t out[SIGN_SIG], struct err *e)
{
	EVP_PKEY *k = EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, NULL,
	    seed, SIGN_KEY);
	EVP_MD_CTX *c = EVP_MD_CTX_new();
	size_t len = SIGN_SIG;
	bool good;

	good = k != NULL && c != NULL &&
	    EVP_DigestSignInit(c, NULL, NULL, NULL, k) == 1 &&
	    EVP_DigestSign(c, out, &len, p, n) == 1 && len == SIGN_SIG;
	EVP_MD_CTX_free(c);
	EVP_PKEY_free(k);
	return good ? 0 : err_set(e, ERR_INTERNAL, "libcrypto does not sign");
}

int
sign_public(const uint8_t seed[SIGN_KEY], uint8_t out[SIGN_KEY],
    struct err *e)
{
	EVP_PKEY *k = EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, NULL,
	    seed, SIGN_KEY);
	size_t len = SIGN_KEY;
	bool good;

	good = k != NULL && EVP_PKEY_get_raw_public_key(k, out, &len) == 1 &&
	    len == SIGN_KEY;
	EVP_PKEY_free(k);
	return good ? 0 : err_set(e, ERR_INTERNAL,
	    "libcrypto does not know Ed25519");
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

int
sign_scrypt(const char *password, const uint8_t *salt, size_t salt_len,
    uint64_t n, uint64_t r, uint64_t p, uint8_t *out, size_t len,
    struct err *e)
{
	/* It takes a little more than the table. */
	const uint64_t room = 128 * n * r + 128 * r * p + 65536;

	if (EVP_PBE_scrypt(password, strlen(password), salt, salt_len, n, r, p,
	    room, out, len) == 1)
		return 0;
	return err_set(e, ERR_INPUT, "scrypt with N %llu, r %llu, p %llu does "
	    "not work here", (unsigned long long)n, (unsigned long long)r,
	    (unsigned long long)p);
}

void
sign_wipe(void *p, size_t n)
{
	OPENSSL_cleanse(p, n);
}
