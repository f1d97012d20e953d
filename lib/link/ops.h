/* SPDX-License-Identifier: MIT */
#ifndef MPF_LINK_OPS_H
#define MPF_LINK_OPS_H

#include "link/link.h"

/*
 * ops: what a kind of link is made of; for lib/link, and for other modules
 * that add a kind (struct link_kind).
 *
 * Each kind has a struct link as its first member.  The functions do as the
 * ones in link.h say; close frees the kind's own struct but not the name.
 */
struct link_ops {
	int	(*read)(struct link *l, void *p, size_t max, int64_t deadline,
		    size_t *got, struct err *e);
	int	(*write)(struct link *l, const void *p, size_t n,
		    int64_t deadline, struct err *e);
	int	(*baud)(struct link *l, unsigned baud, struct err *e);
	int	(*lines)(struct link *l, bool dtr, bool rts, struct err *e);
	void	(*flush)(struct link *l);
	void	(*close)(struct link *l);
};

struct link {
	const struct link_ops	*ops;
	char			*name;
	bool			 gone;		/* the device left */
};

/* Around l, which it owns, if base/wire is on; else l itself (trace.c). */
struct link	*link_traced(struct link *l);
/* Marks the link as dead, and says so. */
int	link_gone(struct link *l, struct err *e);

#endif
