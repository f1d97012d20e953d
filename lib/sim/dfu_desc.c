/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "sim/dfu_in.h"

/* The descriptors of the simulated device. */

#define FUNCTIONAL	0x21u

void
dfu_functional_put(const struct sim_dfu *s, uint8_t *b)
{
	const bool plain = dfu_has(s, SIM_DFU_PLAIN);
	const unsigned version = plain ? 0x0101 : 0x011a;
	unsigned attributes = plain ? 0x01 : 0x09;

	if (!dfu_has(s, SIM_DFU_NO_UPLOAD))
		attributes |= 0x02;
	if (plain && !dfu_has(s, SIM_DFU_RESETS))
		attributes |= 0x04;
	memcpy(b, (const uint8_t[]){ DFU_FUNCTIONAL, FUNCTIONAL,
		(uint8_t)attributes, 0xff, 0, (uint8_t)s->opts.transfer,
		(uint8_t)(s->opts.transfer >> 8), (uint8_t)version,
		(uint8_t)(version >> 8) }, DFU_FUNCTIONAL);
}

void
sim_dfu_device(const struct sim_dfu *s, uint8_t out[18])
{
	const struct sim_dfu_opts *o = &s->opts;

	memcpy(out, (const uint8_t[]){ 18, 1, 0, 1, 0, 0, 0, 64,
		(uint8_t)o->vid, (uint8_t)(o->vid >> 8), (uint8_t)o->pid,
		(uint8_t)(o->pid >> 8), (uint8_t)o->release,
		(uint8_t)(o->release >> 8), 1, 2, 3, 1 }, 18);
}

size_t
sim_dfu_config(const struct sim_dfu *s, uint8_t out[SIM_DFU_CONFIG])
{
	uint8_t *p = out + 9;

	for (unsigned i = 0; i < s->areas; i++, p += 9)
		memcpy(p, (const uint8_t[]){ 9, 4, 0, (uint8_t)i, 0, 0xfe, 1,
			2, (uint8_t)(4 + i) }, 9);
	if (!dfu_has(s, SIM_DFU_ASKED)) {
		dfu_functional_put(s, p);
		p += DFU_FUNCTIONAL;
	}
	memcpy(out, (const uint8_t[]){ 9, 2, (uint8_t)(p - out), 0, 1, 1, 0,
		0xc0, 50 }, 9);
	return (size_t)(p - out);
}

const char *
sim_dfu_string(const struct sim_dfu *s, unsigned i)
{
	const char *const first[] = { s->opts.manufacturer, s->opts.product,
		s->opts.serial };

	if (i >= 1 && i <= 3)
		return first[i - 1];
	return i >= 4 && i - 4 < s->areas ? s->area[i - 4].layout : NULL;
}
