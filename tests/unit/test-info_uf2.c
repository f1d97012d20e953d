/* SPDX-License-Identifier: MIT */
#include "image/info_uf2.h"

#include "../tests/unit/tap.h"

static struct info_uf2 info;
static struct err e = ERR_INIT;

static int
parse(const char *text)
{
	return info_uf2_parse(text, strlen(text), &info, &e);
}

int
main(void)
{
	char longer[300];

	OK(parse("UF2 Bootloader v3.0\r\nModel: Raspberry Pi RP2\r\n"
	    "Board-ID: RPI-RP2\r\n") == 0);
	IS_STR(info.bootloader, "UF2 Bootloader v3.0");
	IS_STR(info.model, "Raspberry Pi RP2");
	IS_STR(info.board_id, "RPI-RP2");

	/* Other line ends, other case, no last line end, more lines. */
	OK(parse("TinyUF2 Bootloader 0.18.1\nSoftDevice: S140 6.1.1\n"
	    "model:Wio\tTerminal\nBOARD-ID:  SAMD51P19A-WioTerm-v0  ") == 0);
	IS_STR(info.bootloader, "TinyUF2 Bootloader 0.18.1");
	IS_STR(info.model, "WioTerminal");
	IS_STR(info.board_id, "SAMD51P19A-WioTerm-v0");

	/* A sector's padding after the text is not looked at. */
	OK(info_uf2_parse("a\nBoard-ID: X\n\0Board-ID: Y\n", 26, &info,
	    &e) == 0);
	IS_STR(info.board_id, "X");

	OK(parse("UF2 Bootloader v3.0\r\nBoard-ID:\r\n") == -1);
	OK(e.code == ERR_INPUT);
	IS_STR(e.msg, "INFO_UF2.TXT: no Board-ID");
	OK(parse("") == -1);

	/* What is too long is cut, and never inside a character. */
	memset(longer, 'x', sizeof(longer));
	memcpy(longer, "Board-ID:", 9);
	memcpy(longer + 9 + 62, "\xc3\xa4\n", 4);
	OK(parse(longer) == 0);
	OK(strlen(info.board_id) == 62);
	return tap_done();
}
