/* output.c - see output.h. */
#include "output.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include "say.h"

bool output_unwanted(void)
{
	struct pollfd polled = { .fd = STDOUT_FILENO };
	return poll(&polled, 1, 0) == 1 &&
	       (polled.revents & (POLLERR | POLLHUP));
}

int output_finish(int status)
{
	errno = 0;
	if (fflush(stdout) != EOF && !ferror(stdout))
		return status;
	int error = errno;
	clearerr(stdout);
	if (output_unwanted() || status == STATUS_FAULT)
		return status;
	return say(STATUS_FAULT, "standard output could not be written, so "
		   "something of it is missing%s%s", error ? ": " : "",
		   error ? strerror(error) : "");
}
