/* SPDX-License-Identifier: MIT */
#ifndef MPF_SIM_PYTHON_IN_H
#define MPF_SIM_PYTHON_IN_H

#include <stdbool.h>

#include "repl/script.h"
#include "sim/python.h"

/* python_in: what the files of sim/python share; for them alone. */

#define PY_ARGS		8		/* of one call */
#define PY_FILES	8		/* open at a time */
#define PY_DEPTH	32		/* of parentheses */

enum py_type { PY_NONE, PY_BOOL, PY_INT, PY_STR, PY_BYTES, PY_FILE,
    PY_METHOD,				/* a function of a file: f.read */
    PY_TEXT };				/* known by how it prints only */

struct py_value {
	enum py_type	 type;
	int64_t		 i;		/* the number; which file */
	char		*p;		/* owned; a NUL behind it */
	size_t		 n;
};

struct py_var {
	char		*name;
	struct py_value	 v;
};

struct py_file {
	char		*name;		/* NULL: not open */
	size_t		 at;
	bool		 writes;
};

struct sim_python {
	const struct sim_kind		*kind;
	const struct sim_identity	*id;
	struct sim_files		*fs;
	struct py_var	*vars;
	size_t		 n_vars;
	struct py_file	 files[PY_FILES];
	struct buf	 upload;	/* what write.py has brought */
	char		*upload_name;	/* NULL: no open.py */
	bool		 garbled;	/* see sim_python_garble */
	struct sim_outcome *now;	/* of the code that runs */
};

struct py_args {
	struct py_value	 v[PY_ARGS];
	size_t		 n;
	struct py_value	 end;		/* print(..., end=X); PY_NONE: "\n" */
};

/* Each returns -1 with py->now->raised set, or 0. */
int	py_raise(struct sim_python *py, const char *fmt, ...)
	    __attribute__((format(printf, 2, 3)));
int	py_oserror(struct sim_python *py, int number);
/* 0, or what py_oserror makes of an errno. */
int	py_result(struct sim_python *py, int number);
/* A name without a call: "sys.platform".  1: there is no such. */
int	py_name(struct sim_python *py, const char *name, struct py_value *out);
/* "os.stat" with its arguments.  1: there is no such. */
int	py_call(struct sim_python *py, const char *name,
	    const struct py_args *a, struct py_value *out);
/* The part of py_call that is about files. */
int	py_call_file(struct sim_python *py, const char *name,
	    const struct py_args *a, struct py_value *out);
/* Answers a script of share/probe; false: it is invalid. */
bool	py_script(struct sim_python *py, const char *code, size_t n);

/* What the scripts of these names answer. */
int	py_run_list(struct sim_python *py, const struct script_call *c,
	    struct buf *out);
int	py_run_mkdir(struct sim_python *py, const struct script_call *c,
	    struct buf *out);
int	py_run_hash(struct sim_python *py, const struct script_call *c,
	    struct buf *out);
int	py_run_space(struct sim_python *py, const struct script_call *c,
	    struct buf *out);
int	py_run_format(struct sim_python *py, const struct script_call *c,
	    struct buf *out);
int	py_run_erase(struct sim_python *py, const struct script_call *c,
	    struct buf *out);

struct py_value	 py_int(int64_t i);
struct py_value	 py_bytes(enum py_type type, const void *p, size_t n);
struct py_value	 py_copy(const struct py_value *v);
void	 py_release(struct py_value *v);
/* As print() would: a string bare; or as repr() would: in quotes. */
void	 py_print(struct buf *out, const struct py_value *v, bool repr);
struct py_value	*py_var(struct sim_python *py, const char *name);
/* What the board says of itself, in MicroPython's forms. */
void	 py_implementation(const struct sim_python *py, struct buf *out);
void	 py_version_tuple(const struct sim_python *py, struct buf *out);
void	 py_uname(const struct sim_python *py, struct buf *out);
int	 py_mpy(const struct sim_python *py);

#endif
