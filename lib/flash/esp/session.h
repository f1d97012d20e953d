/* SPDX-License-Identifier: MIT */
#ifndef MPF_FLASH_ESP_SESSION_H
#define MPF_FLASH_ESP_SESSION_H

#include "esp/loader.h"
#include "flash/driver.h"

/*
 * session: a chip in its loader, at the best rate that its line takes, with a
 * stub where the user has one; and back to that after a failure.
 */

struct flash_session {
	const struct flash_job	*job;
	struct link		*link;
	enum esp_port		 port;	/* what is between it and the chip */
	struct esp_loader	*loader;
	struct esp_target	 chip;
	unsigned		 rate;	/* of the line, or wanted */
	unsigned		 keep;	/* where the next run begins */
	bool			 no_stub; /* it did not start */
	unsigned		 ask;	/* of the chip: ESP_ASK_MAC, ... */
	uint32_t		 known;	/* bytes of the flash; 0: to be asked */
	/* What was told to be erased, and no write has covered yet. */
	uint32_t		 erase_at;
	size_t			 erase_len;
};

/* Opens the port, and brings the chip into its loader.  NULL, or the error. */
int	esp_session_connect(struct flash_session *s, struct err *e);
/* Which chip it is: s->chip. */
int	esp_session_identify(struct flash_session *s, struct err *e);
/*
 * The rate, the stub, and the flash.  A rate that the line does not take is
 * left for a lower one.
 */
int	esp_session_speed(struct flash_session *s, struct err *e);
/*
 * After a failure, of which there were so many in a row: the loader answers
 * again, from the second on at the rate for retries.  ERR_MISMATCH: another
 * chip is there now.
 */
int	esp_session_recover(struct flash_session *s, unsigned failures,
	    struct err *e);
/* The same after a first failure *e, where trying again may help; else -1. */
int	esp_session_again(struct flash_session *s, struct err *e);
/* After a failure: is the chip in its loader, and hears us? */
bool	esp_session_answers(struct flash_session *s);
void	esp_session_close(struct flash_session *s);

#endif
