/* SPDX-License-Identifier: MIT */
#include "image/info_uf2.h"

#include <stdbool.h>
#include <string.h>
#include <strings.h>

#include "base/text.h"

/* Copies what fits of a line, without control characters or half UTF-8. */
static void
copy_line(char *out, size_t size, const char *s, size_t n)
{
	size_t len = 0, k;

	while (n > 0 && s[0] == ' ')
		s++, n--;
	while (n > 0 && s[n - 1] == ' ')
		n--;
	for (; n > 0; s += k, n -= k) {
		k = text_utf8(s, n);
		if (k == 0 || (unsigned char)*s < ' ' || *s == 0x7f) {
			k = 1;
			continue;
		}
		if (len + k >= size)
			break;
		memcpy(out + len, s, k);
		len += k;
	}
	out[len] = '\0';
}

/* Is this line "KEY: value"?  Then its value is copied. */
static bool
field(const char *line, size_t n, const char *key, char *out, size_t size)
{
	const size_t k = strlen(key);

	if (n <= k || strncasecmp(line, key, k) != 0 || line[k] != ':')
		return false;
	copy_line(out, size, line + k + 1, n - k - 1);
	return true;
}

static size_t
line_len(const char *p, size_t n)
{
	size_t i = 0;

	while (i < n && p[i] != '\n' && p[i] != '\r' && p[i] != '\0')
		i++;
	return i;
}

int
info_uf2_parse(const char *text, size_t n, struct info_uf2 *out,
    struct err *e)
{
	bool first = true;
	size_t len;

	memset(out, 0, sizeof(*out));
	while (n > 0 && *text != '\0') {
		len = line_len(text, n);
		if (first)
			copy_line(out->bootloader, sizeof(out->bootloader),
			    text, len);
		first = false;
		field(text, len, "Model", out->model, sizeof(out->model));
		field(text, len, "Board-ID", out->board_id,
		    sizeof(out->board_id));
		field(text, len, "SoftDevice", out->softdevice,
		    sizeof(out->softdevice));
		if (len < n)
			len++;
		text += len;
		n -= len;
	}
	if (out->board_id[0] == '\0')
		return err_set(e, ERR_INPUT, "INFO_UF2.TXT: no Board-ID");
	return 0;
}
