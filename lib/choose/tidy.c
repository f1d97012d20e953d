/* SPDX-License-Identifier: MIT */
#include "choose/impl.h"

#include <string.h>

#include "base/text.h"

/*
 * Names and digests come from boards, files and the database, and go into
 * records, whose schema says what they look like.
 */

#define LOWER	"abcdefghijklmnopqrstuvwxyz"
#define UPPER	"ABCDEFGHIJKLMNOPQRSTUVWXYZ"
#define DIGITS	"0123456789"
#define HEX	DIGITS "abcdef"

bool
is_pattern(const char *text)
{
	const char *open = strchr(text, '[');

	return strpbrk(text, "*?") != NULL ||
	    (open != NULL && strchr(open, ']') != NULL);
}

/* All of text is of these characters, and the first is no punctuation. */
static bool
made_of(const char *text, const char *chars)
{
	return text[0] != '\0' && strchr("_.-", text[0]) == NULL &&
	    text[strspn(text, chars)] == '\0';
}

static bool
is_id_text(const char *text)
{
	return made_of(text, LOWER UPPER DIGITS "_.-");
}

int
tidy_name(const struct subject *su, struct board_name *name, struct err *e)
{
	if (name->port != NULL && !made_of(name->port, LOWER DIGITS "_-"))
		name->port = NULL;
	if (is_id_text(name->board_id) &&
	    (name->variant == NULL || is_id_text(name->variant)))
		return 0;
	err_set(e, ERR_INPUT, "%s: invalid board_id %.60s", su->d->id,
	    name->board_id);
	return err_todo(e, NEXT_CHOOSE_BOARD,
	    "name the board with --board, or fix its board_info.toml");
}

void
tidy_firmware(struct firmware *fw)
{
	size_t n;

	n = fw->commit != NULL ? strspn(fw->commit, HEX) : 0;
	if (n < 7 || n > 64 || fw->commit[n] != '\0')
		fw->commit = NULL;
	n = fw->sha256 != NULL ? strspn(fw->sha256, HEX) : 0;
	if (n != 64 || fw->sha256[n] != '\0')
		fw->sha256 = NULL;
	if (fw->build < 0)
		fw->build = -1;
}
