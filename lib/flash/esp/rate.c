/* SPDX-License-Identifier: MIT */
#include "flash/esp/rate.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/digest.h"
#include "base/dirs.h"
#include "base/file.h"
#include "base/mem.h"

#define RATE_UNKNOWN	460800u		/* of MicroPython's own text */
#define RATE_MAX	4000000u

static const struct {
	const char	*vid, *pid;
	unsigned	 rate;
} bridges[] = {
	{ "10c4", "ea60", 921600 },	/* CP2102, CP2104, CP2102N */
	{ "10c4", "ea64", 921600 },	/* CP2102C */
	{ "1a86", "7523", 921600 },	/* CH340 */
	{ "1a86", "55d3", 1500000 },	/* CH343 */
	{ "1a86", "55d4", 1500000 },	/* CH9102 */
	{ "0403", "6001", 1500000 },	/* FT232R */
	{ "0403", "6010", 1500000 },	/* FT2232H */
	{ "0403", "6011", 1500000 },	/* FT4232H */
	{ "0403", "6015", 1500000 },	/* FT231X */
};

/* The serial number may hold anything, so the file is named by its digest. */
static char *
rate_path(const struct device *d)
{
	char *dir = dirs_state(), *path;
	char *name = mem_printf("%s:%s:%s", d->vid != NULL ? d->vid : "",
	    d->pid != NULL ? d->pid : "",
	    d->usb_serial != NULL ? d->usb_serial : d->id);
	char sum[DIGEST_HEX];

	digest_bytes(name, strlen(name), sum);
	path = mem_printf("%s/rate/%.16s", dir, sum);
	free(name);
	free(dir);
	return path;
}

static unsigned
kept_rate(const struct device *d)
{
	char *path = rate_path(d), *end;
	struct buf text = BUF_MAX(16);
	struct err ignored = ERR_INIT;
	unsigned long rate = 0;

	if (file_read(path, &text, &ignored) == 0 && text.len > 0) {
		rate = strtoul(text.data, &end, 10);
		if (*end != '\n' || rate < RATE_LOW || rate > RATE_MAX)
			rate = 0;
	}
	buf_release(&text);
	free(path);
	return (unsigned)rate;
}

unsigned
rate_for(const struct device *d)
{
	const unsigned kept = kept_rate(d);

	if (kept != 0)
		return kept;
	for (size_t i = 0; i < sizeof(bridges) / sizeof(bridges[0]); i++)
		if (d->vid != NULL && d->pid != NULL &&
		    strcmp(d->vid, bridges[i].vid) == 0 &&
		    strcmp(d->pid, bridges[i].pid) == 0)
			return bridges[i].rate;
	return RATE_UNKNOWN;
}

unsigned
rate_below(unsigned rate)
{
	static const unsigned steps[] = { 921600, 460800, 230400 };

	for (size_t i = 0; i < sizeof(steps) / sizeof(steps[0]); i++)
		if (steps[i] < rate)
			return steps[i];
	return RATE_LOW;
}

void
rate_keep(const struct device *d, unsigned rate)
{
	char *path = rate_path(d), *text = mem_printf("%u\n", rate);
	char *slash = strrchr(path, '/');
	struct err ignored = ERR_INIT;

	*slash = '\0';
	if (file_mkdirs(path, 0700, &ignored) == 0) {
		*slash = '/';
		file_write(path, text, strlen(text), 0600, &ignored);
	}
	free(text);
	free(path);
}
