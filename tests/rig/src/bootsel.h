/* SPDX-License-Identifier: MIT */
#ifndef MPF_BOOTSEL_H
#define MPF_BOOTSEL_H

#include "sim/picorom.h"
#include "vdev.h"

/*
 * bootsel: the PICOBOOT interface of an RP2's ROM on a device of vdev, and the
 * flash, which the ROM's drive writes as well.
 */

#define BOOTSEL_OUT	3		/* endpoints */
#define BOOTSEL_IN	4

struct bootsel {
	struct picorom	 rom;
	struct vdev	*vdev;		/* once it is plugged in */
	const char	*path;		/* of the flash, kept; NULL */
	unsigned long	 erase_ms;	/* of a sector */
	size_t		 pull_at;	/* bytes both ways; 0: never */
	size_t		 moved;
	int64_t		 first_ms, last_ms;	/* of what came */
	bool		 pulled;
	bool		 secure, nowhere;	/* faults */
	bool		 drive_only;		/* no such interface */
	uint32_t	 first, last;		/* of a partition; 0: none */
	size_t		 stall_at;	/* the command that fails; 0: none */
};

/*
 * "secure" boot is on; "nowhere" is a place for any family; the "drive" is
 * alone, as reset_usb_boot() allows; "part=FIRST-LAST":
 * the sectors of a partition for all; "stall=N": the N-th command is refused.
 * -1: another word.
 */
int	bootsel_fault(struct bootsel *b, const char *text);
void	bootsel_begin(struct bootsel *b, bool rp2350, uint32_t size,
	    const char *serial);
/* Frees it, and keeps the flash where it came from; -1: that failed. */
int	bootsel_end(struct bootsel *b);

/* As the operations of vdev, for BOOTSEL_OUT and requests to the interface. */
int	bootsel_out(struct bootsel *b, const uint8_t *p, size_t n);
int	bootsel_control(struct bootsel *b, const struct vdev_setup *s,
	    uint8_t *buf);
/* Does somebody have exclusive access, so that the drive is idle? */
bool	bootsel_has_disk_off(const struct bootsel *b);
/* From the drive: bytes into the flash, whose sector is erased at its start. */
void	bootsel_put(struct bootsel *b, uint32_t addr, const uint8_t *p,
	    size_t n);
/* The flash up to the last page with something in it, as UF2; exit status. */
int	bootsel_keep(const struct bootsel *b, uint32_t family,
	    const char *path);

#endif
