/* SPDX-License-Identifier: MIT */
#include "flash/policy.h"

#include <stdlib.h>
#include <string.h>

#include "base/dirs.h"
#include "base/file.h"
#include "base/mem.h"
#include "base/text.h"
#include "facts/version.h"
#include "trust/minisign.h"

static int
refuse_by_rule(const struct policy *p, const struct policy_rule *r,
    const char *why, struct err *e)
{
	err_set(e, ERR_PERMISSION, "refused by policy %s (%s:%u): %s",
	    policy_name(r->kind), p->path, r->line, why);
	e->retry = false;
	return err_hint(e, "whoever keeps that file decides; --force does "
	    "not");
}

static int
invalid(const struct policy *p, const struct policy_rule *r, struct err *e)
{
	return err_wrap(e, "%s:%u", p->path, r->line);
}

static bool
matches(const char *text, const char *pattern)
{
	const char *const list[] = { pattern, NULL };

	return text_match(text, list);
}

/* BOARD or BOARD-VARIANT; NULL is no board. */
static bool
id_matches(const char *id, const char *variant, const char *pattern)
{
	char *name;
	bool r;

	if (id == NULL)
		return false;
	name = mem_printf("%s%s%s", id, variant != NULL ? "-" : "",
	    variant != NULL ? variant : "");
	r = matches(name, pattern);
	free(name);
	return r;
}

/*
 * The firmware's board, and the board that says what it is: both, where both
 * are known, so that neither's name opens the way for the other.
 */
static int
allows_board(const struct policy_rule *r, const struct flash_job *job,
    const struct board *runs, struct err *e)
{
	const struct firmware *fw = &job->firmware;
	const struct board *b = &job->board;

	(void)runs;
	(void)e;
	if (fw->board_id == NULL && b->board_id == NULL)
		return 0;
	return (fw->board_id == NULL || id_matches(fw->board_id, fw->variant,
	    r->value)) && (b->board_id == NULL || id_matches(b->board_id,
	    b->variant, r->value));
}

/* What the image says it is; else what the record does. */
static bool
image_version(const struct flash_job *job, struct version *out)
{
	const struct firmware *fw = &job->firmware;

	if (version_parse(job->facts.strings.tag, out))
		return true;
	if (fw->version == NULL || !version_parse(fw->version, out))
		return false;
	if (fw->build > 0 && fw->build <= 999999999)
		out->build = (int)fw->build;
	return true;
}

static int
allows_version(const struct policy_rule *r, const struct flash_job *job,
    const struct board *runs, struct err *e)
{
	struct wanted w;
	struct version v;

	(void)runs;
	if (wanted_check(r->value, &w, e) == -1)
		return -1;
	return image_version(job, &v) && wanted_admits(&w, &v);
}

static int
allows_source(const struct policy_rule *r, const struct flash_job *job,
    const struct board *runs, struct err *e)
{
	(void)runs;
	(void)e;
	return job->firmware.source != NULL &&
	    matches(job->firmware.source, r->value);
}

/* Of the bytes in memory, which are those that are written. */
static int
allows_key(const struct policy_rule *r, const struct flash_job *job,
    const struct board *runs, struct err *e)
{
	char *path = mem_printf("%s" MINISIGN_SUFFIX, job->image.path);
	struct buf text = BUF_MAX(MINISIGN_MAX);
	struct minisign_key key;
	struct minisign_sig sig;
	struct err ignored;
	int ok = minisign_key_load(r->value, &key, e);

	(void)runs;
	if (ok == 0)
		ok = file_read(path, &text, &ignored) == 0 &&
		    minisign_sig_parse(text.data, text.len, &sig,
		    &ignored) == 0 && minisign_check(&sig, &key, 1,
		    job->data, job->size, &ignored) == 0;
	buf_release(&text);
	free(path);
	return ok;
}

/* Where nothing is known of what runs, it may be newer. */
static int
allows_downgrade(const struct policy_rule *r, const struct flash_job *job,
    const struct board *b, struct err *e)
{
	struct version is, runs;

	(void)e;
	if (strcmp(r->value, "yes") == 0)
		return 1;
	if (b->version == NULL || !version_parse(b->version, &runs) ||
	    !image_version(job, &is))
		return 0;
	if (b->build > 0 && b->build <= 999999999)
		runs.build = (int)b->build;
	return version_compare(&is, &runs) >= 0;
}

static const struct {
	/* 1, 0, or -1: the rule makes no sense. */
	int		(*allows)(const struct policy_rule *r,
			    const struct flash_job *job,
			    const struct board *runs, struct err *e);
	const char	*why;
} kinds[POLICY_KINDS] = {
	[POLICY_KEY] = { allows_key, "no key that it names has signed the "
	    "file" },
	[POLICY_BOARD] = { allows_board, "the board is not among those" },
	[POLICY_VERSION] = { allows_version, "the version is not among "
	    "those" },
	[POLICY_SOURCE] = { allows_source, "the source is not among those" },
	[POLICY_DOWNGRADE] = { allows_downgrade, "the board runs something "
	    "newer, or nobody knows what" },
};

/* Of the rules of a kind one has to allow it; no such rule allows all. */
static int
check_kind(const struct policy *p, enum policy_kind kind,
    const struct flash_job *job, const struct board *runs, struct err *e)
{
	const struct policy_rule *first = NULL;
	int r;

	for (size_t i = 0; i < p->n; i++) {
		if (p->v[i].kind != kind)
			continue;
		if (first == NULL)
			first = &p->v[i];
		r = kinds[kind].allows(&p->v[i], job, runs, e);
		if (r != 0)
			return r == 1 ? 0 : invalid(p, &p->v[i], e);
	}
	return first == NULL ? 0 : refuse_by_rule(p, first, kinds[kind].why, e);
}

int
policy_allows(const struct policy *p, const struct flash_job *job,
    const struct board *runs, struct err *e)
{
	for (int kind = 0; kind < POLICY_KINDS; kind++)
		if (check_kind(p, (enum policy_kind)kind, job, runs,
		    e) == -1)
			return -1;
	return 0;
}

int
check_policy(const struct flash_job *job, const struct board *runs,
    struct err *e)
{
	char *config = dirs_config();
	char *own = mem_printf("%s/policy", config);
	const char *const paths[] = { POLICY_SYSTEM, own };
	int r = 0;

	for (size_t i = 0; r == 0 && i < 2; i++) {
		struct policy p;

		r = policy_load(paths[i], i == 0, &p, e);
		if (r == 0)
			r = policy_allows(&p, job, runs != NULL ? runs :
			    &job->board, e);
		policy_release(&p);
	}
	free(own);
	free(config);
	return r == -1 ? err_wrap(e, "%s", job->device.id) : 0;
}
