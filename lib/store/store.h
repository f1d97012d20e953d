/* SPDX-License-Identifier: MIT */
#ifndef MPF_STORE_H
#define MPF_STORE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "model/model.h"

/*
 * store: the firmware folder and its database, mpflash.db.
 *
 * The only home of sqlite3.h.  Begins with mpflash's three tables, to which
 * columns are only ever added; mpf's own tables (mpf_*) hold the full key.
 * WAL, foreign keys, prepared statements; every group of writes lies between
 * store_begin and store_commit, under a flock on mpflash.db.lock.
 *
 * Strings going in are borrowed for the call; strings coming out live until
 * the callback returns.  NULL and -1 stand for what is absent.
 */

struct store;

enum store_mode {
	STORE_READ,		/* ERR_NOT_FOUND where there is no database */
	STORE_WRITE		/* made, migrated (after a backup) if need be */
};

/*
 * Either way the facts in share/ are those of the newest of what is installed
 * and what was loaded: to write, they are stored; to read, they hide the old.
 */

/* dir: as dirs_firmware() gave it. */
int	store_open(const char *dir, enum store_mode mode, struct store **out,
	    struct err *e);
/* The same in the folder that --dir names; NULL: the usual one. */
int	store_open_folder(const char *given, enum store_mode mode,
	    struct store **out, struct err *e);
/*
 * A database in memory, with the board facts in it; for tools without one.
 * It is read like any other, and makes no folder.
 */
int	store_memory(struct store **out, struct err *e);
void	store_close(struct store *s);		/* NULL is fine */
const char	*store_dir(const struct store *s);
/*
 * What s lacks is looked for in the system store (dirs_system), too, which is
 * only read: firmware files, custom firmware, pages with their links, and the
 * search for firmware; all else is s's own.  Where there is no such store, or
 * it is s itself, nothing changes.
 */
int	store_below(struct store *s, struct err *e);
const char	*store_below_dir(const struct store *s);	/* NULL */
/* The version of its tables before it was opened; 0: mpflash's, or new. */
int64_t		 store_found(const struct store *s);
int64_t		 store_version(void);		/* of today's */
/* Opened to write, but it cannot be: the message to tell; else NULL. */
const char	*store_readonly(const struct store *s);

/* Waits 10 s at most for the lock; ERR_BUSY. */
int	store_begin(struct store *s, struct err *e);
int	store_commit(struct store *s, struct err *e);
void	store_rollback(struct store *s);	/* a group may be missing */
/*
 * Within a group, a part of it: what was written since its begin can be taken
 * back alone.  Parts do not lie within each other.
 */
int	store_part_begin(struct store *s, struct err *e);
/* keep false: taken back; *why says for what, and is left alone. */
int	store_part_end(struct store *s, bool keep, struct err *why);

/* --- firmware files here: mpflash's firmwares, and mpf_file beside it --- */

struct store_file {
	const char	*port, *board_id, *variant;	/* variant NULL: none */
	const char	*version;			/* "v1.24.1" */
	int64_t		 build;
	const char	*commit;
	const char	*file;		/* below the folder, "rp2/X-v1.uf2" */
	const char	*source;	/* URL */
	const char	*sha256;
	int64_t		 size_bytes;
	bool		 custom;
	const char	*description;
	const char	*dir;		/* file is in it; going out alone */
};

/* Can that file be read?  A path without "/" in front is below f->dir. */
bool	store_has_file(const struct store_file *f);
/* Adds it, or replaces the one with the same file. */
int	store_file_put(struct store *s, const struct store_file *f,
	    struct err *e);
/*
 * All that fit, mpflash's too; NULL fits all, the variant "" those without
 * one.  The callback's non-zero result ends it.
 */
int	store_files(struct store *s, const char *port, const char *board_id,
	    const char *variant,
	    int (*fn)(const struct store_file *f, void *ctx), void *ctx,
	    struct err *e);
/*
 * Those of one variant ("": those without one) in one version alone, which may
 * be written in several ways; NULL ends them.  The index knows where they are.
 */
#define STORE_VERSIONS	4u		/* ways, at most */
int	store_files_of(struct store *s, const char *board_id,
	    const char *variant, const char *const *versions,
	    int (*fn)(const struct store_file *f, void *ctx), void *ctx,
	    struct err *e);
/* By its name below the folder; 1 and fn was called, 0 not known. */
int	store_file_find(struct store *s, const char *file,
	    int (*fn)(const struct store_file *f, void *ctx), void *ctx,
	    struct err *e);

/* Those whose digest begins so: 7 hex digits or more. */
int	store_files_by_sha256(struct store *s, const char *begin,
	    int (*fn)(const struct store_file *f, void *ctx), void *ctx,
	    struct err *e);
/* From all tables; 1, or 0: it was not there. */
int	store_file_remove(struct store *s, const char *file, struct err *e);

/* --- custom firmware: mpf_custom beside mpf_file, by its digest --- */

/*
 * What f and im say of the file that has its row by store_file_put: the keys
 * of model.h for custom firmware, and im's.  It replaces what was there.
 */
int	store_custom_put(struct store *s, const char *file,
	    const struct firmware *f, const struct image *im, struct err *e);
/*
 * The same again, with what mpf_file says of it; image.path stays NULL.  1
 * and fn was called, 0 not known.
 */
int	store_custom_find(struct store *s, const char *sha256,
	    int (*fn)(const char *file, const struct firmware *f,
	    const struct image *im, void *ctx), void *ctx, struct err *e);

/* The history of that entry: each time that it was added. */
struct store_custom_event {
	const char	*sha256;
	const char	*at;		/* RFC 3339 */
	const char	*what;		/* "added", "again" */
	const char	*source, *description;
};

int	store_custom_event(struct store *s,
	    const struct store_custom_event *ev, struct err *e);

/* A source that may have something new later. */
struct store_custom_source {
	const char	*source;	/* the key */
	const char	*given;		/* the options it was added with */
	const char	*sha256;	/* of what it had last */
	const char	*checked_at;	/* RFC 3339 */
};

int	store_custom_source_put(struct store *s,
	    const struct store_custom_source *c, struct err *e);
int	store_custom_sources(struct store *s,
	    int (*fn)(const struct store_custom_source *c, void *ctx),
	    void *ctx, struct err *e);

/* --- the index: what a download site offers --- */

struct store_link {
	const char	*board_id, *variant;
	const char	*version;
	int64_t		 build;
	const char	*commit;
	const char	*date;		/* "20240602", of the build */
	const char	*ext;		/* "uf2" */
	const char	*url;
	const char	*sha256;	/* where the site publishes it */
};

struct store_page {
	const char	*url;		/* of the board's page: the key */
	const char	*board_id;
	const char	*port;		/* as the page says; NULL */
	int64_t		 fetched_at;	/* seconds since 1970 */
	const char	*etag, *last_modified;
};

/* The page and all its links, instead of what was there before. */
int	store_page_put(struct store *s, const struct store_page *p,
	    const struct store_link *links, size_t n, struct err *e);
/* The newest page of this board; 1 and fn was called, 0: no page. */
int	store_page_find(struct store *s, const char *board_id,
	    int (*fn)(const struct store_page *p, void *ctx), void *ctx,
	    struct err *e);
/* The page at that address, likewise. */
int	store_page_at(struct store *s, const char *url,
	    int (*fn)(const struct store_page *p, void *ctx), void *ctx,
	    struct err *e);
/* Only the time at which it was last found unchanged. */
int	store_page_seen(struct store *s, const char *url, int64_t at,
	    struct err *e);
/* Each board that has a page, by name; -1 of fn ends it. */
int	store_page_boards(struct store *s,
	    int (*fn)(const char *board_id, void *ctx), void *ctx,
	    struct err *e);
/* The links of that page, in the page's order. */
int	store_links(struct store *s, const char *page_url,
	    int (*fn)(const struct store_link *l, void *ctx), void *ctx,
	    struct err *e);

/* --- boards as MicroPython defines them (share/boards.tsv) --- */

/* In what a variant is another than the board without one. */
#define STORE_SOFTWARE	"software"
#define STORE_HARDWARE	"hardware"

struct store_board {
	const char	*port, *board_id, *variant;
	const char	*first, *last;	/* versions, included; NULL: open */
	const char	*name;		/* MICROPY_HW_BOARD_NAME */
	const char	*hw_mcu;	/* MICROPY_HW_MCU_NAME: "ESP32S3" */
	const char	*description;	/* the machine string */
	const char	*mcu;		/* as board.json says: "esp32s3" */
	const char	*product, *vendor, *url;
	const char	*vid, *pid;	/* where the board has its own */
	const char	*flash_offset;	/* upstream's: "0x1000" */
	const char	*variant_text;	/* what the site calls the variant */
	const char	*differs;	/* a variant: STORE_SOFTWARE, ... */
	bool		 released;	/* the download site builds it */
	bool		 custom;	/* the user added it */
};

/* All whose machine string this is, whatever the version. */
int	store_boards_by_machine(struct store *s, const char *machine,
	    int (*fn)(const struct store_board *b, void *ctx), void *ctx,
	    struct err *e);
/* All rows of this board; NULL fits all. */
int	store_boards_by_id(struct store *s, const char *port,
	    const char *board_id,
	    int (*fn)(const struct store_board *b, void *ctx), void *ctx,
	    struct err *e);

/*
 * All rows, for decisions: product, vendor, url, vid, pid and
 * variant_text are not read, and NULL.
 */
int	store_board_facts(struct store *s,
	    int (*fn)(const struct store_board *b, void *ctx), void *ctx,
	    struct err *e);

/* One of the user's own, which no refresh takes away. */
int	store_board_put(struct store *s, const struct store_board *b,
	    struct err *e);
/* The versions that the rows speak of, oldest first. */
int	store_releases(struct store *s,
	    int (*fn)(const char *version, void *ctx), void *ctx,
	    struct err *e);

/* share/renames.tsv; "*-dp" stands for that variant of any board. */
struct store_rename {
	const char	*port;
	const char	*old_id, *new_id;	/* BOARD or BOARD-VARIANT */
	const char	*since;			/* the first with the new one */
	const char	*how;
};

int	store_renames(struct store *s,
	    int (*fn)(const struct store_rename *r, void *ctx), void *ctx,
	    struct err *e);

/* --- boards that were flashed: what mpf-record keeps --- */

struct store_device {
	const char	*uid;		/* the key */
	const char	*device_id;	/* where it was last */
	const char	*port, *board_id, *variant;
	const char	*version;
	int64_t		 build;
	const char	*commit;
	bool		 custom;
	const char	*source, *file_name, *sha256;
	const char	*flashed_at;	/* RFC 3339; NULL: not by mpf */
	const char	*recorded_at;
	/* From here on what store_device_toml and the queue say of it. */
	const char	*toml;		/* mpflash.toml, as it was seen last */
	const char	*toml_state;	/* "written", "queued", "none" */
	const char	*toml_reason;	/* in words */
	const char	*queued_at;	/* its file is to be written again */
	const char	*queued_why;
};

int	store_device_put(struct store *s, const struct store_device *d,
	    struct err *e);
/* 1 and fn was called, 0 not known. */
int	store_device_find(struct store *s, const char *uid,
	    int (*fn)(const struct store_device *d, void *ctx), void *ctx,
	    struct err *e);
/* All, or those of one board, by uid; of fn a value other than 0 ends it. */
int	store_devices(struct store *s, const char *port, const char *board_id,
	    int (*fn)(const struct store_device *d, void *ctx), void *ctx,
	    struct err *e);
/* Those that run a file whose digest begins so. */
int	store_devices_by_sha256(struct store *s, const char *begin,
	    int (*fn)(const struct store_device *d, void *ctx), void *ctx,
	    struct err *e);
/* Its row, and what is queued for it; its history stays.  1, or 0. */
int	store_device_remove(struct store *s, const char *uid, struct err *e);
/* What is known of the file on the board; text NULL: not what it says. */
int	store_device_toml(struct store *s, const char *uid, const char *text,
	    const char *state, const char *reason, struct err *e);

/*
 * The queue: boards whose mpflash.toml is to be written from their row when
 * they are seen next.  Once for each board: the first reason stays.
 */
int	store_queue_put(struct store *s, const char *uid, const char *at,
	    const char *why, struct err *e);
int	store_queue_drop(struct store *s, const char *uid, struct err *e);

/* An event of the history: who did what to which board, and how it went. */
struct store_event {
	int64_t		 id;		/* given by the store */
	const char	*uid, *device_id;
	const char	*at;		/* RFC 3339 */
	/* "flashed", "failed", "recorded", "foreign", "imported" */
	const char	*what;
	const char	*version;	/* afterwards, or the one wanted */
	const char	*sha256;	/* of the file */
	const char	*error_code, *error_message;
	const char	*stage;		/* that failed: "flash" */
	const char	*host, *user;	/* where, and by whom */
	const char	*port, *board_id, *variant;
	const char	*version_before;
	const char	*file_name;
	const char	*method;	/* "uf2" */
	const char	*state;		/* of the board; NULL: not touched */
	int64_t		 attempts, took_ms;
	const char	*stages;	/* JSON: what took how many ms */
	const char	*note;		/* in words */
};

#define STORE_EVENT_INIT	{ .id = -1, .attempts = -1, .took_ms = -1 }

int	store_event_add(struct store *s, const struct store_event *ev,
	    struct err *e);
/* The last one of boards without uid at that place; 1 and fn was called, 0. */
int	store_event_last(struct store *s, const char *device_id,
	    int (*fn)(const struct store_event *ev, void *ctx), void *ctx,
	    struct err *e);

#endif
