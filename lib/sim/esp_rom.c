/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <string.h>

#include "base/bytes.h"
#include "base/digest.h"
#include "sim/esp_in.h"

#define BAD_FORMAT	0x05u
#define BLOCK_MAX	0x1800u
#define SLOW_READ	64u

static void
do_read_reg(struct sim_esp *s, const uint8_t *p, size_t n)
{
	const uint32_t addr = n >= 4 ? le32(p) : 0;

	if (addr == 0 && s->mode == SIM_ESP_LOADER) {
		s->mode = SIM_ESP_LOST;	/* there is no memory: it crashes */
		return;
	}
	esp_answer(s, ESP_READ_REG, esp_reg_read(s, addr), NULL, 0, 0);
}

static void
do_write_reg(struct sim_esp *s, const uint8_t *p, size_t n)
{
	for (; n >= 16; p += 16, n -= 16)
		esp_reg_write(s, le32(p), le32(p + 4),
		    le32(p + 8));
	esp_answer(s, ESP_WRITE_REG, 0, NULL, 0, 0);
}

static void
do_mem_begin(struct sim_esp *s, const uint8_t *p, size_t n)
{
	if (n != 16 || le32(p + 8) > BLOCK_MAX) {
		esp_answer(s, ESP_MEM_BEGIN, 0, NULL, 0, BAD_FORMAT);
		return;
	}
	s->load.blocks = le32(p + 4);
	s->load.block_size = le32(p + 8);
	s->load.seq = 0;
	esp_answer(s, ESP_MEM_BEGIN, 0, NULL, 0, 0);
}

static void
do_mem_data(struct sim_esp *s, uint32_t sum, const uint8_t *p, size_t n)
{
	uint8_t code = 0;

	if (n < ESP_SUBHEADER || le32(p) != n - ESP_SUBHEADER ||
	    le32(p + 4) != s->load.seq)
		code = BAD_FORMAT;
	else if (esp_checksum(p + ESP_SUBHEADER, n - ESP_SUBHEADER) !=
	    (sum & 0xff))
		code = 0x07;
	if (code != BAD_FORMAT)
		s->load.seq++;
	if (code == 0)
		s->load.bytes += (uint32_t)(n - ESP_SUBHEADER);
	esp_answer(s, ESP_MEM_DATA, 0, NULL, 0, code);
}

/* What was loaded runs: a stub, which says hello. */
static void
do_mem_end(struct sim_esp *s, const uint8_t *p, size_t n)
{
	esp_answer(s, ESP_MEM_END, 0, NULL, 0, 0);
	if (n < 8 || le32(p) != 0 || s->load.bytes == 0)
		return;
	s->mode = SIM_ESP_STUB;
	esp_write_close(s);
	if (s->opts.stub_slow_line && s->baud != SIM_ESP_BAUD)
		s->next_baud = SIM_ESP_BAUD;	/* and hello is lost */
	else
		slip_add(&s->later, "OHAI", 4);
}

static void
do_md5(struct sim_esp *s, const uint8_t *p, size_t n)
{
	const uint32_t addr = n == 16 ? le32(p) : 0;
	const uint32_t len = n == 16 ? le32(p + 4) : 0;
	uint8_t md5[DIGEST_MD5];
	char hex[2 * DIGEST_MD5 + 1] = "";

	if (n != 16 || !esp_flash_holds(s, addr, len)) {
		esp_answer(s, ESP_FLASH_MD5, 0, hex,
		    s->mode == SIM_ESP_STUB ? 0 : 32, 0x09);
		return;
	}
	digest_md5(s->flash + addr, len, md5);
	if (s->opts.fault == SIM_ESP_WRONG_MD5)
		md5[0] ^= 1;
	for (unsigned i = 0; i < DIGEST_MD5; i++)
		snprintf(hex + 2 * i, 3, "%02x", md5[i]);
	esp_work(s, (int64_t)(len / 1024) * s->opts.md5_us_per_kb);
	if (s->mode == SIM_ESP_STUB)
		esp_answer(s, ESP_FLASH_MD5, 0, md5, DIGEST_MD5, 0);
	else
		esp_answer(s, ESP_FLASH_MD5, 0, hex, 32, 0);
}

static void
do_security(struct sim_esp *s, const uint8_t *p, size_t n)
{
	const bool stub = s->mode == SIM_ESP_STUB;
	uint8_t info[20] = { 0 };

	(void)p;
	(void)n;
	if (s->chip->id == ESP_NOT_TOLD) {
		esp_unknown(s, ESP_SECURITY_INFO);
		return;
	}
	info[0] = (uint8_t)(s->opts.secure_boot |
	    s->opts.secure_download << 2);
	info[4] = s->opts.encrypted;
	info[11] = 0x0c;		/* noise, as the ROM sends */
	info[12] = (uint8_t)s->chip->id;
	esp_answer(s, ESP_SECURITY_INFO, 0, info,
	    strcmp(s->chip->name, "esp32s2") == 0 && !stub ? 12 : 20, 0);
}

static void
do_baud(struct sim_esp *s, const uint8_t *p, size_t n)
{
	if (s->chip->mac[0] == 0 && s->mode == SIM_ESP_LOADER) {
		esp_unknown(s, ESP_CHANGE_BAUDRATE);
		return;
	}
	esp_answer(s, ESP_CHANGE_BAUDRATE, 0, NULL, 0, 0);
	if (n >= 8)
		s->next_baud = le32(p);
}

static void
do_slow_read(struct sim_esp *s, const uint8_t *p, size_t n)
{
	uint8_t bytes[SLOW_READ] = { 0 };
	const uint32_t addr = n == 8 ? le32(p) : 0;
	const uint32_t len = n == 8 ? le32(p + 4) : 0;

	if (s->mode == SIM_ESP_STUB || s->chip->mac[0] == 0) {
		esp_unknown(s, ESP_READ_FLASH_SLOW);
		return;
	}
	if (len <= SLOW_READ && esp_flash_holds(s, addr, SLOW_READ))
		memcpy(bytes, s->flash + addr, SLOW_READ);
	esp_answer(s, ESP_READ_FLASH_SLOW, 0, bytes, SLOW_READ,
	    len <= SLOW_READ ? 0 : 0x0a);
}

/* A stub's way to read: packets, which the host counts, and an MD5. */
static void
do_read(struct sim_esp *s, const uint8_t *p, size_t n)
{
	const uint32_t addr = n == 16 ? le32(p) : 0;
	uint32_t left = n == 16 ? le32(p + 4) : 0;
	const uint32_t packet = n == 16 ? le32(p + 8) : 0;
	uint8_t md5[DIGEST_MD5];
	uint32_t at = addr;

	if (n != 16 || packet == 0 || packet > 4096 ||
	    !esp_flash_holds(s, addr, left)) {
		esp_answer(s, ESP_READ_FLASH, 0, NULL, 0, 0xc0);
		return;
	}
	esp_answer(s, ESP_READ_FLASH, 0, NULL, 0, 0);
	digest_md5(s->flash + addr, left, md5);
	while (left > 0) {
		const uint32_t k = left < packet ? left : packet;

		slip_add(&s->later, s->flash + at, k);
		at += k;
		left -= k;
	}
	slip_add(&s->later, md5, sizeof(md5));
}

static void
do_erase(struct sim_esp *s, uint8_t op, const uint8_t *p, size_t n)
{
	const uint32_t addr = n == 8 ? le32(p) : 0;
	const uint32_t len = n == 8 ? le32(p + 4) : 0;

	if (s->mode != SIM_ESP_STUB) {
		esp_unknown(s, op);
		return;
	}
	if (op == ESP_ERASE_FLASH) {
		const int64_t all = esp_flash_erase(s, 0, s->flash_bytes);

		esp_work(s, s->opts.erase_chip_us != 0 ?
		    (int64_t)s->opts.erase_chip_us : all);
		esp_answer(s, op, 0, NULL, 0, 0);
		return;
	}
	if (n != 8 || addr % 4096 != 0 || len % 4096 != 0 ||
	    !esp_flash_holds(s, addr, len)) {
		esp_answer(s, op, 0, NULL, 0, 0xc0);
		return;
	}
	esp_work(s, esp_flash_erase(s, addr, len));
	esp_answer(s, op, 0, NULL, 0, 0);
}

static void
do_attach(struct sim_esp *s, const uint8_t *p, size_t n)
{
	const bool ok = s->mode == SIM_ESP_STUB ? n == 4 : n == 8 ||
	    strcmp(s->chip->name, "esp32") != 0;

	(void)p;
	if (s->chip->mac[0] == 0 && s->mode == SIM_ESP_LOADER)
		esp_unknown(s, ESP_SPI_ATTACH);
	else
		esp_answer(s, ESP_SPI_ATTACH, 0, NULL, 0, ok ? 0 :
		    s->mode == SIM_ESP_STUB ? 0xc0 : BAD_FORMAT);
}

static void
do_params(struct sim_esp *s, const uint8_t *p, size_t n)
{
	if (s->chip->mac[0] == 0 && s->mode == SIM_ESP_LOADER) {
		esp_unknown(s, ESP_SPI_SET_PARAMS);
		return;
	}
	if (n >= 8)
		s->told_bytes = le32(p + 4);
	esp_answer(s, ESP_SPI_SET_PARAMS, 0, NULL, 0, 0);
}

/* In secure download mode next to nothing is allowed. */
static bool
is_allowed(const struct sim_esp *s, uint8_t op)
{
	static const uint8_t ops[] = {
		ESP_SYNC, ESP_SPI_ATTACH, ESP_SPI_SET_PARAMS,
		ESP_CHANGE_BAUDRATE, ESP_FLASH_BEGIN, ESP_FLASH_DATA,
		ESP_FLASH_END, ESP_SECURITY_INFO
	};

	return !s->opts.secure_download ||
	    memchr(ops, op, sizeof(ops)) != NULL;
}

static void
do_sync(struct sim_esp *s, const uint8_t *p, size_t n)
{
	(void)p;
	(void)n;
	esp_answer(s, ESP_SYNC, 0, NULL, 0, 0);
}

static void
do_any_read(struct sim_esp *s, const uint8_t *p, size_t n)
{
	if (s->mode == SIM_ESP_STUB)
		do_read(s, p, n);
	else
		esp_unknown(s, ESP_READ_FLASH);
}

/* Those whose function needs to know no more than their data. */
static const struct {
	uint8_t	 op;
	void	(*run)(struct sim_esp *s, const uint8_t *p, size_t n);
} requests[] = {
	{ ESP_SYNC, do_sync }, { ESP_READ_REG, do_read_reg },
	{ ESP_WRITE_REG, do_write_reg }, { ESP_MEM_BEGIN, do_mem_begin },
	{ ESP_MEM_END, do_mem_end }, { ESP_FLASH_MD5, do_md5 },
	{ ESP_SECURITY_INFO, do_security }, { ESP_CHANGE_BAUDRATE, do_baud },
	{ ESP_SPI_ATTACH, do_attach }, { ESP_SPI_SET_PARAMS, do_params },
	{ ESP_READ_FLASH_SLOW, do_slow_read },
	{ ESP_READ_FLASH, do_any_read },
};

static void
dispatch(struct sim_esp *s, uint8_t op, uint32_t sum, const uint8_t *p,
    size_t n)
{
	for (size_t i = 0; i < sizeof(requests) / sizeof(requests[0]); i++)
		if (requests[i].op == op) {
			requests[i].run(s, p, n);
			return;
		}
	if (op == ESP_FLASH_BEGIN || op == ESP_DEFL_BEGIN)
		esp_do_begin(s, op, p, n);
	else if (op == ESP_FLASH_DATA || op == ESP_DEFL_DATA)
		esp_do_data(s, op, sum, p, n);
	else if (op == ESP_FLASH_END || op == ESP_DEFL_END)
		esp_do_end(s, op, p, n);
	else if (op == ESP_MEM_DATA)
		do_mem_data(s, sum, p, n);
	else if (op == ESP_ERASE_FLASH || op == ESP_ERASE_REGION)
		do_erase(s, op, p, n);
	else
		esp_unknown(s, op);
}

/* What is between the first block's arrival and the last's. */
static void
count_block(struct sim_esp *s, size_t n)
{
	struct sim_esp_count *c = &s->count;

	if (c->before_data == 0)
		c->before_data = c->requests - 1;
	if (s->data_at == 0)
		s->data_at = s->busy_until;
	else
		c->data_bytes += n;
	c->data_us = s->busy_until - s->data_at;
}

void
esp_request_in(struct sim_esp *s, const uint8_t *p, size_t n)
{
	if (s->mode == SIM_ESP_STUB && n == 4)
		return;			/* a count of bytes that were read */
	s->requests++;
	if (s->begun_at == 0)
		s->begun_at = s->busy_until;
	s->count.all_us = s->busy_until - s->begun_at;
	/* A busy client asks several times whether somebody is there. */
	if (n < 2 || p[1] != ESP_SYNC || s->count.requests != 1)
		s->count.requests++;
	if (n > 1 && (p[1] == ESP_FLASH_DATA || p[1] == ESP_DEFL_DATA))
		count_block(s, n);
	if (s->opts.fault == SIM_ESP_MUTE && s->requests >= s->opts.fault_at)
		return;
	if (n < ESP_HEADER || p[0] != 0 || !is_allowed(s, p[1]) ||
	    (s->chip->mac[0] == 0 && s->mode == SIM_ESP_LOADER &&
	    p[1] == ESP_FLASH_MD5)) {
		esp_unknown(s, n >= 2 ? p[1] : 0);
		return;
	}
	dispatch(s, p[1], le32(p + 4), p + ESP_HEADER, n - ESP_HEADER);
}
