/* SPDX-License-Identifier: MIT */
#ifndef MPF_SIM_FACTORY_H
#define MPF_SIM_FACTORY_H

#include "sim/esp.h"
#include "sim/identity.h"

/*
 * factory: what is in the flash of a board that was flashed before: a header
 * and the text of the firmware, a partition table, and the first bytes of a
 * file system.
 */
void	sim_factory(struct sim_esp *chip, const struct sim_identity *id);

#endif
