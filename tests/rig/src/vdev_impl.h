/* SPDX-License-Identifier: MIT */
#ifndef MPF_VDEV_IMPL_H
#define MPF_VDEV_IMPL_H

#include "vdev.h"

#define VDEV_EPS	16

struct vdev {
	int			 fd;
	struct vdev_desc	 desc;
	struct vdev_ops		 ops;
	void			*ctx;
	uint8_t			 config, alt[32];
	uint8_t			 halted[2][VDEV_EPS];	/* 1: IN */
	struct urb		*in[VDEV_EPS], *out[VDEV_EPS];
	struct chunk		*queue[VDEV_EPS];
};

/* A standard request: as vdev_ops.control. */
int	vdev_standard(struct vdev *v, const struct vdev_setup *s, uint8_t *b);

#endif
