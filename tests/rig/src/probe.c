/* SPDX-License-Identifier: MIT */
#include "probe.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/mem.h"
#include "image/hex.h"
#include "image/segments.h"

#define QUIET_MS	300		/* after the last of a file */
#define AWAY_MS		2500		/* hosts look every 2 seconds */
#define SECTORS		8000u		/* of the drive */
#define ROOT_ENTRIES	64u
#define ENTRY		32u
#define FAT_AT		SECTOR		/* bytes from the start */
#define LAST_CLUSTER	0xfff0u

const uint8_t probe_desc[23] = {
	9, 4, 2, 0, 2, 8, 6, 0x50, 0,
	7, 5, 0x80 | PROBE_IN, 2, 64, 0, 0, 7, 5, PROBE_OUT, 2, 64, 0, 0,
};

/* A drive as it is after a while without power. */
static void
make_medium(struct probe *p)
{
	const struct disk_file files[] = {
		{ "DETAILS TXT", "# DAPLink Firmware\r\nAuto Reset: 1\r\n" },
		{ "FAIL    TXT", "error: The interface firmware FAILED to "
		    "reset/halt the target MCU\r\ntype: target\r\n" },
	};
	size_t n;
	uint8_t *start = disk_image(&p->kind, files, p->failed ? 2 : 1, &n);

	p->msc.head_len = (size_t)SECTORS * SECTOR;
	p->msc.head = mem_grow(p->msc.head, p->msc.head_len, 1);
	memset(p->msc.head, 0, p->msc.head_len);
	memcpy(p->msc.head, start, n);
	free(start);
}

/* Unlike a bootloader's drive it holds what is written. */
static void
wrote(void *ctx, const uint8_t sector[SECTOR])
{
	struct probe *p = ctx;

	memcpy(p->msc.head + (size_t)p->msc.at * SECTOR, sector, SECTOR);
	p->wrote_at = clock_ms();
}

void
probe_begin(struct probe *p, const char *label)
{
	p->kind = (struct kind){ .product = "VFS", .vendor = "MBED",
		.label = label, .sectors = SECTORS };
	p->msc = (struct msc){ .kind = &p->kind, .in = PROBE_IN,
		.wrote = wrote, .ctx = p };
	make_medium(p);
}

void
probe_end(struct probe *p)
{
	free(p->msc.head);
}

int
probe_control(struct probe *p, const struct vdev_setup *s, uint8_t *b)
{
	if (s->type == 0xa1 && s->request == 0xfe) {	/* GET MAX LUN */
		b[0] = 0;
		return 1;
	}
	if (s->type == 0x21 && s->request == 0xff) {	/* bulk-only reset */
		msc_reset(&p->msc);
		return 0;
	}
	return VDEV_STALL;
}

/* --- the file --- */

static unsigned
u16(const uint8_t *b)
{
	return b[0] | (unsigned)b[1] << 8;
}

/* The bytes of that entry of the root, by its clusters of a sector each. */
static void
read_clusters(const struct probe *p, const uint8_t *entry, size_t data,
    struct buf *out)
{
	const uint8_t *disk = p->msc.head;
	size_t left = vdev_u32(entry + 28);
	unsigned c = u16(entry + 26);

	buf_clear(out);
	while (left > 0 && c >= 2 && c < LAST_CLUSTER) {
		const size_t at = data + (size_t)(c - 2) * SECTOR;
		const size_t n = left < SECTOR ? left : SECTOR;

		if (at + SECTOR > p->msc.head_len)
			return;
		buf_add(out, disk + at, n);
		left -= n;
		c = u16(disk + FAT_AT + (size_t)2 * c);
	}
}

/* The HEX file on it; empty: there is no whole one. */
static void
find_file(const struct probe *p, struct buf *out)
{
	const uint8_t *boot = p->msc.head;
	const size_t root = (1 + 2 * (size_t)u16(boot + 22)) * SECTOR;
	struct image_source s;
	struct hex_file hex;
	struct err ignored;

	for (size_t i = 0; i < ROOT_ENTRIES; i++) {
		const uint8_t *entry = boot + root + i * ENTRY;

		if (memcmp(entry + 8, "HEX", 3) != 0 || entry[0] == 0xe5)
			continue;
		read_clusters(p, entry, root + (size_t)ROOT_ENTRIES * ENTRY,
		    out);
		s = (struct image_source)IMAGE_MEMORY(
		    (const uint8_t *)out->data, out->len);
		if (out->len > 0 && hex_check(&s, &hex, NULL, &ignored) == 0)
			return;
	}
	buf_clear(out);
}

/* The same bytes without addresses, for mpf-sim. */
static int
keep_file(const struct probe *p, const struct buf *file, struct err *e)
{
	struct image_source s = IMAGE_MEMORY((const uint8_t *)file->data,
	    file->len);
	struct image_segments l = IMAGE_SEGMENTS_INIT;
	char *bin = mem_printf("%s.bin", p->keep);
	struct image_facts facts;
	struct buf all = BUF_INIT;
	int r = -1;

	if (image_inspect(&s, &facts, e) == 0 &&
	    image_segments(&s, &facts, NULL, 0, &l, e) == 0) {
		for (size_t i = 0; i < l.n; i++)
			buf_add(&all, l.v[i].bytes, l.v[i].len);
		r = file_write(bin, all.data, all.len, 0644, e);
	}
	if (r == 0)
		r = file_write(p->keep, file->data, file->len, 0644, e);
	buf_release(&all);
	image_segments_release(&l);
	free(bin);
	return r;
}

/* Is there a whole file?  Then it is taken: true, if all went well. */
static bool
take_file(struct probe *p)
{
	struct buf file = BUF_INIT;
	struct err e = ERR_INIT;
	bool done = false;

	find_file(p, &file);
	if (file.len > 0) {
		done = !p->fails && keep_file(p, &file, &e) == 0;
		vdev_log("a file of %zu bytes: %s", file.len, done ?
		    "programmed" : p->fails ? "fails" : e.msg);
		p->failed = !done;
		p->msc.ejected = true;
		p->back_at = clock_ms() + AWAY_MS;
	}
	buf_release(&file);
	return done;
}

bool
probe_look(struct probe *p)
{
	const int64_t now = clock_ms();

	if (p->back_at != 0 && now >= p->back_at) {
		make_medium(p);
		p->msc.ejected = false;
		p->msc.changed = true;
		p->back_at = 0;
		vdev_log("the medium is back");
	}
	if (p->wrote_at == 0 || now < p->wrote_at + QUIET_MS)
		return false;
	p->wrote_at = 0;
	return take_file(p);
}
