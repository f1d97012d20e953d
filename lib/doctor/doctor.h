/* SPDX-License-Identifier: MIT */
#ifndef MPF_DOCTOR_H
#define MPF_DOCTOR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "bus/bus.h"

/*
 * doctor: is this machine fit for work on boards?  Each check looks at one
 * thing, changes nothing, and says what it found; of what is bad it says which
 * command repairs it.
 *
 * System files are read below the sysroot of the bus: etc/group, the folders
 * of udev's rules, run/udev, proc/PID/comm.
 */

enum finding_status {
	FINDING_OK,
	FINDING_NOTE,			/* works, but look at it */
	FINDING_BAD
};

struct finding {
	const char		*check;		/* "groups" */
	enum finding_status	 status;
	const char		*message;
	const char		*hint;		/* NULL: nothing to do */
	const char		*next;		/* as error.next; NULL */
};

struct doctor {
	struct bus	*bus;
	const char	*folder;		/* the firmware folder */
	const char	*mirror;	/* the site to ask, or NULL */
	const char	*rules;			/* our rules' file; NULL */
	int64_t		 timeout_ms;		/* for the site */
	void		(*found)(const struct finding *f, void *ctx);
	void		*ctx;
};

/* All checks, in a fixed order. */
void	doctor_examine(struct doctor *d);

/* --- for the files of this module --- */

void	doctor_say(struct doctor *d, const char *check,
	    enum finding_status status, const char *next, const char *hint,
	    const char *fmt, ...) __attribute__((format(printf, 6, 7)));
/* A file of the system; NULL: it cannot be read.  The caller frees it. */
char	*doctor_file(const struct doctor *d, const char *path);
char	*doctor_text(const char *real_path);	/* the same, of any file */
bool	doctor_has(const struct doctor *d, const char *path);
/* Does a process of that name run? */
bool	doctor_runs(const struct doctor *d, const char *name);

void	doctor_groups(struct doctor *d);
void	doctor_udev(struct doctor *d);
void	doctor_modem_manager(struct doctor *d);
void	doctor_brltty(struct doctor *d);
void	doctor_usb(struct doctor *d);
void	doctor_ports(struct doctor *d);
void	doctor_folder(struct doctor *d);
void	doctor_store(struct doctor *d);
void	doctor_locks(struct doctor *d);
void	doctor_clock(struct doctor *d);
void	doctor_network(struct doctor *d);
void	doctor_tools(struct doctor *d);

#endif
