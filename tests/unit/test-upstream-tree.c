/* SPDX-License-Identifier: MIT */
#include "upstream/tree.h"

#include <stdlib.h>

#include "base/buf.h"
#include "tap.h"
#include "upstream/catalog.h"
#include "upstream/source.h"

#define ID	"\x01\x02\x03\x04\x05\x06\x07\x08\x09\x0a" \
		"\x0b\x0c\x0d\x0e\x0f\x10\x11\x12\x13\xff"

static void
test_tree(void)
{
	static const char raw[] = {
		"100644 a.h\0" ID "40000 b\0" ID "120000 link\0" ID
		"160000 sub\0" ID "100755 x\0" ID
	};
	static const enum tree_kind kinds[] = {
		TREE_FILE, TREE_FOLDER, TREE_OTHER, TREE_OTHER, TREE_FILE
	};
	static const char *const names[] = { "a.h", "b", "link", "sub", "x" };
	struct tree_entry entry;
	struct err e = ERR_INIT;
	const char *p = raw;
	size_t n = sizeof(raw) - 1;

	for (size_t i = 0; i < 5; i++) {
		OK(tree_next(&p, &n, 40, &entry, &e) == 1);
		OK(entry.kind == kinds[i]);
		IS_STR(entry.name, names[i]);
		IS_STR(entry.id, "0102030405060708090a0b0c0d0e0f10111213ff");
	}
	OK(tree_next(&p, &n, 40, &entry, &e) == 0);
}

/* Every cut of a good one is either shorter, or none. */
static void
test_no_tree(void)
{
	static const char raw[] = "100644 a.h\0" ID;
	static const char *const bad[] = {
		"100644", "100644 ", "100644 \0x", " a", "1000000000644 a"
	};
	struct tree_entry entry;
	struct err e = ERR_INIT;
	const char *p;
	size_t n;

	for (size_t len = 1; len < sizeof(raw) - 1; len++) {
		p = raw;
		n = len;
		OK(tree_next(&p, &n, 40, &entry, &e) == -1);
	}
	for (size_t i = 0; i < 5; i++) {
		p = bad[i];
		n = strlen(bad[i]);
		OK(tree_next(&p, &n, 40, &entry, &e) == -1);
	}
}

static void
check_join(const char *dir, const char *name, const char *want)
{
	struct buf b = BUF_INIT;

	if (source_join(dir, name, &b) == -1) {
		buf_clear(&b);
		buf_adds(&b, "(outside)");
	}
	IS_STR(b.data, want);
	buf_release(&b);
}

static void
test_join(void)
{
	check_join("a/b", "c", "a/b/c");
	check_join("a/b", "../c", "a/c");
	check_join("a/b", "./c//d/.", "a/b/c/d");
	check_join("a/b", "/c", "c");
	check_join(NULL, "a/../b", "b");
	check_join("a", "../../b", "(outside)");
	check_join("", "..", "(outside)");
	check_join("", "", "");
}

static const char table[] =
    "#versions\tv1.18\tv1.19\tv1.20.0-preview\n#tip\tv1.20.0-preview-3-gabc\n"
    "port\tboard\tvariant\tfirst\tlast\tname\thw_mcu\tmachine\tmcu\tproduct\t"
    "vendor\turl\tvid\tpid\tflash_offset\tjson_id\tvariant_text\treleased\n"
    "p\tA\t\tv1.18\tv1.19\tA\tM\t\t\t\t\t\t\t\t\t\t\t1\n"
    "p\tA\tX\tv1.20.0-preview\tv1.20.0-preview\tA\tM\t\t\t\t\t\t\t\t\t\t\t1\n";

static void
test_catalog(void)
{
	char *copy = malloc(sizeof(table));
	struct buf out = BUF_INIT;
	struct err e = ERR_INIT;
	struct catalog t;

	memcpy(copy, table, sizeof(table));
	OK(catalog_parse(copy, sizeof(table) - 1, "t", &t, &e) == 0);
	OK(t.n_versions == 3 && t.n_rows == 2);
	OK(catalog_version(&t, "v1.19") == 1);
	OK(catalog_version(&t, "v1.21.0") == -1);
	catalog_sort(&t);
	catalog_print(&t, &out);
	IS_STR(out.data, table);
	catalog_release(&t);
	buf_release(&out);
	free(copy);
}

/* Rows become one where nothing that tells boards apart differs. */
static void
test_merge(void)
{
	struct catalog t = CATALOG_INIT;
	struct row *r;

	for (size_t i = 0; i < 4; i++) {
		r = catalog_add(&t, "p", "B", "", 3 - i);
		catalog_set(r, FACT_NAME, i < 2 ? "new" : "old");
		catalog_set(r, FACT_PRODUCT, (const char *const[]){ "3", "2",
		    "1", "0" }[i]);
	}
	r = catalog_add(&t, "p", "A", "V", 0);
	OK(catalog_set(r, FACT_NAME, "a\tb\n\xff"));
	IS_STR(r->f[FACT_NAME], "a b \xef\xbf\xbd");
	r = catalog_add(&t, "p", "A", "V", 2);
	catalog_set(r, FACT_NAME, "a b \xef\xbf\xbd");
	catalog_sort(&t);
	OK(t.n_rows == 4);
	OK(t.row[0].first == 0 && t.row[0].last == 0);	/* a gap between */
	OK(t.row[1].first == 2 && t.row[1].last == 2);
	OK(t.row[2].first == 0 && t.row[2].last == 1);
	IS_STR(t.row[2].f[FACT_PRODUCT], "1");
	OK(t.row[3].first == 2 && t.row[3].last == 3);
	IS_STR(t.row[3].f[FACT_PRODUCT], "3");
	catalog_release(&t);
}

static void
test_too_long(void)
{
	struct catalog t = CATALOG_INIT;
	struct row *r = catalog_add(&t, "p", "B", "", 0);
	char text[CATALOG_VALUE + 2];

	memset(text, 'x', sizeof(text));
	text[CATALOG_VALUE + 1] = '\0';
	OK(!catalog_set(r, FACT_NAME, text));
	IS_STR(r->f[FACT_NAME], "");
	text[CATALOG_VALUE] = '\0';
	OK(catalog_set(r, FACT_NAME, text));
	IS_STR(r->f[FACT_NAME], text);
	catalog_release(&t);
}

int
main(void)
{
	test_tree();
	test_no_tree();
	test_join();
	test_catalog();
	test_merge();
	test_too_long();
	return tap_done();
}
