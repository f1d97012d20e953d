/* SPDX-License-Identifier: MIT */
#ifndef MPF_FLASH_POLICY_H
#define MPF_FLASH_POLICY_H

#include "flash/flash.h"
#include "trust/policy.h"

/*
 * policy: may this job be done, as root and the user have laid down?  See
 * mpf-policy(5).  --force does not change the answer.
 */

#define POLICY_SYSTEM	"/etc/mpf/policy"

/*
 * Against both files: root's, and policy in dirs_config().  Of job: firmware,
 * image, board, and the bytes themselves; runs: what the board has said just
 * now (NULL: job's board).  ERR_PERMISSION: "refused by policy RULE
 * (FILE:LINE)".
 */
int	check_policy(const struct flash_job *job, const struct board *runs,
	    struct err *e);
/* The same against the rules of one file. */
int	policy_allows(const struct policy *p, const struct flash_job *job,
	    const struct board *runs, struct err *e);

#endif
