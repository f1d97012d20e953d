/* SPDX-License-Identifier: MIT */
#include "upstream/nest.h"

bool
nest_live(const struct nest *w)
{
	return w->n == 0 || w->at[w->n - 1].live;
}

bool
nest_open(const struct nest *w)
{
	return w->n > 0 && w->at[w->n - 1].around && !w->at[w->n - 1].taken;
}

int
nest_begin(struct nest *w, bool is, struct err *e)
{
	const bool around = nest_live(w);

	if (w->n == NEST_MAX)
		return err_set(e, ERR_INPUT, "more than %u conditions in "
		    "each other", NEST_MAX);
	w->at[w->n].around = around;
	w->at[w->n].live = w->at[w->n].taken = around && is;
	w->at[w->n++].last = false;
	return 0;
}

int
nest_branch(struct nest *w, bool is, bool last, struct err *e)
{
	const unsigned i = w->n - 1;

	if (w->n == 0 || w->at[i].last)
		return err_set(e, ERR_INPUT, "a branch of no condition");
	w->at[i].live = nest_open(w) && is;
	w->at[i].taken = w->at[i].taken || w->at[i].live;
	w->at[i].last = last;
	return 0;
}

int
nest_end(struct nest *w, struct err *e)
{
	if (w->n == 0)
		return err_set(e, ERR_INPUT, "the end of no condition");
	w->n--;
	return 0;
}

int
nest_done(const struct nest *w, struct err *e)
{
	return w->n == 0 ? 0 :
	    err_set(e, ERR_INPUT, "a condition does not end");
}
