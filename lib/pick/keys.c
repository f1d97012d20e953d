/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "base/text.h"
#include "pick/impl.h"

#define ESC	'\033'
#define DEL	'\177'
#define CTRL(c)	((c) - '@')	/* of ECMA-48's C0 */

static enum pick_key
control_key(char c)
{
	switch (c) {
	case CTRL('C'):
	case CTRL('D'):
		return KEY_CANCEL;
	case CTRL('M'):
	case CTRL('J'):
		return KEY_ENTER;
	case CTRL('P'):
		return KEY_UP;
	case CTRL('N'):
		return KEY_DOWN;
	case CTRL('H'):
	case DEL:
		return KEY_BACK;
	case CTRL('W'):
		return KEY_WORD_BACK;
	case CTRL('U'):
		return KEY_CLEAR;
	default:
		return KEY_NONE;
	}
}

/* The sequence behind "ESC [" or "ESC O", its last byte included. */
static enum pick_key
sequence_key(const char *p, size_t n)
{
	static const struct {
		const char	*name;
		enum pick_key	 key;
	} keys[] = {
		{ "A", KEY_UP }, { "B", KEY_DOWN }, { "H", KEY_HOME },
		{ "F", KEY_END }, { "1~", KEY_HOME }, { "4~", KEY_END },
		{ "7~", KEY_HOME }, { "8~", KEY_END }, { "5~", KEY_PAGE_UP },
		{ "6~", KEY_PAGE_DOWN },
	};

	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++)
		if (strlen(keys[i].name) == n &&
		    memcmp(keys[i].name, p, n) == 0)
			return keys[i].key;
	return KEY_NONE;
}

/* The bytes of "ESC [ ... LETTER" (ECMA-48, 5.4) or "ESC O LETTER"; 0: more. */
static size_t
sequence_length(const char *p, size_t n)
{
	if (p[1] == 'O')
		return n > 2 ? 3 : 0;
	for (size_t i = 2; i < n; i++)
		if (p[i] < 0x20 || p[i] > 0x3f)
			return i + 1;
	return 0;
}

static int
take_sequence(const char *p, size_t n, bool late, enum pick_key *key,
    size_t *len)
{
	*key = KEY_NONE;
	*len = n < 2 ? 1 : 2;
	if (n == 1) {
		*key = KEY_CANCEL;
		return late;
	}
	if (p[1] == ESC) {
		*key = KEY_CANCEL;
	} else if (p[1] == '[' || p[1] == 'O') {
		*len = sequence_length(p, n);
		if (*len == 0) {
			*len = n;
			return late;
		}
		*key = sequence_key(p + 2, *len - 2);
	}
	return 1;
}

/* Are these the first bytes of a letter? */
static bool
is_begun(const char *p, size_t n)
{
	const unsigned char c = (unsigned char)*p;
	const size_t whole = c >= 0xf0 ? 4 : c >= 0xe0 ? 3 : 2;

	if (c < 0xc2 || c > 0xf4 || n >= whole)
		return false;
	for (size_t i = 1; i < n; i++)
		if ((p[i] & 0xc0) != 0x80)
			return false;
	return true;
}

int
keys_take(const char *p, size_t n, bool late, enum pick_key *key, size_t *len)
{
	if (*p == ESC)
		return take_sequence(p, n, late, key, len);
	*len = 1;
	if ((unsigned char)*p < ' ' || *p == DEL) {
		*key = control_key(*p);
		return 1;
	}
	*len = text_utf8(p, n);
	*key = KEY_TEXT;
	if (*len > 0)
		return 1;
	*len = 1;
	*key = KEY_NONE;
	return !is_begun(p, n);
}
