/* SPDX-License-Identifier: MIT */
#ifndef MPF_FLASH_H
#define MPF_FLASH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/err.h"
#include "boot/boot.h"
#include "bus/bus.h"
#include "image/image.h"
#include "model/model.h"

/*
 * flash: puts an image on a board by the first driver that will have it, and
 * asks the board afterwards whether it runs.
 *
 * The drivers (flash/driver.h) only move bytes; all that keeps a board safe is
 * here.  HACKING.md walks from a record to a byte on a board, file by file.
 */

struct record;
struct usb;

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
	 * will tell.  via is the job's.  NULL: nobody may mount.
	 */
	int	(*mount)(void *ctx, const char *disk, const char *via,
		    char **dir, struct err *e);
	void	(*unmount)(char *dir);		/* frees dir too */
	/* As usb_open_path; NULL: no device may be opened. */
	int	(*usb_open)(const char *usb_path, int64_t deadline,
		    struct usb **out, struct err *e);
	void	*ctx;				/* for ask and mount */
};

/* What is erased beside the image. */
enum flash_wipe { FLASH_WIPE_NOTHING, FLASH_WIPE_FILES, FLASH_WIPE_ALL };

/* Options of mpf-flash that are words or addresses. */
struct flash_words {
	enum flash_wipe	 wipe;
	bool		 no_reset;	/* it is in its loader already */
	bool		 stay;		/* in its loader, afterwards */
	bool		 has_offset;
	uint32_t	 offset;	/* of an image without addresses */
};

/* As the user wrote them: each NULL, a rate -1, where he did not. */
struct flash_said {
	const char	*erase, *before, *after, *offset;
	const char	*mode, *size, *freq;
	int64_t		 baud, retry_baud;
};

/* Before any board is touched.  ERR_USAGE: a word that no board takes. */
int	flash_words_read(const struct flash_said *said,
	    struct flash_words *out, struct err *e);

struct flash_job {
	/* From the record. */
	struct device		 device;
	struct board		 board;
	struct chip		 chip;		/* .name NULL: not asked */
	struct firmware		 firmware;
	struct image		 image;
	const struct record	*record;	/* to be saved; NULL: do not */

	/* From the user; NULL, false or 0 where he said nothing. */
	const char		*method, *bootloader;
	const char		*volume;	/* "/media/RPI-RP2" */
	const char		*via;		/* "mount", "scsi", "udisks" */
	unsigned		 baud;		/* of a serial loader; 0 */
	unsigned		 retry_baud;	/* after a failure; 0 */
	/* In the header of an image: "dio", "4MB", "80m"; "keep". */
	const char		*flash_mode, *flash_size, *flash_freq;
	struct flash_words	 words;
	const char		*stub_dir;	/* where stubs are */
	bool			 no_stub;	/* the ROM's loader alone */
	bool			 lose_files;	/* even if files are lost */
	bool			 no_skip;	/* write what is there, too */
	bool			 force, dry_run;
	int64_t			 wait_ms;	/* until a board is back */
	int64_t			 work_ms;	/* for all of it; 0: 15 min */

	const struct flash_world *world;
	struct flash_images	*images; /* NULL: the image is read here */
	/* "bootloader", "write" in bytes, "restart"; total 0: unknown. */
	void	(*progress)(void *ctx, const char *stage, int64_t done,
		    int64_t total);
	/* What went another way than was meant, in words; NULL: nobody asks. */
	void	(*note)(void *ctx, const char *msg);
	void	*progress_ctx;			/* of both */

	/* By flash_run, for the drivers: the bytes that were hashed. */
	const uint8_t		*data;
	size_t			 size;
	struct image_facts	 facts;	/* as the board's chip has them */
	const struct bus_place	*place;		/* in the mode asked for */
	int64_t			 deadline;	/* of all work on the board */
};

struct flash_driver;

/*
 * Images that several boards get are read, hashed, looked at and packed once,
 * by flash_prepare in the process that starts the others.  Those that were
 * used last are kept.
 */
struct flash_images;

struct flash_images	*flash_images_new(void);
void			 flash_images_free(struct flash_images *l);

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
 * Does the whole job with the driver that job->method names or, if that is
 * NULL, the first of table that the job fits.  In order: the image is read,
 * hashed and compared with what the board says of itself; the place is locked
 * and looked at again, and the board asked for its unique id; the record is
 * saved; the board goes into its bootloader, is identified, written, verified
 * and started; it comes back and is asked what it runs; the saved record is
 * deleted.
 *
 * ERR_UNSUPPORTED lists the reasons of the drivers that could have flashed the
 * board, or of all where its ways are not known; ERR_MISMATCH: another board,
 * or an image that is not for it; ERR_VERIFY: not what it should be
 * afterwards; ERR_USAGE: an option that the driver does not use.  The caller
 * calls flash_release in any case.
 */
int	flash_run(const struct flash_job *job,
	    const struct flash_driver *const *table,
	    struct flash_outcome *out, struct err *e);
/* Puts the job's image into job->images, packed as its driver likes it. */
int	flash_prepare(const struct flash_job *job,
	    const struct flash_driver *const *table, struct err *e);
void	flash_release(struct flash_outcome *out);

/*
 * All methods, all ways into a bootloader, and by what each board is flashed,
 * as lines for a person.
 */
int	flash_list(struct buf *out, struct err *e);
/*
 * Which stub each ESP chip would get, from dir or, where that is NULL, from the
 * folders of other tools: "CHIP\tFILE (N bytes)\n" for each.
 */
void	flash_stub_info(const char *dir, struct buf *out);

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
