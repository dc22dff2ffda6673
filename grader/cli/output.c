/* output.c - see output.h. */
#include "output.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include "say.h"

void output_open_standard(void)
{
	for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
		if (fcntl(fd, F_GETFD) < 0)
			open("/dev/null", O_RDONLY);
}

/* Source: poll(2), POLLERR: "set for a file descriptor referring to the write end of
 * a pipe when the read end has been closed". */
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
