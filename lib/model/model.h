/* SPDX-License-Identifier: MIT */
#ifndef MPF_MODEL_H
#define MPF_MODEL_H

#include <stdbool.h>
#include <stdint.h>

/*
 * model: the nouns of mpf-stream(5) as plain structs.  No code, no JSON.
 *
 * Strings are borrowed, from the record a struct was read from or from
 * whoever filled it in, and live no longer than that; so these structs own
 * nothing and are never released.  A key that is absent is NULL, or -1 where
 * it is a number.  X_INIT has everything absent.
 */

#define MODEL_CHECKS	8		/* at most, in one list */
#define MODEL_WORDS	32		/* likewise, in a list of free texts */

struct device {
	const char	*id;		/* "bench/usb/1-1.2": the place */
	const char	*host;
	bool		 named;		/* the user named exactly this one */
	const char	*serial_port;	/* "/dev/ttyACM0" */
	const char	*lines;		/* "0,1": DTR, RTS when it is open */
	const char	*vid, *pid;
	const char	*usb_serial, *usb_path;
	const char	*manufacturer, *product;
	const char	*mode;		/* "repl", "uf2", "silent"... */
	/* All that are open to it now, "uf2", "picoboot"; ends with NULL. */
	const char	*bootloaders[MODEL_CHECKS + 1];
	const char	*problem;	/* why it cannot be used, in words */
	const char	*volume;	/* "/media/RPI-RP2" */
	/* The debug probe it hangs on, which shows a drive: "DAPLink". */
	const char	*probe;
	/* What the drive of a UF2 bootloader says it is. */
	const char	*uf2_board_id, *uf2_model, *uf2_softdevice;
	const char	*dfu_memory;	/* "@Internal Flash /0x08000000/..." */
	int64_t		 dfu_flash_bytes; /* of that, what can be written */
	int64_t		 held_by_pid;
	const char	*held_by_command;
	const char	*interrupt;	/* ^C: "sent", "withheld" */
};

#define DEVICE_INIT	{ .held_by_pid = -1, .dfu_flash_bytes = -1 }

/* What the boot ROM of an ESP chip says of it, without any firmware. */
struct chip {
	const char	*name;		/* "esp32s3"; NULL: it was not asked */
	const char	*package;	/* "ESP32-D2WD" */
	const char	*revision;	/* "0.2" */
	const char	*mac;		/* "24:0a:c4:12:34:56" */
	int64_t		 cores;
	int64_t		 crystal_mhz;
	int64_t		 flash_bytes;
	/* In its package: "octal", "quad", "none", "unknown". */
	const char	*psram;
	int64_t		 psram_bytes;
	/* 1, 0; -1: not told. */
	int		 secure_boot, flash_encryption, secure_download;
	int		 blank;		/* no firmware where the ROM looks */
};

#define CHIP_INIT	{ .cores = -1, .crystal_mhz = -1, .flash_bytes = -1, \
			  .psram_bytes = -1, .secure_boot = -1, \
			  .flash_encryption = -1, .secure_download = -1, \
			  .blank = -1 }

/* What MicroPython says of itself. */
struct board {
	const char	*family;	/* "micropython" */
	const char	*version;	/* "v1.24.1" */
	int64_t		 build;		/* commits since the last tag */
	const char	*commit;
	const char	*port;		/* "rp2", "esp32", "stm32" */
	const char	*board_id;	/* "RPI_PICO_W", never the variant */
	const char	*variant;
	const char	*description;	/* the machine string */
	const char	*mcu;
	const char	*arch;
	const char	*mpy;		/* "v6.3" */
	const char	*uid;		/* hex */
	int		 interrupted;	/* 1, 0; -1: absent */
	/*
	 * Where its file system is in the flash, in bytes, and how many files
	 * of the user's are at its top: without boot.py and mpflash.toml.
	 */
	int64_t		 storage_addr, storage_bytes, storage_files;
	/* The two files on the board as JSON text; read, see codec.h. */
	const char	*info, *record;
};

#define BOARD_INIT	{ .build = -1, .interrupted = -1, \
			  .storage_addr = -1, .storage_bytes = -1, \
			  .storage_files = -1 }

/* The choice. */
struct firmware {
	const char	*wanted;	/* the user's word: "stable" */
	const char	*board_id, *variant, *port;
	const char	*version;	/* absent: not pinned yet */
	int64_t		 build;
	const char	*commit;
	int		 custom;	/* 1, 0; -1: absent */
	const char	*source;	/* URL or file */
	const char	*file_name;
	const char	*sha256;
	int64_t		 flash_offset;	/* of an image without addresses */
	const char	*action;	/* "flash", "skip" */
	bool		 force;		/* flash also what runs there already */
	const char	*by;		/* "board", "manual" */
	const char	*reason;	/* in words */
	const char	*index_source;
	int64_t		 index_age_s;
	int		 index_stale;	/* 1, 0; -1: absent */

	/* Custom firmware: what mpf-add was told or found out. */
	const char	*trust;		/* "signature", "none" */
	const char	*added_at;	/* RFC 3339 */
	const char	*description;
	const char	*custom_id;
	const char	*fits[MODEL_WORDS + 1];	/* boards besides board_id */
	const char	*git_url, *git_branch, *git_commit, *git_tag;
	int64_t		 git_commits_since_tag;
	int		 git_dirty;	/* 1, 0; -1: absent */
	const char	*git_version;	/* "v1.26.0-preview-48" */
	const char	*git_changes[MODEL_WORDS + 1];	/* lines of the log */
	const char	*toolchain_version, *python_version;
	const char	*build_date, *build_host;
	const char	*author, *organization;
	const char	*features[MODEL_WORDS + 1];
	const char	*dependencies[MODEL_WORDS + 1];
	const char	*tags[MODEL_WORDS + 1];
};

#define FIRMWARE_INIT	{ .build = -1, .custom = -1, \
			  .flash_offset = -1, .index_age_s = -1, \
			  .index_stale = -1, .git_commits_since_tag = -1, \
			  .git_dirty = -1 }

/* That file, here. */
struct image {
	const char	*path;		/* absolute */
	int64_t		 size_bytes;
	const char	*sha256;
	const char	*format;	/* "uf2", "esp", "dfu", "bin", "hex" */
	const char	*chip;		/* "rp2040" */
	const char	*version;	/* what it says of itself */
	int64_t		 build;
	const char	*commit;
	const char	*board;		/* the machine string inside it */
	const char	*mcu;		/* the last part of that */
	const char	*built;		/* "2024-10-25" */
	const char	*integrity;	/* what it proves: "sha256", "crc" */
	const char	*scan;		/* what a scanner wrote about it */
	const char	*checks[MODEL_CHECKS + 1];	/* ends with NULL */
};

#define IMAGE_INIT	{ .size_bytes = -1, .build = -1 }

/* What was done; on failure too, as far as it came. */
struct result {
	const char	*method;	/* "uf2" */
	const char	*bootloader;	/* how it got there: "mpy" */
	int64_t		 written_bytes, unchanged_bytes;
	int64_t		 took_ms;
	int64_t		 attempts;
	const char	*at;		/* RFC 3339 */
	const char	*verified[MODEL_CHECKS + 1];
	const char	*forced[MODEL_CHECKS + 1];
	const char	*version_before, *version_after;
	const char	*files;		/* the user's: "kept", "lost"... */
	const char	*flash_mode;	/* "dio": it did not start otherwise */
	int		 erased, formatted;	/* 1, 0; -1: absent */
	int		 dry_run;	/* 1, 0; -1: absent */
	const char	*state;		/* of the board; NULL: not touched */
};

#define RESULT_INIT	{ .written_bytes = -1, .unchanged_bytes = -1, \
			  .took_ms = -1, .attempts = -1, .erased = -1, \
			  .formatted = -1, .dry_run = -1 }

#endif
