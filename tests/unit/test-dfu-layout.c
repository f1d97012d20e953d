/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "dfu/descriptor.h"
#include "dfu/layout.h"
#include "tap.h"

static struct err e;

static bool
segment_is(const struct dfu_segment *s, uint32_t addr, uint64_t end,
    uint32_t page, unsigned access)
{
	return s->addr == addr && s->end == end && s->page == page &&
	    s->access == access;
}

static void
test_f405(void)
{
	struct dfu_layout l;

	OK(dfu_layout_parse("@Internal Flash  /0x08000000/"
	    "04*016Kg,01*064Kg,07*128Kg", &l, &e) == 0);
	IS_STR(l.name, "Internal Flash");
	OK(l.n == 3);
	OK(segment_is(&l.segment[0], 0x08000000, 0x08010000, 16384, 7));
	OK(segment_is(&l.segment[1], 0x08010000, 0x08020000, 65536, 7));
	OK(segment_is(&l.segment[2], 0x08020000, 0x08100000, 131072, 7));
	OK(dfu_layout_size(&l) == 1024 * 1024);
	OK(dfu_segment_at(&l, 0x0801ffff) == &l.segment[1]);
	OK(dfu_segment_at(&l, 0x08100000) == NULL);
	OK(dfu_segment_at(&l, 0x07ffffff) == NULL);
}

/* What ROMs send, besides what the document says. */
static void
test_forms(void)
{
	struct dfu_layout l;

	OK(dfu_layout_parse("@Option Bytes  /0x1FFFC000/01*016 e", &l,
	    &e) == 0 && segment_is(&l.segment[0], 0x1fffc000, 0x1fffc010, 16,
	    5));
	OK(dfu_layout_parse("@OTP Memory /0x1FFF7800/01*512 e,01*016 e", &l,
	    &e) == 0 && l.n == 2 && dfu_layout_size(&l) == 0);
	OK(dfu_layout_parse("@Device Feature/0xFFFF0000/01*004 e", &l,
	    &e) == 0 && l.segment[0].end == 0xffff0004u);
	IS_STR(l.name, "Device Feature");
	OK(dfu_layout_parse("@x/0x08000000/04*016e", &l, &e) == 0 &&
	    segment_is(&l.segment[0], 0x08000000, 0x08000040, 16, 5));
	OK(dfu_layout_parse("@x/0x0/2*3Ba", &l, &e) == 0 &&
	    segment_is(&l.segment[0], 0, 6, 3, DFU_READABLE));
	OK(dfu_layout_size(&l) == 0);
	OK(dfu_layout_parse("@x/0x90000000/02*01Mg  ", &l, &e) == 0 &&
	    l.segment[0].page == 1024 * 1024);
	/* mboot: two memories in one text; to the end of 32 bits */
	OK(dfu_layout_parse("@Internal Flash  /0x08000000/04*032Kg,01*128Kg,"
	    "07*256Kg/0x90000000/512*04Kg", &l, &e) == 0 && l.n == 4 &&
	    l.segment[3].addr == 0x90000000u);
	OK(dfu_layout_parse("@x/0xfffff000/01*004Kg", &l, &e) == 0 &&
	    l.segment[0].end == 0x100000000ull);
	OK(dfu_layout_parse("@0123456789012345678901234567890123456789"
	    "0123456789012345678901234567890123456789/0x0/1*1a", &l,
	    &e) == 0 && strlen(l.name) == DFU_NAME - 1);
}

static void
test_refused(void)
{
	static const char *const bad[] = {
		"", "Internal Flash/0x0/1*1Kg", "@", "@x", "@x/", "@x/0x",
		"@x/08000000/1*1Kg", "@x/0x1", "@x/0x1/", "@x/0x1/1",
		"@x/0x1/1*", "@x/0x1/1*1", "@x/0x1/1*1K", "@x/0x1/1*1Kh",
		"@x/0x1/1*1Kg,", "@x/0x1/1*1Kg/", "@x/0x1/1*1Kgx",
		"@x/0x1/0*1Kg", "@x/0x1/1*0Kg", "@x/0x100000000/1*1Kg",
		"@x/0xfffff000/02*004Kg", "@x/0x0/1*4096Mg",
		"@x/0x0/4294967296*1a", "@x/0x0/1*99999999999g",
	};
	struct dfu_layout l;

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		e = (struct err)ERR_INIT;
		OK(dfu_layout_parse(bad[i], &l, &e) == -1 &&
		    e.code == ERR_INPUT);
	}
	OK(dfu_layout_parse("@x/0x1/1*1Kh", &l, &e) == -1);
	IS_STR(e.msg, "\"@x/0x1/1*1Kh\": a letter from a to g expected at "
	    "character 12");
	/* More than there is room for. */
	OK(dfu_layout_parse("@/0x0/1*1a,1*1a,1*1a,1*1a,1*1a,1*1a,1*1a,1*1a,"
	    "1*1a,1*1a,1*1a,1*1a,1*1a,1*1a,1*1a,1*1a,1*1a,1*1a,1*1a,1*1a,"
	    "1*1a,1*1a,1*1a,1*1a,1*1a", &l, &e) == -1 && l.n == DFU_SEGMENTS);
}

static void
test_gd32(void)
{
	struct dfu_layout l;

	OK(dfu_layout_parse("@Internal Flash  /0x8000000/512*002Kg", &l,
	    &e) == 0);
	dfu_layout_gd32(&l, NULL);
	dfu_layout_gd32(&l, "357236543131");
	dfu_layout_gd32(&l, "3CXJ");
	OK(l.segment[0].page == 2048);
	dfu_layout_gd32(&l, "3CBJ");
	OK(segment_is(&l.segment[0], 0x08000000, 0x08020000, 1024, 7));
}

static void
test_functional(void)
{
	static const uint8_t st[] = { 9, 0x21, 0x0b, 0xff, 0, 0, 8, 0x1a, 1 };
	static const uint8_t old[] = { 5, 0x0b, 1, 2, 3, 7, 0x21, 1, 0, 1, 64,
		0 };
	static const uint8_t broken[] = { 9, 0x21, 0x0b };
	static const uint8_t zero[] = { 0, 0x21, 9 };
	struct dfu_interface f = { .number = 0 };

	dfu_functional(broken, sizeof(broken), &f);
	dfu_functional(zero, sizeof(zero), &f);
	OK(!f.functional);
	dfu_functional(old, sizeof(old), &f);
	OK(f.functional && f.version == 0x0100 && f.transfer == 64 &&
	    f.detach_ms == 256);
	f.functional = false;
	dfu_functional(st, sizeof(st), &f);
	OK(f.version == DFU_DFUSE && f.transfer == 2048 &&
	    f.detach_ms == 255 && f.attributes == (DFU_CAN_DNLOAD |
	    DFU_CAN_UPLOAD | DFU_WILL_DETACH));
	/* The first counts. */
	dfu_functional(old, sizeof(old), &f);
	OK(f.transfer == 2048);
}

static void
test_descriptor(void)
{
	static uint8_t st[] = { 9, 0x21, 0x0b, 0xff, 0, 0, 8, 0x1a, 1 };
	struct usb_setting s[] = {
		{ .interface = 0, .class = 2 },
		{ .interface = 1, .class = 0xfe, .subclass = 1, .protocol = 1,
		    .string = 7 },
		{ .interface = 2, .class = 0xfe, .subclass = 1, .protocol = 2,
		    .string = 4 },
		{ .interface = 2, .alternate = 1, .class = 0xfe,
		    .subclass = 1, .protocol = 2, .string = 5, .extra = st,
		    .n_extra = sizeof(st) },
	};
	struct usb_info info = { .path = "1-1", .settings = s,
		.n_settings = 4 };
	struct dfu_interface f;

	OK(dfu_descriptor(&info, &f, &e) == 0 && f.number == 2 &&
	    !f.runtime && f.n == 2 && f.alternate[1].number == 1 &&
	    f.alternate[1].string == 5 && f.functional);
	info.n_settings = 2;
	OK(dfu_descriptor(&info, &f, &e) == 0 && f.number == 1 &&
	    f.runtime && f.n == 1 && !f.functional);
	info.n_settings = 1;
	OK(dfu_descriptor(&info, &f, &e) == -1 && e.code == ERR_NOT_FOUND);
	IS_STR(e.msg, "1-1: it has no DFU interface");
	info.extra = st;
	info.n_extra = sizeof(st);
	info.n_settings = 3;
	OK(dfu_descriptor(&info, &f, &e) == 0 && f.functional && f.n == 1);
}

int
main(void)
{
	test_f405();
	test_forms();
	test_refused();
	test_gd32();
	test_functional();
	test_descriptor();
	return tap_done();
}
