/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "esp/stub.h"
#include "flash/flash.h"

/* One line: the chip, and its stub or what is done without. */
static void
add_chip(const struct esp_chip *chip, int revision, const char *note,
    const char *dir, struct buf *out)
{
	struct esp_stub stub;
	struct err e = ERR_INIT;

	buf_addf(out, "%s%s\t", chip->shown, note);
	if (esp_stub_find(chip, revision, dir, &stub, &e) == 0) {
		buf_addf(out, "%s (%zu bytes)\n", stub.path,
		    stub.text.len + stub.data.len);
		esp_stub_release(&stub);
	} else if (e.code == ERR_NOT_FOUND) {
		buf_adds(out, "not found: the boot loader in the ROM is "
		    "used\n");
	} else {
		buf_addf(out, "%s\n", e.msg);
	}
}

void
flash_stub_info(const char *dir, struct buf *out)
{
	for (size_t i = 0; i < esp_chips_n; i++) {
		const struct esp_chip *chip = &esp_chips[i];

		if (!chip->supported)
			continue;
		if (strcmp(chip->name, "esp32p4") == 0)
			add_chip(chip, 100, " before v3.0", dir, out);
		add_chip(chip, -1, "", dir, out);
	}
}
