/* SPDX-License-Identifier: MIT */
#include "www.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The next word of *s, or "". */
static char *
word(char **s)
{
	char *p = *s + strspn(*s, " \n");

	*s = p + strcspn(p, " \n");
	if (**s != '\0')
		*(*s)++ = '\0';
	return p;
}

/* How many requests for that path were answered until now. */
static long
asked(const char *root, const char *path)
{
	char name[512], line[1024], *s;
	long n = 0;
	FILE *f;

	snprintf(name, sizeof(name), "%s/.log", root);
	f = fopen(name, "r");
	while (f != NULL && fgets(line, sizeof(line), f) != NULL) {
		s = line;
		word(&s);
		n += strcmp(word(&s), path) == 0;
	}
	if (f != NULL)
		fclose(f);
	return n;
}

void
www_fault(const char *root, const char *path, struct fault *out)
{
	char name[512], line[1024], *s;
	long n;
	FILE *f;

	memset(out, 0, sizeof(*out));
	snprintf(name, sizeof(name), "%s/.faults", root);
	f = fopen(name, "r");
	while (f != NULL && fgets(line, sizeof(line), f) != NULL) {
		s = line;
		if (strcmp(word(&s), path) != 0)
			continue;
		snprintf(out->kind, sizeof(out->kind), "%s", word(&s));
		if (strcmp(out->kind, "first") == 0) {
			n = strtol(word(&s), NULL, 10);
			out->kind[0] = '\0';
			if (asked(root, path) >= n)
				continue;
			snprintf(out->kind, sizeof(out->kind), "%s", word(&s));
		}
		snprintf(out->arg, sizeof(out->arg), "%s", word(&s));
		out->n = strtol(out->arg, NULL, 10);
		break;
	}
	if (f != NULL)
		fclose(f);
}
