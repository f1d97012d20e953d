/* SPDX-License-Identifier: MIT */
#include "esp/impl.h"

/* Bits of USR: what a transfer has.  Source: the reference manuals. */
#define USR_COMMAND	(1u << 31)
#define USR_ADDR	(1u << 30)
#define USR_MISO	(1u << 28)
#define START		(1u << 18)	/* of the first register */
#define TAKES_US	100		/* longer than any command does */

/* The registers that a command needs, and back to what they were. */
struct spi_batch {
	struct esp_reg	 set[12], back[3];
	size_t		 n_set, n_back;
};

/* It is asked for, as it has to be as before afterwards. */
static int
change_reg(struct esp_loader *l, struct spi_batch *b, uint32_t addr,
    uint32_t value, struct err *e)
{
	uint32_t was;

	if (esp_read_reg(l, addr, &was, e) == -1)
		return -1;
	b->set[b->n_set++] = (struct esp_reg){ addr, value, ~0u, 0 };
	b->back[b->n_back++] = (struct esp_reg){ addr, was, ~0u, 0 };
	return 0;
}

int
esp_spi(struct esp_loader *l, const struct esp_chip *c,
    const struct esp_spi *s, uint32_t *out, struct err *e)
{
	const uint32_t base = c->spi;
	struct spi_batch b = { .n_set = 0, .n_back = 0 };
	uint32_t usr = USR_COMMAND, usr1 = 0;

	if (s->has_addr) {
		usr |= USR_ADDR;
		usr1 |= 23u << 26;
	}
	if (s->bits > 0) {
		usr |= USR_MISO;
		if (c->miso_dlen == 0)
			usr1 |= (s->bits - 1) << 8;
	}
	if (change_reg(l, &b, base + c->usr, usr, e) == -1 ||
	    change_reg(l, &b, base + c->usr2, 7u << 28 | s->op, e) == -1 ||
	    (usr1 != 0 &&
	    change_reg(l, &b, base + c->usr1, usr1, e) == -1))
		return -1;
	if (s->bits > 0 && c->miso_dlen != 0)
		b.set[b.n_set++] = (struct esp_reg){ base + c->miso_dlen,
			s->bits - 1, ~0u, 0 };
	if (s->has_addr)
		b.set[b.n_set++] = (struct esp_reg){ base + 4, c->addr_left ?
			s->addr << 8 : s->addr, ~0u, 0 };
	b.set[b.n_set++] = (struct esp_reg){ base + c->w0, 0, ~0u, 0 };
	b.set[b.n_set++] = (struct esp_reg){ base, START, ~0u, TAKES_US };
	for (size_t i = 0; i < b.n_back; i++)
		b.set[b.n_set++] = b.back[i];
	if (esp_write_regs(l, b.set, b.n_set, e) == -1)
		return -1;
	return s->bits == 0 ? 0 : esp_read_reg(l, base + c->w0, out, e);
}
