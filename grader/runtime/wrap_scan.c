/* wrap_scan.c - the scanf family, which allocates what "%m" asks for. Reading a
 * text in memory does not fail by plan. Source: scanf(3). */
#include "wrap.h"

/* One conversion of a format. */
struct conversion {
	bool assigns;		/* a pointer among the arguments is its own */
	bool counts;		/* in what scanf returns */
	bool allocates;		/* that pointer gets a block */
	bool by_number;		/* "%2$s": of which argument */
};

/* Reads the next conversion of FORMAT: where to go on, NULL when there is none. */
static const char *next_conversion(const char *format,
				   struct conversion *ret_conversion)
{
	const char *at = strchr(format, '%');
	if (!at)
		return NULL;
	size_t n = strspn(++at, "*'$mhlLqjztI0123456789");
	const char *end = at + n;
	*ret_conversion = (struct conversion){
		.assigns = *end && *end != '%' && !memchr(at, '*', n),
		.counts = *end != 'n',
		.allocates = memchr(at, 'm', n) != NULL,
		.by_number = memchr(at, '$', n) != NULL,
	};
	if (*end == '[') {
		end += end[1] == '^';
		end += end[1] == ']';
		end += strcspn(end + 1, "]") + 1;
	}
	return *end ? end + 1 : end;
}

void scanned_blocks(const struct watched *w, const char *format, va_list args,
		    int rc)
{
	struct conversion c;
	while (rc > 0 && (format = next_conversion(format, &c)) &&
	       !c.by_number) {
		if (!c.assigns)
			continue;
		void *to = va_arg(args, void *);
		if (c.counts && c.allocates)
			got_also(w, *(void **)to);
		rc -= c.counts;
	}
}

/* Scans TEXT for sscanf and vsscanf. */
static int scan_text(struct watched *w, const char *text, const char *format,
		     va_list args)
{
	va_list again;
	va_copy(again, args);
	int rc = vsscanf(text, format, args);
	injection_end(w);
	scanned_blocks(w, format, again, rc);
	va_end(again);
	return rc;
}

int brakes_vsscanf(const char *text, const char *format, va_list args)
{
	struct watched w = BEGIN(vsscanf, 0, NULL);
	return scan_text(&w, text, format, args);
}

int brakes_sscanf(const char *text, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	struct watched w = BEGIN(sscanf, 0, NULL);
	int rc = scan_text(&w, text, format, args);
	va_end(args);
	return rc;
}
