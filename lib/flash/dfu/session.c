/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "base/text.h"
#include "chips/usb.h"
#include "flash/dfu/impl.h"

#define OPEN_MS		3000		/* from the device to its permissions */
#define ANY_ID		0xffffu

int
dfu_why_not(char why[FLASH_WHY], const char *reason)
{
	snprintf(why, FLASH_WHY, "%s", reason);
	return -1;
}

int
dfu_can_reach(const struct flash_job *job, char why[FLASH_WHY])
{
	static const char *const others[] = { "uf2", "picoboot", "esp_rom" };
	const struct device *d = &job->device;

	if (d->usb_path == NULL)
		return dfu_why_not(why, "the board is not on USB");
	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++)
		if (text_same(d->mode, others[i]))
			return dfu_why_not(why, "the board is in another "
			    "bootloader");
	return 0;
}

int64_t
dfu_offset(const struct flash_job *job)
{
	return job->words.has_offset ? (int64_t)job->words.offset :
	    job->firmware.flash_offset;
}

void
dfu_session_close(struct flash_session *s)
{
	usb_close(s->usb);
	free(s);
}

int
dfu_session_open(const struct flash_job *job, struct flash_session **out,
    struct err *e)
{
	const struct flash_world *w = job->world;
	struct flash_session *s = mem_alloc(sizeof(*s));

	s->job = job;
	s->size = job->size;
	if (w->usb_open == NULL) {
		err_set(e, ERR_UNSUPPORTED, "%s: no USB device can be opened "
		    "in this tree", job->place->usb.path);
		goto fail;
	}
	if (w->usb_open(job->place->usb.path, clock_ms() + OPEN_MS, &s->usb,
	    e) == -1 || dfu_open(&s->dfu, s->usb, e) == -1)
		goto fail;
	if (s->dfu.interface.runtime) {
		err_set(e, ERR_PROTOCOL, "it runs its firmware, and is not in "
		    "DFU mode");
		goto fail;
	}
	*out = s;
	return 0;
fail:
	dfu_session_close(s);
	return -1;
}

void
dfu_name_target(const struct flash_session *s, struct flash_target *out)
{
	const struct bus_usb *u = &s->job->place->usb;
	const struct usb_bootloader *known = usb_bootloader(u->vid, u->pid);

	snprintf(out->name, sizeof(out->name), "%s",
	    u->product != NULL ? u->product : "its bootloader");
	if (known != NULL && known->chip != NULL)
		snprintf(out->chip, sizeof(out->chip), "%s", known->chip);
}

int
dfu_check_file(const struct flash_session *s, struct dfu_file *f,
    struct err *e)
{
	const struct flash_job *job = s->job;
	const struct usb_info *u = usb_info(s->usb);
	struct image_source bytes = IMAGE_MEMORY(job->data, job->size);

	if (dfu_check(&bytes, f, e) == -1)
		return err_wrap(e, "%s", job->image.path);
	if ((f->vid == ANY_ID || f->vid == u->vid) &&
	    (f->pid == ANY_ID || f->pid == u->pid))
		return 0;
	return err_set(e, ERR_MISMATCH, "%s: for the device %04x:%04x, but "
	    "this is %04x:%04x", job->image.path, f->vid, f->pid, u->vid,
	    u->pid);
}
