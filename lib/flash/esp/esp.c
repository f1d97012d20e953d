/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "esp/loader.h"
#include "esp/stub.h"
#include "esp/traits.h"
#include "flash/driver.h"
#include "flash/esp/again.h"
#include "flash/esp/files.h"
#include "flash/esp/pack.h"
#include "flash/esp/params.h"
#include "flash/esp/rate.h"
#include "flash/esp/session.h"
#include "flash/esp/wipe.h"

/*
 * esp: the boot loader in the ROM of ESP chips, over a serial port, or a stub
 * of the user's that it has loaded.
 *
 * The chip erases and programs as it is told; what is written comes as zlib
 * streams of at most 64 KB each, so that a failure costs one of them.  It is
 * proven by MD5 alone: what the ROM compares after each block is a sum of
 * eight bits.
 */

#define SECTOR		4096u
#define TRIES		3	/* of one block */
#define APP_AT		0x10000u /* where the firmware describes itself */
#define ROM_GO		65536u	/* bytes: what a failure costs */

static bool
is_one_of(const char *word, const char *const *list)
{
	for (; *list != NULL; list++)
		if (word != NULL && strcmp(word, *list) == 0)
			return true;
	return false;
}

static int
esp_fits(const struct flash_job *job, char why[FLASH_WHY])
{
	static const char *const others[] = { "uf2", "dfu", "picoboot", NULL };
	const char *chip = job->facts.chip;

	if (chip == NULL || esp_chip_by_name(chip) == NULL) {
		snprintf(why, FLASH_WHY, "the image is not for an ESP chip");
		return -1;
	}
	if (!esp_chip_by_name(chip)->supported) {
		snprintf(why, FLASH_WHY, "it does not know how to write to "
		    "an %s", esp_chip_by_name(chip)->shown);
		return -1;
	}
	if (strcmp(job->facts.format, "esp") != 0) {
		snprintf(why, FLASH_WHY, "the image is %s, not for the boot "
		    "loader in the ROM", job->facts.format);
		return -1;
	}
	if (is_one_of(job->device.mode, others)) {
		snprintf(why, FLASH_WHY, "the board is in another bootloader");
		return -1;
	}
	if (job->device.serial_port == NULL) {
		snprintf(why, FLASH_WHY, "the board has no serial port");
		return -1;
	}
	return 0;
}

static int
open_esp(const struct flash_job *job, struct flash_session **out,
    struct err *e)
{
	struct flash_session *s = mem_alloc(sizeof(*s));

	s->job = job;
	if (esp_session_connect(s, e) == -1) {
		esp_session_close(s);
		return -1;
	}
	*out = s;
	return 0;
}

/* --- what is there --- */

/* Why nothing may be written to it; "" otherwise. */
static void
say_protection(const struct esp_target *c, char out[FLASH_TEXT])
{
	if (c->secure_download)
		snprintf(out, FLASH_TEXT, "it is in secure download mode");
	else if (c->encrypted)
		snprintf(out, FLASH_TEXT, "its flash is encrypted, and a "
		    "plain image would not start");
	else if (c->secure_boot)
		snprintf(out, FLASH_TEXT, "secure boot is on, and starts "
		    "signed firmware alone");
}

/* machine.unique_id(): the MAC, but on an ESP8266 a number of its end. */
static void
say_uid(const struct esp_target *c, char out[FLASH_TEXT])
{
	const uint8_t old[4] = { c->mac[5], c->mac[4], c->mac[3], 0 };

	if (!c->has_mac)
		return;
	if (c->chip->mac[0] == 0)
		text_hex(out, old, sizeof(old));
	else
		text_hex(out, c->mac, sizeof(c->mac));
}

static void
say_mac(const struct esp_target *c, char out[FLASH_TEXT])
{
	const uint8_t *m = c->mac;

	if (c->has_mac)
		snprintf(out, FLASH_TEXT, "%02x:%02x:%02x:%02x:%02x:%02x",
		    m[0], m[1], m[2], m[3], m[4], m[5]);
}

static void
describe_flash(const struct flash_session *s, struct flash_target *out)
{
	out->region[0] = (struct flash_region){ 0, s->chip.flash_size != 0 ?
	    s->chip.flash_size : UINT32_MAX, SECTOR };
	out->n_regions = 1;
	out->write_max = UINT32_MAX;
	out->write_unit = 4;
	out->probe_addr = APP_AT;
	out->go_max = esp_is_stub(s->loader) ? UINT32_MAX : ROM_GO;
	out->plain = !esp_can_inflate(s->loader);
	out->no_digest = !esp_can_digest(s->loader);
}

static int
identify_esp(struct flash_session *s, struct flash_target *out,
    struct err *e)
{
	struct esp_target *c = &s->chip;
	int blank = -1;

	if (esp_session_identify(s, e) == -1)
		return -1;
	snprintf(out->name, sizeof(out->name), "%s", c->chip->shown);
	snprintf(out->chip, sizeof(out->chip), "%s", c->chip->name);
	say_uid(c, out->uid);
	say_mac(c, out->mac);
	say_protection(c, out->protection);
	if (out->protection[0] != '\0')
		return 0;
	if (esp_fits_chip(s->job->data, s->job->size, c->chip, c->revision,
	    e) == -1)
		return err_wrap(e, "%s", s->job->image.path);
	s->known = esp_known_flash(s->job, out->mac);
	if (esp_session_speed(s, e) == -1 ||
	    esp_check_image(s->job, c, e) == -1)
		return -1;
	if (s->job->chip.blank == 1 && esp_blank(s->loader, c, &blank, e) == -1)
		return -1;
	out->blank = blank == 1;
	describe_flash(s, out);
	return 0;
}

static int
files_esp(const struct flash_job *job, struct flash_session *s,
    struct flash_files *out, struct err *e)
{
	if (s == NULL)
		return esp_files(job, NULL, out, e);
	return esp_files(job, s->loader, out, e) == 0 ||
	    (esp_session_again(s, e) == 0 &&
	    esp_files(job, s->loader, out, e) == 0) ? 0 : -1;
}

static int
driver_patch(struct flash_session *s, uint8_t *p, size_t n, bool *changed,
    struct err *e)
{
	return esp_patch(s->job, &s->chip, p, n, changed, e);
}

static int
driver_wipe(struct flash_session *s, uint32_t from, uint64_t end,
    struct err *e)
{
	return esp_wipe(s->job, s->loader, &s->chip, from, end, e) == 0 ||
	    (esp_session_again(s, e) == 0 &&
	    esp_wipe(s->job, s->loader, &s->chip, from, end, e) == 0) ? 0 : -1;
}

/* --- the flash --- */

/* What a stub was told to erase, and no write has covered. */
static int
erase_now(struct flash_session *s, struct err *e)
{
	const size_t n = s->erase_len;

	s->erase_len = 0;
	return n == 0 ? 0 : esp_erase_region(s->loader, s->erase_at, n, e);
}

static int
erase_esp(struct flash_session *s, uint32_t addr, size_t n, struct err *e)
{
	if (erase_now(s, e) == -1)
		return -1;
	s->erase_at = addr;
	s->erase_len = n;
	return 0;
}

/* What goes over the line for a piece, and how far that is. */
struct stream {
	const uint8_t	*bytes;
	size_t		 n, at;
	bool		 packed;
};

/* From s->at on; erase: so many bytes first. */
static int
write_stream(struct flash_session *s, const struct flash_piece *p,
    struct stream *st, size_t erase, struct err *e)
{
	const size_t block = esp_block_size(s->loader, st->packed);
	const size_t skip = st->packed ? 0 : st->at;

	if (esp_write_begin(s->loader, p->addr + (uint32_t)skip, p->n - skip,
	    st->n - st->at, erase, st->packed, e) == -1)
		return -1;
	for (size_t n; st->at < st->n; st->at += n) {
		n = st->n - st->at < block ? st->n - st->at : block;
		if (esp_write_block(s->loader, st->bytes + st->at, n,
		    (size_t)((uint64_t)p->n * n / st->n) + 1, e) == -1 ||
		    p->step(p->ctx, (size_t)((uint64_t)p->n * (st->at + n) /
		    st->n), e) == -1)
			return -1;
	}
	return esp_write_end(s->loader, e);
}

/* The erase that went before, where it is just what the write covers. */
static int
take_erase(struct flash_session *s, const struct flash_piece *p, size_t *erase,
    struct err *e)
{
	*erase = 0;
	if (s->erase_at == p->addr - p->addr % SECTOR &&
	    s->erase_len == (p->n + SECTOR - 1) / SECTOR * SECTOR) {
		*erase = s->erase_len;
		s->erase_len = 0;
		return 0;
	}
	return erase_now(s, e);
}

/*
 * The chip erases while bytes come.  A ROM that gets plain bytes goes on at
 * the block that failed: what is written stays, and is not erased again.
 */
static int
write_esp(struct flash_session *s, const struct flash_piece *p,
    struct err *e)
{
	const bool packed = p->n_packed > 0 && esp_can_inflate(s->loader);
	struct stream st = { packed ? p->packed : p->bytes,
		packed ? p->n_packed : p->n, 0, packed };
	const bool again = !packed && !esp_is_stub(s->loader);
	size_t erase;
	int r;

	if (take_erase(s, p, &erase, e) == -1)
		return -1;
	r = write_stream(s, p, &st, erase, e);
	for (int i = 1; r == -1 && again && i < TRIES; i++) {
		if (e->code == ERR_CANCELLED || esp_wake(s->loader) == -1)
			break;
		st.at -= st.at % SECTOR;
		r = write_stream(s, p, &st, 0, e);
	}
	return r;
}

static int
driver_digest(struct flash_session *s, uint32_t addr, size_t n,
    uint8_t out[DIGEST_MD5], struct err *e)
{
	return erase_now(s, e) == -1 ? -1 :
	    esp_digest(s->loader, addr, n, out, e);
}

static int
read_esp(struct flash_session *s, uint32_t addr, uint8_t *p, size_t n,
    struct err *e)
{
	return erase_now(s, e) == -1 ? -1 :
	    esp_read(s->loader, addr, p, n, e);
}

/* Where a rate failed, the next run begins at the step below it. */
static int
start_esp(struct flash_session *s, struct err *e)
{
	if (s->loader == NULL)
		return err_set(e, ERR_NOT_FOUND, "it was lost");
	if (erase_now(s, e) == -1)
		return -1;
	if (s->job->baud == 0)
		rate_keep(&s->job->device, s->keep);
	return esp_start(s->loader, e);
}

/* All in one stream for a stub, which writes while the next block comes. */
static size_t
packed_span(const struct flash_job *job)
{
	const struct esp_chip *chip = esp_chip_by_name(job->facts.chip);
	struct err ignored = ERR_INIT;
	struct esp_stub stub;

	if (!job->no_stub && esp_stub_find(chip, -1, job->stub_dir, &stub,
	    &ignored) == 0) {
		esp_stub_release(&stub);
		return UINT32_MAX;
	}
	return strcmp(chip->name, "esp8266") == 0 ? 0 : ROM_GO;
}

static const char *const modes[] = { "esp_rom", NULL };
static const char *const options[] = { "baud", "retry-baud", "flash-mode",
	"flash-size", "flash-freq", "offset", "erase", "before", "after",
	"stub", "no-stub", NULL };
static const struct flash_packing esp_zlib = { "zlib", packed_span, pack_zlib };

extern const struct flash_driver flash_esp;

const struct flash_driver flash_esp = {
	.name = "esp",
	.summary = "writes by the boot loader of an ESP chip, over its port",
	.modes = modes,
	.enters = true,
	.options = options,
	.packing = &esp_zlib,
	.fits = esp_fits,
	.check = esp_check_job,
	.open = open_esp,
	.identify = identify_esp,
	.files = files_esp,
	.patch = driver_patch,
	.wipe = driver_wipe,
	.recover = esp_session_recover,
	.answers = esp_session_answers,
	.erase = erase_esp,
	.write = write_esp,
	.read = read_esp,
	.digest = driver_digest,
	.start = start_esp,
	.stuck = esp_stuck,
	.soften = esp_soften,
	.close = esp_session_close,
};
