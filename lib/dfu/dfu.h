/* SPDX-License-Identifier: MIT */
#ifndef MPF_DFU_H
#define MPF_DFU_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "dfu/descriptor.h"
#include "dfu/layout.h"
#include "usb/usb.h"

/*
 * dfu: firmware into a device by USB's Device Firmware Upgrade, and by DfuSe,
 * ST's dialect of it, which has addresses.
 *
 * A download only hands a block over; the first GETSTATUS after it begins the
 * work and says how long that takes.  Before that time nothing else is asked:
 * devices answer wrong, or not at all.
 *
 * An operation that fails names the reason as a driver of lib/flash does:
 * ERR_NOT_FOUND: the device vanished.  ERR_UNSUPPORTED: it is read-protected,
 * or cannot do that at all.  ERR_MISMATCH: it has no such address.  ERR_IO,
 * ERR_TIMEOUT and ERR_PROTOCOL may be tried again: the next operation brings
 * the device to rest first.
 *
 * Source: USB DFU 1.1; ST AN3156 (USB DFU protocol in the STM32 bootloader);
 * MicroPython ports/stm32/mboot; what devices do otherwise is known from
 * dfu-util, pydfu and fwupd, and said where it matters.
 */

/* bState */
enum dfu_state {
	DFU_UNKNOWN = -1,
	DFU_APP_IDLE, DFU_APP_DETACH, DFU_IDLE, DFU_DNLOAD_SYNC, DFU_DNBUSY,
	DFU_DNLOAD_IDLE, DFU_MANIFEST_SYNC, DFU_MANIFEST, DFU_WAIT_RESET,
	DFU_UPLOAD_IDLE, DFU_ERROR
};

/* bStatus, as far as they mean something of their own here */
enum dfu_code {
	DFU_OK = 0, DFU_ERR_TARGET = 1, DFU_ERR_FILE = 2, DFU_ERR_WRITE = 3,
	DFU_ERR_ADDRESS = 8, DFU_ERR_FIRMWARE = 10, DFU_ERR_VENDOR = 11,
	DFU_ERR_UNKNOWN = 14, DFU_ERR_STALLED = 15
};

struct dfu_memory {
	char			 text[USB_TEXT]; /* of the setting; "" */
	bool			 known;		/* the text is a layout */
	struct dfu_layout	 layout;
};

/* All but the last block is to be read by others. */
struct dfu {
	struct usb		*usb;
	struct dfu_interface	 interface;
	bool			 dfuse;
	struct dfu_memory	 memory[DFU_ALTERNATES];
	uint32_t		 block;		/* bytes of one transfer */

	enum dfu_state		 state;		/* as far as we know */
	size_t			 selected;	/* of the alternates */
	bool			 careful;	/* an address with each block */
	/* Several blocks were written; and found where they should be. */
	bool			 counted, checked;
};

/*
 * Reads what the open device u says of itself, and sends it no request of
 * DFU's.  u stays the caller's, and must live as long as d.  ERR_NOT_FOUND: it
 * has no DFU interface; ERR_PROTOCOL: it says nonsense.
 */
int	dfu_open(struct dfu *d, struct usb *u, struct err *e);
/*
 * Claims the interface with the i-th alternate setting, and brings it to rest,
 * whatever an earlier program left there.
 */
int	dfu_select(struct dfu *d, size_t i, struct err *e);

/* --- DfuSe, in the memory that is selected --- */

/* The page that holds addr. */
int	dfuse_erase_page(struct dfu *d, uint32_t addr, struct err *e);
/* All of it that the device lets go of: its bootloader stays. */
int	dfuse_erase_all(struct dfu *d, struct err *e);
/* Bytes that are erased, and in one segment. */
int	dfuse_write(struct dfu *d, uint32_t addr, const uint8_t *p, size_t n,
	    struct err *e);
int	dfuse_read(struct dfu *d, uint32_t addr, uint8_t *p, size_t n,
	    struct err *e);
/*
 * Starts what has its vector table at addr.  Devices go without an answer, so
 * only that the request got there is known.
 */
int	dfuse_leave(struct dfu *d, uint32_t addr, struct err *e);

/* --- plain DFU: one image, from its first byte on --- */

/* Block number no; all but the last have d->block bytes. */
int	dfu_write_block(struct dfu *d, uint32_t no, const uint8_t *p,
	    size_t n, struct err *e);
/*
 * The image is whole: the device checks it and makes it its own.  Then it is
 * at rest, waits for a reset, or has gone; each of them is a success.
 */
int	dfu_manifest(struct dfu *d, struct err *e);
/* Tells it to detach, and resets it; that it is gone is what is wanted. */
void	dfu_restart(struct dfu *d);

/* "errVENDOR"; "status 99" for what the standard has not, in buf. */
#define DFU_CODE_TEXT	32u
const char	*dfu_code_name(unsigned code, char buf[DFU_CODE_TEXT]);

#endif
