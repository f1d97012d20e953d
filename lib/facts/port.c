/* SPDX-License-Identifier: MIT */
#include "facts/facts.h"

#include <string.h>

/*
 * sys.platform, where it is not the name of the port: what it begins with.
 * Source: MICROPY_PY_SYS_PLATFORM in MicroPython ports/, v1.9 to v1.29.
 */
static const struct {
	const char	*platform, *port;
} platforms[] = {
	{ "pyboard", "stm32" },
	{ "Giga", "stm32" },		/* v1.20 and v1.21 */
	{ "Nicla Vision", "stm32" },
	{ "Portenta", "stm32" },
	{ "WiPy", "cc3200" },
	{ "nrf", "nrf" },		/* nrf51, nrf52-DK, nrf9160 */
	{ "BLYST Nano", "nrf" },
	{ "bl652", "nrf" },
	{ "PARTICLE-XENON", "nrf" },
	{ "linux", "unix" },
	{ "darwin", "unix" },
	{ "win32", "windows" },
};

const char *
facts_port(const char *platform)
{
	const size_t n = sizeof(platforms) / sizeof(platforms[0]);

	for (size_t i = 0; i < n && platform != NULL; i++)
		if (strncmp(platform, platforms[i].platform,
		    strlen(platforms[i].platform)) == 0)
			return platforms[i].port;
	return platform;
}
