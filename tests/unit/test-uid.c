/* SPDX-License-Identifier: MIT */
#include "model/uid.h"

#include <stddef.h>

#include "tap.h"

int
main(void)
{
	static const struct {
		const char	*uid, *shown;
		enum uid_match	 want;
	} cases[] = {
		{ "e6614c311b5a6b2c", "E6614C311B5A6B2C", UID_SAME },
		{ "e6614c311b5a6b2c", "2C6B5A1B314C61E6", UID_SAME },
		/* one pair at a time, whichever it is */
		{ "e6614c311b5a6b2c", "2C6B5A1B314C61E7", UID_OTHER },
		{ "e6614c311b5a6b2c", "2D6B5A1B314C61E6", UID_OTHER },
		{ "e6614c311b5a6b2c", "2C6B5A1B324C61E6", UID_OTHER },
		{ "e6614c311b5a6b2c", "E6614C311B5A6B2D", UID_OTHER },
		/* of one length, and a pair that is alike */
		{ "1122334455667788", "8800000000000011", UID_OTHER },
		{ "1122334455667788", "1100000000000088", UID_OTHER },
		{ "e6614c311b5a6b2c", "E0C9125B0D9B", UID_UNKNOWN },
		{ "e6614c311b5a6b2c", "not hex, 16 char", UID_UNKNOWN },
		{ "not hex, 16 char", "E6614C311B5A6B2C", UID_UNKNOWN },
		{ "e6614c311b5a6b", "E6614C311B5A6B", UID_UNKNOWN },
		{ "e6614c311b5a6b2c1", "e6614c311b5a6b2c1", UID_UNKNOWN },
		{ NULL, "E6614C311B5A6B2C", UID_UNKNOWN },
		{ "e6614c311b5a6b2c", NULL, UID_UNKNOWN },
		{ "", "", UID_UNKNOWN },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		OK(uid_compare(cases[i].uid, cases[i].shown) == cases[i].want);
	return tap_done();
}
