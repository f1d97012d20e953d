/* SPDX-License-Identifier: MIT */
#ifndef MPF_ESP_PARTITION_H
#define MPF_ESP_PARTITION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

/*
 * partition: the partition table of an ESP32 and its successors.  Pure.
 *
 * Source: ESP-IDF, "Partition Tables": entries of 32 bytes, the magic AA 50,
 * type, subtype, offset, size, label, flags; EB EB and the MD5 of what is
 * before it; FF to its end.  It lies at 0x8000 in the flash.
 */

#define PARTITION_AT	0x8000u		/* in the flash, in bytes */
#define PARTITION_BYTES	0xc00u		/* of a table, at most */
#define PARTITIONS_MAX	95u		/* 0xc00 / 32, less the MD5 */

struct partition {
	uint8_t		 type, subtype;
	uint32_t	 addr, size;	/* bytes */
	char		 label[17];
};

struct partitions {
	struct partition v[PARTITIONS_MAX];
	size_t		 n;
	bool		 summed;	/* it has an MD5, which is right */
};

/*
 * Reads a table of n bytes.  ERR_NOT_FOUND: it is missing (a blank flash, or
 * other bytes); ERR_INPUT: it is broken, and says in which entry.
 */
int	partitions_parse(const void *p, size_t n, struct partitions *out,
	    struct err *e);
/*
 * Where MicroPython keeps its files: "vfs" or "ffat", of the type data; NULL:
 * nowhere.
 */
const struct partition	*partitions_files(const struct partitions *t);

#endif
