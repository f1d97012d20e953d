/* SPDX-License-Identifier: MIT */
#include <assert.h>
#include <stdint.h>
#include <string.h>

#include "dfu/descriptor.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/*
 * The first bytes are settings of an interface, four each, as many as the
 * first says; what follows lies behind them.
 */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct usb_setting setting[32] = { { .interface = 0 } };
	struct usb_info info = { .path = "1-1", .settings = setting };
	struct dfu_interface f;
	struct err e = ERR_INIT;
	size_t n, at = 1;

	if (size == 0)
		return 0;
	n = data[0] % 32;
	for (; info.n_settings < n && size - at >= 4; at += 4) {
		struct usb_setting *s = &setting[info.n_settings++];

		s->interface = data[at] & 3;
		s->alternate = data[at + 1];
		s->class = 0xfe;
		s->subclass = data[at + 2] & 1;
		s->protocol = data[at + 2] >> 6;
		s->string = data[at + 3];
	}
	info.extra = (uint8_t *)data + at;
	info.n_extra = (size - at) / 2;
	if (info.n_settings > 0) {
		setting[info.n_settings - 1].extra = info.extra +
		    info.n_extra;
		setting[info.n_settings - 1].n_extra = size - at -
		    info.n_extra;
	}
	if (dfu_descriptor(&info, &f, &e) == -1)
		assert(e.code == ERR_NOT_FOUND && f.n == 0);
	else
		assert(f.n > 0 && f.n <= DFU_ALTERNATES);
	return 0;
}
