/* SPDX-License-Identifier: MIT */
#include "site/listing.h"

#include "../tests/unit/tap.h"
#include "base/buf.h"

static struct listing l;
static struct err e;

static int
parse(const char *html)
{
	e = (struct err)ERR_INIT;
	return listing_parse(html, strlen(html), &l, &e);
}

#define CARD	"<a class=\"board-card\" href="

static const char page[] =
    "<!DOCTYPE html><a href='/download/?port=rp2'>rp2</a>"
    "<a href=/download/>all</a>"
    CARD "ESP32_GENERIC><div>x</div></a>"
    CARD "RPI_PICO></a>"
    CARD "ESP32_GENERIC></a>"
    "<a class='x board-card y' href='/download/PYBV11/'>"
    "<a href=https://micropython.org/download/RPI_PICO2>"
    "<a href=/resources/source/micropython-1.28.0.tar.xz>"
    "<a class=board-cards href=NO>";

static const char paths[] =
    CARD "../../etc>"
    CARD ".hidden>"
    CARD "'a b'>"
    CARD "''>"
    CARD "%2e%2e>"
    CARD "?x>"
    CARD "x/y>"
    CARD "'a\nb'>"
    "<a href=/download/A/B>";

static void
test_boards(void)
{
	OK(parse(page) == 0);
	OK(l.n == 4);
	IS_STR(l.id[0], "ESP32_GENERIC");
	IS_STR(l.id[1], "RPI_PICO");
	IS_STR(l.id[2], "PYBV11");
	IS_STR(l.id[3], "RPI_PICO2");
	listing_release(&l);
}

static void
test_refused(void)
{
	struct buf many = BUF_INIT;

	OK(parse("") == -1);
	OK(e.code == ERR_NOT_FOUND);
	OK(parse(paths) == -1);
	IS_STR(e.msg, "no boards on the page");
	OK(l.n == 0 && l.id == NULL);
	/* One that fits, with its NUL, and one that does not. */
	buf_addf(&many, CARD "%063d>" CARD "%064d>", 1, 1);
	OK(listing_parse(many.data, many.len, &l, &e) == 0);
	OK(l.n == 1);
	listing_release(&l);
	buf_clear(&many);
	for (unsigned i = 0; i <= LISTING_BOARDS; i++)
		buf_addf(&many, CARD "B%u>", i);
	OK(listing_parse(many.data, many.len, &l, &e) == -1);
	IS_STR(e.msg, "more than 4096 boards");
	OK(listing_parse(many.data, LISTING_MAX + 1, &l, &e) == -1);
	OK(e.code == ERR_INPUT);
	buf_release(&many);
}

int
main(void)
{
	test_boards();
	test_refused();
	return tap_done();
}
