/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "base/clock.h"
#include "esp/impl.h"

#define HOLD_MS		100		/* EN is low so long */
#define HOLD_USB_MS	200		/* the same by a USB of the chip */
#define DRAIN_MS	500		/* a boot log, at the most */
#define QUIET_MS	50		/* it is over */
#define BITE_MS		500		/* until the watchdog has */
#define STRAP_BOOT	(1u << 3)	/* low: the button is held */
/* Of CONFIG0: it is on, and its first stage resets the whole chip. */
#define WDT_RESET	0xd0000102u
#define WDT_TICKS	2000u		/* in CONFIG1 */

/*
 * A CP2102N that is closed while bytes come is dead until it is plugged in
 * again, and a chip that starts says so: until that is over.
 * Source: esptool, issue 399.
 */
static void
drain_link(struct link *l)
{
	const int64_t until = clock_ms() + DRAIN_MS;
	struct err ignored = ERR_INIT;
	char some[256];
	size_t n;

	while (clock_ms() < until && link_read(l, some, sizeof(some),
	    clock_ms() + QUIET_MS, &n, &ignored) == 0)
		continue;
}

/*
 * EN low, and then high.  A CP2102C goes through both on, and ends with DTR on.
 * Source: esptool, issue 1157.
 */
static int
pulse_reset(struct link *l, enum esp_port port, int64_t hold_ms,
    struct err *e)
{
	if (link_lines(l, false, true, e) == -1)
		return -1;
	clock_sleep_ms(hold_ms);
	if (port != ESP_CP2102C)
		return link_lines(l, false, false, e);
	if (link_lines(l, true, true, e) == -1)
		return -1;
	clock_sleep_ms(hold_ms);
	return link_lines(l, true, false, e);
}

int
esp_reset_lines(struct link *l, enum esp_port port, bool slow, struct err *e)
{
	struct err why = ERR_INIT;
	const int r = pulse_reset(l, port, slow ? HOLD_USB_MS : HOLD_MS, &why);

	if (r == 0 && port == ESP_CP2102N)
		drain_link(l);
	/* A chip whose own USB is reset leaves the bus. */
	if (r == 0 || (why.code == ERR_NOT_FOUND && esp_is_own_usb(port)))
		return 0;
	*e = why;
	return err_hint(e, "press the board's reset button: it waits in its "
	    "boot loader");
}

/* Its watchdog resets all of it, and it looks at its button again. */
static int
reset_by_watchdog(struct esp_loader *l, struct err *e)
{
	const struct esp_chip *c = l->chip;
	const struct esp_reg reg[] = {
		{ c->wdt_protect, ESP_WDT_KEY, ~0u, 0 },
		{ c->wdt_config0 + 4, WDT_TICKS, ~0u, 0 },
		{ c->wdt_config0, WDT_RESET, ~0u, 0 },
		{ c->wdt_protect, 0, ~0u, 0 },
	};

	if (esp_write_regs(l, reg, sizeof(reg) / sizeof(reg[0]), e) == -1)
		return -1;
	clock_sleep_ms(BITE_MS);
	return 0;
}

/*
 * In its USB loader a chip that was brought there by its button is not started
 * by DTR and RTS; and an ESP32-P4 never is.
 */
static bool
needs_watchdog(struct esp_loader *l, bool forced)
{
	struct err ignored = ERR_INIT;
	uint32_t strap;

	if (l->opts.port != ESP_USB_OTG)
		return false;
	if (strcmp(l->chip->name, "esp32p4") == 0)
		return true;
	return !forced && esp_read_reg(l, l->chip->strap, &strap,
	    &ignored) == 0 && (strap & STRAP_BOOT) == 0;
}

/* Else what a firmware told it once would hold for this reset, too. */
static bool
end_force(struct esp_loader *l)
{
	const struct esp_bits *b = &l->chip->force_loader;
	const struct esp_reg reg = { b->reg, 0, 1u << b->shift, 0 };
	struct err ignored = ERR_INIT;
	uint32_t v = 0;

	if (esp_read_reg(l, b->reg, &v, &ignored) == -1 ||
	    (v & reg.mask) == 0)
		return false;
	esp_write_regs(l, &reg, 1, &ignored);
	return true;
}

/*
 * By its lines; the ROM answers a request to leave, but what runs then has no
 * clean chip.  What has no lines to it is left as it is: the caller says so.
 *
 * Source: Espressif's "Boot Mode Selection" for chips with a USB of their own.
 */
int
esp_start(struct esp_loader *l, struct err *e)
{
	const struct esp_chip *c = l->chip;
	const enum esp_port port = l->opts.port;
	bool forced = false;

	if (c != NULL && !l->secure && c->force_loader.reg != 0 &&
	    esp_is_own_usb(port)) {
		forced = end_force(l);
		if (needs_watchdog(l, forced))
			return reset_by_watchdog(l, e);
	}
	return esp_reset_lines(l->link, port, port == ESP_USB_OTG ||
	    (port == ESP_USB_JTAG && c != NULL &&
	    strcmp(c->name, "esp32c5") == 0), e);
}
