/* SPDX-License-Identifier: MIT */
#ifndef MPF_MODEL_UID_H
#define MPF_MODEL_UID_H

/*
 * uid: a board's unique id against the serial number that a bootloader shows.
 *
 * Many bootloaders show the id as it is or in the other case, some backwards,
 * pair by pair.  Others show something of another length that every board of
 * the kind has (RP2040: "E0C9125B0D9B"), which tells nothing.
 */

enum uid_match { UID_UNKNOWN, UID_SAME, UID_OTHER };

/* Either may be NULL, which tells nothing. */
enum uid_match	uid_compare(const char *uid, const char *shown);

#endif
