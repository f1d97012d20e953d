/* SPDX-License-Identifier: MIT */
#include "upstream/cpp.h"

#include <stdint.h>
#include <stdlib.h>

#include "base/mem.h"
#include "source-test.h"
#include "tap.h"
#include "upstream/expr.h"
#include "upstream/macro.h"
#include "upstream/nest.h"
#include "upstream/pico.h"

static const char *const dirs[] = { "ports/p", "", NULL };

/* The macro V after this header; "": it is not a string. */
static char *
value_of(const char *const *files, const char *define, char error[400])
{
	struct source src = files_source(files);
	struct buf out = BUF_INIT;
	struct err e = ERR_INIT;
	struct cpp c;

	cpp_init(&c, &src, dirs);
	if (define != NULL)
		cpp_define(&c, define);
	if (cpp_file(&c, files[0], &e) == 0)
		cpp_string(&c, "V", &out);
	if (error != NULL)
		memcpy(error, e.msg, sizeof(e.msg));
	cpp_release(&c);
	return buf_steal(&out);
}

static void
check_value(const char *text, const char *want)
{
	const char *const files[] = { "ports/p/b/x.h", text, NULL };
	char *got = value_of(files, "GIVEN=\"given\"", NULL);

	IS_STR(got, want);
	free(got);
}

static void
test_values(void)
{
	check_value("#define V \"a\"\n", "a");
	check_value("# \tdefine\tV\t\"a\" \"b\"\t// c\r\n", "ab");
	check_value("#define V \"a\" \\\n  \"b\"", "ab");
	check_value("#define V \"a//b\" /* \"c\n */ \"d\"\n", "a//bd");
	check_value("#define V \"a\\\"b\\\\c\"\n", "a\"b\\c");
	check_value("#define A V2\n#define V A \" x\"\n#define V2 \"y\"\n",
	    "y x");
	check_value("#define V GIVEN\n", "given");
	check_value("#ifndef GIVEN\n#define GIVEN \"x\"\n#endif\n"
	    "#define V GIVEN\n", "given");
	check_value("#define V \"a\"\n#undef V\n", "");
	check_value("#define V \"a\"\n#undef V\n#define V \"b\"\n", "b");
	check_value("int V = \"a\";\n", "");
	check_value("#define V V\n", "");
	check_value("#define X (4 + X)\n#if X == 4\n#define V \"a\"\n"
	    "#endif\n", "a");
	check_value("#define V 7\n", "");
	check_value("#define V \"a\" 7\n", "");
	check_value("#define V(x) \"a\"\n", "");
	check_value("#define V \"a\n", "");
	check_value("#error don't\n#define V \"a\"\n", "a");
	check_value("/* #define V \"a\" */\n", "");
	check_value("// \\\n#define V \"a\"\n", "");
	check_value("/* never ends\n#define V \"a\"\n", "");
}

/* Which of the branches is it? */
static void
check_if(const char *condition, bool want)
{
	char *text = mem_printf("#define TWO 2\n#define EMPTY\n#if %s\n"
	    "#define V \"yes\"\n#else\n#define V \"no\"\n#endif\n", condition);

	check_value(text, want ? "yes" : "no");
	free(text);
}

static void
test_conditions(void)
{
	check_if("1", true);
	check_if("0", false);
	check_if("NEVER", false);
	check_if("!NEVER", true);
	check_if("defined TWO", true);
	check_if("defined(TWO) && !defined ( NEVER )", true);
	check_if("defined NEVER || TWO == 2", true);
	check_if("(TWO << 2) + 1 == 9", true);
	check_if("TWO * 3 - 1 >= 5 && TWO % 2 == 0", true);
	check_if("1 + 2 * 3 == 7 && 7 - 2 - 1 == 4", true);
	check_if("0x10 == 16 && 010 == 8 && 1UL", true);
	check_if("'a' == 97", true);
	check_if("TWO > 1 ? 1 : 0", true);
	check_if("~0 == -1 && -(-3) == 3", true);
	check_if("1 | 0 && 0", false);
	check_if("4 / 0", false);
	check_if("EMPTY", false);
	check_if("FUNCTION(1)", false);
	check_if("1 1", false);
	check_if("(1", false);
	check_if("", false);
	check_if("1.5", false);
	check_if("99999999999999999999", false);
}

static void
test_branches(void)
{
	check_value("#if 0\n#define V \"a\"\n#elif 1\n#define V \"b\"\n"
	    "#elif 1\n#define V \"c\"\n#else\n#define V \"d\"\n#endif\n",
	    "b");
	check_value("#if 0\n#if 1\n#define V \"a\"\n#else\n#define V \"b\"\n"
	    "#endif\n#elif 1\n#define V \"c\"\n#endif\n", "c");
	check_value("#ifdef GIVEN\n#define V \"a\"\n#endif\n", "a");
	check_value("#ifdef NEVER\n#else\n#define V \"a\"\n#endif\n", "a");
}

static void
check_error(const char *text, const char *want)
{
	const char *const files[] = { "x.h", text, NULL };
	char error[400];

	free(value_of(files, NULL, error));
	IS_STR(error, want);
}

static void
test_errors(void)
{
	struct buf deep = BUF_INIT;

	check_error("#endif\n", "x.h: the end of no condition");
	check_error("#else\n", "x.h: a branch of no condition");
	check_error("#if 1\n#else\n#else\n#endif\n",
	    "x.h: a branch of no condition");
	check_error("#if 1\n", "x.h: a condition does not end");
	check_error("#include \"x.h\"\n",
	    "x.h: more than 16 files that include each other");
	for (unsigned i = 0; i <= NEST_MAX; i++)
		buf_adds(&deep, "#if 1\n");
	check_error(deep.data, "x.h: more than 64 conditions in each other");
	buf_release(&deep);
}

static void
test_includes(void)
{
	const char *const files[] = {
		"ports/p/b/x.h", "#include \"y.h\"\n#include <stdio.h>\n"
		    "#include \"boards/z.h\"\n#include \"../b/w.h\"\n"
		    "#include \"py/top.h\"\n#include \"gone.h\"\n"
		    "#include \"../../../../etc/passwd\"\n"
		    "#define V Y Z W T\n",
		"ports/p/b/y.h", "#define Y \"y\"\n",
		"ports/p/boards/z.h", "#define Z \"z\"\n",
		"ports/p/b/w.h", "#define W \"w\"\n",
		"py/top.h", "#define T \"t\"\n",
		NULL
	};
	struct source src = files_source(files);
	struct err e = ERR_INIT;
	struct buf out = BUF_INIT;
	struct cpp c;

	cpp_init(&c, &src, dirs);
	OK(cpp_file(&c, files[0], &e) == 0);
	OK(cpp_string(&c, "V", &out));
	IS_STR(out.data, "yzwt");
	IS_STR(src.missing, "gone.h");
	OK(cpp_file(&c, "nowhere.h", &e) == -1 && e.code == ERR_NOT_FOUND);
	cpp_release(&c);
	buf_release(&out);
}

/* What would take for ever, or all memory, ends. */
static void
test_bombs(void)
{
	struct buf text = BUF_INIT;

	for (int i = 0; i < 30; i++)
		buf_addf(&text, "#define A%d A%d A%d\n", i, i + 1, i + 1);
	buf_adds(&text, "#define V A0\n");
	check_value(text.data, "");
	buf_adds(&text, "#define A30\n");
	check_value(text.data, "");
	buf_clear(&text);
	buf_adds(&text, "#define V \"a\"\n#if ");
	for (int i = 0; i < 100000; i++)
		buf_addc(&text, "(!-"[i % 3]);
	buf_adds(&text, "\n#endif\n");
	check_value(text.data, "a");
	buf_release(&text);
}

static void
test_numbers(void)
{
	const char *const files[] = {
		"x.h", "#define A (0x2E8A)\n#define B A + 1\n#define C (0x)\n",
		NULL
	};
	struct source src = files_source(files);
	struct err e = ERR_INIT;
	struct cpp c;
	int64_t v = 0;

	cpp_init(&c, &src, dirs);
	OK(cpp_file(&c, "x.h", &e) == 0);
	OK(cpp_number(&c, "A", &v) && v == 0x2e8a);
	OK(cpp_number(&c, "B", &v) && v == 0x2e8b);
	OK(!cpp_number(&c, "C", &v) && !cpp_number(&c, "D", &v));
	OK(expr_eval("-9223372036854775807 - 1", &v) && v == INT64_MIN);
	OK(!expr_eval("(-9223372036854775807 - 1) / -1", &v));
	cpp_release(&c);
}

static void
test_pico(void)
{
	struct buf out = BUF_INIT;

	pico_platform("x\n// pico_cmake_set PICO_BOARD=x\n"
	    "// pico_cmake_set PICO_PLATFORM = rp2350\r\n", &out);
	IS_STR(out.data, "rp2350");
	buf_clear(&out);
	pico_platform("pico_board_cmake_set(PICO_PLATFORM, rp2040)\n", &out);
	IS_STR(out.data, "rp2040");
	buf_clear(&out);
	pico_platform("PICO_PLATFORM pico_cmake_set\nPICO_PLATFORM=x", &out);
	IS_STR(out.data, "");
	buf_release(&out);
}

int
main(void)
{
	test_values();
	test_conditions();
	test_branches();
	test_errors();
	test_includes();
	test_bombs();
	test_numbers();
	test_pico();
	return tap_done();
}
