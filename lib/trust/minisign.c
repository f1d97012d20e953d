/* SPDX-License-Identifier: MIT */
#include "trust/minisign.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/mem.h"
#include "base/base64.h"
#include "trust/lines.h"

#define TRUSTED		"trusted comment: "
#define RAW_KEY		(2 + MINISIGN_ID + SIGN_KEY)
#define RAW_SIG		(2 + MINISIGN_ID + SIGN_SIG)
#define KEY_TEXT	56u		/* characters of RAW_KEY in base64 */
#define WHOLE_MAX	(256u << 20)	/* bytes of a file signed unhashed */

void
minisign_id(const uint8_t id[MINISIGN_ID], char out[MINISIGN_ID_TEXT])
{
	uint64_t v = 0;

	for (size_t i = MINISIGN_ID; i-- > 0;)
		v = v << 8 | id[i];
	snprintf(out, MINISIGN_ID_TEXT, "%llX", (unsigned long long)v);
}

/* The line after a comment that nobody vouches for; or the only one. */
static int
key_line(struct lines *l, const char **s, size_t *n)
{
	if (!lines_next(l, s, n))
		return -1;
	if (!lines_start(*s, *n, "untrusted comment:"))
		return 0;
	return lines_next(l, s, n) ? 0 : -1;
}

int
minisign_key_parse(const char *text, size_t n, struct minisign_key *out,
    struct err *e)
{
	struct lines l = { text, n };
	uint8_t raw[RAW_KEY];
	const char *s;
	size_t len;

	if (key_line(&l, &s, &len) == -1 || !lines_end(&l) ||
	    base64_read(s, len, raw, sizeof(raw)) == -1 ||
	    memcmp(raw, "Ed", 2) != 0)
		return err_set(e, ERR_INPUT, "not a public key of minisign");
	memcpy(out->id, raw + 2, MINISIGN_ID);
	memcpy(out->key, raw + 2 + MINISIGN_ID, SIGN_KEY);
	return 0;
}

int
minisign_key_load(const char *what, struct minisign_key *out, struct err *e)
{
	struct buf text = BUF_MAX(MINISIGN_MAX);
	int r;

	if (strlen(what) == KEY_TEXT &&
	    minisign_key_parse(what, KEY_TEXT, out, e) == 0)
		return 0;
	r = file_read(what, &text, e);
	if (r == 0 && (r = minisign_key_parse(text.data, text.len, out,
	    e)) == -1)
		err_wrap(e, "%s", what);
	buf_release(&text);
	return r == 0 ? 0 : err_hint(e, "name the file that minisign -G -p "
	    "made, or give the key itself, \"RW...\"");
}

/* A comment as a terminal may see it; what is signed is the bytes. */
static bool
comment_read(struct lines *l, struct minisign_sig *out)
{
	const char *s;
	size_t n;

	if (!lines_next(l, &s, &n) || !lines_start(s, n, TRUSTED))
		return false;
	s += sizeof(TRUSTED) - 1;
	n -= sizeof(TRUSTED) - 1;
	if (n >= sizeof(out->comment) || memchr(s, '\0', n) != NULL)
		return false;
	memcpy(out->comment, s, n);
	out->comment[n] = '\0';
	return true;
}

int
minisign_sig_parse(const char *text, size_t n, struct minisign_sig *out,
    struct err *e)
{
	struct lines l = { text, n };
	uint8_t raw[RAW_SIG];
	const char *s;
	size_t len;

	if (n > MINISIGN_MAX || !lines_next(&l, &s, &len) ||
	    !lines_start(s, len, "untrusted comment:") ||
	    !lines_next(&l, &s, &len) ||
	    base64_read(s, len, raw, sizeof(raw)) == -1 || raw[0] != 'E' ||
	    (raw[1] != 'd' && raw[1] != 'D') || !comment_read(&l, out) ||
	    !lines_next(&l, &s, &len) ||
	    base64_read(s, len, out->global, sizeof(out->global)) == -1 ||
	    !lines_end(&l))
		return err_set(e, ERR_INPUT, "not a signature of minisign");
	out->hashed = raw[1] == 'D';
	memcpy(out->id, raw + 2, MINISIGN_ID);
	memcpy(out->sig, raw + 2 + MINISIGN_ID, SIGN_SIG);
	return 0;
}

/* What is signed last: the signature, and the comment behind it. */
static size_t
global_bytes(const uint8_t sig[SIGN_SIG], const char *comment,
    uint8_t out[SIGN_SIG + MINISIGN_COMMENT])
{
	const size_t n = strlen(comment);

	memcpy(out, sig, SIGN_SIG);
	memcpy(out + SIGN_SIG, comment, n);
	return SIGN_SIG + n;
}

static int
no_key(const struct minisign_sig *s, const struct minisign_key *keys,
    size_t n_keys, struct err *e)
{
	char is[MINISIGN_ID_TEXT], want[MINISIGN_ID_TEXT];

	minisign_id(s->id, is);
	if (n_keys != 1)
		return err_set(e, ERR_VERIFY, "signed with the key %s, which "
		    "is not among the %zu trusted keys", is, n_keys);
	minisign_id(keys[0].id, want);
	return err_set(e, ERR_VERIFY, "signed with the key %s, but %s is the "
	    "one that is trusted", is, want);
}

/* p: the file's bytes, or their hash. */
static int
check_signed_bytes(const struct minisign_sig *s,
    const struct minisign_key *keys, size_t n_keys, const void *p, size_t n,
    struct err *e)
{
	uint8_t all[SIGN_SIG + MINISIGN_COMMENT];
	const size_t len = global_bytes(s->sig, s->comment, all);
	bool known = false;

	for (size_t i = 0; i < n_keys; i++) {
		if (memcmp(keys[i].id, s->id, MINISIGN_ID) != 0)
			continue;
		known = true;
		if (!sign_check(keys[i].key, s->sig, p, n))
			continue;	/* an id is no proof of a key */
		if (sign_check(keys[i].key, s->global, all, len))
			return 0;
		return err_set(e, ERR_VERIFY, "the signature's trusted comment "
		    "was changed");
	}
	return known ? err_set(e, ERR_VERIFY, "the signature is of other "
	    "bytes") : no_key(s, keys, n_keys, e);
}

int
minisign_check(const struct minisign_sig *s, const struct minisign_key *keys,
    size_t n_keys, const void *p, size_t n, struct err *e)
{
	uint8_t hash[SIGN_HASH];
	int r;

	if (s->hashed && sign_hash(p, n, hash, e) == -1)
		return -1;
	r = s->hashed ? check_signed_bytes(s, keys, n_keys, hash, sizeof(hash),
	    e) : check_signed_bytes(s, keys, n_keys, p, n, e);
	if (r == -1)
		e->retry = false;
	return r;
}

int
minisign_check_file(const struct minisign_sig *s,
    const struct minisign_key *keys, size_t n_keys, const char *path,
    struct err *e)
{
	struct buf whole = BUF_MAX(WHOLE_MAX);
	uint8_t hash[SIGN_HASH];
	int r = -1;

	if (s->hashed) {
		if (sign_hash_file(path, hash, e) == 0)
			r = check_signed_bytes(s, keys, n_keys, hash,
			    sizeof(hash), e);
	} else if (file_read(path, &whole, e) == 0) {
		r = minisign_check(s, keys, n_keys, whole.data, whole.len, e);
	}
	buf_release(&whole);
	if (r == -1)
		e->retry = false;
	return r;
}
