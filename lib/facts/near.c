/* SPDX-License-Identifier: MIT */
#include "facts/impl.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

#define ID_MAX		63u	/* characters compared; no id is as long */

static unsigned
least(unsigned a, unsigned b)
{
	return a < b ? a : b;
}

/* Edits (insert, delete, replace) from a to b; case does not count. */
static unsigned
distance(const char *a, const char *b)
{
	unsigned row[ID_MAX + 1], diagonal, above;
	const size_t n = strnlen(b, ID_MAX);

	for (unsigned k = 0; k <= n; k++)
		row[k] = k;
	for (unsigned i = 0; a[i] != '\0' && i < ID_MAX; i++) {
		diagonal = row[0];
		row[0] = i + 1;
		for (size_t k = 1; k <= n; k++) {
			const unsigned differ =
			    toupper((unsigned char)a[i]) !=
			    toupper((unsigned char)b[k - 1]);

			above = row[k];
			row[k] = least(diagonal + differ,
			    least(above, row[k - 1]) + 1);
			diagonal = above;
		}
	}
	return row[n];
}

size_t
facts_near(const struct facts *f, const char *text, const char **out,
    size_t max)
{
	const unsigned limit = 2 + (unsigned)strnlen(text, ID_MAX) / 4;
	size_t n = 0;

	for (unsigned d = 0; d <= limit && n < max; d++)
		for (size_t i = 0; i < f->n_rows && n < max; i++) {
			const struct fact *row = &f->rows[i];

			if (row->variant != NULL ||
			    !fact_holds(row, facts_newest(f)) ||
			    distance(text, row->board_id) != d)
				continue;
			if (n == 0 || strcmp(out[n - 1], row->board_id) != 0)
				out[n++] = row->board_id;
		}
	return n;
}
