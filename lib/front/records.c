/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "front/front.h"
#include "tool/table.h"

void
front_keep(struct front_records *r, struct record *rec)
{
	r->v = mem_grow(r->v, r->n + 1, sizeof(*r->v));
	r->v[r->n++] = rec;
}

void
front_records_release(struct front_records *r)
{
	for (size_t i = 0; i < r->n; i++)
		record_free(r->v[i]);
	free(r->v);
	*r = (struct front_records){ NULL, 0 };
}

const char *
front_key(const struct record *rec)
{
	const char *id = record_str(rec, "device.id");

	return id != NULL ? id : run_label(rec);
}

void
front_sort(struct front_records *r, size_t first, const char *const *keys,
    size_t n)
{
	struct record *rec;
	const char *key;
	size_t to = first;

	for (size_t i = 0; i < n; i++)
		for (size_t k = to; k < r->n; k++) {
			rec = r->v[k];
			key = front_key(rec);
			if (key == NULL || strcmp(key, keys[i]) != 0)
				continue;
			memmove(r->v + to + 1, r->v + to,
			    (k - to) * sizeof(struct record *));
			r->v[to++] = rec;
		}
}
