/* SPDX-License-Identifier: MIT */
#include "http/http.h"

#include <string.h>

/* Digits up to 18, which fit; the rest of the text, or NULL. */
static const char *
read_decimal(const char *s, int64_t *out)
{
	const size_t n = strspn(s, "0123456789");
	size_t i;

	if (n == 0 || n > 18)
		return NULL;
	*out = 0;
	for (i = 0; i < n; i++)
		*out = *out * 10 + (s[i] - '0');
	return s + n;
}

bool
http_content_range(const char *value, int64_t *from, int64_t *to,
    int64_t *total)
{
	static const char unit[] = "bytes ";

	if (strncmp(value, unit, sizeof(unit) - 1) != 0)
		return false;
	value = read_decimal(value + sizeof(unit) - 1, from);
	if (value == NULL || *value != '-')
		return false;
	value = read_decimal(value + 1, to);
	if (value == NULL || *value != '/' || *to < *from)
		return false;
	if (strcmp(value + 1, "*") == 0) {
		*total = -1;
		return true;
	}
	value = read_decimal(value + 1, total);
	return value != NULL && *value == '\0' && *to < *total;
}

bool
http_etag_strong(const char *etag)
{
	const size_t n = etag == NULL ? 0 : strlen(etag);
	size_t i;

	if (n < 2 || n > 200 || etag[0] != '"' || etag[n - 1] != '"')
		return false;
	for (i = 1; i < n - 1; i++)
		if (etag[i] <= ' ' || etag[i] == '"' || etag[i] > '~')
			return false;
	return true;
}
