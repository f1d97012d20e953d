/* SPDX-License-Identifier: MIT */
#include "upstream/cmake.h"

#include <stdint.h>
#include <stdlib.h>

#include "base/mem.h"
#include "source-test.h"
#include "tap.h"
#include "upstream/nest.h"

/* The variable V after this file, or what is wrong with it. */
static char *
value_of(const char *const *files)
{
	struct source src = files_source(files);
	struct err e = ERR_INIT;
	struct cmake c;
	const char *v;
	char *out;

	cmake_init(&c, &src, "ports/p");
	vars_puts(c.vars, "PORT", "/ports/p");
	if (cmake_file(&c, files[0], &e) == -1)
		out = mem_printf("error: %s", e.msg);
	else if ((v = vars_gets(c.vars, "V")) != NULL)
		out = mem_str(v);
	else
		out = mem_str("(unset)");
	cmake_release(&c);
	return out;
}

static void
check_value(const char *text, const char *want)
{
	const char *const files[] = { "ports/p/boards/B/x.cmake", text, NULL };
	char *got = value_of(files);

	IS_STR(got, want);
	free(got);
}

static void
test_values(void)
{
	check_value("set(V a)", "a");
	check_value("SET ( V\n a # comment\n b )", "a;b");
	check_value("set(V \"a b\" [=[c ]] ${X}]=])", "a b;c ]] ${X}");
	check_value("set(V NAME=\"a b\")", "NAME=\"a b\"");
	check_value("#[[ set(V wrong)\n]] set(V a)", "a");
	check_value("set(V a)\nset(V)", "(unset)");
	check_value("set(V a CACHE STRING \"x\")", "a");
	check_value("set(V a PARENT_SCOPE)", "a");
	check_value("set(V a)\nunset(V)", "(unset)");
	check_value("set(A b)\nset(V ${A}${A}-\"${A}\")", "bb-\"b\"");
	check_value("set(N A)\nset(A x)\nset(V ${${N}})", "x");
	check_value("set(V \"${NONE}\")", "");
	check_value("set(V a\\;b c\\ d \"e\\nf\")", "a;b;c d;e\nf");
	check_value("list(APPEND V a)\nlist(APPEND V b c)", "a;b;c");
	check_value("set(V b)\nlist(PREPEND V a)", "a;b");
	check_value("set(V a b a c)\nlist(REMOVE_ITEM V a)", "b;c");
	check_value("set(V a)\nlist(LENGTH V V)\nmessage(x (y) z)", "a");
	check_value("function(f)\nset(V a)\nendfunction()\nf()", "(unset)");
	check_value("foreach(i 1 2)\nset(V a)\nendforeach()", "(unset)");
	check_value("set(V a)\nreturn()\nset(V b)", "a");
}

static void
check_if(const char *condition, bool want)
{
	char *text = mem_printf("set(YEA 1)\nset(NAME x)\nset(OFFF OFF)\n"
	    "if(%s)\nset(V yes)\nelse()\nset(V no)\nendif()", condition);

	check_value(text, want ? "yes" : "no");
	free(text);
}

static void
test_conditions(void)
{
	check_if("ON", true);
	check_if("0", false);
	check_if("YEA", true);
	check_if("OFFF", false);
	check_if("NONE", false);
	check_if("X-NOTFOUND", false);
	check_if("NOT NONE", true);
	check_if("NOT NOT NONE", false);
	check_if("DEFINED NAME", true);
	check_if("NOT DEFINED NAME", false);
	check_if("NAME STREQUAL x", true);
	check_if("NAME STREQUAL \"x\"", true);
	check_if("\"NAME\" STREQUAL \"x\"", false);
	check_if("\"${NAME}\" STREQUAL \"x\"", true);
	check_if("NONE STREQUAL \"x\"", false);
	check_if("YEA EQUAL 1 AND 2 GREATER 1", true);
	check_if("1 LESS 2 AND 2 LESS_EQUAL 2 AND 3 GREATER_EQUAL 3", true);
	check_if("ON OR OFF AND OFF", false);	/* from the left */
	check_if("ON OR (OFF AND OFF)", true);
	check_if("EXISTS /etc/passwd", false);
	check_if("NAME MATCHES x", false);
	check_if("", false);
	check_if("AND", false);
}

static void
test_branches(void)
{
	check_value("if(0)\nset(V a)\nelseif(1)\nset(V b)\nelseif(1)\n"
	    "set(V c)\nelse()\nset(V d)\nendif()", "b");
	check_value("if(0)\nif(1)\nset(V a)\nelse()\nset(V b)\nendif()\n"
	    "else()\nset(V c)\nendif()", "c");
	check_value("if(1)\nset(V a)\nelse()\nset(V b)\nendif()", "a");
}

static void
test_errors(void)
{
	struct buf deep = BUF_INIT;
	const char *path = "error: ports/p/boards/B/x.cmake: ";
	char *want = mem_printf("%sa condition does not end", path);

	check_value("if(1)", want);
	free(want);
	want = mem_printf("%sthe end of no condition", path);
	check_value("endif()", want);
	free(want);
	want = mem_printf("%sa branch of no condition", path);
	check_value("else()", want);
	free(want);
	want = mem_printf("%sit ends in the middle of a command", path);
	check_value("set(V", want);
	check_value("set(V \"a)", want);
	check_value("set(V [[a)", want);
	check_value("set(V a\"b)", want);
	free(want);
	want = mem_printf("%sno command of CMake: \"= 3\"", path);
	check_value("= 3", want);
	free(want);
	for (unsigned i = 0; i <= NEST_MAX; i++)
		buf_adds(&deep, "if(1)\n");
	want = mem_printf("%smore than 64 conditions in each other", path);
	check_value(deep.data, want);
	free(want);
	buf_clear(&deep);
	buf_adds(&deep, "set(V 0123456789)\n");
	for (unsigned i = 0; i < 20; i++)
		buf_adds(&deep, "set(V ${V}${V})\n");
	want = value_of((const char *const[]){ "x.cmake", deep.data, NULL });
	OK(strstr(want, "more than 65536 bytes") != NULL);
	free(want);
	buf_release(&deep);
}

static void
test_includes(void)
{
	const char *const files[] = {
		"ports/p/boards/B/x.cmake",
		    "include(boards/common.cmake)\n"
		    "include(${CMAKE_CURRENT_LIST_DIR}/y.cmake)\n"
		    "include(${PORT}/z.cmake)\ninclude(Module)\n"
		    "include(gone.cmake)\nlist(APPEND V end)\n",
		"ports/p/boards/common.cmake", "list(APPEND V common)\n",
		"ports/p/boards/B/y.cmake", "list(APPEND V y)\n",
		"ports/p/z.cmake", "list(APPEND V z)\nreturn()\n",
		NULL
	};
	const char *const loop[] = {
		"ports/p/x.cmake", "include(x.cmake)", NULL
	};
	char *got = value_of(files);

	IS_STR(got, "common;y;z;end");
	free(got);
	got = value_of(loop);
	IS_STR(got, "error: ports/p/x.cmake: more than 16 files that include "
	    "each other");
	free(got);
}

int
main(void)
{
	test_values();
	test_conditions();
	test_branches();
	test_errors();
	test_includes();
	return tap_done();
}
