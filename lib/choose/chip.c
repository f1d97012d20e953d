/* SPDX-License-Identifier: MIT */
#include "choose/impl.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/buf.h"
#include "base/text.h"

/*
 * chip: which build of MicroPython's generic boards an ESP chip gets, by what
 * its boot ROM says of it.
 *
 * Source: MicroPython, ports/esp32/boards/ESP32_GENERIC*, the sdkconfig files
 * and mpconfigvariant files; ports/esp8266/boards/ESP8266_GENERIC.
 */

#define KB		1024
#define MB		(1024 * KB)
#define BUILDS_MAX	16u

/* What a build needs to be the right one. */
enum psram_need { ANY, NOT_OCTAL, OCTAL, WITHOUT, WITH };

struct need {
	const char	*chip, *variant;	/* "": the plain build */
	int64_t		 flash_min, flash_max;	/* bytes; 0: any */
	enum psram_need	 psram;
	int		 cores;			/* 0: any */
	const char	*package;		/* NULL: any but D2WD */
	int		 rev_min, rev_end;	/* major * 100 + minor; 0 */
	/* These needs hold only while the board has this variant. */
	const char	*beside;
};

#define D2WD	"ESP32-D2WD"

/* A variant that is not here differs in what no chip tells. */
static const struct need needs[] = {
	{ "esp32", "", .flash_min = 4 * MB, .psram = WITHOUT, .cores = 2 },
	{ "esp32", "SPIRAM", .flash_min = 4 * MB, .psram = WITH, .cores = 2 },
	{ "esp32", "UNICORE", .flash_min = 4 * MB, .cores = 1 },
	{ "esp32", "D2WD", .flash_min = 2 * MB, .package = D2WD },
	{ "esp32c2", "", .flash_min = 4 * MB },
	{ "esp32c2", "FLASH_2M", .flash_min = 2 * MB, .flash_max = 2 * MB },
	{ "esp32s3", "", .flash_min = 8 * MB, .psram = NOT_OCTAL,
	  .beside = "FLASH_4M" },
	{ "esp32s3", "", .flash_min = 4 * MB, .psram = NOT_OCTAL },
	{ "esp32s3", "FLASH_4M", .flash_min = 4 * MB, .flash_max = 4 * MB,
	  .psram = NOT_OCTAL },
	{ "esp32s3", "SPIRAM_OCT", .flash_min = 8 * MB, .psram = OCTAL,
	  .beside = "FLASH_4M" },
	{ "esp32s3", "SPIRAM_OCT", .flash_min = 4 * MB, .psram = OCTAL },
	{ "esp32p4", "", .rev_min = 300, .beside = "PRE_REV3" },
	{ "esp32p4", "C5_WIFI", .rev_min = 300, .beside = "PRE_REV3" },
	{ "esp32p4", "C6_WIFI", .rev_min = 300, .beside = "PRE_REV3" },
	{ "esp32p4", "", .psram = ANY },
	{ "esp32p4", "C5_WIFI", .psram = ANY },
	{ "esp32p4", "C6_WIFI", .psram = ANY },
	{ "esp32p4", "PRE_REV3", .rev_end = 300 },
	{ "esp32p4", "PRE_REV3_C5_WIFI", .rev_end = 300 },
	{ "esp32p4", "PRE_REV3_C6_WIFI", .rev_end = 300 },
	{ "esp8266", "", .flash_min = 2 * MB },
	{ "esp8266", "FLASH_1M", .flash_min = 1 * MB, .flash_max = 1 * MB },
	{ "esp8266", "FLASH_512K", .flash_min = 512 * KB,
	  .flash_max = 512 * KB },
	/* Of all others there is the plain build alone. */
	{ "", "", .flash_min = 4 * MB },
};

bool
chip_known(const struct subject *su)
{
	return su->said->chip.name != NULL;
}

const char *
chip_port(const struct subject *su)
{
	const char *name = su->said->chip.name;

	return name == NULL ? NULL :
	    strcmp(name, "esp8266") == 0 ? "esp8266" : "esp32";
}

const char *
chip_locked(const struct subject *su)
{
	const struct chip *c = &su->said->chip;

	return c->name == NULL ? NULL :
	    c->secure_download == 1 ? "its chip is in secure download mode" :
	    c->flash_encryption == 1 ? "the flash of its chip is encrypted" :
	    c->secure_boot == 1 ? "its chip starts signed firmware alone "
	    "(secure boot)" : NULL;
}

/* Which releases count: the one that is asked for, else the newest. */
static int
wanted_when(const struct choose *c)
{
	return c->wanted.kind == WANTED_EXACT ?
	    facts_when(c->facts, &c->wanted.exact) : facts_newest(c->facts);
}

/* The row of the board's variant in that release; "": of the plain build. */
static const struct fact *
variant_row(const struct choose *c, const struct board_name *b,
    const char *variant)
{
	const struct fact *row;
	size_t i = 0;

	while ((row = facts_row_of(c->facts, b->board_id, i++)) != NULL)
		if (text_alike(row->port, b->port) && row->released &&
		    text_alike(row->variant, variant) &&
		    fact_holds(row, wanted_when(c)))
			return row;
	return NULL;
}

/* major * 100 + minor; -1: not told. */
static int
revision_of(const struct chip *chip)
{
	char *dot;
	long major, minor;

	if (chip->revision == NULL)
		return -1;
	major = strtol(chip->revision, &dot, 10);
	minor = *dot == '.' ? strtol(dot + 1, NULL, 10) : 0;
	return (int)(major * 100 + minor);
}

static bool
psram_fits(const struct chip *chip, enum psram_need need)
{
	const char *is = chip->psram;

	if (is == NULL || strcmp(is, "unknown") == 0 || need == ANY)
		return true;		/* nothing speaks against it */
	switch (need) {
	case OCTAL:
		return strcmp(is, "octal") == 0;
	case NOT_OCTAL:
		return strcmp(is, "octal") != 0;
	case WITH:
		return strcmp(is, "none") != 0;
	case WITHOUT:
		return strcmp(is, "none") == 0;
	case ANY:
		break;
	}
	return true;
}

/* What the chip does not tell speaks for nothing and against nothing. */
static bool
chip_fits(const struct chip *chip, const struct need *n)
{
	const bool d2wd = chip->package != NULL &&
	    strcmp(chip->package, D2WD) == 0;
	const int rev = revision_of(chip);

	if (chip->package != NULL && d2wd != (n->package != NULL))
		return false;
	if (chip->flash_bytes > 0 && (chip->flash_bytes < n->flash_min ||
	    (n->flash_max > 0 && chip->flash_bytes > n->flash_max)))
		return false;
	if (chip->cores > 0 && n->cores > 0 && chip->cores != n->cores)
		return false;
	if (rev >= 0 && (rev < n->rev_min ||
	    (n->rev_end > 0 && rev >= n->rev_end)))
		return false;
	return psram_fits(chip, n->psram);
}

/* Has the table a line for this chip at all? */
static bool
has_needs(const char *chip)
{
	for (size_t i = 0; needs[i].chip[0] != '\0'; i++)
		if (strcmp(needs[i].chip, chip) == 0)
			return true;
	return false;
}

static bool
is_in(const char *const *list, size_t n, const char *text)
{
	for (size_t i = 0; i < n; i++)
		if (strcmp(list[i], text) == 0)
			return true;
	return false;
}

/*
 * The builds of this board that may be right for the chip.  Of several lines
 * for one build the first that holds counts.
 */
static size_t
find_builds(const struct choose *c, const struct chip *chip,
    const struct board_name *b, struct board_name out[BUILDS_MAX])
{
	const char *key = has_needs(chip->name) ? chip->name : "";
	const char *judged[sizeof(needs) / sizeof(needs[0])];
	size_t n = 0, n_judged = 0;

	for (size_t i = 0; i < sizeof(needs) / sizeof(needs[0]); i++) {
		const struct need *need = &needs[i];
		const struct fact *row = variant_row(c, b, need->variant);

		if (strcmp(need->chip, key) != 0 || row == NULL ||
		    (need->beside != NULL &&
		    variant_row(c, b, need->beside) == NULL) ||
		    is_in(judged, n_judged, need->variant))
			continue;
		judged[n_judged++] = need->variant;
		if (n < BUILDS_MAX && chip_fits(chip, need))
			out[n++] = (struct board_name){ row->port,
			    row->board_id, row->variant };
	}
	return n;
}

/* "ESP32-S3 with 16 MB of flash and octal PSRAM" */
void
chip_text(const struct chip *c, char out[CHIP_TEXT])
{
	const bool none = c->psram == NULL || strcmp(c->psram, "none") == 0;
	struct buf text = BUF_MAX(CHIP_TEXT - 1);

	buf_addf(&text, "%.20s", c->package != NULL ? c->package : c->name);
	if (c->revision != NULL)
		buf_addf(&text, " (revision %.8s)", c->revision);
	if (c->flash_bytes >= MB)
		buf_addf(&text, ", %lld MB of flash",
		    (long long)(c->flash_bytes / MB));
	else if (c->flash_bytes > 0)
		buf_addf(&text, ", %lld KB of flash",
		    (long long)(c->flash_bytes / KB));
	if (c->psram != NULL && strcmp(c->psram, "unknown") == 0)
		buf_adds(&text, ", PSRAM unknown");
	else if (!none && c->psram_bytes > 0)
		buf_addf(&text, ", %lld MB of %.8s PSRAM",
		    (long long)(c->psram_bytes / MB), c->psram);
	else
		buf_adds(&text, ", no PSRAM");
	snprintf(out, CHIP_TEXT, "%s", text.data);
	buf_release(&text);
}

static int
several_builds(struct choose *c, const struct subject *su,
    const struct board_name *builds, size_t n, struct err *e)
{
	char list[LIST_TEXT], count[24], what[CHIP_TEXT];

	for (size_t i = 0; i < n; i++)
		candidates_add(c, &builds[i]);
	candidates_text(c, list, sizeof(list));
	chip_text(&su->said->chip, what);
	err_set(e, ERR_AMBIGUOUS, "%s: %s: %s builds fit: %s", su->d->id, what,
	    count_text(n, count), list);
	return err_todo(e, NEXT_CHOOSE_VARIANT,
	    "name the variant with --variant (- is the plain "
	    "build)");
}

int
chip_variant(struct choose *c, const struct subject *su,
    struct board_name *get, struct err *e)
{
	struct board_name builds[BUILDS_MAX];
	char what[CHIP_TEXT];
	size_t n;

	n = find_builds(c, &su->said->chip, get, builds);
	if (n == 1)
		get->variant = builds[0].variant;
	if (n == 1)
		return 0;
	if (n > 1)
		return several_builds(c, su, builds, n, e);
	chip_text(&su->said->chip, what);
	err_set(e, ERR_MISMATCH, "%s: no build of %.60s is for its chip: %s",
	    su->d->id, get->board_id, what);
	return err_todo(e, NEXT_CHOOSE_VARIANT,
	    "name a variant with --variant to try it all the "
	    "same");
}

/* ESP32_GENERIC, ESP32_GENERIC_S3, ESP8266_GENERIC */
static bool
is_generic(const char *board_id)
{
	return strncmp(board_id, "ESP32_GENERIC", 13) == 0 ||
	    strcmp(board_id, "ESP8266_GENERIC") == 0;
}

bool
chip_is_generic(const struct board_name *get)
{
	return is_generic(get->board_id);
}

int
chip_fits_board(const struct choose *c, const struct subject *su,
    const struct board_name *get, struct err *e)
{
	const char *name = su->said->chip.name, *mcu = NULL;
	const struct fact *row;
	size_t i = 0;

	while ((row = facts_row_of(c->facts, get->board_id, i++)) != NULL) {
		if (row->mcu == NULL || !text_alike(row->port, get->port))
			continue;
		if (strcasecmp(row->mcu, name) == 0)
			return 0;
		mcu = row->mcu;
	}
	if (mcu == NULL)
		return 0;		/* no table says which it has */
	err_set(e, ERR_MISMATCH, "%s: its chip is an %s, and %.60s has an %s",
	    su->d->id, name, get->board_id, mcu);
	return err_todo(e, NEXT_CHOOSE_BOARD, "name a board with an %s", name);
}

int
chip_board(struct choose *c, const struct subject *su, struct board_name *get,
    struct err *e)
{
	const char *name = su->said->chip.name;
	size_t n;
	const struct fact *rows = facts_rows(c->facts, &n);

	for (size_t i = 0; i < n; i++)
		if (is_generic(rows[i].board_id) && rows[i].variant == NULL &&
		    rows[i].mcu != NULL && rows[i].released &&
		    strcasecmp(rows[i].mcu, name) == 0 &&
		    fact_holds(&rows[i], wanted_when(c))) {
			*get = (struct board_name){ rows[i].port,
			    rows[i].board_id, NULL };
			if (c->o.variant == NULL)
				return chip_variant(c, su, get, e);
			return named_variant(c, get, e);
		}
	err_set(e, ERR_NOT_FOUND, "%s: no generic board has an %s", su->d->id,
	    name);
	e->retry = false;
	return err_todo(e, NEXT_CHOOSE_BOARD,
	    "say which board it is with --board");
}
