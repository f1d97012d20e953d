/* SPDX-License-Identifier: MIT */
#ifndef MPF_RIG_VDEV_H
#define MPF_RIG_VDEV_H

#include <stddef.h>
#include <stdint.h>

/*
 * vdev: a USB device that is an ordinary program.
 *
 * It is plugged into the running kernel by vhci_hcd, the client half of
 * USB/IP, over a socket pair; so the host's side is real: enumeration, sysfs,
 * drivers.  Unlike a kernel gadget it sees what the host sets (speed, DTR), and
 * may stall or vanish at any moment.
 *
 * Source: Linux Documentation/usb/usbip_protocol.rst; USB 2.0, chapter 9.
 */

#define VDEV_STALL	(-1)
#define VDEV_NAK	(-2)
#define VDEV_ANSWER	65536u		/* bytes of a control answer, at most */

struct vdev;

struct vdev_setup {
	uint8_t		 type, request;
	uint16_t	 value, index, length;
};

struct vdev_desc {
	const uint8_t	*device;	/* 18 bytes */
	const uint8_t	*config;	/* wTotalLength bytes */
	const char *const *strings;	/* string 1, 2, ... NULL */
};

struct vdev_ops {
	/*
	 * A control request that is no standard one.  Data from the host is in
	 * buf; data for it goes there.  Its length (0: none) or VDEV_STALL.
	 */
	int	(*control)(void *ctx, const struct vdev_setup *s, uint8_t *buf);
	/*
	 * n bytes for OUT endpoint ep: 0, VDEV_STALL, or VDEV_NAK to be asked
	 * again, with the same pointer, by the next vdev_kick.
	 */
	int	(*out)(void *ctx, int ep, const uint8_t *p, size_t n);
};

/*
 * Plugs it into root port $VDEV_PORT (0), and waits a while for that to be
 * free.  NULL and a message on failure.  All is borrowed.
 */
struct vdev	*vdev_plug(const struct vdev_desc *d,
		    const struct vdev_ops *ops, void *ctx);
void	 vdev_unplug(struct vdev *v);
int	 vdev_fd(const struct vdev *v);	/* poll this for reading */
int	 vdev_step(struct vdev *v);	/* serves one; -1: the host let go */
void	 vdev_kick(struct vdev *v);	/* offers again what was refused */
/* Queues one transfer for IN endpoint ep; what of it nobody has taken. */
void	 vdev_in(struct vdev *v, int ep, const void *p, size_t n);
size_t	 vdev_in_queued(const struct vdev *v, int ep);
void	 vdev_in_drop(struct vdev *v, int ep);
/* A line on standard error. */
void	 vdev_log(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

#endif
