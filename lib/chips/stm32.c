/* SPDX-License-Identifier: MIT */
#include "chips/stm32.h"

#include <string.h>

static const struct row {
	const char		*boards;	/* with blanks around each */
	struct stm32_storage	 at[STM32_STORAGES];
} rows[] = {
	{ " CERB40 GARATRONIC_NADHAT_F405 HYDRABUS MIKROE_CLICKER2_STM32"
	    " NETDUINO_PLUS_2 NUCLEO_F429ZI NUCLEO_F722ZE OLIMEX_E407"
	    " OLIMEX_H407 PYBV10 PYBV11 PYBV3 PYBV4 STM32F429DISC"
	    " STM32F4DISC ", { { 0x08004000, 112 << 10 } } },
	/* The script said 112 KB until v1.18; there was room for 64. */
	{ " ESPRUINO_PICO GARATRONIC_PYBSTICK26_F411 NUCLEO_F401RE"
	    " NUCLEO_F411RE NUCLEO_F412ZG NUCLEO_F446RE PYBLITEV10"
	    " STM32F411DISC ", { { 0x08004000, 64 << 10 } } },
	{ " NUCLEO_F413ZH ", { { 0x08004000, 176 << 10 },
	    { 0x08040000, 64 << 10 } } },
	{ " NUCLEO_F746ZG NUCLEO_F756ZG NUCLEO_F767ZI STM32F7DISC ",
	    { { 0x08008000, 96 << 10 } } },
	{ " NUCLEO_L432KC ", { { 0x08039800, 26 << 10 } } },
	{ " NUCLEO_WL55 ", { { 0x0803a000, 24 << 10 } } },
	{ " NUCLEO_F091RC ", { { 0x0803b000, 20 << 10 } } },
	{ " NUCLEO_G0B1RE NUCLEO_G474RE ", { { 0x08058000, 160 << 10 } } },
	{ " LIMIFROG NUCLEO_L452RE ", { { 0x08060000, 128 << 10 } } },
	{ " NUCLEO_L152RE ", { { 0x08064000, 112 << 10 } } },
	{ " NUCLEO_WB55 USBDONGLE_WB55 ", { { 0x08080000, 256 << 10 } } },
	{ " B_L475E_IOT01A NUCLEO_L476RG ", { { 0x08080000, 512 << 10 } } },
	{ " NUCLEO_L4A6ZG STM32L496GDISC ", { { 0x08099000, 412 << 10 } } },
	{ " NUCLEO_H723ZG ", { { 0x080c0000, 256 << 10 } } },
	{ " NUCLEO_F439ZI STM32F439 ", { { 0x08100000, 192 << 10 },
	    { 0x08140000, 64 << 10 } } },
	{ " NUCLEO_H563ZI NUCLEO_U5A5ZJ_Q WEACTSTUDIO_MINI_STM32U585 ",
	    { { 0x08100000, 1 << 20 } } },
	{ " NUCLEO_H743ZI VCC_GND_H743VI ", { { 0x08180000, 512 << 10 } } },
	{ " OPENMV_N6 ", { { 0x70400000, 4 << 20 } } },
	/* In a chip of its own, wherever mboot and the board have it. */
	{ " LEGO_HUB_NO6 LEGO_HUB_NO7 STM32F469DISC STM32H747I_DISCO"
	    " STM32L476DISC WEACTSTUDIO_MINI_STM32H723"
	    " WEACTSTUDIO_MINI_STM32H743 ",
	    { { 0x80000000, 0x20000000 } } },
	/* Their code may go on at 0x90000000, in a third chip. */
	{ " PYBD_SF2 PYBD_SF3 PYBD_SF6 ", { { 0x80000000, 0x10000000 } } },
};

#define ROWS	(sizeof(rows) / sizeof(rows[0]))

static bool
has_board_name(const char *list, const char *word)
{
	const size_t n = strlen(word);

	while ((list = strstr(list, word)) != NULL) {
		if (list[-1] == ' ' && list[n] == ' ')
			return true;
		list += n;
	}
	return false;
}

const struct stm32_storage *
stm32_storage(const char *board_id)
{
	if (board_id == NULL || *board_id == '\0' ||
	    strchr(board_id, ' ') != NULL)
		return NULL;
	for (size_t i = 0; i < ROWS; i++)
		if (has_board_name(rows[i].boards, board_id))
			return rows[i].at;
	return NULL;
}

bool
stm32_storage_row(unsigned i, const char **boards,
    const struct stm32_storage **out)
{
	if (i >= ROWS)
		return false;
	*boards = rows[i].boards;
	*out = rows[i].at;
	return true;
}
