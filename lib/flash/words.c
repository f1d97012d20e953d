/* SPDX-License-Identifier: MIT */
#include "flash/driver.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "flash/esp/params.h"

#define BAUD_MIN	9600
#define BAUD_MAX	4000000

/* Which of the words it is; NULL: the first. */
static int
word_of(const char *option, const char *said, const char *const *words,
    int *out, struct err *e)
{
	*out = 0;
	if (said == NULL)
		return 0;
	for (int i = 0; words[i] != NULL; i++)
		if (strcmp(words[i], said) == 0) {
			*out = i;
			return 0;
		}
	return err_set(e, ERR_USAGE, "--%s %s: not %s, %s%s%s", option, said,
	    words[0], words[1], words[2] != NULL ? ", " : "",
	    words[2] != NULL ? words[2] : "");
}

static int
read_address(const char *said, struct flash_words *out, struct err *e)
{
	char *end;
	unsigned long v;

	if (said == NULL)
		return 0;
	v = strtoul(said, &end, 0);
	if (!isdigit((unsigned char)said[0]) || *end != '\0' ||
	    v > UINT32_MAX)
		return err_set(e, ERR_USAGE, "--offset %s: not an address",
		    said);
	out->has_offset = true;
	out->offset = (uint32_t)v;
	return 0;
}

/* -1: nothing was said. */
static int
check_baud(const char *option, int64_t said, struct err *e)
{
	if (said == -1 || (said >= BAUD_MIN && said <= BAUD_MAX))
		return 0;
	return err_set(e, ERR_USAGE, "--%s %lld: not a rate from %d to %d",
	    option, (long long)said, BAUD_MIN, BAUD_MAX);
}

int
flash_words_read(const struct flash_said *said, struct flash_words *out,
    struct err *e)
{
	static const char *const erases[] = { "nothing", "fs", "all", NULL };
	static const char *const befores[] = { "reset", "no-reset", NULL };
	static const char *const afters[] = { "reset", "stay", NULL };
	int wipe, no_reset, stay;

	*out = (struct flash_words){ .wipe = FLASH_WIPE_NOTHING };
	if (word_of("erase", said->erase, erases, &wipe, e) == -1 ||
	    word_of("before", said->before, befores, &no_reset, e) == -1 ||
	    word_of("after", said->after, afters, &stay, e) == -1 ||
	    esp_check_words(said->mode, said->size, said->freq, e) == -1 ||
	    check_baud("baud", said->baud, e) == -1 ||
	    check_baud("retry-baud", said->retry_baud, e) == -1)
		return -1;
	out->wipe = (enum flash_wipe)wipe;
	out->no_reset = no_reset != 0;
	out->stay = stay != 0;
	return read_address(said->offset, out, e);
}

/* "a, b, c"; before is the name before it, which may be the same. */
static void
add_name(struct buf *all, const char *name, const char *before)
{
	if (before == NULL || strcmp(before, name) != 0)
		buf_addf(all, "%s%s", all->len > 0 ? ", " : "", name);
}

int
flash_check_names(const char *method, const char *bootloader,
    const struct flash_driver *const *table, struct err *e)
{
	struct buf all = BUF_INIT;
	bool known = method == NULL;
	int r = 0;

	for (size_t i = 0; !known && table[i] != NULL; i++) {
		add_name(&all, table[i]->name, i > 0 ? table[i - 1]->name :
		    NULL);
		known = strcmp(table[i]->name, method) == 0;
	}
	if (!known) {
		r = err_set(e, ERR_USAGE, "--method %s: no such method",
		    method);
		err_hint(e, "use %s", all.data);
	}
	buf_clear(&all);
	known = r == -1 || bootloader == NULL;
	for (size_t i = 0; !known && boot_methods[i] != NULL; i++) {
		add_name(&all, boot_methods[i]->name, NULL);
		known = strcmp(boot_methods[i]->name, bootloader) == 0;
	}
	if (!known) {
		r = err_set(e, ERR_USAGE, "--bootloader %s: no such way into a "
		    "bootloader", bootloader);
		err_hint(e, "use %s", all.data);
	}
	buf_release(&all);
	return r;
}
