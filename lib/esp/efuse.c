/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "esp/impl.h"

int
esp_word(struct esp_words *w, uint32_t addr, uint32_t *out, struct err *e)
{
	for (size_t i = 0; i < w->n; i++)
		if (w->reg[i].addr == addr) {
			*out = w->reg[i].value;
			return 0;
		}
	if (esp_read_reg(w->l, addr, out, e) == -1)
		return -1;
	if (w->n < ESP_WORDS) {
		w->reg[w->n].addr = addr;
		w->reg[w->n++].value = *out;
	}
	return 0;
}

/* The value of these bits; 0 where there are no such. */
static int
read_bits(struct esp_words *w, const struct esp_bits *b, unsigned *out,
    struct err *e)
{
	uint32_t v = 0;

	*out = 0;
	if (b->reg == 0)
		return 0;
	if (esp_word(w, b->reg, &v, e) == -1)
		return -1;
	*out = v >> b->shift & ((1u << b->width) - 1);
	return 0;
}

/* A number whose bits are in two places, the lower ones first. */
static int
read_split(struct esp_words *w, const struct esp_bits b[2], unsigned *out,
    struct err *e)
{
	unsigned low, high;

	if (read_bits(w, &b[0], &low, e) == -1 ||
	    read_bits(w, &b[1], &high, e) == -1)
		return -1;
	*out = high << b[0].width | low;
	return 0;
}

/* ESP32: a count of bits in three registers. */
static int
esp32_major(struct esp_words *w, unsigned *out, struct err *e)
{
	uint32_t word3, word5, apb = 0;
	unsigned bits;

	if (esp_word(w, 0x3ff5a00c, &word3, e) == -1 ||
	    esp_word(w, 0x3ff5a014, &word5, e) == -1)
		return -1;
	bits = (word3 >> 15 & 1) + (word5 >> 20 & 1);
	if (bits == 2 && esp_word(w, 0x3ff6607c, &apb, e) == -1)
		return -1;
	*out = bits + (bits == 2 && apb >> 31 == 1 ? 1 : 0);
	return 0;
}

/*
 * The first ESP32-S3 have a minor revision in their eFuses that they are not
 * of; they are known by the versions of two blocks.
 */
static int
is_first_s3(struct esp_words *w, bool *out, struct err *e)
{
	uint32_t block1, block2;

	if (esp_word(w, 0x60007044 + 3 * 4, &block1, e) == -1 ||
	    esp_word(w, 0x6000705c + 4 * 4, &block2, e) == -1)
		return -1;
	*out = (block1 >> 24 & 7) == 1 && (block2 & 3) == 1;
	return 0;
}

int
esp_ask_revision(struct esp_words *w, const struct esp_chip *chip, int *out,
    struct err *e)
{
	unsigned major, minor;
	const bool old = strcmp(chip->name, "esp32") == 0;

	*out = -1;
	if (chip->rev_minor[0].reg == 0)
		return 0;
	if ((old ? esp32_major(w, &major, e) :
	    read_split(w, chip->rev_major, &major, e)) == -1 ||
	    read_split(w, chip->rev_minor, &minor, e) == -1)
		return -1;
	*out = (int)(major * 100 + minor);
	if (strcmp(chip->name, "esp32s3") == 0 && (minor & 7) == 0) {
		bool first;

		if (is_first_s3(w, &first, e) == -1)
			return -1;
		if (first)
			*out = 0;
	}
	return 0;
}

/* ESP8266: the number of the board, and whose it is, in three words. */
static int
esp8266_mac(struct esp_words *w, uint8_t mac[6], struct err *e)
{
	uint32_t a, b, c;

	if (esp_word(w, 0x3ff00050, &a, e) == -1 ||
	    esp_word(w, 0x3ff00054, &b, e) == -1 ||
	    esp_word(w, 0x3ff0005c, &c, e) == -1)
		return -1;
	c = (c & 0xffffff) != 0 ? c & 0xffffff :
	    (b >> 16 & 0xff) == 0 ? 0x18fe34 : 0xacd074;
	mac[0] = (uint8_t)(c >> 16);
	mac[1] = (uint8_t)(c >> 8);
	mac[2] = (uint8_t)c;
	mac[3] = (uint8_t)(b >> 8);
	mac[4] = (uint8_t)b;
	mac[5] = (uint8_t)(a >> 24);
	return 0;
}

int
esp_ask_mac(struct esp_words *w, const struct esp_chip *chip, uint8_t mac[6],
    struct err *e)
{
	uint32_t low, high;

	if (chip->mac[0] == 0)
		return esp8266_mac(w, mac, e);
	if (esp_word(w, chip->mac[0], &low, e) == -1 ||
	    esp_word(w, chip->mac[1], &high, e) == -1)
		return -1;
	for (int i = 0; i < 2; i++)
		mac[i] = (uint8_t)(high >> 8 * (1 - i));
	for (int i = 0; i < 4; i++)
		mac[2 + i] = (uint8_t)(low >> 8 * (3 - i));
	return 0;
}

/* Chips with a short security info, or without any, tell it by eFuses. */
int
esp_ask_locks(struct esp_words *w, const struct esp_chip *chip, bool known,
    struct esp_target *out, struct err *e)
{
	unsigned v;

	if (known || chip->crypt_count.reg == 0)
		return 0;
	for (int i = 0; i < 2; i++) {
		if (read_bits(w, &chip->secure_boot[i], &v, e) == -1)
			return -1;
		out->secure_boot = out->secure_boot || v != 0;
	}
	if (read_bits(w, &chip->crypt_count, &v, e) == -1)
		return -1;
	for (; v != 0; v &= v - 1)
		out->encrypted = !out->encrypted;
	return 0;
}
