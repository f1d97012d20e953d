/* SPDX-License-Identifier: MIT */
#include "base/digest.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

/*
 * The functions for SHA-256 alone, as OpenSSL 1.1 has them.  Those for any
 * digest, which OpenSSL 3 would rather have used, read its configuration and
 * set up all it can do first: a millisecond and 2 MB in each process.
 */
#define OPENSSL_API_COMPAT 0x10101000L
#include <openssl/md5.h>
#include <openssl/sha.h>

#include "base/file.h"
#include "base/mem.h"
#include "base/text.h"

struct digest {
	SHA256_CTX	c;
};

static void
need(int ok)
{
	if (ok != 1) {
		fputs("libcrypto has no SHA-256\n", stderr);
		exit(2);
	}
}

struct digest *
digest_new(void)
{
	struct digest *d = mem_alloc(sizeof(*d));

	need(SHA256_Init(&d->c));
	return d;
}

void
digest_add(struct digest *d, const void *p, size_t n)
{
	need(SHA256_Update(&d->c, p, n));
}

void
digest_end(struct digest *d, char out[DIGEST_HEX])
{
	uint8_t raw[SHA256_DIGEST_LENGTH];

	if (out != NULL) {
		need(SHA256_Final(raw, &d->c));
		text_hex(out, raw, sizeof(raw));
	}
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

void
digest_raw(const void *p, size_t n, uint8_t out[DIGEST_SIZE])
{
	need(SHA256(p, n, out) != NULL);
}

void
digest_md5(const void *p, size_t n, uint8_t out[DIGEST_MD5])
{
	need(MD5(p, n, out) != NULL);
}
