/* SPDX-License-Identifier: MIT */
#include "base/buf.h"

#include <stdlib.h>

#include "tap.h"

static void
test_empty(void)
{
	struct buf b = BUF_INIT;
	char *s;

	IS_STR(b.data, "");
	buf_drop(&b, 5);
	buf_clear(&b);
	OK(b.len == 0 && b.cap == 0);
	s = buf_steal(&b);
	IS_STR(s, "");
	free(s);			/* the caller's, though empty */
	buf_release(&b);
	IS_STR(b.data, "");
}

static void
test_grow(void)
{
	struct buf b = BUF_INIT;

	for (int i = 0; i < 1000; i++)
		buf_addc(&b, (char)('a' + i % 26));
	OK(b.len == 1000 && strlen(b.data) == 1000 && b.cap > 1000);
	OK(b.data[999] == 'a' + 999 % 26);
	buf_drop(&b, 998);
	IS_STR(b.data, "kl");
	OK(buf_addf(&b, "<%d %s>", 42, "x") == 0);
	OK(buf_adds(&b, "") == 0);
	IS_STR(b.data, "kl<42 x>");
	OK(buf_add(&b, "\0z", 2) == 0 && b.len == 10 && b.data[9] == 'z');
	buf_drop(&b, 99);
	OK(b.len == 0 && b.data[0] == '\0');
	buf_release(&b);
	OK(b.cap == 0);
}

static void
test_ceiling(void)
{
	struct buf b = BUF_MAX(4);
	char *s;

	OK(buf_adds(&b, "abc") == 0);
	OK(buf_adds(&b, "de") == -1);
	IS_STR(b.data, "abc");
	OK(buf_addf(&b, "%d", 12) == -1);
	IS_STR(b.data, "abc");
	OK(buf_addc(&b, 'd') == 0 && buf_addc(&b, 'e') == -1);
	OK(buf_add(&b, "", 0) == 0);
	s = buf_steal(&b);
	IS_STR(s, "abcd");
	free(s);
	OK(b.len == 0 && b.max == 4);
	OK(buf_adds(&b, "fghij") == -1);
	b.len = 9;		/* a caller's mistake is no way past it */
	OK(buf_addc(&b, 'x') == -1);
	b.len = 0;
	buf_release(&b);
}

int
main(void)
{
	test_empty();
	test_grow();
	test_ceiling();
	return tap_done();
}
