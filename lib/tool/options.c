/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <getopt.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "tool/usage.h"

#define JOBS_MAX	256

/* What getopt_long answers for the i-th. */
static int
code(const struct options *o, size_t i)
{
	return o->all[i].letter != 0 ? o->all[i].letter : LONG_ONLY + (int)i;
}

static void
add_long(struct options *o, const struct opt *opt)
{
	struct option *lo;

	o->table = mem_grow(o->table, o->n_table + 2, sizeof(*o->table));
	lo = &o->table[o->n_table++];
	memset(lo, 0, 2 * sizeof(*lo));
	lo->name = opt->name;
	lo->has_arg = opt->arg != NULL ? required_argument : no_argument;
	lo->val = code(o, o->n);
}

/* The default is what stands where the value goes: "10s", "300ms", "auto". */
static void
show_default(struct opt *o)
{
	if (o->ms != NULL && *o->ms > 0 && *o->ms % 1000 == 0)
		snprintf(o->shown, sizeof(o->shown), "%" PRId64 "s",
		    *o->ms / 1000);
	else if (o->ms != NULL && *o->ms > 0)
		snprintf(o->shown, sizeof(o->shown), "%" PRId64 "ms", *o->ms);
	else if (o->num != NULL && *o->num > 0)
		snprintf(o->shown, sizeof(o->shown), "%" PRId64, *o->num);
	else if (o->str != NULL && *o->str != NULL)
		snprintf(o->shown, sizeof(o->shown), "%s", *o->str);
}

/* A tool's own long name (--version WHICH) hides the common one (-V). */
static void
add_option(struct options *o, const struct opt *opt)
{
	struct opt *new;

	o->all = mem_grow(o->all, o->n + 1, sizeof(*o->all));
	new = &o->all[o->n];
	*new = *opt;
	show_default(new);
	for (size_t i = 0; i < o->n && new->name != NULL; i++)
		if (o->all[i].name != NULL &&
		    strcmp(o->all[i].name, opt->name) == 0)
			new->name = NULL;
	if (new->name != NULL)
		add_long(o, opt);
	if (opt->letter != 0) {
		buf_addc(&o->letters, opt->letter);
		buf_adds(&o->letters, opt->arg != NULL ? ":" : "");
	}
	o->n++;
}

static void
add_common(struct options *o, struct common *c)
{
	const struct opt jobs = OPT_NUM('j', "jobs", "N", &c->jobs,
	    o->t->jobs > 0 ? "ask up to N boards at once" :
	    "work on up to N boards at once");
	const struct opt common[] = {
		OPT_FLAG(0, "keep-order", &c->keep_order,
		    "write the records in the order they came"),
		OPT_FLAG(0, "json", &c->json,
		    "write records, also to a terminal"),
		OPT_FLAG(0, "table", &c->table,
		    "write a table, also into a pipe"),
		OPT_STR(0, "progress", "HOW", &c->progress,
		    "show progress as auto, bar, json or none"),
		OPT_STR(0, "color", "WHEN", &c->colour,
		    "use colour auto, always or never"),
		OPT_NUM(0, "events-fd", "N", &c->events_fd,
		    "write events for a program, in JSON, to descriptor N"),
		OPT_STR(0, "sysroot", "DIR", &c->sysroot,
		    "use the tree DIR instead of the system's /sys and /dev"),
		OPT_STR(0, "trace", "FILE", &c->trace,
		    "write all that goes over serial ports to FILE"),
		OPT_FLAG('q', "quiet", &c->quiet, "print errors only"),
		OPT_COUNT('v', "verbose", &c->verbose,
		    "print more; twice, also what goes over serial ports"),
		OPT_ENDS('h', "help", &c->help, "print the options"),
		OPT_ENDS('V', "version", &c->version, "print the version"),
		OPT_END
	};

	if (o->t->workers)
		add_option(o, &jobs);
	for (const struct opt *opt = common; opt->name != NULL; opt++)
		add_option(o, opt);
}

struct options *
options_new(const struct tool *t, struct common *c)
{
	struct options *o = mem_alloc(sizeof(*o));
	const struct opt *opt;

	o->t = t;
	o->common = c;
	o->letters = (struct buf)BUF_INIT;
	if (t->commands)
		buf_addc(&o->letters, '+');
	buf_addc(&o->letters, ':');	/* "a value is missing" is ':' */
	for (opt = t->opts; opt != NULL && opt->name != NULL; opt++)
		add_option(o, opt);
	if (c != NULL)
		add_common(o, c);
	return o;
}

void
options_free(struct options *o)
{
	for (size_t i = 0; i < o->n; i++)
		if (o->all[i].list != NULL) {
			free(o->all[i].list->v);
			o->all[i].list->v = NULL;	/* of aliases, too */
		}
	for (size_t i = 0; i < o->n_own; i++)
		free(o->own[i]);
	free(o->own);
	buf_release(&o->letters);
	free(o->all);
	free(o->table);
	free(o);
}

int
options_number(const char *text, int64_t *out)
{
	char *end;

	errno = 0;
	*out = strtoll(text, &end, 10);
	return text[0] < '0' || text[0] > '9' || *end != '\0' || errno != 0 ?
	    -1 : 0;
}

int64_t
options_ms(const char *text)
{
	const size_t n = strspn(text, "0123456789.");
	const bool ms = strcmp(text + n, "ms") == 0;
	double v;
	char *end;

	if (!ms && text[n] != '\0' && strcmp(text + n, "s") != 0)
		return -1;
	v = strtod(text, &end);
	if (n == 0 || end != text + n)
		return -1;
	v = ms ? v : v * 1000;
	return v > 1e12 ? -1 : (int64_t)(v + 0.5);
}

int64_t
options_bytes(const char *text)
{
	static const char units[] = "kMG";
	const size_t n = strspn(text, "0123456789");
	const char *unit = strchr(units, text[n]);
	int64_t v = n == 0 || n > 9 ? 0 : strtoll(text, NULL, 10);

	if (v == 0 || unit == NULL)
		return -1;
	if (text[n] == '\0')
		return v;
	for (v *= 1024; unit > units; unit--)
		v *= 1024;
	return text[n + 1] == '\0' ? v : -1;
}

static void
list_add(struct opt_list *l, const char *v)
{
	l->v = mem_grow(l->v, l->n + 2, sizeof(*l->v));
	l->v[l->n++] = v;
	l->v[l->n] = NULL;
}

/* A value in a message, where it would be overlooked. */
static const char *
shown_value(const char *v)
{
	return v[0] != '\0' ? v : "''";
}

char *
tool_port_name(const char *s, size_t n)
{
	const bool port = n >= 3 && memcmp(s, "tty", 3) == 0 &&
	    memchr(s, '/', n) == NULL;

	return mem_printf("%s%.*s", port ? "/dev/" : "", (int)n, s);
}

/* The same, until the options go. */
static const char *
keep_port_name(struct options *all, const char *v)
{
	all->own = mem_grow(all->own, all->n_own + 1, sizeof(*all->own));
	return all->own[all->n_own++] = tool_port_name(v, strlen(v));
}

static int
set_option(struct options *all, const struct opt *o, const char *v,
    struct err *e)
{
	if (o->flag != NULL)
		*o->flag = true;
	else if (o->str != NULL)
		*o->str = v;
	else if (o->list != NULL)
		list_add(o->list, o->ports ? keep_port_name(all, v) : v);
	else if (o->counts)
		++*o->num;
	else if (o->num != NULL && options_number(v, o->num) == -1)
		return err_set(e, ERR_USAGE,
		    "--%s %s: not a whole number from 0", o->name,
		    shown_value(v));
	else if (o->ms != NULL && (*o->ms = options_ms(v)) == -1)
		return err_set(e, ERR_USAGE,
		    "--%s %s: not a time such as 2, 0.5 or 300ms", o->name,
		    shown_value(v));
	else if (o->bytes != NULL && (*o->bytes = options_bytes(v)) == -1)
		return err_set(e, ERR_USAGE, "--%s %s: not a number of bytes "
		    "such as 500000, 200k or 1M", o->name, shown_value(v));
	return 0;
}

static const struct opt *
option(const struct options *o, int ch)
{
	for (size_t i = 0; i < o->n; i++)
		if (code(o, i) == ch)
			return &o->all[i];
	return NULL;
}

int
options_check_word(const char *option, const char *v, const char *const *words,
    struct err *e)
{
	struct buf list = BUF_INIT;

	for (size_t i = 0; words[i] != NULL; i++) {
		if (strcmp(v, words[i]) == 0) {
			buf_release(&list);
			return 0;
		}
		buf_addf(&list, "%s%s", i == 0 ? "" : words[i + 1] == NULL ?
		    " or " : ", ", words[i]);
	}
	err_set(e, ERR_USAGE, "--%s %s: not %s", option, shown_value(v),
	    list.data);
	buf_release(&list);
	return -1;
}

/* The values of the common options that not every word fits. */
static int
check_common(struct common *c, struct err *e)
{
	static const char *const modes[] = { "auto", "bar", "json", "none",
	    NULL };
	static const char *const colours[] = { "auto", "always", "never",
	    NULL };

	if (c->jobs < 1 || c->jobs > JOBS_MAX)
		return err_set(e, ERR_USAGE,
		    "--jobs %" PRId64 ": not from 1 to %d", c->jobs, JOBS_MAX);
	if (c->json && c->table)
		return err_set(e, ERR_USAGE, "--json and --table: not both");
	return options_check_word("progress", c->progress, modes, e) == -1 ?
	    -1 : options_check_word("color", c->colour, colours, e);
}

/* --version, where it names firmware, and nothing follows. */
static int
print_version(struct options *o)
{
	o->common->version = true;
	return 0;
}

int
options_parse(struct options *o, int argc, char *argv[], struct err *e)
{
	const struct opt *opt;
	int ch;

	opterr = 0;
	optind = 0;		/* anew: other letters may have been read */
	optopt = 0;
	while ((ch = getopt_long(argc, argv, o->letters.data, o->table,
	    NULL)) != -1) {
		opt = ch == '?' || ch == ':' ? NULL : option(o, ch);
		if (ch == ':' && o->common != NULL &&
		    strcmp(argv[optind - 1], "--version") == 0)
			return print_version(o);
		if (opt == NULL)
			return usage_refuse(o, ch, argv[optind - 1], e);
		if (set_option(o, opt, optarg, e) == -1)
			return -1;
		if (opt->ends)
			return 0;
		optopt = 0;
	}
	if (o->common == NULL)
		return 0;
	if (check_common(o->common, e) == -1)
		return -1;
	return options_arguments(o, argc, argv, e);
}

int
tool_options(const struct tool *t, int argc, char *argv[], struct err *e)
{
	struct options *o = options_new(t, NULL);
	const int r = options_parse(o, argc, argv, e);

	options_free(o);
	return r;
}

void
tool_help(const struct tool *t)
{
	struct options *o = options_new(t, NULL);

	options_help(o);
	options_free(o);
}
