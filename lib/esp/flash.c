/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "base/clock.h"
#include "base/digest.h"
#include "esp/impl.h"

#define SECTOR		4096u
#define ROM_BLOCK	6144u		/* bytes: its buffer has no more */
#define STUB_BLOCK	16384u		/* a larger one silences it for good */
#define USB_BLOCK	2048u		/* through the chip's own USB loader */
#define BLOCK_TRIES	3
#define SLOW_READ	64u		/* bytes a request, by a ROM */
#define READ_PACKET	1024u		/* bytes a frame, by a stub */

/*
 * How long a chip may take, in ms for each megabyte, and the least.  Flashes
 * that are old and worn take several times what their data sheets say.
 */
#define ERASE_MS	40000
#define WRITE_MS	40000
#define MD5_MS		8000
#define LEAST_MS	3000

static int64_t
work_ms(size_t bytes, int64_t per_mb)
{
	const int64_t ms = (int64_t)bytes * per_mb / (1 << 20);

	return ms > LEAST_MS ? ms : LEAST_MS;
}

size_t
esp_block_size(const struct esp_loader *l, bool compressed)
{
	if (l->opts.port == ESP_USB_OTG)
		return USB_BLOCK;
	if (l->stub)
		return STUB_BLOCK;
	/* Whole sectors, so that it can begin again at any of them. */
	return compressed ? ROM_BLOCK : SECTOR;
}

bool
esp_is_stub(const struct esp_loader *l)
{
	return l->stub;
}

bool
esp_can_inflate(const struct esp_loader *l)
{
	return l->stub || (!esp_is_8266(l->chip) && !l->secure);
}

bool
esp_can_digest(const struct esp_loader *l)
{
	return esp_can_inflate(l);
}

/*
 * The ROM of an ESP8266 erases too much or too little, depending on where in
 * a 64 KB block it begins; asked for this many it erases the right ones.
 */
static size_t
erase_asked(const struct esp_loader *l, uint32_t addr, size_t erase)
{
	const size_t sectors = (erase + SECTOR - 1) / SECTOR;
	size_t head = 16 - addr / SECTOR % 16;

	if (!esp_is_8266(l->chip) || l->stub)
		return erase;
	head = head < sectors ? head : sectors;
	return sectors < 2 * head ? (sectors + 1) / 2 * SECTOR :
	    (sectors - head) * SECTOR;
}

int
esp_write_begin(struct esp_loader *l, uint32_t addr, size_t size, size_t sent,
    size_t erase, bool compressed, struct err *e)
{
	const size_t block = esp_block_size(l, compressed);
	struct buf data = BUF_INIT;
	int r;

	if (addr % SECTOR != 0 || (l->flash_size != 0 &&
	    (addr > l->flash_size || size > l->flash_size - addr)))
		return err_set(e, ERR_INTERNAL, "%s: a write of %zu bytes at "
		    "0x%x of a flash of %u", link_name(l->link), size, addr,
		    l->flash_size);
	/* A stub erases what it is told that it will write. */
	esp_add32(&data, (uint32_t)(l->stub ? size :
	    erase_asked(l, addr, erase)));
	esp_add32(&data, (uint32_t)((sent + block - 1) / block));
	esp_add32(&data, (uint32_t)block);
	esp_add32(&data, addr);
	if (!l->stub && !esp_is_8266(l->chip) &&
	    strcmp(l->chip->name, "esp32") != 0)
		esp_add32(&data, 0);	/* not to be encrypted */
	r = esp_command(l, compressed ? ESP_DEFL_BEGIN : ESP_FLASH_BEGIN,
	    data.data, data.len, 0, work_ms(erase, ERASE_MS), NULL, e);
	buf_release(&data);
	l->deflate = compressed;
	l->seq = 0;
	l->late = 0;
	return r == 0 ? 0 : err_wrap(e, "beginning to write at 0x%x", addr);
}

/*
 * A stub answers before it writes, so that what the block before this one
 * takes is waited for here; a ROM answers afterwards.  A stub takes a block
 * again that came with a wrong sum; a ROM has used up its number by then.
 */
int
esp_write_block(struct esp_loader *l, const void *p, size_t n,
    size_t unpacked, struct err *e)
{
	const enum esp_op op = l->deflate ? ESP_DEFL_DATA : ESP_FLASH_DATA;
	const int64_t ms = work_ms(l->stub ? l->late : unpacked,
	    WRITE_MS + (l->stub ? ERASE_MS : 0));
	int r = -1;

	for (int i = 0; i < BLOCK_TRIES; i++) {
		esp_block(&l->out, op, l->seq, p, n);
		r = esp_exchange(l, op, 0, ms, NULL, e);
		if (r == 0 || !l->stub || e->code != ERR_VERIFY)
			break;
	}
	if (r == -1 && l->stub && l->seq > 0 && e->code == ERR_IO)
		err_wrap(e, "the block before, number %u", l->seq - 1);
	else if (r == -1)
		err_wrap(e, "block %u", l->seq);
	l->seq++;
	l->late = unpacked;
	return r;
}

/*
 * The ROM has written all when it has answered, and would leave its loader at
 * this request.  A stub's last errors are said here.
 */
int
esp_write_end(struct esp_loader *l, struct err *e)
{
	struct buf data = BUF_INIT;
	int r = 0;

	if (!l->stub)
		return 0;
	esp_add32(&data, 1);		/* stay */
	r = esp_command(l, l->deflate ? ESP_DEFL_END : ESP_FLASH_END,
	    data.data, data.len, 0, work_ms(l->late, WRITE_MS + ERASE_MS),
	    NULL, e);
	buf_release(&data);
	return r == 0 ? 0 : err_wrap(e, "the last block");
}

int
esp_erase_region(struct esp_loader *l, uint32_t addr, size_t len,
    struct err *e)
{
	struct buf data = BUF_INIT;
	int r;

	if (!l->stub) {
		/* A write of nothing erases, and is all the ROM has. */
		esp_add32(&data, (uint32_t)erase_asked(l, addr, len));
		esp_add32(&data, 0);
		esp_add32(&data, ROM_BLOCK);
		esp_add32(&data, addr);
		if (!esp_is_8266(l->chip) &&
		    strcmp(l->chip->name, "esp32") != 0)
			esp_add32(&data, 0);
	} else {
		esp_add32(&data, addr);
		esp_add32(&data, (uint32_t)len);
	}
	r = esp_command(l, l->stub ? ESP_ERASE_REGION : ESP_FLASH_BEGIN,
	    data.data, data.len, 0, work_ms(len, ERASE_MS), NULL, e);
	buf_release(&data);
	return r == 0 ? 0 : err_wrap(e, "erasing %zu bytes at 0x%x", len,
	    addr);
}

static int
hex_digit(uint8_t c)
{
	return c >= '0' && c <= '9' ? c - '0' :
	    c >= 'a' && c <= 'f' ? c - 'a' + 10 :
	    c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* A ROM answers with 32 hex digits, a stub with 16 bytes. */
static int
read_md5(const struct esp_loader *l, const uint8_t *p, uint8_t md5[16],
    struct err *e)
{
	int high, low;

	if (l->stub) {
		memcpy(md5, p, 16);
		return 0;
	}
	for (int i = 0; i < 16; i++) {
		high = hex_digit(p[2 * i]);
		low = hex_digit(p[2 * i + 1]);
		if (high == -1 || low == -1)
			return err_set(e, ERR_PROTOCOL, "%s: a digest that is "
			    "not hex", link_name(l->link));
		md5[i] = (uint8_t)(high << 4 | low);
	}
	return 0;
}

int
esp_digest(struct esp_loader *l, uint32_t addr, size_t len, uint8_t md5[16],
    struct err *e)
{
	struct buf data = BUF_INIT;
	struct esp_reply reply;
	int r;

	if (!esp_can_digest(l))
		return err_set(e, ERR_UNSUPPORTED, "%s: this boot loader "
		    "makes no digests", link_name(l->link));
	esp_add32(&data, addr);
	esp_add32(&data, (uint32_t)len);
	esp_add32(&data, 0);
	esp_add32(&data, 0);
	r = esp_command(l, ESP_FLASH_MD5, data.data, data.len,
	    l->stub ? 16 : 32, work_ms(len, MD5_MS), &reply, e);
	if (r == 0)
		r = read_md5(l, reply.data, md5, e);
	buf_release(&data);
	return r;
}

/* 64 bytes a request. */
static int
read_by_rom(struct esp_loader *l, uint32_t addr, uint8_t *to, size_t n,
    struct err *e)
{
	struct buf data = BUF_INIT;
	struct esp_reply reply;
	int r = 0;

	for (size_t k; r == 0 && n > 0; addr += (uint32_t)k, to += k, n -= k) {
		k = n < SLOW_READ ? n : SLOW_READ;
		buf_clear(&data);
		esp_add32(&data, addr);
		esp_add32(&data, (uint32_t)k);
		r = esp_command(l, ESP_READ_FLASH_SLOW, data.data, data.len,
		    SLOW_READ, ESP_COMMAND_MS, &reply, e);
		if (r == 0)
			memcpy(to, reply.data, k);
	}
	buf_release(&data);
	return r;
}

/* So many bytes have arrived. */
static int
acknowledge(struct esp_loader *l, size_t got, struct err *e)
{
	struct buf count = BUF_INIT;

	esp_add32(&count, (uint32_t)got);
	slip_add(&l->out, count.data, count.len);
	buf_release(&count);
	return esp_send(l, e);
}

/* It sends frames of bytes, each of which is acknowledged, and their MD5. */
static int
read_by_stub(struct esp_loader *l, uint32_t addr, uint8_t *to, size_t n,
    struct err *e)
{
	const uint32_t args[] = { addr, (uint32_t)n, READ_PACKET, 1 };
	uint8_t md5[DIGEST_MD5];
	struct buf data = BUF_INIT;
	size_t got = 0;
	int r;

	for (size_t i = 0; i < sizeof(args) / sizeof(args[0]); i++)
		esp_add32(&data, args[i]);
	r = esp_command(l, ESP_READ_FLASH, data.data, data.len, 0,
	    ESP_COMMAND_MS, NULL, e);
	buf_release(&data);
	while (r == 0 && got < n) {
		const struct buf *f = &l->in.frame;

		if (esp_frame(l, esp_until(l, ESP_COMMAND_MS), e) == -1)
			return -1;
		if (f->len == 0 || f->len > n - got)
			return err_set(e, ERR_PROTOCOL, "%s: %zu bytes of "
			    "flash, where %zu are missing",
			    link_name(l->link), f->len, n - got);
		memcpy(to + got, f->data, f->len);
		got += f->len;
		r = acknowledge(l, got, e);
	}
	if (r == -1 || esp_frame(l, esp_until(l, ESP_COMMAND_MS), e) == -1)
		return -1;
	digest_md5(to, n, md5);
	if (l->in.frame.len != sizeof(md5) ||
	    memcmp(l->in.frame.data, md5, sizeof(md5)) != 0)
		return err_set(e, ERR_PROTOCOL, "%s: what was read of the "
		    "flash has another MD5", link_name(l->link));
	return 0;
}

int
esp_read(struct esp_loader *l, uint32_t addr, void *p, size_t n,
    struct err *e)
{
	if (!l->stub && (esp_is_8266(l->chip) || l->secure))
		return err_set(e, ERR_UNSUPPORTED, "%s: this boot loader "
		    "reads no flash", link_name(l->link));
	return l->stub ? read_by_stub(l, addr, p, n, e) :
	    read_by_rom(l, addr, p, n, e);
}
