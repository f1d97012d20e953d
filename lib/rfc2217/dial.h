/* SPDX-License-Identifier: MIT */
#ifndef MPF_RFC2217_DIAL_H
#define MPF_RFC2217_DIAL_H

#include "base/err.h"

/*
 * Connects to the host and port of an address (see rfc2217.h), at each of its
 * addresses in turn, for 10 s at most; the descriptor does not block.
 * ERR_NETWORK, ERR_USAGE.
 */
int	dial(const char *address, int *out, struct err *e);

#endif
