/* SPDX-License-Identifier: MIT */
#include <ctype.h>
#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/file.h"
#include "base/mem.h"
#include "custom/build.h"
#include "custom/date.h"

/*
 * build_folder: what CMake, ESP-IDF and MicroPython leave where they build.
 *
 * Source: MicroPython, py/makeversionhdr.py (genhdr/mpversion.h); CMake,
 * CMakeCache.txt and CMakeFiles/VERSION/CMakeCCompiler.cmake; FindPython3.cmake
 * (_Python3_INTERPRETER_PROPERTIES); ESP-IDF, the head of sdkconfig.
 */

#define TEXT_MAX	(4u << 20)	/* bytes of one of these files */
#define VALUE_MAX	200u		/* bytes of what is taken from it */

struct folder {
	struct work	*w;
	char		*dir;
	struct buf	 text;		/* of the file that was read last */
	bool		 built;		/* something was, in here */
};

/* True, and f->text holds it. */
static bool
read_text(struct folder *f, const char *name)
{
	char *path = mem_printf("%s/%s", f->dir, name);
	struct err ignored;
	bool r;

	buf_clear(&f->text);
	r = file_read(path, &f->text, &ignored) == 0;
	free(path);
	f->built = f->built || r;
	return r;
}

/*
 * What stands behind before, in a line that begins with it, up to one of the
 * characters in end; NULL: no such line.  The caller frees it.
 */
static char *
value_after(const struct folder *f, const char *before, const char *end)
{
	const size_t n = strlen(before);
	const char *p = f->text.data;
	size_t len;

	while (p != NULL && strncmp(p, before, n) != 0) {
		p = strchr(p, '\n');
		p = p == NULL ? NULL : p + 1;
	}
	if (p == NULL)
		return NULL;
	p += n;
	len = strcspn(p, end);
	return len == 0 || len > VALUE_MAX ? NULL :
	    mem_printf("%.*s", (int)len, p);
}

/* Was it the image that was built here last, as far as both say? */
static bool
is_of_image(struct folder *f)
{
	const char *tag = f->w->facts.strings.tag;
	char *built;
	bool same;

	if (!read_text(f, "genhdr/mpversion.h"))
		return true;
	built = value_after(f, "#define MICROPY_GIT_TAG \"", "\"\r\n");
	same = built == NULL || tag[0] == '\0' || strcmp(built, tag) == 0;
	free(built);
	return same;
}

/* "arm-none-eabi-gcc 13.2.1": CMake has its version in a file of its own. */
static char *
compiler(struct folder *f, const char *path)
{
	char *cmake = mem_printf("%s/CMakeFiles", f->dir), *name, *found = NULL;
	const char *slash = strrchr(path, '/');
	DIR *d = opendir(cmake);
	struct dirent *de;

	free(cmake);
	while (d != NULL && found == NULL && (de = readdir(d)) != NULL) {
		if (!isdigit((unsigned char)de->d_name[0]))
			continue;
		name = mem_printf("CMakeFiles/%s/CMakeCCompiler.cmake",
		    de->d_name);
		if (read_text(f, name))
			found = value_after(f,
			    "set(CMAKE_C_COMPILER_VERSION \"", "\"\r\n");
		free(name);
	}
	if (d != NULL)
		closedir(d);
	if (found != NULL) {
		name = mem_printf("%s %s", slash == NULL ? path : slash + 1,
		    found);
		free(found);
		found = name;
	}
	return found;
}

/* "Python;3;11;2;64;..." */
static char *
python_version(const char *properties)
{
	const char *p = strchr(properties, ';');
	char *v, *semi;

	if (p == NULL)
		return NULL;
	v = mem_str(p + 1);
	semi = v;
	for (int i = 0; i < 3 && semi != NULL; i++) {
		semi = strchr(i == 0 ? semi : semi + 1, ';');
		if (semi != NULL)
			*semi = i == 2 ? '\0' : '.';
	}
	if (semi == NULL || v[strspn(v, "0123456789.")] != '\0') {
		free(v);
		return NULL;
	}
	return v;
}

static int
from_idf(struct folder *f, struct err *e)
{
	char *v, *text;
	int r;

	if (!read_text(f, "sdkconfig"))
		return 0;
	v = value_after(f,
	    "# Espressif IoT Development Framework (ESP-IDF) ", " \r\n");
	if (v == NULL)
		v = value_after(f, "CONFIG_IDF_INIT_VERSION=\"", "\"\r\n");
	if (v == NULL)
		return 0;
	text = mem_printf("esp-idf-v%s", v);
	r = build_take(f->w, "sdkconfig", text,
	    &f->w->en->firmware.toolchain_version, e);
	free(text);
	free(v);
	return r;
}

static int
from_cmake(struct folder *f, struct err *e)
{
	struct firmware *fw = &f->w->en->firmware;
	char *cc, *properties, *v;
	int r;

	if (!read_text(f, "CMakeCache.txt"))
		return 0;
	properties = value_after(f,
	    "_Python3_INTERPRETER_PROPERTIES:INTERNAL=", "\r\n");
	cc = value_after(f, "CMAKE_C_COMPILER:FILEPATH=", "\r\n");
	v = properties == NULL ? NULL : python_version(properties);
	r = build_take(f->w, "CMakeCache.txt", v, &fw->python_version, e);
	free(v);
	if (r == 0 && cc != NULL) {
		v = compiler(f, cc);
		r = build_take(f->w, "CMakeCCompiler.cmake", v,
		    &fw->toolchain_version, e);
		free(v);
	}
	free(properties);
	free(cc);
	return r;
}

/* When the file was written, if that was on the day that the image says. */
static void
take_build_time(const struct folder *f)
{
	struct work *w = f->w;
	char text[CLOCK_TEXT];
	struct stat st;

	if (!f->built || w->en->firmware.build_date != NULL ||
	    w->en->image.built == NULL || stat(w->path, &st) == -1)
		return;
	clock_text(st.st_mtim.tv_sec, text);
	if (strncmp(text, w->en->image.built, 10) == 0)
		w->en->firmware.build_date = entry_keep(w->en, text);
}

int
build_folder(struct work *w, struct err *e)
{
	struct folder f = { .w = w, .text = BUF_MAX(TEXT_MAX) };
	int r = 0;

	f.dir = mem_printf("%.*s", (int)(strrchr(w->path, '/') - w->path),
	    w->path);
	if (is_of_image(&f)) {
		r = from_idf(&f, e);
		if (r == 0)
			r = from_cmake(&f, e);
		take_build_time(&f);
	}
	buf_release(&f.text);
	free(f.dir);
	return r;
}
