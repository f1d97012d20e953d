/* SPDX-License-Identifier: MIT */
#ifndef MPF_ESP_LOADER_H
#define MPF_ESP_LOADER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "esp/chip.h"
#include "esp/packet.h"
#include "link/link.h"

/*
 * loader: one ESP chip that sits in the boot loader of its ROM, or in a stub
 * that was loaded into its RAM, at the other end of a link.
 *
 * Source: Espressif's "Serial Protocol"; what the ROMs really do is said where
 * it is dealt with.  Requests and replies take turns: a ROM has no room for a
 * second request.  Replies are told by their op; whatever else comes is passed
 * over.  No function waits longer than the deadline that esp_connect was given.
 *
 * Errors: ERR_TIMEOUT no answer; ERR_PROTOCOL an answer that makes no sense;
 * ERR_IO the loader says that it failed, with its reason in words; ERR_VERIFY
 * that what it got has another sum;
 * ERR_UNSUPPORTED this loader has no such request; and those of the link.
 */

/* What is between the chip and the host. */
enum esp_port {
	ESP_BRIDGE,			/* a USB bridge, or none */
	ESP_CP2102N,			/* 10c4:ea60, and its like */
	ESP_CP2102C,			/* 10c4:ea64 */
	ESP_REMOTE,			/* whatever it is, over RFC 2217 */
	ESP_USB_JTAG,			/* 303a:1001, in the chip itself */
	ESP_USB_OTG			/* 303a:0002, ... its USB loader */
};

/* By the ids of a USB device, as sysfs has them, which may be NULL. */
enum esp_port	esp_port_of(const char *vid, const char *pid);
/* Is that the USB of the chip itself? */
bool	esp_is_own_usb(enum esp_port port);

/* How it gets into its loader. */
enum esp_entry {
	ESP_ENTER_LINES,		/* DTR and RTS: IO0 and EN */
	ESP_ENTER_NOTHING		/* it is there already, or by hand */
};

struct esp_loader;

struct esp_connect_opts {
	enum esp_port	 port;
	enum esp_entry	 entry;
	unsigned	 baud;		/* to begin with; 0: 115200 */
	/* An ESP32 or ESP8266 is expected, which is asked otherwise first. */
	bool		 old;
	int64_t		 deadline;	/* of all work, in clock_ms() */
	/* "connect": a new attempt begins; NULL: nobody wants to know. */
	void		(*tell)(void *ctx, const char *what);
	void		*ctx;
};

/*
 * Resets the chip into its loader and makes sure that it answers.  The link
 * stays the caller's, and is at opts->baud.  ERR_TIMEOUT says what was heard
 * instead: nothing, a boot log that ends in the firmware, "waiting for
 * download" without an answer, or noise.
 */
int	esp_connect(struct link *l, const struct esp_connect_opts *opts,
	    struct esp_loader **out, struct err *e);
/* After a failure: 0 if it still takes requests, at the rate it has. */
int	esp_wake(struct esp_loader *l);
/* Frees it, and sends nothing. */
void	esp_loader_free(struct esp_loader *l);

/* What the chip says of itself. */
struct esp_target {
	const struct esp_chip *chip;
	int		 revision;	/* major * 100 + minor; -1: not told */
	uint8_t		 mac[6];
	bool		 has_mac;
	uint32_t	 flash_id;	/* JEDEC; 0: not asked */
	uint32_t	 flash_size;	/* bytes; 0: not known */
	bool		 secure_boot, encrypted, secure_download;
	bool		 stub;		/* one was running already */
};

/*
 * Asks for the chip and its eFuses, and attaches the flash.  ERR_UNSUPPORTED
 * names a chip that nothing is known of, or that MicroPython has no build for.
 */
/* What of it is asked beside the chip and its locks. */
enum { ESP_ASK_MAC = 1, ESP_ASK_REVISION = 2 };

/* As esp_identify, in two parts, and no more than is needed. */
int	esp_identify_chip(struct esp_loader *l, unsigned what,
	    struct esp_target *out, struct err *e);
/*
 * Attaches the flash, which a stub has done itself, and asks for its id.
 * known: so many bytes are there for sure, and it is not asked; 0.
 */
int	esp_identify_flash(struct esp_loader *l, uint32_t known,
	    struct esp_target *io, struct err *e);
int	esp_identify(struct esp_loader *l, struct esp_target *out,
	    struct err *e);

/* The registers; n entries in one request. */
struct esp_reg {
	uint32_t	 addr, value, mask, delay_us;
};

int	esp_read_reg(struct esp_loader *l, uint32_t addr, uint32_t *out,
	    struct err *e);
int	esp_write_regs(struct esp_loader *l, const struct esp_reg *reg,
	    size_t n, struct err *e);

/*
 * Both sides go to another rate, and the loader is asked whether it follows,
 * unless the next request will show that (ask false).
 * ERR_UNSUPPORTED where the ROM has no such request (ESP8266): sync at the rate
 * that is wanted instead.
 */
int	esp_baud(struct esp_loader *l, unsigned baud, bool ask,
	    struct err *e);

/* A stub, read from a file of the user's; see esp/stub.h. */
struct esp_stub;
/* Loads and starts it; the loader then is the stub. */
int	esp_load_stub(struct esp_loader *l, const struct esp_stub *stub,
	    struct err *e);

/* --- the flash --- */

/* Largest block of a write, in bytes, compressed or not. */
size_t	esp_block_size(const struct esp_loader *l, bool compressed);
bool	esp_is_stub(const struct esp_loader *l);
bool	esp_can_inflate(const struct esp_loader *l);
bool	esp_can_digest(const struct esp_loader *l);

/*
 * Begins to write size bytes at addr (a multiple of 4096), of which sent come
 * over the line: fewer where they are compressed (zlib).  erase: how many
 * bytes from addr on are erased first; 0 on blank flash.
 */
int	esp_write_begin(struct esp_loader *l, uint32_t addr, size_t size,
	    size_t sent, size_t erase, bool compressed, struct err *e);
/*
 * The next block, of at most esp_block_size bytes.  unpacked: the bytes that
 * it becomes in the flash, by which its time is reckoned.
 */
int	esp_write_block(struct esp_loader *l, const void *p, size_t n,
	    size_t unpacked, struct err *e);
/* Makes sure that all blocks have arrived; the loader stays. */
int	esp_write_end(struct esp_loader *l, struct err *e);

int	esp_erase_region(struct esp_loader *l, uint32_t addr, size_t len,
	    struct err *e);
int	esp_digest(struct esp_loader *l, uint32_t addr, size_t len,
	    uint8_t md5[16], struct err *e);
/* Slow without a stub: 64 bytes a request. */
int	esp_read(struct esp_loader *l, uint32_t addr, void *p, size_t n,
	    struct err *e);

/*
 * Starts the firmware: a reset by the lines, or by the watchdog.  A chip that
 * leaves the bus by that has not failed.
 */
int	esp_start(struct esp_loader *l, struct err *e);
/* By DTR and RTS alone, without a loader; slow: of a chip that needs longer. */
int	esp_reset_lines(struct link *l, enum esp_port port, bool slow,
	    struct err *e);

#endif
