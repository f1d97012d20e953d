/* SPDX-License-Identifier: MIT */
#include <string.h>
#include <strings.h>

#include "custom/impl.h"

/* refuse: what people give, and cannot be flashed, and what to give instead. */

#define N(a)	(sizeof(a) / sizeof((a)[0]))

#define WHOLE	"give the .uf2, .dfu, .hex or .bin of the same build"
#define UNPACK	"unpack it, and give the file in it; of an artefact on " \
		"GitHub: gh run download"

static const struct {
	const char	*end;		/* of a name, in any case */
	const char	*what, *instead;
} ends[] = {
	{ ".elf", "a program for a debugger", WHOLE },
	{ ".axf", "a program for a debugger", WHOLE },
	{ ".map", "the linker's list of symbols", WHOLE },
	{ ".app-bin", "the application of an ESP32 without its bootloader",
	    "give the .bin of the same build" },
	{ ".zip", "an archive", UNPACK },
	{ ".gz", "an archive", UNPACK },
	{ ".xz", "an archive", UNPACK },
	{ ".bz2", "an archive", UNPACK },
	{ ".tar", "an archive", UNPACK },
	{ ".tgz", "an archive", UNPACK },
	{ ".7z", "an archive", UNPACK },
	{ ".py", "a program in Python", "mpremote copies it to a board" },
	{ ".mpy", "a program in Python", "mpremote copies it to a board" },
};

static const struct {
	const char	*bytes;		/* that it begins with */
	size_t		 n;
	const char	*what, *instead;
} begins[] = {
	{ "\177ELF", 4, "an ELF file, for a debugger", WHOLE },
	{ "PK\3\4", 4, "a zip archive", UNPACK },
	{ "\37\213", 2, "a gzip archive", UNPACK },
	{ "\3757zXZ", 5, "an xz archive", UNPACK },
	{ "BZh", 3, "a bzip2 archive", UNPACK },
};

static int
refuse_file(const char *what, const char *instead, struct err *e)
{
	err_set(e, ERR_UNSUPPORTED, "%s, which cannot be flashed", what);
	return err_hint(e, "%s", instead);
}

int
refuse_name(const char *name, struct err *e)
{
	const size_t n = strlen(name);

	for (size_t i = 0; i < N(ends); i++) {
		const size_t k = strlen(ends[i].end);

		if (n >= k && strcasecmp(name + n - k, ends[i].end) == 0)
			return refuse_file(ends[i].what, ends[i].instead, e);
	}
	if (strcmp(name, "stdin") == 0 || image_name_fits(name))
		return 0;
	err_set(e, ERR_UNSUPPORTED, "not a firmware file, by its name");
	return err_hint(e, "its name has to end in .uf2, .bin, .hex or .dfu");
}

int
refuse_bytes(const struct buf *bytes, struct err *e)
{
	for (size_t i = 0; i < N(begins); i++)
		if (bytes->len >= begins[i].n && memcmp(bytes->data,
		    begins[i].bytes, begins[i].n) == 0)
			return refuse_file(begins[i].what, begins[i].instead,
			    e);
	return 0;
}

int
refuse_app(const struct work *w, struct err *e)
{
	if (!w->facts.app_alone)
		return 0;
	err_set(e, ERR_UNSUPPORTED, "the application of an ESP32 without its "
	    "bootloader and partition table");
	err_hint(e, "give the whole image, firmware.bin; else make it: esptool "
	    "--chip %s merge_bin -o firmware.bin @flash_args",
	    w->facts.chip != NULL ? w->facts.chip : "CHIP");
	return work_contradicts(w, e);
}
