/* SPDX-License-Identifier: MIT */
#include "sim/rom.h"

#include <string.h>

#include "esp/partition.h"
#include "image/strings.h"
#include "sim/event.h"
#include "sim/factory.h"

/* How a SYNC begins: the frame, the direction, the op, the length. */
static const char sync_begin[] = { (char)0xc0, 0x00, 0x08, 0x24 };

/* Where the firmware in the flash has its files. */
static void
find_storage(struct sim_esp *chip, struct sim_identity *id)
{
	size_t n;
	const uint8_t *flash = sim_esp_flash(chip, &n);
	const struct partition *files;
	struct partitions t;
	struct err ignored;

	id->storage_addr = id->storage_bytes = 0;
	if (n < PARTITION_AT + PARTITION_BYTES ||
	    partitions_parse(flash + PARTITION_AT, PARTITION_BYTES, &t,
	    &ignored) == -1 || (files = partitions_files(&t)) == NULL)
		return;
	id->storage_addr = files->addr;
	id->storage_bytes = files->size;
}

void
sim_rom_open(struct sim_rom *r, const struct sim_esp_opts *opts, bool blank,
    struct sim_identity *id, int64_t now)
{
	r->chip = sim_esp_new(opts);
	r->blank = blank;
	if (r->chip == NULL)
		return;
	if (!blank)
		sim_factory(r->chip, id);
	if (blank || opts->en_low)
		sim_esp_reset(r->chip, false, now * 1000);
	r->resets = sim_esp_resets(r->chip);
	find_storage(r->chip, id);
}

void
sim_rom_close(struct sim_rom *r)
{
	sim_esp_free(r->chip);
	buf_release(&r->held);
	*r = (struct sim_rom)SIM_ROM_INIT;
}

static bool
in_loader(const struct sim_rom *r)
{
	const enum sim_esp_mode mode = sim_esp_mode(r->chip);

	return mode == SIM_ESP_LOADER || mode == SIM_ESP_STUB;
}

bool
sim_rom_runs(const struct sim_rom *r)
{
	const enum sim_esp_mode mode = r->chip != NULL ?
	    sim_esp_mode(r->chip) : SIM_ESP_RUNNING;

	/* OFF: it was never reset, and runs what it came with. */
	return mode == SIM_ESP_RUNNING ||
	    (mode == SIM_ESP_OFF && r->resets == 0 && !sim_esp_held(r->chip));
}

/* What is no beginning of a SYNC goes on; true: it is one. */
static bool
looks_like_sync(struct sim_rom *r, char c, struct buf *rest)
{
	if (c != sync_begin[r->held.len]) {
		buf_add(rest, r->held.data, r->held.len);
		buf_clear(&r->held);
	}
	if (c == sync_begin[r->held.len])
		buf_addc(&r->held, c);
	else
		buf_addc(rest, c);
	return r->held.len == sizeof(sync_begin);
}

void
sim_rom_input(struct sim_rom *r, const void *p, size_t n, unsigned baud,
    int64_t now, struct buf *rest)
{
	const char *bytes = p;

	if (r->chip == NULL) {
		buf_add(rest, p, n);
		return;
	}
	if (r->has_lines && !in_loader(r)) {
		buf_add(rest, p, n);
		return;
	}
	for (; n > 0 && !in_loader(r); bytes++, n--)
		if (looks_like_sync(r, *bytes, rest)) {
			sim_esp_reset(r->chip, true, now * 1000);
			sim_esp_input(r->chip, r->held.data, r->held.len, baud,
			    now * 1000);
			buf_clear(&r->held);
		}
	if (n > 0)
		sim_esp_input(r->chip, bytes, n, baud, now * 1000);
}

void
sim_rom_send(struct sim_rom *r, struct buf *out, int64_t now)
{
	struct buf *from;

	if (r->chip == NULL)
		return;
	sim_esp_turn(r->chip, now * 1000);
	from = sim_esp_out(r->chip);
	buf_add(out, from->data, from->len);
	buf_clear(from);
}

void
sim_rom_note_idle(struct sim_rom *r, struct sim_pace *line)
{
	const unsigned long n = r->chip != NULL ? sim_esp_requests(r->chip) :
	    0;
	int64_t us;

	if (n == r->requests)
		return;
	us = sim_pace_idle(line);
	if (r->in_talk)			/* else the client comes only now */
		r->idle_us += us;
	r->in_talk = true;
	r->requests = n;
}

bool
sim_rom_put_count(struct sim_rom *r, bool paced, struct buf *event)
{
	const struct sim_esp_count c = r->count;
	const int64_t idle_us = r->idle_us;

	r->count = (struct sim_esp_count){ .requests = 0 };
	if (c.requests == 0)
		return false;
	r->idle_us = 0;
	r->in_talk = false;
	sim_event_begin(event, "loader");
	sim_event_int(event, "requests", (int64_t)c.requests);
	sim_event_int(event, "before_data", (int64_t)c.before_data);
	sim_event_int(event, "bytes", (int64_t)c.bytes);
	if (!paced)
		return true;
	sim_event_int(event, "idle_ms", idle_us / 1000);
	sim_event_int(event, "all_ms", c.all_us / 1000);
	sim_event_int(event, "data_ms", c.data_us / 1000);
	sim_event_int(event, "work_ms", c.work_us / 1000);
	sim_event_int(event, "data_bytes", (int64_t)c.data_bytes);
	return true;
}

int64_t
sim_rom_due(const struct sim_rom *r)
{
	const int64_t due = r->chip == NULL ? INT64_MAX :
	    sim_esp_due(r->chip);

	return due == INT64_MAX ? SIM_FOREVER : due / 1000 + 1;
}

/* A file system that is not where it was, or is blank, is made anew. */
static void
move_files(struct sim_esp *chip, const struct sim_identity *was,
    const struct sim_identity *is, struct sim_files *files)
{
	static const uint8_t erased[4] = { 0xff, 0xff, 0xff, 0xff };
	size_t n;
	uint8_t *flash = sim_esp_flash(chip, &n);

	if (is->storage_bytes == 0 || is->storage_addr >= n - sizeof(erased))
		return;
	if (was->storage_addr == is->storage_addr &&
	    was->storage_bytes == is->storage_bytes &&
	    memcmp(flash + is->storage_addr, erased, sizeof(erased)) != 0)
		return;
	sim_files_clear(files);
	memset(flash + is->storage_addr, 0, sizeof(erased));
}

void
sim_rom_lines(struct sim_rom *r, bool dtr, bool rts, int64_t now)
{
	if (r->chip != NULL)
		sim_esp_lines(r->chip, dtr, rts, now * 1000);
}

/* What the ROM has started says of itself what the flash says. */
static int
read_firmware(struct sim_rom *r, const char *tsv, struct sim_identity *id,
    struct sim_files *files, struct err *e)
{
	const uint32_t at = sim_esp_boot_offset(r->chip);
	const struct sim_identity was = *id;
	struct image_strings is;
	const uint8_t *flash;
	size_t n;

	r->count = sim_esp_count(r->chip);
	flash = sim_esp_flash(r->chip, &n);
	if (sim_esp_mode(r->chip) != SIM_ESP_RUNNING ||
	    !image_strings(flash + at, n - at, &is))
		return 0;
	if (sim_identity_machine(tsv, is.machine, is.tag, is.date, id,
	    e) == -1)
		return -1;
	find_storage(r->chip, id);
	move_files(r->chip, &was, id, files);
	r->blank = false;
	return 1;
}

int
sim_rom_booted(struct sim_rom *r, const char *tsv, struct sim_identity *id,
    struct sim_files *files, struct err *e)
{
	if (r->chip == NULL || sim_esp_resets(r->chip) == r->resets)
		return 0;
	r->resets = sim_esp_resets(r->chip);
	return read_firmware(r, tsv, id, files, e);
}

int
sim_rom_restart(struct sim_rom *r, const char *tsv, struct sim_identity *id,
    struct sim_files *files, int64_t now, struct err *e)
{
	if (r->chip == NULL || sim_rom_runs(r))
		return 0;
	sim_esp_reset(r->chip, false, now * 1000);
	return read_firmware(r, tsv, id, files, e);
}
