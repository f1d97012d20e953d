/* SPDX-License-Identifier: MIT */
#include "sim/esp_in.h"

void
esp_work(struct sim_esp *s, int64_t us)
{
	s->busy_until += us;
	if (s->data_at != 0)
		s->count.work_us += us;
}

void
esp_answer_now(struct sim_esp *s)
{
	buf_add(&s->out, s->later.data, s->later.len);
	buf_clear(&s->later);
}

static void
one_answer(struct sim_esp *s, uint8_t op, uint32_t value, const void *data,
    size_t n, const uint8_t *status, size_t n_status)
{
	struct buf frame = BUF_INIT;

	if (s->opts.fault == SIM_ESP_LOSE_REPLY &&
	    s->requests == s->opts.fault_at)
		return;
	buf_addc(&frame, 1);
	buf_addc(&frame, (char)op);
	buf_addc(&frame, (char)((n + n_status) & 0xff));
	buf_addc(&frame, (char)((n + n_status) >> 8));
	esp_add32(&frame, value);
	buf_add(&frame, data, n);
	buf_add(&frame, status, n_status);
	slip_add(&s->later, frame.data, frame.len);
	buf_release(&frame);
}

/*
 * A ROM leaves old bytes in its status where it succeeds, and an old value; a
 * stub says its code first.
 */
void
esp_answer(struct sim_esp *s, uint8_t op, uint32_t value, const void *data,
    size_t n, uint8_t code)
{
	const bool stub = s->mode == SIM_ESP_STUB;
	const uint8_t rom[4] = { code != 0, code != 0 ? code : s->stale[0],
		s->stale[1], s->stale[2] };
	const uint8_t loaded[2] = { code, 0 };
	const unsigned answers = op == ESP_SYNC ? 8 : 1;

	if (!stub && op == ESP_SYNC)
		value = 0x20120707;
	else if (!stub && op != ESP_READ_REG)
		value = s->last_value;
	for (unsigned i = 0; i < answers; i++)
		one_answer(s, op, value, data, n, stub ? loaded : rom,
		    stub || s->chip->mac[0] == 0 ? 2 : 4);
	s->last_op = op;
	s->last_value = value;
	s->last_answers = answers;
	s->stale[0] = 5;
	s->stale[1] = op;
}

/* The ROM says its last answer again, and a stub that it knows none. */
void
esp_unknown(struct sim_esp *s, uint8_t op)
{
	static const uint8_t status[4] = { 1, 5, 0, 0 };

	if (s->mode == SIM_ESP_STUB) {
		esp_answer(s, op, 0, NULL, 0,
		    op == ESP_SECURITY_INFO ? 0xff : 0xc3);
		return;
	}
	for (unsigned i = 0; i < s->last_answers; i++)
		one_answer(s, s->last_op, s->last_value, NULL, 0, status,
		    s->chip->mac[0] == 0 ? 2 : 4);
}
