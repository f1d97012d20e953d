#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The evaluators of tools/boards: a text, and what it leaves behind."""

import os
import sys
import unittest

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)),
                                "..", "..", "tools", "boards"))

from cmake import CMake  # noqa: E402
from cpp import Cpp  # noqa: E402
from definition import platform_of  # noqa: E402
from make import Make  # noqa: E402
from source import Problem, Source  # noqa: E402


CPP_VALUES = [
    ('#define V "a"\n', 'a'),
    ('# \tdefine\tV\t"a" "b"\t// c\r\n', 'ab'),
    ('#define V "a" \\\n  "b"', 'ab'),
    ('#define V "a//b" /* "c\n */ "d"\n', 'a//bd'),
    ('#define V "a\\"b\\\\c"\n', 'a"b\\c'),
    ('#define A V2\n#define V A " x"\n#define V2 "y"\n', 'y x'),
    ('#define V GIVEN\n', 'given'),
    ('#ifndef GIVEN\n#define GIVEN "x"\n#endif\n#define V GIVEN\n', 'given'),
    ('#define V "a"\n#undef V\n', ''),
    ('#define V "a"\n#undef V\n#define V "b"\n', 'b'),
    ('int V = "a";\n', ''),
    ('#define V V\n', ''),
    ('#define X (4 + X)\n#if X == 4\n#define V "a"\n#endif\n', 'a'),
    ('#define V 7\n', ''),
    ('#define V "a" 7\n', ''),
    ('#define V(x) "a"\n', ''),
    ('#define V "a\n', ''),
    ('#error don\'t\n#define V "a"\n', 'a'),
    ('/* #define V "a" */\n', ''),
    ('// \\\n#define V "a"\n', ''),
    ('/* never ends\n#define V "a"\n', ''),
    ('#if 0\n#define V "a"\n#elif 1\n#define V "b"\n#elif 1\n'
     '#define V "c"\n#else\n#define V "d"\n#endif\n',
     'b'),
    ('#if 0\n#if 1\n#define V "a"\n#else\n#define V "b"\n#endif\n'
     '#elif 1\n#define V "c"\n#endif\n',
     'c'),
    ('#ifdef GIVEN\n#define V "a"\n#endif\n', 'a'),
    ('#ifdef NEVER\n#else\n#define V "a"\n#endif\n', 'a'),
]

CPP_CONDITIONS = [
    ('1', True),
    ('0', False),
    ('NEVER', False),
    ('!NEVER', True),
    ('defined TWO', True),
    ('defined(TWO) && !defined ( NEVER )', True),
    ('defined NEVER || TWO == 2', True),
    ('(TWO << 2) + 1 == 9', True),
    ('TWO * 3 - 1 >= 5 && TWO % 2 == 0', True),
    ('1 + 2 * 3 == 7 && 7 - 2 - 1 == 4', True),
    ('0x10 == 16 && 010 == 8 && 1UL', True),
    ("'a' == 97", True),
    ('TWO > 1 ? 1 : 0', True),
    ('~0 == -1 && -(-3) == 3', True),
    ('1 | 0 && 0', False),
    ('4 / 0', False),
    ('EMPTY', False),
    ('FUNCTION(1)', False),
    ('1 1', False),
    ('(1', False),
    ('', False),
    ('1.5', False),
    ('99999999999999999999', False),
]

CPP_ERRORS = [
]

MAKE_VALUES = [
    ('V = a', 'a'),
    ('V=a\n', 'a'),
    ('V := a # b\n', 'a '),
    ('V = a\\#b\n', 'a#b'),
    ('V = a \\\n   b\n', 'a  b'),
    ('# V = a \\\nV = b\n', ''),
    ('V = $(X)\nX = x\n', 'x'),
    ('V := $(X)\nX = x\n', ''),
    ('V ::= a\n', 'a'),
    ('V = a\nV += b\n', 'a b'),
    ('V += b\n', 'b'),
    ('X = 1\nV := a\nV += $(X)\nX = 2\n', 'a 1'),
    ('X = 1\nV = a\nV += $(X)\nX = 2\n', 'a 2'),
    ('V = a\nV ?= b\n', 'a'),
    ('V ?= b\n', 'b'),
    ('export V = a\n', 'a'),
    ('override V = a\n', 'a'),
    ('FIXED = no\nFIXED += no\nV = $(FIXED)\n', 'fixed'),
    ('N = V\n$(N) = a\n', 'a'),
    ('V = $$x ${X}$X\nX = y\n', '$x yy'),
    ('V = a\nrule: V = b\n\tV = c\n', 'a'),
    ('rule: dep\n\tV = c\nV = a\n', 'a'),
    ('define V\nV = x\nendef\n', ''),
    ('V != echo x\n', '\x01'),
    ('V = $(subst a,b,banana)', 'bbnbnb'),
    ('V = $(strip  a   b )', 'a b'),
    ('V = $(filter %.c x,a.c b.h x)', 'a.c x'),
    ('V = $(filter-out %.c,a.c b.h)', 'b.h'),
    ('V = $(findstring b,abc)$(findstring x,abc)', 'b'),
    ('V = $(firstword a b)', 'a'),
    ('V = $(if $(X),yes,no)$(if x,a,b)', 'noa'),
    ('V = [$(wildcard *)$(call f,x)$(error y)]', '[]'),
    ('X = a.c\nV = $(X:.c=.o)', 'a.c'),
    ('V = $(subst a,(b),xay)', 'x(b)y'),
    ('ifeq (1,2)\nV = a\nelse ifeq (1,1)\nV = b\nelse ifeq (1,1)\n'
     'V = c\nelse\nV = d\nendif\n',
     'b'),
    ('ifeq (1,2)\nifeq (1,1)\nV = a\nendif\nelse\nV = b\nendif\n', 'b'),
]

MAKE_CONDITIONS = [
    ('ifeq ($(X),x)', True),
    ('ifeq ( $(X) , x )', True),
    ('ifeq ($(X), y)', False),
    ('ifneq ($(X),y)', True),
    ('ifneq ($(X),)', True),
    ('ifeq "$(X)" "x"', True),
    ('ifeq \'$(X)\' "y"', False),
    ('ifeq ($(subst a,b,a),b)', True),
    ('ifdef X', True),
    ('ifdef EMPTY', False),
    ('ifndef NONE', True),
    ('ifeq ($(shell id),0)', True),
    ('ifneq ($(shell id),0)', True),
]

MAKE_ERRORS = [
    ('V = $(V)\n',
     'more than 64 deep'),
    ('V = $(X', r'a \$\(X does not end'),
    ('ifeq (a,b)', 'a condition does not end'),
    ('endif', 'the end of a condition that has not begun'),
    ('else', 'a branch without a condition'),
    ('ifeq (a\nendif', r'not a condition: \(a'),
    ('ifeq "a\nendif', '"a'),
]

CMAKE_VALUES = [
    ('set(V a)', 'a'),
    ('SET ( V\n a # comment\n b )', 'a;b'),
    ('set(V "a b" [=[c ]] ${X}]=])', 'a b;c ]] ${X}'),
    ('set(V NAME="a b")', 'NAME="a b"'),
    ('#[[ set(V wrong)\n]] set(V a)', 'a'),
    ('set(V a)\nset(V)', '(unset)'),
    ('set(V a CACHE STRING "x")', 'a'),
    ('set(V a PARENT_SCOPE)', 'a'),
    ('set(V a)\nunset(V)', '(unset)'),
    ('set(A b)\nset(V ${A}${A}-"${A}")', 'bb-"b"'),
    ('set(N A)\nset(A x)\nset(V ${${N}})', 'x'),
    ('set(V "${NONE}")', ''),
    ('set(V a\\;b c\\ d "e\\nf")', 'a;b;c d;e\nf'),
    ('list(APPEND V a)\nlist(APPEND V b c)', 'a;b;c'),
    ('set(V b)\nlist(PREPEND V a)', 'a;b'),
    ('set(V a b a c)\nlist(REMOVE_ITEM V a)', 'b;c'),
    ('set(V a)\nlist(LENGTH V V)\nmessage(x (y) z)', 'a'),
    ('function(f)\nset(V a)\nendfunction()\nf()', '(unset)'),
    ('foreach(i 1 2)\nset(V a)\nendforeach()', '(unset)'),
    ('set(V a)\nreturn()\nset(V b)', 'a'),
    ('if(0)\nset(V a)\nelseif(1)\nset(V b)\nelseif(1)\nset(V c)\n'
     'else()\nset(V d)\nendif()',
     'b'),
    ('if(0)\nif(1)\nset(V a)\nelse()\nset(V b)\nendif()\nelse()\n'
     'set(V c)\nendif()',
     'c'),
    ('if(1)\nset(V a)\nelse()\nset(V b)\nendif()', 'a'),
]

CMAKE_CONDITIONS = [
    ('ON', True),
    ('0', False),
    ('YEA', True),
    ('OFFF', False),
    ('NONE', False),
    ('X-NOTFOUND', False),
    ('NOT NONE', True),
    ('NOT NOT NONE', False),
    ('DEFINED NAME', True),
    ('NOT DEFINED NAME', False),
    ('NAME STREQUAL x', True),
    ('NAME STREQUAL "x"', True),
    ('"NAME" STREQUAL "x"', False),
    ('"${NAME}" STREQUAL "x"', True),
    ('NONE STREQUAL "x"', False),
    ('YEA EQUAL 1 AND 2 GREATER 1', True),
    ('1 LESS 2 AND 2 LESS_EQUAL 2 AND 3 GREATER_EQUAL 3', True),
    ('ON OR OFF AND OFF', False),
    ('ON OR (OFF AND OFF)', True),
    ('EXISTS /etc/passwd', False),
    ('NAME MATCHES x', False),
    ('', False),
    ('AND', False),
]

CMAKE_ERRORS = [
]


def cpp_value(text, files=()):
    source = Source({"ports/p/b/x.h": text, **dict(files)})
    cpp = Cpp(source, ["ports/p/b", "ports/p", ""])
    cpp.define('GIVEN="given"')
    cpp.file("ports/p/b/x.h")
    return cpp.string("V") or ""


def make_value(text, files=()):
    source = Source({"ports/p/Makefile": text, **dict(files)})
    make = Make(source, "ports/p", {"FIXED": "fixed"})
    make.file("ports/p/Makefile")
    return make.expand("$(V)")


def cmake_value(text, files=()):
    source = Source({"ports/p/boards/B/x.cmake": text, **dict(files)})
    cmake = CMake(source, "ports/p")
    cmake.vars["PORT"] = "/ports/p"
    cmake.file("ports/p/boards/B/x.cmake")
    return cmake.vars.get("V", "(unset)")


class Evaluators(unittest.TestCase):
    def check(self, value, table):
        for text, want in table:
            with self.subTest(text=text):
                self.assertEqual(value(text), want)

    def check_conditions(self, value, shape, table):
        self.check(value, [(shape.replace("@", c), "yes" if want else "no")
                           for c, want in table])

    def check_errors(self, value, table):
        for text, want in table:
            with self.subTest(text=text), \
                    self.assertRaisesRegex(Problem, want):
                value(text)

    def test_values(self):
        self.check(cpp_value, CPP_VALUES)
        self.check(make_value, MAKE_VALUES)
        self.check(cmake_value, CMAKE_VALUES)

    def test_conditions(self):
        self.check_conditions(
            cpp_value, '#define TWO 2\n#define EMPTY\n#if @\n#define V "yes"\n'
            '#else\n#define V "no"\n#endif\n', CPP_CONDITIONS)
        self.check_conditions(
            make_value, "X = x\nEMPTY =\n@\nV = yes\nelse\nV = no\nendif\n",
            MAKE_CONDITIONS)
        self.check_conditions(
            cmake_value, "set(YEA 1)\nset(NAME x)\nset(OFFF OFF)\nif(@)\n"
            "set(V yes)\nelse()\nset(V no)\nendif()", CMAKE_CONDITIONS)

    def test_errors(self):
        self.check_errors(cpp_value, CPP_ERRORS)
        self.check_errors(make_value, MAKE_ERRORS)
        self.check_errors(cmake_value, CMAKE_ERRORS)

    def test_includes(self):
        self.assertEqual(cpp_value(
            '#include "y.h"\n#include <stdio.h>\n#include "boards/z.h"\n'
            '#include "../b/w.h"\n#include "py/top.h"\n#include "gone.h"\n'
            '#include "../../../../etc/passwd"\n#define V Y Z W T\n', {
                "ports/p/b/y.h": '#define Y "y"\n',
                "ports/p/boards/z.h": '#define Z "z"\n',
                "ports/p/b/w.h": '#define W "w"\n',
                "py/top.h": '#define T "t"\n'}.items()), "yzwt")
        self.assertEqual(make_value(
            "D = boards\ninclude $(D)/b.mk ../../t.mk\n-include gone.mk\n"
            "V += end\n", {"ports/p/boards/b.mk": "V += b\n",
                           "t.mk": "V += t\n"}.items()), "b t end")
        self.assertEqual(cmake_value(
            "include(boards/common.cmake)\n"
            "include(${CMAKE_CURRENT_LIST_DIR}/y.cmake)\n"
            "include(${PORT}/z.cmake)\ninclude(Module)\n"
            "include(gone.cmake)\nlist(APPEND V end)\n", {
                "ports/p/boards/common.cmake": "list(APPEND V common)\n",
                "ports/p/boards/B/y.cmake": "list(APPEND V y)\n",
                "ports/p/z.cmake": "list(APPEND V z)\nreturn()\n"}.items()),
            "common;y;z;end")

    def test_missing(self):
        source = Source({"x.h": '#include <a.h>\n#include "b.h"\n'
                         '#include "c.h"\n'})
        Cpp(source, [""]).file("x.h")
        self.assertEqual(source.missing, "b.h")

    def test_bombs(self):
        """What would take for ever, or all memory, ends."""
        cpp = "".join(f"#define A{i} A{i + 1} A{i + 1}\n" for i in range(30))
        self.assertEqual(cpp_value(cpp + "#define V A0\n"), "")
        self.assertEqual(cpp_value(cpp + "#define V A0\n#define A30\n"), "")
        self.assertEqual(cpp_value(
            '#define V "a"\n#if ' + "(!-" * 30000 + "\n#endif\n"), "a")
        make = "".join(f"A{i} = $(A{i + 1})$(A{i + 1})\n" for i in range(40))
        cmake = "set(V 0123456789)\n" + "set(V ${V}${V})\n" * 20
        self.check_errors(make_value, [(make + "V = $(A0)\n", "more than")])
        self.check_errors(cmake_value, [(cmake, "more than 65536 bytes")])

    def test_numbers(self):
        source = Source({"x.h": "#define A (0x2E8A)\n#define B A + 1\n"
                         "#define C (0x)\n"})
        cpp = Cpp(source, [""])
        cpp.file("x.h")
        self.assertEqual([cpp.number(n) for n in "ABCD"],
                         [0x2e8a, 0x2e8b, None, None])

    def test_defines(self):
        make = Make(Source({}), "ports/p", {
            "CFLAGS": "-O2 -DA -D B=1 -DC='\"x y\"' -DD=\\\"z\\\" x-DE "
            "\"-DF=f\" -D"})
        self.assertEqual(make.defines("CFLAGS"),
                         ["A", "B=1", 'C="x y"', 'D="z"', "F=f"])

    def test_platform(self):
        for text, want in [
                ("x\n// pico_cmake_set PICO_BOARD=x\n"
                 "// pico_cmake_set PICO_PLATFORM = rp2350\r\n", "rp2350"),
                ("pico_board_cmake_set(PICO_PLATFORM, rp2040)\n", "rp2040"),
                ("PICO_PLATFORM pico_cmake_set\nPICO_PLATFORM=x", "")]:
            self.assertEqual(platform_of(text), want)


if __name__ == "__main__":
    unittest.main()
