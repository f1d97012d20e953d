/* SPDX-License-Identifier: MIT */
#include "toml/tree.h"

#include <locale.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* From here until locale_back() a decimal point is a point. */
static locale_t
locale_c(locale_t *c)
{
	*c = newlocale(LC_NUMERIC_MASK, "C", (locale_t)0);
	return *c != (locale_t)0 ? uselocale(*c) : (locale_t)0;
}

static void
locale_back(locale_t c, locale_t old)
{
	if (c == (locale_t)0)
		return;
	uselocale(old);
	freelocale(c);
}

bool
toml_float_read(const char *text, double *out)
{
	locale_t c, old = locale_c(&c);

	*out = strtod(text, NULL);
	locale_back(c, old);
	return !isinf(*out);
}

void
toml_float_text(double f, char out[TOML_FLOAT_TEXT])
{
	locale_t c, old;

	if (isnan(f) || isinf(f)) {
		snprintf(out, TOML_FLOAT_TEXT, "%s",
		    isnan(f) ? "nan" : f < 0 ? "-inf" : "inf");
		return;
	}
	old = locale_c(&c);
	for (int digits = 15; digits <= 17; digits++) {
		snprintf(out, TOML_FLOAT_TEXT, "%.*g", digits, f);
		if (strtod(out, NULL) == f)
			break;
	}
	locale_back(c, old);
	if (strpbrk(out, ".e") == NULL)
		memcpy(out + strlen(out), ".0", 3);
}
