/* SPDX-License-Identifier: MIT */
#include "upstream/make.h"

#include <stdint.h>
#include <stdlib.h>

#include "base/mem.h"
#include "source-test.h"
#include "tap.h"
#include "upstream/nest.h"

/* The variable V after this makefile, or what is wrong with it. */
static char *
value_of(const char *const *files)
{
	struct source src = files_source(files);
	struct buf out = BUF_INIT;
	struct err e = ERR_INIT;
	struct make m;

	make_init(&m, &src, "ports/p");
	make_override(&m, "FIXED", "fixed");
	if (make_file(&m, files[0], &e) == -1 ||
	    make_get(&m, "V", &out, &e) == -1) {
		buf_clear(&out);
		buf_addf(&out, "error: %s", e.msg);
	}
	make_release(&m);
	return buf_steal(&out);
}

static void
check_value(const char *text, const char *want)
{
	const char *const files[] = { "ports/p/Makefile", text, NULL };
	char *got = value_of(files);

	IS_STR(got, want);
	free(got);
}

static void
test_assignments(void)
{
	check_value("V = a", "a");
	check_value("V=a\n", "a");
	check_value("V := a # b\n", "a ");
	check_value("V = a\\#b\n", "a#b");
	check_value("V = a \\\n   b\n", "a  b");
	check_value("# V = a \\\nV = b\n", "");
	check_value("V = $(X)\nX = x\n", "x");
	check_value("V := $(X)\nX = x\n", "");
	check_value("V ::= a\n", "a");
	check_value("V = a\nV += b\n", "a b");
	check_value("V += b\n", "b");
	check_value("X = 1\nV := a\nV += $(X)\nX = 2\n", "a 1");
	check_value("X = 1\nV = a\nV += $(X)\nX = 2\n", "a 2");
	check_value("V = a\nV ?= b\n", "a");
	check_value("V ?= b\n", "b");
	check_value("export V = a\n", "a");
	check_value("override V = a\n", "a");
	check_value("FIXED = no\nFIXED += no\nV = $(FIXED)\n", "fixed");
	check_value("N = V\n$(N) = a\n", "a");
	check_value("V = $$x ${X}$X\nX = y\n", "$x yy");
	check_value("V = a\nrule: V = b\n\tV = c\n", "a");
	check_value("rule: dep\n\tV = c\nV = a\n", "a");
	check_value("define V\nV = x\nendef\n", "");
	check_value("V != echo x\n", "\001");
	check_value("V = $(V)\n", "error: a value of more than 65536 bytes, "
	    "or of $() in each other more than 64 deep");
}

static void
test_functions(void)
{
	check_value("V = $(subst a,b,banana)", "bbnbnb");
	check_value("V = $(strip  a   b )", "a b");
	check_value("V = $(filter %.c x,a.c b.h x)", "a.c x");
	check_value("V = $(filter-out %.c,a.c b.h)", "b.h");
	check_value("V = $(findstring b,abc)$(findstring x,abc)", "b");
	check_value("V = $(firstword a b)", "a");
	check_value("V = $(if $(X),yes,no)$(if x,a,b)", "noa");
	check_value("V = [$(wildcard *)$(call f,x)$(error y)]", "[]");
	check_value("X = a.c\nV = $(X:.c=.o)", "a.c");
	check_value("V = $(subst a,(b),xay)", "x(b)y");
	check_value("V = $(X", "error: a $( has no end");
}

static void
check_if(const char *condition, bool want)
{
	char *text = mem_printf("X = x\nEMPTY =\n%s\nV = yes\nelse\nV = no\n"
	    "endif\n", condition);

	check_value(text, want ? "yes" : "no");
	free(text);
}

static void
test_conditions(void)
{
	check_if("ifeq ($(X),x)", true);
	check_if("ifeq ( $(X) , x )", true);
	check_if("ifeq ($(X), y)", false);
	check_if("ifneq ($(X),y)", true);
	check_if("ifneq ($(X),)", true);
	check_if("ifeq \"$(X)\" \"x\"", true);
	check_if("ifeq '$(X)' \"y\"", false);
	check_if("ifeq ($(subst a,b,a),b)", true);
	check_if("ifdef X", true);
	check_if("ifdef EMPTY", false);
	check_if("ifndef NONE", true);
	check_if("ifeq ($(shell id),0)", true);
	check_if("ifneq ($(shell id),0)", true);
	check_value("ifeq (1,2)\nV = a\nelse ifeq (1,1)\nV = b\n"
	    "else ifeq (1,1)\nV = c\nelse\nV = d\nendif\n", "b");
	check_value("ifeq (1,2)\nifeq (1,1)\nV = a\nendif\nelse\nV = b\n"
	    "endif\n", "b");
}

static void
test_errors(void)
{
	struct buf deep = BUF_INIT;

	check_value("ifeq (a,b)", "error: ports/p/Makefile: a condition "
	    "does not end");
	check_value("endif", "error: ports/p/Makefile: the end of no "
	    "condition");
	check_value("else", "error: ports/p/Makefile: a branch of no "
	    "condition");
	check_value("ifeq (a\nendif", "error: ports/p/Makefile: a condition "
	    "that is none: (a");
	check_value("ifeq \"a\nendif", "error: ports/p/Makefile: a condition "
	    "that is none: \"a");
	for (unsigned i = 0; i <= NEST_MAX; i++)
		buf_adds(&deep, "ifdef X\n");
	check_value(deep.data, "error: ports/p/Makefile: more than 64 "
	    "conditions in each other");
	buf_clear(&deep);
	for (int i = 0; i < 40; i++)
		buf_addf(&deep, "A%d = $(A%d)$(A%d)\n", i, i + 1, i + 1);
	buf_adds(&deep, "V = $(A0)\n");
	check_value(deep.data, "error: a value of more than 65536 bytes, or "
	    "of $() in each other more than 64 deep");
	buf_release(&deep);
}

static void
test_includes(void)
{
	const char *const files[] = {
		"ports/p/Makefile", "D = boards\ninclude $(D)/b.mk ../../t.mk\n"
		    "-include gone.mk\nV += end\n",
		"ports/p/boards/b.mk", "V += b\n",
		"t.mk", "V += t\n",
		NULL
	};
	const char *const loop[] = {
		"ports/p/Makefile", "include Makefile\n", NULL
	};
	char *got = value_of(files);

	IS_STR(got, "b t end");
	free(got);
	got = value_of(loop);
	IS_STR(got, "error: ports/p/Makefile: more than 16 files that "
	    "include each other");
	free(got);
}

static void
test_defines(void)
{
	const char *flags = "-O2 -DA -D B=1 -DC='\"x y\"' -DD=\\\"z\\\" x-DE "
	    "\"-DF=f\" -D";
	static const char *const want[] = {
		"A", "B=1", "C=\"x y\"", "D=\"z\"", "F=f"
	};
	struct buf b = BUF_INIT;

	for (size_t i = 0; i < 5; i++) {
		OK(make_next_define(&flags, &b));
		IS_STR(b.data, want[i]);
	}
	OK(!make_next_define(&flags, &b));
	buf_release(&b);
}

int
main(void)
{
	test_assignments();
	test_functions();
	test_conditions();
	test_errors();
	test_includes();
	test_defines();
	return tap_done();
}
