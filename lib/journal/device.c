/* SPDX-License-Identifier: MIT */
#include "journal/device.h"

#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "journal/said.h"

#define HASH	"sha256:"

void
device_journal(const struct store_device *d, struct journal *out)
{
	*out = (struct journal)JOURNAL_INIT;
	out->device_id = d->device_id;
	out->uid = d->uid;
	out->flashed = true;
	out->port = d->port;
	out->board_id = d->board_id;
	out->variant = d->variant;
	out->version = d->version;
	out->build = d->build;
	out->commit = d->commit;
	out->custom = d->custom;
	out->flash_date = d->flashed_at;
	out->source = d->source;
	out->file_name = d->file_name;
	out->sha256 = d->sha256;
}

struct making {
	struct journal	*j;
	struct toml	*t;
	bool		 made;
};

/* Within the question: what is known of the firmware is borrowed from it. */
static int
make_custom(const char *file, const struct firmware *f,
    const struct image *im, void *ctx)
{
	struct making *m = ctx;

	(void)file;
	(void)im;
	m->j->about = *f;
	journal_merge(m->j, m->t);
	m->made = true;
	return 0;
}

/* Is that text about the firmware of the row?  Then it may say more. */
static bool
is_file_of(const char *text, const struct journal *j)
{
	struct err ignored;
	struct toml *t = toml_parse(text, strlen(text), JOURNAL_FILE,
	    &ignored);
	const bool is = t != NULL && said_true(j, t) && said_hash(j, t);

	toml_free(t);
	return is;
}

char *
device_toml(struct store *s, const struct store_device *d)
{
	struct buf text = BUF_INIT;
	struct err ignored = ERR_INIT;
	struct journal j;
	struct making m = { .j = &j };

	device_journal(d, &j);
	if (j.board_id == NULL || j.port == NULL || j.version == NULL)
		return NULL;
	if (d->toml != NULL && is_file_of(d->toml, &j))
		return mem_str(d->toml);
	m.t = toml_new(TOML_TABLE);
	if (j.sha256 != NULL)
		store_custom_find(s, j.sha256, make_custom, &m, &ignored);
	if (!m.made)
		journal_merge(&j, m.t);
	toml_write(m.t, &text);
	toml_free(m.t);
	return buf_steal(&text);
}

static const char *
text_at(const struct toml *t, const char *path)
{
	return toml_str(toml_get(t, path));
}

/* BOARD or BOARD-VARIANT */
static void
split_board_name(const char *name, struct device_names *names,
    struct store_device *out)
{
	char *dash;

	snprintf(names->board, sizeof(names->board), "%s", name);
	dash = strchr(names->board, '-');
	if (dash != NULL)
		*dash = '\0';
	out->board_id = names->board;
	out->variant = dash != NULL ? dash + 1 : NULL;
}

int
device_of_toml(const struct toml *t, struct device_names *names,
    struct store_device *out, struct err *e)
{
	const struct toml *date = toml_get(t, "firmware.flash_date");
	const char *name = text_at(t, "firmware.board_id");
	const char *hash = text_at(t, "source.hash");

	out->port = text_at(t, "firmware.port");
	out->version = text_at(t, "firmware.version");
	if (name == NULL || out->port == NULL || out->version == NULL)
		return err_set(e, ERR_INPUT, "no firmware.board_id, port or "
		    "version");
	split_board_name(name, names, out);
	out->build = -1;
	toml_int(toml_get(t, "firmware.build"), &out->build);
	toml_bool(toml_get(t, "firmware.custom"), &out->custom);
	out->commit = text_at(t, "firmware.commit");
	out->source = text_at(t, "source.url");
	if (out->source != NULL && text_url_host(out->source) != NULL)
		out->source = NULL;
	out->file_name = text_at(t, "source.filename");
	out->sha256 = hash != NULL && strncmp(hash, HASH, strlen(HASH)) == 0 ?
	    hash + strlen(HASH) : NULL;
	out->flashed_at = date != NULL && toml_date_text(date) != NULL ?
	    toml_date_text(date) : toml_str(date);
	return 0;
}
