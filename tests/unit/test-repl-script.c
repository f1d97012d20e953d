/* SPDX-License-Identifier: MIT */
#include "repl/script.h"

#include <string.h>

#include "../tests/unit/tap.h"
#include "repl/parcel.h"

static const struct script_arg two[] = { { "a'\\\n\x01", 5 },
    { "\xc3\xa9\x7f", 3 } };

static void
test_add(void)
{
	struct buf out = BUF_INIT;

	OK(script_add(&out, "remove", 77, two + 1, 1) == 0);
	OK(strncmp(out.data, "def _mpf(a, s):\n", 16) == 0);
	OK(strstr(out.data, "\n  import os\n  os.remove(str(a[0], 'utf8'))\n "
	    "except Exception as e:\n") != NULL);
	OK(strstr(out.data, "\n _mpf((b'\\xc3\\xa9\\x7f',), [77, 0, 0])\n"
	    "finally:\n del _mpf\n") != NULL);
	buf_clear(&out);
	OK(script_add(&out, "rename", 5, two, 2) == 0);
	OK(strstr(out.data, " _mpf((b'a\\x27\\x5c\\n\\x01',b'\\xc3\\xa9\\x7f',"
	    "), [5, 0, 0])\n") != NULL);
	OK(script_add(&out, "nothing", 0, NULL, 0) == -1);
	buf_clear(&out);
	OK(script_add(&out, "platform", 0, NULL, 0) == 0);
	OK(strstr(out.data, " _mpf((), [0, 0, 0])\n") != NULL);
	buf_release(&out);
}

/* A raw REPL has a meaning for control bytes, and little room. */
static void
test_bodies(void)
{
	size_t n = 0;

	for (const struct script *s = scripts; s->name != NULL; s++, n++) {
		OK(strspn(s->body, "\x01\x02\x03\x04\x05") == 0);
		OK(strlen(s->body) < 768 && strchr(s->body, '#') == NULL);
	}
	OK(n == 15);
}

/* A byte more, less or other, and it is no script of ours. */
static void
test_read(void)
{
	struct buf code = BUF_INIT;
	struct script_call c;

	for (const struct script *s = scripts; s->name != NULL; s++) {
		buf_clear(&code);
		if (strcmp(s->name, "frame") == 0)
			continue;
		OK(script_add(&code, s->name, 2097142, two, 2) == 0);
		OK(script_read(code.data, code.len, &c) == 0);
		IS_STR(c.name, s->name);
		OK(c.nonce == script_nonce(2097142, two, 2) && c.n == 2);
		for (size_t i = 0; i < 2; i++)
			OK(c.arg[i].len == two[i].n &&
			    memcmp(c.arg[i].data, two[i].p, two[i].n) == 0);
		script_call_release(&c);
	}
	for (size_t n = 0; n < code.len; n++) {
		const char was = code.data[n];

		if (script_read(code.data, n, &c) == 0)
			OK(n == 0);
		code.data[n] = '\t';
		if (script_read(code.data, code.len, &c) == 0) {
			/* Inside of an argument it is an argument. */
			OK(c.nonce != script_nonce(2097142, two, 2));
			script_call_release(&c);
		}
		code.data[n] = was;
	}
	buf_addc(&code, 'x');
	OK(script_read(code.data, code.len, &c) == -1);
	OK(script_read("print(1)", 8, &c) == -1);
	buf_release(&code);
}

int
main(void)
{
	test_add();
	test_bodies();
	test_read();
	return tap_done();
}
