/* SPDX-License-Identifier: MIT */
#include "journal/device.h"

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
	m.t = toml_new(TOML_TABLE);
	if (j.sha256 != NULL)
		store_custom_find(s, j.sha256, make_custom, &m, &ignored);
	if (!m.made)
		journal_merge(&j, m.t);
	toml_write(m.t, &text);
	toml_free(m.t);
	return buf_steal(&text);
}
