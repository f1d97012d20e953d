/* SPDX-License-Identifier: MIT */
#ifndef MPF_SIM_TREE_IN_H
#define MPF_SIM_TREE_IN_H

#include "sim/tree.h"

/* tree_in: what the files of sim/tree share; for them alone. */

/* A file that holds text; an attribute, as a line. */
int	tree_put(const char *dir, const char *name, const char *text,
	    struct err *e);
int	tree_attr(const char *dir, const char *name, const char *value,
	    struct err *e);
/* Is there anything of this name, be it a symlink that leads nowhere? */
bool	tree_taken(const char *path);
/* A symlink at root/name that goes with p; ERR_BUSY if the name is taken. */
int	tree_link(struct tree_plug *p, const char *target, const char *name,
	    struct err *e);

/* The number in a tty's name, "ttyACM3"; -1: it is no such name. */
int	tree_tty_number(const char *name);
/* Below hidden, what becomes of the device; then the names that lead there. */
int	tree_build_tty(struct tree_plug *p, const char *hidden,
	    const struct tree_device *d, struct err *e);
int	tree_link_tty(struct tree_plug *p, const struct tree_device *d,
	    struct err *e);
int	tree_build_drive(struct tree_plug *p, const char *hidden,
	    const struct tree_device *d, struct err *e);
int	tree_link_drive(struct tree_plug *p, const struct tree_device *d,
	    struct err *e);
/* Takes its line out of mountinfo. */
void	tree_unmount(const char *root, const char *volume);

#endif
