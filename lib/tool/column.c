/* SPDX-License-Identifier: MIT */
#include <inttypes.h>
#include <string.h>

#include "tool/run.h"

/* "v1.25.0-preview.38": the build tells one preview from another. */
static void
add_version(const struct record *rec, const char *version, const char *build,
    struct buf *out)
{
	const char *text = record_str(rec, version);
	struct err ignored;
	int64_t n;

	if (text == NULL)
		return;
	buf_adds(out, text);
	if (strstr(text, "-preview") != NULL &&
	    record_opt_int(rec, build, &n, &ignored) == 0 && n >= 0)
		buf_addf(out, ".%" PRId64, n);
}

/* What it has after the tool's work, or would have. */
static void
add_after(const struct record *rec, struct buf *out)
{
	const char *action = record_str(rec, "firmware.action");

	if (record_has(rec, "flash.version_after"))
		add_version(rec, "flash.version_after", "board.build", out);
	else if (!record_failed(rec) && action != NULL &&
	    strcmp(action, "flash") == 0)
		add_version(rec, "firmware.version", "firmware.build", out);
}

void
column_versions(const struct record *rec, struct buf *out)
{
	struct buf before = BUF_INIT, after = BUF_INIT;

	if (record_has(rec, "flash.version_before"))
		add_version(rec, "flash.version_before", "", &before);
	else
		add_version(rec, "board.version", "board.build", &before);
	add_after(rec, &after);
	buf_adds(out, before.data);
	if (after.len > 0 && strcmp(before.data, after.data) != 0)
		buf_addf(out, "%s%s %s", before.len > 0 ? " " : "",
		    COLUMN_ARROW, after.data);
	buf_release(&before);
	buf_release(&after);
}

void
column_board(const struct record *rec, struct buf *out)
{
	record_text(rec, record_has(rec, "firmware.board_id") ?
	    "firmware.board_id" : "board.board_id", out);
}

void
column_variant(const struct record *rec, struct buf *out)
{
	record_text(rec, record_has(rec, "firmware.board_id") ?
	    "firmware.variant" : "board.variant", out);
}

void
column_action(const struct record *rec, struct buf *out)
{
	if (record_failed(rec))
		buf_adds(out, "failed");
	else if (record_true(rec, "flash.dry_run"))
		buf_adds(out, "would flash");
	else if (record_has(rec, "flash.written_bytes"))
		buf_adds(out, "flashed");
	else
		record_text(rec, "firmware.action", out);
}

void
column_skipped(const struct record *rec, struct buf *out)
{
	const char *action = record_str(rec, "firmware.action");

	if (action != NULL && strcmp(action, "skip") == 0)
		record_text(rec, "firmware.reason", out);
}

void
column_description(const struct record *rec, struct buf *out)
{
	if (record_has(rec, "device.held_by")) {
		buf_adds(out, "held by ");
		record_text(rec, "device.held_by.command", out);
		buf_adds(out, " (process ");
		record_text(rec, "device.held_by.pid", out);
		buf_addc(out, ')');
	} else if (record_has(rec, "board.description")) {
		record_text(rec, "board.description", out);
	} else if (record_has(rec, "device.uf2")) {
		record_text(rec, "device.uf2.model", out);
		buf_adds(out, out->len > 0 ? " (" : "(");
		record_text(rec, "device.uf2.board_id", out);
		buf_addc(out, ')');
	} else {
		record_text(rec, "device.dfu.memory", out);
	}
}

void
column_volume(const struct record *rec, struct buf *out)
{
	if (record_has(rec, "device.serial_port"))
		record_text(rec, "device.volume", out);
}

const char *
column_colour(const char *text)
{
	static const struct {
		const char	*text, *colour;
	} states[] = {
		{ "repl", "32" }, { "running", "32" }, { "written", "32" },
		{ "flashed", "32" }, { "flash", "36" },
		{ "would flash", "36" }, { "uf2", "36" }, { "dfu", "36" },
		{ "picoboot", "36" }, { "esp_rom", "36" },
		{ "bootloader", "33" }, { "unknown", "33" }, { "busy", "33" },
		{ "queued", "33" }, { "unbootable", "31" },
		{ "failed", "31" }, { "silent", "2" }, { "ignored", "2" },
		{ "foreign", "2" }, { "skip", "2" }, { "unchanged", "2" },
	};

	for (size_t i = 0; i < sizeof(states) / sizeof(states[0]); i++)
		if (strcmp(states[i].text, text) == 0)
			return states[i].colour;
	return NULL;
}
