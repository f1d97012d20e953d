/* SPDX-License-Identifier: MIT */
#ifndef MPF_FLASH_PICOBOOT_BENCH_H
#define MPF_FLASH_PICOBOOT_BENCH_H

#include "../tests/unit/flash_bench.h"
#include "../tests/unit/picoboot_bench.h"

/*
 * flash_picoboot_bench: images for an RP2040 and an RP2350, and a board with
 * either in its ROM's boot loader, for flash_run.
 */

#define LARGE		640u		/* blocks: 64, 64 and 32 KiB */
#define LARGE_SIZE	(LARGE * 256)
#define SECTORS		(LARGE_SIZE / PICOROM_SECTOR)
#define MEGABYTE	(1u << 20)
#define ARM		0xe48bff59u
#define RISCV		0xe48bff5au
#define MACHINE2	"Raspberry Pi Pico2 with RP2350"
#define SAYS_RISCV	\
	"\0MicroPython v1.24.1 on 2024-11-29\0; " MACHINE2 "-RISCV\0"
#define SAYS2		"\0MicroPython v1.24.1 on 2024-11-29\0; " MACHINE2 "\0"

extern const struct flash_driver flash_picoboot;

static const struct flash_driver *const pico_table[] = { &flash_picoboot,
	NULL };
static const struct flash_driver *const both_table[] = { &flash_picoboot,
	&fake_driver, NULL };

static char pico_sum[DIGEST_HEX], pico2_sum[DIGEST_HEX], both_sum[DIGEST_HEX];
static uint8_t payload[LARGE_SIZE], payload2[LARGE_SIZE];
static uint8_t payload_riscv[LARGE_SIZE];

static inline size_t
put_blocks(uint8_t *p, uint32_t family, const char *says, size_t n_says,
    uint8_t *bytes)
{
	for (uint32_t i = 0; i < LARGE; i++, p += MAKE_UF2_BLOCK) {
		const char number[] = { (char)i, (char)(i >> 8) };

		make_uf2(p, family, PICOROM_FLASH + i * 256, i, LARGE, i == 0 ?
		    says : number, i == 0 ? n_says : sizeof(number));
		memcpy(bytes + i * 256, p + 32, 256);
	}
	return LARGE * MAKE_UF2_BLOCK;
}

static inline void
put_file(const char *name, const uint8_t *p, size_t n, char sum_out[DIGEST_HEX])
{
	digest_bytes(p, n, sum_out);
	OK(file_write(name, p, n, 0644, &e) == 0);
}

static inline void
make_images(void)
{
	static uint8_t file[(2 * LARGE + 1) * MAKE_UF2_BLOCK];
	size_t n;

	n = put_blocks(file, MAKE_RP2040, SAYS, sizeof(SAYS), payload);
	put_file("pico.uf2", file, n, pico_sum);
	make_uf2_e10(file);
	n = put_blocks(file + MAKE_UF2_BLOCK, ARM, SAYS2, sizeof(SAYS2),
	    payload2) + MAKE_UF2_BLOCK;
	put_file("pico2.uf2", file, n, pico2_sum);
	n += put_blocks(file + n, RISCV, SAYS_RISCV, sizeof(SAYS_RISCV),
	    payload_riscv);
	put_file("both.uf2", file, n, both_sum);
}

/* The bus as the bench has it, and the interfaces of the ROM. */
static inline int
pico_look(void *ctx, const char *usb_path, int interface,
    struct bus_place *out, struct err *err)
{
	if (pico.rom.rebooting && fake.started == 0)
		fake.started = clock_ms();
	board.lost = pico.pulled;
	if (look(ctx, usb_path, interface, out, err) == -1 ||
	    !out->mass_storage)
		return 0;
	out->n_interfaces = 2;
	out->interfaces = mem_alloc(2 * sizeof(*out->interfaces));
	out->interfaces[0] = (struct bus_interface){ 0, 8, 6, 0x50, NULL,
	    NULL };
	out->interfaces[1] = (struct bus_interface){ 1, 0xff, 0, 0, NULL,
	    NULL };
	return 0;
}

static const struct flash_world pico_world = {
	.boot = { .look = pico_look, .open = open_port, .ctx = &board },
	.ask = ask, .forget = forget, .ctx = &board, .usb_open = pico_open,
};

static inline struct flash_job
begin_pico(bool rp2350)
{
	struct flash_job job = begin();

	table = pico_table;
	pico_begin(rp2350, 2 * MEGABYTE);
	memset(pico.rom.flash, 0xa5, 2 * MEGABYTE);
	memcpy(pico.rom.flash, "old", 3);
	job.world = &pico_world;
	job.image.path = rp2350 ? "pico2.uf2" : "pico.uf2";
	job.image.sha256 = rp2350 ? pico2_sum : pico_sum;
	if (rp2350) {
		job.board.description = board.machine = MACHINE2;
		job.firmware.board_id = "RPI_PICO2";
	}
	return job;
}

#endif
