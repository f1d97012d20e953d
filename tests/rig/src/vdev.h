/* SPDX-License-Identifier: MIT */
#ifndef MPF_VDEV_H
#define MPF_VDEV_H

#include <stddef.h>
#include <stdint.h>

/*
 * vdev: a USB device written as an ordinary program.  It is plugged into the
 * running kernel through vhci_hcd, the client half of USB/IP, over a socket
 * pair, so that the host has a real device: enumeration, sysfs, drivers,
 * disconnects.  Everything beyond the standard requests is the program's own.
 *
 * Source: Linux Documentation/usb/usbip_protocol.rst; USB 2.0, chapter 9.
 */

#define VDEV_STALL	(-1)
#define VDEV_NAK	(-2)

struct vdev;

struct vdev_setup {
	uint8_t		 type, request;
	uint16_t	 value, index, length;
};

struct vdev_desc {
	const uint8_t		*device;	/* 18 bytes */
	const uint8_t		*config;	/* wTotalLength bytes */
	const char *const	*strings;	/* string 1, 2, ... NULL */
};

struct vdev_ops {
	/*
	 * A control request which is not a standard one.  Data from the host
	 * is in buf; data for the host goes there, at most 64 KiB.  Returns
	 * its length (0 if none), VDEV_STALL, or VDEV_NAK: no answer, ever.
	 */
	int	(*control)(void *ctx, const struct vdev_setup *s, uint8_t *buf);
	/*
	 * Data for OUT endpoint ep.  Returns 0, VDEV_STALL, or VDEV_NAK to be
	 * asked again after the next vdev_kick.
	 */
	int	(*out)(void *ctx, int ep, const uint8_t *data, size_t len);
	/* SET_INTERFACE; of SET_CONFIGURATION alternate 0.  NULL is fine. */
	void	(*select)(void *ctx, int interface, int alternate);
};

/*
 * Plugs the device, which runs at full speed, into the root port $VDEV_PORT
 * (0 if unset), and waits a while for it to become free.  NULL and a message
 * on standard error if that fails.
 */
struct vdev	*vdev_plug(const struct vdev_desc *desc,
		    const struct vdev_ops *ops, void *ctx);
void		 vdev_unplug(struct vdev *v);
int		 vdev_fd(const struct vdev *v);	/* poll this for reading */
/* Serves one request; -1: the host has let the device go. */
int		 vdev_step(struct vdev *v);
/* Tries OUT data again that was refused. */
void		 vdev_kick(struct vdev *v);
/* Queues one transfer for IN endpoint ep; a short packet ends it. */
void		 vdev_in(struct vdev *v, int ep, const void *data, size_t len);
size_t		 vdev_in_queued(const struct vdev *v, int ep);
void		 vdev_in_drop(struct vdev *v, int ep);
/* Halts an endpoint until the host clears it. */
void		 vdev_in_halt(struct vdev *v, int ep);
void		 vdev_out_halt(struct vdev *v, int ep);

/* A line on standard error, with the time since the first one. */
void	vdev_log(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/* Little-endian numbers. */
static inline uint32_t
vdev_u32(const uint8_t *p)
{
	return p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 |
	    (uint32_t)p[3] << 24;
}

static inline void
vdev_put16(uint8_t *p, unsigned x)
{
	p[0] = (uint8_t)x;
	p[1] = (uint8_t)(x >> 8);
}

static inline void
vdev_put32(uint8_t *p, uint32_t x)
{
	vdev_put16(p, x & 0xffff);
	vdev_put16(p + 2, x >> 16);
}

#endif
