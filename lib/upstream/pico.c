/* SPDX-License-Identifier: MIT */
#include "upstream/pico.h"

#include <string.h>

#define N(a)		(sizeof(a) / sizeof((a)[0]))

void
pico_platform(const char *header, struct buf *out)
{
	static const char call[] = "cmake_set", name[] = "PICO_PLATFORM";
	const char *p = header;

	while ((p = strstr(p, call)) != NULL) {
		p += strlen(call);
		p += strspn(p, " \t(");
		if (strncmp(p, name, strlen(name)) != 0)
			continue;
		p += strlen(name);
		p += strspn(p, " \t=,");
		buf_add(out, p, strcspn(p, " \t\r\n);"));
		return;
	}
}

void
pico_define(struct cpp *c, const char *platform)
{
	static const struct {
		const char *platform, *chip, *core;
	} all[] = {
		{ "", "PICO_RP2040", "PICO_ARM" },
		{ "rp2040", "PICO_RP2040", "PICO_ARM" },
		{ "rp2350", "PICO_RP2350", "PICO_ARM" },
		{ "rp2350-arm-s", "PICO_RP2350", "PICO_ARM" },
		{ "rp2350-riscv", "PICO_RP2350", "PICO_RISCV" },
	};

	for (size_t i = 0; i < N(all); i++)
		if (strcmp(platform, all[i].platform) == 0) {
			cpp_define(c, all[i].chip);
			cpp_define(c, all[i].core);
		}
}
