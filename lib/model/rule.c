/* SPDX-License-Identifier: MIT */
#include "model/rule.h"

#include <stdbool.h>
#include <string.h>

#include "base/buf.h"
#include "base/text.h"

struct rule {
	const char		*what;	/* "4 hex digits" */
	bool			(*fits)(const char *s);	/* or NULL: */
	const char *const	*words;	/* these alone; ends with NULL */
	const char		*hint;	/* or NULL; then no message shows s */
};

#define DIGITS	"0123456789"
#define HEX	DIGITS "abcdef"
#define SHOWN	40u		/* bytes of a text, in a message */

static bool
is_hex(const char *s, size_t min, size_t max)
{
	const size_t n = strlen(s);

	return n >= min && n <= max && strspn(s, HEX) == n;
}

static bool
is_not_empty(const char *s)
{
	return s[0] != '\0';
}

static bool
is_hex4(const char *s)
{
	return is_hex(s, 4, 4);
}

static bool
is_commit(const char *s)
{
	return is_hex(s, 7, 64);
}

static bool
is_sha256(const char *s)
{
	return is_hex(s, 64, 64);
}

static bool
is_revision(const char *s)
{
	const size_t n = strspn(s, DIGITS);
	const size_t m = s[n] == '.' ? strspn(s + n + 1, DIGITS) : 0;

	return n > 0 && n < 3 && m > 0 && m < 3 && s[n + 1 + m] == '\0';
}

static bool
is_address(const char *s)
{
	return s[0] != '\0' && text_url_host(s) == NULL;
}

static bool
is_path(const char *s)
{
	return s[0] == '/';
}

/* "0,1": DTR is off, RTS is on. */
static bool
is_lines(const char *s)
{
	return strlen(s) == 3 && (s[0] == '0' || s[0] == '1') && s[1] == ',' &&
	    (s[2] == '0' || s[2] == '1');
}

/* Six bytes, "24:0a:c4:12:34:56" */
static bool
is_mac(const char *s)
{
	if (strlen(s) != 17)
		return false;
	for (size_t i = 0; i < 17; i++)
		if (i % 3 == 2 ? s[i] != ':' : strchr(HEX, s[i]) == NULL)
			return false;
	return true;
}

/* One number at least, and where it ends, or NULL. */
static const char *
skip_number(const char *s)
{
	const size_t n = strspn(s, DIGITS);

	return n == 0 ? NULL : s + n;
}

/* BUS-PORT[.PORT...] */
static bool
is_usb_path(const char *s)
{
	char sep = '-';

	for (;;) {
		s = skip_number(s);
		if (s == NULL || (sep == '-' && *s != '-'))
			return false;
		if (*s == '\0')
			return true;
		if (*s != sep && *s != '.')
			return false;
		sep = '.';
		s++;
	}
}

/* Two numbers, and then whatever a version may go on with. */
static bool
is_version_text(const char *s)
{
	s = skip_number(s + (s[0] == 'v'));
	if (s == NULL || *s != '.')
		return false;
	s = skip_number(s + 1);
	return s != NULL && (*s == '\0' || strchr(".-", *s) != NULL) &&
	    s[strspn(s, DIGITS "abcdefghijklmnopqrstuvwxyz"
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZ.-")] == '\0';
}

static const struct rule rule_text = { .what = "a text",
	.fits = is_not_empty };
static const struct rule rule_hex4 = { .what = "4 hex digits",
	.fits = is_hex4 };
static const struct rule rule_usb_path = { .what = "a USB path such as 1-1.2",
	.fits = is_usb_path };
static const struct rule rule_version = { .what = "a version such as v1.24.1",
	.fits = is_version_text };
static const struct rule rule_commit = { .what = "7 to 64 hex digits",
	.fits = is_commit };
static const struct rule rule_sha256 = { .what = "64 hex digits",
	.fits = is_sha256 };
static const struct rule rule_mac = { .what = "a MAC such as "
	"24:0a:c4:12:34:56", .fits = is_mac };
static const struct rule rule_lines = { .what = "DTR and RTS as 0,0",
	.fits = is_lines };
static const struct rule rule_revision = { .what = "a revision such as 3.1",
	.fits = is_revision };
static const struct rule rule_address = { .what = "an address or a file, "
	"without a user name and a password", .fits = is_address,
	.hint = "put them into ~/.netrc, with mode 0600" };
static const struct rule rule_path = { .what = "an absolute path",
	.fits = is_path };

static const char *const modes[] = { "repl", "uf2", "dfu", "picoboot",
	"esp_rom", "silent", "busy", "ignored", "foreign", NULL };
static const char *const interrupts[] = { "sent", "withheld", NULL };
static const char *const actions[] = { "flash", "skip", NULL };
static const char *const choosers[] = { "board", "manual", NULL };
static const char *const formats[] = { "uf2", "esp", "dfu", "bin", "hex",
	NULL };
static const char *const psrams[] = { "octal", "quad", "none", "unknown",
	NULL };
static const char *const states[] = { "running", "bootloader", "unbootable",
	"unknown", NULL };

static const struct rule rule_mode = { .words = modes };
static const struct rule rule_interrupt = { .words = interrupts };
static const struct rule rule_action = { .words = actions };
static const struct rule rule_by = { .words = choosers };
static const struct rule rule_format = { .words = formats };
static const struct rule rule_psram = { .words = psrams };
static const struct rule rule_state = { .words = states };

static const struct {
	const char		*key;
	const struct rule	*rule;
} rules[] = {
	{ "device.id", &rule_text },
	{ "device.serial_port", &rule_text },
	{ "device.lines", &rule_lines },
	{ "device.vid", &rule_hex4 },
	{ "device.pid", &rule_hex4 },
	{ "device.usb_serial", &rule_text },
	{ "device.usb_path", &rule_usb_path },
	{ "device.mode", &rule_mode },
	{ "device.volume", &rule_text },
	{ "device.interrupt", &rule_interrupt },
	{ "chip.name", &rule_text },
	{ "chip.package", &rule_text },
	{ "chip.revision", &rule_revision },
	{ "chip.mac", &rule_mac },
	{ "chip.psram", &rule_psram },
	{ "board.family", &rule_text },
	{ "board.version", &rule_text },
	{ "board.commit", &rule_text },
	{ "board.port", &rule_text },
	{ "board.board_id", &rule_text },
	{ "board.variant", &rule_text },
	{ "board.description", &rule_text },
	{ "board.mcu", &rule_text },
	{ "board.uid", &rule_text },
	{ "firmware.board_id", &rule_text },
	{ "firmware.variant", &rule_text },
	{ "firmware.port", &rule_text },
	{ "firmware.version", &rule_version },
	{ "firmware.commit", &rule_commit },
	{ "firmware.source", &rule_address },
	{ "firmware.git.url", &rule_address },
	{ "firmware.file_name", &rule_text },
	{ "firmware.sha256", &rule_sha256 },
	{ "firmware.action", &rule_action },
	{ "firmware.by", &rule_by },
	{ "image.path", &rule_path },
	{ "image.sha256", &rule_sha256 },
	{ "image.format", &rule_format },
	{ "image.chip", &rule_text },
	{ "image.version", &rule_version },
	{ "image.commit", &rule_commit },
	{ "image.board", &rule_text },
	{ "flash.at", &rule_text },
	{ "flash.version_before", &rule_text },
	{ "flash.version_after", &rule_text },
	{ "flash.state", &rule_state },
};

static bool
is_word(const char *const *words, const char *s)
{
	for (; *words != NULL; words++)
		if (strcmp(*words, s) == 0)
			return true;
	return false;
}

static const struct rule *
rule_of(const char *key)
{
	for (size_t i = 0; i < sizeof(rules) / sizeof(rules[0]); i++)
		if (strcmp(rules[i].key, key) == 0)
			return rules[i].rule;
	return NULL;
}

static void
show_text(const char *s, struct buf *out)
{
	const size_t n = strlen(s);

	buf_addc(out, '"');
	text_show(out, s, n < SHOWN ? n : SHOWN);
	buf_addc(out, '"');
}

int
rule_check(const char *key, const char *s, struct err *e)
{
	const struct rule *r = rule_of(key);
	const bool secret = r != NULL && r->hint != NULL && *s != '\0';
	struct buf what = BUF_INIT, shown = BUF_INIT;

	if (r == NULL || (r->words != NULL ? is_word(r->words, s) :
	    r->fits(s)))
		return 0;
	if (r->words == NULL)
		buf_adds(&what, r->what);
	for (size_t i = 0; r->words != NULL && r->words[i] != NULL; i++)
		buf_addf(&what, "%s%s", i == 0 ? "one of " : ", ",
		    r->words[i]);
	if (secret)
		buf_adds(&shown, "its text");
	else
		show_text(s, &shown);
	err_set(e, ERR_INPUT, "%s: %s is not %s", key, shown.data, what.data);
	if (secret)
		err_hint(e, "%s", r->hint);
	buf_release(&shown);
	buf_release(&what);
	return -1;
}
