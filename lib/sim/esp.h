/* SPDX-License-Identifier: MIT */
#ifndef MPF_SIM_ESP_H
#define MPF_SIM_ESP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"

/*
 * esp: an ESP chip with its flash: bytes in, bytes out, no I/O and no clock of
 * its own.  It plays the boot loader of the ROM, a stub that is loaded into it,
 * and what the ROM does with the flash afterwards.
 *
 * Source: facts about the ROMs of ESP32 and ESP32-C3, seen in an emulator of
 * the chips; Espressif's "Serial Protocol".  It keeps to their quirks, as real
 * clients fail at them: stale status bytes, repeated answers to unknown
 * requests, sequence numbers that a bad block uses up, a receive ring that
 * drops what comes while the ROM works.
 */

/* What of it goes wrong, once. */
enum sim_esp_fault {
	SIM_ESP_NO_FAULT,
	SIM_ESP_LOSE_REPLY,		/* the reply to request number at */
	SIM_ESP_DROP_BYTE,		/* byte number at that comes in */
	SIM_ESP_FLIP_BYTE,
	SIM_ESP_STUCK_BITS,		/* block number at is not programmed */
	SIM_ESP_WRONG_MD5,
	SIM_ESP_MUTE			/* silent from request number at on */
};

/* What a host sees: a bridge, the chip's USB-JTAG, or its USB-OTG. */
enum sim_esp_usb { SIM_ESP_BRIDGE, SIM_ESP_JTAG, SIM_ESP_OTG };

struct sim_esp_opts {
	const char	*chip;		/* "esp32c3" */
	enum sim_esp_usb usb;
	bool		 deaf;		/* its firmware hears no DTR, no RTS */
	uint32_t	 flash_bytes;	/* 0: 4 MB */
	uint32_t	 flash_id;	/* JEDEC; 0: by the size */
	bool		 flash_asleep;	/* of XMC: it has to be started */
	uint8_t		 mac[6];
	unsigned	 revision;	/* major * 100 + minor */
	bool		 secure_boot, encrypted, secure_download;
	uint8_t		 psram_mb;	/* in its package */
	uint8_t		 package;	/* number, of an ESP32 */
	bool		 one_core;	/* of an ESP32 */
	bool		 direct;	/* DTR is IO0, and RTS is EN */
	bool		 io0_low;	/* whatever the lines do */
	bool		 en_low;
	bool		 no_quad;	/* it does not start in qio, qout */
	unsigned	 rise_us;	/* from EN let go until IO0 counts */
	bool		 stub_slow_line; /* a stub starts at 115200 */
	/* Time that work takes, in microseconds; 0: none. */
	unsigned	 erase_sector_us, erase_block_us, program_page_us;
	unsigned	 md5_us_per_kb;
	unsigned	 erase_chip_us;	/* 0: as its blocks */
	enum sim_esp_fault fault;
	unsigned long	 fault_at;
};

enum sim_esp_mode {
	SIM_ESP_OFF,			/* EN is low */
	SIM_ESP_LOADER, SIM_ESP_STUB,
	SIM_ESP_RUNNING,		/* a firmware: see sim_esp_image */
	SIM_ESP_LOST			/* nothing that can be started */
};

struct sim_esp;

/*
 * Blank flash; it was never reset.  NULL: there is no such chip.  opts is
 * copied.
 */
struct sim_esp	*sim_esp_new(const struct sim_esp_opts *opts);
void	sim_esp_free(struct sim_esp *s);

/* EN rises, with IO0 low (loader) or high. */
void	sim_esp_reset(struct sim_esp *s, bool loader, int64_t now_us);
/*
 * The lines of the usual circuit: IO0 is low where DTR is on and RTS is off,
 * EN where RTS is on and DTR is off.  EN rises slowly, by its capacitor, and
 * the chip looks at IO0 when it has risen.
 */
void	sim_esp_lines(struct sim_esp *s, bool dtr, bool rts, int64_t now_us);
/*
 * n bytes came at this rate.  One that is not the chip's own is noise.
 */
void	sim_esp_input(struct sim_esp *s, const void *p, size_t n,
	    unsigned baud, int64_t now_us);
/* Does what is due.  What it has sent is in sim_esp_out. */
void	sim_esp_turn(struct sim_esp *s, int64_t now_us);
/* When there is more to do; INT64_MAX: never. */
int64_t	sim_esp_due(const struct sim_esp *s);
struct buf	*sim_esp_out(struct sim_esp *s);
unsigned	sim_esp_rate(const struct sim_esp *s);	/* its own */

/* machine.bootloader(): into the loader, where it stays at a reset. */
void	sim_esp_call_loader(struct sim_esp *s, int64_t now_us);
/* The product id of its own USB, as it is now; NULL: a bridge is there. */
const char	*sim_esp_pid(const struct sim_esp *s);
/* How many times it was reset, and is EN low now, or rising? */
unsigned	sim_esp_resets(const struct sim_esp *s);
bool	sim_esp_held(const struct sim_esp *s);

/* What a client of the loader took to do its work; counts anew from now on. */
struct sim_esp_count {
	unsigned long	 requests, before_data;	/* the first block of a write */
	unsigned long	 bytes;			/* that came in */
	int64_t		 all_us;		/* first request to the last */
	/* From the first block of a write to the last: time, work, bytes. */
	int64_t		 data_us, work_us;
	unsigned long	 data_bytes;
};

struct sim_esp_count	sim_esp_count(struct sim_esp *s);
/* All that have come to its loader so far. */
unsigned long	sim_esp_requests(const struct sim_esp *s);
enum sim_esp_mode	sim_esp_mode(const struct sim_esp *s);
uint8_t	*sim_esp_flash(struct sim_esp *s, size_t *n);
/* Where the firmware begins in the flash; for its strings. */
uint32_t	sim_esp_boot_offset(const struct sim_esp *s);

#endif
