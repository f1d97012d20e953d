/* SPDX-License-Identifier: MIT */
#ifndef MPF_LINK_CLOSER_H
#define MPF_LINK_CLOSER_H

/*
 * closer: close(2) of a serial port without the wait.  For lib/link alone.
 *
 * Linux lets the last close of a serial port wait for output that the device
 * does not take, up to closing_wait (30 s).  That setting is left alone.
 */

/* Closes the tty, by a process of its own if that would wait. */
void	closer_close(int fd);
/*
 * Closes fd in a process of its own that holds nothing else open and takes
 * 0.1 s at most; does not wait for it.
 */
void	closer_hand_over(int fd);

#endif
