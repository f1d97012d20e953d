/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "esp/header.h"

#define WORDS_MAX	11u

/* The words of some chips, and their numbers; word NULL: ends. */
static const struct nibbles {
	enum esp_param	 what;
	const char	*chips;		/* names, with a blank around each */
	struct {
		const char	*word;
		uint32_t	 kb;	/* of a size */
		int		 nibble;
	}		 v[WORDS_MAX];
} all_nibbles[] = {
	{ ESP_MODE, NULL, { { "qio", 0, 0 }, { "qout", 0, 1 },
	    { "dio", 0, 2 }, { "dout", 0, 3 } } },
	/* An ESP8266 has numbers of its own, in no order. */
	{ ESP_SIZE, " esp8266 ", { { "256KB", 256, 1 }, { "512KB", 512, 0 },
	    { "1MB", 1024, 2 }, { "2MB", 2048, 3 }, { "4MB", 4096, 4 },
	    { "8MB", 8192, 8 }, { "16MB", 16384, 9 } } },
	{ ESP_SIZE, NULL, { { "1MB", 1024, 0 }, { "2MB", 2048, 1 },
	    { "4MB", 4096, 2 }, { "8MB", 8192, 3 }, { "16MB", 16384, 4 },
	    { "32MB", 32768, 5 }, { "64MB", 65536, 6 },
	    { "128MB", 131072, 7 } } },
	{ ESP_FREQ, " esp32 esp32s2 esp32s3 esp32c3 esp32p4 esp8266 ",
	    { { "80m", 0, 15 }, { "40m", 0, 0 }, { "26m", 0, 1 },
	    { "20m", 0, 2 } } },
	{ ESP_FREQ, " esp32c2 ", { { "60m", 0, 15 }, { "30m", 0, 0 },
	    { "20m", 0, 1 }, { "15m", 0, 2 } } },
	/* The boot loader tells the first two apart by itself. */
	{ ESP_FREQ, " esp32c6 ", { { "80m", 0, 0 }, { "40m", 0, 0 },
	    { "20m", 0, 2 } } },
	{ ESP_FREQ, " esp32c5 esp32c61 ", { { "80m", 0, 15 },
	    { "40m", 0, 0 }, { "20m", 0, 2 } } },
	{ ESP_FREQ, " esp32h2 ", { { "48m", 0, 15 }, { "24m", 0, 0 },
	    { "16m", 0, 1 }, { "12m", 0, 2 } } },
};

#define N_NIBBLES	(sizeof(all_nibbles) / sizeof(all_nibbles[0]))

static bool
names_chip(const char *chips, const char *name)
{
	const size_t n = strlen(name);
	const char *at = chips;

	while ((at = strstr(at, name)) != NULL) {
		if (at[-1] == ' ' && at[n] == ' ')
			return true;
		at += n;
	}
	return false;
}

/* The first row that has the chip, or is for all that no row names. */
static const struct nibbles *
find_nibbles(enum esp_param what, const struct esp_chip *chip)
{
	for (size_t i = 0; i < N_NIBBLES; i++)
		if (all_nibbles[i].what == what &&
		    (all_nibbles[i].chips == NULL ||
		    names_chip(all_nibbles[i].chips, chip->name)))
			return &all_nibbles[i];
	return NULL;
}

int
esp_param_nibble(enum esp_param what, const struct esp_chip *chip,
    const char *word)
{
	const struct nibbles *row = find_nibbles(what, chip);

	for (size_t i = 0; row != NULL && row->v[i].word != NULL; i++)
		if (strcmp(row->v[i].word, word) == 0)
			return row->v[i].nibble;
	return -1;
}

int
esp_size_nibble(const struct esp_chip *chip, uint32_t bytes)
{
	const struct nibbles *row = find_nibbles(ESP_SIZE, chip);

	for (size_t i = 0; row->v[i].word != NULL; i++)
		if (row->v[i].kb == bytes / 1024)
			return row->v[i].nibble;
	return -1;
}

/* Is it a word of one of the rows before this one? */
static bool
was_listed(size_t before, enum esp_param what, const char *word)
{
	for (size_t i = 0; i < before; i++)
		for (size_t k = 0; all_nibbles[i].v[k].word != NULL; k++)
			if (all_nibbles[i].what == what &&
			    strcmp(all_nibbles[i].v[k].word, word) == 0)
				return true;
	return false;
}

void
esp_param_words(enum esp_param what, const struct esp_chip *chip,
    struct buf *out)
{
	const struct nibbles *only = chip == NULL ? NULL :
	    find_nibbles(what, chip);
	const char *comma = "";

	for (size_t i = 0; i < N_NIBBLES; i++) {
		const struct nibbles *row = &all_nibbles[i];

		for (size_t k = 0; row->v[k].word != NULL; k++) {
			if (row->what != what || (chip != NULL ? row != only :
			    was_listed(i, what, row->v[k].word)))
				continue;
			buf_addf(out, "%s%s", comma, row->v[k].word);
			comma = ", ";
		}
	}
}
