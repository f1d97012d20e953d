/* SPDX-License-Identifier: MIT */
#include "esp/stub.h"

#include <glob.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/base64.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/mem.h"
#include "esp/impl.h"
#include "stream/stream.h"

#define FILE_MAX	(256u << 10)	/* bytes of JSON; they have 20 KB */
#define CODE_MAX	(64u << 10)
#define BLOCK		6144u		/* bytes of a MEM_DATA */
#define LOAD_TRIES	3
#define HELLO_MS	50		/* at the rate that was raised before */
#define HELLO_LATE_MS	500

/* --- the file --- */

static int
stub_number(const struct record *rec, const char *key, uint32_t *out,
    struct err *e)
{
	int64_t v;

	if (record_get_int(rec, key, &v, e) == -1)
		return -1;
	if (v < 0 || v > UINT32_MAX)
		return err_set(e, ERR_INPUT, "%s: not an address", key);
	*out = (uint32_t)v;
	return 0;
}

static int
stub_bytes(const struct record *rec, const char *key, struct buf *out,
    struct err *e)
{
	const char *text;
	uint8_t *raw;
	size_t n, size, pad = 0;
	int r;

	if (record_get_str(rec, key, &text, e) == -1)
		return -1;
	n = strlen(text);
	while (pad < n && pad < 2 && text[n - 1 - pad] == '=')
		pad++;
	size = n / 4 * 3 >= pad ? n / 4 * 3 - pad : 0;
	raw = mem_alloc(size + 1);
	r = base64_read(text, n, raw, size);
	if (r == 0)
		buf_add(out, raw, size);
	free(raw);
	if (r == -1 || size == 0 || size > CODE_MAX)
		return err_set(e, ERR_INPUT, "%s: not the code of a stub, in "
		    "base64", key);
	return 0;
}

int
esp_stub_parse(const char *json, size_t n, struct esp_stub *out,
    struct err *e)
{
	struct record *rec = NULL;
	int r = -1;

	memset(out, 0, sizeof(*out));
	out->text = out->data = (struct buf)BUF_INIT;
	if (record_parse(json, n, &rec, e) == -1 ||
	    stub_number(rec, "entry", &out->entry, e) == -1 ||
	    stub_number(rec, "text_start", &out->text_start, e) == -1 ||
	    stub_bytes(rec, "text", &out->text, e) == -1)
		goto out;
	if (record_has(rec, "data") &&
	    (stub_number(rec, "data_start", &out->data_start, e) == -1 ||
	    stub_bytes(rec, "data", &out->data, e) == -1))
		goto out;
	r = 0;
out:
	record_free(rec);
	if (r == -1)
		esp_stub_release(out);
	return r;
}

void
esp_stub_release(struct esp_stub *s)
{
	buf_release(&s->text);
	buf_release(&s->data);
	free(s->path);
	s->path = NULL;
}

/* --- where it is --- */

/* The name of the chip in a file's: P4s before revision 3 have their own. */
static char *
stub_name(const struct esp_chip *chip, int revision)
{
	return mem_printf("%s%s", chip->name,
	    strcmp(chip->name, "esp32p4") == 0 && revision >= 0 &&
	    revision < 300 ? "-rev1" : "");
}

/* A path in this folder that can be read, or NULL; the caller frees it. */
static char *
stub_in(const char *dir, const char *name)
{
	char *path[] = {
		mem_printf("%s/2/%s.json", dir, name),
		mem_printf("%s/1/%s.json", dir, name),
		mem_printf("%s/%s.json", dir, name),
		mem_printf("%s/stub_flasher_%s.json", dir, name + 3),
	};
	char *found = NULL;

	for (size_t i = 0; i < sizeof(path) / sizeof(path[0]); i++) {
		if (found == NULL && access(path[i], R_OK) == 0)
			found = path[i];
		else
			free(path[i]);
	}
	return found;
}

/* The same in each folder that a pattern names, the last first: newer. */
static char *
stub_in_each(const char *pattern, const char *name)
{
	char *found = NULL;
	glob_t g;

	if (glob(pattern, 0, NULL, &g) != 0)
		return NULL;
	for (size_t i = g.gl_pathc; i > 0 && found == NULL; i--)
		found = stub_in(g.gl_pathv[i - 1], name);
	globfree(&g);
	return found;
}

/* Where the packages of other tools have theirs; "~" is the user's folder. */
static const char *const places[] = {
	"~/.cache/mpf/stubs",
	"~/.local/lib/python3*/site-packages/esptool/targets/stub_flasher",
	"~/.local/share/uv/tools/*/lib/python3*/site-packages/esptool/targets/"
	    "stub_flasher",
	"~/.local/share/pipx/venvs/*/lib/python3*/site-packages/esptool/"
	    "targets/stub_flasher",
	"~/.espressif/python_env/*/lib/python3*/site-packages/esptool/targets/"
	    "stub_flasher",
	"~/.platformio/packages/tool-esptoolpy*/esptool/targets/stub_flasher",
	"/usr/lib/python3/dist-packages/esptool/targets/stub_flasher",
	"/usr/local/lib/python3*/site-packages/esptool/targets/stub_flasher",
	"/usr/local/lib/python3*/dist-packages/esptool/targets/stub_flasher",
};

static char *
stub_anywhere(const char *name)
{
	const char *given = getenv("MPF_STUB_DIR"), *home = getenv("HOME");
	char *found = NULL, *pattern;

	if (given != NULL && given[0] != '\0')
		return stub_in(given, name);
	for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
		if (found != NULL || (places[i][0] == '~' && home == NULL))
			continue;
		pattern = places[i][0] != '~' ? mem_str(places[i]) :
		    mem_printf("%s%s", home, places[i] + 1);
		found = stub_in_each(pattern, name);
		free(pattern);
	}
	return found;
}

int
esp_stub_find(const struct esp_chip *chip, int revision, const char *dir,
    struct esp_stub *out, struct err *e)
{
	char *name = stub_name(chip, revision);
	char *path = dir != NULL ? stub_in(dir, name) : stub_anywhere(name);
	struct buf text = BUF_MAX(FILE_MAX);
	int r = -1;

	if (path == NULL) {
		err_set(e, ERR_NOT_FOUND, "no stub for an %s", chip->shown);
		goto out;
	}
	if (file_read(path, &text, e) == -1)
		goto out;
	if (esp_stub_parse(text.data, text.len, out, e) == -1) {
		err_wrap(e, "%s", path);
		goto out;
	}
	out->path = path;
	path = NULL;
	r = 0;
out:
	buf_release(&text);
	free(path);
	free(name);
	return r;
}

/* --- into the chip --- */

static int
load_blocks(struct esp_loader *l, const struct buf *part, uint32_t addr,
    struct err *e)
{
	const size_t size = l->opts.port == ESP_USB_OTG ? 2048 : BLOCK;
	const size_t blocks = (part->len + size - 1) / size;
	struct buf data = BUF_INIT;
	int r;

	esp_add32(&data, (uint32_t)part->len);
	esp_add32(&data, (uint32_t)blocks);
	esp_add32(&data, (uint32_t)size);
	esp_add32(&data, addr);
	r = esp_command(l, ESP_MEM_BEGIN, data.data, data.len, 0,
	    ESP_COMMAND_MS, NULL, e);
	for (size_t i = 0; r == 0 && i < blocks; i++) {
		const size_t n = part->len - i * size;

		esp_block(&l->out, ESP_MEM_DATA, (uint32_t)i,
		    part->data + i * size, n < size ? n : size);
		r = esp_exchange(l, ESP_MEM_DATA, 0, ESP_COMMAND_MS, NULL, e);
	}
	buf_release(&data);
	return r;
}

/* A block that was spoilt has used up its number: all of them again. */
static int
load_part(struct esp_loader *l, const struct buf *part, uint32_t addr,
    struct err *e)
{
	int r = load_blocks(l, part, addr, e);

	for (int i = 1; r == -1 && i < LOAD_TRIES; i++) {
		if (e->code == ERR_NOT_FOUND || e->code == ERR_CANCELLED ||
		    esp_wake(l) == -1)
			break;
		r = load_blocks(l, part, addr, e);
	}
	return r;
}

/* A stub says so when it runs, in a frame that is not a reply. */
static bool
said_hello(struct esp_loader *l, int64_t ms)
{
	static const char hello[] = "OHAI";
	const int64_t until = esp_until(l, ms);
	struct err ignored = ERR_INIT;

	while (esp_frame(l, until, &ignored) == 0)
		if (l->in.frame.len == sizeof(hello) - 1 &&
		    memcmp(l->in.frame.data, hello, sizeof(hello) - 1) == 0)
			return true;
	return false;
}

/*
 * Some stubs set their line to 115200 whatever it was: where none says hello
 * at the raised rate, it is looked for there, and brought up again.
 */
static int
find_running_stub(struct esp_loader *l, struct err *e)
{
	const unsigned raised = l->baud;
	bool stub = false;

	if (said_hello(l, raised == ESP_BAUD ? HELLO_LATE_MS : HELLO_MS)) {
		l->stub = true;
		return 0;
	}
	if (raised != ESP_BAUD && link_baud(l->link, ESP_BAUD, e) == -1)
		return -1;
	l->baud = ESP_BAUD;
	esp_resync(l);
	if (esp_sync(l, HELLO_LATE_MS, &stub, e) == -1 || !stub) {
		err_set(e, ERR_TIMEOUT, "%s: the stub does not start",
		    link_name(l->link));
		return err_hint(e, "use --no-stub");
	}
	l->stub = true;
	return esp_baud(l, raised, true, e);
}

int
esp_load_stub(struct esp_loader *l, const struct esp_stub *stub,
    struct err *e)
{
	struct buf data = BUF_INIT;
	struct err ignored = ERR_INIT;
	int r = 0;

	if (l->stub)
		return 0;
	if (load_part(l, &stub->text, stub->text_start, e) == -1 ||
	    (stub->data.len > 0 &&
	    load_part(l, &stub->data, stub->data_start, e) == -1))
		return err_wrap(e, "loading the stub");
	esp_add32(&data, 0);
	esp_add32(&data, stub->entry);
	/* The reply may be lost: the code starts at once. */
	if (esp_command(l, ESP_MEM_END, data.data, data.len, 0, 200, NULL,
	    &ignored) == -1 && ignored.code != ERR_TIMEOUT) {
		*e = ignored;
		r = -1;
	}
	buf_release(&data);
	return r == -1 ? err_wrap(e, "starting the stub") :
	    find_running_stub(l, e);
}
