/* SPDX-License-Identifier: MIT */
#include "picoboot/command.h"

#include <stdlib.h>
#include <string.h>

#include "base/bytes.h"
#include "base/mem.h"
#include "picoboot/info.h"

#define VENDOR_CLASS	0xffu
#define ROM_MAGIC	0x10u		/* 'M', 'u', version */
#define ERASE_MS	400		/* of a sector, of the slowest flash */
#define RESTART_MS	100		/* time for the answer to get out */
#define NORMAL_BOOT	0u		/* RP2350, reboot types */
#define UPDATE_BOOT	4u
#define INFO_SYSTEM	1u		/* types of information */
#define INFO_TARGET	3u
#define SMALLEST	(64u << 10)	/* bytes of flash, and largest / 2 */
#define LARGEST_HALF	(PICOBOOT_FLASH_MAX / 2)

/* Its class is no more than "vendor's own": the endpoints tell. */
static int
find_interface(struct picoboot *p, struct err *e)
{
	const struct usb_info *info = usb_info(p->usb);

	for (size_t i = 0; i < info->n_settings; i++) {
		const struct usb_setting *s = &info->settings[i];
		const struct usb_endpoint *a = s->endpoints, *b = a + 1;

		if (s->class != VENDOR_CLASS || s->subclass != 0 ||
		    s->protocol != 0 || s->n_endpoints != 2 ||
		    a->transfer != USB_BULK || b->transfer != USB_BULK ||
		    ((a->address ^ b->address) & USB_IN) == 0)
			continue;
		p->interface = s->interface;
		p->in = (a->address & USB_IN) != 0 ? a->address : b->address;
		p->out = (a->address & USB_IN) != 0 ? b->address : a->address;
		return 0;
	}
	return err_set(e, ERR_UNSUPPORTED, "%s: its boot loader has no "
	    "PICOBOOT interface", info->path);
}

static int
set_exclusive(struct picoboot *p, uint8_t how, struct err *e)
{
	const struct command c = { .id = PC_EXCLUSIVE, .n_args = 1,
		.args = { how } };

	if (pc_run(p, &c, e) == -1)
		return -1;
	p->exclusive = how != 0;
	return 0;
}

/* What was reset on the way is taken again. */
static int
run_exclusive(struct picoboot *p, const struct command *c, struct err *e)
{
	if (!p->exclusive && set_exclusive(p, 1, e) == -1)
		return -1;
	return pc_run(p, c, e);
}

static struct command
range_command(uint8_t id, uint32_t addr, uint32_t n)
{
	struct command c = { .id = id, .n_args = 8 };

	put_le32(c.args, addr);
	put_le32(c.args + 4, n);
	return c;
}

static int
identify_chip(struct picoboot *p, struct err *e)
{
	struct command c = range_command(PC_READ, ROM_MAGIC, 4);
	uint8_t rom[4];

	c.data = rom;
	c.n = sizeof(rom);
	if (run_exclusive(p, &c, e) == -1)
		return -1;
	if (rom[0] != 'M' || rom[1] != 'u' || rom[2] < 1 || rom[2] > 2)
		return err_set(e, ERR_UNSUPPORTED, "%s: neither an RP2040 nor "
		    "an RP2350: its ROM begins with %02x %02x %02x",
		    usb_info(p->usb)->path, rom[0], rom[1], rom[2]);
	p->chip = rom[2] == 1 ? PICOBOOT_RP2040 : PICOBOOT_RP2350;
	return 0;
}

int
picoboot_open(struct usb *u, int64_t deadline, struct picoboot **out,
    struct err *e)
{
	struct picoboot *p = mem_alloc(sizeof(*p));

	p->usb = u;
	p->deadline = deadline;
	if (find_interface(p, e) == -1 ||
	    usb_claim(u, p->interface, 0, e) == -1) {
		free(p);
		return -1;
	}
	if (pc_reset(p, e) == -1 || identify_chip(p, e) == -1) {
		picoboot_close(p);
		return -1;
	}
	*out = p;
	return 0;
}

void
picoboot_close(struct picoboot *p)
{
	struct err ignored;

	if (p == NULL)
		return;
	if (p->exclusive && !p->rebooting)
		set_exclusive(p, 0, &ignored);
	usb_unclaim(p->usb, p->interface);
	free(p);
}

enum picoboot_chip
picoboot_chip(const struct picoboot *p)
{
	return p->chip;
}

/* Before each command for flash: nobody knows what the last has left. */
static int
run_on_flash(struct picoboot *p, const struct command *c, struct err *e)
{
	const struct command exit_xip = { .id = PC_EXIT_XIP };

	if (run_exclusive(p, &exit_xip, e) == -1)
		return -1;
	return pc_run(p, c, e);
}

int
picoboot_erase(struct picoboot *p, uint32_t addr, uint32_t n, struct err *e)
{
	struct command c = range_command(PC_ERASE, addr, n);

	c.work_ms = n / PICOBOOT_SECTOR * ERASE_MS;
	return run_on_flash(p, &c, e);
}

int
picoboot_write(struct picoboot *p, uint32_t addr, const uint8_t *bytes,
    uint32_t n, struct err *e)
{
	struct command c = range_command(PC_WRITE, addr, n);

	c.data = (uint8_t *)(uintptr_t)bytes;	/* it is only read */
	c.n = n;
	return run_on_flash(p, &c, e);
}

int
picoboot_read(struct picoboot *p, uint32_t addr, uint8_t *bytes, uint32_t n,
    struct err *e)
{
	struct command c = range_command(PC_READ, addr, n);

	c.data = bytes;
	c.n = n;
	return run_on_flash(p, &c, e);
}

/* The addresses go on behind the end of a flash, at its beginning again. */
int
picoboot_flash_size(struct picoboot *p, uint32_t *out, struct err *e)
{
	uint8_t first[2 * PICOBOOT_PAGE], other[2 * PICOBOOT_PAGE];
	uint32_t half;
	int r;

	*out = 0;
	r = picoboot_read(p, PICOBOOT_FLASH, first, sizeof(first), e);
	if (r == -1)
		return e->code == ERR_UNSUPPORTED ? 0 : -1;
	if (memcmp(first, first + PICOBOOT_PAGE, PICOBOOT_PAGE) == 0)
		return 0;
	for (half = LARGEST_HALF; half >= SMALLEST / 2; half /= 2) {
		r = picoboot_read(p, PICOBOOT_FLASH + half, other,
		    sizeof(other), e);
		if (r == -1 && e->code != ERR_UNSUPPORTED &&
		    e->code != ERR_MISMATCH)
			return -1;
		if (r == 0 && memcmp(first, other, sizeof(first)) != 0)
			break;
	}
	*out = 2 * half;
	return 0;
}

static int
get_info(struct picoboot *p, uint8_t type, uint32_t arg,
    uint8_t answer[PICOBOOT_INFO], struct err *e)
{
	struct command c = { .id = PC_GET_INFO, .n_args = PC_ARGS,
		.args = { type }, .data = answer, .n = PICOBOOT_INFO };

	put_le32(c.args + 4, arg);
	return run_exclusive(p, &c, e);
}

int
picoboot_system(struct picoboot *p, struct picoboot_system *out,
    struct err *e)
{
	uint8_t answer[PICOBOOT_INFO];

	if (get_info(p, INFO_SYSTEM, INFO_CHIP | INFO_CRITICAL, answer,
	    e) == -1)
		return -1;
	return info_system(answer, sizeof(answer), out, e);
}

int
picoboot_target(struct picoboot *p, uint32_t family,
    struct picoboot_target *out, struct err *e)
{
	uint8_t answer[PICOBOOT_INFO];

	if (get_info(p, INFO_TARGET, family, answer, e) == -1)
		return -1;
	return info_target(answer, sizeof(answer), out, e);
}

int
picoboot_reboot(struct picoboot *p, uint32_t update, struct err *e)
{
	struct command c = { .id = PC_REBOOT, .n_args = 12 };

	put_le32(c.args + 8, RESTART_MS);	/* behind pc and sp, 0 */
	if (p->chip == PICOBOOT_RP2350) {
		c = (struct command){ .id = PC_REBOOT2, .n_args = PC_ARGS };
		put_le32(c.args, update != 0 ? UPDATE_BOOT : NORMAL_BOOT);
		put_le32(c.args + 4, RESTART_MS);
		if (update != 0)
			put_le32(c.args + 8, PICOBOOT_FLASH + update);
	}
	if (run_exclusive(p, &c, e) == -1)
		return -1;
	p->rebooting = true;
	return 0;
}
