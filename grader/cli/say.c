/* say.c - see say.h. */
#include "say.h"

#include <stdarg.h>
#include <stdio.h>

int say(enum status status, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	fputs("brakes: ", stderr);
	vfprintf(stderr, format, args);
	fputc('\n', stderr);
	va_end(args);
	return (int)status;
}
