/* SPDX-License-Identifier: MIT */
#include "model/codec.h"

#include <stddef.h>
#include <string.h>

#include "base/text.h"
#include "model/rule.h"

enum type {
	MUST,			/* const char *, and no noun without it */
	TEXT,			/* const char *; NULL: absent */
	COUNT,			/* int64_t; -1: absent, never negative */
	MAYBE,			/* int, 1 or 0; -1: absent */
	TRUE_ONLY,		/* bool; false: absent */
	LIST,			/* const char *[MODEL_CHECKS + 1] */
	WORDS,			/* const char *[MODEL_WORDS + 1] */
	JSON			/* const char *, put only */
};

/* Where a key lies in the record and in the struct. */
struct key {
	const char	*path;
	size_t		 at;
	enum type	 type;
};

/* In the order of the schema, which is the order they are written in. */

#define D(m)	offsetof(struct device, m)
static const struct key device_keys[] = {
	{ "device.id", D(id), MUST },
	{ "device.host", D(host), TEXT },
	{ "device.named", D(named), TRUE_ONLY },
	{ "device.serial_port", D(serial_port), TEXT },
	{ "device.lines", D(lines), TEXT },
	{ "device.vid", D(vid), TEXT },
	{ "device.pid", D(pid), TEXT },
	{ "device.usb_serial", D(usb_serial), TEXT },
	{ "device.usb_path", D(usb_path), TEXT },
	{ "device.manufacturer", D(manufacturer), TEXT },
	{ "device.product", D(product), TEXT },
	{ "device.mode", D(mode), MUST },
	{ "device.bootloaders", D(bootloaders), LIST },
	{ "device.problem", D(problem), TEXT },
	{ "device.volume", D(volume), TEXT },
	{ "device.probe", D(probe), TEXT },
	{ "device.uf2.board_id", D(uf2_board_id), TEXT },
	{ "device.uf2.model", D(uf2_model), TEXT },
	{ "device.uf2.softdevice", D(uf2_softdevice), TEXT },
	{ "device.dfu.memory", D(dfu_memory), TEXT },
	{ "device.dfu.flash_bytes", D(dfu_flash_bytes), COUNT },
	{ "device.held_by.pid", D(held_by_pid), COUNT },
	{ "device.held_by.command", D(held_by_command), TEXT },
	{ "device.interrupt", D(interrupt), TEXT },
	{ .path = NULL }
};

#define C(m)	offsetof(struct chip, m)
static const struct key chip_keys[] = {
	{ "chip.name", C(name), TEXT },
	{ "chip.package", C(package), TEXT },
	{ "chip.revision", C(revision), TEXT },
	{ "chip.mac", C(mac), TEXT },
	{ "chip.cores", C(cores), COUNT },
	{ "chip.crystal_mhz", C(crystal_mhz), COUNT },
	{ "chip.flash_bytes", C(flash_bytes), COUNT },
	{ "chip.psram", C(psram), TEXT },
	{ "chip.psram_bytes", C(psram_bytes), COUNT },
	{ "chip.secure_boot", C(secure_boot), MAYBE },
	{ "chip.flash_encryption", C(flash_encryption), MAYBE },
	{ "chip.secure_download", C(secure_download), MAYBE },
	{ "chip.blank", C(blank), MAYBE },
	{ .path = NULL }
};

#define B(m)	offsetof(struct board, m)
static const struct key board_keys[] = {
	{ "board.family", B(family), TEXT },
	{ "board.version", B(version), TEXT },
	{ "board.build", B(build), COUNT },
	{ "board.commit", B(commit), TEXT },
	{ "board.port", B(port), TEXT },
	{ "board.board_id", B(board_id), TEXT },
	{ "board.variant", B(variant), TEXT },
	{ "board.description", B(description), TEXT },
	{ "board.mcu", B(mcu), TEXT },
	{ "board.arch", B(arch), TEXT },
	{ "board.mpy", B(mpy), TEXT },
	{ "board.uid", B(uid), TEXT },
	{ "board.interrupted", B(interrupted), MAYBE },
	{ "board.storage.addr", B(storage_addr), COUNT },
	{ "board.storage.size_bytes", B(storage_bytes), COUNT },
	{ "board.storage.files", B(storage_files), COUNT },
	{ "board.info", B(info), JSON },
	{ "board.record", B(record), JSON },
	{ .path = NULL }
};

#define F(m)	offsetof(struct firmware, m)
static const struct key firmware_keys[] = {
	{ "firmware.wanted", F(wanted), TEXT },
	{ "firmware.board_id", F(board_id), TEXT },
	{ "firmware.variant", F(variant), TEXT },
	{ "firmware.port", F(port), TEXT },
	{ "firmware.version", F(version), TEXT },
	{ "firmware.build", F(build), COUNT },
	{ "firmware.commit", F(commit), TEXT },
	{ "firmware.custom", F(custom), MAYBE },
	{ "firmware.source", F(source), TEXT },
	{ "firmware.file_name", F(file_name), TEXT },
	{ "firmware.sha256", F(sha256), TEXT },
	{ "firmware.flash_offset", F(flash_offset), COUNT },
	{ "firmware.action", F(action), TEXT },
	{ "firmware.force", F(force), TRUE_ONLY },
	{ "firmware.by", F(by), TEXT },
	{ "firmware.reason", F(reason), TEXT },
	{ "firmware.index.source", F(index_source), TEXT },
	{ "firmware.index.age_s", F(index_age_s), COUNT },
	{ "firmware.index.stale", F(index_stale), MAYBE },
	{ "firmware.trust", F(trust), TEXT },
	{ "firmware.added_at", F(added_at), TEXT },
	{ "firmware.description", F(description), TEXT },
	{ "firmware.custom_id", F(custom_id), TEXT },
	{ "firmware.fits", F(fits), WORDS },
	{ "firmware.git.url", F(git_url), TEXT },
	{ "firmware.git.branch", F(git_branch), TEXT },
	{ "firmware.git.commit", F(git_commit), TEXT },
	{ "firmware.git.tag", F(git_tag), TEXT },
	{ "firmware.git.commits_since_tag", F(git_commits_since_tag), COUNT },
	{ "firmware.git.dirty", F(git_dirty), MAYBE },
	{ "firmware.git.version", F(git_version), TEXT },
	{ "firmware.git.changes", F(git_changes), WORDS },
	{ "firmware.build_info.toolchain_version", F(toolchain_version),
	    TEXT },
	{ "firmware.build_info.python_version", F(python_version), TEXT },
	{ "firmware.build_info.date", F(build_date), TEXT },
	{ "firmware.build_info.host", F(build_host), TEXT },
	{ "firmware.custom_info.author", F(author), TEXT },
	{ "firmware.custom_info.organization", F(organization), TEXT },
	{ "firmware.custom_info.features", F(features), WORDS },
	{ "firmware.custom_info.dependencies", F(dependencies), WORDS },
	{ "firmware.custom_info.tags", F(tags), WORDS },
	{ .path = NULL }
};

#define I(m)	offsetof(struct image, m)
static const struct key image_keys[] = {
	{ "image.path", I(path), MUST },
	{ "image.size_bytes", I(size_bytes), COUNT },
	{ "image.sha256", I(sha256), TEXT },
	{ "image.format", I(format), MUST },
	{ "image.chip", I(chip), TEXT },
	{ "image.version", I(version), TEXT },
	{ "image.build", I(build), COUNT },
	{ "image.commit", I(commit), TEXT },
	{ "image.board", I(board), TEXT },
	{ "image.mcu", I(mcu), TEXT },
	{ "image.built", I(built), TEXT },
	{ "image.integrity", I(integrity), TEXT },
	{ "image.scan", I(scan), TEXT },
	{ "image.checks", I(checks), LIST },
	{ .path = NULL }
};

#define R(m)	offsetof(struct result, m)
static const struct key result_keys[] = {
	{ "flash.method", R(method), TEXT },
	{ "flash.bootloader", R(bootloader), TEXT },
	{ "flash.written_bytes", R(written_bytes), COUNT },
	{ "flash.unchanged_bytes", R(unchanged_bytes), COUNT },
	{ "flash.took_ms", R(took_ms), COUNT },
	{ "flash.attempts", R(attempts), COUNT },
	{ "flash.at", R(at), TEXT },
	{ "flash.verified", R(verified), LIST },
	{ "flash.version_before", R(version_before), TEXT },
	{ "flash.version_after", R(version_after), TEXT },
	{ "flash.files", R(files), TEXT },
	{ "flash.flash_mode", R(flash_mode), TEXT },
	{ "flash.erased", R(erased), MAYBE },
	{ "flash.formatted", R(formatted), MAYBE },
	{ "flash.forced", R(forced), LIST },
	{ "flash.dry_run", R(dry_run), MAYBE },
	{ "flash.state", R(state), TEXT },
	{ .path = NULL }
};

static int
get_count(const struct record *rec, const char *path, int64_t *out,
    struct err *e)
{
	if (record_opt_int(rec, path, out, e) == -1)
		return -1;
	if (*out < 0 && record_has(rec, path))
		return err_set(e, ERR_INPUT, "%s: less than 0", path);
	return 0;
}

static int
get_true(const struct record *rec, const char *path, bool *out, struct err *e)
{
	int v;

	if (record_opt_bool(rec, path, &v, e) == -1)
		return -1;
	*out = v == 1;
	return 0;
}

static int
get_text(const struct record *rec, const struct key *k, const char **out,
    struct err *e)
{
	const int r = k->type == MUST ?
	    record_get_str(rec, k->path, out, e) :
	    record_opt_str(rec, k->path, out, e);

	return r == -1 || *out == NULL ? r : rule_check(k->path, *out, e);
}

static int
get_key(const struct record *rec, const struct key *k, void *noun,
    struct err *e)
{
	void *at = (char *)noun + k->at;

	switch (k->type) {
	case MUST:
	case TEXT:
		return get_text(rec, k, at, e);
	case COUNT:
		return get_count(rec, k->path, at, e);
	case MAYBE:
		return record_opt_bool(rec, k->path, at, e);
	case TRUE_ONLY:
		return get_true(rec, k->path, at, e);
	case LIST:
		return record_opt_list(rec, k->path, at, MODEL_CHECKS, e);
	case WORDS:
		return record_opt_list(rec, k->path, at, MODEL_WORDS, e);
	case JSON:
		*(const char **)at = NULL;
		break;
	}
	return 0;
}

static int
get_all(const struct record *rec, const struct key *k, void *noun,
    struct err *e)
{
	for (; k->path != NULL; k++)
		if (get_key(rec, k, noun, e) == -1)
			return -1;
	return 0;
}

static void
put_text_key(struct record *rec, const char *path, const char *s)
{
	if (s != NULL)
		record_put_str(rec, path, s);
}

static void
put_key(struct record *rec, const struct key *k, const void *noun)
{
	const void *at = (const char *)noun + k->at;
	const char *const *text = at;
	struct err ignored;

	switch (k->type) {
	case MUST:
	case TEXT:
		put_text_key(rec, k->path, *text);
		break;
	case COUNT:
		if (*(const int64_t *)at >= 0)
			record_put_int(rec, k->path, *(const int64_t *)at);
		break;
	case MAYBE:
		if (*(const int *)at >= 0)
			record_put_bool(rec, k->path, *(const int *)at != 0);
		break;
	case TRUE_ONLY:
		if (*(const bool *)at)
			record_put_bool(rec, k->path, true);
		break;
	case LIST:
	case WORDS:
		if (text[0] != NULL)
			record_put_list(rec, k->path, text);
		break;
	case JSON:
		if (*text != NULL)
			record_put_json(rec, k->path, *text, &ignored);
		break;
	}
}

static void
put_keys(struct record *rec, const struct key *k, const void *noun)
{
	for (; k->path != NULL; k++)
		put_key(rec, k, noun);
}

int
device_get(const struct record *rec, struct device *out, struct err *e)
{
	return get_all(rec, device_keys, out, e);
}

int
chip_get(const struct record *rec, struct chip *out, struct err *e)
{
	return get_all(rec, chip_keys, out, e);
}

int
board_get(const struct record *rec, struct board *out, struct err *e)
{
	return get_all(rec, board_keys, out, e);
}

int
firmware_get(const struct record *rec, struct firmware *out, struct err *e)
{
	return get_all(rec, firmware_keys, out, e);
}

int
image_get(const struct record *rec, struct image *out, struct err *e)
{
	return get_all(rec, image_keys, out, e);
}

int
result_get(const struct record *rec, struct result *out, struct err *e)
{
	return get_all(rec, result_keys, out, e);
}

void
device_put(struct record *rec, const struct device *d)
{
	put_keys(rec, device_keys, d);
}

void
chip_put(struct record *rec, const struct chip *c)
{
	put_keys(rec, chip_keys, c);
}

void
board_put(struct record *rec, const struct board *b)
{
	put_keys(rec, board_keys, b);
}

void
firmware_put(struct record *rec, const struct firmware *f)
{
	put_keys(rec, firmware_keys, f);
}

void
image_put(struct record *rec, const struct image *i)
{
	put_keys(rec, image_keys, i);
}

void
result_put(struct record *rec, const struct result *r)
{
	put_keys(rec, result_keys, r);
}

bool
firmware_skipped(const struct record *rec)
{
	return text_same(record_str(rec, "firmware.action"), "skip");
}
