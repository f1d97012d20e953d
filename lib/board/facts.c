/* SPDX-License-Identifier: MIT */
#include "board/facts.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "facts/facts.h"
#include "toml/toml.h"

const char *
answer_keep(struct board_answer *a, char *s)
{
	if (a->n_owned == sizeof(a->owned) / sizeof(a->owned[0])) {
		free(s);
		return NULL;
	}
	return s == NULL ? NULL : (a->owned[a->n_owned++] = s);
}

/* --- the version --- */

/* The word behind "MicroPython ", or the first: "v1.24.1 on 2024-11-29". */
static bool
described(const char *text, struct version *out)
{
	static const char name[] = "MicroPython ";
	const char *p = text == NULL ? NULL : strstr(text, name);
	char word[VERSION_TEXT];
	size_t n;

	if (text == NULL)
		return false;
	p = p == NULL ? text : p + sizeof(name) - 1;
	n = strcspn(p, " ");
	if (n >= sizeof(word))
		return false;
	memcpy(word, p, n);
	word[n] = '\0';
	return version_parse(word, out);
}

/*
 * sys.implementation has the numbers, and the texts that git described have
 * the build and the commit too.  sys.version says "3.4.0" alone up to v1.18;
 * os.uname().release is the SDK's on an ESP8266.  A text of other numbers is
 * not MicroPython's.
 */
static void
set_board_version(const struct probe *p, struct board_answer *out)
{
	const char *const texts[] = { p->sysver, p->uversion, p->release };
	struct version v, said;
	const bool known = p->version != NULL && version_parse(p->version, &v);
	char text[VERSION_TEXT];
	size_t i;

	for (i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		if (i == 0 && texts[0] != NULL &&
		    strstr(texts[0], "MicroPython ") == NULL)
			continue;	/* Python's version, not its own */
		if (described(texts[i], &said) && (!known ||
		    (v.major == said.major && v.minor == said.minor &&
		    v.patch == said.patch)))
			break;
	}
	if (i < sizeof(texts) / sizeof(texts[0]))
		v = said;
	else if (!known)
		return;
	version_text(&v, text);
	out->board.version = answer_keep(out, mem_str(text));
	out->board.build = v.build;
	if (v.commit[0] != '\0')
		out->board.commit = answer_keep(out, mem_str(v.commit));
}

/* --- what it runs on --- */

/* Ports whose _build is a variant: there is no board to it. */
static const char *const boardless[] = {
	"unix", "windows", "webassembly", NULL
};

/* In lower case, or NULL if a port can have no such name. */
static char *
platform_port(const char *platform)
{
	char *s = mem_str(platform);

	for (char *c = s; *c != '\0'; c++)
		*c = (char)tolower((unsigned char)*c);
	if (isalnum((unsigned char)s[0]) && s[strspn(s,
	    "abcdefghijklmnopqrstuvwxyz0123456789_-")] == '\0')
		return s;
	free(s);
	return NULL;
}

static void
set_board_port(const struct probe *p, struct board_answer *out)
{
	if (p->platform != NULL)
		out->board.port = answer_keep(out,
		    platform_port(facts_port(p->platform)));
}

/* The MCU is what stands behind the last " with ". */
static void
set_machine(const struct probe *p, struct board_answer *out)
{
	static const char with[] = " with ";
	const char *m = p->machine, *last = NULL;

	if (m == NULL)
		return;
	out->board.description = answer_keep(out, mem_str(m));
	for (; (m = strstr(m, with)) != NULL; m++)
		last = m + sizeof(with) - 1;
	if (last != NULL && *last != '\0')
		out->board.mcu = answer_keep(out, mem_str(last));
}

/* Bits 0-7: the version; 8-9: its revision, from 6 on; 10-13: the arch. */
static void
set_mpy(const struct probe *p, struct board_answer *out)
{
	static const char *const archs[16] = {
		NULL, "x86", "x64", "armv6", "armv6m", "armv7m", "armv7em",
		"armv7emsp", "armv7emdp", "xtensa", "xtensawin", "rv32imc",
		"rv64imc"
	};
	unsigned long v;
	char *end;

	if (p->mpy == NULL || !isdigit((unsigned char)p->mpy[0]))
		return;
	v = strtoul(p->mpy, &end, 10);
	if (*end != '\0' || (v & 0xff) == 0)
		return;
	out->board.mpy = answer_keep(out, (v & 0xff) < 6 ?
	    mem_printf("v%lu", v & 0xff) :
	    mem_printf("v%lu.%lu", v & 0xff, v >> 8 & 3));
	out->board.arch = archs[v >> 10 & 15];
}

static void
set_uid(const struct probe *p, struct board_answer *out)
{
	char hex[2 * PROBE_UID_MAX + 1];

	if (p->uid_len == 0)
		return;
	text_hex(hex, p->uid, p->uid_len);
	out->board.uid = answer_keep(out, mem_str(hex));
}

static void
set_storage(const struct probe *p, struct board_answer *out)
{
	const char *text = p->storage;
	int64_t v[3];

	for (int i = 0; i < 3; i++) {
		char *end;

		if (text == NULL || !isdigit((unsigned char)text[0]))
			return;
		v[i] = strtoll(text, &end, 10);
		if (*end != (i < 2 ? ' ' : '\0') || v[i] > UINT32_MAX)
			return;
		text = end + 1;
	}
	out->board.storage_addr = v[0];
	out->board.storage_bytes = v[1];
	out->board.storage_files = v[2];
}

/*
 * Two that call themselves micropython are not, by mpflash's names for them:
 * Pycom's, whose platform is the board's name, "WiPy" also being that of a
 * board of ours without an ESP32; and Pybricks, which says so in sys.version.
 */
static const char *
family_of_probe(const struct probe *p)
{
	static const char *const pycom[] = { "LoPy", "LoPy4", "SiPy", "GPy",
	    "FiPy", NULL };

	if (p->platform != NULL && (text_in(p->platform, pycom) ||
	    (strcmp(p->platform, "WiPy") == 0 && p->machine != NULL &&
	    strstr(p->machine, "ESP32") != NULL)))
		return "pycom";
	if (p->sysver != NULL && strstr(p->sysver, "Pybricks") != NULL)
		return "ev3-pybricks";
	return NULL;
}

static void
set_family(const struct probe *p, struct board_answer *out)
{
	out->board.family = family_of_probe(p);
	if (out->board.family == NULL)
		out->board.family = answer_keep(out, mem_str(p->name));
}

/* --- which board it is --- */

/* A name as boards and variants have it. */
static bool
is_board_id(const char *s)
{
	return isalnum((unsigned char)s[0]) && s[strspn(s,
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
	    "_.-")] == '\0';
}

/* "BOARD" or "BOARD-VARIANT".  False: it is neither. */
static bool
set_id(const char *id, struct board_answer *out)
{
	const char *dash;

	if (id == NULL || !is_board_id(id))
		return false;
	dash = strchr(id, '-');
	if (dash == NULL) {
		out->board.board_id = answer_keep(out, mem_str(id));
		return true;
	}
	out->board.board_id = answer_keep(out,
	    mem_printf("%.*s", (int)(dash - id), id));
	if (is_board_id(dash + 1))
		out->board.variant = answer_keep(out, mem_str(dash + 1));
	return true;
}

/* From the files that lie on it, a variant beside the board's id or in it. */
static bool
set_id_toml(const struct toml *t, const char *table, struct board_answer *out)
{
	char *path = mem_printf("%s.board_id", table);
	const char *variant;
	bool ok = t != NULL && set_id(toml_str(toml_get(t, path)), out);

	free(path);
	if (!ok)
		return false;
	path = mem_printf("%s.variant", table);
	variant = toml_str(toml_get(t, path));
	if (out->board.variant == NULL && variant != NULL &&
	    is_board_id(variant))
		out->board.variant = answer_keep(out, mem_str(variant));
	free(path);
	return true;
}

static void
set_board(const struct probe *p, const struct toml *info,
    struct board_answer *out)
{
	const char *port = out->board.port;

	if (port != NULL && text_in(port, boardless)) {
		if (p->build != NULL && is_board_id(p->build))
			out->board.variant =
			    answer_keep(out, mem_str(p->build));
		return;
	}
	if (!set_id(p->build, out))
		set_id_toml(info, "mpflash", out);
}

/* For board_identify: it may be of what was flashed before. */
static void
note_record(const struct toml *record, struct board_answer *out)
{
	const char *id, *variant, *version;

	if (record == NULL)
		return;
	id = toml_str(toml_get(record, "firmware.board_id"));
	variant = toml_str(toml_get(record, "firmware.variant"));
	version = toml_str(toml_get(record, "firmware.version"));
	if (id == NULL || version == NULL || !is_board_id(id))
		return;
	out->notes.record_id = answer_keep(out, variant != NULL &&
	    is_board_id(variant) && strchr(id, '-') == NULL ?
	    mem_printf("%s-%s", id, variant) : mem_str(id));
	out->notes.record_version = answer_keep(out, mem_str(version));
}

/* --- the files --- */

/* The tree, or NULL and, unless there was no file, why. */
static struct toml *
read_toml(const struct buf *text, bool too_large, const char *shut,
    const char *name, const char **json, const char **why,
    struct board_answer *out)
{
	struct err e = ERR_INIT;
	struct buf b = BUF_INIT;
	struct toml *t = NULL;

	if (too_large)
		err_set(&e, ERR_INPUT, "%s: over %d bytes", name,
		    PROBE_FILE_MAX);
	else if (text->len > 0)
		t = toml_parse(text->data, text->len, name, &e);
	else if (shut != NULL)
		err_set(&e, ERR_IO, "%s: the board cannot open it: %s", name,
		    shut);
	if (e.code != ERR_NONE) {
		text_clean(&b, e.msg, strlen(e.msg));
		*why = answer_keep(out, buf_steal(&b));
	} else if (t != NULL) {
		toml_json(t, &b);
		*json = answer_keep(out, buf_steal(&b));
	}
	return t;
}

void
board_facts(const struct probe *p, struct board_answer *out)
{
	static const struct board_answer none = BOARD_ANSWER_INIT;
	struct toml *info, *record;

	*out = none;
	set_family(p, out);
	set_board_version(p, out);
	set_board_port(p, out);
	set_machine(p, out);
	set_mpy(p, out);
	set_uid(p, out);
	set_storage(p, out);
	info = read_toml(&p->info, p->info_too_large, p->info_shut,
	    "board_info.toml", &out->board.info, &out->info_error, out);
	record = read_toml(&p->record, p->record_too_large, p->record_shut,
	    "mpflash.toml", &out->board.record, &out->record_error, out);
	set_board(p, info, out);
	note_record(record, out);
	if (info != NULL)
		toml_bool(toml_get(info, "mpflash.ignore"), &out->ignore);
	toml_free(info);
	toml_free(record);
}

void
board_answer_release(struct board_answer *a)
{
	static const struct board_answer none = BOARD_ANSWER_INIT;

	for (size_t i = 0; i < a->n_owned; i++)
		free(a->owned[i]);
	*a = none;
}
