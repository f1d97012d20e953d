/* SPDX-License-Identifier: MIT */
#include "base/digest.h"

#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <openssl/evp.h>

#include "base/mem.h"
#include "base/text.h"

static void
need(int ok)
{
	if (ok != 1) {
		fputs("libcrypto has no SHA-256\n", stderr);
		exit(2);
	}
}

/* struct digest is never defined: it is libcrypto's context by our name. */
static EVP_MD_CTX *
ctx(struct digest *d)
{
	return (EVP_MD_CTX *)d;
}

struct digest *
digest_new(void)
{
	EVP_MD_CTX *c = EVP_MD_CTX_new();

	need(c != NULL && EVP_DigestInit_ex(c, EVP_sha256(), NULL) == 1);
	return (struct digest *)c;
}

void
digest_add(struct digest *d, const void *p, size_t n)
{
	need(EVP_DigestUpdate(ctx(d), p, n));
}

void
digest_end(struct digest *d, char out[DIGEST_HEX])
{
	uint8_t raw[EVP_MAX_MD_SIZE];
	unsigned int n = 0;

	if (out != NULL) {
		need(EVP_DigestFinal_ex(ctx(d), raw, &n));
		text_hex(out, raw, n);
	}
	EVP_MD_CTX_free(ctx(d));
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
