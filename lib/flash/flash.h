/* SPDX-License-Identifier: MIT */
#ifndef MPF_FLASH_H
#define MPF_FLASH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/clock.h"
#include "base/err.h"
#include "boot/boot.h"
#include "bus/bus.h"
#include "image/image.h"
#include "model/model.h"

/*
 * flash: puts an image on a board by the first method that will have it, and
 * asks the board afterwards whether it runs.
 *
 * To add a method: lib/flash/NAME/NAME.c with one const struct flash_backend,
 * one line in registry.c, one tests/unit/test-flash-NAME.c, one paragraph in
 * mpf-flash.1.  Nothing else in the tree names a method.
 */

struct record;

/* The world outside, so that a test can bring its own. */
struct flash_world {
	struct boot_world	 boot;
	struct bus		*bus;
	/*
	 * Asks the board on this tty what it is.  out's strings live until
	 * forget(*own).
	 */
	int	(*ask)(void *ctx, const char *tty, int64_t deadline,
		    struct board *out, void **own, struct err *e);
	void	(*forget)(void *own);
	/*
	 * Mounts a drive: *dir is where, for unmount, or NULL where the bus
	 * will tell.  NULL: nobody may mount.
	 */
	int	(*mount)(void *ctx, const char *disk, char **dir,
		    struct err *e);
	void	(*unmount)(char *dir);		/* frees dir too */
	void	*ctx;				/* for ask and mount */
};

struct flash_job {
	/* From the record. */
	struct device		 device;
	struct board		 board;
	struct firmware		 firmware;
	struct image		 image;
	const struct record	*record;	/* to be saved; NULL: do not */

	/* From the user; NULL, false or 0 where he said nothing. */
	const char		*method, *bootloader;
	const char		*volume;	/* "/media/RPI-RP2" */
	bool			 force, dry_run;
	int64_t			 wait_ms;	/* until a board is back */

	const struct flash_world *world;
	/* "bootloader", "write" in bytes, "restart"; total 0: unknown. */
	void	(*progress)(void *ctx, const char *stage, int64_t done,
		    int64_t total);
	void	*progress_ctx;

	/* By flash_run, for the backends: the bytes that were hashed. */
	const uint8_t		*data;
	size_t			 size;
	struct image_facts	 facts;
	const struct bus_place	*place;		/* in the mode asked for */
};

struct flash_session;			/* each backend defines its own */

struct flash_backend {
	const char	*name;		/* "uf2"; --method and flash.method */
	const char	*summary;	/* one line for --list-methods */
	/*
	 * The mode that the board must be in, "uf2", to which lib/boot brings
	 * it.  NULL: open does that itself, over the port that it works on.
	 */
	const char	*mode;

	/* NULL: this job is mine.  Else why not: "the image is not UF2". */
	const char	*(*refuse)(const struct flash_job *job);

	/*
	 * Claims the device, checks that image and bootloader fit, allocates
	 * all it will need.  Erases nothing.
	 */
	int	(*open)(const struct flash_job *job,
		    struct flash_session **out, struct result *res,
		    struct err *e);
	/*
	 * Erases and writes.  Asks stop_requested() between blocks.  Both say
	 * in res->state, at each step, how the board is if that was the last.
	 * *accepted false: all was given to the board, and nothing tells that
	 * it has taken the last of it.
	 */
	int	(*program)(struct flash_session *s, struct result *res,
		    bool *accepted, struct err *e);
	/* Reads back; ERR_VERIFY on a difference.  NULL: it has no way to. */
	int	(*verify)(struct flash_session *s, struct result *res,
		    struct err *e);
	/* Lets go, and starts the new firmware where that is possible. */
	void	(*close)(struct flash_session *s);
};

/* In order of preference; ends with NULL. */
extern const struct flash_backend *const flash_backends[];

/* What flash_run did, on failure too as far as it came. */
struct flash_outcome {
	struct result	 result;	/* .state NULL: it was not touched */
	bool		 answered;	/* these two hold what runs there */
	struct device	 device;
	struct board	 board;
	struct board	 was;		/* what it said just before */

	/* Where those strings live; flash_release lets go of them. */
	char		 at[CLOCK_TEXT];
	struct bus_place place;
	void		*own, *was_own;	/* NULL: it was not asked */
	void		(*forget)(void *own);
};

/*
 * Does the whole job with the backend that job->method names or, if that is
 * NULL, the first of table that does not refuse.  In order: the image is read,
 * hashed and compared with what the board says of itself; the place is locked
 * and looked at again, and the board asked for its unique id; the record is
 * saved; the board goes into its bootloader, is written and checked; it comes
 * back and is asked what it runs; the saved record is deleted.
 *
 * ERR_UNSUPPORTED lists every refusal; ERR_MISMATCH: another board, or an
 * image that is not for it; ERR_VERIFY: not what it should be afterwards.
 * The caller calls flash_release in any case.
 */
int	flash_run(const struct flash_job *job,
	    const struct flash_backend *const *table,
	    struct flash_outcome *out, struct err *e);
void	flash_release(struct flash_outcome *out);

/*
 * For a check that --force overrides, when it has failed with *e: lists it in
 * res->forced and returns 0 if the user said so, else returns -1.
 */
int	flash_overrule(const struct flash_job *job, const char *check,
	    struct result *res, struct err *e);

/* The world as it is, by b; nobody mounts the drives of a recorded tree. */
void	flash_world_init(struct flash_world *w, struct bus *b,
	    void (*say)(void *ctx, const char *msg));

#endif
