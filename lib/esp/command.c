/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "esp/impl.h"

#define SYNC_ANSWERS	8u		/* to each SYNC */
#define ROM_SUM		0x07u		/* of a status: another sum */
#define STUB_SUM	0xc1u
#define REQUEST_TRIES	3
#define UNSUPPORTED	0x05u		/* the ROM's code for "no such op" */

int64_t
esp_until(const struct esp_loader *l, int64_t ms)
{
	const int64_t until = clock_ms() + ms;

	return until < l->opts.deadline ? until : l->opts.deadline;
}

int
esp_send(struct esp_loader *l, struct err *e)
{
	/* Ten bits a byte, and as long again for what is between. */
	const int64_t ms = ESP_COMMAND_MS +
	    (int64_t)l->out.len * 20000 / (int64_t)l->baud;
	const int r = link_write(l->link, l->out.data, l->out.len,
	    esp_until(l, ms), e);

	buf_clear(&l->out);
	return r;
}

int
esp_frame(struct esp_loader *l, int64_t until, struct err *e)
{
	for (;;) {
		while (l->raw_pos < l->raw_len) {
			const uint8_t c = l->raw[l->raw_pos++];

			if (!l->in.inside)
				buf_addc(&l->heard, (char)c);
			if (slip_feed(&l->in, c))
				return 0;
		}
		/* A line that never stops talking must not outlast it. */
		if (l->raw_len > 0 && clock_ms() > until)
			return err_set(e, ERR_TIMEOUT, "%s: no answer of the "
			    "boot loader", link_name(l->link));
		l->raw_pos = l->raw_len = 0;
		if (link_read(l->link, l->raw, sizeof(l->raw), until,
		    &l->raw_len, e) == -1) {
			l->raw_len = 0;
			return -1;
		}
	}
}

int
esp_receive(struct esp_loader *l, int64_t until, struct esp_reply *out,
    struct err *e)
{
	struct err ignored = ERR_INIT;

	do
		if (esp_frame(l, until, e) == -1)
			return -1;
	while (esp_reply_parse(l->in.frame.data, l->in.frame.len, out,
	    &ignored) == -1);
	return 0;
}

void
esp_resync(struct esp_loader *l)
{
	static const char ends[] = { (char)0xc0, (char)0xc0 };
	struct err ignored = ERR_INIT;

	link_write(l->link, ends, sizeof(ends), esp_until(l, 100), &ignored);
	link_flush(l->link);
	slip_reset(&l->in);
	l->raw_pos = l->raw_len = 0;
}

/* Bytes of the status that ends a reply. */
static size_t
status_len(const struct esp_loader *l)
{
	return l->stub || (l->chip != NULL &&
	    strcmp(l->chip->name, "esp8266") == 0) ? 2 : 4;
}

/*
 * A ROM repeats its last answers, with a status of 01 05, where it does not
 * know a request: one, or eight if the one before was SYNC.
 */
static bool
is_unsupported(const struct esp_reply *reply, enum esp_op op)
{
	return reply->op != op && reply->len >= 2 && reply->data[0] == 1 &&
	    reply->data[1] == UNSUPPORTED;
}

static int
unsupported(struct esp_loader *l, enum esp_op op, struct err *e)
{
	struct esp_reply more;
	struct err ignored = ERR_INIT;

	for (unsigned i = 1; i < l->answers; i++)
		if (esp_receive(l, esp_until(l, 50), &more, &ignored) == -1)
			break;
	return err_set(e, ERR_UNSUPPORTED, "%s: the boot loader has no "
	    "request 0x%02x", link_name(l->link), (unsigned)op);
}

/* What the status says; *reply is then without it. */
static int
check_status(struct esp_loader *l, enum esp_op op, size_t want,
    struct esp_reply *reply, struct err *e)
{
	const size_t n = status_len(l);
	char text[16];
	const uint8_t *status;
	uint8_t code;

	/* Before its chip is known it may have the short status. */
	if (want == ESP_ANY)
		want = reply->len >= n ? reply->len - n : 0;
	if (reply->len < want + 2)
		return err_set(e, ERR_PROTOCOL, "%s: an answer of %zu bytes "
		    "to request 0x%02x, not %zu", link_name(l->link),
		    reply->len, (unsigned)op, want + n);
	status = reply->data + want;
	code = l->stub ? status[0] : status[1];
	reply->len = want;
	if (status[0] == 0)
		return 0;
	return err_set(e, code == (l->stub ? STUB_SUM : ROM_SUM) ?
	    ERR_VERIFY : ERR_IO, "%s: the boot loader refuses request 0x%02x: "
	    "%s", link_name(l->link), (unsigned)op,
	    esp_status_text(l->stub, code, text));
}

int
esp_exchange(struct esp_loader *l, enum esp_op op, size_t want, int64_t ms,
    struct esp_reply *out, struct err *e)
{
	const int64_t until = esp_until(l, ms);
	struct esp_reply reply;

	if (esp_send(l, e) == -1)
		return -1;
	do {
		if (esp_receive(l, until, &reply, e) == -1) {
			if (e->code == ERR_TIMEOUT)
				esp_resync(l);
			return -1;
		}
		if (!l->stub && is_unsupported(&reply, op))
			return unsupported(l, op, e);
	} while (reply.op != op);
	l->answers = 1;
	if (check_status(l, op, want, &reply, e) == -1)
		return -1;
	if (out != NULL)
		*out = reply;
	return 0;
}

/*
 * May the request be sent again?  What begins, ends, or counts blocks may have
 * been done, though its answer was lost; a new rate has been set.
 */
static bool
may_repeat(enum esp_op op)
{
	return op == ESP_READ_REG || op == ESP_WRITE_REG ||
	    op == ESP_SPI_ATTACH || op == ESP_SPI_SET_PARAMS ||
	    op == ESP_READ_FLASH_SLOW || op == ESP_FLASH_MD5 ||
	    op == ESP_SECURITY_INFO || op == ESP_ERASE_REGION;
}

/*
 * Requests carry no checksum, and neither do answers: what a bad line has
 * spoilt is asked for again, once the loader has answered a SYNC: behind that
 * comes no late answer to the first request, which would be taken for the one
 * to the second.
 */
int
esp_command(struct esp_loader *l, enum esp_op op, const void *data, size_t n,
    size_t want, int64_t ms, struct esp_reply *out, struct err *e)
{
	struct err why = ERR_INIT;

	for (int i = 0; i < REQUEST_TRIES; i++) {
		if (i > 0 && esp_wake(l) == -1)
			break;
		esp_request(&l->out, op, data, n);
		if (esp_exchange(l, op, want, ms, out, &why) == 0)
			return 0;
		if (!may_repeat(op) || (why.code != ERR_TIMEOUT &&
		    why.code != ERR_PROTOCOL && why.code != ERR_IO))
			break;
	}
	*e = why;
	return -1;
}

int
esp_sync(struct esp_loader *l, int64_t ms, bool *stub, struct err *e)
{
	uint8_t data[36] = { 0x07, 0x07, 0x12, 0x20 };
	struct esp_reply reply;
	struct err ignored = ERR_INIT;

	memset(data + 4, 0x55, sizeof(data) - 4);
	esp_request(&l->out, ESP_SYNC, data, sizeof(data));
	if (esp_send(l, e) == -1)
		return -1;
	do
		if (esp_receive(l, esp_until(l, ms), &reply, e) == -1)
			return -1;
	while (reply.op != ESP_SYNC || reply.len < 2 || reply.data[0] != 0);
	*stub = reply.value == 0;
	for (unsigned i = 1; i < SYNC_ANSWERS; i++)
		if (esp_receive(l, esp_until(l, ms), &reply, &ignored) == -1)
			break;
	l->answers = SYNC_ANSWERS;
	return 0;
}

int
esp_read_reg(struct esp_loader *l, uint32_t addr, uint32_t *out, struct err *e)
{
	struct buf data = BUF_INIT;
	struct esp_reply reply;
	int r;

	esp_add32(&data, addr);
	r = esp_command(l, ESP_READ_REG, data.data, data.len, 0,
	    ESP_COMMAND_MS, &reply, e);
	if (r == 0)
		*out = reply.value;
	buf_release(&data);
	return r;
}

int
esp_write_regs(struct esp_loader *l, const struct esp_reg *reg, size_t n,
    struct err *e)
{
	struct buf data = BUF_INIT;
	int r;

	for (size_t i = 0; i < n; i++) {
		esp_add32(&data, reg[i].addr);
		esp_add32(&data, reg[i].value);
		esp_add32(&data, reg[i].mask);
		esp_add32(&data, reg[i].delay_us);
	}
	r = esp_command(l, ESP_WRITE_REG, data.data, data.len, 0,
	    ESP_COMMAND_MS, NULL, e);
	buf_release(&data);
	return r;
}

void
esp_loader_free(struct esp_loader *l)
{
	if (l == NULL)
		return;
	slip_release(&l->in);
	buf_release(&l->out);
	buf_release(&l->heard);
	free(l);
}
