/* SPDX-License-Identifier: MIT */
#ifndef MPF_FAKE_DRIVER_H
#define MPF_FAKE_DRIVER_H

#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "flash/driver.h"

/* fake_driver: a driver for a flash in memory, which fails as it is told. */

#define FAKE_ADDR	0x10000000u
#define FAKE_SIZE	(256u * 1024)
#define FAKE_UNIT	4096u

enum fake_op { FAKE_NONE, FAKE_OPEN, FAKE_IDENTIFY, FAKE_ERASE, FAKE_WRITE,
	FAKE_READ, FAKE_START, FAKE_CLOSE, FAKE_OPS };

static struct fake {
	uint8_t		 mem[FAKE_SIZE];
	struct flash_target target;
	enum fake_op	 fail;		/* this operation, */
	int		 nth, times;	/* from that call on, so often */
	enum err_code	 code;
	uint32_t	 worn;		/* this byte does not stay; 0: all do */
	int		 stop_at;	/* the write at which ^C comes */
	int		 calls[FAKE_OPS];
	int64_t		 started;	/* clock_ms(); 0: it was not */
} fake;

static inline int
fake_call(enum fake_op op, struct err *e)
{
	const int n = ++fake.calls[op];

	if (op == FAKE_WRITE && n == fake.stop_at)
		raise(SIGTERM);
	return op != fake.fail || n < fake.nth || n >= fake.nth + fake.times ?
	    0 : err_set(e, fake.code, "operation %d, call %d", op, n);
}

static inline int
fake_fits(const struct flash_job *job, char why[FLASH_WHY])
{
	snprintf(why, FLASH_WHY, "the image is not for tests");
	return strcmp(job->facts.format, "uf2") == 0 ? 0 : -1;
}

static inline int
fake_open(const struct flash_job *job, struct flash_session **out,
    struct err *e)
{
	(void)job;
	*out = (struct flash_session *)&fake;
	if (fake_call(FAKE_OPEN, e) == 0)
		return 0;
	*out = NULL;
	return -1;
}

static inline int
fake_identify(struct flash_session *s, struct flash_target *out,
    struct err *e)
{
	(void)s;
	*out = fake.target;
	return fake_call(FAKE_IDENTIFY, e);
}

static inline int
fake_erase(struct flash_session *s, uint32_t addr, size_t n, struct err *e)
{
	(void)s;
	memset(fake.mem + (addr - FAKE_ADDR), 0xff, n);
	return fake_call(FAKE_ERASE, e);
}

/* As flash does: a bit that is 0 stays 0 until it is erased. */
static inline int
fake_write(struct flash_session *s, const struct flash_piece *p,
    struct err *e)
{
	(void)s;
	for (size_t i = 0; i < p->n; i++)
		fake.mem[p->addr - FAKE_ADDR + i] &= p->bytes[i];
	if (fake.worn != 0)
		fake.mem[fake.worn] = 0x55;
	return fake_call(FAKE_WRITE, e);
}

static inline int
fake_read(struct flash_session *s, uint32_t addr, uint8_t *p, size_t n,
    struct err *e)
{
	(void)s;
	memcpy(p, fake.mem + (addr - FAKE_ADDR), n);
	return fake_call(FAKE_READ, e);
}

static inline int
fake_digest(struct flash_session *s, uint32_t addr, size_t n,
    uint8_t out[DIGEST_MD5], struct err *e)
{
	(void)s;
	digest_md5(fake.mem + (addr - FAKE_ADDR), n, out);
	return fake_call(FAKE_READ, e);
}

static inline int
fake_write_file(struct flash_session *s, size_t at, const uint8_t *p,
    size_t n, struct err *e)
{
	(void)s;
	memcpy(fake.mem + at, p, n);
	return fake_call(FAKE_WRITE, e);
}

static inline int
fake_start(struct flash_session *s, struct err *e)
{
	(void)s;
	fake.started = clock_ms();
	return fake_call(FAKE_START, e);
}

static inline void
fake_close(struct flash_session *s)
{
	struct err ignored;

	(void)s;
	fake_call(FAKE_CLOSE, &ignored);
}

static const char *const fake_modes[] = { "uf2", NULL };
static const char *const fake_options[] = { "bootloader", NULL };

#define FAKE_DRIVER .name = "fake", .summary = "for tests", \
	.modes = fake_modes, .options = fake_options, .fits = fake_fits, \
	.open = fake_open, .identify = fake_identify, .erase = fake_erase, \
	.write = fake_write, .start = fake_start, .close = fake_close

static const struct flash_driver fake_driver = { FAKE_DRIVER,
	.read = fake_read };
/* The same without a way to look at what it holds, and with a digest. */
static const struct flash_driver fake_blind = { FAKE_DRIVER };
static const struct flash_driver fake_md5 = { FAKE_DRIVER,
	.digest = fake_digest };

/* And one that takes the file. */
static const struct flash_driver fake_file = { FAKE_DRIVER,
	.write_file = fake_write_file };

static const struct flash_driver *const file_table[] = { &fake_file, NULL };
static const struct flash_driver *const fake_table[] = { &fake_driver, NULL };
static const struct flash_driver *const blind_table[] = { &fake_blind, NULL };
static const struct flash_driver *const md5_table[] = { &fake_md5, NULL };

static inline void
fake_begin(void)
{
	fake = (struct fake){ .times = 1, .nth = 1, .code = ERR_IO,
		.target = { .name = "FAKE", .chip = "rp2040", .region = {
		{ FAKE_ADDR, FAKE_ADDR + FAKE_SIZE, FAKE_UNIT } },
		.n_regions = 1, .write_max = 1024, .write_unit = 256 } };
	memset(fake.mem, 0xa5, sizeof(fake.mem));
	(void)blind_table, (void)md5_table, (void)file_table;
}

#endif
