/* SPDX-License-Identifier: MIT */
#include "base/digest.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <openssl/crypto.h>
#include <openssl/evp.h>

#include "base/file.h"
#include "base/mem.h"
#include "base/text.h"

struct digest {
	EVP_MD_CTX	*c;
};

static void
need(int ok)
{
	if (ok != 1) {
		fputs("libcrypto has no SHA-256\n", stderr);
		exit(2);
	}
}

/* Of libcrypto's configuration, which is slow to read, nothing is needed. */
static void
begin_digest(struct digest *d, const EVP_MD *(*kind)(void))
{
	OPENSSL_init_crypto(OPENSSL_INIT_NO_LOAD_CONFIG, NULL);
	d->c = EVP_MD_CTX_new();
	need(d->c != NULL && EVP_DigestInit_ex(d->c, kind(), NULL) == 1);
}

struct digest *
digest_new(void)
{
	struct digest *d = mem_alloc(sizeof(*d));

	begin_digest(d, EVP_sha256);
	return d;
}

void
digest_add(struct digest *d, const void *p, size_t n)
{
	need(EVP_DigestUpdate(d->c, p, n));
}

void
digest_end(struct digest *d, char out[DIGEST_HEX])
{
	uint8_t raw[DIGEST_SIZE];

	if (out != NULL) {
		need(EVP_DigestFinal_ex(d->c, raw, NULL));
		text_hex(out, raw, sizeof(raw));
	}
	EVP_MD_CTX_free(d->c);
	free(d);
}

void
digest_bytes(const void *p, size_t n, char out[DIGEST_HEX])
{
	struct digest *d = digest_new();

	digest_add(d, p, n);
	digest_end(d, out);
}

static void
on_piece(const void *p, size_t n, void *ctx)
{
	digest_add(ctx, p, n);
}

int
digest_file(const char *path, char out[DIGEST_HEX], size_t *size,
    struct err *e)
{
	struct digest *d = digest_new();
	const int r = file_pieces(path, on_piece, d, size, e);

	digest_end(d, r == 0 ? out : NULL);
	return r;
}

static void
digest_at_once(const EVP_MD *(*kind)(void), const void *p, size_t n,
    uint8_t *out)
{
	struct digest d;

	begin_digest(&d, kind);
	need(EVP_DigestUpdate(d.c, p, n));
	need(EVP_DigestFinal_ex(d.c, out, NULL));
	EVP_MD_CTX_free(d.c);
}

void
digest_raw(const void *p, size_t n, uint8_t out[DIGEST_SIZE])
{
	digest_at_once(EVP_sha256, p, n, out);
}

void
digest_md5(const void *p, size_t n, uint8_t out[DIGEST_MD5])
{
	digest_at_once(EVP_md5, p, n, out);
}
