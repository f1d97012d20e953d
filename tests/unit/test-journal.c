/* SPDX-License-Identifier: MIT */
#include "journal/journal.h"

#include <stdlib.h>

#include "../tests/unit/tap.h"

#define SHA "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
#define DEVICE "'device':{'id':'h/usb/1-1.2','mode':'repl','usb_path':'1-1.2'}"
#define BOARD "'family':'micropython','version':'v1.28.0','port':'rp2'," \
	"'board_id':'RPI_PICO_W','uid':'e661','description':'Pico W'"
#define URL "https://micropython.org/x/RPI_PICO_W-20260406-v1.28.0.uf2"
#define CHOICE "'board_id':'RPI_PICO_W','port':'rp2','version':'v1.28.0'," \
	"'source':'" URL "','file_name':'RPI_PICO_W-20260406-v1.28.0.uf2'"
#define IMAGE "'image':{'path':'/f/rp2/RPI_PICO_W-v1.28.0.uf2'," \
	"'format':'uf2','sha256':'" SHA "','version':'v1.28.0'}"
#define BOOTED "'verified':['boot'],'state':'running'"
#define FLASH "'at':'2026-11-20T12:00:00Z','version_after':'v1.28.0'," BOOTED

/* It ran v1.24.1, and was flashed. */
#define FLASHED \
	"{'mpf':1," DEVICE ",'board':{" BOARD "},'firmware':{" CHOICE \
	",'action':'flash'}," IMAGE ",'flash':{" FLASH "}}"
#define WRITTEN(flash) \
	"{'mpf':1," DEVICE ",'board':{" BOARD "},'firmware':{" CHOICE \
	",'action':'flash'}," IMAGE ",'flash':{" flash "}}"
/* It was skipped; more: what detect read of mpflash.toml. */
#define SKIPPED(more) \
	"{'mpf':1," DEVICE ",'board':{" BOARD more "},'firmware':{" CHOICE \
	",'action':'skip'}}"

#define TOML_FIRMWARE \
	"[firmware]\nboard_id = \"RPI_PICO_W\"\nport = \"rp2\"\n" \
	"version = \"v1.28.0\"\n"
#define TOML_SOURCE \
	"\n[source]\ntype = \"http\"\nurl = \"" URL "\"\n" \
	"filename = \"RPI_PICO_W-20260406-v1.28.0.uf2\"\n"
#define TOML_FILE TOML_SOURCE "hash = \"sha256:" SHA "\"\n"
#define TOML_FLASHED \
	TOML_FIRMWARE "flash_date = 2026-11-20T12:00:00Z\n" \
	"description = \"Pico W\"\ncustom = false\n" TOML_FILE

/* JSON with ' for ". */
static struct record *
record(const char *json)
{
	struct err e = ERR_INIT;
	struct record *rec = NULL;
	struct buf b = BUF_INIT;

	for (; *json != '\0'; json++)
		buf_addc(&b, *json == '\'' ? '"' : *json);
	if (record_parse(b.data, b.len, &rec, &e) == -1)
		printf("# %s: %s\n", e.msg, b.data);
	buf_release(&b);
	return rec;
}

/* Which records are written down at all. */
static const struct {
	const char	*json;
	int		 worth;
} worths[] = {
	{ FLASHED, 1 },
	{ SKIPPED(""), 1 },
	{ "{'mpf':1," DEVICE ",'board':{" BOARD "}}", 0 },
	{ "{'mpf':1," DEVICE ",'board':{" BOARD "},"
	  "'firmware':{" CHOICE ",'action':'flash'}}", 0 },
	/* not known to run what was written */
	{ WRITTEN("'verified':['boot'],'version_after':'v1.28.0'"),
	  -1 },
	{ WRITTEN(BOOTED), -1 },
	{ WRITTEN(BOOTED ",'version_after':'v1.27.0'"), -1 },
	{ WRITTEN("'verified':['digest'],'state':'running',"
	  "'version_after':'v1.28.0'"), -1 },
	{ WRITTEN("'verified':['boot'],'state':'unknown',"
	  "'version_after':'v1.28.0'"), -1 },
	{ WRITTEN("'version_after':7"), -1 },
	{ WRITTEN("'method':'uf2'"), -1 },
	{ WRITTEN("'at':'2026-11-20T12:00:00Z'"), -1 },
	{ WRITTEN("'state':'running'"), -1 },
	{ "{'mpf':1," DEVICE ",'board':{'version':'v1.28.0','port':'rp2'},"
	  "'flash':{" FLASH "}}", -1 },
	{ "{'mpf':1," DEVICE ",'board':{" BOARD "},'image':{'path':7},"
	  "'flash':{" FLASH "}}", -1 },
	/* custom firmware is what its image says */
	{ "{'mpf':1," DEVICE ",'board':{" BOARD "},'firmware':{"
	  "'board_id':'X','version':'v1.27.0','custom':true},"
	  "'flash':{" FLASH "}}", 1 },
	{ "{'mpf':1," DEVICE ",'board':{" BOARD "},'firmware':{"
	  "'board_id':'RPI_PICO_W','version':'v1.27.0','action':"
	  "'flash'},'flash':{" FLASH "}}", -1 },
	{ "{'mpf':1," DEVICE ",'board':{" BOARD "},'firmware':{"
	  "'board_id':'RPI_PICO_W','action':'flash'},'image':{'path':"
	  "'/x','format':'uf2','version':'v1.27.0'},'flash':{" FLASH
	  "}}", -1 },
	{ "{'mpf':1," DEVICE ",'board':{" BOARD "},'flash':{" FLASH
	  ",'dry_run':true}}", 0 },
	{ "{'mpf':1," DEVICE ",'board':{" BOARD "},'flash':{" FLASH
	  "},'error':{'stage':'flash','code':'verify'}}", 0 },
	{ "{'mpf':1,'device':{'id':'x','mode':'silent'},"
	  "'firmware':{'action':'skip'}}", 0 },
	{ "{'mpf':1,'device':{'id':'x','mode':'uf2'},"
	  "'firmware':{'action':'skip'}}", 0 },
	{ "{'mpf':1," DEVICE ",'board':{'family':'circuitpython',"
	  "'version':'v9.0.0','port':'rp2','board_id':'X'},"
	  "'firmware':{'action':'skip'}}", 0 },
	/* kept out by a filter: then nobody chose anything for it */
	{ "{'mpf':1," DEVICE ",'board':{" BOARD "},'firmware':{"
	  "'action':'skip'}}", 0 },
	{ "{'mpf':1," DEVICE ",'board':{'port':'esp32'},'flash':{"
	  FLASH "}}", -1 },
	{ "{'mpf':1," DEVICE ",'board':{'version':7}}", -1 },
	{ "{'mpf':1}", -1 },
};

static void
check_worth(void)
{
	for (size_t i = 0; i < sizeof(worths) / sizeof(worths[0]); i++) {
		struct record *rec = record(worths[i].json);
		struct err e = ERR_INIT;
		struct journal j;
		const int worth = journal_read(rec, &j, &e);

		OK(worth == worths[i].worth);
		OK((e.code == ERR_INPUT) == (worths[i].worth == -1));
		if (worth != worths[i].worth)
			printf("# row %zu is %d\n", i, worth);
		record_free(rec);
	}
}

/* A record, the file before, and after ("" for both: the same). */
static const struct {
	const char	*json, *before, *after;
} merges[] = {
	{ FLASHED, "", TOML_FLASHED },
	{ FLASHED, TOML_FLASHED, "" },

	/* of another firmware nothing is left, of the user all */
	{ FLASHED, "# mine\nx = 1\n[firmware]\nversion='v1.2'\nbuild=7\n"
	  "commit='abc'\nmine=2\n[source]\nmine=3\n[source.git]\ntag='t'\n"
	  "[custom]\nauthor='me'\nmine=4\n[build]\npython_version='3'\n"
	  "[[more]]\ny=1\n",
	  "x = 1\n\n[firmware]\nversion = \"v1.28.0\"\nmine = 2\n"
	  "board_id = \"RPI_PICO_W\"\nport = \"rp2\"\n"
	  "flash_date = 2026-11-20T12:00:00Z\ndescription = \"Pico W\"\n"
	  "custom = false\n\n[custom]\nmine = 4\n\n[[more]]\ny = 1\n"
	  TOML_FILE },
	/* custom firmware: all that mpf-add was told of it */
	{ "{'mpf':1," DEVICE ",'board':{'version':'v1.18','port':'rp2',"
	  "'board_id':'X'},'firmware':{'board_id':'X','custom':true,"
	  "'source':'/f/x.uf2','description':'with BLE','git':{'url':"
	  "'https://x/y.git','branch':'b','commit':'0123abc','tag':'v1',"
	  "'commits_since_tag':4},'build_info':{'toolchain_version':'gcc',"
	  "'python_version':'3.13','date':'2026-01-01T00:00:00Z','host':'h'},"
	  "'custom_info':{'author':'A','organization':'O','features':['f','g'],"
	  "'dependencies':['d>=1']}},'flash':{" BOOTED
	  ",'version_after':'v1.18'}}", "",
	  "[firmware]\nboard_id = \"X\"\nport = \"rp2\"\nversion = \"v1.18\"\n"
	  "description = \"with BLE\"\ncustom = true\n\n[source]\n"
	  "type = \"git\"\nurl = \"https://x/y.git\"\n\n[source.git]\n"
	  "branch = \"b\"\ncommit = \"0123abc\"\ntag = \"v1\"\n"
	  "commits_since_tag = 4\n\n[build]\ntoolchain_version = \"gcc\"\n"
	  "python_version = \"3.13\"\nbuild_date = 2026-01-01T00:00:00Z\n"
	  "build_host = \"h\"\n\n[custom]\nauthor = \"A\"\n"
	  "organization = \"O\"\nfeatures = [\"f\", \"g\"]\n"
	  "dependencies = [\"d>=1\"]\n" },
	/* the same file again: only the date is new */
	{ FLASHED, TOML_FIRMWARE "flash_date = 2020-01-01T00:00:00Z\n"
	  "custom = false\ndescription = \"old\"\n\n[source]\n"
	  "hash = \"sha256:" SHA "\"\n\n[source.git]\ntag = \"t\"\n",
	  TOML_FIRMWARE "flash_date = 2026-11-20T12:00:00Z\n"
	  "custom = false\ndescription = \"Pico W\"\n\n[source]\nhash = "
	  "\"sha256:" SHA "\"\ntype = \"http\"\nurl = \"" URL "\"\n"
	  "filename = \"RPI_PICO_W-20260406-v1.28.0.uf2\"\n\n[source.git]\n"
	  "tag = \"t\"\n" },
	/* another file of the same version */
	{ FLASHED, TOML_FIRMWARE "mine = 1\n[source]\nhash = \"sha256:00\"\n"
	  "[source.git]\ntag = \"t\"\n", TOML_FIRMWARE "mine = 1\n"
	  "flash_date = 2026-11-20T12:00:00Z\ndescription = \"Pico W\"\n"
	  "custom = false\n" TOML_FILE },
	/* what should be a table is none */
	{ FLASHED, "firmware = 1\nsource = [2]\n", TOML_FLASHED },
	{ FLASHED, "[firmware]\nversion = 5\ncustom = \"no\"\n",
	  "[firmware]\nversion = \"v1.28.0\"\nboard_id = \"RPI_PICO_W\"\n"
	  "port = \"rp2\"\nflash_date = 2026-11-20T12:00:00Z\n"
	  "description = \"Pico W\"\ncustom = false\n" TOML_FILE },

	/* skipped: no date, no hash, as nobody saw them */
	{ SKIPPED(""), "", TOML_FIRMWARE "description = \"Pico W\"\n"
	  "custom = false\n" TOML_SOURCE },
	{ SKIPPED(""), TOML_FLASHED, "" },
	{ SKIPPED(""), TOML_FIRMWARE "custom = true\ndescription = \"mine\"\n"
	  "[source]\ntype = \"local\"\n", "" },
	{ SKIPPED(""), "[firmware]\nversion = \"v1.27.0\"\n"
	  "board_id = \"RPI_PICO_W\"\nport = \"rp2\"\ncustom = true\n"
	  "flash_date = 2020-01-01T00:00:00Z\n[source]\nhash = \"sha256:00\"",
	  "[firmware]\nversion = \"v1.28.0\"\nboard_id = \"RPI_PICO_W\"\n"
	  "port = \"rp2\"\ndescription = \"Pico W\"\ncustom = false\n"
	  TOML_SOURCE },
	/* the board does not say its build; the file may know */
	{ SKIPPED(""), TOML_FIRMWARE "build = 4\ncustom = false\n"
	  "description = \"mine\"\n[source]\ntype = \"local\"\n", "" },
	/* nor does it say it where the choice has a build */
	{ "{'mpf':1," DEVICE ",'board':{" BOARD "},'firmware':{" CHOICE
	  ",'build':3,'action':'skip'}}", "",
	  TOML_FIRMWARE "description = \"Pico W\"\ncustom = false\n"
	  TOML_SOURCE },
	/* nor of an image that was not written; another board has another */
	{ "{'mpf':1," DEVICE ",'board':{" BOARD "},'firmware':{'action':"
	  "'skip','board_id':'X','variant':'V','version':'v1.28.0','source':"
	  "'https://x'},"
	  "'image':{'path':'/x','format':'uf2','version':'v1.28.0',"
	  "'build':3,'commit':'abcdef0'}}", "",
	  TOML_FIRMWARE "description = \"Pico W\"\ncustom = false\n" },
	/* it runs a preview; the choice was the release */
	{ "{'mpf':1," DEVICE ",'board':{'version':'v1.29.0-preview',"
	  "'build':12,'commit':'abcdef0','port':'esp32','board_id':"
	  "'ESP32_GENERIC','variant':'SPIRAM'},'firmware':{'action':'skip',"
	  "'version':'v1.28.0','board_id':'ESP32_GENERIC','custom':true,"
	  "'source':'https://x/y'}}", "",
	  "[firmware]\nboard_id = \"ESP32_GENERIC-SPIRAM\"\nport = \"esp32\"\n"
	  "version = \"v1.29.0-preview\"\nbuild = 12\ncommit = \"abcdef0\"\n"
	  "custom = true\n" },
	/* a longer form of the same commit stays */
	{ "{'mpf':1," DEVICE ",'board':{'version':'v1.29.0-preview',"
	  "'build':12,'commit':'abcdef0','port':'rp2','board_id':'X'},"
	  "'firmware':{'board_id':'X','action':'skip'}}",
	  "[firmware]\nboard_id = \"X\"\nport = \"rp2\"\nversion = "
	  "\"v1.29.0-preview\"\nbuild = 12\ncommit = \"abcdef0123\"\n"
	  "custom = false\n", "" },
	{ "{'mpf':1," DEVICE ",'board':{'version':'v1.29.0-preview',"
	  "'build':13,'commit':'fedcba9','port':'rp2','board_id':'X'},"
	  "'firmware':{'board_id':'X','action':'skip'}}",
	  "[firmware]\nboard_id = \"X\"\nport = \"rp2\"\nversion = "
	  "\"v1.29.0-preview\"\nbuild = 12\ncommit = \"abcdef0123\"\n"
	  "custom = false\nflash_date = 2020-01-01T00:00:00Z",
	  "[firmware]\nboard_id = \"X\"\nport = \"rp2\"\nversion = "
	  "\"v1.29.0-preview\"\nbuild = 13\ncommit = \"fedcba9\"\n"
	  "custom = false\n" },
	/* the board answers without its name: what was flashed has one */
	{ "{'mpf':1," DEVICE ",'board':{'version':'v1.18','port':'esp32'},"
	  "'firmware':{'board_id':'GENERIC','variant':'SPIRAM','custom':true,"
	  "'source':'/home/me/fw.bin'},'image':{'path':'/home/me/fw.bin',"
	  "'format':'bin','build':3,'version':'v1.18','board':'M'},'flash':{"
	  "'at':'2026-11-20T12:00:00Z'," BOOTED
	  ",'version_after':'v1.18'}}", "",
	  "[firmware]\nboard_id = \"GENERIC-SPIRAM\"\nport = \"esp32\"\n"
	  "version = \"v1.18\"\nbuild = 3\nflash_date = "
	  "2026-11-20T12:00:00Z\ndescription = \"M\"\ncustom = true\n\n"
	  "[source]\ntype = \"local\"\nfilename = \"fw.bin\"\n" },
	/* its name is from the file of before */
	{ "{'mpf':1," DEVICE ",'board':{'version':'v1.18','port':'esp32',"
	  "'board_id':'GENERIC','variant':'SPIRAM'},'firmware':{'board_id':"
	  "'GENERIC'},'flash':{" BOOTED
	  ",'version_after':'v1.18'}}",
	  "[firmware]\nboard_id = \"GENERIC-SPIRAM\"\n",
	  "[firmware]\nboard_id = \"GENERIC\"\nport = \"esp32\"\n"
	  "version = \"v1.18\"\ncustom = false\n" },
	{ "{'mpf':1," DEVICE ",'board':{'version':'v1.18','port':'esp32',"
	  "'board_id':'GENERIC'},'firmware':{'board_id':'GENERIC','variant':"
	  "'SPIRAM','action':'skip'}}", "",
	  "[firmware]\nboard_id = \"GENERIC-SPIRAM\"\nport = \"esp32\"\n"
	  "version = \"v1.18\"\ncustom = false\n" },
	{ "{'mpf':1," DEVICE ",'board':{'version':'v1.18','port':'rp2',"
	  "'board_id':'X'},'firmware':{'source':'git+https://x/y'},'flash':{"
	  BOOTED ",'version_after':'v1.18'}}", "",
	  "[firmware]\nboard_id = \"X\"\nport = \"rp2\"\nversion = \"v1.18\"\n"
	  "custom = false\n\n[source]\ntype = \"git\"\n"
	  "url = \"git+https://x/y\"\n" },
	{ "{'mpf':1," DEVICE ",'board':{'version':'v1.18','port':'rp2',"
	  "'board_id':'X'},'firmware':{'source':'https://x/y.git'},'flash':{"
	  BOOTED ",'version_after':'v1.18'}}", "",
	  "[firmware]\nboard_id = \"X\"\nport = \"rp2\"\nversion = \"v1.18\"\n"
	  "custom = false\n\n[source]\ntype = \"git\"\n"
	  "url = \"https://x/y.git\"\n" },
};

static void
check_merge(void)
{
	for (size_t i = 0; i < sizeof(merges) / sizeof(merges[0]); i++) {
		const bool change = *merges[i].after != '\0';
		struct record *rec = record(merges[i].json);
		struct buf out = BUF_INIT;
		struct err e = ERR_INIT;
		struct toml *t = toml_parse(merges[i].before,
		    strlen(merges[i].before), "t", &e);
		struct journal j;

		OK(journal_read(rec, &j, &e) == 1);
		OK(journal_merge(&j, t) == change);
		toml_write(t, &out);
		if (change)
			IS_STR(out.data, merges[i].after);
		OK(!journal_merge(&j, t));	/* and then it is settled */
		buf_release(&out);
		toml_free(t);
		record_free(rec);
	}
}

/* What detect read of the board; must the board be asked again? */
static void
check_current(void)
{
	static const struct {
		const char	*json;
		bool		 current;
	} rows[] = {
		{ SKIPPED(""), false },
		{ SKIPPED(",'record':{}"), false },
		{ SKIPPED(",'record':{'firmware':{'board_id':'RPI_PICO_W',"
		  "'port':'rp2','version':'v1.28.0','custom':false,"
		  "'description':'x'},'source':{'type':'local'}}"), true },
		{ SKIPPED(",'record':{'firmware':{'board_id':'RPI_PICO_W',"
		  "'port':'rp2','version':'v1.28.0','custom':true,"
		  "'flash_date':'2026-01-01T00:00:00Z','description':'x'},"
		  "'source':{'type':'local'}}"), true },
		/* no source, and we know one */
		{ SKIPPED(",'record':{'firmware':{'board_id':'RPI_PICO_W',"
		  "'port':'rp2','version':'v1.28.0','custom':false}}"), false },
		{ SKIPPED(",'record':{'firmware':{'board_id':'RPI_PICO_W',"
		  "'port':'rp2','version':'v1.27.0','custom':false},"
		  "'source':{'type':'local'}}"), false },
		{ SKIPPED(",'record':{'firmware':{'board_id':'RPI_PICO',"
		  "'port':'rp2','version':'v1.28.0','custom':false},"
		  "'source':{'type':'local'}}"), false },
		{ SKIPPED(",'record':{'firmware':{'board_id':'RPI_PICO_W',"
		  "'port':5,'version':'v1.28.0','custom':false},"
		  "'source':{'type':'local'}}"), false },
	};
	struct journal j;
	struct err e = ERR_INIT;
	struct record *rec;

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		rec = record(rows[i].json);
		OK(journal_read(rec, &j, &e) == 1);
		OK(journal_current(&j, rec) == rows[i].current);
		if (journal_current(&j, rec) != rows[i].current)
			printf("# row %zu\n", i);
		record_free(rec);
	}
	/* what was read before it was flashed says nothing */
	rec = record("{'mpf':1," DEVICE ",'board':{" BOARD ",'record':{"
	    "'firmware':{'board_id':'RPI_PICO_W','port':'rp2','version':"
	    "'v1.28.0','custom':false,'description':'Pico W'}}},'flash':{"
	    BOOTED ",'version_after':'v1.28.0'}}");
	OK(journal_read(rec, &j, &e) == 1 && !journal_current(&j, rec));
	record_free(rec);
}

/* A board's own file says when and from what it was flashed. */
static void
check_said(void)
{
	struct record *rec = record(SKIPPED(",'record':{'firmware':{"
	    "'board_id':'RPI_PICO_W','port':'rp2','version':'v1.28.0',"
	    "'custom':true,'flash_date':'2026-01-01T00:00:00Z'},'source':{"
	    "'url':'u','filename':'f','hash':'sha256:ab'}}"));
	struct err e = ERR_INIT;
	struct journal j;

	OK(journal_read(rec, &j, &e) == 1 && !j.flashed && j.custom == 1);
	IS_STR(j.flash_date, "2026-01-01T00:00:00Z");
	IS_STR(j.source, "u");
	IS_STR(j.file_name, "f");
	IS_STR(j.sha256, "ab");
	record_free(rec);

	/* neither a date that is none, nor a hash of another kind */
	rec = record(SKIPPED(",'record':{'firmware':{'board_id':'RPI_PICO_W',"
	    "'port':'rp2','version':'v1.28.0','flash_date':'monday'},"
	    "'source':{'hash':'md5:ab'}}"));
	OK(journal_read(rec, &j, &e) == 1);
	OK(j.flash_date == NULL && j.sha256 == NULL);
	record_free(rec);

	/* it speaks of another version */
	rec = record(SKIPPED(",'record':{'firmware':{'version':'v1.2',"
	    "'flash_date':'2026-01-01T00:00:00Z'},'source':{'url':'u',"
	    "'hash':'sha256:ab'}}"));
	OK(journal_read(rec, &j, &e) == 1);
	OK(j.flash_date == NULL && j.sha256 == NULL);
	IS_STR(j.source, URL);
	record_free(rec);
}

int
main(void)
{
	check_worth();
	check_merge();
	check_current();
	check_said();
	return tap_done();
}
