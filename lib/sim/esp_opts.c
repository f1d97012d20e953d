/* SPDX-License-Identifier: MIT */
#include "sim/esp_opts.h"

#include <stdlib.h>
#include <string.h>

#include "esp/chip.h"

#define FLASH_MIN	(256u << 10)	/* bytes */
#define FLASH_MAX	(64u << 20)

/* "8MB", "512KB": bytes; 0: it is no size. */
static uint32_t
parse_size(const char *text)
{
	char *end;
	const unsigned long n = strtoul(text, &end, 10);

	if (text[0] < '0' || text[0] > '9' || n > 1024)
		return 0;
	if (strcmp(end, "MB") == 0)
		return (uint32_t)n << 20;
	return strcmp(end, "KB") == 0 ? (uint32_t)n << 10 : 0;
}

static int
set_flash(const char *text, struct sim_esp_opts *out, struct err *e)
{
	const uint32_t n = parse_size(text);

	if (n < FLASH_MIN || n > FLASH_MAX || (n & (n - 1)) != 0)
		return err_set(e, ERR_USAGE, "--flash-size %s: not a power of "
		    "two from 256KB to 64MB", text);
	out->flash_bytes = n;
	return 0;
}

/* Only what some chip of that name has: its eFuses have no code for more. */
static int
sim_psram(const char *text, struct sim_esp_opts *out, struct err *e)
{
	const struct esp_chip *c = esp_chip_by_name(out->chip);
	const uint32_t mb = parse_size(text) >> 20;

	for (unsigned i = 1; i < ESP_PSRAMS; i++)
		if (mb != 0 && c->psram_mb[i] == mb) {
			out->psram_mb = (uint8_t)mb;
			return 0;
		}
	return err_set(e, ERR_USAGE, "--psram %s: no %s has that in its "
	    "package", text, c->shown);
}

/* "3.1": major and minor. */
static int
set_revision(const char *text, struct sim_esp_opts *out, struct err *e)
{
	char *dot, *end;
	const unsigned long major = strtoul(text, &dot, 10);
	const unsigned long minor = *dot == '.' ? strtoul(dot + 1, &end, 10) :
	    100;

	if (text[0] < '0' || text[0] > '9' || *dot != '.' || dot[1] < '0' ||
	    dot[1] > '9' || *end != '\0' || major > 7 || minor > 15)
		return err_set(e, ERR_USAGE, "--revision %s: not two numbers "
		    "such as 3.1", text);
	out->revision = (unsigned)(major * 100 + minor);
	return 0;
}

/* How long the capacitor at EN takes. */
static int
set_rise(const char *text, struct sim_esp_opts *out, struct err *e)
{
	char *end;
	const unsigned long ms = strtoul(text, &end, 10);

	if (text[0] < '0' || text[0] > '9' || *end != '\0' || ms == 0 ||
	    ms > 10000)
		return err_set(e, ERR_USAGE, "--rise %s: not a number from 1 "
		    "to 10000", text);
	out->rise_us = (unsigned)ms * 1000;
	return 0;
}

static int
set_wiring(const char *text, struct sim_esp_opts *out, struct err *e)
{
	out->direct = strcmp(text, "direct") == 0;
	return out->direct || strcmp(text, "usual") == 0 ? 0 :
	    err_set(e, ERR_USAGE, "--wiring %s: neither usual nor direct",
	    text);
}

/* A button that is held, or a wire that should not be there. */
static int
set_hold(const char *text, struct sim_esp_opts *out, struct err *e)
{
	out->io0_low = strcmp(text, "boot") == 0;
	out->en_low = strcmp(text, "reset") == 0;
	return out->io0_low || out->en_low ? 0 : err_set(e, ERR_USAGE,
	    "--hold %s: neither boot nor reset", text);
}

static int
set_flash_lines(const char *text, struct sim_esp_opts *out, struct err *e)
{
	out->no_quad = strcmp(text, "2") == 0;
	return out->no_quad || strcmp(text, "4") == 0 ? 0 : err_set(e,
	    ERR_USAGE, "--flash-lines %s: neither 2 nor 4", text);
}

/* The name of a package with one core has an S where D stands for two. */
static int
sim_package(const char *text, struct sim_esp_opts *out, struct err *e)
{
	static const char one[] = "ESP32-S";
	const bool single = strncmp(text, one, sizeof(one) - 1) == 0;

	for (size_t i = 0; i < esp_packages_n; i++) {
		const char *name = esp_packages[i].name;

		if (strcmp(out->chip, "esp32") != 0 ||
		    (strcmp(name, text) != 0 && !(single &&
		    strncmp(name, "ESP32-D0", 8) == 0 &&
		    strcmp(name + sizeof(one) - 1, text + sizeof(one) - 1) ==
		    0)))
			continue;
		out->package = esp_packages[i].number;
		out->one_core = single;
		return 0;
	}
	return err_set(e, ERR_USAGE, "--package %s: no package of an ESP32",
	    text);
}

static int
set_secure(const char *text, struct sim_esp_opts *out, struct err *e)
{
	const struct {
		const char	*word;
		bool		*flag;
	} words[] = {
		{ "boot", &out->secure_boot }, { "flash", &out->encrypted },
		{ "download", &out->secure_download },
	};
	const char *p = text;
	size_t n, i;

	for (; *p != '\0'; p += n + (p[n] == ',')) {
		n = strcspn(p, ",");
		for (i = 0; i < 3; i++)
			if (strlen(words[i].word) == n &&
			    strncmp(p, words[i].word, n) == 0)
				break;
		if (i == 3)
			return err_set(e, ERR_USAGE, "--secure %s: not some "
			    "of boot, flash, download", text);
		*words[i].flag = true;
	}
	return 0;
}

/*
 * "line,flash": a flash that is in use takes that long.  Source: people's times
 * for an ESP32 at 4 Mbaud, 13 s for 1.77 MB, and 7.6 s where it was blank.
 */
static int
set_timing(const char *text, struct sim_esp_opts *out, struct err *e)
{
	const bool flash = strcmp(text, "flash") == 0 ||
	    strcmp(text, "line,flash") == 0;

	if (flash) {
		out->erase_sector_us = 45000;
		out->erase_block_us = 188000;
		out->program_page_us = 1050;
		out->md5_us_per_kb = 600;
		out->erase_chip_us = 8000000;
	}
	return flash || strcmp(text, "line") == 0 ? 0 : err_set(e, ERR_USAGE,
	    "--timing %s: not line, flash or line,flash", text);
}

bool
sim_esp_paced(const struct sim_esp_words *w)
{
	return w->timing != NULL && strncmp(w->timing, "line", 4) == 0;
}

void
sim_esp_fail(const struct sim_fault *f, struct sim_esp_opts *out)
{
	static const struct {
		enum sim_fault_kind	 kind;
		enum sim_esp_fault	 fault;
	} all[] = {
		{ SIM_FAULT_REPLY, SIM_ESP_LOSE_REPLY },
		{ SIM_FAULT_DROP, SIM_ESP_DROP_BYTE },
		{ SIM_FAULT_FLIP, SIM_ESP_FLIP_BYTE },
		{ SIM_FAULT_STUCK, SIM_ESP_STUCK_BITS },
		{ SIM_FAULT_DIGEST, SIM_ESP_WRONG_MD5 },
		{ SIM_FAULT_MUTE, SIM_ESP_MUTE },
	};

	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++)
		if (all[i].kind == f->kind) {
			out->fault = all[i].fault;
			out->fault_at = f->n;
		}
}

static void
set_mac(struct sim_identity *id, struct sim_esp_opts *out)
{
	static const uint8_t maker[] = { 0x18, 0xfe, 0x34 };

	if (strcmp(out->chip, "esp8266") != 0) {
		memcpy(out->mac, id->uid, sizeof(out->mac));
		return;
	}
	id->uid[3] = 0;
	memcpy(out->mac, maker, sizeof(maker));
	for (int i = 0; i < 3; i++)
		out->mac[3 + i] = id->uid[2 - i];
}

int
sim_esp_words(const struct sim_esp_words *w, struct sim_identity *id,
    struct sim_esp_opts *out, struct err *e)
{
	static const struct {
		const char	*option;
		size_t		 word;
		int	(*set)(const char *text, struct sim_esp_opts *out,
			    struct err *e);
	} all[] = {
		{ "flash-size", offsetof(struct sim_esp_words, flash),
		  set_flash },
		{ "psram", offsetof(struct sim_esp_words, psram), sim_psram },
		{ "revision", offsetof(struct sim_esp_words, revision),
		  set_revision },
		{ "rise", offsetof(struct sim_esp_words, rise), set_rise },
		{ "wiring", offsetof(struct sim_esp_words, wiring),
		  set_wiring },
		{ "hold", offsetof(struct sim_esp_words, hold), set_hold },
		{ "flash-lines", offsetof(struct sim_esp_words, flash_lines),
		  set_flash_lines },
		{ "package", offsetof(struct sim_esp_words, package),
		  sim_package },
		{ "secure", offsetof(struct sim_esp_words, secure),
		  set_secure },
		{ "timing", offsetof(struct sim_esp_words, timing),
		  set_timing },
	};

	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
		const char *const *word;
		const void *at = (const char *)w + all[i].word;

		word = at;
		if (*word == NULL)
			continue;
		if (out->chip == NULL)
			return err_set(e, ERR_USAGE, "--%s: for the kinds "
			    "whose chip is an ESP", all[i].option);
		if (all[i].set(*word, out, e) == -1)
			return -1;
	}
	if (out->chip != NULL)
		set_mac(id, out);
	return 0;
}
