/* SPDX-License-Identifier: MIT */
#ifndef MPF_DFU_DESCRIPTOR_H
#define MPF_DFU_DESCRIPTOR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "usb/usb.h"

/*
 * descriptor: what the descriptors of a USB device say of its DFU interface.
 * Pure: what lib/usb has read goes in, fields come out.
 *
 * Source: USB DFU 1.1, 4.1 and 4.2; ST UM0424 (bcdDFU 1.1a is DfuSe).
 */

#define DFU_ALTERNATES	16u
#define DFU_DFUSE	0x011au		/* bcdDFU */

/* dfu_interface.attributes */
#define DFU_CAN_DNLOAD	0x01u
#define DFU_CAN_UPLOAD	0x02u
#define DFU_TOLERANT	0x04u		/* it goes on after manifestation */
#define DFU_WILL_DETACH	0x08u

struct dfu_alternate {
	uint8_t		 number;	/* bAlternateSetting */
	uint8_t		 string;	/* iInterface; 0: it has no text */
};

struct dfu_interface {
	uint8_t			 number;	/* bInterfaceNumber */
	bool			 runtime;	/* protocol 1: not DFU mode */
	struct dfu_alternate	 alternate[DFU_ALTERNATES];
	size_t			 n;
	bool			 functional;	/* those below are known */
	uint8_t			 attributes;
	uint16_t		 detach_ms;	/* wDetachTimeOut */
	uint16_t		 transfer;	/* wTransferSize, in bytes */
	uint16_t		 version;	/* bcdDFU */
};

/*
 * The first DFU interface, one in DFU mode before one that is not; the
 * functional descriptor may lie behind any of its settings, or before all
 * interfaces.  ERR_NOT_FOUND: there is no DFU interface.
 */
int	dfu_descriptor(const struct usb_info *info,
	    struct dfu_interface *out, struct err *e);
/*
 * Looks for the functional descriptor among n bytes of descriptors, and takes
 * its fields into *out.  Descriptors that do not end inside end the search.
 */
void	dfu_functional(const uint8_t *p, size_t n, struct dfu_interface *out);

#endif
