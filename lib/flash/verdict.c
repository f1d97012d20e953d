/* SPDX-License-Identifier: MIT */
#include <string.h>
#include <strings.h>

#include "base/text.h"
#include "facts/version.h"
#include "flash/impl.h"

/* Custom firmware may say nothing of itself, or whatever it likes. */
static bool
is_custom(const struct flash_job *job)
{
	return job->firmware.custom == 1;
}

/* Of two commits one may be longer. */
static bool
same_commit(const char *a, const char *b)
{
	const size_t n = strlen(a), m = strlen(b);

	return strncasecmp(a, b, n < m ? n : m) == 0;
}

/* Is it what was planned (or read by mpf-fetch), as far as that is known? */
static bool
is_planned(const struct version *is, const char *version, int64_t build,
    const char *commit)
{
	struct version want;

	if (version != NULL && (!version_parse(version, &want) ||
	    is->major != want.major || is->minor != want.minor ||
	    is->patch != want.patch || is->preview != want.preview))
		return false;
	if (build > 0 && is->build != build)
		return false;
	return commit == NULL || is->commit[0] == '\0' ||
	    same_commit(is->commit, commit);
}

int
check_version(const struct flash_job *job, struct err *e)
{
	const struct firmware *fw = &job->firmware;
	const struct image *im = &job->image;
	const char *tag = job->facts.strings.tag;
	struct version is;

	if (!version_parse(tag, &is))
		return is_custom(job) ? 0 : err_set(e, ERR_MISMATCH, "%s: it "
		    "does not say which version of MicroPython it is",
		    im->path);
	if (!is_planned(&is, im->version, im->build, im->commit))
		return err_set(e, ERR_MISMATCH, "%s: it says that it is %s, "
		    "but the record says %s", im->path, tag,
		    im->version != NULL ? im->version : "something else");
	if (!is_custom(job) &&
	    !is_planned(&is, fw->version, fw->build, fw->commit))
		return err_set(e, ERR_MISMATCH, "%s: it says that it is %s, "
		    "not %s", im->path, tag, fw->version != NULL ?
		    fw->version : "the build that was chosen");
	return 0;
}

/* What should run now: as the image says or, if it does not, the record. */
static bool
expected(const struct flash_job *job, struct version *out)
{
	const char *planned = job->firmware.version;

	return version_parse(job->facts.strings.tag, out) ||
	    (planned != NULL && version_parse(planned, out));
}

static int
runs_other(const struct flash_job *job, const struct board *b,
    const char *want, struct err *e)
{
	return err_set(e, ERR_VERIFY, "%s: runs %s, not %s", job->device.id,
	    b->version != NULL ? b->version : "an unknown version", want);
}

static int
check_runs(const struct flash_job *job, const struct board *b,
    struct err *e)
{
	struct version want;
	char text[VERSION_TEXT];
	int64_t build, now = b->build > 0 ? b->build : 0;

	if (!expected(job, &want))
		return 0;
	version_text(&want, text);
	if (b->version == NULL || strcmp(text, b->version) != 0)
		return runs_other(job, b, text, e);
	build = want.build > 0 ? want.build : 0;
	if (build != now)
		return err_set(e, ERR_VERIFY, "%s: runs %s build %lld, not "
		    "%lld", job->device.id, text, (long long)now,
		    (long long)build);
	if (want.commit[0] != '\0' && b->commit != NULL &&
	    !same_commit(want.commit, b->commit))
		return err_set(e, ERR_VERIFY, "%s: runs %s of commit %s, not "
		    "%s", job->device.id, text, b->commit, want.commit);
	return 0;
}

/* Does it say something else than before it was written? */
static bool
says_new(const struct board *before, const struct board *now)
{
	return !text_equal(before->version, now->version) ||
	    before->build != now->build ||
	    !text_equal(before->commit, now->commit) ||
	    !text_equal(before->description, now->description);
}

/*
 * A board that was not written runs what it ran before, which may well be of
 * the version that was planned.  So there has to be a proof: the bytes were
 * read back; or the board says something new; or the bootloader took every
 * block without an error and then left, which it does for a whole image
 * alone.  The last does not help with an image that says nothing of itself:
 * it may have been written to where nobody starts it.
 */
int
check_proof(const struct flash_job *job, const struct flash_proof *proof,
    const struct board *before, const struct board *now, struct err *e)
{
	struct version want;

	if (proof->bytes || (before != NULL && says_new(before, now)) ||
	    (proof->accepted && expected(job, &want)))
		return 0;
	err_set(e, ERR_VERIFY, "%s: runs %s%s, and nothing proves that this is "
	    "the image that was written", job->device.id,
	    now->version != NULL ? now->version : "an unknown version",
	    before != NULL ? " as before" : "");
	return err_hint(e, "flash it again");
}

int
check_answer(const struct flash_job *job, const struct board *b,
    struct err *e)
{
	const char *machine = job->facts.strings.machine;
	const char *uid = job->board.uid;

	/* Some old versions cannot read the id that newer ones can. */
	if (uid != NULL && b->uid != NULL && strcasecmp(uid, b->uid) != 0)
		return err_set(e, ERR_MISMATCH, "%s: another board answers: "
		    "%s, not %s", job->device.id, b->uid, uid);
	if (check_runs(job, b, e) == -1)
		return -1;
	if (machine[0] != '\0' && (b->description == NULL ||
	    !same_machine(machine, b->description)))
		return err_set(e, ERR_VERIFY, "%s: says it is \"%s\", not "
		    "\"%s\"", job->device.id, b->description != NULL ?
		    b->description : "", machine);
	return 0;
}
