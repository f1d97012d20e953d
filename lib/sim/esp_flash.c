/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "sim/esp_in.h"

#define SECTOR		4096u
#define BLOCK		65536u
#define PAGE		256u

bool
esp_flash_holds(const struct sim_esp *s, uint32_t addr, size_t n)
{
	return addr <= s->flash_bytes && n <= s->flash_bytes - addr;
}

/* Whole blocks at once where they are aligned, else sectors. */
int64_t
esp_flash_erase(struct sim_esp *s, uint32_t addr, size_t len)
{
	uint32_t end = (uint32_t)((addr + len + SECTOR - 1) / SECTOR * SECTOR);
	int64_t us = 0;

	addr = addr / SECTOR * SECTOR;
	end = end < s->flash_bytes ? end : s->flash_bytes;
	while (addr < end) {
		const bool whole = addr % BLOCK == 0 && end - addr >= BLOCK;
		const uint32_t n = whole ? BLOCK : SECTOR;

		memset(s->flash + addr, 0xff, n);
		us += whole ? s->opts.erase_block_us : s->opts.erase_sector_us;
		addr += n;
	}
	return us;
}

int64_t
esp_flash_erase_unit(struct sim_esp *s, uint32_t addr, uint32_t end,
    uint32_t *n)
{
	const uint8_t *p = s->flash + addr;

	*n = addr % BLOCK == 0 && end - addr >= BLOCK ? BLOCK : SECTOR;
	if (p[0] == 0xff && memcmp(p, p + 1, *n - 1) == 0)
		return 0;
	return esp_flash_erase(s, addr, *n);
}

int64_t
esp_flash_program(struct sim_esp *s, uint32_t addr, const void *p, size_t n)
{
	const uint8_t *bytes = p;

	s->blocks++;
	if (s->opts.fault == SIM_ESP_STUCK_BITS &&
	    s->blocks == s->opts.fault_at)
		return 0;
	for (size_t i = 0; i < n; i++)
		s->flash[addr + i] &= bytes[i];
	return (int64_t)((n + PAGE - 1) / PAGE) * s->opts.program_page_us;
}
