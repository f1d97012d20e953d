/* SPDX-License-Identifier: MIT */
#include <string.h>
#include <strings.h>

#include "image/image.h"

/* What a file of that kind of name may hold. */
static const struct {
	const char	*ext, *formats[2];
} kinds[] = {
	{ "uf2", { "uf2" } },
	{ "bin", { "esp", "bin" } },
	{ "dfu", { "dfu" } },
	{ "hex", { "hex" } },
};

#define N(a)	(sizeof(a) / sizeof((a)[0]))

/* Behind the last dot, or NULL. */
static const char *
name_extension(const char *name)
{
	const char *slash = strrchr(name, '/');
	const char *dot = strrchr(slash == NULL ? name : slash, '.');

	return dot == NULL ? NULL : dot + 1;
}

bool
image_name_fits(const char *name)
{
	const char *ext = name_extension(name);

	for (size_t i = 0; ext != NULL && i < N(kinds); i++)
		if (strcasecmp(ext, kinds[i].ext) == 0)
			return true;
	return false;
}

int
image_check_name(const char *name, const char *format, struct err *e)
{
	const char *ext = name_extension(name);

	for (size_t i = 0; ext != NULL && i < N(kinds); i++) {
		if (strcasecmp(ext, kinds[i].ext) != 0)
			continue;
		for (size_t k = 0; k < 2 && kinds[i].formats[k] != NULL; k++)
			if (strcmp(format, kinds[i].formats[k]) == 0)
				return 0;
		return err_set(e, ERR_INPUT, "%s, by its bytes", format);
	}
	return err_set(e, ERR_UNSUPPORTED, "not a kind of firmware file that "
	    "can be flashed");
}

const char *
image_extension(const char *format)
{
	for (size_t i = 0; i < N(kinds); i++)
		for (size_t k = 0; k < 2 && kinds[i].formats[k] != NULL; k++)
			if (strcmp(format, kinds[i].formats[k]) == 0)
				return kinds[i].ext;
	return "bin";
}
