/* SPDX-License-Identifier: MIT */
#ifndef MPF_ESP_STUB_H
#define MPF_ESP_STUB_H

#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "esp/chip.h"

/*
 * stub: a loader that is put into the RAM of a chip, and takes larger blocks
 * than its ROM, while it writes the last.  mpf ships none; it uses the user's.
 *
 * A file has one as JSON: "entry", "text" (base64), "text_start", "data"
 * (base64), "data_start"; data may be missing, and other keys do not matter.
 */

struct esp_stub {
	uint32_t	 entry, text_start, data_start;
	struct buf	 text, data;	/* data.len 0: it is missing */
	char		*path;		/* of the file; owned */
};

/* Reads one; ERR_INPUT names the key that is missing or broken. */
int	esp_stub_parse(const char *json, size_t n, struct esp_stub *out,
	    struct err *e);
/*
 * Looks for this chip's in dir, in the shapes that tools install it in
 * ("2/esp32c3.json", "1/esp32c3.json", "stub_flasher_32c3.json",
 * "esp32c3.json"), or, where dir is NULL, in the folders that MPF_STUB_DIR and
 * the packages of tools name.  revision decides for an ESP32-P4.  ERR_NOT_FOUND
 * lists nothing: a chip does without.
 */
int	esp_stub_find(const struct esp_chip *chip, int revision,
	    const char *dir, struct esp_stub *out, struct err *e);
void	esp_stub_release(struct esp_stub *s);

#endif
