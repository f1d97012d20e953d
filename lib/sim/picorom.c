/* SPDX-License-Identifier: MIT */
#include "sim/picorom.h"

#include <stdlib.h>
#include <string.h>

#include "base/bytes.h"
#include "base/mem.h"

#define MAGIC		0x431fd10bu
#define COMMAND		32u
#define PAGE		256u
#define ROM_SIZE	(16u << 10)
#define ROM_HEAD	0x10u
#define ROM_TABLE	0x100u
#define ROM_REVISION	0x200u
#define TRANSFER_MAX	(32u << 20)

enum { OK, UNKNOWN_COMMAND, BAD_COMMAND_LENGTH, BAD_TRANSFER_LENGTH,
	BAD_ADDRESS, BAD_ALIGNMENT, REBOOTING = 7, NOT_PERMITTED = 10,
	BAD_ARGUMENT = 11 };

void
picorom_init(struct picorom *r)
{
	r->flash = mem_alloc(r->flash_size);
	memset(r->flash, 0xff, r->flash_size);
	r->xip = true;
}

void
picorom_release(struct picorom *r)
{
	free(r->flash);
	free(r->data);
	r->flash = r->data = NULL;
}

static uint32_t
argument(const struct picorom *r, int i)
{
	return le32(r->command + 16 + 4 * i);
}

/* Behind its end a flash begins again. */
static uint8_t *
flash_at(struct picorom *r, uint32_t addr)
{
	return r->flash + (addr - PICOROM_FLASH) % r->flash_size;
}

static bool
in_flash(const struct picorom *r, uint32_t addr, uint32_t n)
{
	const uint64_t end = PICOROM_FLASH + (r->rp2350 ? 32u << 20 :
	    16u << 20);

	return addr >= PICOROM_FLASH && (uint64_t)addr + n <= end;
}

/* In XIP the flash takes no commands: all seems well, and nothing happens. */
static uint32_t
erase_flash(struct picorom *r)
{
	const uint32_t addr = argument(r, 0), n = argument(r, 1);

	if (r->not_permitted)
		return NOT_PERMITTED;
	if (addr % PICOROM_SECTOR != 0 || n % PICOROM_SECTOR != 0)
		return BAD_ALIGNMENT;
	if (!in_flash(r, addr, n))
		return BAD_ADDRESS;
	for (uint32_t i = 0; i < n && !r->xip; i += PICOROM_SECTOR) {
		memset(flash_at(r, addr + i), 0xff, PICOROM_SECTOR);
		r->erased++;
	}
	return OK;
}

/* A bit that is 0 stays 0; and in XIP, other bytes arrive. */
static uint32_t
write_flash(struct picorom *r)
{
	const uint32_t addr = argument(r, 0);

	if (r->not_permitted)
		return NOT_PERMITTED;
	if (addr % PAGE != 0)
		return BAD_ALIGNMENT;
	if (!in_flash(r, addr, r->got))
		return BAD_ADDRESS;
	for (uint32_t i = 0; i < r->got; i++)
		*flash_at(r, addr + i) &= r->xip ? 0x5a : r->data[i];
	if (r->worn != 0 && r->worn >= addr - PICOROM_FLASH &&
	    r->worn - (addr - PICOROM_FLASH) < r->got)
		r->flash[r->worn] = 0;
	r->written += (r->got + PAGE - 1) / PAGE;
	return OK;
}

/*
 * Of the ROM: its magic, and a table with one entry, the revision of the ROM,
 * data at ROM_REVISION.
 */
static uint8_t
rom_at(const struct picorom *r, uint32_t addr)
{
	const uint8_t head[] = { 'M', 'u', r->rp2350 ? 2 : 1, 2,
		ROM_TABLE & 0xff, ROM_TABLE >> 8 };
	static const uint8_t table[] = { 'G', 'R', 0x40, 0,
		ROM_REVISION & 0xff, ROM_REVISION >> 8 };

	if (addr >= ROM_HEAD && addr < ROM_HEAD + sizeof(head))
		return head[addr - ROM_HEAD];
	if (addr >= ROM_TABLE && addr < ROM_TABLE + sizeof(table))
		return table[addr - ROM_TABLE];
	return 0;
}

static uint32_t
read_range(struct picorom *r)
{
	const uint32_t addr = argument(r, 0), n = argument(r, 1);
	const bool rom = addr < ROM_SIZE && n <= ROM_SIZE - addr;

	if (!rom && !in_flash(r, addr, n))
		return BAD_ADDRESS;
	if (!rom && addr % PAGE != 0)
		return BAD_ALIGNMENT;
	r->data = mem_grow(r->data, n + 1, 1);
	for (uint32_t i = 0; i < n; i++)
		r->data[i] = rom ? rom_at(r, addr + i) : r->xip ? 0xee :
		    *flash_at(r, addr + i);
	r->in(r->ctx, r->data, n);
	return OK;
}

/* Words: how many follow; what is there of what was asked for; and that. */
static void
tell_system(const struct picorom *r, uint8_t *out)
{
	const uint32_t flags = argument(r, 1) & 3;
	int n = 2;

	put_le32(out + 4, flags);
	if ((flags & 1) != 0) {
		put_le32(out + 4 * n, 1);		/* the package */
		put_le32(out + 4 * (n + 1), (uint32_t)r->id);
		put_le32(out + 4 * (n + 2), (uint32_t)(r->id >> 32));
		n += 3;
	}
	if ((flags & 2) != 0)
		put_le32(out + 4 * n++, r->secure_boot ? 1 : 0);
	put_le32(out, (uint32_t)n - 1);
}

static void
tell_target(const struct picorom *r, uint8_t *out)
{
	const uint32_t all = 0xfc000000u;

	put_le32(out, 3);
	put_le32(out + 4, r->nowhere ? 0xffffffffu : r->partition == -1 ? 0xff :
	    (uint32_t)r->partition);
	put_le32(out + 8, r->partition == -1 ? all | 0x1fffu << 13 :
	    (r->partition_locked ? all >> 1 & all : all) | r->last << 13 |
	    r->first);
}

/* That there is no partition table, so nothing of partitions, and all open. */
static void
tell_table(const struct picorom *r, uint8_t *out)
{
	const uint32_t flags = argument(r, 1);

	put_le32(out, (flags & 1) != 0 ? 4 : 1);
	put_le32(out + 4, flags);
	if ((flags & 1) == 0)
		return;
	put_le32(out + 8, 0);
	put_le32(out + 12, 0xfc000000u | 0x1fffu << 13);
	put_le32(out + 16, 0xfc000000u);
}

static uint32_t
tell_info(struct picorom *r)
{
	uint8_t out[PAGE] = { 0 };
	const uint32_t n = le32(r->command + 12);

	if (!r->rp2350)
		return UNKNOWN_COMMAND;
	if (n > sizeof(out) || n < 32)
		return BAD_TRANSFER_LENGTH;
	if (r->command[16] == 1)
		tell_system(r, out);
	else if (r->command[16] == 2)
		tell_table(r, out);
	else if (r->command[16] == 3)
		tell_target(r, out);
	else
		return BAD_ARGUMENT;
	r->in(r->ctx, out, n);
	return OK;
}

/* Its one-time memory is blank. */
static uint32_t
read_otp(struct picorom *r)
{
	const uint32_t n = le32(r->command + 12);
	const uint32_t rows = argument(r, 0) >> 16;

	if (!r->rp2350)
		return UNKNOWN_COMMAND;
	if (n != rows * (r->command[20] != 0 ? 2u : 4u))
		return BAD_TRANSFER_LENGTH;
	r->data = mem_grow(r->data, n + 1, 1);
	memset(r->data, 0, n);
	r->in(r->ctx, r->data, n);
	return OK;
}

static uint32_t
reboot(struct picorom *r, bool is_new)
{
	if (is_new != r->rp2350)
		return UNKNOWN_COMMAND;
	r->rebooting = true;
	r->reboot_ms = argument(r, is_new ? 1 : 2);
	r->reboot_type = is_new ? argument(r, 0) : 0;
	r->reboot_p0 = is_new ? argument(r, 2) : 0;
	return OK;
}

static uint32_t
run_picorom(struct picorom *r)
{
	if (r->rebooting)
		return REBOOTING;
	switch (r->command[8]) {
	case 0x01:
		r->exclusive = r->command[16];
		return OK;
	case 0x02:
		return reboot(r, false);
	case 0x0a:
		return reboot(r, true);
	case 0x03:
		return erase_flash(r);
	case 0x84:
		return read_range(r);
	case 0x05:
		return write_flash(r);
	case 0x06:
	case 0x07:
		r->xip = r->command[8] == 0x07;
		return OK;
	case 0x8b:
		return tell_info(r);
	case 0x8c:
		return read_otp(r);
	}
	return UNKNOWN_COMMAND;
}

static int
fail_command(struct picorom *r, uint32_t status)
{
	r->status = status;
	r->want = r->got = 0;
	r->ack = false;
	r->halt(r->ctx);
	return PICOROM_STALL;
}

/* The command is whole, with its data.  Done is said the other way round. */
static int
finish_command(struct picorom *r)
{
	const uint32_t status = run_picorom(r);

	r->want = r->got = 0;
	if (status != OK)
		return fail_command(r, status);
	if ((r->command[8] & 0x80) != 0)
		r->ack = true;
	else
		r->in(r->ctx, NULL, 0);
	return 0;
}

/* Bytes of arguments that each command has. */
static int
argument_bytes(uint8_t id)
{
	static const struct {
		uint8_t id, n;
	} table[] = { { 0x01, 1 }, { 0x02, 12 }, { 0x03, 8 }, { 0x84, 8 },
		{ 0x05, 8 }, { 0x06, 0 }, { 0x07, 0 }, { 0x0a, 16 },
		{ 0x8b, 16 }, { 0x8c, 5 } };

	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++)
		if (table[i].id == id)
			return table[i].n;
	return -1;
}

static int
begin_picorom(struct picorom *r, const uint8_t *p, size_t n)
{
	bool has_range;
	int args;
	uint32_t size;

	if (n != COMMAND || le32(p) != MAGIC)
		return fail_command(r, UNKNOWN_COMMAND);
	memcpy(r->command, p, COMMAND);
	r->commands++;
	r->status = OK;
	r->got = 0;
	args = argument_bytes(p[8]);
	if (args == -1)
		return fail_command(r, UNKNOWN_COMMAND);
	if (args != p[9])
		return fail_command(r, BAD_COMMAND_LENGTH);
	size = le32(p + 12);
	has_range = p[8] == 0x84 || p[8] == 0x05;
	if (p[8] != 0x8b && p[8] != 0x8c &&
	    size != (has_range ? argument(r, 1) : 0))
		return fail_command(r, BAD_TRANSFER_LENGTH);
	if (size > TRANSFER_MAX)
		return fail_command(r, BAD_TRANSFER_LENGTH);
	if ((p[8] & 0x80) != 0 || size == 0)
		return finish_command(r);
	r->want = size;
	r->data = mem_grow(r->data, size, 1);
	return 0;
}

int
picorom_out(struct picorom *r, const uint8_t *p, size_t n)
{
	if (r->ack) {
		r->ack = false;
		return 0;
	}
	if (r->want == 0)
		return begin_picorom(r, p, n);
	if (n > r->want - r->got)
		return fail_command(r, BAD_TRANSFER_LENGTH);
	memcpy(r->data + r->got, p, n);
	r->got += (uint32_t)n;
	return r->got == r->want ? finish_command(r) : 0;
}

int
picorom_control(struct picorom *r, uint8_t type, uint8_t request,
    uint8_t *buf)
{
	if (type == 0x41 && request == 0x41) {
		r->want = r->got = 0;
		r->ack = false;
		r->exclusive = 0;
		return 0;
	}
	if (type != 0xc1 || request != 0x42)
		return PICOROM_STALL;
	memset(buf, 0, 16);
	put_le32(buf, le32(r->command + 4));
	put_le32(buf + 4, r->status);
	buf[8] = r->command[8];
	return 16;
}
