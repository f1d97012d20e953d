/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "vdev_impl.h"

/* Source: USB 2.0, tables 9-4 to 9-6. */
enum {
	GET_STATUS = 0, CLEAR_FEATURE = 1, SET_FEATURE = 3,
	GET_DESCRIPTOR = 6, GET_CONFIGURATION = 8, SET_CONFIGURATION = 9,
	GET_INTERFACE = 10, SET_INTERFACE = 11
};

#define DEVICE		1
#define CONFIGURATION	2
#define STRING		3
#define TO_ENDPOINT	2		/* the recipient, in bmRequestType */
#define DEVICE_SIZE	18
#define CHARS_MAX	126		/* bLength is a byte */

/* String 0 is the list of languages: US English. */
static int
string(const struct vdev *v, int index, uint8_t *b)
{
	static const uint8_t languages[] = { 4, STRING, 0x09, 0x04 };
	const char *const *s = v->desc.strings;
	size_t n;

	if (index == 0) {
		memcpy(b, languages, sizeof(languages));
		return sizeof(languages);
	}
	for (int i = 1; i <= index; i++, s++)
		if (*s == NULL)
			return VDEV_STALL;
	n = strlen(s[-1]);
	if (n > CHARS_MAX)
		n = CHARS_MAX;
	b[0] = (uint8_t)(2 + 2 * n);
	b[1] = STRING;
	for (size_t i = 0; i < n; i++)
		vdev_put16(b + 2 + 2 * i, (unsigned char)s[-1][i]);
	return b[0];
}

static int
descriptor(const struct vdev *v, const struct vdev_setup *s, uint8_t *b)
{
	int n;

	switch (s->value >> 8) {
	case DEVICE:
		memcpy(b, v->desc.device, DEVICE_SIZE);
		return DEVICE_SIZE;
	case CONFIGURATION:
		n = v->desc.config[2] | v->desc.config[3] << 8;
		memcpy(b, v->desc.config, (size_t)n);
		return n;
	case STRING:
		return string(v, s->value & 0xff, b);
	}
	return VDEV_STALL;
}

int
vdev_standard(struct vdev *v, const struct vdev_setup *s, uint8_t *b)
{
	const int ep = s->index & 15, in = s->index >> 7 & 1;
	const int endpoint = (s->type & 31) == TO_ENDPOINT;

	switch (s->request) {
	case GET_STATUS:
		b[0] = endpoint ? v->halted[in][ep] : 0;
		b[1] = 0;
		return 2;
	case CLEAR_FEATURE:
	case SET_FEATURE:
		if (endpoint)
			v->halted[in][ep] = s->request == SET_FEATURE;
		return 0;
	case GET_DESCRIPTOR:
		return descriptor(v, s, b);
	case GET_CONFIGURATION:
		b[0] = v->config;
		return 1;
	case SET_CONFIGURATION:
		v->config = (uint8_t)s->value;
		memset(v->alt, 0, sizeof(v->alt));
		if (v->ops.select != NULL)
			v->ops.select(v->ctx, 0, 0);
		return 0;
	case GET_INTERFACE:
		b[0] = v->alt[s->index & 31];
		return 1;
	case SET_INTERFACE:
		v->alt[s->index & 31] = (uint8_t)s->value;
		if (v->ops.select != NULL)
			v->ops.select(v->ctx, s->index & 31, s->value);
		return 0;
	}
	return VDEV_STALL;
}
