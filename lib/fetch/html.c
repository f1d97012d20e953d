/* SPDX-License-Identifier: MIT */
#include "fetch/html.h"

#include <dlfcn.h>
#include <string.h>

#include <libxml/HTMLparser.h>

/*
 * libxml2 is loaded when there is a page to read, and stays.  It brings ICU
 * and the C++ library along, 2 MB and a third of a start, and most downloads
 * read no page.  Its name changed with 2.14, as did its ABI.
 */
#if LIBXML_VERSION >= 21400
#define LIBXML		"libxml2.so.16"
#else
#define LIBXML		"libxml2.so.2"
#endif

struct xml {
	void	*lib;
	__typeof__(htmlCreatePushParserCtxt)	*create;
	__typeof__(htmlParseChunk)		*parse;
	__typeof__(htmlFreeParserCtxt)		*release;
};

/* One that is there already costs a look into a table. */
static int
xml_open(struct xml *x, struct err *e)
{
	x->lib = dlopen(LIBXML, RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE);
	if (x->lib == NULL) {
		err_set(e, ERR_UNSUPPORTED, "no page can be read: %s",
		    dlerror());
		return err_hint(e, "install libxml2");
	}
	*(void **)&x->create = dlsym(x->lib, "htmlCreatePushParserCtxt");
	*(void **)&x->parse = dlsym(x->lib, "htmlParseChunk");
	*(void **)&x->release = dlsym(x->lib, "htmlFreeParserCtxt");
	if (x->create != NULL && x->parse != NULL && x->release != NULL)
		return 0;
	dlclose(x->lib);
	return err_set(e, ERR_UNSUPPORTED, "%s cannot read HTML", LIBXML);
}

struct reader {
	void	(*fn)(const char *href, const char *class_name, void *ctx);
	void	*ctx;
};

static void
on_element(void *p, const xmlChar *name, const xmlChar **atts)
{
	const struct reader *r = p;
	const char *href = NULL, *class_name = NULL;

	if (strcmp((const char *)name, "a") != 0 || atts == NULL)
		return;
	for (; atts[0] != NULL; atts += 2) {
		if (strcmp((const char *)atts[0], "href") == 0)
			href = (const char *)atts[1];
		else if (strcmp((const char *)atts[0], "class") == 0)
			class_name = (const char *)atts[1];
	}
	if (href != NULL)
		r->fn(href, class_name, r->ctx);
}

int
html_links(const char *html, size_t n, void (*fn)(const char *href,
    const char *class_name, void *ctx), void *ctx, struct err *e)
{
	struct reader r = { fn, ctx };
	htmlSAXHandler sax;
	htmlParserCtxtPtr c;
	struct xml x = { .lib = NULL };

	if (n > HTML_MAX)
		return err_set(e, ERR_INPUT, "page of %zu bytes", n);
	if (xml_open(&x, e) == -1)
		return -1;
	memset(&sax, 0, sizeof(sax));
	sax.startElement = on_element;
	c = x.create(&sax, &r, NULL, 0, NULL, XML_CHAR_ENCODING_UTF8);
	if (c != NULL) {
		x.parse(c, html, (int)n, 1);
		x.release(c);
	}
	dlclose(x.lib);
	return c != NULL ? 0 : err_set(e, ERR_INTERNAL,
	    "libxml2 does not start");
}
