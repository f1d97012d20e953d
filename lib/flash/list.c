/* SPDX-License-Identifier: MIT */
#include "flash/driver.h"
#include "flash/flash.h"

void
flash_methods(struct buf *out)
{
	buf_adds(out, "Methods:\n");
	for (size_t i = 0; flash_drivers[i] != NULL; i++)
		buf_addf(out, "  %-10s %s\n", flash_drivers[i]->name,
		    flash_drivers[i]->summary);
	buf_adds(out, "Ways into a bootloader:\n");
	for (size_t i = 0; boot_methods[i] != NULL; i++)
		buf_addf(out, "  %-10s %s\n", boot_methods[i]->name,
		    boot_methods[i]->summary);
}
