/* path.c - see path.h. */
#include "path.h"

#include <errno.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

int path_join(char *ret_path, size_t size, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	int n = vsnprintf(ret_path, size, format, args);
	va_end(args);
	return n < 0 || (size_t)n >= size ? -ENAMETOOLONG : 0;
}

int workbook_root(char *ret_path, size_t size)
{
	char self[PATH_MAX];
	ssize_t n = readlink("/proc/self/exe", self, sizeof(self) - 1);
	if (n < 0)
		return -errno;
	self[n] = '\0';
	for (int levels = 0; levels < 2; levels++) {
		char *slash = strrchr(self, '/');
		if (slash)
			*slash = '\0';
	}
	return path_join(ret_path, size, "%s", self);
}
