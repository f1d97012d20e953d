/* SPDX-License-Identifier: MIT */
#ifndef MPF_ESP_PACKET_H
#define MPF_ESP_PACKET_H

#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"

/*
 * packet: what is in the frames: requests to a boot loader, and its replies.
 * Pure.
 *
 * Source: Espressif's "Serial Protocol", "Low Level Protocol" and "Commands".
 * A request is 0, op, length (16 bits), checksum (32), data; a reply is 1, op,
 * length, value (32), data.  All numbers are little-endian.
 */

enum esp_op {
	ESP_FLASH_BEGIN = 0x02, ESP_FLASH_DATA, ESP_FLASH_END,
	ESP_MEM_BEGIN, ESP_MEM_END, ESP_MEM_DATA,
	ESP_SYNC, ESP_WRITE_REG, ESP_READ_REG,
	ESP_SPI_SET_PARAMS = 0x0b,
	ESP_SPI_ATTACH = 0x0d, ESP_READ_FLASH_SLOW, ESP_CHANGE_BAUDRATE,
	ESP_DEFL_BEGIN, ESP_DEFL_DATA, ESP_DEFL_END,
	ESP_FLASH_MD5, ESP_SECURITY_INFO,
	/* Those that only a stub knows. */
	ESP_ERASE_FLASH = 0xd0, ESP_ERASE_REGION, ESP_READ_FLASH,
	ESP_RUN_USER_CODE
};

#define ESP_HEADER	8u		/* bytes in front of a packet's data */
#define ESP_SUBHEADER	16u		/* of the data of the *_DATA commands */

struct esp_reply {
	uint8_t		 op;
	uint32_t	 value;
	const uint8_t	*data;		/* borrowed: in the frame */
	size_t		 len;		/* status included */
};

/* Adds the four bytes of v, the lowest first. */
void	esp_add32(struct buf *out, uint32_t v);

/* Adds a whole frame: this request, with its data of n bytes. */
void	esp_request(struct buf *out, enum esp_op op, const void *data,
	    size_t n);
/*
 * Adds a whole frame: block number seq of FLASH_DATA, MEM_DATA or DEFL_DATA,
 * with its checksum.
 */
void	esp_block(struct buf *out, enum esp_op op, uint32_t seq,
	    const void *data, size_t n);
/* 0xEF and all bytes, by exclusive or. */
uint8_t	esp_checksum(const void *p, size_t n);

/*
 * What a frame holds, if it is a reply; ERR_PROTOCOL if it is not.  The length
 * that it states is not looked at: boot ROMs do not keep to it.
 */
int	esp_reply_parse(const void *frame, size_t n, struct esp_reply *out,
	    struct err *e);

/*
 * In words: what a boot ROM (stub 0) or a stub (1) means by this code of a
 * status; "error 0x7f" goes into the buffer where it has no name.
 */
const char	*esp_status_text(int stub, uint8_t code, char text[16]);

#endif
