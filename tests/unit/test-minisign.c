/* SPDX-License-Identifier: MIT */
#include "trust/minisign.h"

#include <stdlib.h>

#include "../tests/unit/tap.h"
#include "../tests/unit/tmp.h"
#include "base/file.h"
#include "base/mem.h"
#include "base/base64.h"

/*
 * Made by minisign 0.11: a key pair (-G -W), another public key, and
 * signatures of "hi\n" by the first, once hashed and once not (-S, -S -l).
 */
#define PUBLIC \
		"RWSRLJbfMzdPURXoL0C/DhJDMHgcG17wRrSy0IXwK1zBpKvubPlAq/hm"
#define OTHER \
		"RWQzkDp1ho6ySo/NyCdqoUthW8SjOWSLrt/PgTD8dH0Ubu1d9MC/QcaH"
#define LINE1	"untrusted comment: signature from minisign secret key\n"
#define SIG	"RUSRLJbfMzdPUfGlR2ZzkFq3A3w2g7RBCQoiBqmpQOHYVm50P/tN2jpb" \
		"MIwbj4tyhk24P0bw1fnMS6pYikR/t4SBANkw/FdeaQs=\n"
#define TRUSTED	"trusted comment: timestamp:1795622705\tfile:f\thashed\n"
#define GLOBAL	"Mm+5FlpVnG8hYo47IUNGHiD5y/aLOvJtH/7ODmjRtVUb0GbNX3aLHesJ" \
		"fh/lirAf2bPFtY67NDrTwJ878KknDw==\n"
static const char hashed[] = LINE1 SIG TRUSTED GLOBAL;
static const char plain[] = LINE1
    "RWSRLJbfMzdPUSuPIfZc6xIfOcr5AZNaa08/o+nAsa+nijnpijy/1On6Rz3X"
    "/ujKHueqn3pJHfbbCAyW1BkPdR1fZV8XSaNn4wg=\n"
    "trusted comment: timestamp:1795622791\tfile:f\n"
    "tuhnhf2BJZPjnqyjpzusKYqa4S3xpj4+vT+F4P9wOKn5sqGybSc2PIz6ACp+"
    "SZ6AZkk4joqNlb4JZnqPIgEZBg==\n";

static struct err e;
static struct minisign_key keys[2];
static struct minisign_sig sig;

static int
key(const char *text)
{
	e = (struct err)ERR_INIT;
	return minisign_key_parse(text, strlen(text), &keys[0], &e);
}

static int
parse(const char *text)
{
	e = (struct err)ERR_INIT;
	return minisign_sig_parse(text, strlen(text), &sig, &e);
}

static int
check(const char *bytes)
{
	e = (struct err)ERR_INIT;
	return minisign_check(&sig, keys, 1, bytes, strlen(bytes), &e);
}

static void
test_base64(void)
{
	static const char *const good[] = { "", "Zg==", "Zm8=", "Zm9v",
		"Zm9vYg==", "Zm9vYmE=", "Zm9vYmFy" };	/* RFC 4648, 10 */
	struct buf b = BUF_INIT;
	uint8_t raw[8];

	for (size_t i = 0; i < 7; i++) {
		OK(base64_read(good[i], strlen(good[i]), raw, i) == 0);
		OK(memcmp(raw, "foobar", i) == 0);
		buf_clear(&b);
		base64_write((const uint8_t *)"foobar", i, &b);
		IS_STR(b.data, good[i]);
	}
	OK(base64_read("Zm9v", 4, raw, 2) == -1);
	OK(base64_read("Zm9v", 4, raw, 4) == -1);
	OK(base64_read("Zm9=", 4, raw, 2) == -1);	/* bits left over */
	OK(base64_read("Zm==", 4, raw, 1) == -1);
	OK(base64_read("Z===", 4, raw, 1) == -1);
	OK(base64_read("Zm9 ", 4, raw, 3) == -1);
	OK(base64_read("Z\0==", 4, raw, 1) == -1);
	buf_release(&b);
}

static void
test_key(void)
{
	char id[MINISIGN_ID_TEXT];

	OK(key(PUBLIC) == 0);
	minisign_id(keys[0].id, id);
	IS_STR(id, "514F3733DF962C91");
	keys[0].id[7] = 0x01;
	minisign_id(keys[0].id, id);
	IS_STR(id, "14F3733DF962C91");
	OK(key("untrusted comment: x\n" PUBLIC "\n") == 0);
	OK(key("untrusted comment: x\r\n" PUBLIC "\r\n\n") == 0);
	OK(key("") == -1);
	OK(e.code == ERR_INPUT);
	OK(key("untrusted comment: x\n") == -1);
	OK(key(PUBLIC "\n" PUBLIC) == -1);
	OK(key("RUSRLJbfMzdPURXoL0C/DhJDMHgcG17wRrSy0IXwK1zBpKvubPlAq/hm") ==
	    -1);
	OK(key("RWSRLJbfMzdPURXoL0C/DhJDMHgcG17wRrSy0IXwK1zBpKvubPlAq/h") ==
	    -1);
}

static void
test_load(void)
{
	struct minisign_key k;

	OK(minisign_key_load(PUBLIC, &k, &e) == 0);
	OK(file_write("pub", "untrusted comment: x\n" PUBLIC "\n", 78, 0644,
	    &e) == 0);
	OK(minisign_key_load("pub", &k, &e) == 0);
	OK(minisign_key_load("none", &k, &e) == -1);
	OK(e.code == ERR_NOT_FOUND && e.hint[0] != '\0');
	OK(file_write("pub", "what", 4, 0644, &e) == 0);
	OK(minisign_key_load("pub", &k, &e) == -1);
	IS_STR(e.msg, "pub: not a public key of minisign");
}

static void
test_sig(void)
{
	OK(parse(hashed) == 0);
	OK(sig.hashed);
	IS_STR(sig.comment, "timestamp:1795622705\tfile:f\thashed");
	OK(parse(plain) == 0);
	OK(!sig.hashed);
	OK(parse("") == -1);
	OK(parse(LINE1 SIG) == -1);
	OK(parse(LINE1 SIG TRUSTED) == -1);
	OK(parse(SIG TRUSTED GLOBAL) == -1);
	OK(parse(LINE1 SIG GLOBAL TRUSTED) == -1);
	OK(parse(LINE1 SIG TRUSTED GLOBAL "more\n") == -1);
	OK(parse(LINE1 GLOBAL TRUSTED SIG) == -1);
	IS_STR(e.msg, "not a signature of minisign");
}

static void
test_check(void)
{
	key(PUBLIC);
	parse(hashed);
	OK(check("hi\n") == 0);
	OK(check("ho\n") == -1);
	OK(e.code == ERR_VERIFY && !e.retry);
	IS_STR(e.msg, "the signature is of other bytes");
	sig.comment[0]++;
	OK(check("hi\n") == -1);
	IS_STR(e.msg, "the signature's trusted comment was changed");
	/* A hashed one does not pass for one that is not. */
	parse(hashed);
	sig.hashed = false;
	OK(check("hi\n") == -1);

	parse(plain);
	OK(check("hi\n") == 0);
	OK(check("hi") == -1);
	sig.sig[3] ^= 1;
	OK(check("hi\n") == -1);

	parse(hashed);
	key(OTHER);
	OK(check("hi\n") == -1);
	IS_STR(e.msg, "signed with the key 514F3733DF962C91, but "
	    "4AB28E86753A9033 is the one that is trusted");
	/* Another key that says it had the same id. */
	memcpy(keys[0].id, sig.id, MINISIGN_ID);
	OK(check("hi\n") == -1);
	OK(e.code == ERR_VERIFY);
	keys[1] = keys[0];
	key(PUBLIC);
	OK(minisign_check(&sig, keys, 2, "hi\n", 3, &e) == 0);
	OK(minisign_check(&sig, keys, 0, "hi\n", 3, &e) == -1);

	OK(file_write("f", "hi\n", 3, 0644, &e) == 0);
	OK(minisign_check_file(&sig, keys, 1, "f", &e) == 0);
	parse(plain);
	OK(minisign_check_file(&sig, keys, 1, "f", &e) == 0);
	OK(file_write("f", "ho\n", 3, 0644, &e) == 0);
	OK(minisign_check_file(&sig, keys, 1, "f", &e) == -1);
	OK(minisign_check_file(&sig, keys, 1, "none", &e) == -1);
	OK(e.code == ERR_NOT_FOUND);
}

int
main(void)
{
	tmp_enter();
	test_base64();
	test_key();
	test_load();
	test_sig();
	test_check();
	tmp_leave();
	return tap_done();
}
