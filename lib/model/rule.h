/* SPDX-License-Identifier: MIT */
#ifndef MPF_MODEL_RULE_H
#define MPF_MODEL_RULE_H

#include "base/err.h"

/*
 * rule: what the text of a key must look like, as share/schema/ says it.
 *
 * A check compares a key with something; with an empty or garbled text it
 * would compare nothing.  So such keys are looked at when a record is read.
 */

/*
 * ERR_INPUT, naming the key ("device.vid"), the text and the rule, unless s
 * keeps to the rule of that key.  A key without a rule takes any text.
 */
int	rule_check(const char *key, const char *s, struct err *e);

#endif
