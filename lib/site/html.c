/* SPDX-License-Identifier: MIT */
#include "site/html.h"

#include <string.h>

#include <libxml/HTMLparser.h>

struct reader {
	void	(*fn)(const char *href, const char *class_name, void *ctx);
	void	*ctx;
};

static void
on_html_element(void *p, const xmlChar *name, const xmlChar **atts)
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

	if (n > HTML_MAX)
		return err_set(e, ERR_INPUT, "page of %zu bytes", n);
	memset(&sax, 0, sizeof(sax));
	sax.startElement = on_html_element;
	c = htmlCreatePushParserCtxt(&sax, &r, NULL, 0, NULL,
	    XML_CHAR_ENCODING_UTF8);
	if (c != NULL) {
		htmlParseChunk(c, html, (int)n, 1);
		htmlFreeParserCtxt(c);
	}
	return c != NULL ? 0 : err_set(e, ERR_INTERNAL,
	    "libxml2 does not start");
}
