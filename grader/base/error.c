/* error.c - see error.h. */
#include "error.h"

#include <stdarg.h>
#include <stdio.h>

int because(char **ret_why, int rc, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	if (vasprintf(ret_why, format, args) < 0)
		*ret_why = NULL;
	va_end(args);
	return rc;
}
