/* SPDX-License-Identifier: MIT */
#include "usb/string.h"

#define GET_DESCRIPTOR	6u
#define STRING		3u		/* bDescriptorType */
#define ENGLISH		0x0409u		/* where it lists no language */
#define HEADER		2u		/* bLength, bDescriptorType */

static unsigned
unit_at(const uint8_t *p)
{
	return p[0] | (unsigned)p[1] << 8;
}

/* Bytes of c in UTF-8. */
static size_t
utf8_size(uint32_t c)
{
	return c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
}

static void
put_utf8(uint32_t c, size_t n, char *out)
{
	static const uint8_t lead[] = { 0, 0, 0xc0, 0xe0, 0xf0 };

	for (size_t i = n - 1; i > 0; i--) {
		out[i] = (char)(0x80 | (c & 0x3f));
		c >>= 6;
	}
	out[0] = (char)(lead[n] | c);
}

/* The character at p, of n bytes; *used of them.  0: it is not valid. */
static uint32_t
character_at(const uint8_t *p, size_t n, size_t *used)
{
	const unsigned a = unit_at(p);
	unsigned b;

	*used = 2;
	if (a < 0xd800 || a > 0xdfff)
		return a < ' ' || a == 0x7f ? 0 : a;
	if (a > 0xdbff || n < 4)
		return 0;
	b = unit_at(p + 2);
	if (b < 0xdc00 || b > 0xdfff)
		return 0;
	*used = 4;
	return 0x10000 + ((a - 0xd800) << 10) + (b - 0xdc00);
}

void
usb_string_text(const uint8_t *p, size_t n, char out[USB_TEXT])
{
	size_t len = 0, used, size;

	if (n >= HEADER && p[1] == STRING && p[0] < n)
		n = p[0];
	if (n < HEADER || p[1] != STRING)
		n = 0;
	for (size_t i = HEADER; i + 1 < n; i += used) {
		const uint32_t c = character_at(p + i, n - i, &used);

		if (c == 0)
			continue;
		size = utf8_size(c);
		if (len + size >= USB_TEXT)
			break;
		put_utf8(c, size, out + len);
		len += size;
	}
	out[len] = '\0';
}

static int
get_string(struct usb *u, uint8_t number, unsigned language,
    int64_t deadline, uint8_t out[255], size_t *got, struct err *e)
{
	const struct usb_setup setup = { USB_IN, GET_DESCRIPTOR,
		(uint16_t)(STRING << 8 | number), (uint16_t)language };

	return usb_control(u, &setup, out, 255, deadline, got, e);
}

int
usb_string(struct usb *u, uint8_t number, int64_t deadline,
    char out[USB_TEXT], struct err *e)
{
	uint8_t d[255];
	unsigned language = ENGLISH;
	size_t n = 0;

	out[0] = '\0';
	if (number == 0)
		return 0;
	if (get_string(u, 0, 0, deadline, d, &n, e) == -1)
		return -1;
	if (n >= HEADER + 2)
		language = unit_at(d + HEADER);
	if (get_string(u, number, language, deadline, d, &n, e) == -1)
		return -1;
	usb_string_text(d, n, out);
	return 0;
}
