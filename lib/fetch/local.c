/* SPDX-License-Identifier: MIT */
#include "fetch/local.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/mem.h"
#include "facts/facts.h"

/*
 * Every release and preview of MicroPython says both in each of these formats
 * (see image/strings.h).  Another program would be flashed, and the board
 * might go on to run what it ran before.
 */
static int
says_not(const char *what, struct err *e)
{
	err_set(e, ERR_INPUT, "does not say %s", what);
	return err_hint(e, "name custom firmware with --source");
}

/*
 * The tag is git's: it may count commits that the name does not.  A preview
 * and a release are never the same.
 */
static int
check_image_version(const struct firmware *fw, struct local_file *out,
    struct err *e)
{
	const struct version *is = &out->version;
	const char *tag = out->facts.strings.tag;
	struct version want;

	out->versioned = version_parse(tag, &out->version);
	if (fw->custom == 1)
		return 0;
	if (!out->versioned)
		return says_not("which version of MicroPython it is", e);
	if (fw->version == NULL || !version_parse(fw->version, &want))
		return 0;
	if (is->major != want.major || is->minor != want.minor ||
	    is->patch != want.patch || is->preview != want.preview)
		return err_set(e, ERR_INPUT, "says that it is %s, not %s", tag,
		    fw->version);
	return 0;
}

struct chips {
	const char	*chip, *machine, *variant;
	bool		 listed, known, same, board;
};

/* NULL: none that we know. */
static const char *
board_mcu_chip(const struct store_board *b)
{
	char with[80];

	snprintf(with, sizeof(with), " with %s", b->hw_mcu == NULL ? "" :
	    b->hw_mcu);
	return image_machine_chip(with);
}

static int
on_board(const struct store_board *b, void *ctx)
{
	struct chips *c = ctx;
	const char *chip = board_mcu_chip(b);

	c->listed = true;
	if (chip != NULL)
		c->known = true;
	if (chip != NULL && c->chip != NULL && strcmp(chip, c->chip) == 0)
		c->same = true;
	if (b->description != NULL && strcmp(b->description, c->machine) == 0)
		c->board = true;
	return 0;
}

/* Is one of the names, all of today, that board's? */
static bool
is_local_board(const struct facts *facts, const struct firmware *fw,
    const struct board_name *names, size_t n)
{
	const struct board_name asked = { fw->port, fw->board_id, NULL };
	const struct board_name today = facts_today(facts, &asked, NULL);
	size_t i;

	for (i = 0; i < n; i++)
		if (strcmp(names[i].board_id, today.board_id) == 0)
			return true;
	return false;
}

/*
 * What it says it runs on is not this board's, as far as is known.  Is it
 * another's?  Versions older than the table may have said anything, and so
 * may boards that it does not have.
 */
static int
check_other(struct store *s, const struct firmware *fw,
    const struct local_file *l, struct err *e)
{
	const char *machine = l->facts.strings.machine;
	struct board_name names[FACTS_NAMES];
	struct facts *facts;
	size_t n = 0;
	int r = 0;

	if (fw->custom == 1 || machine[0] == '\0' || !l->versioned)
		return 0;
	if (facts_open(s, &facts, e) == -1)
		return -1;
	if (facts_when(facts, &l->version) > 0)
		n = facts_find(facts, NULL, machine, names, FACTS_NAMES);
	if (n > 0 && !is_local_board(facts, fw, names, n))
		r = err_set(e, ERR_INPUT, "is for %s, by what it says of "
		    "itself, not for %s", names[0].board_id, fw->board_id);
	facts_close(facts);
	return r;
}

static int
on_chip(const struct store_board *b, void *ctx)
{
	image_for_chip(ctx, board_mcu_chip(b));
	return 0;
}

/* Of a file for several chips, the image that is for this board's. */
static int
choose_part(struct store *s, const struct firmware *fw,
    struct image_facts *facts, struct err *e)
{
	return !facts->mixed || fw->board_id == NULL ? 0 :
	    store_boards_by_id(s, fw->port, fw->board_id, on_chip, facts,
	    e);
}

/* Against what MicroPython's sources say of that board. */
static int
check_board(struct store *s, const struct firmware *fw,
    struct local_file *out, struct err *e)
{
	struct chips c = { .chip = out->facts.chip,
	    .machine = out->facts.strings.machine };

	if (fw->custom != 1 && c.machine[0] == '\0')
		return says_not("which board it is for", e);
	if (fw->board_id == NULL)
		return 0;
	if (store_boards_by_id(s, fw->port, fw->board_id, on_board, &c,
	    e) == -1)
		return -1;
	if (c.known && out->facts.mixed)
		return err_set(e, ERR_MISMATCH, "is for several chips, and %s "
		    "has another", fw->board_id);
	if (c.chip != NULL && c.known && !c.same)
		return err_set(e, ERR_MISMATCH, "is for %s, which %s has not",
		    c.chip, fw->board_id);
	out->chip_ok = c.same;
	out->board_ok = c.board && c.machine[0] != '\0';
	return out->board_ok || !c.listed ? 0 : check_other(s, fw, out, e);
}

int
local_judge(struct store *s, const char *name, const struct firmware *fw,
    struct local_file *out, struct err *e)
{
	out->chip_ok = out->board_ok = out->versioned = false;
	if (image_check_name(name, out->facts.format, e) == -1 ||
	    choose_part(s, fw, &out->facts, e) == -1 ||
	    check_image_version(fw, out, e) == -1 ||
	    check_board(s, fw, out, e) == -1)
		return err_wrap(e, "%s", name);
	return 0;
}

int
local_inspect(struct store *s, struct image_source *bytes,
    const char sha256[DIGEST_HEX], const char *name,
    const struct firmware *fw, struct local_file *out, struct err *e)
{
	memset(out, 0, sizeof(*out));
	out->size = bytes->size;
	memcpy(out->sha256, sha256, DIGEST_HEX);
	if (image_inspect(bytes, &out->facts, e) == -1)
		return err_wrap(e, "%s", name);
	return local_judge(s, name, fw, out, e);
}

struct opened {
	const char	*path;
	int		 fd;
	struct digest	*digest;	/* NULL: it is known */
	size_t		 hashed;	/* bytes of it, from the first on */
};

static int
read_local(void *ctx, size_t at, uint8_t *buf, size_t n, struct err *e)
{
	struct opened *o = ctx;
	size_t done = 0;
	ssize_t r;

	while (done < n) {
		r = pread(o->fd, buf + done, n - done, (off_t)(at + done));
		if (r == 0)
			return err_set(e, ERR_IO, "%s: became shorter",
			    o->path);
		if (r == -1 && errno != EINTR)
			return err_sys(e, "%s", o->path);
		if (r > 0)
			done += (size_t)r;
	}
	if (o->digest != NULL && at <= o->hashed && at + n > o->hashed) {
		digest_add(o->digest, buf + (o->hashed - at),
		    at + n - o->hashed);
		o->hashed = at + n;
	}
	return 0;
}

/* What the inspection had no need to read. */
static int
hash_rest(struct opened *o, const struct image_source *bytes, struct err *e)
{
	while (o->hashed < bytes->size) {
		const size_t left = bytes->size - o->hashed;

		if (read_local(o, o->hashed, bytes->window,
		    left < IMAGE_WINDOW ? left : IMAGE_WINDOW, e) == -1)
			return -1;
	}
	return 0;
}

int
local_read(const char *path, const char *sha256, const char *name,
    struct local_file *out, struct err *e)
{
	struct opened file = { path, file_open(path, O_RDONLY, 0, e), NULL, 0 };
	struct image_source bytes = { .read = read_local, .ctx = &file };
	struct stat st;
	int r = -1;

	if (file.fd == -1)
		return -1;
	memset(out, 0, sizeof(*out));
	if (sha256 == NULL)
		file.digest = digest_new();
	if (fstat(file.fd, &st) == -1) {
		err_sys(e, "%s", path);
		goto out;
	}
	if (st.st_size > (off_t)LOCAL_MAX) {
		err_set(e, ERR_INPUT, "%s: larger than %u bytes", path,
		    LOCAL_MAX);
		goto out;
	}
	out->size = bytes.size = (size_t)st.st_size;
	bytes.window = mem_alloc(IMAGE_WINDOW);
	if (image_inspect(&bytes, &out->facts, e) == -1) {
		err_wrap(e, "%s", name);
		goto out;
	}
	r = file.digest == NULL ? 0 : hash_rest(&file, &bytes, e);
	if (r == 0 && file.digest == NULL)
		memcpy(out->sha256, sha256, DIGEST_HEX);
out:
	if (file.digest != NULL)
		digest_end(file.digest, r == 0 ? out->sha256 : NULL);
	free(bytes.window);
	close(file.fd);
	return r;
}

int
local_inspect_file(struct store *s, const char *path,
    const char sha256[DIGEST_HEX], const char *name,
    const struct firmware *fw, struct local_file *out, struct err *e)
{
	return local_read(path, sha256, name, out, e) == -1 ? -1 :
	    local_judge(s, name, fw, out, e);
}
