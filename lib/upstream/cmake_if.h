/* SPDX-License-Identifier: MIT */
#ifndef MPF_UPSTREAM_CMAKE_IF_H
#define MPF_UPSTREAM_CMAKE_IF_H

#include <stdbool.h>
#include <stddef.h>

#include "upstream/cmake_lex.h"
#include "upstream/vars.h"

/*
 * cmake_if: what if() makes of its arguments, which are expanded already.
 * Files, targets and patterns are not looked at: their tests are false.
 */
bool	cmake_if(const struct vars *vars, const struct cmake_arg *arg,
	    size_t n);

#endif
