/* SPDX-License-Identifier: MIT */
#include "repl/parcel.h"

#include <stdlib.h>
#include <string.h>

#include "../tests/unit/tap.h"

#define NONCE	1234567u

/* What a program prints by itself; a late answer is one of these. */
static const char *const prints[] = {
	"2", "20\r\n", "<", ">", "<>", "\x04", "\x04\x04>", "OK", "0", "a",
	";", ":", ".", "<0:00;0>", "<1.0;1>", "machine=3:xyz", NULL
};

static enum parcel_state
feed_all(struct parcel *p, const char *s, size_t n)
{
	enum parcel_state state = p->state;

	for (size_t i = 0; i < n; i++)
		state = parcel_feed(p, s[i]);
	return state;
}

static bool
holds(const struct parcel *p, const char *text)
{
	const struct buf *b = &p->part[PARCEL_ANSWER].bytes;

	return b->len == strlen(text) && memcmp(b->data, text, b->len) == 0;
}

static const char text[] = "name=11:micropythonmachine=38:Raspberry Pi Pico W "
    "with RP2040 and morex=0:";

static void
test_packed(void)
{
	struct buf out = BUF_INIT;
	struct parcel p;

	parcel_pack(&out, 5, "abc", 3);
	/* ((5 * 509 + 97) * 509 + 98) * 509 + 99, all modulo 2097143. */
	IS_STR(out.data, "<0:616263;d5395><3.3b12;3b1a>");
	parcel_begin(&p, 100);
	parcel_run(&p, 5);
	OK(feed_all(&p, out.data, out.len) == PARCEL_WHOLE && holds(&p,
	    "abc"));
	parcel_end(&p);
	for (size_t n = 0; n < sizeof(text); n++) {
		buf_clear(&out);
		parcel_pack(&out, NONCE, text, n);
		parcel_begin(&p, n);
		parcel_run(&p, NONCE);
		OK(feed_all(&p, out.data, out.len - 1) == PARCEL_OPEN);
		OK(feed_all(&p, ">", 1) == PARCEL_WHOLE);
		parcel_end(&p);
		parcel_begin(&p, n - 1);
		parcel_run(&p, NONCE);
		if (n > 0)
			OK(feed_all(&p, out.data, out.len) == PARCEL_OVER);
		parcel_end(&p);
		/* Any other run's. */
		parcel_begin(&p, n);
		parcel_run(&p, NONCE + 1);
		OK(feed_all(&p, out.data, out.len) == PARCEL_OPEN);
		OK(p.fitting == 0);
		parcel_end(&p);
	}
	/* An exception. */
	buf_clear(&out);
	parcel_pack(&out, parcel_error(NONCE), text, sizeof(text) - 1);
	parcel_begin(&p, sizeof(text));
	parcel_run(&p, NONCE);
	OK(feed_all(&p, out.data, out.len) == PARCEL_RAISED);
	parcel_end(&p);
	buf_release(&out);
}

/* What answers to an argument with one bit wrong is nothing, nor an error. */
static void
test_wrong_argument(void)
{
	static const char said[] = "record=0:";
	char path[] = "record=/flash/mpflash.toml|mpflash.toml";
	const uint32_t asked = parcel_sum(NONCE, path, sizeof(path) - 1);
	struct buf out = BUF_INIT;
	size_t fitting = 0;

	for (size_t bit = 0; bit < 8 * (sizeof(path) - 1); bit++) {
		struct parcel p;

		path[bit / 8] = (char)(path[bit / 8] ^ 1 << bit % 8);
		buf_clear(&out);
		parcel_pack(&out, parcel_sum(NONCE, path, sizeof(path) - 1),
		    said, sizeof(said) - 1);
		path[bit / 8] = (char)(path[bit / 8] ^ 1 << bit % 8);
		parcel_begin(&p, 1000);
		parcel_run(&p, asked);
		OK(feed_all(&p, out.data, out.len) == PARCEL_OPEN);
		fitting += p.fitting;
		parcel_end(&p);
	}
	OK(fitting == 0);
	buf_release(&out);
}

/* A print at every byte changes nothing: the next run brings the rest. */
static void
test_prints(void)
{
	const size_t n = sizeof(text) - 1;
	struct buf first = BUF_INIT, second = BUF_INIT;
	size_t whole = 0, wrong = 0;

	parcel_pack(&first, NONCE, text, n);
	parcel_pack(&second, NONCE + 2, text, n);
	for (size_t at = 0; at <= first.len; at++)
		for (const char *const *w = prints; *w != NULL; w++) {
			struct parcel p;

			parcel_begin(&p, 1000);
			parcel_run(&p, NONCE);
			feed_all(&p, first.data, at);
			feed_all(&p, *w, strlen(*w));
			feed_all(&p, first.data + at, first.len - at);
			whole += p.state == PARCEL_WHOLE;
			wrong += p.state == PARCEL_WHOLE && !holds(&p, text);
			parcel_run(&p, NONCE + 2);
			wrong += feed_all(&p, second.data, second.len) !=
			    PARCEL_WHOLE || !holds(&p, text);
			parcel_end(&p);
		}
	OK(wrong == 0 && whole > 0);
	buf_release(&first);
	buf_release(&second);
}

/* A byte lost, doubled or changed. */
static void
test_damage(void)
{
	struct buf good = BUF_INIT;
	size_t wrong = 0;

	parcel_pack(&good, NONCE, text, sizeof(text) - 1);
	for (size_t at = 0; at < good.len; at++)
		for (int how = 0; how < 10; how++) {
			struct parcel p;
			const char other = (char)(good.data[at] ^
			    1 << (how > 2 ? how - 2 : 0));

			parcel_begin(&p, 1000);
			parcel_run(&p, NONCE);
			feed_all(&p, good.data, at);
			if (how == 1)
				feed_all(&p, good.data + at, 1);
			if (how > 1)
				feed_all(&p, &other, 1);
			feed_all(&p, good.data + at + (how != 1),
			    good.len - at - (how != 1));
			wrong += p.state == PARCEL_WHOLE && !holds(&p, text);
			wrong += p.state == PARCEL_RAISED;
			parcel_end(&p);
		}
	OK(wrong == 0);
	buf_release(&good);
}

/* Its answer changes between two runs: no mixture is believed. */
static void
test_change(void)
{
	static const char one[] = "a=32:0123456789abcdef0123456789abcdef";
	static const char two[] = "a=32:X123456789abcdef0123456789abcXXX";
	struct buf out = BUF_INIT;
	struct parcel p;
	const char *cut;

	parcel_begin(&p, 1000);
	for (unsigned run = 0; run < 4; run++) {
		buf_clear(&out);
		parcel_pack(&out, NONCE + 2 * run, run == 0 ? one : two,
		    sizeof(one) - 1);
		parcel_run(&p, NONCE + 2 * run);
		/* The first run loses its first chunk, the second its last. */
		cut = run == 0 ? strchr(out.data, '>') + 1 : out.data;
		if (run == 1)
			*strrchr(out.data, ':') = '-';
		if (feed_all(&p, cut, out.len - (size_t)(cut - out.data)) ==
		    PARCEL_WHOLE)
			break;
	}
	OK(p.state == PARCEL_WHOLE && holds(&p, two));
	parcel_end(&p);
	buf_release(&out);
}

static void
test_fields(void)
{
	struct buf b = BUF_INIT;
	struct parcel_field f;
	size_t at = 0;

	parcel_put(&b, "k", "\0:=", 3);
	parcel_put(&b, "", "", 0);
	OK(parcel_next(&b, &at, &f) == 1 && parcel_is(&f, "k"));
	OK(f.n == 3 && memcmp(f.p, "\0:=", 3) == 0);
	OK(!parcel_is(&f, "kk") && !parcel_is(&f, ""));
	OK(parcel_next(&b, &at, &f) == 1 && parcel_is(&f, "") && f.n == 0);
	OK(parcel_next(&b, &at, &f) == 0);
	buf_addc(&b, 'x');
	OK(parcel_next(&b, &at, &f) == -1);
	buf_release(&b);
}

/* Runs that follow each other, and sessions a millisecond apart. */
static void
test_nonce(void)
{
	size_t same = 0;

	for (unsigned a = 0; a < 100; a++)
		for (unsigned b = 0; b < 100; b++) {
			const uint32_t x = parcel_nonce(1000, a);
			const uint32_t y = parcel_nonce(1001, b);

			same += x == y || x + 1 == y || x == y + 1;
			same += a != b && (x == parcel_nonce(1000, b) ||
			    x + 1 == parcel_nonce(1000, b));
			same += x >= PARCEL_MODULUS;
		}
	OK(same == 0);
}

int
main(void)
{
	test_packed();
	test_wrong_argument();
	test_prints();
	test_damage();
	test_change();
	test_fields();
	test_nonce();
	return tap_done();
}
