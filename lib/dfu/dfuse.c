/* SPDX-License-Identifier: MIT */
#include <stdio.h>

#include "dfu/impl.h"

/* The first byte of block 0. */
enum { SET_ADDRESS = 0x21, ERASE = 0x41 };

#define COMMAND		0u		/* block numbers */
#define DATA		2u
#define BLOCKS		0x10000u	/* a number has 16 bits */
#define WHAT		48u

/* "erase 0x08004000", for messages. */
static const char *
name_step(char buf[WHAT], const char *what, uint32_t addr)
{
	snprintf(buf, WHAT, "%s 0x%08x", what, addr);
	return buf;
}

static int
send_dfuse(struct dfu *d, uint8_t code, uint32_t addr, enum dfu_work work,
    const char *what, struct err *e)
{
	const uint8_t b[5] = { code, (uint8_t)addr, (uint8_t)(addr >> 8),
		(uint8_t)(addr >> 16), (uint8_t)(addr >> 24) };

	return dfu_download(d, COMMAND, b, sizeof(b), work, what, e);
}

static int
set_address(struct dfu *d, uint32_t addr, struct err *e)
{
	char what[WHAT];

	return send_dfuse(d, SET_ADDRESS, addr, DFU_WORK_WRITE,
	    name_step(what, "address", addr), e);
}

int
dfuse_erase_page(struct dfu *d, uint32_t addr, struct err *e)
{
	char what[WHAT];

	return send_dfuse(d, ERASE, addr, DFU_WORK_ERASE,
	    name_step(what, "erase", addr), e);
}

int
dfuse_erase_all(struct dfu *d, struct err *e)
{
	static const uint8_t all = ERASE;

	return dfu_download(d, COMMAND, &all, 1, DFU_WORK_ERASE_ALL,
	    "erase all", e);
}

/*
 * Block n goes to the address that was set and n - 2 blocks more.  ST's own
 * tools count on, dfu-util and pydfu set the address each time; so does this
 * once something went wrong.
 */
static int
write_blocks(struct dfu *d, uint32_t addr, const uint8_t *p, size_t n,
    struct err *e)
{
	unsigned no = BLOCKS;
	char what[WHAT];

	for (size_t at = 0, k; at < n; at += k) {
		k = n - at < d->block ? n - at : d->block;
		if (d->careful || no == BLOCKS) {
			if (set_address(d, addr + (uint32_t)at, e) == -1)
				return -1;
			no = DATA;
		}
		if (dfu_download(d, no++, p + at, k, DFU_WORK_WRITE,
		    name_step(what, "write", addr + (uint32_t)at), e) == -1)
			return -1;
		d->counted |= at > 0;
	}
	return 0;
}

int
dfuse_write(struct dfu *d, uint32_t addr, const uint8_t *p, size_t n,
    struct err *e)
{
	if (write_blocks(d, addr, p, n, e) == 0)
		return 0;
	d->careful = true;
	return -1;
}

/* Why it refused to be read. */
static int
read_refused(struct dfu *d, const char *what, struct err *e)
{
	struct dfu_status s;

	if (e->code == ERR_PROTOCOL && dfu_get_status(d, &s, e) == 0)
		return s.code != DFU_OK ? dfu_status_error(d, &s, what, e) :
		    err_set(e, ERR_PROTOCOL, "%s: the device refused", what);
	return err_wrap(e, "%s", what);
}

/* An upload is taken at rest only: not where set_address ends. */
static int
begin_read(struct dfu *d, uint32_t addr, struct err *e)
{
	return set_address(d, addr, e) == -1 ? -1 : dfu_to_idle(d, e);
}

/*
 * A device that counts blocks otherwise than we do reads from where it has
 * written to.  So the second block is found by its address, until that was
 * done once after several blocks were written.
 */
static bool
is_proof(const struct dfu *d, size_t at)
{
	return at == d->block && !d->checked;
}

int
dfuse_read(struct dfu *d, uint32_t addr, uint8_t *p, size_t n, struct err *e)
{
	unsigned no = DATA;
	char what[WHAT];
	size_t got;

	for (size_t at = 0, k; at < n; at += k) {
		k = n - at < d->block ? n - at : d->block;
		name_step(what, "read", addr + (uint32_t)at);
		if (d->careful || at == 0 || is_proof(d, at) ||
		    no == BLOCKS) {
			if (begin_read(d, addr + (uint32_t)at, e) == -1)
				return -1;
			no = DATA;
		}
		if (dfu_request_in(d, DFU_UPLOAD, no++, p + at, k, &got,
		    e) == -1)
			return read_refused(d, what, e);
		d->state = DFU_UPLOAD_IDLE;
		d->checked |= at == d->block && d->counted;
		if (got != k) {
			d->state = DFU_UNKNOWN;
			return err_set(e, ERR_PROTOCOL, "%s: %zu bytes, not "
			    "%zu", what, got, k);
		}
	}
	return 0;
}

int
dfuse_leave(struct dfu *d, uint32_t addr, struct err *e)
{
	struct err ignored = ERR_INIT;
	struct dfu_status s;

	if (set_address(d, addr, e) == -1)
		return -1;
	if (dfu_request_out(d, DFU_DNLOAD, DATA, NULL, 0, &ignored) == 0)
		dfu_get_status(d, &s, &ignored);	/* this starts it */
	return 0;
}
