/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/mem.h"
#include "site/name.h"
#include "fetch/run.h"
#include "site/source.h"

/*
 * file: from a file's address to the file here, under PORT/FILE in the
 * firmware folder: what is there already, if it is still what it was when it
 * was first seen, or else a download.
 */

/* What is known of a file of that name from before. */
struct known {
	const char	*dir;			/* the folder to know it of */
	char		 sha256[DIGEST_HEX];	/* "" nothing */
	char		*source;
};

static int
on_known(const struct store_file *row, void *ctx)
{
	struct known *k = ctx;

	if (strcmp(row->dir, k->dir) != 0)
		return 0;
	if (row->sha256 != NULL && strlen(row->sha256) < sizeof(k->sha256))
		memcpy(k->sha256, row->sha256, strlen(row->sha256) + 1);
	k->source = mem_str(row->source);
	return 0;
}

/* A file of the user's, on this machine, changes as the user likes. */
static bool
is_users_own(const struct item *it)
{
	return it->job->chosen.custom == 1 && !it->in_folder &&
	    http_kind(it->link) == HTTP_FILE;
}

/* Mirrors hold the same file under the same name. */
static bool
same_source(const struct known *k, const char *url)
{
	return k->source != NULL &&
	    strcmp(url_file(k->source), url_file(url)) == 0;
}

/* Where it is published: an asset's address by the API is a mere number. */
static const char *
published(const struct item *it)
{
	return it->url == it->api_url ? it->link : it->url;
}

int
item_put_row(const struct item *it, const struct local_file *l,
    struct err *e)
{
	const struct firmware *fw = &it->job->chosen;
	char version[VERSION_TEXT];
	struct store_file row = { .port = fw->port, .variant = fw->variant,
	    .version = fw->version, .build = fw->build, .commit = fw->commit,
	    .file = it->rel, .source = published(it), .sha256 = l->sha256,
	    .size_bytes = (int64_t)l->size, .custom = fw->custom == 1 };

	row.board_id = fw->board_id != NULL ? fw->board_id : "";
	if (row.version == NULL) {	/* one of the user's own */
		if (l->versioned)
			version_text(&l->version, version);
		row.version = l->versioned ? version : "unknown";
	}
	if (l->facts.strings.machine[0] != '\0')
		row.description = l->facts.strings.machine;
	return store_file_put(it->f->store, &row, e);
}

int
item_check_known(const struct item *it, const struct local_file *l,
    struct err *e)
{
	struct known known = { .dir = store_dir(it->f->store) };
	int r = -1;

	if (store_file_find(it->f->store, it->rel, on_known, &known, e) == -1)
		goto out;
	if (known.sha256[0] != '\0' && same_source(&known, published(it)) &&
	    !is_users_own(it) && strcmp(known.sha256, l->sha256) != 0) {
		err_set(e, ERR_VERIFY, "%s: not the file that was first seen "
		    "there (sha-256 %.16s..., not %.16s...)", it->url,
		    l->sha256, known.sha256);
		e->retry = false;
		err_hint(e, "if its publisher says why, fetch it into another "
		    "folder with --dir");
		goto out;
	}
	r = 0;
out:
	free(known.source);
	return r;
}

int
item_keep_file(const struct item *it, const struct local_file *l,
    struct file_new *out, struct err *e)
{
	struct store *s = it->f->store;
	char *path;
	int r = -1;

	if (store_begin(s, e) == -1)
		return -1;
	path = mem_printf("%s/%s", it->f->dir, it->rel);
	if (item_check_known(it, l, e) == 0 &&
	    item_keep_sig(it, path, e) == 0 &&
	    item_put_row(it, l, e) == 0 &&
	    (out == NULL || file_commit(out, e) == 0))
		r = store_commit(s, e);
	if (r == -1)
		store_rollback(s);
	free(path);
	return r;
}

void
item_take_file(struct item *it, const char *path,
    const struct local_file *l)
{
	struct image *im = &it->job->image;
	char text[VERSION_TEXT];
	size_t n = 0;

	if (it->fetched)
		it->job->chosen.source = published(it);	/* which one served */
	im->path = item_keep(it, path);
	im->size_bytes = (int64_t)l->size;
	im->sha256 = item_keep(it, l->sha256);
	im->format = l->facts.format;
	im->chip = l->facts.chip;
	if (l->versioned) {
		version_text(&l->version, text);
		im->version = item_keep(it, text);
		if (l->version.build > 0)
			im->build = l->version.build;
		if (strlen(l->version.commit) >= 7)
			im->commit = item_keep(it, l->version.commit);
	}
	if (l->facts.strings.machine[0] != '\0')
		im->board = item_keep(it, l->facts.strings.machine);
	if (it->sha256 != NULL)
		im->checks[n++] = "sha256";
	if (l->signature_ok)
		im->checks[n++] = "signature";
	im->checks[n++] = "format";
	if (l->chip_ok)
		im->checks[n++] = "chip";
	if (l->board_ok)
		im->checks[n++] = "board";
	item_lock(it, im->size_bytes, im->sha256);
}

int
item_check_digest(const struct item *it, const char *name, const char *sha256,
    struct err *e)
{
	if (item_check_lock(it, sha256, e) == -1)
		return -1;
	if (it->sha256 == NULL || strcmp(it->sha256, sha256) == 0)
		return 0;
	return err_set(e, ERR_VERIFY, "%s: sha-256 %.16s..., but %.16s... is "
	    "what it should be", name, sha256, it->sha256);
}

int
item_inspect(const struct item *it, const char *path,
    const char sha256[DIGEST_HEX], const char *name, struct local_file *out,
    struct err *e)
{
	if (local_inspect_file(it->f->store, path, sha256, name,
	    &it->job->chosen, out, e) == -1 ||
	    item_check_sig(it, path, name, e) == -1)
		return -1;
	out->signature_ok = it->f->n_keys > 0;
	return 0;
}

/* dir: the folder that path is in, of the store or of the one below it. */
static int
use_in(struct item *it, const char *dir, const char *path, struct err *e)
{
	struct fetch *f = it->f;
	const bool own = dir == store_dir(f->store);
	struct known known = { .dir = dir };
	struct local_file l;
	int r = -1;

	if (is_users_own(it) || access(path, F_OK) == -1 ||
	    (f->n_keys > 0 && !item_sig_here(it, path) && !f->o.offline))
		return 0;
	if (store_file_find(f->store, it->rel, on_known, &known, e) == -1)
		goto out;
	if (!own && known.sha256[0] == '\0') {
		r = 0;			/* nobody vouches for it */
		goto out;
	}
	if (item_look(it, path, &l, e) == -1) {
		if (e->code == ERR_INPUT)
			err_todo(e, NEXT_DOWNLOAD_AGAIN,
			    "--force downloads it again");
		/* It may have been signed anew where it comes from. */
		r = e->code == ERR_VERIFY && !f->o.offline ? 0 : -1;
		goto out;
	}
	if (known.sha256[0] != '\0' && strcmp(known.sha256, l.sha256) != 0) {
		err_set(e, ERR_VERIFY, "%s: was changed since it was first "
		    "seen (sha-256 %.16s..., not %.16s...)", path, l.sha256,
		    known.sha256);
		e->retry = false;
		err_todo(e, NEXT_DOWNLOAD_AGAIN, "--force downloads it again");
		goto out;
	}
	if (known.sha256[0] != '\0' && it->sha256 == NULL)
		it->sha256 = item_keep(it, known.sha256);
	if (item_check_digest(it, path, l.sha256, e) == -1 ||
	    (known.sha256[0] == '\0' && store_readonly(f->store) == NULL &&
	    item_keep_file(it, &l, NULL, e) == -1))
		goto out;
	item_take_file(it, path, &l);
	r = 1;
out:
	free(known.source);
	return r;
}

int
item_use_here(struct item *it, const char *path, struct err *e)
{
	return use_in(it, store_dir(it->f->store), path, e);
}

/* Where it is, in the system store. */
static int
use_below(struct item *it, struct err *e)
{
	const char *dir = store_below_dir(it->f->store);

	return dir == NULL ? 0 : use_in(it, dir,
	    item_own(it, mem_printf("%s/%s", dir, it->rel)), e);
}

static int
no_name(const char *url, struct err *e)
{
	err_set(e, ERR_INPUT, "%s: no file name at its end", url);
	return err_hint(e, "name the file itself, not its folder");
}

/* The address of DIR/PORT/FILE, where files that are here have their place? */
static bool
is_in_folder(const struct item *it)
{
	const char *port = it->job->chosen.port;
	char *path, *url;
	bool same;

	if (port == NULL || !firmware_file_safe(port))
		return false;
	path = mem_printf("%s/%s/%s", it->f->dir, port, url_file(it->url));
	url = source_url(path);
	same = strcmp(url, it->url) == 0;
	free(url);
	free(path);
	return same;
}

static int
check_address(const struct item *it, struct err *e)
{
	/* A record may not have any other file of this machine read. */
	if (http_kind(it->url) == HTTP_FILE && it->job->chosen.custom != 1 &&
	    it->url == it->link && !item_by_hand(it) && !is_in_folder(it))
		return err_set(e, ERR_INPUT, "%s: a file, which only "
		    "custom firmware and --mirror may name", it->url);
	if (it->job->chosen.custom != 1 &&
	    !firmware_file_safe(url_file(it->url)))
		return no_name(it->url, e);
	return 0;
}

/*
 * PORT/FILE; and of the user's own PORT/custom/ORIGIN/FILE, as everybody
 * calls theirs firmware.bin.
 */
static int
set_rel(struct item *it, struct err *e)
{
	const struct firmware *fw = &it->job->chosen;
	char *name, origin[DIGEST_HEX];

	if (*url_file(it->link) == '\0')
		return no_name(it->link, e);
	if (item_port(it, e) == -1)
		return -1;
	if (fw->custom == 1 && item_look_in_folder(it, e) == -1)
		return -1;
	if (it->in_folder)
		return 0;
	if (fw->custom == 1) {
		digest_bytes(it->link, strlen(it->link), origin);
		name = source_safe_name(it->link);
		it->rel = item_own(it, mem_printf("%s/custom/%.12s/%s",
		    fw->port, origin, name));
	} else {
		name = it->f->o.no_clean ? mem_str(url_file(it->url)) :
		    firmware_name_clean(url_file(it->url));
		it->rel = item_own(it, mem_printf("%s/%s", fw->port, name));
	}
	free(name);
	return 0;
}

static int
prepare_item(struct item *it, struct err *e)
{
	item_set_url(it);
	it->sha256 = it->job->chosen.sha256;
	return check_address(it, e) == -1 || set_rel(it, e) == -1 ? -1 :
	    item_locked(it, e);
}

static int
not_here(const struct item *it, struct err *e)
{
	const struct fetch *f = it->f;

	if (f->o.offline && !is_users_own(it)) {
		err_set(e, ERR_NOT_FOUND, "%s: not in %s", it->rel, f->dir);
		return err_todo(e, NEXT_GO_ONLINE,
		    "run it once without --offline");
	}
	if (store_readonly(f->store) != NULL) {
		err_set(e, ERR_PERMISSION, "%s", store_readonly(f->store));
		return err_todo(e, NEXT_CHOOSE_FOLDER,
		    "name another folder with --dir");
	}
	return 0;
}

uint64_t
file_there(const char *path)
{
	struct stat st;

	return stat(path, &st) == -1 ? 0 : (uint64_t)st.st_ino;
}

void
item_want_file(struct item *it)
{
	struct err e = ERR_INIT;
	const char *path;
	int r;

	if (prepare_item(it, &e) == -1) {
		item_done(it, &e);
		return;
	}
	path = item_own(it, mem_printf("%s/%s", it->f->dir, it->rel));
	it->there = file_there(path);
	r = it->f->o.force ? 0 : item_use_here(it, path, &e);
	if (r == 0 && !it->f->o.force)
		r = use_below(it, &e);
	if (r == 0 && not_here(it, &e) == -1)
		r = -1;
	if (r == 0)
		item_want_sig(it, path);
	else
		item_done(it, r == 1 ? NULL : &e);
}
