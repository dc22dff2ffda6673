/* probe.c - tries the walls of a cell from inside, before anybody's code is in it.
 *
 *	probe FOLDER SECRET
 *
 * FOLDER is where it may write, SECRET a file outside. Ends with status 0 when all
 * holds; else says what does not.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

/* Whether PATH can be opened so; what is made is left to the folder's owner. */
static int opens(const char *path, int flags)
{
	int fd = open(path, flags | O_CLOEXEC, 0600);
	if (fd >= 0)
		close(fd);
	return fd >= 0;
}

/* Whether a file can be made in FOLDER. */
static int writes_in(const char *folder)
{
	char path[PATH_MAX];
	snprintf(path, sizeof(path), "%s/.brakes-probe", folder);
	int made = opens(path, O_WRONLY | O_CREAT | O_EXCL);
	if (made)
		unlink(path);
	return made;
}

/* Whether a process can be started and waited for. */
static int forks(void)
{
	int status = 1;
	pid_t child = fork();
	if (child == 0)
		_exit(0);
	return child > 0 && waitpid(child, &status, 0) == child && status == 0;
}

/* Whether a process outside can be signalled: our parent, when it has a number
 * here at all. */
static int signals_outside(void)
{
	pid_t parent = getppid();
	return parent > 0 && kill(parent, 0) == 0;
}

/* Says what does not hold. */
static int tell(const char *what)
{
	fprintf(stderr, "%s\n", what);
	return 1;
}

int main(int argc, char **argv)
{
	if (argc != 3)
		return tell("probe: FOLDER SECRET");
	if (opens(argv[2], O_RDONLY))
		return tell("a file outside can be read");
	if (writes_in("/") || writes_in("/usr") || writes_in("/dev"))
		return tell("a file outside can be written");
	if (!writes_in(argv[1]))
		return tell("its own folder cannot be written");
	if (!opens("/dev/null", O_RDWR) || !opens("/dev/full", O_WRONLY))
		return tell("/dev is not as it should be");
	if (geteuid() == 0)
		return tell("it runs as root");
	if (signals_outside())
		return tell("processes outside can be signalled");
	if (socket(AF_UNIX, SOCK_STREAM, 0) >= 0)
		return tell("sockets can be opened");
	if (ptrace(PTRACE_TRACEME, 0, NULL, NULL) == 0)
		return tell("processes can be traced");
	if (!forks())
		return tell("no process can be started");
	return 0;
}
