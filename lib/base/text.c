/* SPDX-License-Identifier: MIT */
#include "base/text.h"

#include <fnmatch.h>
#include <string.h>

/* Of characters that text_show replaces: first and last. */
static const struct {
	uint32_t from, to;
} unseen[] = {
	{ 0x00ad, 0x00ad },		/* soft hyphen */
	{ 0x034f, 0x034f },		/* combining grapheme joiner */
	{ 0x061c, 0x061c },		/* Arabic letter mark */
	{ 0x115f, 0x1160 },		/* Hangul fillers */
	{ 0x17b4, 0x17b5 },		/* Khmer vowels, inherent */
	{ 0x180b, 0x180f },		/* Mongolian selectors */
	{ 0x200b, 0x200f },		/* zero width, marks of direction */
	{ 0x2028, 0x202e },		/* separators, embeddings, overrides */
	{ 0x2060, 0x206f },		/* joiners, isolates */
	{ 0x3164, 0x3164 },		/* Hangul filler */
	{ 0xfe00, 0xfe0f },		/* variation selectors */
	{ 0xfeff, 0xfeff },		/* zero width no-break space */
	{ 0xffa0, 0xffa0 },		/* Hangul filler, halfwidth */
	{ 0xfff0, 0xfffb },		/* interlinear annotation */
	{ 0x13430, 0x1343f },		/* Egyptian format controls */
	{ 0x1bca0, 0x1bca3 },		/* shorthand format controls */
	{ 0x1d173, 0x1d17a },		/* musical format controls */
	{ 0xe0000, 0xe0fff },		/* tags, more selectors */
};

/* The value of the UTF-8 sequence of len bytes at p. */
static uint32_t
utf8_value(const uint8_t *p, size_t len)
{
	uint32_t v = len == 1 ? p[0] : p[0] & (0x7fu >> len);

	for (size_t i = 1; i < len; i++)
		v = v << 6 | (p[i] & 0x3fu);
	return v;
}

static bool
is_unseen(uint32_t v)
{
	for (size_t i = 0; i < sizeof(unseen) / sizeof(unseen[0]); i++)
		if (v >= unseen[i].from && v <= unseen[i].to)
			return true;
	return false;
}

size_t
text_utf8(const char *s, size_t n)
{
	const uint8_t *p = (const uint8_t *)s;
	uint32_t v;
	size_t len;

	if (n == 0)
		return 0;
	if (p[0] < 0x80)
		return 1;
	len = p[0] >= 0xf0 ? 4 : p[0] >= 0xe0 ? 3 : 2;
	if (p[0] < 0xc2 || p[0] > 0xf4 || n < len)
		return 0;
	for (size_t i = 1; i < len; i++)
		if ((p[i] & 0xc0) != 0x80)
			return 0;
	v = utf8_value(p, len);
	if ((len == 3 && v < 0x800) || (len == 4 && v < 0x10000) ||
	    v > 0x10ffff || (v >= 0xd800 && v <= 0xdfff))
		return 0;
	return len;
}

void
text_clean(struct buf *out, const char *s, size_t n)
{
	size_t len;

	for (size_t i = 0; i < n; i += len) {
		len = text_utf8(s + i, n - i);
		if (len == 0 || s[i] == '\0') {
			buf_adds(out, "\xef\xbf\xbd");
			len = 1;
		} else {
			buf_add(out, s + i, len);
		}
	}
}

void
text_show(struct buf *out, const char *s, size_t n)
{
	size_t len;

	for (size_t i = 0; i < n; i += len) {
		const uint8_t c = (uint8_t)s[i];
		const bool c1 = c == 0xc2 && i + 1 < n &&
		    (uint8_t)s[i + 1] < 0xa0;
		uint32_t v;

		len = text_utf8(s + i, n - i);
		v = utf8_value((const uint8_t *)s + i, len);
		if (c == '\n')
			buf_adds(out, "\\n");
		else if (c == '\t')
			buf_adds(out, "\\t");
		else if (len == 0 || c < 0x20 || c == 0x7f || c1)
			buf_addf(out, "\\x%02x", c);
		else if (is_unseen(v))
			buf_addf(out, v > 0xffff ? "\\U%08x" : "\\u%04x", v);
		else
			buf_add(out, s + i, len);
		if (len == 0 || c1)
			len = 1;
	}
}

void
text_hex(char *out, const uint8_t *p, size_t n)
{
	static const char digits[] = "0123456789abcdef";

	for (size_t i = 0; i < n; i++) {
		*out++ = digits[p[i] >> 4];
		*out++ = digits[p[i] & 15];
	}
	*out = '\0';
}

static int
nibble(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c |= 0x20;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

int
text_unhex(uint8_t *out, size_t max, const char *s, size_t n)
{
	if (n % 2 != 0 || n / 2 > max)
		return -1;
	for (size_t i = 0; i < n; i += 2) {
		const int hi = nibble(s[i]), lo = nibble(s[i + 1]);

		if (hi == -1 || lo == -1)
			return -1;
		out[i / 2] = (uint8_t)(hi << 4 | lo);
	}
	return (int)(n / 2);
}

bool
text_same(const char *a, const char *b)
{
	return a != NULL && b != NULL && strcmp(a, b) == 0;
}

bool
text_equal(const char *a, const char *b)
{
	return a == NULL || b == NULL ? a == b : strcmp(a, b) == 0;
}

bool
text_agrees(const char *a, const char *b)
{
	return a == NULL || b == NULL || strcmp(a, b) == 0;
}

int
text_compare(const char *a, const char *b)
{
	return strcmp(a != NULL ? a : "", b != NULL ? b : "");
}

bool
text_alike(const char *a, const char *b)
{
	return text_compare(a, b) == 0;
}

int
text_order(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

bool
text_in(const char *s, const char *const *list)
{
	for (; *list != NULL; list++)
		if (strcmp(*list, s) == 0)
			return true;
	return false;
}

bool
text_match(const char *s, const char *const *list)
{
	for (; list != NULL && *list != NULL; list++)
		if (fnmatch(*list, s, 0) == 0)
			return true;
	return false;
}

const char *
text_base_name(const char *path)
{
	const char *slash = path != NULL ? strrchr(path, '/') : NULL;

	return slash != NULL ? slash + 1 : path;
}

const char *
text_url_host(const char *url)
{
	const char *host = strstr(url, "://");
	size_t n;

	if (host == NULL)
		return NULL;
	host += 3;
	n = strcspn(host, "/?#");
	for (const char *p = host + n; p > host; p--)
		if (p[-1] == '@')
			return p;
	return NULL;
}

const char *
text_without_name(const char *s, const char *name)
{
	const size_t n = name == NULL ? 0 : strlen(name);

	return n > 0 && strncmp(s, name, n) == 0 &&
	    strncmp(s + n, ": ", 2) == 0 ? s + n + 2 : s;
}
