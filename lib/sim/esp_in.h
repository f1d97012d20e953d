/* SPDX-License-Identifier: MIT */
#ifndef MPF_SIM_ESP_IN_H
#define MPF_SIM_ESP_IN_H

#include "esp/chip.h"
#include "esp/packet.h"
#include "esp/slip.h"
#include "sim/esp.h"
#include "sim/inflate.h"

/* esp_in: what the files of the simulated chip share. */

#define SIM_ESP_BAUD	115200u
#define SIM_ESP_REGS	64u

/* A write in the making, by FLASH_BEGIN or FLASH_DEFL_BEGIN. */
struct esp_write {
	bool		 open, deflate, ended;
	uint32_t	 at, end;	/* the next byte; the announced end */
	uint32_t	 blocks, block_size, seq;
	struct sim_inflate *inflate;
	uint8_t		 late;		/* a stub's error, said later */
	uint32_t	 erased;	/* a stub: up to here */
};

/* Memory that is written to, until MEM_END starts it. */
struct esp_load {
	uint32_t	 blocks, block_size, seq, bytes;
};

struct sim_esp {
	struct sim_esp_opts opts;
	const struct esp_chip *chip;
	enum sim_esp_mode mode;
	bool		 en, dtr, rts;
	int64_t		 rises_at;	/* EN, in us; INT64_MAX: it does not */
	unsigned	 resets;
	uint32_t	 flash_ops;	/* its last four, the first on top */
	bool		 forced;	/* by a firmware, to its loader */
	bool		 by_app;	/* and it is there since */
	bool		 button;	/* it was held at the last reset */
	bool		 to_loader;	/* its JTAG unit was told so */
	bool		 bites;		/* its watchdog, in a moment */
	uint8_t		*flash;
	uint32_t	 flash_bytes, told_bytes;
	unsigned	 baud;
	unsigned	 next_baud;	/* after the answer; 0 */
	struct slip	 in;
	struct buf	 ring;		/* what came while it works */
	struct buf	 out;
	struct buf	 later;		/* said when the work is done */
	int64_t		 busy_until;	/* in us */
	/* Its last answer, which it repeats to what it does not know. */
	uint8_t		 last_op;
	uint32_t	 last_value;
	unsigned	 last_answers;
	uint8_t		 stale[3];
	struct esp_write write;
	struct esp_load	 load;
	struct {
		uint32_t addr, value;
	}		 reg[SIM_ESP_REGS];	/* those that were written */
	size_t		 n_reg;
	unsigned long	 requests, bytes, blocks;
	struct sim_esp_count count;
	/* When the first request, and the first block, came, in us; 0. */
	int64_t		 begun_at, data_at;
};

/* --- esp_flash.c: NOR flash; each returns the microseconds it takes --- */

int64_t	esp_flash_erase(struct sim_esp *s, uint32_t addr, size_t len);
/* The unit at addr, unless it is blank; *n: its bytes, at most up to end. */
int64_t	esp_flash_erase_unit(struct sim_esp *s, uint32_t addr, uint32_t end,
	    uint32_t *n);
/* Only clears bits. */
int64_t	esp_flash_program(struct sim_esp *s, uint32_t addr, const void *p,
	    size_t n);
bool	esp_flash_has_power(const struct sim_esp *s);
bool	esp_flash_holds(const struct sim_esp *s, uint32_t addr, size_t n);

/* --- esp_reg.c: eFuses and SPI1 --- */

uint32_t	esp_reg_read(const struct sim_esp *s, uint32_t addr);
void	esp_reg_write(struct sim_esp *s, uint32_t addr, uint32_t value,
	    uint32_t mask);

/* --- esp_usb.c: DTR and RTS of the chip's own USB --- */

void	esp_usb_lines(struct sim_esp *s, bool dtr, bool rts, int64_t now_us);

/* --- esp_answer.c --- */

/* A reply; code 0: well.  It leaves when the work is done. */
void	esp_answer(struct sim_esp *s, uint8_t op, uint32_t value,
	    const void *data, size_t n, uint8_t code);
void	esp_unknown(struct sim_esp *s, uint8_t op);
void	esp_work(struct sim_esp *s, int64_t us);
/* What was answered leaves now, before the work that follows. */
void	esp_answer_now(struct sim_esp *s);

/* --- esp_write.c: the requests that write --- */

void	esp_do_begin(struct sim_esp *s, uint8_t op, const uint8_t *p, size_t n);
void	esp_do_data(struct sim_esp *s, uint8_t op, uint32_t sum,
	    const uint8_t *p, size_t n);
void	esp_do_end(struct sim_esp *s, uint8_t op, const uint8_t *p, size_t n);
void	esp_write_close(struct sim_esp *s);

/* --- esp_rom.c: a request as it came --- */

void	esp_request_in(struct sim_esp *s, const uint8_t *p, size_t n);

#endif
