/* SPDX-License-Identifier: MIT */
#include <assert.h>
#include <stdint.h>
#include <string.h>

#include "usb/string.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* A string descriptor: what any device says of itself. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char out[USB_TEXT];

	usb_string_text(data, size, out);
	assert(strlen(out) < sizeof(out));
	for (const char *p = out; *p != '\0'; p++)
		assert((unsigned char)*p >= ' ' && *p != 0x7f);
	return 0;
}
