/* SPDX-License-Identifier: MIT */
#ifndef MPF_CUSTOM_IMPL_H
#define MPF_CUSTOM_IMPL_H

#include "base/digest.h"
#include "custom/custom.h"
#include "facts/facts.h"
#include "facts/version.h"
#include "image/image.h"
#include "site/github_api.h"
#include "trust/minisign.h"

/* impl: what the files of lib/custom share.  For them alone. */

struct custom {
	struct custom_opts o;
	char		*dir;
	struct facts	*facts;
	struct github_api github;
	struct minisign_key *keys;
	size_t		 n_keys;
};

/* One file on its way. */
struct work {
	const struct custom *c;
	const struct firmware *said;
	const char	*git_path;	/* NULL: where the file is */
	struct custom_entry *en;	/* what comes out */
	char		*name;		/* of the file, as it was given */
	char		*path;		/* here, absolute; NULL: elsewhere */
	struct buf	 bytes;
	struct buf	 sig;		/* FILE.minisig; empty: none */
	char		 published[DIGEST_HEX];	/* by GitHub; "" */
	char		 sha256[DIGEST_HEX];
	struct image_facts facts;
	bool		 versioned;	/* the image says which, in version */
	struct version	 version;
	char		*rel;		/* where it goes, below dir */
	size_t		 n_checks;	/* in en->image.checks */
};

/* The entry's own copy, freed with it; s NULL gives NULL. */
const char	*entry_keep(struct custom_entry *en, const char *s);
const char	*entry_own(struct custom_entry *en, char *p);
void		 work_check(struct work *w, const char *check);

/* get.c: the bytes, from wherever they are, and who published them. */
int	work_get(struct work *w, const struct buf *bytes, struct err *e);
/* http_get.c: one address, to its end. */
int	custom_http(const struct custom *c, struct http_request *rq,
	    struct http_reply *reply, struct err *e);

/* refuse.c: no firmware that can be flashed, by its name or its bytes. */
int	refuse_name(const char *name, struct err *e);
int	refuse_bytes(const struct buf *bytes, struct err *e);
/* The application of an ESP32 without all that goes before it. */
int	refuse_app(const struct work *w, struct err *e);

/* learn.c: from the image, and from where it lies. */
int	work_learn(struct work *w, struct err *e);
/* path.c: .../ports/PORT/build-BOARD[-VARIANT]/FILE, else NULLs. */
void	path_board(struct work *w, struct board_name *out);
/* boards.c: which boards it is for, against what is said. */
int	work_boards(struct work *w, struct err *e);
/* said.c: what the user says of it. */
int	work_said(struct work *w, struct err *e);
/* A text fit to be kept: ERR_USAGE or ERR_INPUT (code) names what. */
int	said_check(const char *what, const char *s, enum err_code code,
	    struct err *e);
/* A statement against the file: refused, unless --force. */
int	work_contradicts(const struct work *w, struct err *e);

/* git.c, build.c: what is known of how it was made. */
int	work_git(struct work *w, struct err *e);
int	work_build(struct work *w, struct err *e);

/* keep.c: into the folder, looked at by the scanner before. */
int	work_keep(struct work *w, struct err *e);
/* sweep.c: in the whole firmware folder, what nobody writes to any more. */
void	custom_sweep(const char *dir);
/* scan.c: what the program says of the file at path. */
int	work_scan(struct work *w, const char *path, struct err *e);

#endif
