/* SPDX-License-Identifier: MIT */
#include <assert.h>
#include <stdint.h>
#include <string.h>

#include "base/text.h"
#include "front/dotenv.h"
#include "pick/impl.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
check_pair(const char *name, const char *value, void *ctx)
{
	(void)ctx;
	assert(name[0] != '\0' && value != NULL);
	assert(strpbrk(name, " =\n") == NULL);
}

/* The list as it is after a key, in a window of any size. */
static void
check_window(struct pick_list *l, uint8_t size)
{
	struct buf out = BUF_INIT;

	assert(l->n_shown <= l->p->n);
	assert(l->at < l->n_shown || (l->at == 0 && l->n_shown == 0));
	list_draw(l, size & 7, size >> 3, &out);
	assert(l->top <= l->at && out.len > 0);
	buf_release(&out);
}

/* What a person types into a list, and the file .env of a project. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct pick_item items[] = {
		{ "RPI_PICO_W", "Raspberry Pi Pico W" }, { "A", "" },
		{ "\xc3\xa9t\xc3\xa9", "\033[2J" },
	};
	const struct pick p = { .question = "Board", .items = items, .n = 3 };
	const char *text = (const char *)data;
	struct pick_list l;
	enum pick_key key;
	size_t len, at = 1;

	dotenv_parse(text, size, check_pair, NULL);
	list_init(&l, &p);
	while (at < size && keys_take(text + at, size - at, data[0] & 1, &key,
	    &len)) {
		assert(len > 0 && len <= size - at);
		assert(key != KEY_TEXT || text_utf8(text + at, len) == len);
		list_key(&l, key, text + at, len);
		check_window(&l, data[0]);
		at += len;
	}
	list_release(&l);
	return 0;
}
