/* SPDX-License-Identifier: MIT */
#ifndef MPF_JOURNAL_ABOUT_H
#define MPF_JOURNAL_ABOUT_H

#include "model/model.h"
#include "toml/toml.h"

/*
 * about: what is known of custom firmware, in mpflash.toml: [source.git],
 * [build] and [custom].  A section is written only if it has something to say.
 * For lib/journal alone.
 */

bool	about_has_git(const struct firmware *f);
void	about_put(const struct firmware *f, struct toml *t);

#endif
