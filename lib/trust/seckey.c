/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/base64.h"
#include "trust/lines.h"
#include "trust/minisign.h"

/*
 * seckey: minisign's secret key, in 158 bytes:
 *
 *	"Ed", "Sc" (encrypted) or two NULs (not), "B2", the salt, scrypt's
 *	limits, and then the secret part: id, seed and public key, checksum
 *
 * The secret part is xored with what scrypt makes of the password.  The
 * checksum (BLAKE2b-256) is not looked at: libcrypto 3.0 has BLAKE2b-512
 * alone.  That the public key is the seed's tells a wrong password as well.
 */

#define SALT	32u
#define SECRET	(MINISIGN_ID + SIGN_KEY + SIGN_KEY + 32)
#define RAW	(2 + 2 + 2 + SALT + 8 + 8 + SECRET)
#define SCRYPT_R	8u
#define SCRYPT_MAX	(2ull << 30)	/* bytes of memory, at most */

static uint64_t
le64(const uint8_t *p)
{
	uint64_t v = 0;

	for (int i = 7; i >= 0; i--)
		v = v << 8 | p[i];
	return v;
}

/*
 * From libsodium's two limits to scrypt's numbers (RFC 7914), as its
 * pickparams() does it: N is the largest power of two that either allows.
 */
static void
parameters(uint64_t ops, uint64_t mem, uint64_t *n, uint64_t *p)
{
	uint64_t max_n, max_rp;
	unsigned log2;

	if (ops < 32768)
		ops = 32768;
	max_n = ops < mem / 32 ? ops / (SCRYPT_R * 4) :
	    mem / (SCRYPT_R * 128);
	for (log2 = 1; log2 < 63; log2++)
		if (1ull << log2 > max_n / 2)
			break;
	*n = 1ull << log2;
	*p = 1;
	if (ops < mem / 32)
		return;
	max_rp = ops / 4 / *n;
	if (max_rp > 0x3fffffff)
		max_rp = 0x3fffffff;
	*p = max_rp < SCRYPT_R ? 1 : max_rp / SCRYPT_R;
}

static int
decrypt(const uint8_t raw[RAW], uint8_t secret[SECRET], const char *password,
    struct err *e)
{
	const uint8_t *salt = raw + 6;
	const uint64_t ops = le64(salt + SALT), mem = le64(salt + SALT + 8);
	uint8_t pad[SECRET];
	uint64_t n, p;

	if (mem > SCRYPT_MAX || ops > SCRYPT_MAX)
		return err_set(e, ERR_UNSUPPORTED, "its password would take "
		    "more than %llu bytes of memory", SCRYPT_MAX);
	parameters(ops, mem, &n, &p);
	if (sign_scrypt(password, salt, SALT, n, SCRYPT_R, p, pad, SECRET,
	    e) == -1)
		return -1;
	for (size_t i = 0; i < SECRET; i++)
		secret[i] ^= pad[i];
	sign_wipe(pad, sizeof(pad));
	return 0;
}

/* The secret part, in the clear. */
static int
take(const uint8_t secret[SECRET], bool encrypted,
    struct minisign_seckey *out, struct err *e)
{
	const uint8_t *seed = secret + MINISIGN_ID;
	uint8_t key[SIGN_KEY];

	if (sign_public(seed, key, e) == -1)
		return -1;
	if (memcmp(key, seed + SIGN_KEY, SIGN_KEY) != 0)
		return encrypted ? err_set(e, ERR_PERMISSION,
		    "not its password") :
		    err_set(e, ERR_INPUT, "the secret key is damaged");
	memcpy(out->id, secret, MINISIGN_ID);
	memcpy(out->seed, seed, SIGN_KEY);
	return 0;
}

static int
open_key(const uint8_t raw[RAW], uint8_t secret[SECRET],
    char *(*password)(void *ctx, struct err *e), void *ctx, struct err *e)
{
	const bool encrypted = memcmp(raw + 2, "Sc", 2) == 0;
	char *word;
	int r;

	if (!encrypted)
		return 0;
	word = password == NULL ? NULL : password(ctx, e);
	if (word == NULL)
		return password != NULL ? -1 : err_set(e, ERR_USAGE,
		    "needs a password");
	r = decrypt(raw, secret, word, e);
	sign_wipe(word, strlen(word));
	free(word);
	return r;
}

int
minisign_seckey_parse(const char *text, size_t n,
    char *(*password)(void *ctx, struct err *e), void *ctx,
    struct minisign_seckey *out, struct err *e)
{
	struct lines l = { text, n };
	uint8_t raw[RAW], *secret = raw + RAW - SECRET;
	const char *s;
	size_t len;
	int r;

	if (!lines_next(&l, &s, &len) ||
	    !lines_start(s, len, "untrusted comment:") ||
	    !lines_next(&l, &s, &len) || !lines_end(&l) ||
	    base64_read(s, len, raw, RAW) == -1 ||
	    memcmp(raw, "Ed", 2) != 0 || memcmp(raw + 4, "B2", 2) != 0 ||
	    (memcmp(raw + 2, "Sc", 2) != 0 && memcmp(raw + 2, "\0\0", 2) != 0))
		return err_set(e, ERR_INPUT, "not a secret key of minisign");
	r = open_key(raw, secret, password, ctx, e);
	if (r == 0)
		r = take(secret, raw[2] != '\0', out, e);
	sign_wipe(raw, sizeof(raw));
	return r;
}

int
minisign_seckey_load(const char *path,
    char *(*password)(void *ctx, struct err *e), void *ctx,
    struct minisign_seckey *out, struct err *e)
{
	struct buf text = BUF_MAX(MINISIGN_MAX);
	int r;

	if (file_read(path, &text, e) == -1)
		return -1;
	r = minisign_seckey_parse(text.data, text.len, password, ctx, out, e);
	sign_wipe(text.data, text.len);
	buf_release(&text);
	return r == 0 ? 0 : err_wrap(e, "%s", path);
}
