/* SPDX-License-Identifier: MIT */
#include "model/uid.h"

#include <stdbool.h>
#include <string.h>
#include <strings.h>

#define HEX	"0123456789abcdefABCDEF"
#define ID_MIN	16u			/* hex digits of an id, at least */

/* Equal pair by pair, but in the other order? */
static bool
backwards(const char *a, const char *b, size_t n)
{
	for (size_t i = 0; i < n; i += 2)
		if (strncasecmp(a + i, b + n - 2 - i, 2) != 0)
			return false;
	return true;
}

enum uid_match
uid_compare(const char *uid, const char *shown)
{
	const size_t n = uid != NULL ? strlen(uid) : 0;

	if (shown == NULL || n != strlen(shown) || n < ID_MIN || n % 2 != 0 ||
	    strspn(uid, HEX) != n || strspn(shown, HEX) != n)
		return UID_UNKNOWN;
	if (strcasecmp(uid, shown) == 0 || backwards(uid, shown, n))
		return UID_SAME;
	return UID_OTHER;
}
