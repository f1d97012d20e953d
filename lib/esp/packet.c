/* SPDX-License-Identifier: MIT */
#include "esp/packet.h"

#include <stdio.h>

#include "base/bytes.h"
#include "esp/slip.h"

#define CHECKSUM_SEED	0xefu
#define TO_HOST		1u

void
esp_add32(struct buf *out, uint32_t v)
{
	for (int i = 0; i < 4; i++)
		buf_addc(out, (char)(v >> 8 * i & 0xff));
}

static void
packet_header(struct buf *out, enum esp_op op, size_t n, uint32_t checksum)
{
	buf_addc(out, 0);
	buf_addc(out, (char)op);
	buf_addc(out, (char)(n & 0xff));
	buf_addc(out, (char)(n >> 8 & 0xff));
	esp_add32(out, checksum);
}

void
esp_request(struct buf *out, enum esp_op op, const void *data, size_t n)
{
	struct buf packet = BUF_INIT;

	packet_header(&packet, op, n, 0);
	buf_add(&packet, data, n);
	slip_add(out, packet.data, packet.len);
	buf_release(&packet);
}

void
esp_block(struct buf *out, enum esp_op op, uint32_t seq, const void *data,
    size_t n)
{
	struct buf packet = BUF_INIT;

	packet_header(&packet, op, ESP_SUBHEADER + n, esp_checksum(data, n));
	esp_add32(&packet, (uint32_t)n);
	esp_add32(&packet, seq);
	esp_add32(&packet, 0);
	esp_add32(&packet, 0);
	buf_add(&packet, data, n);
	slip_add(out, packet.data, packet.len);
	buf_release(&packet);
}

uint8_t
esp_checksum(const void *p, size_t n)
{
	const uint8_t *bytes = p;
	uint8_t sum = CHECKSUM_SEED;

	for (size_t i = 0; i < n; i++)
		sum ^= bytes[i];
	return sum;
}

int
esp_reply_parse(const void *frame, size_t n, struct esp_reply *out,
    struct err *e)
{
	const uint8_t *p = frame;

	if (n < ESP_HEADER || p[0] != TO_HOST)
		return err_set(e, ERR_PROTOCOL, "a frame of %zu bytes that is "
		    "not a reply", n);
	out->op = p[1];
	out->value = le32(p + 4);
	out->data = p + ESP_HEADER;
	out->len = n - ESP_HEADER;
	return 0;
}

/* Each list ends with a NULL text. */
struct status_text {
	uint8_t		 code;
	const char	*text;
};

static const struct status_text rom_texts[] = {
	{ 0x05, "it does not know that request" },
	{ 0x06, "it cannot do that: address, length or place" },
	{ 0x07, "the checksum is wrong" },
	{ 0x08, "the flash reads back different" },
	{ 0x09, "it cannot read the flash" },
	{ 0x0a, "it cannot read so many bytes" },
	{ 0x0b, "the compressed data is broken" },
	{ 0x0c, "the sum of the compressed data is wrong" },
	{ 0x0d, "the compressed data is not as it was announced" },
	{ 0x0e, "the memory has fewer bytes" },
	{ 0x0f, "the memory has no such address" },
	{ 0, NULL }
};

static const struct status_text stub_texts[] = {
	{ 0xc0, "a length is wrong" },
	{ 0xc1, "the checksum is wrong" },
	{ 0xc2, "the block is too large" },
	{ 0xc3, "it does not know that request" },
	{ 0xc4, "the flash does not do that" },
	{ 0xc5, "the flash stays locked" },
	{ 0xc6, "it was not told to write" },
	{ 0xc7, "the compressed data is broken" },
	{ 0xc8, "the compressed data ends too early" },
	{ 0xc9, "the compressed data is too long" },
	{ 0, NULL }
};

const char *
esp_status_text(int stub, uint8_t code, char text[16])
{
	const struct status_text *t = stub ? stub_texts : rom_texts;

	for (; t->text != NULL; t++)
		if (t->code == code)
			return t->text;
	snprintf(text, 16, "error 0x%02x", code);
	return text;
}
