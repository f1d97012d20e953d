/* SPDX-License-Identifier: MIT */
#ifndef MPF_SIM_PYTHON_PARSE_H
#define MPF_SIM_PYTHON_PARSE_H

#include "sim/python_in.h"

/*
 * python_parse: expressions, by recursive descent.
 *
 *	sum	= product { ("+" | "-") product }
 *	product	= factor { ("*" | "//" | "%") factor }
 *	factor	= "-" factor | number | string | "(" sum ")" | name
 *	name	= word { "." word } [ "(" [ sum { "," sum } ] ")" ] ...
 */

/* 0 and *out, which the caller releases; -1 and py->now->raised. */
int	py_parse(struct sim_python *py, const char *text,
	    struct py_value *out);
/* "x" of "x = 1": cut off *s, the caller frees it; NULL: no assignment. */
char	*py_parse_target(char **s);

#endif
