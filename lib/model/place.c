/* SPDX-License-Identifier: MIT */
#include "model/place.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

/* Where ":INTERFACE" begins; NULL: it is not there. */
static const char *
colon_of(const struct device *d)
{
	const char *colon = strrchr(d->id, ':');
	const size_t n = d->usb_path == NULL ? 0 : strlen(d->usb_path);

	return n > 0 && colon != NULL && (size_t)(colon - d->id) >= n &&
	    strncmp(colon - n, d->usb_path, n) == 0 ? colon : NULL;
}

int
device_interface(const struct device *d)
{
	const char *colon = colon_of(d);
	char *end;
	long v;

	if (colon == NULL)
		return -1;
	v = strtol(colon + 1, &end, 10);
	return end != colon + 1 && *end == '\0' && v >= 0 && v < 256 ?
	    (int)v : -1;
}

char *
device_place_id(const struct device *d)
{
	return device_interface(d) == -1 ? mem_str(d->id) :
	    mem_printf("%.*s", (int)(colon_of(d) - d->id), d->id);
}
