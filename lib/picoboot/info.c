/* SPDX-License-Identifier: MIT */
#include "picoboot/info.h"

#include <stdio.h>

#include "base/bytes.h"
#include "picoboot/command.h"

#define CHIP_WORDS	3u		/* package, id low, id high */
#define SECURE_BOOT	0x1u		/* in OTP CRITICAL */
#define TARGET_WORDS	3u
#define NO_PARTITION	0xffu		/* it goes where it says */
#define SECTOR_BITS	13u
#define SECTOR_MASK	0x1fffu
#define LOADER_WRITES	(1u << 31)	/* permission of the boot loader */

/* The words that follow the first, which says how many there are. */
static int
count_words(const uint8_t *p, size_t n, size_t *out, struct err *e)
{
	const uint32_t words = n >= 4 ? le32(p) : 0;

	if (words == 0 || words > n / 4 - 1)
		return err_set(e, ERR_PROTOCOL, "information of %u words in "
		    "%zu bytes", words, n);
	*out = words;
	return 0;
}

static uint32_t
word_at(const uint8_t *p, size_t i)
{
	return le32(p + 4 * i);
}

/* In order of their bits come what was asked for, if it is there. */
int
info_system(const uint8_t *p, size_t n, struct picoboot_system *out,
    struct err *e)
{
	size_t words, at = 2;
	uint32_t flags;

	*out = (struct picoboot_system){ .secure_boot = -1 };
	if (count_words(p, n, &words, e) == -1)
		return -1;
	flags = word_at(p, 1);
	if (words < 1 + ((flags & INFO_CHIP) != 0 ? CHIP_WORDS : 0) +
	    ((flags & INFO_CRITICAL) != 0 ? 1 : 0))
		return err_set(e, ERR_PROTOCOL, "information of %zu words, "
		    "which leave something out", words);
	if ((flags & INFO_CHIP) != 0) {
		snprintf(out->uid, sizeof(out->uid), "%08x%08x",
		    word_at(p, at + 2), word_at(p, at + 1));
		at += CHIP_WORDS;
	}
	if ((flags & INFO_CRITICAL) != 0)
		out->secure_boot = (word_at(p, at) & SECURE_BOOT) != 0;
	return 0;
}

int
info_target(const uint8_t *p, size_t n, struct picoboot_target *out,
    struct err *e)
{
	size_t words;
	uint32_t where, first, last;

	*out = (struct picoboot_target){ .partition = -1 };
	if (count_words(p, n, &words, e) == -1)
		return -1;
	if (words != TARGET_WORDS)
		return err_set(e, ERR_PROTOCOL, "a partition in %zu words",
		    words);
	where = word_at(p, 1);
	if (where > NO_PARTITION)
		return 0;		/* negative: nowhere */
	out->place = where == NO_PARTITION ? PICOBOOT_ABSOLUTE :
	    PICOBOOT_PARTITION;
	first = word_at(p, 2) & SECTOR_MASK;
	last = word_at(p, 2) >> SECTOR_BITS & SECTOR_MASK;
	out->writable = (word_at(p, 2) & LOADER_WRITES) != 0;
	if (out->place == PICOBOOT_ABSOLUTE)
		return 0;
	if (last < first)
		return err_set(e, ERR_PROTOCOL, "partition %u: sectors %u to "
		    "%u", where, first, last);
	out->partition = (int)where;
	out->offset = first * PICOBOOT_SECTOR;
	out->size = (last - first + 1) * PICOBOOT_SECTOR;
	return 0;
}
