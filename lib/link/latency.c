/* SPDX-License-Identifier: MIT */
#include "link/latency.h"

#ifdef __linux__
#include <linux/serial.h>
#include <sys/ioctl.h>
#endif

void
serial_low_latency(int fd)
{
#ifdef __linux__
	struct serial_struct how;

	if (ioctl(fd, TIOCGSERIAL, &how) == -1)
		return;
	how.flags |= ASYNC_LOW_LATENCY;
	ioctl(fd, TIOCSSERIAL, &how);
#else
	(void)fd;
#endif
}
