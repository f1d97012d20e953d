/* SPDX-License-Identifier: MIT */
#ifndef MPF_FAULTS_SAID_H
#define MPF_FAULTS_SAID_H

#include <stdbool.h>

#include "board/board.h"

/*
 * said: all facts of an answer in one text, so that two can be compared;
 * without "interrupted", which is a fact of the asking.
 */

struct said {
	char	text[4096];		/* "version=v1.22.2 port=rp2 ..." */
};

void	said_board(const struct board_answer *a, struct said *out);
bool	said_is(const struct said *s, const char *key, const char *value);

#endif
