/* SPDX-License-Identifier: MIT */
#ifndef MPF_FAKE_DRIVER_H
#define MPF_FAKE_DRIVER_H

#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "flash/driver.h"

/*
 * fake_driver: a driver for a flash in memory, which fails as it is told.  All
 * that a driver has to have is between the two lines.
 */

#define FAKE_ADDR	0x10000000u
#define FAKE_SIZE	(256u * 1024)
#define FAKE_UNIT	4096u

enum fake_op { FAKE_NONE, FAKE_OPEN, FAKE_IDENTIFY, FAKE_ERASE, FAKE_WRITE,
	FAKE_READ, FAKE_START, FAKE_CLOSE, FAKE_OPS };

static struct flash_session {
	uint8_t			 mem[FAKE_SIZE];
	struct flash_target	 target;
	enum fake_op		 fail;	/* this operation, */
	int			 nth, times; /* from that call, so often */
	enum err_code		 code;
	bool			 unfit;
	uint32_t		 worn;	/* a byte that does not stay; or 0 */
	int			 stop_at; /* the write at which ^C comes */
	int			 calls[FAKE_OPS];
	int64_t			 started;	/* clock_ms(); 0: it was not */
} fake;

static inline int
fake_call(struct flash_session *s, enum fake_op op, struct err *e)
{
	const int n = ++s->calls[op];

	if (op == FAKE_WRITE && n == s->stop_at)
		raise(SIGTERM);
	return op != s->fail || n < s->nth || n >= s->nth + s->times ? 0 :
	    err_set(e, s->code, "operation %d, call %d", op, n);
}

/* ------------------------------------------------------------------------ */
static inline int
fake_open(const struct flash_job *job, struct flash_session **out,
    struct err *e)
{
	(void)job;
	if (fake_call(&fake, FAKE_OPEN, e) == -1)
		return -1;
	*out = &fake;
	return 0;
}

static inline int
fake_identify(struct flash_session *s, struct flash_target *out,
    struct err *e)
{
	*out = s->target;
	return fake_call(s, FAKE_IDENTIFY, e);
}

static inline int
fake_erase(struct flash_session *s, uint32_t addr, size_t n, struct err *e)
{
	memset(s->mem + (addr - FAKE_ADDR), 0xff, n);
	return fake_call(s, FAKE_ERASE, e);
}

/* As flash does: a bit that is 0 stays 0 until it is erased. */
static inline int
fake_write(struct flash_session *s, const struct flash_piece *p,
    struct err *e)
{
	for (size_t i = 0; i < p->n; i++)
		s->mem[p->addr - FAKE_ADDR + i] &= p->bytes[i];
	if (s->worn != 0)
		s->mem[s->worn] = 0x55;
	return fake_call(s, FAKE_WRITE, e);
}

static inline int
fake_read(struct flash_session *s, uint32_t addr, uint8_t *p, size_t n,
    struct err *e)
{
	memcpy(p, s->mem + (addr - FAKE_ADDR), n);
	return fake_call(s, FAKE_READ, e);
}

static inline int
fake_start(struct flash_session *s, struct err *e)
{
	s->started = clock_ms();
	return fake_call(s, FAKE_START, e);
}

static inline int
fake_fits(const struct flash_job *job, char why[FLASH_WHY])
{
	snprintf(why, FLASH_WHY, "the image is not for tests");
	return strcmp(job->facts.format, "uf2") == 0 && !fake.unfit ? 0 : -1;
}

static inline void
fake_close(struct flash_session *s)
{
	s->calls[FAKE_CLOSE]++;
}
/* ------------------------------------------------------------------------ */

/* What other loaders can do. */
static inline int
fake_digest(struct flash_session *s, uint32_t addr, size_t n,
    uint8_t out[DIGEST_MD5], struct err *e)
{
	digest_md5(s->mem + (addr - FAKE_ADDR), n, out);
	return fake_call(s, FAKE_READ, e);
}

static inline int
fake_write_file(struct flash_session *s, size_t at, const uint8_t *p,
    size_t n, struct err *e)
{
	memcpy(s->mem + at, p, n);
	return fake_call(s, FAKE_WRITE, e);
}

static const char *const fake_modes[] = { "uf2", NULL };
static const char *const fake_options[] = { "bootloader", NULL };

#define FAKE_DRIVER .name = "fake", .summary = "for tests", \
	.modes = fake_modes, .options = fake_options, .fits = fake_fits, \
	.open = fake_open, .identify = fake_identify, .erase = fake_erase, \
	.write = fake_write, .start = fake_start, .close = fake_close

static const struct flash_driver fake_driver = { FAKE_DRIVER,
	.read = fake_read };
/* Without a way to look at what it holds; with a digest; and with a file. */
static const struct flash_driver fake_blind = { FAKE_DRIVER };
static const struct flash_driver fake_md5 = { FAKE_DRIVER,
	.digest = fake_digest };
static const struct flash_driver fake_file = { FAKE_DRIVER,
	.leaves = true, .write_file = fake_write_file };

static const struct flash_driver *const fake_table[] = { &fake_driver, NULL };
static const struct flash_driver *const blind_table[] = { &fake_blind, NULL };
static const struct flash_driver *const md5_table[] = { &fake_md5, NULL };
static const struct flash_driver *const file_table[] = { &fake_file, NULL };

static inline void
fake_begin(void)
{
	fake = (struct flash_session){ .times = 1, .nth = 1, .code = ERR_IO,
		.target = { .name = "FAKE", .chip = "rp2040", .region = {
		{ FAKE_ADDR, FAKE_ADDR + FAKE_SIZE, FAKE_UNIT } },
		.n_regions = 1, .write_max = 1024, .write_unit = 256 } };
	memset(fake.mem, 0xa5, sizeof(fake.mem));
	(void)blind_table, (void)md5_table, (void)file_table;
}

#endif
