/* SPDX-License-Identifier: MIT */
#include "site/page.h"

#include <stdlib.h>

#include "../tests/unit/tap.h"
#include "base/buf.h"

static struct page p;
static struct err e;

static int
parse(const char *html, const char *board)
{
	e = (struct err)ERR_INIT;
	return page_parse(html, strlen(html), board, &p, &e);
}

#define SOURCE	"<a href=\"https://github.com/micropython/micropython/tree/" \
		"master/ports/esp32/boards/ESP32_GENERIC\">esp32</a>"
#define LINK	"<a href=\"/resources/firmware/"

static const char esp32[] =
    "<!DOCTYPE html><html><body><h2>ESP32 &amp; more</h2>"
    SOURCE
    "<h2>Firmware</h2><h3>Releases</h3><div><strong>"
    LINK "ESP32_GENERIC-20260406-v1.28.0.bin\">v1.28.0 (2026-04-06) "
    ".bin</a></strong> / "
    LINK "ESP32_GENERIC-20260406-v1.28.0.app-bin\">[.app-bin]</a> / "
    LINK "ESP32_GENERIC-20260406-v1.28.0.elf\">[.elf]</a> (latest)"
    "</div><div>"
    LINK "ESP32_GENERIC-20220618-v1.19.1.bin\">v1.19.1</a> / "
    LINK "ESP32_GENERIC-20220618-v1.19.1.meta.zip\">[.elf and .map]"
    "</a></div><h2>Firmware (Support for SPIRAM)</h2>"
    "<A CLASS=x HREF='https://micropython.org/resources/firmware/"
    "ESP32_GENERIC-SPIRAM-20260406-v1.28.0.bin'>"
    LINK "ESP32_GENERIC_C3-20260406-v1.28.0.bin\">another</a>"
    LINK "ESP32_GENERIC-20260406-v1.28.0.bin\">again</a>"
    "<a>nothing</a><a name=x>nothing</a>";

static void
test_links(void)
{
	OK(parse(esp32, "ESP32_GENERIC") == 0);
	IS_STR(p.port, "esp32");
	OK(p.n == 4);
	IS_STR(p.link[0].file, "ESP32_GENERIC-20260406-v1.28.0.bin");
	IS_STR(p.link[1].file, "ESP32_GENERIC-20260406-v1.28.0.app-bin");
	IS_STR(p.link[2].file, "ESP32_GENERIC-20220618-v1.19.1.bin");
	IS_STR(p.link[3].file, "ESP32_GENERIC-SPIRAM-20260406-v1.28.0.bin");
	IS_STR(p.link[3].name.variant, "SPIRAM");
	page_release(&p);
}

static void
test_port(void)
{
	OK(parse("<a href=/x/ports/rp2/boards/RPI_PICO2>no</a>"
	    "<a href=/x/ports/../boards/RPI_PICO>no</a>"
	    "<a href=/x/ports/rp2/RPI_PICO>no</a>"
	    LINK "RPI_PICO-20260406-v1.28.0.uf2\">", "RPI_PICO") == 0);
	IS_STR(p.port, "");
	page_release(&p);
	OK(parse("<a href=/x/ports/renesas-ra/boards/EK_RA4M1/>yes</a>"
	    LINK "EK_RA4M1-20260406-v1.28.0.hex\">", "EK_RA4M1") == 0);
	IS_STR(p.port, "renesas-ra");
	page_release(&p);
}

static void
test_refused(void)
{
	struct buf many = BUF_INIT;

	OK(parse("", "X") == -1);
	OK(e.code == ERR_NOT_FOUND);
	IS_STR(e.msg, "no firmware for X on the page");
	OK(parse("<html><body>404", "X") == -1);
	OK(parse(LINK "X-20260406-v1.28.0.elf\">", "X") == -1);
	OK(parse(LINK "../X-20260406-v1.28.0.bin\">", "X") == -1);
	/* A comment that never ends hides what comes after it. */
	OK(parse("<!-- " LINK "X-20260406-v1.28.0.bin\">", "X") == -1);

	for (unsigned i = 0; i <= PAGE_LINKS; i++)
		buf_addf(&many, LINK "X-20260406-v1.%u.0.bin\">", i);
	OK(page_parse(many.data, many.len, "X", &p, &e) == -1);
	IS_STR(e.msg, "more than 4096 links");
	OK(page_parse(many.data, PAGE_MAX + 1, "X", &p, &e) == -1);
	OK(e.code == ERR_INPUT);
	buf_release(&many);
}

int
main(void)
{
	test_links();
	test_port();
	test_refused();
	return tap_done();
}
