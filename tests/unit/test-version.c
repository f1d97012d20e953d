/* SPDX-License-Identifier: MIT */
#include "facts/version.h"

#include "tap.h"

/* What every written form means: printed form, build, commit, dirty. */
static const struct {
	const char	*text, *printed;
	int		 build;
	const char	*commit;
	bool		 dirty;
} forms[] = {
	{ "1.24.1", "v1.24.1", -1, "", false },
	{ "v1.24.1", "v1.24.1", -1, "", false },
	{ "V1.24.1", "v1.24.1", -1, "", false },
	{ "0.0", "v0.0", -1, "", false },
	{ "1.9.3", "v1.9.3", -1, "", false },
	{ "1.10.0", "v1.10", -1, "", false },
	{ "1.12.0", "v1.12", -1, "", false },
	{ "v1.10.1", "v1.10.1", -1, "", false },
	{ "v1.19", "v1.19", -1, "", false },
	{ "v1.19.0", "v1.19", -1, "", false },
	{ "v1.19.1", "v1.19.1", -1, "", false },
	{ "v1.20", "v1.20.0", -1, "", false },
	{ "v1.20.0", "v1.20.0", -1, "", false },
	{ "v1.100.0", "v1.100.0", -1, "", false },
	{ "v2.0", "v2.0.0", -1, "", false },
	{ "8.2.10", "v8.2.10", -1, "", false },
	{ "v1.29.0-preview", "v1.29.0-preview", -1, "", false },
	{ "v1.29.0-PREVIEW", "v1.29.0-preview", -1, "", false },
	{ "1.25.0.preview", "v1.25.0-preview", -1, "", false },
	{ "v1_23_0_preview", "v1.23.0-preview", -1, "", false },
	{ "1.25.0-preview.365", "v1.25.0-preview", 365, "", false },
	{ "1.20.0-preview-487", "v1.20.0-preview", 487, "", false },
	{ "V1.26.0-preview-48", "v1.26.0-preview", 48, "", false },
	{ "v1.29.0-preview-12-g1C3c201149", "v1.29.0-preview", 12,
	    "1c3c201149", false },
	{ "v1.24.0-preview.201.g269a0e0e1", "v1.24.0-preview", 201,
	    "269a0e0e1", false },
	{ "v1.24.0-preview.201.g269a0e0e1.dirty", "v1.24.0-preview", 201,
	    "269a0e0e1", true },
	{ "v1.22.0-preview.dirty", "v1.22.0-preview", -1, "", true },
	{ "v1.18-496-gaa53d2f84", "v1.18", 496, "aa53d2f84", false },
	{ "v1.18-496-gaa53d2f84-dirty", "v1.18", 496, "aa53d2f84", true },
	{ "v1.13.0-103-gb137d064e", "v1.13", 103, "b137d064e", false },
	{ "v1.24.1-12-gabc", "v1.24.1", 12, "abc", false },
	{ "v1.26.0-0-ga56a1eec7b", "v1.26.0", 0, "a56a1eec7b", false },
	{ "v1.28.0-6.g974b56afa6", "v1.28.0", 6, "974b56afa6", false },
	{ "1.22.0-380", "v1.22.0", 380, "", false },
	{ "v1.13-dirty", "v1.13", -1, "", true },
	{ "v1.25.0.dirty", "v1.25.0", -1, "", true },
	{ "unstable-v1.19.1-784-g1a2b3c4d5", "v1.19.1", 784, "1a2b3c4d5",
	    false },
};

static const char *const no_versions[] = {
	"", "v", "1", "v1.", "unknown", "-", "1.26.0.dev1", "v1.24.1 ",
	" v1.24.1", "v1.24.1.2", "v1.24.1-", "v1.24.1-g974b56afa6",
	"v1.24.1-12-g", "v1.24.1-12-gxyz", "v1.24.1-preview.",
	"v1.24.1-previews", "v1.24.1-12-gabc-dirtyx", "1.2345678901",
	"12345678901.2.3", "preview.236.gcd8eea2ae", "master", "vv1.2.3",
	"v1.2.3-1-g01234567890123456789012345678901234567890",
	"v1.24.1-dirty-dirty", "v1.24.1\n",
};

/* Each is older than the next. */
static const char *const oldest_first[] = {
	"v0.9", "v1.2", "v1.9.4", "v1.18", "v1.18-496-gaa53d2f84", "v1.19",
	"v1.19.1", "unstable-v1.19.1-784-g1a2b3c4d5", "v1.20.0",
	"v1.25.0-preview.20.gaaaaaaa", "v1.25.0-preview.500.gbbbbbbb",
	"v1.25.0", "v1.26.0-preview.3.gccccccc", "v1.28.0",
	"v1.28.0-6.g974b56afa6", "v1.29.0-preview", "v1.29.0", "v1.29.1",
	"v1.99.0", "v1.100.0", "v2.0.0",
};

/* For each word: what it is, and what it admits and does not. */
static const struct {
	const char		*text;
	enum wanted_kind	 kind;
	const char		*yes[4], *no[6];
} words[] = {
	{ "stable", WANTED_STABLE, { "v1.28.0", "v1.19" },
	    { "v1.29.0-preview", "v1.29.0-preview.3.gabcdef0",
	      "v1.28.0-6.g974b56afa6", "v1.28.0-dirty",
	      "v1.18-496-gaa53d2f" } },
	{ "Stable", WANTED_STABLE, { "v1.28.0" }, { "v1.29.0-preview" } },
	{ "preview", WANTED_PREVIEW, { "v1.29.0-preview.3.gabcdef0",
	    "v1.28.0-6.g974b56afa6", "unstable-v1.19.1-784-g1a2b3c4d5" },
	    { "v1.28.0" } },
	{ "master", WANTED_PREVIEW, { "v1.29.0-preview" }, { "v1.28.0" } },
	{ "LATEST", WANTED_LATEST, { "v1.29.0-preview", "v1.28.0" }, { 0 } },
	{ "1.22", WANTED_SERIES, { "v1.22.0", "v1.22.2" },
	    { "v1.22.0-preview", "v1.2.2", "v1.23.0", "v1.220.0", "v2.22.0" } },
	{ "v1.19", WANTED_SERIES, { "v1.19", "v1.19.1" }, { "v1.18" } },
	{ "v1.19.0", WANTED_EXACT, { "v1.19" }, { "v1.19.1" } },
	{ "1.24.1", WANTED_EXACT, { "v1.24.1" },
	    { "v1.24.0", "v1.24.1-preview", "v1.24.1-12-gabcdef0" } },
	{ "1.24.1-12", WANTED_EXACT, { "v1.24.1-12-gabcdef0" },
	    { "v1.24.1", "v1.24.1-13-gabcdef0" } },
	{ "1.24-preview", WANTED_EXACT, { "v1.24.0-preview.3.gabcdef0" },
	    { "v1.24.0", "v1.25.0-preview" } },
	{ "v1.24.0-preview.201", WANTED_EXACT,
	    { "v1.24.0-preview.201.g269a0e0e1" },
	    { "v1.24.0-preview.202.g269a0e0e1", "v1.24.0-preview" } },
	{ "v1.24.0-preview.201.g269a0e0e1", WANTED_EXACT,
	    { "v1.24.0-preview.201.g269a0e0e1", "v1.24.0-preview.201.g269a0e0",
	      "v1.24.0-preview.201" },
	    { "v1.24.0-preview.201.g269a0e0e2" } },
	{ ">=1.22,<1.25", WANTED_RANGE, { "v1.22.0", "v1.24.1" },
	    { "v1.25.0", "v1.21.0", "v1.24.0-preview", "v1.25.0-preview" } },
	{ " >= 1.22 , != 1.23.0 ", WANTED_RANGE, { "v1.22.1", "v1.23.1" },
	    { "v1.23.0", "v1.21.0" } },
	{ "<=1.22", WANTED_RANGE, { "v1.22.0", "v1.9" }, { "v1.22.1" } },
	{ ">1.22", WANTED_RANGE, { "v1.22.1", "v1.100.0" },
	    { "v1.22.0", "v1.9" } },
	{ "==1.24.1", WANTED_RANGE, { "v1.24.1" }, { "v1.24.0" } },
	{ "=1.24.1", WANTED_RANGE, { "v1.24.1" }, { "v1.24.2" } },
	{ ">=1.28.0-preview", WANTED_RANGE, { "v1.28.0-preview", "v1.28.0",
	    "v1.29.0-preview.1.gabcdef0" }, { "v1.27.0" } },
};

static const char *const no_words[] = {
	"", "?", "newest", "stable ", "1", ">=", ">=x", ">=1.22,", "1.22,<1.25",
	">=1.22<1.25", ",", "=>1.22",
	">1.1,>1.1,>1.1,>1.1,>1.1,>1.1,>1.1,>1.1,>1.1",
	"1.26.0.dev1", "'; DROP TABLE boards; --",
};

#define N(a)	(sizeof(a) / sizeof((a)[0]))

static void
admits(const struct wanted *w, const char *text, bool yes)
{
	struct version v;
	const bool ok = version_parse(text, &v) && wanted_admits(w, &v) == yes;

	if (!ok)
		printf("# %s\n", text);
	OK(ok);
}

static void
check_words(void)
{
	struct wanted w;

	for (size_t i = 0; i < N(words); i++) {
		OK(wanted_parse(words[i].text, &w) && w.kind == words[i].kind);
		for (size_t k = 0; k < 4 && words[i].yes[k] != NULL; k++)
			admits(&w, words[i].yes[k], true);
		for (size_t k = 0; k < 6 && words[i].no[k] != NULL; k++)
			admits(&w, words[i].no[k], false);
	}
	for (size_t i = 0; i < N(no_words); i++)
		OK(!wanted_parse(no_words[i], &w));
}

static void
check_ways(void)
{
	char way[WANTED_WAYS][VERSION_TEXT];
	struct wanted w;

	OK(wanted_parse("1.19.0", &w) && wanted_ways(&w, way));
	IS_STR(way[0], "v1.19.0");
	IS_STR(way[1], "1.19.0");
	IS_STR(way[2], "v1.19");
	IS_STR(way[3], "1.19");
	OK(wanted_parse("v1.19.1", &w) && wanted_ways(&w, way));
	IS_STR(way[0], "v1.19.1");
	IS_STR(way[1], "1.19.1");
	IS_STR(way[2], "");
	OK(wanted_parse("1.19", &w) && !wanted_ways(&w, way));
	OK(wanted_parse("1.29.0-preview", &w) && !wanted_ways(&w, way));
	OK(wanted_parse("stable", &w) && !wanted_ways(&w, way));
}

int
main(void)
{
	struct version a, b;
	char text[VERSION_TEXT];

	for (size_t i = 0; i < N(forms); i++) {
		OK(version_parse(forms[i].text, &a));
		version_text(&a, text);
		IS_STR(text, forms[i].printed);
		OK(a.build == forms[i].build && a.dirty == forms[i].dirty);
		IS_STR(a.commit, forms[i].commit);
	}
	for (size_t i = 0; i < N(no_versions); i++)
		OK(!version_parse(no_versions[i], &a));
	for (size_t i = 0; i < N(oldest_first); i++)
		for (size_t k = 0; k < N(oldest_first); k++) {
			version_parse(oldest_first[i], &a);
			version_parse(oldest_first[k], &b);
			/* Only the release that builds count from is equal. */
			if (a.build != -1 || b.build != -1 || i == k)
				continue;
			OK((version_compare(&a, &b) < 0) == (i < k));
		}
	version_parse("v1.25.0-preview.500.gbbbbbbb", &a);
	version_parse("v1.26.0-preview.3.gccccccc", &b);
	OK(version_compare(&a, &b) < 0);
	version_parse("v1.25.0-preview.20.gaaaaaaa", &b);
	OK(version_compare(&a, &b) > 0);
	version_parse("v1.25.0-preview", &b);
	OK(version_compare(&a, &b) == 0);
	check_words();
	check_ways();
	return tap_done();
}
