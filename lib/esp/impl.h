/* SPDX-License-Identifier: MIT */
#ifndef MPF_ESP_IMPL_H
#define MPF_ESP_IMPL_H

#include "base/buf.h"
#include "esp/loader.h"
#include "esp/slip.h"

/* impl: what the files of lib/esp share, and nobody else sees. */

#define ESP_BAUD	115200u
#define ESP_COMMAND_MS	3000
#define ESP_HEARD_MAX	2048		/* bytes of a boot log that are kept */
/* A reply whose data may have any length: the status is what ends it. */
#define ESP_ANY		((size_t)-1)

struct esp_loader {
	struct link	*link;		/* borrowed */
	struct esp_connect_opts opts;
	const struct esp_chip *chip;	/* NULL: not asked yet */
	uint32_t	 flash_size;	/* bytes; 0: not known */
	bool		 stub, secure;
	unsigned	 baud;
	struct slip	 in;
	struct buf	 out;
	uint8_t		 raw[4096];	/* read, and not looked at yet */
	size_t		 raw_pos, raw_len;
	struct buf	 heard;		/* what came between frames */
	unsigned	 answers;	/* to the request before: 8 to SYNC */
	uint32_t	 seq;		/* of the next block */
	bool		 deflate, usb_loader_blocks;
	size_t		 late;		/* bytes a stub may still be writing */
};

/* clock_ms() + ms, but not after the deadline of all work. */
int64_t	esp_until(const struct esp_loader *l, int64_t ms);
/* Sends what l->out holds. */
int	esp_send(struct esp_loader *l, struct err *e);
/* The next frame, which l->in.frame has then; ERR_TIMEOUT. */
int	esp_frame(struct esp_loader *l, int64_t until, struct err *e);
/* The next frame that is a reply; ERR_TIMEOUT. */
int	esp_receive(struct esp_loader *l, int64_t until, struct esp_reply *out,
	    struct err *e);
/*
 * One request and its reply, which has want bytes of data (or ESP_ANY) before
 * its status.  out->len is without the status; out may be NULL.
 */
int	esp_command(struct esp_loader *l, enum esp_op op, const void *data,
	    size_t n, size_t want, int64_t ms, struct esp_reply *out,
	    struct err *e);
/* The same for a request that l->out holds already. */
int	esp_exchange(struct esp_loader *l, enum esp_op op, size_t want,
	    int64_t ms, struct esp_reply *out, struct err *e);
/* Once; the rest of its eight answers is read too.  *stub: a stub answers. */
int	esp_sync(struct esp_loader *l, int64_t ms, bool *stub, struct err *e);
/* Throws away what is on its way, and closes a frame that was cut. */
void	esp_resync(struct esp_loader *l);

/* --- spi.c: the flash, by the registers of SPI1 --- */

/* A command of the flash: its answer has at most 32 bits; 0: it has none. */
struct esp_spi {
	uint8_t		 op;
	bool		 has_addr;
	uint32_t	 addr;		/* of 24 bits */
	unsigned	 bits;
};

/* The registers are as before afterwards.  out may be NULL without bits. */
int	esp_spi(struct esp_loader *l, const struct esp_chip *c,
	    const struct esp_spi *s, uint32_t *out, struct err *e);

/* --- efuse.c: what the eFuses say --- */

#define ESP_WORDS	16		/* that are asked once */

/* Words that were read, so that none is read twice. */
struct esp_words {
	struct esp_loader *l;
	struct {
		uint32_t addr, value;
	}		 reg[ESP_WORDS];
	size_t		 n;
};

int	esp_word(struct esp_words *w, uint32_t addr, uint32_t *out,
	    struct err *e);
/* major * 100 + minor; -1 where the chip has none. */
int	esp_ask_revision(struct esp_words *w, const struct esp_chip *chip,
	    int *out, struct err *e);
int	esp_ask_mac(struct esp_words *w, const struct esp_chip *chip,
	    uint8_t mac[6], struct err *e);
/* known: the security info of the chip has told it. */
int	esp_ask_locks(struct esp_words *w, const struct esp_chip *chip,
	    bool known, struct esp_target *out, struct err *e);

#endif
