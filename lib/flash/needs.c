/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include "flash/impl.h"
#include "model/place.h"

/*
 * What the checks rest on.  A key that is absent would make a check compare
 * nothing, and pass.
 */

static int
missing(const char *key, const char *hint, struct err *e)
{
	err_set(e, ERR_INPUT, "%s: missing", key);
	return err_hint(e, "%s", hint);
}

/* "HOST/usb/1-1.2:2" must be the place of device.usb_path. */
static int
check_path(const struct device *d, struct err *e)
{
	static const char mark[] = "/usb/";
	const char *at = NULL, *p = d->id;
	char *place;
	int r = 0;

	while ((p = strstr(p, mark)) != NULL)
		at = p++;
	if (at == NULL)
		return 0;
	if (d->usb_path == NULL)
		return missing("device.usb_path", "run mpf-detect again", e);
	place = device_place_id(d);
	if (strcmp(place + (at + strlen(mark) - d->id), d->usb_path) != 0) {
		err_set(e, ERR_INPUT, "device.usb_path: \"%s\" is not the "
		    "place in device.id, \"%s\"", d->usb_path, d->id);
		r = err_hint(e, "run mpf-detect again");
	}
	free(place);
	return r;
}

static int
check_keys(const struct flash_job *job, struct err *e)
{
	static const char detect[] = "run mpf-detect again";
	const struct device *d = &job->device;
	const struct board *b = &job->board;
	const bool asked = strcmp(d->mode, "repl") == 0;
	const struct {
		bool		 lacks;
		const char	*key, *hint;
	} keys[] = {
		{ job->firmware.action == NULL, "firmware.action",
		    "put mpf-resolve before mpf-flash" },
		{ job->image.sha256 == NULL, "image.sha256",
		    "put mpf-fetch before mpf-flash" },
		{ d->usb_path != NULL && d->vid == NULL, "device.vid", detect },
		{ d->usb_path != NULL && d->pid == NULL, "device.pid", detect },
		{ d->usb_path == NULL && d->serial_port == NULL,
		    "device.usb_path", detect },
		{ asked && b->uid == NULL && b->description == NULL,
		    "board.uid", detect },
	};

	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++)
		if (keys[i].lacks)
			return missing(keys[i].key, keys[i].hint, e);
	return 0;
}

int
check_needs(const struct flash_job *job, struct err *e)
{
	if (check_keys(job, e) == -1 || check_path(&job->device, e) == -1)
		return err_wrap(e, "%s", job->device.id);
	return 0;
}
