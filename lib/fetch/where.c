/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/mem.h"
#include "fetch/run.h"
#include "site/address.h"
#include "site/source.h"

/*
 * where: from what a record's source, or --source, says to one file, and to
 * the mirror that it comes from.
 */

static int
on_item_port(const struct store_board *b, void *ctx)
{
	struct item *it = ctx;

	it->job->chosen.port = item_keep(it, b->port);
	return 1;
}

int
item_port(struct item *it, struct err *e)
{
	const struct firmware *fw = &it->job->chosen;

	if (fw->port == NULL && fw->board_id != NULL &&
	    store_boards_by_id(it->f->store, NULL, fw->board_id, on_item_port,
	    it, e) == -1)
		return -1;
	if (fw->port != NULL && firmware_file_safe(fw->port))
		return 0;
	err_set(e, ERR_INPUT, "%s: unknown MicroPython port",
	    fw->board_id != NULL ? fw->board_id : it->url != NULL ? it->url :
	    "firmware");
	return err_hint(e, "with --board or --source, --port tells");
}

/* The file in the folder that the job means. */
static int
find_in_folder(struct item *it, const char *path, struct err *e)
{
	const struct firmware *fw = &it->job->chosen;
	struct index_want w = { .board_id = fw->board_id,
	    .variant = fw->variant, .mode = it->job->mode,
	    .wanted = fw->wanted == NULL ? "latest" : fw->wanted,
	    .version = fw->version, .build = fw->build };
	const struct index_link *l;
	struct index ix;
	int r;

	if (fw->board_id == NULL) {
		err_set(e, ERR_USAGE, "%s: a folder, but nothing says for "
		    "which board", path);
		return err_hint(e, "name one with --board");
	}
	if (item_port(it, e) == -1 ||
	    source_folder(path, fw->board_id, &ix, e) == -1)
		return -1;
	w.means = means_find(it->f->means, fw->port, fw->board_id);
	r = index_pick(&ix, &w, &l, e);
	if (r == 0)
		item_pin(it, &ix, l);
	else
		err_wrap(e, "%s", path);
	index_release(&ix);
	return r;
}

static int
from_file(struct item *it, struct err *e)
{
	struct firmware *fw = &it->job->chosen;
	char *path = source_path(fw->source, e);
	struct stat st;
	int r = -1;

	if (path == NULL)
		return -1;
	if (stat(path, &st) == -1) {
		err_sys(e, "%s", path);
	} else if (S_ISDIR(st.st_mode)) {
		r = find_in_folder(it, path, e);
	} else {
		fw->custom = 1;
		it->link = fw->source = item_own(it, source_url(path));
		r = 0;
	}
	free(path);
	return r;
}

/*
 * An address of the site's says by its name what lies there.  What is behind
 * its "?" may be a token, and is kept nowhere.
 */
static void
take_job_url(struct item *it)
{
	struct firmware *fw = &it->job->chosen;
	struct firmware_name name;
	char text[VERSION_TEXT];

	it->link = item_own(it, address_public(fw->source));
	it->query = item_keep(it, fw->source + strlen(it->link));
	fw->source = it->link;
	if (!item_by_hand(it))
		return;
	if (strstr(it->link, SITE_FILES) == NULL ||
	    !firmware_name_parse(url_file(it->link), fw->board_id, &name)) {
		fw->custom = 1;
		return;
	}
	version_text(&name.version, text);
	fw->board_id = item_keep(it, name.board_id);
	if (name.variant[0] != '\0')
		fw->variant = item_keep(it, name.variant);
	fw->version = item_keep(it, text);
	if (name.version.build >= 0)
		fw->build = name.version.build;
	if (name.version.commit[0] != '\0')
		fw->commit = item_keep(it, name.version.commit);
}

void
item_want_source(struct item *it)
{
	const struct firmware *fw = &it->job->chosen;
	const enum source_kind kind = source_kind(fw->source);
	struct err e = ERR_INIT;
	char *name;

	if (kind == SOURCE_GITHUB) {
		item_want_asset(it);
		return;
	}
	if (kind == SOURCE_FILE && (item_by_hand(it) || fw->custom == 1)) {
		if (from_file(it, &e) == -1) {
			item_done(it, &e);
			return;
		}
	} else {
		take_job_url(it);
	}
	name = source_safe_name(it->link);
	if (fw->file_name == NULL && name[0] != '\0')
		it->job->chosen.file_name = item_keep(it, name);
	free(name);
	item_want_file(it);
}

static int
on_source_row(const struct store_file *row, void *ctx)
{
	bool *known = ctx;

	*known = row->custom && row->sha256 != NULL;
	return 0;
}

int
item_look_in_folder(struct item *it, struct err *e)
{
	char *dir = realpath(it->f->dir, NULL), *path = NULL;
	const size_t n = dir == NULL ? 0 : strlen(dir);
	struct err ignored;
	int r = 0;

	if (http_kind(it->link) == HTTP_FILE)
		path = source_path(it->link, &ignored);
	if (dir != NULL && path != NULL && strncmp(path, dir, n) == 0 &&
	    path[n] == '/')
		r = store_file_find(it->f->store, path + n + 1, on_source_row,
		    &it->in_folder, e);
	if (it->in_folder)
		it->rel = item_keep(it, path + n + 1);
	free(path);
	free(dir);
	return r == -1 ? -1 : 0;
}

void
item_set_url(struct item *it)
{
	const struct fetch *f = it->f;

	if (it->api_url != NULL)
		it->url = it->api_url;
	else if (f->mirrors.given && it->job->chosen.custom != 1 &&
	    strstr(it->link, SITE_FILES) != NULL)
		it->url = item_own(it, mem_printf("%s%s%s",
		    f->mirrors.v[it->mirror], SITE_FILES, url_file(it->link)));
	else
		it->url = it->link;
}

char *
item_asks(const struct item *it, const char *suffix)
{
	return mem_printf("%s%s%s", it->url, suffix,
	    it->url == it->link && it->query != NULL ? it->query : "");
}

bool
item_elsewhere(struct item *it, const struct err *e)
{
	const struct fetch *f = it->f;

	if (it->url == NULL || it->url == it->link || it->url == it->api_url ||
	    !mirror_passable(e) || ++it->tried >= f->mirrors.n)
		return false;
	it->mirror = (it->mirror + 1) % f->mirrors.n;
	if (f->o.say != NULL)
		f->o.say("%s: now %s", e->msg, f->mirrors.v[it->mirror]);
	sig_task_free(it->sig);
	it->sig = NULL;
	item_want_file(it);
	return true;
}
