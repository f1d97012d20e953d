/* SPDX-License-Identifier: MIT */
#ifndef MPF_HTTP_OPTIONS_H
#define MPF_HTTP_OPTIONS_H

#include "base/log.h"
#include "http/http.h"
#include "tool/tool.h"

/* options: what each tool that downloads can be told: a struct http_opts. */

#define HTTP_OPTS_INIT	{ .retries = HTTP_RETRIES, .retry_ms = HTTP_RETRY_MS, \
			  .say = log_msg }

#define HTTP_OPTS(h) \
	OPT_MS('t', "timeout", "TIME", &(h)->timeout_ms, \
	    "wait at most TIME for a server (default 10s, then 30s)"), \
	OPT_NUM(0, "retries", "N", &(h)->retries, \
	    "retry a temporary failure N times"), \
	OPT_MS(0, "retry-delay", "TIME", &(h)->retry_ms, \
	    "wait TIME before the first retry"), \
	OPT_BYTES(0, "limit-rate", "RATE", &(h)->rate, \
	    "download at most RATE bytes a second: 500000, 200k, 1M"), \
	OPT_STR(0, "cacert", "FILE", &(h)->cacert, \
	    "trust only the certificates in FILE, in PEM")

#endif
