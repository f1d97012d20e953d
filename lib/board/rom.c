/* SPDX-License-Identifier: MIT */
#include "board/rom.h"

#include <stdio.h>
#include <string.h>

#include "addr/addr.h"
#include "base/clock.h"
#include "chips/usb.h"
#include "esp/loader.h"
#include "esp/traits.h"

/*
 * DTR and RTS reset a chip behind a bridge, and by the USB unit in the chip.
 * A firmware that has a USB port of its own may go into its loader by them,
 * and would come back as another device.
 */
static bool
may_be_asked(const struct device *d)
{
	static const char bridged[] = "/dev/ttyUSB";

	return d->vid == NULL || usb_bridge(d->vid, d->pid) != NULL ||
	    esp_is_own_usb(esp_port_of(d->vid, d->pid)) ||
	    (d->serial_port != NULL && strncmp(d->serial_port, bridged,
	    sizeof(bridged) - 1) == 0);
}

static const char *
psram_word(enum esp_psram kind)
{
	switch (kind) {
	case ESP_PSRAM_NONE:
		return "none";
	case ESP_PSRAM_QUAD:
		return "quad";
	case ESP_PSRAM_OCTAL:
		return "octal";
	case ESP_PSRAM_UNKNOWN:
		break;
	}
	return "unknown";
}

static void
say_target(const struct esp_target *t, struct rom_answer *out)
{
	struct chip *c = &out->chip;
	const uint8_t *m = t->mac;

	c->name = t->chip->name;
	if (t->revision >= 0) {
		snprintf(out->revision, sizeof(out->revision), "%d.%d",
		    t->revision / 100, t->revision % 100);
		c->revision = out->revision;
	}
	if (t->has_mac) {
		snprintf(out->mac, sizeof(out->mac),
		    "%02x:%02x:%02x:%02x:%02x:%02x", m[0], m[1], m[2], m[3],
		    m[4], m[5]);
		c->mac = out->mac;
	}
	if (t->flash_size != 0)
		c->flash_bytes = t->flash_size;
	/* An ESP8266 has no such thing. */
	if (t->chip->mac[0] == 0)
		return;
	c->secure_boot = t->secure_boot;
	c->flash_encryption = t->encrypted;
	c->secure_download = t->secure_download;
}

static void
say_traits(const struct esp_traits *t, struct rom_answer *out)
{
	struct chip *c = &out->chip;

	if (t->package[0] != '\0') {
		memcpy(out->package, t->package, sizeof(out->package));
		c->package = out->package;
	}
	if (t->cores != 0)
		c->cores = t->cores;
	if (t->crystal_mhz != 0)
		c->crystal_mhz = t->crystal_mhz;
	c->psram = psram_word(t->psram);
	if (t->psram_bytes != 0)
		c->psram_bytes = t->psram_bytes;
	c->blank = t->blank;
}

static int
ask_rom_chip(struct link *l, const struct esp_connect_opts *opts,
    struct rom_answer *out, struct err *e)
{
	struct esp_loader *loader = NULL;
	struct esp_target target;
	struct esp_traits traits;
	int r = -1;

	if (esp_connect(l, opts, &loader, e) == -1 ||
	    esp_identify(loader, &target, e) == -1 ||
	    esp_traits(loader, &target, &traits, e) == -1)
		goto out;
	say_target(&target, out);
	say_traits(&traits, out);
	r = 0;
out:
	esp_loader_free(loader);
	return r;
}

int
board_ask_rom(const struct link_addr *at, const struct device *d,
    int64_t deadline, struct rom_answer *out, struct err *e)
{
	const struct esp_connect_opts opts = {
		.port = addr_is_remote(d->serial_port) ? ESP_REMOTE :
		    esp_port_of(d->vid, d->pid),
		.deadline = deadline
	};
	struct link *l = NULL;
	struct err why = ERR_INIT;
	int r;

	*out = (struct rom_answer){ .chip = CHIP_INIT };
	if (!may_be_asked(d))
		return err_set(e, ERR_UNSUPPORTED, "%s: neither a bridge nor "
		    "an ESP chip's own USB, so its boot ROM is not asked",
		    at->name);
	if (link_connect(at, NULL, &l, e) == -1)
		return -1;
	r = ask_rom_chip(l, &opts, out, &why);
	out->stays = opts.port == ESP_USB_OTG;
	if (!out->stays && esp_reset_lines(l, opts.port, false, e) == -1)
		r = -1;
	else if (r == -1)
		*e = why;
	link_close(l);
	return r;
}
