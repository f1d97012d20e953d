/* SPDX-License-Identifier: MIT */
#include "esp/partition.h"

#include <string.h>

#include "base/bytes.h"
#include "base/digest.h"

#define ENTRY		32u
#define DATA		0x01u		/* a type */

static bool
is_all_ff(const uint8_t *p, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (p[i] != 0xff)
			return false;
	return true;
}

static int
read_partition(const uint8_t *p, struct partition *out, size_t i, struct err *e)
{
	out->type = p[2];
	out->subtype = p[3];
	out->addr = le32(p + 4);
	out->size = le32(p + 8);
	memcpy(out->label, p + 12, 16);
	out->label[16] = '\0';
	if (out->size == 0 || out->addr > UINT32_MAX - out->size)
		return err_set(e, ERR_INPUT, "partition %zu: 0x%x bytes at "
		    "0x%x", i, out->size, out->addr);
	return 0;
}

int
partitions_parse(const void *table, size_t n, struct partitions *out,
    struct err *e)
{
	const uint8_t *p = table;
	uint8_t md5[DIGEST_MD5];
	size_t at;

	memset(out, 0, sizeof(*out));
	n = n < PARTITION_BYTES ? n : PARTITION_BYTES;
	for (at = 0; at + ENTRY <= n; at += ENTRY) {
		if (p[at] == 0xeb && p[at + 1] == 0xeb && at > 0) {
			digest_md5(p, at, md5);
			if (memcmp(p + at + 16, md5, sizeof(md5)) != 0)
				return err_set(e, ERR_INPUT, "the partition "
				    "table does not have the sum it says");
			out->summed = true;
			break;
		}
		if (is_all_ff(p + at, ENTRY))
			break;
		if (p[at] != 0xaa || p[at + 1] != 0x50) {
			if (at == 0)
				return err_set(e, ERR_NOT_FOUND, "no "
				    "partition table");
			return err_set(e, ERR_INPUT, "partition %zu begins "
			    "with %02x %02x, not aa 50", out->n, p[at],
			    p[at + 1]);
		}
		if (out->n == PARTITIONS_MAX)
			return err_set(e, ERR_INPUT, "more than %u "
			    "partitions", PARTITIONS_MAX);
		if (read_partition(p + at, &out->v[out->n], out->n, e) == -1)
			return -1;
		out->n++;
	}
	if (out->n == 0)
		return err_set(e, ERR_NOT_FOUND, "no partition table");
	return 0;
}

const struct partition *
partitions_files(const struct partitions *t)
{
	static const char *const labels[] = { "vfs", "ffat" };

	for (size_t k = 0; k < sizeof(labels) / sizeof(labels[0]); k++)
		for (size_t i = 0; i < t->n; i++)
			if (t->v[i].type == DATA &&
			    strcmp(t->v[i].label, labels[k]) == 0)
				return &t->v[i];
	return NULL;
}
