/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "base/stop.h"
#include "base/text.h"
#include "esp/impl.h"

#define FRAME_MAX	(16u << 10)	/* bytes of a reply: READ_FLASH's */
#define SYNC_MS		100
#define SYNC_TRIES	5
#define SYNC_PAUSE_MS	50
#define RESETS		7		/* attempts, each with another wait */
#define HOLD_MS		100		/* EN is low so long */
/* From the rise of EN until IO0 is let go: a capacitor may be at EN. */
#define SHORT_MS	50
#define LONG_MS		550

enum esp_port
esp_port_of(const char *vid, const char *pid)
{
	char own[5];

	if (vid == NULL || pid == NULL)
		return ESP_BRIDGE;
	if (strcmp(vid, "10c4") == 0)
		return strcmp(pid, "ea60") == 0 ? ESP_CP2102N :
		    strcmp(pid, "ea64") == 0 ? ESP_CP2102C : ESP_BRIDGE;
	if (strcmp(vid, "303a") != 0)
		return ESP_BRIDGE;
	if (strcmp(pid, "1001") == 0)
		return ESP_USB_JTAG;
	for (size_t i = 0; i < esp_chips_n; i++) {
		snprintf(own, sizeof(own), "%04x",
		    (unsigned)esp_chips[i].otg_pid);
		if (esp_chips[i].otg_pid != 0 && strcmp(pid, own) == 0)
			return ESP_USB_OTG;
	}
	return ESP_BRIDGE;
}

bool
esp_is_own_usb(enum esp_port port)
{
	return port == ESP_USB_JTAG || port == ESP_USB_OTG;
}

/*
 * On most boards two transistors make IO0 low where DTR is on and RTS is off,
 * and EN low where RTS is on and DTR is off.  Both lines change in one call:
 * between two the board could start its firmware.
 *
 * Source: Espressif's "Boot Mode Selection", "Automatic Bootloader".
 */
static int
reset_bridge(struct link *link, enum esp_port port, int64_t wait_ms,
    struct err *e)
{
	/*
	 * Over a network, which may tell the lines apart by milliseconds, EN
	 * falls first, and no line is set that stays as it is: some servers
	 * take each for the beginning of a reset of their own.
	 */
	if (port != ESP_REMOTE && (link_lines(link, false, false, e) == -1 ||
	    link_lines(link, true, true, e) == -1))
		return -1;
	if (link_lines(link, false, true, e) == -1)
		return -1;
	clock_sleep_ms(HOLD_MS);
	if (link_lines(link, true, false, e) == -1)
		return -1;
	clock_sleep_ms(wait_ms);
	/* Behind a CP2102C IO0 is not let go.  Source: esptool, issue 1157. */
	return port == ESP_CP2102C ? 0 : link_lines(link, false, false, e);
}

/*
 * The USB-JTAG unit of the chip takes the lines as they change: IO0 before
 * the reset, and it never sees both off in between.
 */
static int
reset_usb_jtag(struct link *link, struct err *e)
{
	if (link_lines(link, false, false, e) == -1)
		return -1;
	clock_sleep_ms(HOLD_MS);
	if (link_lines(link, true, false, e) == -1)
		return -1;
	clock_sleep_ms(HOLD_MS);
	if (link_lines(link, true, true, e) == -1 ||
	    link_lines(link, false, true, e) == -1)
		return -1;
	clock_sleep_ms(HOLD_MS);
	return link_lines(link, false, false, e);
}

/* Attempt number i; every other one gives a slow EN more time. */
static int
enter_rom(struct esp_loader *l, int i, struct err *e)
{
	if (l->opts.entry == ESP_ENTER_NOTHING || l->opts.port == ESP_USB_OTG)
		return 0;
	slip_reset(&l->in);
	if (l->opts.port == ESP_USB_JTAG)
		return reset_usb_jtag(l->link, e);
	return reset_bridge(l->link, l->opts.port,
	    i % 2 == 0 ? SHORT_MS : LONG_MS, e);
}

static bool
says(const struct esp_loader *l, const char *what)
{
	return strstr(l->heard.data, what) != NULL;
}

/* Is most of it no text? */
static bool
is_noise(const struct buf *b)
{
	size_t odd = 0;

	for (size_t i = 0; i < b->len; i++) {
		const unsigned char c = (unsigned char)b->data[i];

		odd += (c < ' ' && c != '\r' && c != '\n' && c != '\t') ||
		    c > '~';
	}
	return odd * 4 > b->len;
}

/* Why nothing answers, by what came instead; each needs another remedy. */
static int
no_answer(const struct esp_loader *l, struct err *e)
{
	const char *name = link_name(l->link);

	if (l->opts.entry == ESP_ENTER_NOTHING) {
		err_set(e, ERR_TIMEOUT, "%s: no boot loader answers, and it "
		    "was not reset", name);
		return err_todo(e, NEXT_PRESS_BOOT,
		    "leave out --before no-reset; or hold BOOT, press and let "
		    "go of RESET (EN), and run it again");
	}
	if (l->heard.len == 0) {
		err_set(e, ERR_TIMEOUT, "%s: no ESP chip answers, and nothing "
		    "comes from it, not even at a reset", name);
		return err_todo(e, NEXT_PRESS_BOOT,
		    "see that the board has power, and that nothing holds its "
		    "reset (EN) low; then hold BOOT, press and let go of RESET "
		    "(EN), and run it again");
	}
	if (says(l, "waiting for download")) {
		err_set(e, ERR_TIMEOUT, "%s: the chip waits for a download, "
		    "but does not answer", name);
		return err_hint(e, "its receive line may be broken, or taken "
		    "by another device on the board");
	}
	if (says(l, "boot:0x") || says(l, "ets ") || says(l, "ESP-ROM:")) {
		err_set(e, ERR_TIMEOUT, "%s: the chip starts its firmware, and "
		    "not its boot loader", name);
		return err_todo(e, NEXT_PRESS_BOOT,
		    "hold BOOT while it connects: the board "
		    "does not wire DTR to it");
	}
	if (is_noise(&l->heard)) {
		err_set(e, ERR_TIMEOUT, "%s: only noise comes from it", name);
		return err_hint(e, "is it an ESP board; try a lower --baud, "
		    "and another cable");
	}
	err_set(e, ERR_TIMEOUT, "%s: a program talks there, but no boot "
	    "loader answers", name);
	return err_todo(e, NEXT_PRESS_BOOT,
	    "hold BOOT, press and let go of RESET (EN), and run it again");
}

/* 1: it answers; 0: not in this attempt. */
static int
try_sync(struct esp_loader *l, struct err *e)
{
	struct err why = ERR_INIT;

	for (int i = 0; i < SYNC_TRIES; i++) {
		if (stop_requested())
			return err_set(e, ERR_CANCELLED, "%s: stopped while "
			    "connecting", link_name(l->link));
		if (clock_ms() >= l->opts.deadline)
			return 0;
		if (esp_sync(l, SYNC_MS, &l->stub, &why) == 0)
			return 1;
		if (why.code != ERR_TIMEOUT) {
			*e = why;
			return -1;
		}
		clock_sleep_ms(SYNC_PAUSE_MS);
	}
	return 0;
}

int
esp_wake(struct esp_loader *l)
{
	struct err ignored = ERR_INIT;
	bool stub;

	for (int i = 0; i < SYNC_TRIES; i++) {
		esp_resync(l);
		if (esp_sync(l, SYNC_MS, &stub, &ignored) == 0)
			return stub == l->stub ? 0 : -1;
		if (ignored.code != ERR_TIMEOUT)
			break;
	}
	return -1;
}

int
esp_connect(struct link *link, const struct esp_connect_opts *opts,
    struct esp_loader **out, struct err *e)
{
	const struct buf heard = BUF_MAX(ESP_HEARD_MAX);
	struct esp_loader *l = mem_alloc(sizeof(*l));
	int r = 0;

	l->link = link;
	l->opts = *opts;
	l->out = (struct buf)BUF_INIT;
	l->heard = heard;
	l->baud = opts->baud != 0 ? opts->baud : ESP_BAUD;
	slip_init(&l->in, FRAME_MAX);
	if (link_baud(link, l->baud, e) == -1)
		r = -1;
	for (int i = 0; r == 0 && i < RESETS; i++) {
		if (opts->tell != NULL)
			opts->tell(opts->ctx, "connect");
		if (enter_rom(l, i, e) == -1)
			r = -1;
		else
			r = try_sync(l, e);
		if (clock_ms() >= opts->deadline)
			break;
	}
	if (r == 0)
		r = no_answer(l, e);
	if (r == 1) {
		*out = l;
		return 0;
	}
	esp_loader_free(l);
	return -1;
}
