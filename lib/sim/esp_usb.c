/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "sim/esp_in.h"

/*
 * The USB of the chip itself.  Its JTAG unit remembers the last pattern of
 * the lines: the loader, where DTR was on alone since both were off.
 */
static void
jtag_lines(struct sim_esp *s, bool dtr, bool rts, int64_t now_us)
{
	if (!rts)
		s->to_loader = dtr;
	if (!dtr && rts && (s->dtr || !s->rts))
		sim_esp_reset(s, s->to_loader || s->forced, now_us);
}

/*
 * MicroPython goes into the loader when RTS alone gives way to DTR alone; the
 * ROM's own USB starts the firmware when RTS falls, unless the chip was
 * brought there by its button.
 */
static void
otg_lines(struct sim_esp *s, bool dtr, bool rts, int64_t now_us)
{
	const bool loader = s->mode == SIM_ESP_LOADER ||
	    s->mode == SIM_ESP_STUB;

	if (loader && s->rts && !rts && !s->button)
		sim_esp_reset(s, s->forced, now_us);
	else if (!loader && !s->opts.deaf && !s->dtr && s->rts && dtr && !rts)
		sim_esp_call_loader(s, now_us);
}

void
sim_esp_call_loader(struct sim_esp *s, int64_t now_us)
{
	sim_esp_reset(s, true, now_us);
	s->forced = s->by_app = true;
	s->button = false;
}

/* An ESP32-S3 that its firmware has sent there shows its JTAG unit. */
static enum sim_esp_usb
usb_now(const struct sim_esp *s)
{
	return s->opts.usb == SIM_ESP_OTG && s->by_app &&
	    strcmp(s->chip->name, "esp32s3") == 0 ? SIM_ESP_JTAG :
	    s->opts.usb;
}

const char *
sim_esp_pid(const struct sim_esp *s)
{
	static const struct {
		uint16_t	 pid;
		const char	*text;
	} roms[] = { { 0x0002, "0002" }, { 0x0009, "0009" },
		{ 0x0012, "0012" } };

	if (usb_now(s) == SIM_ESP_BRIDGE)
		return NULL;
	if (usb_now(s) == SIM_ESP_JTAG)
		return "1001";
	for (size_t i = 0; i < sizeof(roms) / sizeof(roms[0]); i++)
		if (roms[i].pid == s->chip->otg_pid &&
		    (s->mode == SIM_ESP_LOADER || s->mode == SIM_ESP_STUB))
			return roms[i].text;
	return "4001";
}

void
esp_usb_lines(struct sim_esp *s, bool dtr, bool rts, int64_t now_us)
{
	if (usb_now(s) == SIM_ESP_JTAG)
		jtag_lines(s, dtr, rts, now_us);
	else
		otg_lines(s, dtr, rts, now_us);
	s->dtr = dtr;
	s->rts = rts;
}
