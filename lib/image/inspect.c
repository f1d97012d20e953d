/* SPDX-License-Identifier: MIT */
#include "image/image.h"

#include <stdbool.h>
#include <string.h>
#include <strings.h>

#include "base/bytes.h"
#include "base/text.h"
#include "chips/chips.h"
#include "image/dfu.h"
#include "image/esp.h"
#include "image/hex.h"
#include "image/uf2.h"

#define UF2_MAGIC	0x0a324655u
#define TEXT_LOOK	512u		/* bytes that tell text from code */

const char *
image_machine_chip(const char *machine)
{
	const char *at = machine, *mcu = NULL;

	while ((at = strstr(at, " with ")) != NULL)
		mcu = at += 6;		/* the last: names may hold one too */
	return mcu == NULL ? NULL : chip_by_mcu(mcu);
}

/* What the parts that are for this chip come to; NULL: all of them. */
static void
sum_up_parts(struct image_facts *f, const char *chip)
{
	bool first = true;

	for (size_t i = 0; i < f->n_parts; i++) {
		const struct image_part *p = &f->part[i];

		if (chip != NULL && !text_equal(p->chip, chip))
			continue;
		if (first || p->addr < f->addr)
			f->addr = p->addr;
		if (first || p->end > f->end)
			f->end = p->end;
		if (first || f->strings.tag[0] == '\0')
			f->strings = p->strings;
		first = false;
	}
}

void
image_for_chip(struct image_facts *f, const char *chip)
{
	size_t i = 0;

	while (f->mixed && chip != NULL && i < f->n_parts &&
	    !text_equal(f->part[i].chip, chip))
		i++;
	if (!f->mixed || chip == NULL || i == f->n_parts)
		return;
	f->mixed = false;
	f->chip = f->part[i].chip;
	sum_up_parts(f, chip);
}

/* Each finds out what it can. */
static int
inspect_uf2(struct image_source *s, struct image_facts *out, struct err *e)
{
	struct image_strings says[UF2_PARTS];
	struct uf2_file f;

	if (uf2_check(s, &f, says, e) == -1)
		return -1;
	out->integrity = "structure";
	out->n_parts = f.n_parts;
	for (size_t i = 0; i < f.n_parts; i++) {
		out->part[i] = (struct image_part){
			.chip = uf2_family_chip(f.part[i].family),
			.addr = f.part[i].addr, .end = f.part[i].end,
			.strings = says[i],
		};
		out->mixed = out->mixed ||
		    !text_equal(out->part[i].chip, out->part[0].chip);
	}
	out->chip = out->mixed ? NULL : out->part[0].chip;
	sum_up_parts(out, NULL);
	return 0;
}

/* As image_strings. */
static int
strings_of(struct image_source *s, struct image_strings *out, struct err *e)
{
	struct strings_scan scan = STRINGS_SCAN_INIT;
	const uint8_t *p;
	size_t at, n;

	for (at = 0; at < s->size; at += n) {
		p = image_rest(s, at, &n, e);
		if (p == NULL)
			return -1;
		strings_feed(&scan, p, n);
	}
	strings_end(&scan, out);
	return 0;
}

static int
inspect_esp(struct image_source *s, struct image_facts *out, struct err *e)
{
	struct esp_file f;

	if (esp_file_check(s, &f, e) == -1)
		return -1;
	out->chip = f.first.chip;
	out->app_alone = f.first.app && f.n_apps == 0;
	out->integrity = f.hashed ? "sha256" : "crc";
	return strings_of(s, &out->strings, e);
}

static int
inspect_dfu(struct image_source *s, struct image_facts *out, struct err *e)
{
	struct dfu_file f;

	if (dfu_check(s, &f, e) == -1)
		return -1;
	out->integrity = f.suffix ? "crc" : "structure";
	out->addr = f.addr;
	out->end = f.end;
	return strings_of(s, &out->strings, e);
}

static int
inspect_hex(struct image_source *s, struct image_facts *out, struct err *e)
{
	struct strings_scan scan = STRINGS_SCAN_INIT;
	struct hex_file f;

	if (hex_check(s, &f, &scan, e) == -1)
		return -1;
	out->integrity = "crc";
	out->addr = f.addr;
	out->end = f.end;
	strings_end(&scan, &out->strings);
	return 0;
}

/* A web page or a message, saved under a firmware's name? */
static bool
is_text_file(const uint8_t *p, size_t n)
{
	size_t i, k;

	for (i = 0; i < n && i < TEXT_LOOK; i += k) {
		k = text_utf8((const char *)p + i, n - i);
		if (k == 0 || p[i] == '\0' || p[i] == 0x7f ||
		    (p[i] < ' ' && strchr("\t\r\n\f", p[i]) == NULL))
			return false;
	}
	return true;
}

/* As a network's login page comes instead of a download. */
static bool
is_html(const uint8_t *p, size_t n)
{
	static const char *const begins[] = { "<!doctype html", "<html" };
	const char *text = (const char *)p;
	size_t at = 0;

	while (at < n && strchr(" \t\r\n", text[at]) != NULL)
		at++;
	for (size_t i = 0; i < sizeof(begins) / sizeof(begins[0]); i++)
		if (n - at >= strlen(begins[i]) && strncasecmp(text + at,
		    begins[i], strlen(begins[i])) == 0)
			return is_text_file(p, n);
	return false;
}

static int
inspect_bin(struct image_source *s, struct image_facts *out, struct err *e)
{
	const uint8_t *p;
	size_t n;

	p = image_rest(s, 0, &n, e);
	if (p == NULL)
		return -1;
	if (is_html(p, n)) {
		err_set(e, ERR_INPUT, "a web page, not a firmware");
		return err_hint(e, "if the network asks for a login, log in "
		    "with a browser first");
	}
	if (is_text_file(p, n))
		return err_set(e, ERR_INPUT, "a page of text, not a firmware");
	return strings_of(s, &out->strings, e);
}

/* From the first bytes; dfu_ends alone looks at the last ones. */
static bool
is_uf2_block(const uint8_t *p, size_t n)
{
	return n >= 4 && le32(p) == UF2_MAGIC;
}

static bool
is_esp(const uint8_t *p, size_t n)
{
	return n > 0 && p[0] == ESP_MAGIC;
}

static const struct format {
	const char	*name;
	bool		(*begins)(const uint8_t *p, size_t n);
	bool		(*ends)(const uint8_t *p, size_t n);
	int		(*inspect)(struct image_source *s,
			    struct image_facts *out, struct err *e);
} formats[] = {
	{ "uf2", is_uf2_block, NULL, inspect_uf2 },
	{ "dfu", dfu_begins, dfu_ends, inspect_dfu },
	{ "esp", is_esp, NULL, inspect_esp },
	{ "hex", hex_is, NULL, inspect_hex },
	{ "bin", NULL, NULL, inspect_bin },
};

static const struct format *
format_of(struct image_source *s, struct err *e)
{
	const struct format *f = formats;
	uint8_t last[DFU_SUFFIX];
	size_t n = s->size < sizeof(last) ? s->size : sizeof(last);
	const uint8_t *p = image_at(s, s->size - n, n, e);

	if (p == NULL)
		return NULL;
	memcpy(last, p, n);
	p = image_at(s, 0, n, e);
	if (p == NULL)
		return NULL;
	while ((f->begins != NULL && !f->begins(p, n)) &&
	    (f->ends == NULL || !f->ends(last, n)))
		f++;
	return f;
}

int
image_inspect(struct image_source *s, struct image_facts *out, struct err *e)
{
	const struct format *f;

	memset(out, 0, sizeof(*out));
	if (s->size == 0)
		return err_set(e, ERR_INPUT, "empty");
	f = format_of(s, e);
	if (f == NULL)
		return -1;
	out->format = f->name;
	if (f->inspect(s, out, e) == -1)
		return -1;
	if (out->chip == NULL && !out->mixed)
		out->chip = image_machine_chip(out->strings.machine);
	return 0;
}
