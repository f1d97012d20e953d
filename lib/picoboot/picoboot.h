/* SPDX-License-Identifier: MIT */
#ifndef MPF_PICOBOOT_H
#define MPF_PICOBOOT_H

#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "usb/usb.h"

/*
 * picoboot: an RP2040 or RP2350 that sits in the USB boot loader of its ROM,
 * by way of the loader's PICOBOOT interface.
 *
 * Source: RP2040 datasheet, 2.8.5; RP2350 datasheet, 5.6; pico-sdk,
 * boot/picoboot.h; pico-bootrom-rp2040 and -rp2350 for what they really do.
 *
 * A command that the ROM refuses is told in words, and the interface is reset,
 * so that the next command finds it as new.  Errors: ERR_NOT_FOUND the device
 * vanished; ERR_TIMEOUT and ERR_PROTOCOL no sensible answer; ERR_IO the ROM
 * failed, with its reason; ERR_UNSUPPORTED it does not permit that, or has no
 * such command; ERR_BUSY another program works with it.
 */

#define PICOBOOT_FLASH		0x10000000u	/* where flash begins */
#define PICOBOOT_FLASH_MAX	(16u << 20)	/* bytes of one flash chip */
#define PICOBOOT_SECTOR		4096u		/* bytes: of an erase */
#define PICOBOOT_PAGE		256u		/* bytes: of a write, a read */

struct picoboot;

enum picoboot_chip { PICOBOOT_RP2040, PICOBOOT_RP2350 };

/*
 * Claims the interface of u, resets it, takes exclusive access, so that nothing
 * comes in through the loader's drive meanwhile, and asks which chip it is.
 * No later command waits beyond deadline.  u stays the caller's, and outlives
 * *out.  ERR_UNSUPPORTED: u has no such interface, or is an unknown chip.
 */
int	picoboot_open(struct usb *u, int64_t deadline, struct picoboot **out,
	    struct err *e);
/* Gives back what open took, and frees p; NULL is fine. */
void	picoboot_close(struct picoboot *p);
enum picoboot_chip	picoboot_chip(const struct picoboot *p);

/*
 * Flash, by whole sectors and pages.  Each takes the flash out of XIP first:
 * an RP2350 A2 that was not told so reports success, and erases nothing.
 */
int	picoboot_erase(struct picoboot *p, uint32_t addr, uint32_t n,
	    struct err *e);
int	picoboot_write(struct picoboot *p, uint32_t addr, const uint8_t *bytes,
	    uint32_t n, struct err *e);
int	picoboot_read(struct picoboot *p, uint32_t addr, uint8_t *bytes,
	    uint32_t n, struct err *e);
/*
 * How many bytes of flash there are, by where its content begins again: the
 * ROM does not say.  0: what is in it does not tell, as in a blank flash, or it
 * may not be read.
 */
int	picoboot_flash_size(struct picoboot *p, uint32_t *out, struct err *e);

/* What an RP2350 says of itself. */
struct picoboot_system {
	char		uid[17];	/* as machine.unique_id(), in hex; "" */
	int		secure_boot;	/* 1: it runs signed images only; -1 */
};

/* Where an RP2350 puts an image of a UF2 family. */
enum picoboot_place { PICOBOOT_NOWHERE, PICOBOOT_ABSOLUTE,
	PICOBOOT_PARTITION };

struct picoboot_target {
	enum picoboot_place	place;
	int			partition;	/* its number */
	uint32_t		offset, size;	/* of it in flash, bytes */
	int			writable;	/* by the boot loader */
};

/* Of an RP2350 alone: the ROM of the RP2040 has no such command. */
int	picoboot_system(struct picoboot *p, struct picoboot_system *out,
	    struct err *e);
int	picoboot_target(struct picoboot *p, uint32_t family,
	    struct picoboot_target *out, struct err *e);

/*
 * Starts what is in flash.  update: the flash offset of the partition that was
 * written, so that the RP2350 tries that first; 0: no partition's.  The device
 * vanishes a moment later.
 */
int	picoboot_reboot(struct picoboot *p, uint32_t update, struct err *e);

#endif
