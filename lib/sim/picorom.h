/* SPDX-License-Identifier: MIT */
#ifndef MPF_PICOROM_H
#define MPF_PICOROM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * picorom: what the ROM of an RP2040 or RP2350 does behind its PICOBOOT
 * interface, without USB: packets in, packets out.  The rig hangs it on a real
 * bus, a unit test behind the operations of lib/usb.
 *
 * Source: RP2040 datasheet, 2.8.5; RP2350 datasheet, 5.6; pico-bootrom-rp2040
 * and -rp2350 (usb_boot_device.c, async_task.c and their successors).
 */

#define PICOROM_STALL	(-1)
#define PICOROM_FLASH	0x10000000u
#define PICOROM_SECTOR	4096u

struct picorom {
	/* Set before picorom_init. */
	bool		 rp2350;
	uint32_t	 flash_size;	/* bytes, a power of two */
	bool		 secure_boot;
	bool		 not_permitted;	/* one-time memory forbids writes */
	int		 partition;	/* for all families; -1: absolute */
	uint32_t	 first, last;	/* its sectors */
	bool		 partition_locked, nowhere;
	uint64_t	 id;
	/* Data for the host; and both endpoints stop until they are cleared. */
	void		(*in)(void *ctx, const void *p, size_t n);
	void		(*halt)(void *ctx);
	void		*ctx;

	uint8_t		*flash;
	bool		 xip;		/* nobody said EXIT_XIP yet */
	uint8_t		 exclusive;
	/* The command that runs. */
	uint8_t		 command[32];
	uint8_t		*data;
	uint32_t	 want, got;	/* bytes from the host */
	bool		 ack;		/* the host is to say that it has all */
	uint32_t	 status;
	/* For whoever plays it. */
	bool		 rebooting;
	uint32_t	 reboot_ms;	/* until it goes */
	uint32_t	 reboot_type, reboot_p0;	/* RP2350 */
	unsigned	 commands, erased, written;	/* sectors, pages */
	uint32_t	 worn;		/* offset of a byte that becomes 0; 0 */
};

void	picorom_init(struct picorom *r);
void	picorom_release(struct picorom *r);
/* Data for the OUT endpoint: 0, or PICOROM_STALL. */
int	picorom_out(struct picorom *r, const uint8_t *p, size_t n);
/* A vendor request to the interface: bytes in buf, or PICOROM_STALL. */
int	picorom_control(struct picorom *r, uint8_t type, uint8_t request,
	    uint8_t *buf);

#endif
