/* SPDX-License-Identifier: MIT */
#include "base/buf.h"
#include "base/file.h"
#include "image/strings.h"
#include "image/uf2.h"
#include "sim/identity.h"

#define IMAGE_MAX	(64u * 1024 * 1024)	/* bytes */

void
sim_identity_uid(const char *place, size_t n, struct sim_identity *id)
{
	uint32_t x = 2166136261u;	/* FNV-1a, 32 bits */

	id->uid_len = n;
	for (size_t i = 0; i < n; i++) {
		for (const char *s = place; *s != '\0'; s++)
			x = (x ^ (unsigned char)*s) * 16777619u;
		id->uid[i] = (uint8_t)(x >> 24);
	}
}

int
sim_identity_image(const char *tsv, const char *path,
    struct sim_identity *id, struct err *e)
{
	struct buf raw = BUF_MAX(IMAGE_MAX);
	struct image_strings is;
	struct uf2_block b;
	struct err none;
	const uint8_t *p;
	bool says;
	int r = -1;

	if (file_read(path, &raw, e) == -1)
		goto out;
	p = (const uint8_t *)raw.data;
	says = uf2_parse(p, raw.len, &b, &none) == 0 ?
	    uf2_strings(p, raw.len, &is) : image_strings(p, raw.len, &is);
	if (!says) {
		err_set(e, ERR_INPUT, "%s: does not say what it is", path);
		goto out;
	}
	r = sim_identity_machine(tsv, is.machine, is.tag, is.date, id, e);
out:
	buf_release(&raw);
	return r;
}
