/* SPDX-License-Identifier: MIT */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "esp/header.h"
#include "esp/packet.h"
#include "esp/partition.h"
#include "esp/slip.h"
#include "esp/stub.h"

#define FRAME_MAX	64u

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Frames, and that what was framed comes back. */
static void
try_slip(const uint8_t *data, size_t size)
{
	struct buf framed = BUF_INIT;
	struct esp_reply reply;
	struct err e = ERR_INIT;
	struct slip s;
	size_t whole = 0;

	slip_init(&s, FRAME_MAX);
	for (size_t i = 0; i < size; i++)
		if (slip_feed(&s, data[i])) {
			assert(s.frame.len <= FRAME_MAX);
			if (esp_reply_parse(s.frame.data, s.frame.len, &reply,
			    &e) == 0)
				assert(reply.len + ESP_HEADER == s.frame.len);
		}
	slip_reset(&s);
	if (size > 0 && size <= FRAME_MAX) {
		slip_add(&framed, data, size);
		for (size_t i = 0; i < framed.len; i++)
			whole += slip_feed(&s, (uint8_t)framed.data[i]);
		assert(whole == 1 && s.frame.len == size &&
		    memcmp(s.frame.data, data, size) == 0);
	}
	slip_release(&s);
	buf_release(&framed);
}

/* A header that is patched to what it has already stays as it is. */
static void
try_header(const uint8_t *data, size_t size)
{
	const struct esp_flash_params keep = ESP_KEEP;
	struct esp_flash_params want = { 2, 2, 0 };
	struct err e = ERR_INIT;
	uint8_t *copy = mem_alloc(size + 1);
	bool changed;

	memcpy(copy, data, size);
	for (size_t i = 0; i < esp_chips_n; i++) {
		if (size < ESP_HEADER_BYTES)
			break;
		esp_fits_chip(copy, size, &esp_chips[i], 100, &e);
		if (esp_patch_header(copy, size, &esp_chips[i], &keep,
		    &changed, &e) == 0)
			assert(!changed && memcmp(copy, data, size) == 0);
		if (esp_patch_header(copy, size, &esp_chips[i], &want,
		    &changed, &e) == 0)
			assert(esp_patch_header(copy, size, &esp_chips[i],
			    &want, &changed, &e) == 0 && !changed);
		memcpy(copy, data, size);
	}
	free(copy);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct partitions table;
	struct esp_stub stub;
	struct err e = ERR_INIT;

	try_slip(data, size);
	try_header(data, size);
	if (partitions_parse(data, size, &table, &e) == 0) {
		assert(table.n > 0 && table.n <= PARTITIONS_MAX);
		partitions_files(&table);
	}
	if (esp_stub_parse((const char *)data, size, &stub, &e) == 0) {
		assert(stub.text.len > 0);
		esp_stub_release(&stub);
	}
	return 0;
}
