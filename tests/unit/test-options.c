/* SPDX-License-Identifier: MIT */
#include "tool/run.h"

#include "tap.h"

static const struct {
	const char	*text;
	int64_t		 ms;
} times[] = {
	{ "0", 0 },
	{ "2", 2000 },
	{ "2s", 2000 },
	{ "0.5", 500 },
	{ ".25s", 250 },
	{ "300ms", 300 },
	{ "0.0004", 0 },
	{ "1000000000", 1000000000000 },
	{ "1000000001", -1 },
	{ "", -1 },
	{ ".", -1 },
	{ "s", -1 },
	{ "1.2.3", -1 },
	{ "-1", -1 },
	{ "1e3", -1 },
	{ "0x10", -1 },
	{ "1 s", -1 },
	{ "nan", -1 },
	{ "3m", -1 },
};

static void
test_bytes(void)
{
	OK(options_bytes("500000") == 500000);
	OK(options_bytes("200k") == 200 * 1024);
	OK(options_bytes("1M") == 1024 * 1024);
	OK(options_bytes("2G") == 2048LL * 1024 * 1024);
	OK(options_bytes("0") == -1);
	OK(options_bytes("") == -1);
	OK(options_bytes("k") == -1);
	OK(options_bytes("1x") == -1);
	OK(options_bytes("1kk") == -1);
	OK(options_bytes("-1") == -1);
	OK(options_bytes("1.5M") == -1);
	OK(options_bytes("9999999999") == -1);
}

int
main(void)
{
	for (size_t i = 0; i < sizeof(times) / sizeof(times[0]); i++) {
		const int64_t ms = options_ms(times[i].text);

		OK(ms == times[i].ms);
		if (ms != times[i].ms)
			printf("# \"%s\": %lld\n", times[i].text,
			    (long long)ms);
	}
	test_bytes();
	return tap_done();
}
