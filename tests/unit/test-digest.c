/* SPDX-License-Identifier: MIT */
#include "base/digest.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/wait.h>

#include "base/file.h"
#include "tap.h"
#include "tmp.h"

/*
 * The examples of FIPS 180-4 (SHA-256: one block, two blocks), of NIST's
 * CAVP (SHA256ShortMsg: nothing) and of FIPS 180-2 (a million times "a").
 */
#define NOTHING "e3b0c44298fc1c149afbf4c8996fb924" \
	"27ae41e4649b934ca495991b7852b855"
#define ABC "ba7816bf8f01cfea414140de5dae2223" \
	"b00361a396177a9cb410ff61f20015ad"
#define TWO "248d6a61d20638b8e5c026930c3e6039" \
	"a33ce45964ff2167f6ecedd419db06c1"
#define MILLION "cdc76e5c9914fb9281a1c7e284d73e67" \
	"f1809a48a497200e046d39ccc7112cd0"

static void
test_bytes(void)
{
	static const char two[] =
	    "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq";
	struct digest *d;
	char out[DIGEST_HEX], piece[1000];

	digest_bytes("", 0, out);
	IS_STR(out, NOTHING);
	digest_bytes("abc", 3, out);
	IS_STR(out, ABC);
	digest_bytes(two, strlen(two), out);
	IS_STR(out, TWO);

	memset(piece, 'a', sizeof(piece));
	d = digest_new();
	for (int i = 0; i < 1000; i++)
		digest_add(d, piece, sizeof(piece));
	digest_end(d, out);
	IS_STR(out, MILLION);

	d = digest_new();
	digest_add(d, "x", 1);
	digest_end(d, NULL);		/* given up: freed (ASan looks) */
}

static void
test_file(void)
{
	struct err e = ERR_INIT;
	char out[DIGEST_HEX], *a;
	size_t size = 99;

	a = malloc(1000000);
	memset(a, 'a', 1000000);
	OK(file_write("a", a, 1000000, 0644, &e) == 0);
	free(a);
	OK(digest_file("a", out, &size, &e) == 0 && size == 1000000);
	IS_STR(out, MILLION);
	OK(file_write("none", "", 0, 0644, &e) == 0);
	OK(digest_file("none", out, &size, &e) == 0 && size == 0);
	IS_STR(out, NOTHING);

	OK(digest_file("absent", out, &size, &e) == -1);
	OK(e.code == ERR_NOT_FOUND);
	IS_STR(e.msg, "absent: No such file or directory");
	OK(digest_file(".", out, &size, &e) == -1 && e.code == ERR_INPUT);
}

int
main(void)
{
	tmp_enter();
	test_bytes();
	test_file();
	tmp_leave();
	return tap_done();
}
