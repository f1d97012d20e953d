/* SPDX-License-Identifier: MIT */
#include "upstream/definition.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "upstream/cmake.h"
#include "upstream/cpp.h"
#include "upstream/make.h"
#include "upstream/pico.h"

#define N(a)		(sizeof(a) / sizeof((a)[0]))

/* One board in the making. */
struct work {
	const struct definition *b;
	const char	*variant;	/* "" for none */
	char		*port_dir;	/* "ports/rp2" */
	char		*board_dir;	/* "ports/rp2/boards/PICO" */
	struct source	 src;
	struct cpp	 cpp;
	struct cmake	 cmake;
	const char	*dirs[4];	/* where headers look for others */
	struct err	 git;		/* what git had to say; ERR_NONE */
};

static const char *
read_file(void *ctx, const char *path, size_t *len)
{
	struct work *w = ctx;
	struct tree_entry entry;
	const struct object *o;
	struct err e = ERR_INIT;
	int r = w->git.code != ERR_NONE ? 0 :
	    objects_find(w->b->objects, w->b->root, path, &entry, &e);

	if (r == 1 && entry.kind == TREE_FILE)
		r = objects_get(w->b->objects, entry.id, &o, &e) == 0 ? 2 : -1;
	if (r == -1)
		w->git = e;
	if (r != 2)
		return NULL;
	*len = o->len;
	return o->data;
}

static bool
there(struct work *w, const char *path)
{
	size_t len;

	return read_file(w, path, &len) != NULL;
}

/* The file of the variant: mpconfigvariant.mk, or mpconfigvariant_V.mk. */
static char *
variant_file(const struct work *w, const char *ext)
{
	return mem_printf("%s/mpconfigvariant%s%s.%s", w->board_dir,
	    w->variant[0] != '\0' ? "_" : "", w->variant, ext);
}

/* --- CMake --- */

static void
preset_cmake(struct work *w)
{
	struct vars *v = w->cmake.vars;
	char *port = mem_printf("/%s", w->port_dir);
	char *board = mem_printf("/%s", w->board_dir);

	vars_puts(v, "MICROPY_PORT_DIR", port);
	vars_puts(v, "MICROPY_BOARD_DIR", board);
	vars_puts(v, "MICROPY_BOARD", w->b->name);
	if (w->variant[0] != '\0') {
		vars_puts(v, "MICROPY_BOARD_VARIANT", w->variant);
		vars_puts(v, "BOARD_VARIANT", w->variant);
	}
	free(port);
	free(board);
}

/* What is defined by the list MICROPY_DEF_BOARD. */
static void
define_list(struct work *w)
{
	const char *list = vars_gets(w->cmake.vars, "MICROPY_DEF_BOARD");
	char *copy = mem_str(list != NULL ? list : ""), *rest = copy, *item;

	while ((item = strsep(&rest, ";")) != NULL)
		cpp_define(&w->cpp, item);
	free(copy);
}

static int
run_cmake(struct work *w, struct err *e)
{
	char *file[] = {
		mem_printf("%s/mpconfigboard.cmake", w->board_dir),
		variant_file(w, "cmake")
	};
	int r = 0;

	preset_cmake(w);
	for (size_t i = 0; i < N(file); i++) {
		if (r == 0 && there(w, file[i]))
			r = cmake_file(&w->cmake, file[i], e);
		free(file[i]);
	}
	if (r == 0)
		define_list(w);
	return r;
}

/* --- make --- */

/*
 * The board's makefiles; where there is no header, the port's Makefile, which
 * says the rest, and includes the board's.
 */
static int
run_makefiles(struct work *w, struct make *m, bool header, struct err *e)
{
	char *file[] = {
		mem_printf("%s/Makefile", w->port_dir),
		mem_printf("%s/mpconfigboard.mk", w->board_dir),
		variant_file(w, "mk")
	};
	const bool all = !header && there(w, file[1]) && there(w, file[0]);
	int r = 0;

	for (size_t i = all ? 0 : 1; i < (all ? 1 : N(file)); i++)
		if (r == 0 && there(w, file[i]))
			r = make_file(m, file[i], e);
	for (size_t i = 0; i < N(file); i++)
		free(file[i]);
	return r;
}

static void
preset_make(const struct work *w, struct make *m)
{
	char *dir = mem_printf("boards/%s", w->b->name);

	make_override(m, "BOARD", w->b->name);
	make_override(m, "BOARD_DIR", dir);
	make_override(m, "TOP", "../..");
	if (w->variant[0] != '\0')
		make_override(m, "BOARD_VARIANT", w->variant);
	free(dir);
}

static int
run_make(struct work *w, bool header, struct err *e)
{
	struct buf flags = BUF_MAX(MAKE_BYTES), word = BUF_INIT;
	struct make m;
	const char *s;
	int r;

	make_init(&m, &w->src, w->port_dir);
	preset_make(w, &m);
	r = run_makefiles(w, &m, header, e);
	if (r == 0)
		r = make_get(&m, "CFLAGS", &flags, e);
	s = flags.data;
	while (r == 0 && make_next_define(&s, &word))
		cpp_define(&w->cpp, word.data);
	make_release(&m);
	buf_release(&flags);
	buf_release(&word);
	return r;
}

/* --- the chip of an rp2 board --- */

/* What CMake says, else the board's own header of the sdk, else board.json. */
static void
find_platform(struct work *w, struct buf *out)
{
	const char *set = vars_gets(w->cmake.vars, "PICO_PLATFORM");
	const char *board = vars_gets(w->cmake.vars, "PICO_BOARD"), *text;
	char *path;
	size_t len;

	buf_adds(out, set != NULL ? set : "");
	if (out->len == 0 && board != NULL) {
		path = mem_printf("%s/%s.h", w->board_dir, board);
		text = read_file(w, path, &len);
		if (text != NULL)
			pico_platform(text, out);
		free(path);
	}
	if (out->len == 0 && w->b->json != NULL)
		record_text(w->b->json, "mcu", out);
}

/* --- facts --- */

static bool
set_string(struct work *w, struct row *row, enum fact f, const char *macro)
{
	struct buf b = BUF_INIT;
	const bool is = cpp_string(&w->cpp, macro, &b) &&
	    catalog_set(row, f, b.data);

	buf_release(&b);
	return is;
}

static void
set_usb(struct work *w, struct row *row, enum fact f, const char *macro)
{
	char text[8];
	int64_t v;

	if (cpp_number(&w->cpp, macro, &v) && v > 0 && v <= 0xffff) {
		snprintf(text, sizeof(text), "%04" PRIx64, v);
		catalog_set(row, f, text);
	}
}

static void
set_json(const struct definition *b, struct row *row, enum fact f,
    const char *path)
{
	struct buf text = BUF_INIT;

	if (b->json != NULL)
		record_text(b->json, path, &text);
	catalog_set(row, f, text.data);
	buf_release(&text);
}

static void
set_details(const struct definition *b, struct row *row)
{
	char *path;

	set_json(b, row, FACT_MCU, "mcu");
	set_json(b, row, FACT_PRODUCT, "product");
	set_json(b, row, FACT_VENDOR, "vendor");
	set_json(b, row, FACT_URL, "url");
	set_json(b, row, FACT_OFFSET, "deploy_options.flash_offset");
	set_json(b, row, FACT_JSON_ID, "id");
	if (row->variant[0] != '\0') {
		path = mem_printf("variants.%s", row->variant);
		set_json(b, row, FACT_VARIANT_TEXT, path);
		catalog_set(row, FACT_RELEASED, b->json != NULL &&
		    record_has(b->json, path) ? "1" : "0");
		free(path);
	} else {
		catalog_set(row, FACT_RELEASED, b->json != NULL ? "1" : "0");
	}
}

/* The machine string, where the board has one of its own. */
static void
set_machine(struct work *w, struct row *row)
{
	struct buf usual = BUF_INIT;

	set_string(w, row, FACT_MACHINE, "MICROPY_BANNER_MACHINE");
	buf_addf(&usual, "%s with %s", row->f[FACT_NAME], row->f[FACT_HW_MCU]);
	if (strcmp(row->f[FACT_MACHINE], usual.data) == 0)
		catalog_set(row, FACT_MACHINE, "");
	buf_release(&usual);
}

static int
unnamed(const struct work *w, const char *macro, struct err *e)
{
	if (w->src.missing[0] != '\0')
		return err_set(e, ERR_INPUT, "%s is not a string; %s, which "
		    "may set it, is not in the tree", macro, w->src.missing);
	return err_set(e, ERR_INPUT, "%s is not a string", macro);
}

/* What the headers say, the board's own and then its port's. */
static int
run_headers(struct work *w, const char *header, struct row *row,
    struct err *e)
{
	static const char name[] = "MICROPY_HW_BOARD_NAME";
	static const char mcu[] = "MICROPY_HW_MCU_NAME";
	char *port = mem_printf("%s/mpconfigport.h", w->port_dir);
	struct buf platform = BUF_INIT;
	int r = 0;

	if (strcmp(w->b->port, "rp2") == 0) {
		find_platform(w, &platform);
		pico_define(&w->cpp, platform.data);
	}
	if (there(w, header))
		r = cpp_file(&w->cpp, header, e);
	set_usb(w, row, FACT_VID, "MICROPY_HW_USB_VID");
	set_usb(w, row, FACT_PID, "MICROPY_HW_USB_PID");
	if (r == 0 && !cpp_defined(&w->cpp, mcu) && there(w, port))
		r = cpp_file(&w->cpp, port, e);
	buf_release(&platform);
	free(port);
	if (r == 0 && !set_string(w, row, FACT_NAME, name))
		return unnamed(w, name, e);
	if (r == 0 && !set_string(w, row, FACT_HW_MCU, mcu))
		return unnamed(w, mcu, e);
	if (r == 0)
		set_machine(w, row);
	return r;
}

static int
evaluate(struct work *w, struct row *row, struct err *e)
{
	char *header = mem_printf("%s/mpconfigboard.h", w->board_dir);
	const bool is = there(w, header);
	int r = -1;

	if (run_cmake(w, e) == 0 && run_make(w, is, e) == 0)
		r = run_headers(w, header, row, e);
	if (r == 0 && w->src.over)
		r = err_set(e, ERR_INPUT, "its files are more than %u bytes",
		    SOURCE_BYTES);
	free(header);
	if (w->git.code != ERR_NONE) {
		*e = w->git;
		return -1;
	}
	if (r == -1)
		e->code = ERR_INPUT;
	return r;
}

int
definition_facts(const struct definition *b, struct row *row, struct err *e)
{
	struct work w = { .b = b, .variant = row->variant };
	int r;

	w.port_dir = mem_printf("ports/%s", b->port);
	w.board_dir = mem_printf("%s/boards/%s", w.port_dir, b->name);
	w.dirs[0] = w.board_dir;
	w.dirs[1] = w.port_dir;
	w.dirs[2] = "";
	w.src.read = read_file;
	w.src.ctx = &w;
	cpp_init(&w.cpp, &w.src, w.dirs);
	cmake_init(&w.cmake, &w.src, w.port_dir);
	set_details(b, row);
	r = evaluate(&w, row, e);
	cpp_release(&w.cpp);
	cmake_release(&w.cmake);
	free(w.port_dir);
	free(w.board_dir);
	return r;
}
