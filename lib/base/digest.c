/* SPDX-License-Identifier: MIT */
#include "base/digest.h"

#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

/*
 * The functions for SHA-256 alone, as OpenSSL 1.1 has them.  Those for any
 * digest, which OpenSSL 3 would rather have used, read its configuration and
 * set up all it can do first: a millisecond and 2 MB in each process.
 */
#define OPENSSL_API_COMPAT 0x10101000L
#include <openssl/sha.h>

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

int
digest_file(const char *path, char out[DIGEST_HEX], size_t *size,
    struct err *e)
{
	static const size_t piece = 65536;
	FILE *f = fopen(path, "rbe");
	struct digest *d;
	size_t n, total = 0;
	char *buf;
	int r = 0;

	if (f == NULL)
		return err_sys(e, "%s", path);
	buf = mem_alloc(piece);
	d = digest_new();
	do {
		clearerr(f);
		n = fread(buf, 1, piece, f);
		digest_add(d, buf, n);
		total += n;
	} while (n > 0 || (ferror(f) && errno == EINTR));
	if (ferror(f))
		r = err_sys(e, "%s", path);
	fclose(f);
	free(buf);
	digest_end(d, r == 0 ? out : NULL);
	*size = total;
	return r;
}
