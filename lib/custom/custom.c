/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "custom/impl.h"

static int
open_keys(struct custom *c, struct err *e)
{
	const char *const *given = c->o.pubkeys;

	for (; given != NULL && *given != NULL; given++) {
		c->keys = mem_grow(c->keys, c->n_keys + 1, sizeof(*c->keys));
		if (minisign_key_load(*given, &c->keys[c->n_keys++], e) == -1)
			return err_wrap(e, "--pubkey");
	}
	return 0;
}

/* Of the folder's database, which knows the user's own boards, or of share/. */
static int
open_facts(struct custom *c, struct err *e)
{
	struct store *s;
	int r = store_open(c->dir, STORE_READ, &s, e);

	if (r == -1 && e->code == ERR_NOT_FOUND) {
		*e = (struct err)ERR_INIT;
		r = store_memory(&s, e);
	}
	if (r == -1)
		return -1;
	r = facts_open(s, &c->facts, e);
	store_close(s);
	return r;
}

int
custom_open(const struct custom_opts *o, struct custom **out, struct err *e)
{
	struct custom *c = mem_alloc(sizeof(*c));

	c->o = *o;
	c->dir = mem_str(o->dir);
	if (open_keys(c, e) == -1 || github_api_open(&c->github, e) == -1 ||
	    open_facts(c, e) == -1) {
		custom_close(c);
		return -1;
	}
	if (!o->dry_run)
		custom_sweep(c->dir);
	*out = c;
	return 0;
}

void
custom_close(struct custom *c)
{
	if (c == NULL)
		return;
	facts_close(c->facts);
	github_api_release(&c->github);
	free(c->keys);
	free(c->dir);
	free(c);
}

const char *
entry_own(struct custom_entry *en, char *p)
{
	en->kept = mem_grow(en->kept, en->n_kept + 1, sizeof(*en->kept));
	en->kept[en->n_kept++] = p;
	return p;
}

const char *
entry_keep(struct custom_entry *en, const char *s)
{
	return s == NULL ? NULL : entry_own(en, mem_str(s));
}

void
custom_release(struct custom_entry *en)
{
	while (en->n_kept > 0)
		free(en->kept[--en->n_kept]);
	free(en->kept);
	en->kept = NULL;
}

void
work_check(struct work *w, const char *check)
{
	for (size_t i = 0; i < w->n_checks; i++)
		if (strcmp(w->en->image.checks[i], check) == 0)
			return;
	if (w->n_checks < MODEL_CHECKS)
		w->en->image.checks[w->n_checks++] = check;
}

int
work_contradicts(const struct work *w, struct err *e)
{
	if (!w->c->o.force)
		return e->hint[0] != '\0' ? -1 : err_hint(e, "if the file is "
		    "wrong about itself: --force");
	if (w->c->o.say != NULL)
		w->c->o.say("%s: kept by --force", e->msg);
	*e = (struct err)ERR_INIT;
	return 0;
}

static int
check_custom_signature(struct work *w, struct err *e)
{
	const struct custom *c = w->c;
	struct minisign_sig sig;
	int r = 0;

	w->en->firmware.trust = "none";
	if (c->n_keys == 0)
		return 0;
	if (w->sig.len == 0)
		r = err_set(e, ERR_VERIFY, "not signed: no %s" MINISIGN_SUFFIX,
		    w->name);
	if (r == -1 || minisign_sig_parse(w->sig.data, w->sig.len, &sig,
	    e) == -1 || minisign_check(&sig, c->keys, c->n_keys,
	    w->bytes.data, w->bytes.len, e) == -1) {
		e->code = ERR_VERIFY;
		e->retry = false;
		return err_hint(e, "with --pubkey only signed files are "
		    "added");
	}
	w->en->firmware.trust = "signature";
	work_check(w, "signature");
	return 0;
}

/* The digest that GitHub publishes. */
static int
check_published(struct work *w, struct err *e)
{
	digest_bytes(w->bytes.data, w->bytes.len, w->sha256);
	w->en->firmware.sha256 = w->en->image.sha256 =
	    entry_keep(w->en, w->sha256);
	w->en->image.size_bytes = (int64_t)w->bytes.len;
	if (w->published[0] == '\0')
		return 0;
	if (strcmp(w->published, w->sha256) != 0)
		return err_set(e, ERR_VERIFY, "sha-256 %.16s..., but GitHub "
		    "says %.16s...", w->sha256, w->published);
	work_check(w, "sha256");
	return 0;
}

/* From bytes to facts; nothing is written. */
static int
look_at_bytes(struct work *w, const struct buf *bytes, struct err *e)
{
	if (work_get(w, bytes, e) == -1)
		return -1;
	if (refuse_bytes(&w->bytes, e) == -1 ||
	    refuse_name(w->name, e) == -1 || check_published(w, e) == -1 ||
	    check_custom_signature(w, e) == -1 || work_learn(w, e) == -1 ||
	    work_build(w, e) == -1 || work_said(w, e) == -1 ||
	    work_boards(w, e) == -1 || work_git(w, e) == -1)
		return err_wrap(e, "%s", w->name);
	return 0;
}

int
custom_take(const struct custom *c, const struct firmware *said,
    const char *git_path, const struct buf *bytes, struct custom_entry *out,
    struct err *e)
{
	struct work w = { .c = c, .said = said, .git_path = git_path, .en = out,
	    .bytes = BUF_MAX(CUSTOM_MAX), .sig = BUF_MAX(MINISIGN_MAX) };
	int r;

	*out = (struct custom_entry){ .firmware = FIRMWARE_INIT,
	    .image = IMAGE_INIT };
	r = look_at_bytes(&w, bytes, e);
	if (r == 0)
		r = work_keep(&w, e);
	free(w.name);
	free(w.path);
	free(w.rel);
	buf_release(&w.bytes);
	buf_release(&w.sig);
	return r;
}
