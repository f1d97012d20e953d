/* SPDX-License-Identifier: MIT */
#ifndef MPF_UPSTREAM_PICO_H
#define MPF_UPSTREAM_PICO_H

#include "base/buf.h"
#include "upstream/cpp.h"

/*
 * pico: which chip, and which of its cores, a board of the port rp2 is built
 * for.  Pure.
 *
 * Source: the pico-sdk: src/boards/include/boards/, and pico/platform.
 */

/*
 * Adds what a board's header of the sdk sets PICO_PLATFORM to, in one of
 * "// pico_cmake_set PICO_PLATFORM=rp2350" and
 * "pico_board_cmake_set(PICO_PLATFORM, rp2350)"; nothing if it does not.
 */
void	pico_platform(const char *header, struct buf *out);
/* Defines what the sdk does for a platform; "" is rp2040. */
void	pico_define(struct cpp *c, const char *platform);

#endif
