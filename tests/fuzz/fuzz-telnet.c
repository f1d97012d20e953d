/* SPDX-License-Identifier: MIT */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "rfc2217/rfc2217.h"
#include "rfc2217/telnet.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Whatever comes: no more data than bytes, no subnegotiation past its end. */
static void
try_stream(const uint8_t *data, size_t size)
{
	struct telnet t = TELNET_INIT;
	struct telnet_command c;
	struct buf out = BUF_INIT;

	for (size_t i = 0; i < size; i++)
		if (telnet_feed(&t, data[i], &out, &c)) {
			assert(c.n <= TELNET_SUB_MAX);
			assert(c.verb >= TELNET_SB && c.verb <= TELNET_DONT);
			assert(c.verb == TELNET_SB || c.n == 0);
		}
	assert(out.len <= size);
	buf_release(&out);
}

/* What was added comes back, data as data and a command as that command. */
static void
try_round(const uint8_t *data, size_t size)
{
	const size_t n = size < TELNET_SUB_MAX ? size : TELNET_SUB_MAX - 1;
	struct telnet t = TELNET_INIT;
	struct telnet_command c;
	struct buf line = BUF_INIT, out = BUF_INIT;
	size_t commands = 0;

	telnet_add(&line, data, size);
	telnet_add_com_port(&line, COM_BAUDRATE, data, n);
	for (size_t i = 0; i < line.len; i++)
		if (telnet_feed(&t, (uint8_t)line.data[i], &out, &c)) {
			commands++;
			assert(c.verb == TELNET_SB &&
			    c.option == TELNET_COM_PORT && c.n == n + 1 &&
			    c.data[0] == COM_BAUDRATE &&
			    (n == 0 || memcmp(c.data + 1, data, n) == 0));
		}
	assert(commands == (n < TELNET_SUB_MAX));
	assert(out.len == size &&
	    (size == 0 || memcmp(out.data, data, size) == 0));
	buf_release(&line);
	buf_release(&out);
}

static void
try_address(const uint8_t *data, size_t size)
{
	char text[256] = "rfc2217://";
	const size_t at = strlen(text);
	char *host, *port;
	struct err e = ERR_INIT;

	if (size > sizeof(text) - at - 1 || memchr(data, 0, size) != NULL)
		return;
	memcpy(text + at, data, size);
	text[at + size] = '\0';
	if (rfc2217_parse(text, &host, &port, &e) == 0) {
		assert(host[0] != '\0' && strtol(port, NULL, 10) > 0);
		free(host);
		free(port);
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	try_stream(data, size);
	try_round(data, size);
	try_address(data, size);
	return 0;
}
