/* SPDX-License-Identifier: MIT */
#include "stream/json.h"

int
record_each(const struct record *rec, const char *key,
    int (*fn)(const struct record *item, void *ctx), void *ctx, struct err *e)
{
	struct record item = { .root = NULL };
	const json_t *list = json_object_get(rec->root, key);
	json_t *v;
	size_t i;

	if (!json_is_array(list))
		return err_set(e, ERR_INPUT, "%s: not a list", key);
	json_array_foreach(list, i, v) {
		item.root = v;
		item.changed = true;	/* it has no line of its own */
		if (json_is_object(v) && fn(&item, ctx) != 0)
			break;
	}
	return 0;
}
