/* SPDX-License-Identifier: MIT */
#ifndef MPF_LINK_LATENCY_H
#define MPF_LINK_LATENCY_H

/*
 * latency: FTDI's bridges keep what came for 16 ms before they send it on,
 * unless they are told otherwise; other bridges do not mind.
 */
void	serial_low_latency(int fd);

#endif
