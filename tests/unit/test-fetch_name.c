/* SPDX-License-Identifier: MIT */
#include "site/name.h"

#include <stdlib.h>

#include "../tests/unit/tap.h"

static struct firmware_name n;

/* The whole name, read and put together again in words. */
static void
reads(const char *file, const char *board, const char *want)
{
	char text[VERSION_TEXT], all[400] = "none";

	if (firmware_name_parse(file, board, &n)) {
		version_text(&n.version, text);
		snprintf(all, sizeof(all), "%s|%s|%s|%s|%d|%s|%s", n.board_id,
		    n.variant, n.date, text, n.version.build,
		    n.version.commit, n.ext);
	}
	IS_STR(all, want);
}

static void
cleans(const char *file, const char *want)
{
	char *clean = firmware_name_clean(file);

	IS_STR(clean, want);
	free(clean);
}

static void
test_parse(void)
{
	reads("RPI_PICO_W-20240602-v1.23.0.uf2", NULL,
	    "RPI_PICO_W||20240602|v1.23.0|-1||uf2");
	reads("ESP32_GENERIC-SPIRAM-20240602-v1.23.0.bin", NULL,
	    "ESP32_GENERIC|SPIRAM|20240602|v1.23.0|-1||bin");
	reads("PYBV11-DP_THREAD-20231005-v1.21.0.dfu", "PYBV11",
	    "PYBV11|DP_THREAD|20231005|v1.21.0|-1||dfu");
	reads("RPI_PICO-20241025-v1.24.0-preview.201.g269a0e0e1.uf2", NULL,
	    "RPI_PICO||20241025|v1.24.0-preview|201|269a0e0e1|uf2");
	reads("RPI_PICO-20220618-unstable-v1.18-496-gaa53d2f84.uf2", NULL,
	    "RPI_PICO||20220618|v1.18|496|aa53d2f84|uf2");
	reads("RPI_PICO-20220618-v1.19.uf2", NULL,
	    "RPI_PICO||20220618|v1.19|-1||uf2");
	reads("ESP32_GENERIC-20240602-v1.23.0.app-bin", NULL,
	    "ESP32_GENERIC||20240602|v1.23.0|-1||app-bin");
	/* Before v1.21 a board's name could have a '-'. */
	reads("nrf52840-mdk-usb-dongle-20220618-v1.19.1.uf2",
	    "nrf52840-mdk-usb-dongle",
	    "nrf52840-mdk-usb-dongle||20220618|v1.19.1|-1||uf2");

	/* Another board's, whose name begins alike. */
	reads("RPI_PICO2-20240602-v1.23.0.uf2", "RPI_PICO", "none");
	reads("RPI_PICO_W-20240602-v1.23.0.uf2", "RPI_PICO", "none");
	reads("RPI-20240602-v1.23.0.uf2", "RPI_PICO", "none");

	reads("", NULL, "none");
	reads("RPI_PICO.uf2", NULL, "none");
	reads("RPI_PICO-v1.23.0.uf2", NULL, "none");
	reads("RPI_PICO-2024060-v1.23.0.uf2", NULL, "none");
	reads("RPI_PICO-20240602-v1.23.0", NULL, "none");
	reads("RPI_PICO-20240602-.uf2", NULL, "none");
	reads("RPI_PICO-20240602-v1.23.0.", NULL, "none");
	reads("RPI_PICO-20240602-v1.28.0.meta.zip", NULL, "none");
	reads("a.b-20240602-v1", NULL, "none");
	reads("-20240602-v1.23.0.uf2", NULL, "none");
	reads("X--20240602-v1.23.0.uf2", NULL, "none");
	reads("../RPI_PICO-20240602-v1.23.0.uf2", NULL, "none");
	reads("RPI PICO-20240602-v1.23.0.uf2", NULL, "none");
	reads("RPI_PICO-20240602-v1.23.0.uf2?x", NULL, "none");
	reads("RPI_PICO-20240602-v1.23.0.abcdefghijklmnop", NULL, "none");
	reads("RPI_PICO_0123456789_0123456789_0123456789_0123456789_01234567890"
	    "-20240602-v1.23.0.uf2", NULL, "none");
}

static void
test_clean(void)
{
	cleans("RPI_PICO_W-20240602-v1.23.0.uf2", "RPI_PICO_W-v1.23.0.uf2");
	cleans("RPI_PICO-20241025-v1.24.0-preview.201.g269a0e0e1.uf2",
	    "RPI_PICO-v1.24.0-preview.201.uf2");
	cleans("RPI_PICO-20220618-unstable-v1.18-496-gaa53d2f84.uf2",
	    "RPI_PICO-unstable-v1.18-496-gaa53d2f84.uf2");
	cleans("mine.uf2", "mine.uf2");
	cleans("a.good.name.bin", "a.good.name.bin");
	cleans("", "");
}

static void
test_safe(void)
{
	char longer[NAME_FILE + 1];

	OK(firmware_file_safe("RPI_PICO_W-v1.23.0.uf2"));
	OK(!firmware_file_safe(""));
	OK(!firmware_file_safe(".hidden"));
	OK(!firmware_file_safe("-option"));
	OK(!firmware_file_safe("a/b"));
	OK(!firmware_file_safe("a\xc3\xa4"));
	memset(longer, 'x', sizeof(longer));
	longer[NAME_FILE] = '\0';
	OK(!firmware_file_safe(longer));
	longer[NAME_FILE - 1] = '\0';
	OK(firmware_file_safe(longer));

	OK(firmware_ext_usable("uf2") && firmware_ext_usable("bin"));
	OK(firmware_ext_usable("app-bin") && !firmware_ext_usable("elf"));
	OK(!firmware_ext_usable("map") && !firmware_ext_usable("zip"));
}

int
main(void)
{
	test_parse();
	test_clean();
	test_safe();
	return tap_done();
}
