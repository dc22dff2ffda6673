/* test_wrap.c - the wrappers beside the code under test: what they make fail,
 * what they perform, what they refuse, and what they report.
 *
 * This program is its own code under test: all of its text is watched.
 */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <sys/wait.h>
#include "suite.h"
#include "ledger/errors.h"
#include "runtime/quarantine.h"
#include "runtime/wrap.h"
#include "runtime/fault_injection.h"
#include "runtime/trace.h"
#include "runtime/unwatched.h"

/* Each wrapper has the type of its call. */
#define CALL(name, ...) extern __typeof__(name) brakes_##name;
#define PRETEND(id, ...)
#define ALIAS(other, name)
#define HARMLESS(name)
#include "ledger/calls.def"
#undef CALL
#undef PRETEND
#undef ALIAS
#undef HARMLESS

void __sanitizer_cov_trace_pc(void);

/* Where the linker says that this program's text begins and ends. */
extern char __executable_start, etext;

/* What was told since the last begin(). */
enum { HEARD_MAX = 256 };
static struct step heard[HEARD_MAX];
static size_t n_heard;
static unsigned blocks_heard, looks_heard;
static int last_look;

static void hear_step(const struct step *step)
{
	if (n_heard < HEARD_MAX)
		heard[n_heard++] = *step;
}

static void hear_trace(const struct trace_event *event)
{
	blocks_heard += !event->is_errno && event->module == 0 &&
			event->offset > 0;
	looks_heard += event->is_errno;
	last_look = event->err;
}

/* Starts anew, with all of this program watched. */
static void begin(void)
{
	uintptr_t start = (uintptr_t)&__executable_start;
	n_heard = blocks_heard = looks_heard = 0;
	injection_module(0, start, start, (uintptr_t)&etext);
	injection_start((struct listener){ hear_step, hear_trace });
}

static const struct step *last(void)
{
	ck_assert_uint_gt(n_heard, 0);
	return &heard[n_heard - 1];
}

static size_t live(void)
{
	return ledger_live(injection_ledger());
}

/* Makes the next fallible call fail. */
static void fail_next(void)
{
	injection_plan((struct plan){ .mode = FAULT_ONCE, .point = 1 });
}

static bool is_open(int fd)
{
	return fcntl(fd, F_GETFD) >= 0;
}

/* --- every call that can fail --------------------------------------------- */

/* What the calls of one row are made with. */
struct stage {
	FILE *f, *opened;
	DIR *dir, *opened_dir;
	int fd, spare, dir_fd, new_fd, ends[2];
	char *block, *line, *made;
	char path[PATH_MAX];
	size_t size;
	struct dirent **list;
	struct stat status;
	sigset_t signals;
	pthread_mutex_t lock;
};

static void set_stage(struct stage *s)
{
	memset(s, 0, sizeof(*s));
	snprintf(s->path, PATH_MAX, "%s", own_file("a.txt", "one\ntwo\n"));
	begin();
	s->f = brakes_fopen(s->path, "r+");
	s->fd = brakes_open(s->path, O_RDWR);
	s->spare = brakes_open(s->path, O_RDWR);
	s->block = brakes_malloc(8);
	ck_assert(s->f && s->fd >= 0 && s->spare >= 0 && s->block);
	rmdir(own("empty"));
	ck_assert_int_eq(mkdir(own("empty"), 0700), 0);
	s->dir = brakes_opendir(own_folder);
	s->dir_fd = brakes_open(own_folder, O_RDONLY | O_DIRECTORY);
	ck_assert(s->dir && s->dir_fd >= 0);
	snprintf(s->path, PATH_MAX, "%s", own("XXXXXX"));
}

/* Releases what row I and its stage left live, past the wrappers. */
static void clear_stage(int i, struct stage *s)
{
	const struct ledger *ledger = injection_ledger();
	for (size_t j = 0; j < ledger->n; j++) {
		const struct entry *e = &ledger->entries[j];
		if (e->live && e->kind == KIND_HEAP)
			free((void *)(uintptr_t)e->id);
		else if (e->live && e->kind == KIND_STREAM)
			fclose((FILE *)(uintptr_t)e->id);
		else if (e->live && e->kind == KIND_DIRECTORY)
			closedir((DIR *)(uintptr_t)e->id);
		else if (e->live && e->kind == KIND_DESCRIPTOR)
			close((int)e->id - 1);
	}
	if (i == CALL_open_memstream)
		free(s->line);
	begin();
}

static int put_formatted(FILE *f, int fd, char **made, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	int rc = f ? brakes_vfprintf(f, format, args) :
		 made ? brakes_vasprintf(made, format, args) :
		 brakes_vdprintf(fd, format, args);
	va_end(args);
	return rc;
}

static int scan_formatted(FILE *f, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	int rc = brakes_vfscanf(f, format, args);
	va_end(args);
	return rc;
}

/* Accepts a connection that was just made: by accept4 when FOUR says so. */
static int accept_one(struct stage *s, bool four)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	socklen_t size = sizeof(address.sun_family);
	int server = socket(AF_UNIX, SOCK_STREAM, 0);
	int client = socket(AF_UNIX, SOCK_STREAM, 0);
	/* The kernel picks the name. Source: unix(7), "Autobind feature". */
	ck_assert_int_eq(bind(server, (struct sockaddr *)&address, size), 0);
	ck_assert_int_eq(listen(server, 1), 0);
	size = sizeof(address);
	getsockname(server, (struct sockaddr *)&address, &size);
	ck_assert_int_eq(connect(client, (struct sockaddr *)&address, size), 0);
	const __SOCKADDR_ARG nowhere = { .__sockaddr__ = NULL };
	s->new_fd = four ? brakes_accept4(server, nowhere, NULL, 0) :
		    brakes_accept(server, nowhere, NULL);
	int why = errno;
	close(client);
	close(server);
	errno = why;
	return s->new_fd;
}

/* Makes CALL on a socket whose other end has sent two bytes: what it answers. */
static ssize_t talk(enum call call)
{
	char bytes[2] = "xy";
	int ends[2];
	const __SOCKADDR_ARG nowhere = { .__sockaddr__ = NULL };
	const __CONST_SOCKADDR_ARG nobody = { .__sockaddr__ = NULL };
	ck_assert_int_eq(socketpair(AF_UNIX, SOCK_STREAM, 0, ends), 0);
	ck_assert_int_eq(write(ends[1], bytes, 2), 2);
	ssize_t n = call == CALL_send ? brakes_send(ends[0], bytes, 2, 0) :
		    call == CALL_recv ? brakes_recv(ends[0], bytes, 2, 0) :
		    call == CALL_sendto ?
		    brakes_sendto(ends[0], bytes, 2, 0, nobody, 0) :
		    brakes_recvfrom(ends[0], bytes, 2, 0, nowhere, NULL);
	int why = errno;
	close(ends[0]);
	close(ends[1]);
	errno = why;
	return n;
}

static void nothing(void)
{
}

static void nothing_with(int status, void *argument)
{
	(void)status;
	(void)argument;
}

/* One row for each call that can fail: the call, and whether what it returned
 * tells of a failure as its manual page says. */
#define ROWS(ROW) \
	ROW(malloc, !(s->made = brakes_malloc(8))) \
	ROW(calloc, !(s->made = brakes_calloc(2, 8))) \
	ROW(realloc, !(s->made = brakes_realloc(s->block, 64))) \
	ROW(reallocarray, !(s->made = brakes_reallocarray(s->block, 8, 8))) \
	ROW(aligned_alloc, !(s->made = brakes_aligned_alloc(64, 64))) \
	ROW(posix_memalign, (errno = brakes_posix_memalign( \
		(void **)&s->made, 64, 64)) != 0) \
	ROW(strdup, !(s->made = brakes_strdup("text"))) \
	ROW(strndup, !(s->made = brakes_strndup("text", 2))) \
	ROW(wcsdup, !(s->made = (char *)brakes_wcsdup(L"text"))) \
	ROW(memalign, !(s->made = brakes_memalign(64, 64))) \
	ROW(valloc, !(s->made = brakes_valloc(64))) \
	ROW(getcwd, !(s->made = brakes_getcwd(NULL, 0))) \
	ROW(get_current_dir_name, \
	    !(s->made = brakes_get_current_dir_name())) \
	ROW(realpath, !(s->made = brakes_realpath(".", NULL))) \
	ROW(scandir, brakes_scandir(own_folder, &s->list, NULL, \
				    alphasort) == -1) \
	ROW(asprintf, brakes_asprintf(&s->made, "%d", 1) == -1) \
	ROW(vasprintf, put_formatted(NULL, -1, &s->made, "%d", 1) == -1) \
	ROW(getline, brakes_getline(&s->line, &s->size, s->f) == -1) \
	ROW(getdelim, brakes_getdelim(&s->line, &s->size, 'n', s->f) == -1) \
	ROW(open, (s->new_fd = brakes_open(s->path, O_RDWR | O_CREAT, \
					   0600)) == -1) \
	ROW(openat, (s->new_fd = brakes_openat(AT_FDCWD, s->path, \
			O_RDWR | O_CREAT, 0600)) == -1) \
	ROW(creat, (s->new_fd = brakes_creat(s->path, 0600)) == -1) \
	ROW(dup, (s->new_fd = brakes_dup(s->fd)) == -1) \
	ROW(dup2, brakes_dup2(s->fd, s->spare) == -1) \
	ROW(pipe, brakes_pipe(s->ends) == -1) \
	ROW(mkstemp, (s->new_fd = brakes_mkstemp(s->path)) == -1) \
	ROW(pipe2, brakes_pipe2(s->ends, O_CLOEXEC) == -1) \
	ROW(socketpair, brakes_socketpair(AF_UNIX, SOCK_STREAM, 0, \
					  s->ends) == -1) \
	ROW(dup3, brakes_dup3(s->fd, s->spare, O_CLOEXEC) == -1) \
	ROW(mkostemp, (s->new_fd = brakes_mkostemp(s->path, \
						   O_CLOEXEC)) == -1) \
	ROW(mkstemps, (s->new_fd = brakes_mkstemps(s->path, 0)) == -1) \
	ROW(mkostemps, (s->new_fd = brakes_mkostemps(s->path, 0, \
						     O_CLOEXEC)) == -1) \
	ROW(memfd_create, (s->new_fd = brakes_memfd_create("a", 0)) == -1) \
	ROW(eventfd, (s->new_fd = brakes_eventfd(0, 0)) == -1) \
	ROW(epoll_create, (s->new_fd = brakes_epoll_create(1)) == -1) \
	ROW(epoll_create1, (s->new_fd = brakes_epoll_create1(0)) == -1) \
	ROW(timerfd_create, (s->new_fd = brakes_timerfd_create( \
		CLOCK_MONOTONIC, 0)) == -1) \
	ROW(inotify_init, (s->new_fd = brakes_inotify_init()) == -1) \
	ROW(inotify_init1, (s->new_fd = brakes_inotify_init1(0)) == -1) \
	ROW(signalfd, (s->new_fd = brakes_signalfd(-1, &s->signals, \
						   0)) == -1) \
	ROW(socket, (s->new_fd = brakes_socket(AF_UNIX, SOCK_STREAM, \
					       0)) == -1) \
	ROW(accept, accept_one(s, false) == -1) \
	ROW(accept4, accept_one(s, true) == -1) \
	ROW(close, brakes_close(s->fd) == -1) \
	ROW(read, brakes_read(s->fd, s->path, 1) == -1) \
	ROW(write, brakes_write(s->fd, "x", 1) == -1) \
	ROW(pread, brakes_pread(s->fd, s->path, 1, 0) == -1) \
	ROW(pwrite, brakes_pwrite(s->fd, "x", 1, 0) == -1) \
	ROW(lseek, brakes_lseek(s->fd, 0, SEEK_SET) == -1) \
	ROW(fsync, brakes_fsync(s->fd) == -1) \
	ROW(ftruncate, brakes_ftruncate(s->fd, 1) == -1) \
	ROW(dprintf, brakes_dprintf(s->fd, "%d", 1) < 0) \
	ROW(vdprintf, put_formatted(NULL, s->fd, NULL, "%d", 1) < 0) \
	ROW(fopen, !(s->opened = brakes_fopen(s->path, "w"))) \
	ROW(fdopen, !(s->opened = brakes_fdopen(s->fd, "r+"))) \
	ROW(freopen, !(s->f = brakes_freopen(s->path, "w", s->f))) \
	ROW(fmemopen, !(s->opened = brakes_fmemopen(s->path, 8, "r"))) \
	ROW(open_memstream, !(s->opened = brakes_open_memstream( \
		&s->line, &s->size))) \
	ROW(tmpfile, !(s->opened = brakes_tmpfile())) \
	ROW(fclose, brakes_fclose(s->f) == EOF) \
	ROW(fprintf, brakes_fprintf(s->f, "%d", 1) < 0) \
	ROW(vfprintf, put_formatted(s->f, -1, NULL, "%d", 1) < 0) \
	ROW(fputs, brakes_fputs("x", s->f) == EOF) \
	ROW(fputc, brakes_fputc('x', s->f) == EOF) \
	ROW(putc, brakes_putc('x', s->f) == EOF) \
	ROW(fwrite, brakes_fwrite("xy", 1, 2, s->f) < 2) \
	ROW(fflush, brakes_fflush(s->f) == EOF) \
	ROW(fread, brakes_fread(s->path, 1, 2, s->f) < 2) \
	ROW(fgets, !brakes_fgets(s->path, 8, s->f)) \
	ROW(fgetc, brakes_fgetc(s->f) == EOF) \
	ROW(getc, brakes_getc(s->f) == EOF) \
	ROW(fseek, brakes_fseek(s->f, 0, SEEK_SET) == -1) \
	ROW(ftell, brakes_ftell(s->f) == -1) \
	ROW(fscanf, brakes_fscanf(s->f, "%3s", s->path) == EOF) \
	ROW(vfscanf, scan_formatted(s->f, "%3s", s->path) == EOF) \
	ROW(readv, brakes_readv(s->fd, &(struct iovec){ s->path, 1 }, 1) == -1) \
	ROW(writev, brakes_writev(s->fd, &(struct iovec){ s->path, 1 }, \
				  1) == -1) \
	ROW(copy_file_range, brakes_copy_file_range(s->fd, NULL, s->spare, \
						    &(off_t){ 8 }, 4, 0) == -1) \
	ROW(sendfile, brakes_sendfile(s->spare, s->fd, NULL, 1) == -1) \
	ROW(opendir, !(s->opened_dir = brakes_opendir(own_folder))) \
	ROW(fdopendir, !(s->opened_dir = brakes_fdopendir(s->dir_fd))) \
	ROW(readdir, !brakes_readdir(s->dir)) \
	ROW(closedir, brakes_closedir(s->dir) == -1) \
	ROW(rename, brakes_rename(own("a.txt"), own("b.txt")) == -1) \
	ROW(link, brakes_link(own("a.txt"), own("linked")) == -1) \
	ROW(unlink, brakes_unlink(own("a.txt")) == -1) \
	ROW(unlinkat, brakes_unlinkat(AT_FDCWD, own("a.txt"), 0) == -1) \
	ROW(remove, brakes_remove(own("a.txt")) == -1) \
	ROW(mkdir, brakes_mkdir(own("made"), 0700) == -1) \
	ROW(rmdir, brakes_rmdir(own("empty")) == -1) \
	ROW(access, brakes_access(own("a.txt"), F_OK) == -1) \
	ROW(faccessat, brakes_faccessat(AT_FDCWD, own("a.txt"), F_OK, \
					0) == -1) \
	ROW(chmod, brakes_chmod(own("a.txt"), 0600) == -1) \
	ROW(fchmod, brakes_fchmod(s->fd, 0600) == -1) \
	ROW(stat, brakes_stat(own("a.txt"), &s->status) == -1) \
	ROW(lstat, brakes_lstat(own("a.txt"), &s->status) == -1) \
	ROW(fstat, brakes_fstat(s->fd, &s->status) == -1) \
	ROW(fstatat, brakes_fstatat(AT_FDCWD, own("a.txt"), &s->status, \
				    0) == -1) \
	ROW(send, talk(CALL_send) == -1) \
	ROW(sendto, talk(CALL_sendto) == -1) \
	ROW(recv, talk(CALL_recv) == -1) \
	ROW(recvfrom, talk(CALL_recvfrom) == -1) \
	ROW(flock, brakes_flock(s->fd, LOCK_EX) == -1) \
	ROW(lockf, brakes_lockf(s->fd, F_LOCK, 1) == -1) \
	ROW(atexit, brakes_atexit(nothing) != 0) \
	ROW(at_quick_exit, brakes_at_quick_exit(nothing) != 0) \
	ROW(on_exit, brakes_on_exit(nothing_with, NULL) != 0) \
	ROW(pthread_mutex_init, (errno = brakes_pthread_mutex_init( \
		&s->lock, NULL)) != 0)

#define DEFINE(name, tells) \
	static bool make_##name(struct stage *s) { (void)s; return tells; }
ROWS(DEFINE)

#define LIST(name, tells) [CALL_##name] = make_##name,
static bool (*const make[CALL_COUNT])(struct stage *) = { ROWS(LIST) };

/* Whether row I is a call of libc's that can fail; SQLite's have a test program
 * of their own. */
static bool can_fail(int i)
{
	return calls[i].fails && !calls[i].pretend &&
	       !speaks_sqlite((enum call)i);
}

START_TEST(every_call_that_can_fail_is_tried_here)
{
	int tried = 0;
	for (int i = 0; i < CALL_COUNT; i++) {
		ck_assert_msg(can_fail(i) == (make[i] != NULL), "%s",
			      calls[i].name);
		tried += make[i] != NULL;
	}
	ck_assert_int_gt(tried, 40);
}
END_TEST

START_TEST(a_call_that_is_not_made_to_fail_succeeds)
{
	for (int i = 0; i < CALL_COUNT; i++) {
		struct stage stage;
		if (!can_fail(i))
			continue;
		set_stage(&stage);
		ck_assert_msg(!make[i](&stage), "%s", calls[i].name);
		ck_assert_int_eq(last()->call, i);
		ck_assert(!last()->failed && !last()->faulted);
		ck_assert(!injection_struck());
		clear_stage(i, &stage);
	}
}
END_TEST

/* Demands that row I fails under PLAN with errno ERR, and tells so. */
static void expect_failure(int i, struct plan plan, int err,
			   struct stage *ret_stage)
{
	set_stage(ret_stage);
	size_t before = n_heard;
	injection_plan(plan);
	errno = 0;
	ck_assert_msg(make[i](ret_stage), "%s does not fail", calls[i].name);
	ck_assert_msg(errno == err, "%s: errno is %d", calls[i].name, errno);
	ck_assert_msg(injection_struck(), "%s", calls[i].name);
	ck_assert_uint_gt(n_heard, before);
	ck_assert_int_eq(last()->call, i);
	ck_assert(last()->failed && last()->faulted);
	ck_assert_uint_eq(last()->fault_point, 1);
	ck_assert_int_eq(last()->err, err);
}

START_TEST(every_call_fails_once_with_its_errno_and_then_no_more)
{
	for (int i = 0; i < CALL_COUNT; i++) {
		struct plan once = { .mode = FAULT_ONCE, .point = 1 };
		struct stage stage;
		if (!can_fail(i))
			continue;
		expect_failure(i, once, calls[i].errnos[0], &stage);
		void *block = brakes_malloc(1);
		ck_assert_msg(block != NULL, "after %s", calls[i].name);
		ck_assert_uint_eq(injection_strikes(), 1);
		clear_stage(i, &stage);
	}
}
END_TEST

START_TEST(every_call_fails_with_its_errno_and_all_after_it_too)
{
	for (int i = 0; i < CALL_COUNT; i++) {
		struct plan on = { .mode = FAULT_ON, .point = 1 };
		struct stage stage;
		if (!can_fail(i))
			continue;
		expect_failure(i, on, calls[i].errnos[1], &stage);
		ck_assert_ptr_null(brakes_malloc(1));
		ck_assert_int_eq(brakes_open("/dev/null", O_RDONLY), -1);
		ck_assert_ptr_null(brakes_tmpfile());
		ck_assert_msg(injection_strikes() == 4, "%s and 3 more: %u strikes",
			      calls[i].name, injection_strikes());
		clear_stage(i, &stage);
	}
}
END_TEST

START_TEST(every_call_fails_with_the_errno_that_is_asked_for)
{
	for (int i = 0; i < CALL_COUNT; i++) {
		struct plan asked = { .mode = FAULT_ONCE, .point = 1,
				      .err = EDQUOT };
		struct stage stage;
		if (!can_fail(i))
			continue;
		expect_failure(i, asked, EDQUOT, &stage);
		clear_stage(i, &stage);
	}
}
END_TEST

/* --- transfers that come short, and signals --------------------------------- */

/* Follows MODE from the next fallible call on. */
static void plan_next(enum fault_mode mode)
{
	injection_plan((struct plan){ .mode = mode, .point = 1 });
}

/* Demands of the last call that it moved MOVED of ASKED bytes, and succeeded. */
static void expect_part(uint32_t moved, uint32_t asked)
{
	ck_assert(last()->faulted && !last()->failed);
	ck_assert_uint_eq(last()->moved, moved);
	ck_assert_uint_eq(last()->asked, asked);
	ck_assert_int_eq(last()->err, 0);
	ck_assert_int_eq(errno, ERRNO_LEFT);
}

/* Demands that the file of the stage holds TEXT. */
static void expect_file(const char *want)
{
	char *text;
	size_t size;
	ck_assert_int_eq(read_file(own("a.txt"), 100, &text, &size), 0);
	ck_assert_str_eq(text, want);
	free(text);
}

START_TEST(a_transfer_that_comes_short_succeeds)
{
	struct stage stage;
	set_stage(&stage);
	plan_next(FAULT_SHORT);
	ck_assert_int_eq(brakes_write(stage.fd, "ONE", 3), 1);
	expect_part(1, 3);
	ck_assert_int_eq(brakes_write(stage.fd, "NE", 2), 2);
	ck_assert(!last()->faulted);
	ck_assert_uint_eq(last()->moved, 2);
	expect_file("ONE\ntwo\n");
	plan_next(FAULT_SHORT);
	ck_assert_int_eq(brakes_pwrite(stage.fd, "TWO", 3, 4), 1);
	expect_part(1, 3);
	expect_file("ONE\nTwo\n");
	clear_stage(CALL_write, &stage);
}
END_TEST

START_TEST(half_of_each_transfer_comes_from_there_on)
{
	struct stage stage;
	set_stage(&stage);
	plan_next(FAULT_HALF);
	ck_assert_int_eq(brakes_write(stage.fd, "12345678", 8), 4);
	expect_part(4, 8);
	ck_assert_int_eq(brakes_write(stage.fd, "5678", 4), 2);
	expect_part(2, 4);
	ck_assert_int_eq(brakes_write(stage.fd, "78", 2), 1);
	ck_assert_int_eq(brakes_write(stage.fd, "8", 1), 1);
	expect_file("12345678");
	clear_stage(CALL_write, &stage);
}
END_TEST

START_TEST(what_follows_a_part_fails)
{
	struct stage stage;
	set_stage(&stage);
	plan_next(FAULT_PARTIAL);
	ck_assert_int_eq(brakes_write(stage.fd, "12345678", 8), 4);
	expect_part(4, 8);
	for (int i = 0; i < 2; i++) {
		ck_assert_int_eq(brakes_write(stage.fd, "5678", 4), -1);
		ck_assert_int_eq(errno, ENOSPC);
		ck_assert(last()->faulted && last()->failed);
	}
	expect_file("1234two\n");
	clear_stage(CALL_write, &stage);
}
END_TEST

START_TEST(pieces_are_cut_where_the_transfer_ends)
{
	struct stage stage;
	char first[2] = "", second[8] = "";
	struct iovec to[2] = { { first, 1 }, { second, 7 } };
	struct iovec from[2] = { { "ab", 2 }, { "cdef", 4 } };
	set_stage(&stage);
	plan_next(FAULT_HALF);
	ck_assert_int_eq(brakes_readv(stage.fd, to, 2), 4);
	expect_part(4, 8);
	ck_assert_str_eq(first, "o");
	ck_assert_str_eq(second, "ne\n");
	plan_next(FAULT_HALF);
	ck_assert_int_eq(brakes_writev(stage.fd, from, 2), 3);
	expect_part(3, 6);
	expect_file("one\nabc\n");
	clear_stage(CALL_readv, &stage);
}
END_TEST

/* A buffer may be longer than the file: half of the file is half. */
START_TEST(what_is_read_comes_short_of_what_there_is)
{
	struct stage stage;
	char bytes[100];
	int ends[2];
	set_stage(&stage);
	plan_next(FAULT_HALF);
	ck_assert_int_eq(brakes_read(stage.fd, bytes, sizeof(bytes)), 4);
	expect_part(4, 8);
	plan_next(FAULT_SHORT);
	ck_assert_int_eq(brakes_pread(stage.fd, bytes, sizeof(bytes), 5), 1);
	expect_part(1, 3);
	ck_assert_int_eq(bytes[0], 'w');
	ck_assert_int_eq(pipe(ends), 0);
	ck_assert_int_eq(write(ends[1], "123456", 6), 6);
	plan_next(FAULT_HALF);
	ck_assert_int_eq(brakes_read(ends[0], bytes, sizeof(bytes)), 3);
	expect_part(3, 6);
	close(ends[0]);
	close(ends[1]);
	clear_stage(CALL_read, &stage);
}
END_TEST

START_TEST(a_copy_comes_short)
{
	struct stage stage;
	set_stage(&stage);
	off_t end = 8;
	plan_next(FAULT_HALF);
	ck_assert_int_eq(brakes_copy_file_range(stage.fd, NULL, stage.spare,
						&end, 100, 0), 4);
	expect_part(4, 8);
	expect_file("one\ntwo\none\n");
	plan_next(FAULT_SHORT);
	ck_assert_int_eq(brakes_sendfile(stage.spare, stage.fd, NULL, 4), 1);
	expect_part(1, 4);
	plan_next(FAULT_SHORT);
	ck_assert_int_eq(talk(CALL_send), 1);
	ck_assert_int_eq(talk(CALL_send), 2);
	plan_next(FAULT_SHORT);
	ck_assert_int_eq(talk(CALL_recvfrom), 1);
	clear_stage(CALL_sendfile, &stage);
}
END_TEST

/* Demands of the last call that it moved MOVED of ASKED bytes of F, and failed. */
static void expect_cut(FILE *f, uint32_t moved, uint32_t asked, int err)
{
	ck_assert_int_eq(errno, err);
	ck_assert(last()->faulted && last()->failed);
	ck_assert_int_eq(last()->err, err);
	ck_assert_uint_eq(last()->moved, moved);
	ck_assert_uint_eq(last()->asked, asked);
	ck_assert(brakes_ferror(f));
	brakes_clearerr(f);
}

START_TEST(a_stream_fails_when_a_part_is_transferred)
{
	struct stage stage;
	char bytes[100];
	set_stage(&stage);
	plan_next(FAULT_HALF);
	ck_assert_uint_eq(brakes_fread(bytes, 1, sizeof(bytes), stage.f), 4);
	expect_cut(stage.f, 4, 8, EIO);
	plan_next(FAULT_SHORT);
	ck_assert_uint_eq(brakes_fread(bytes, 4, 1, stage.f), 0);
	expect_cut(stage.f, 1, 4, EIO);
	ck_assert_uint_eq(brakes_fread(bytes, 1, 100, stage.f), 3);
	brakes_rewind(stage.f);
	plan_next(FAULT_HALF);
	ck_assert_uint_eq(brakes_fwrite("abcdef", 2, 3, stage.f), 1);
	expect_cut(stage.f, 3, 6, ENOSPC);
	ck_assert_uint_eq(brakes_fwrite("xy", 1, 2, stage.f), 2);
	ck_assert_int_eq(brakes_fflush(stage.f), 0);
	expect_file("abcxywo\n");
	clear_stage(CALL_fread, &stage);
}
END_TEST

START_TEST(transfers_are_counted_alone_if_so_asked)
{
	struct stage stage;
	set_stage(&stage);
	injection_plan((struct plan){ .mode = FAULT_SHORT, .point = 2,
				      .bytes = 2, .transfers = true });
	ck_assert_int_eq(brakes_write(stage.fd, "123", 3), 3);
	stage.made = brakes_malloc(1);
	ck_assert_int_eq(brakes_write(stage.fd, "45", 2), 2);
	ck_assert(stage.made && !injection_struck());
	ck_assert_int_eq(brakes_write(stage.fd, "678", 3), 2);
	ck_assert(injection_struck());
	ck_assert_int_eq(brakes_write(stage.fd, "8..", 3), 3);
	ck_assert_uint_eq(injection_strikes(), 1);
	clear_stage(CALL_write, &stage);
}
END_TEST

START_TEST(a_transfer_of_one_byte_is_never_short)
{
	struct stage stage;
	char bytes[8];
	set_stage(&stage);
	plan_next(FAULT_SHORT);
	ck_assert_int_eq(brakes_write(stage.fd, "1", 1), 1);
	lseek(stage.fd, 0, SEEK_END);
	plan_next(FAULT_SHORT);
	ck_assert_int_eq(brakes_read(stage.fd, bytes, 8), 0);
	plan_next(FAULT_HALF);
	ck_assert_int_eq(brakes_write(stage.fd, "", 0), 0);
	ck_assert(!injection_struck());
	clear_stage(CALL_write, &stage);
}
END_TEST

START_TEST(a_signal_interrupts_what_may_wait_and_nothing_else)
{
	int interrupted = 0;
	struct plan plan = { .mode = FAULT_INTERRUPTED, .point = 1 };
	for (int i = 0; i < CALL_COUNT; i++) {
		struct stage stage;
		if (!can_fail(i))
			continue;
		if (calls[i].ways & WAY_INTERRUPTED) {
			expect_failure(i, plan, EINTR, &stage);
			interrupted++;
		} else {
			set_stage(&stage);
			injection_plan(plan);
			ck_assert_msg(!make[i](&stage), "%s", calls[i].name);
			ck_assert(!injection_struck());
		}
		clear_stage(i, &stage);
	}
	ck_assert_int_gt(interrupted, 20);
}
END_TEST

/* Source: close(2), "Dealing with error returns from close()". */
START_TEST(a_close_that_a_signal_interrupts_has_closed)
{
	struct stage stage;
	set_stage(&stage);
	plan_next(FAULT_INTERRUPTED);
	ck_assert_int_eq(brakes_close(stage.fd), -1);
	ck_assert_int_eq(errno, EINTR);
	ck_assert(!is_open(stage.fd));
	ck_assert_int_eq(brakes_close(stage.fd), -1);
	ck_assert_int_eq(errno, EBADF);
	ck_assert_uint_eq(injection_ledger()->wrong, 1);
	clear_stage(CALL_close, &stage);
}
END_TEST

START_TEST(neighbours_in_a_cascade_fail_differently)
{
	struct stage stage;
	set_stage(&stage);
	plan_next(FAULT_ON);
	int errs[5];
	errs[0] = brakes_fprintf(stage.f, "a") < 0 ? errno : 0;
	errs[1] = brakes_fclose(stage.f) == EOF ? errno : 0;
	errs[2] = brakes_write(stage.fd, "b", 1) < 0 ? errno : 0;
	errs[3] = brakes_close(stage.fd) < 0 ? errno : 0;
	errs[4] = brakes_unlink(own("a.txt")) < 0 ? errno : 0;
	for (int i = 0; i < 5; i++) {
		ck_assert_int_ne(errs[i], 0);
		ck_assert_msg(i == 0 || (errs[i] != errs[i - 1] &&
					 errs[i] != errs[0]),
			      "call %d: %s", i, strerrorname_np(errs[i]));
	}
	clear_stage(CALL_fclose, &stage);
}
END_TEST

START_TEST(the_errno_that_is_asked_for_comes_first_and_others_after_it)
{
	struct stage stage;
	set_stage(&stage);
	injection_plan((struct plan){ .mode = FAULT_ON, .point = 1,
				      .err = ENOSPC });
	ck_assert_int_lt(brakes_fprintf(stage.f, "a"), 0);
	ck_assert_int_eq(errno, ENOSPC);
	ck_assert_int_eq(brakes_fclose(stage.f), EOF);
	ck_assert_int_ne(errno, ENOSPC);
	clear_stage(CALL_fclose, &stage);
}
END_TEST

/* Writes a byte to FD: always from this place. */
__attribute__((noinline)) static ssize_t write_here(int fd)
{
	ssize_t n = brakes_write(fd, "x", 1);
	__asm__ volatile("" : "+r"(n));
	return n;
}

START_TEST(a_lasting_failure_is_that_of_one_place)
{
	struct stage stage;
	set_stage(&stage);
	plan_next(FAULT_LASTING);
	for (int i = 0; i < 3; i++) {
		ck_assert_int_eq(write_here(stage.fd), -1);
		ck_assert_int_eq(errno, ENOSPC);
		ck_assert_int_eq(brakes_write(stage.fd, "x", 1), 1);
		stage.made = brakes_malloc(1);
		ck_assert_ptr_nonnull(stage.made);
	}
	clear_stage(CALL_write, &stage);
}
END_TEST

START_TEST(an_acquisition_that_is_made_to_fail_acquires_nothing)
{
	for (int i = 0; i < CALL_COUNT; i++) {
		struct stage stage;
		if (!can_fail(i) || calls[i].role != ROLE_ACQUIRE)
			continue;
		set_stage(&stage);
		size_t before = live();
		fail_next();
		make[i](&stage);
		ck_assert_msg(live() == before, "%s", calls[i].name);
		ck_assert_int_ne(access(stage.path, F_OK), 0);
		clear_stage(i, &stage);
	}
}
END_TEST

START_TEST(a_use_that_is_made_to_fail_changes_no_file)
{
	for (int i = 0; i < CALL_COUNT; i++) {
		struct stage stage;
		char *text;
		size_t size;
		if (!can_fail(i) || calls[i].role != ROLE_USE)
			continue;
		set_stage(&stage);
		fail_next();
		make[i](&stage);
		clear_stage(i, &stage);
		ck_assert_int_eq(read_file(own("a.txt"), 100, &text, &size), 0);
		ck_assert_msg(strcmp(text, "one\ntwo\n") == 0, "%s",
			      calls[i].name);
		free(text);
	}
}
END_TEST

START_TEST(what_was_read_in_part_fails_until_its_error_is_cleared)
{
	struct stage stage;
	char bytes[100];
	set_stage(&stage);
	plan_next(FAULT_SHORT);
	ck_assert_uint_eq(brakes_fread(bytes, 1, sizeof(bytes), stage.f), 1);
	errno = 0;
	ck_assert_uint_eq(brakes_fread(bytes, 1, sizeof(bytes), stage.f), 0);
	ck_assert_int_eq(errno, EIO);
	ck_assert(last()->failed && !last()->faulted);
	brakes_clearerr(stage.f);
	ck_assert_uint_eq(brakes_fread(bytes, 1, sizeof(bytes), stage.f), 7);
	clear_stage(CALL_fread, &stage);
}
END_TEST

/* --- the plan ------------------------------------------------------------- */

START_TEST(fault_points_are_counted_from_the_start_of_the_plan)
{
	begin();
	brakes_free(brakes_malloc(1));
	injection_plan((struct plan){ .mode = FAULT_ONCE, .point = 3 });
	void *first = brakes_malloc(1), *second = brakes_malloc(1);
	ck_assert(first && second && !injection_struck());
	ck_assert_ptr_null(brakes_malloc(1));
	ck_assert(injection_struck());
	ck_assert_uint_eq(last()->fault_point, 3);
	fail_next();
	ck_assert(!injection_struck());
	ck_assert_ptr_null(brakes_malloc(1));
	ck_assert(injection_struck());
	ck_assert_uint_eq(injection_strikes(), 2);
	brakes_free(first);
	brakes_free(second);
	ck_assert_uint_eq(live(), 0);
}
END_TEST

START_TEST(a_call_that_cannot_fail_is_no_fault_point)
{
	begin();
	FILE *f = brakes_tmpfile();
	fail_next();
	ck_assert_int_eq(brakes_ferror(f), 0);
	ck_assert_int_eq(brakes_feof(f), 0);
	ck_assert_int_ge(brakes_fileno(f), 0);
	brakes_rewind(f);
	brakes_free(NULL);
	ck_assert_uint_eq(last()->fault_point, 0);
	ck_assert(!injection_struck());
	ck_assert_int_eq(brakes_fclose(f), EOF);
	ck_assert(injection_struck());
}
END_TEST

START_TEST(without_a_plan_nothing_strikes)
{
	begin();
	for (int i = 0; i < 10; i++)
		brakes_free(brakes_malloc(1));
	ck_assert_uint_eq(injection_strikes(), 0);
	ck_assert_uint_eq(heard[18].fault_point, 10);
}
END_TEST

START_TEST(what_other_code_calls_is_neither_failed_nor_counted)
{
	begin();
	injection_module(0, 0, 0, 0);
	injection_plan((struct plan){ .mode = FAULT_ON, .point = 1 });
	char *block = brakes_malloc(8);
	ck_assert_ptr_nonnull(block);
	block = brakes_realloc(block, 16);
	FILE *f = brakes_tmpfile();
	ck_assert(block && f);
	ck_assert_int_gt(brakes_fprintf(f, "text"), 0);
	ck_assert_int_eq(brakes_fclose(f), 0);
	brakes_free(block);
	ck_assert_uint_eq(n_heard, 0);
	ck_assert_uint_eq(injection_ledger()->steps, 0);
	ck_assert(!injection_struck());
}
END_TEST

START_TEST(the_standard_streams_are_never_failed_and_never_counted)
{
	begin();
	injection_plan((struct plan){ .mode = FAULT_ON, .point = 1 });
	ck_assert_int_eq(brakes_fprintf(stderr, "%s", ""), 0);
	ck_assert_int_ge(brakes_fputs("", stdout), 0);
	ck_assert_int_eq(brakes_fflush(stdout), 0);
	ck_assert_int_eq(brakes_fflush(NULL), 0);
	ck_assert_int_eq(brakes_ferror(stdin), 0);
	ck_assert_int_eq(brakes_write(STDERR_FILENO, "", 0), 0);
	ck_assert_int_eq(brakes_dprintf(STDERR_FILENO, "%s", ""), 0);
	ck_assert_uint_eq(n_heard, 0);
}
END_TEST

START_TEST(the_trail_is_the_last_block_and_needs_no_fault)
{
	struct trail trail = { 9, 0 };
	begin();
	injection_trail(&trail);
	__sanitizer_cov_trace_pc();
	ck_assert_uint_eq(trail.module, 0);
	uint32_t first = trail.offset;
	ck_assert_uint_gt(first, 0);
	__sanitizer_cov_trace_pc();
	ck_assert_uint_gt(trail.offset, first);
	injection_trail(NULL);
	__sanitizer_cov_trace_pc();
	ck_assert_uint_eq(blocks_heard, 0);
}
END_TEST

START_TEST(processor_time_has_an_end_and_can_be_given_back)
{
	int status;
	pid_t pid = fork();
	if (pid == 0) {
		injection_processor_time(10);
		for (;;)
			continue;
	}
	ck_assert_int_eq(waitpid(pid, &status, 0), pid);
	ck_assert(WIFSIGNALED(status));
	ck_assert_int_eq(WTERMSIG(status), SIGPROF);
	struct itimerval timer;
	injection_processor_time(60000);
	injection_processor_time(0);
	ck_assert_int_eq(getitimer(ITIMER_PROF, &timer), 0);
	ck_assert(!timerisset(&timer.it_value));
}
END_TEST

START_TEST(a_step_tells_where_and_about_what_it_was)
{
	begin();
	FILE *f = brakes_fopen(own("a book"), "w");
	uint32_t here = last()->site.offset[0];
	ck_assert_uint_gt(here, 0);
	ck_assert_uint_eq(last()->site.module[0], 0);
	ck_assert_int_eq(strncmp(last()->detail, "/tmp/", 5), 0);
	ck_assert_int_eq(last()->beneath, fileno(f));
	brakes_fprintf(f, "line %d", 1);
	ck_assert_str_eq(last()->detail, "line 1");
	ck_assert_uint_ne(last()->site.offset[0], here);
	brakes_fclose(f);
	ck_assert_uint_eq(live(), 0);
}
END_TEST

START_TEST(blocks_are_told_after_a_fault_and_not_without_end)
{
	begin();
	fail_next();
	__sanitizer_cov_trace_pc();
	ck_assert_uint_eq(blocks_heard, 0);
	ck_assert_ptr_null(brakes_malloc(1));
	__sanitizer_cov_trace_pc();
	ck_assert_uint_eq(blocks_heard, 1);
	for (int i = 0; i < 100000; i++)
		__sanitizer_cov_trace_pc();
	ck_assert_uint_gt(blocks_heard, 1);
	ck_assert_uint_lt(blocks_heard, 1000);
}
END_TEST

/* Enters N blocks, in a frame of its own. */
__attribute__((noinline)) static void enter_blocks(int n)
{
	for (int i = 0; i < n; i++)
		__sanitizer_cov_trace_pc();
}

/* Makes malloc fail, enters OTHERS blocks of a function that it calls, then OWN ones. */
__attribute__((noinline)) static void fail_and_enter(int own, int others)
{
	fail_next();
	ck_assert_ptr_null(brakes_malloc(1));
	enter_blocks(others);
	for (int i = 0; i < own; i++)
		__sanitizer_cov_trace_pc();
}

START_TEST(blocks_of_functions_that_are_called_after_a_fault_are_not_told)
{
	begin();
	fail_and_enter(0, 5);
	ck_assert_uint_eq(blocks_heard, 0);
	begin();
	fail_and_enter(2, 5);
	ck_assert_uint_eq(blocks_heard, 2);
}
END_TEST

START_TEST(the_last_blocks_after_a_fault_are_told_at_the_end)
{
	begin();
	fail_and_enter(1000, 0);
	unsigned first = blocks_heard;
	ck_assert_uint_lt(first, 1000);
	injection_over();
	ck_assert_uint_gt(blocks_heard, first);
	ck_assert_uint_le(blocks_heard, TRACE_TOLD_MAX);
	unsigned all = blocks_heard;
	__sanitizer_cov_trace_pc();
	injection_over();
	ck_assert_uint_eq(blocks_heard, all);
}
END_TEST

START_TEST(looks_at_errno_are_told_after_a_fault_with_what_it_held)
{
	begin();
	fail_next();
	*brakes___errno_location() = EIO;
	ck_assert_uint_eq(looks_heard, 0);
	ck_assert_ptr_null(brakes_malloc(1));
	ck_assert_int_eq(*brakes___errno_location(), ENOMEM);
	ck_assert_uint_eq(looks_heard, 1);
	ck_assert_int_eq(last_look, ENOMEM);
	errno = EPERM;
	ck_assert_int_eq(*brakes___errno_location(), EPERM);
	ck_assert_int_eq(last_look, EPERM);
	ck_assert_uint_eq(n_heard, 1);
}
END_TEST

/* --- heap ----------------------------------------------------------------- */

START_TEST(realloc_always_moves_and_keeps_the_text)
{
	begin();
	char *block = brakes_strdup("some text");
	for (size_t n = 64; n >= 10; n -= 6) {
		char *old = block;
		block = brakes_realloc(block, n);
		ck_assert_ptr_nonnull(block);
		ck_assert_ptr_ne(block, old);
		ck_assert_str_eq(block, "some text");
	}
	ck_assert_uint_eq(live(), 1);
	brakes_free(block);
	ck_assert_uint_eq(live(), 0);
}
END_TEST

START_TEST(realloc_of_null_is_an_acquisition)
{
	begin();
	char *block = brakes_realloc(NULL, 8);
	ck_assert_ptr_nonnull(block);
	ck_assert_uint_eq(live(), 1);
	brakes_free(block);
	block = brakes_reallocarray(NULL, 4, 4);
	ck_assert_ptr_nonnull(block);
	volatile size_t too_many = SIZE_MAX / 2;
	ck_assert_ptr_null(brakes_reallocarray(block, too_many, 4));
	ck_assert_int_eq(errno, ENOMEM);
	ck_assert_uint_eq(live(), 1);
	brakes_free(block);
	ck_assert_uint_eq(injection_ledger()->wrong, 0);
}
END_TEST

START_TEST(a_freed_block_is_filled)
{
	begin();
	unsigned char *block = brakes_malloc(32);
	memset(block, 'x', 32);
	brakes_free(block);
	for (int i = 0; i < 32; i++)
		ck_assert_int_eq(block[i], 0xDB);
}
END_TEST

static uint64_t stained;

static void hear_stain(uint64_t block)
{
	ck_assert_uint_eq(stained, 0);
	stained = block;
}

START_TEST(a_write_into_a_freed_block_is_told)
{
	begin();
	char *block = brakes_malloc(32), *other = brakes_malloc(32);
	brakes_free(other);
	brakes_free(block);
	quarantine_check(hear_stain);
	ck_assert_uint_eq(stained, 0);
	block[31] = 'x';
	quarantine_check(hear_stain);
	ck_assert_uint_eq(stained, (uint64_t)(uintptr_t)block);
}
END_TEST

START_TEST(a_second_free_is_refused)
{
	begin();
	char *block = brakes_malloc(32);
	brakes_free(block);
	brakes_free(block);
	ck_assert_uint_eq(injection_ledger()->wrong, 1);
	ck_assert_ptr_null(brakes_realloc(block, 64));
	ck_assert_uint_eq(injection_ledger()->wrong, 2);
}
END_TEST

START_TEST(a_pointer_into_a_block_is_refused)
{
	begin();
	char *block = brakes_malloc(32);
	brakes_free(block + 8);
	ck_assert_uint_eq(injection_ledger()->wrong, 1);
	ck_assert_uint_eq(live(), 1);
	brakes_free(block);
	ck_assert_uint_eq(live(), 0);
}
END_TEST

START_TEST(the_buffer_of_getline_is_a_block)
{
	begin();
	char *line = NULL;
	size_t size = 0;
	FILE *f = brakes_fopen(own_file("a", "one\ntwo\n"), "r");
	ck_assert_int_eq(brakes_getline(&line, &size, f), 4);
	ck_assert_int_eq(brakes_getline(&line, &size, f), 4);
	ck_assert_str_eq(line, "two\n");
	ck_assert_int_eq(brakes_getline(&line, &size, f), -1);
	brakes_fclose(f);
	ck_assert_uint_eq(live(), 1);
	brakes_free(line);
	ck_assert_uint_eq(live(), 0);
	ck_assert_uint_eq(injection_ledger()->wrong, 0);
}
END_TEST

START_TEST(a_buffer_that_getline_outgrows_is_not_leaked)
{
	char text[1000];
	memset(text, 'x', sizeof(text) - 1);
	text[sizeof(text) - 1] = '\0';
	begin();
	size_t size = 2;
	char *line = brakes_malloc(size);
	FILE *f = brakes_fopen(own_file("a", text), "r");
	ck_assert_int_eq(brakes_getline(&line, &size, f), 999);
	brakes_fclose(f);
	brakes_free(line);
	ck_assert_uint_eq(live(), 0);
	ck_assert_uint_eq(injection_ledger()->wrong, 0);
}
END_TEST

/* --- descriptors ---------------------------------------------------------- */

START_TEST(a_refused_second_close_closes_no_stranger)
{
	begin();
	int fd = brakes_open("/dev/null", O_RDONLY);
	ck_assert_int_eq(brakes_close(fd), 0);
	int stranger = open("/dev/null", O_RDONLY);
	ck_assert_int_eq(stranger, fd);
	errno = 0;
	ck_assert_int_eq(brakes_close(fd), -1);
	ck_assert_int_eq(errno, EBADF);
	ck_assert(is_open(stranger));
	ck_assert_uint_eq(injection_ledger()->wrong, 1);
	close(stranger);
}
END_TEST

START_TEST(a_close_of_what_was_never_opened_is_refused)
{
	int stranger = open("/dev/null", O_RDONLY);
	begin();
	ck_assert_int_eq(brakes_close(stranger), -1);
	ck_assert_int_eq(errno, EBADF);
	ck_assert(is_open(stranger));
	close(stranger);
}
END_TEST

START_TEST(a_close_that_is_made_to_fail_has_closed)
{
	begin();
	int fd = brakes_open("/dev/null", O_RDONLY);
	fail_next();
	ck_assert_int_eq(brakes_close(fd), -1);
	ck_assert(!is_open(fd));
	ck_assert_uint_eq(live(), 0);
	FILE *f = brakes_fopen("/dev/null", "r");
	fd = fileno(f);
	fail_next();
	ck_assert_int_eq(brakes_fclose(f), EOF);
	ck_assert(!is_open(fd));
	ck_assert_uint_eq(live(), 0);
}
END_TEST

START_TEST(a_file_is_made_with_the_mode_asked_for)
{
	struct stat status;
	umask(0);
	begin();
	int fd = brakes_open(own("a"), O_WRONLY | O_CREAT, 0640);
	ck_assert_int_eq(fstat(fd, &status), 0);
	ck_assert_int_eq(status.st_mode & 0777, 0640);
	ck_assert_int_eq(brakes_close(fd), 0);
	fd = brakes_openat(AT_FDCWD, own("b"), O_WRONLY | O_CREAT, 0604);
	ck_assert_int_eq(fstat(fd, &status), 0);
	ck_assert_int_eq(status.st_mode & 0777, 0604);
	ck_assert_int_eq(brakes_close(fd), 0);
}
END_TEST

START_TEST(a_failure_of_the_systems_own_is_told_too)
{
	begin();
	ck_assert_ptr_null(brakes_fopen(own("none/a"), "r"));
	ck_assert_int_eq(errno, ENOENT);
	ck_assert(last()->failed && !last()->faulted);
	ck_assert_int_eq(last()->err, ENOENT);
	ck_assert_int_eq(brakes_open(own("none/a"), O_RDONLY), -1);
	ck_assert_int_eq(last()->err, ENOENT);
	ck_assert_int_eq(brakes_dup(4000), -1);
	ck_assert_int_eq(last()->err, EBADF);
	ck_assert_uint_eq(live(), 0);
	ck_assert_uint_eq(injection_ledger()->wrong, 0);
}
END_TEST

START_TEST(both_ends_of_a_pipe_are_live_until_both_are_closed)
{
	int ends[2];
	begin();
	ck_assert_int_eq(brakes_pipe(ends), 0);
	ck_assert_uint_eq(live(), 2);
	ck_assert_int_eq(brakes_write(ends[1], "x", 1), 1);
	ck_assert_int_eq(brakes_close(ends[0]), 0);
	ck_assert_int_eq(brakes_close(ends[1]), 0);
	ck_assert_uint_eq(live(), 0);
}
END_TEST

START_TEST(dup2_closes_what_it_replaces_in_the_ledger_too)
{
	begin();
	int a = brakes_open("/dev/null", O_RDONLY);
	int b = brakes_open("/dev/null", O_RDONLY);
	ck_assert_int_eq(brakes_dup2(a, b), b);
	ck_assert_uint_eq(live(), 2);
	ck_assert_int_eq(brakes_dup2(a, a), a);
	ck_assert_uint_eq(live(), 2);
	int free_number = b + 20;
	ck_assert_int_eq(brakes_dup2(a, free_number), free_number);
	ck_assert_uint_eq(live(), 3);
	ck_assert_int_eq(brakes_close(a), 0);
	ck_assert_int_eq(brakes_close(b), 0);
	ck_assert_int_eq(brakes_close(free_number), 0);
	ck_assert_uint_eq(live(), 0);
	ck_assert_uint_eq(injection_ledger()->wrong, 0);
}
END_TEST

START_TEST(a_use_after_the_close_is_refused)
{
	begin();
	int fd = brakes_open(own("a"), O_RDWR | O_CREAT, 0600);
	brakes_close(fd);
	int stranger = open(own("b"), O_RDWR | O_CREAT, 0600);
	ck_assert_int_eq(stranger, fd);
	ck_assert_int_eq(brakes_write(fd, "x", 1), -1);
	ck_assert_int_eq(errno, EBADF);
	ck_assert_int_eq(lseek(stranger, 0, SEEK_END), 0);
	close(stranger);
}
END_TEST

/* --- streams -------------------------------------------------------------- */

START_TEST(fcntl_acquires_only_what_it_duplicates)
{
	begin();
	int fd = brakes_open("/dev/null", O_RDONLY);
	ck_assert_int_eq(brakes_fcntl(fd, F_SETFD, FD_CLOEXEC), 0);
	ck_assert_int_eq(brakes_fcntl(fd, F_GETFD), FD_CLOEXEC);
	ck_assert_uint_eq(live(), 1);
	int other = brakes_fcntl(fd, F_DUPFD, 10);
	ck_assert_int_ge(other, 10);
	ck_assert_uint_eq(live(), 2);
	brakes_close(fd);
	brakes_close(other);
	ck_assert_uint_eq(live(), 0);
	ck_assert_uint_eq(injection_ledger()->wrong, 0);
}
END_TEST

START_TEST(ferror_tells_of_what_was_made_to_fail)
{
	for (int i = 0; i < CALL_COUNT; i++) {
		struct stage stage;
		bool moves = i == CALL_fseek || i == CALL_ftell;
		if (!can_fail(i) || moves || calls[i].role != ROLE_USE ||
		    calls[i].gone != KIND_STREAM)
			continue;
		set_stage(&stage);
		ck_assert_int_eq(brakes_ferror(stage.f), 0);
		fail_next();
		make[i](&stage);
		ck_assert_msg(brakes_ferror(stage.f) != 0, "%s", calls[i].name);
		brakes_clearerr(stage.f);
		ck_assert_int_eq(brakes_ferror(stage.f), 0);
		clear_stage(i, &stage);
	}
}
END_TEST

START_TEST(ferror_tells_of_a_getline_that_was_made_to_fail)
{
	begin();
	char *line = NULL;
	size_t size = 0;
	FILE *f = brakes_fopen(own_file("a", "one\n"), "r");
	fail_next();
	ck_assert_int_eq(brakes_getline(&line, &size, f), -1);
	ck_assert_int_ne(brakes_ferror(f), 0);
	ck_assert_int_eq(brakes_feof(f), 0);
	brakes_free(line);
	brakes_fclose(f);
}
END_TEST

START_TEST(rewind_clears_the_error)
{
	begin();
	FILE *f = brakes_tmpfile();
	fail_next();
	brakes_fputs("x", f);
	ck_assert_int_ne(brakes_ferror(f), 0);
	brakes_rewind(f);
	ck_assert_int_eq(brakes_ferror(f), 0);
	brakes_fclose(f);
}
END_TEST

START_TEST(a_new_stream_begins_without_the_error_of_an_old_one)
{
	begin();
	for (int i = 0; i < 200; i++) {
		FILE *f = brakes_fopen(own("a"), "w");
		ck_assert_int_eq(brakes_ferror(f), 0);
		fail_next();
		brakes_fputs("x", f);
		ck_assert_int_ne(brakes_ferror(f), 0);
		ck_assert_int_eq(brakes_fclose(f), 0);
	}
}
END_TEST

START_TEST(a_closed_stream_is_not_taken_for_the_next_one)
{
	begin();
	FILE *old = brakes_fopen(own("a"), "w");
	ck_assert_int_eq(brakes_fclose(old), 0);
	FILE *f = brakes_fopen(own("b"), "w");
	ck_assert_int_eq(brakes_fputs("x", old), EOF);
	ck_assert_int_eq(brakes_fclose(old), EOF);
	ck_assert_uint_eq(injection_ledger()->wrong, 1);
	ck_assert_uint_eq(live(), 1);
	ck_assert_int_eq(brakes_fclose(f), 0);
}
END_TEST

START_TEST(what_was_written_is_in_the_file_once_the_stream_is_closed)
{
	char *text;
	size_t size;
	begin();
	FILE *f = brakes_fopen(own("a"), "w");
	brakes_fprintf(f, "line %d\n", 1);
	brakes_fputs("line 2\n", f);
	brakes_fputc('3', f);
	ck_assert_int_eq(brakes_fclose(f), 0);
	ck_assert_int_eq(read_file(own("a"), 100, &text, &size), 0);
	ck_assert_str_eq(text, "line 1\nline 2\n3");
	free(text);
}
END_TEST

START_TEST(what_a_stream_held_back_is_lost_when_its_close_is_made_to_fail)
{
	char *text;
	size_t size;
	begin();
	FILE *f = brakes_fopen(own("a"), "w");
	brakes_fputs("line 1\n", f);
	ck_assert_int_eq(brakes_fflush(f), 0);
	brakes_fputs("line 2\n", f);
	injection_plan((struct plan){ .mode = FAULT_ONCE, .point = 1 });
	ck_assert_int_eq(brakes_fclose(f), EOF);
	ck_assert_int_eq(read_file(own("a"), 100, &text, &size), 0);
	ck_assert_str_eq(text, "line 1\n");
	free(text);
}
END_TEST

START_TEST(a_stream_opened_again_begins_without_its_old_error)
{
	begin();
	FILE *f = brakes_fopen(own("a"), "w");
	fail_next();
	brakes_fputs("x", f);
	f = brakes_freopen(own("b"), "w", f);
	ck_assert_ptr_nonnull(f);
	ck_assert_int_eq(brakes_ferror(f), 0);
	brakes_fclose(f);
	ck_assert_uint_eq(live(), 0);
}
END_TEST

START_TEST(a_failed_freopen_has_closed_the_old_stream)
{
	begin();
	FILE *f = brakes_fopen(own("a"), "w");
	fail_next();
	ck_assert_ptr_null(brakes_freopen(own("b"), "w", f));
	ck_assert_uint_eq(live(), 0);
	f = brakes_fopen(own("a"), "w");
	ck_assert_ptr_null(brakes_freopen(own("none/b"), "w", f));
	ck_assert_int_eq(errno, ENOENT);
	ck_assert_msg(live() == 0, "the system's own failure keeps it live");
	ck_assert_uint_eq(injection_ledger()->wrong, 0);
}
END_TEST

START_TEST(a_second_fclose_is_refused)
{
	begin();
	FILE *f = brakes_fopen(own("a"), "w");
	ck_assert_int_eq(brakes_fclose(f), 0);
	ck_assert_int_eq(brakes_fclose(f), EOF);
	ck_assert_int_eq(errno, EBADF);
	ck_assert_int_lt(brakes_fprintf(f, "x"), 0);
	ck_assert_uint_eq(injection_ledger()->wrong, 1);
}
END_TEST

/* By pointers that promise nothing of a stream that is not NULL. */
static int (*const close_it)(FILE *) = brakes_fclose;
static int (*const print_to)(FILE *, const char *, ...) = brakes_fprintf;
static int (*const put_to)(const char *, FILE *) = brakes_fputs;
static int (*const ask_error)(FILE *) = brakes_ferror;
static FILE *(*const open_again)(const char *, const char *, FILE *) =
	brakes_freopen;

START_TEST(null_instead_of_a_stream_is_refused_and_survived)
{
	begin();
	ck_assert_int_eq(close_it(NULL), EOF);
	ck_assert_uint_eq(last()->gone, LEDGER_NULL);
	ck_assert_int_lt(print_to(NULL, "x"), 0);
	ck_assert_int_eq(put_to("x", NULL), EOF);
	ck_assert_int_ne(ask_error(NULL), 0);
	ck_assert_ptr_null(open_again(own("a"), "w", NULL));
	ck_assert_uint_gt(injection_ledger()->wrong, 0);
}
END_TEST

START_TEST(a_stream_over_a_descriptor_owns_it)
{
	begin();
	int fd = brakes_open(own("a"), O_RDWR | O_CREAT, 0600);
	FILE *f = brakes_fdopen(fd, "w");
	ck_assert_uint_eq(live(), 1);
	ck_assert_int_eq(brakes_close(fd), -1);
	ck_assert(is_open(fd));
	ck_assert_int_gt(brakes_fprintf(f, "text"), 0);
	ck_assert_int_eq(brakes_fclose(f), 0);
	ck_assert(!is_open(fd));
	ck_assert_uint_eq(live(), 0);
	ck_assert_uint_eq(injection_ledger()->wrong, 1);
}
END_TEST

START_TEST(a_memory_stream_leaves_its_block_to_be_freed)
{
	char *text = NULL;
	size_t size = 0;
	begin();
	FILE *f = brakes_open_memstream(&text, &size);
	ck_assert_int_eq(brakes_fprintf(f, "%d", 42), 2);
	ck_assert_int_eq(brakes_fclose(f), 0);
	ck_assert_str_eq(text, "42");
	ck_assert_uint_eq(live(), 1);
	brakes_free(text);
	ck_assert_uint_eq(live(), 0);
	ck_assert_uint_eq(injection_ledger()->wrong, 0);
}
END_TEST

/* Starts MODE and makes a stream in memory: one that grows, or one over ROOM. */
static FILE *open_in_memory(bool grows, char room[64], enum fault_mode mode)
{
	static char *text;
	static size_t size;
	free(text);
	text = NULL;
	begin();
	FILE *f = grows ? brakes_open_memstream(&text, &size) :
		  brakes_fmemopen(room, 64, "w+");
	ck_assert_ptr_nonnull(f);
	plan_next(mode);
	return f;
}

/* Demands that calls on a stream in memory that GROWS, or does not, fail for want of
 * room alone. */
static void expect_want_of_room(bool grows)
{
	static const enum fault_mode never[] = {
		FAULT_SHORT, FAULT_HALF, FAULT_INTERRUPTED,
	};
	int err = grows ? ENOMEM : ENOSPC;
	char room[64] = "";
	FILE *f = open_in_memory(grows, room, FAULT_ONCE);
	ck_assert_int_eq(brakes_fclose(f), EOF);
	ck_assert_int_eq(errno, err);
	f = open_in_memory(grows, room, FAULT_ON);
	ck_assert_uint_eq(brakes_fwrite("four", 1, 4, f), 0);
	ck_assert_int_eq(errno, err);
	ck_assert_int_eq(brakes_fflush(f), EOF);
	ck_assert_int_eq(errno, err);
	for (size_t i = 0; i < sizeof(never) / sizeof(*never); i++) {
		f = open_in_memory(grows, room, never[i]);
		ck_assert_uint_eq(brakes_fwrite("four", 1, 4, f), 4);
		ck_assert_int_eq(brakes_fflush(f), 0);
		ck_assert_int_eq(brakes_fclose(f), 0);
		ck_assert(!injection_struck());
	}
}

START_TEST(a_memory_stream_wants_for_room_and_fails_in_no_other_way)
{
	expect_want_of_room(true);
	expect_want_of_room(false);
}
END_TEST

START_TEST(a_memory_stream_is_read_and_asked_where_it_is_without_failing)
{
	char room[64] = "";
	FILE *f = open_in_memory(false, room, FAULT_ON);
	ck_assert_int_eq(brakes_fseek(f, 3, SEEK_SET), 0);
	ck_assert_int_eq(brakes_ftell(f), 3);
	brakes_fgetc(f);
	ck_assert(!injection_struck());
	ck_assert_int_eq(brakes_fclose(f), EOF);
}
END_TEST

START_TEST(a_memory_stream_whose_close_fails_has_lost_its_text)
{
	char *text = NULL;
	size_t size = 0;
	begin();
	FILE *f = brakes_open_memstream(&text, &size);
	ck_assert_int_eq(brakes_fputs("text", f) < 0, 0);
	plan_next(FAULT_ONCE);
	ck_assert_int_eq(brakes_fclose(f), EOF);
	ck_assert_str_eq(text, "");
	ck_assert_uint_eq(size, 0);
	brakes_free(text);
	ck_assert_uint_eq(live(), 0);
}
END_TEST

START_TEST(no_stream_gets_the_address_of_a_closed_memory_stream)
{
	char *text = NULL, room[8];
	size_t size = 0;
	begin();
	FILE *f = brakes_open_memstream(&text, &size);
	FILE *g = brakes_fmemopen(room, sizeof(room), "w");
	ck_assert_int_eq(brakes_fclose(f), 0);
	ck_assert_int_eq(brakes_fclose(g), 0);
	brakes_free(text);
	for (int i = 0; i < 20; i++) {
		FILE *next = i % 2 ? open_memstream(&text, &size) :
			     fmemopen(room, sizeof(room), "w");
		ck_assert_ptr_nonnull(next);
		ck_assert_int_ge(brakes_fputs("x", next), 0);
		fflush(next);
	}
	ck_assert_uint_eq(injection_ledger()->wrong, 0);
}
END_TEST

START_TEST(a_full_disk_is_told_by_fclose)
{
	begin();
	FILE *f = brakes_fopen("/dev/full", "w");
	ck_assert_int_gt(brakes_fprintf(f, "text"), 0);
	ck_assert_int_eq(brakes_fclose(f), EOF);
	ck_assert_int_eq(errno, ENOSPC);
	ck_assert(last()->failed && !last()->faulted);
	ck_assert_uint_eq(live(), 0);
}
END_TEST

/* Calls that cannot fail leave errno alone, and so does the end of a file: programs ask
 * errno then. */
START_TEST(a_call_that_ends_well_may_leave_errno_as_it_likes)
{
	char byte;
	begin();
	errno = 0;
	int fd = brakes_open("/dev/null", O_RDONLY);
	ck_assert_int_eq(errno, ERRNO_LEFT);
	errno = E2BIG;
	ck_assert_int_eq(brakes_read(fd, &byte, 1), 0);
	FILE *f = brakes_fopen("/dev/null", "r");
	errno = E2BIG;
	ck_assert_int_eq(brakes_fgetc(f), EOF);
	ck_assert_int_eq(brakes_ferror(f), 0);
	ck_assert_int_eq(errno, E2BIG);
	brakes_close(fd);
	ck_assert_int_eq(errno, ERRNO_LEFT);
	brakes_fclose(f);
	void *block = brakes_malloc(8);
	errno = E2BIG;
	brakes_free(block);
	ck_assert_int_eq(errno, E2BIG);
}
END_TEST

START_TEST(a_call_that_fails_by_itself_keeps_its_errno)
{
	begin();
	ck_assert_int_eq(brakes_open("/nowhere/a", O_RDONLY), -1);
	ck_assert_int_eq(errno, ENOENT);
	ck_assert_int_eq(brakes_write(-1, "x", 1), -1);
	ck_assert_int_eq(errno, EBADF);
	ck_assert_int_eq(brakes_unlink("/nowhere/a"), -1);
	ck_assert_int_eq(errno, ENOENT);
	ck_assert_ptr_null(brakes_opendir("/nowhere"));
	ck_assert_int_eq(errno, ENOENT);
}
END_TEST

/* --- broken versions made at run time ------------------------------------- */

static volatile unsigned closed_here;

/* The one place from which the next two tests close; counting afterwards keeps
 * the call from becoming a jump, which would leave no place. */
__attribute__((noinline)) static int close_here(int fd)
{
	int rc = brakes_close(fd);
	closed_here++;
	return rc;
}

/* Begins anew with CHANGE at the close of close_here. */
static void begin_changed(enum change change)
{
	begin();
	close_here(brakes_open("/dev/null", O_RDONLY));
	uint32_t there = last()->site.offset[0];
	begin();
	injection_change(change, 0, there);
}

START_TEST(a_release_that_is_skipped_leaves_it_open)
{
	begin_changed(CHANGE_SKIP);
	int fd = brakes_open("/dev/null", O_RDONLY);
	ck_assert_int_eq(close_here(fd), 0);
	ck_assert(is_open(fd));
	ck_assert_uint_eq(live(), 1);
	ck_assert_uint_eq(n_heard, 1);
	int other = brakes_open("/dev/null", O_RDONLY);
	ck_assert_int_eq(brakes_close(other), 0);
	ck_assert(!is_open(other));
}
END_TEST

START_TEST(a_release_that_is_doubled_is_told_twice)
{
	begin_changed(CHANGE_TWICE);
	int fd = brakes_open("/dev/null", O_RDONLY);
	ck_assert_int_eq(close_here(fd), 0);
	ck_assert(!is_open(fd));
	ck_assert_uint_eq(live(), 0);
	ck_assert_uint_eq(n_heard, 3);
	ck_assert_uint_eq(injection_ledger()->wrong, 1);
}
END_TEST

/* --- leaving -------------------------------------------------------------- */

/* Where a child that leaves tells its last step. */
static int leaving_fd;

static void tell_leaving(const struct step *step)
{
	if (write(leaving_fd, step, sizeof(*step)) != sizeof(*step))
		_exit(99);
}

/* Leaves by CALL in a child: its wait status, and its last step. */
static int leave_by(enum call call, struct step *ret_step)
{
	int ends[2], status = 0;
	ck_assert_int_eq(pipe(ends), 0);
	fflush(NULL);
	pid_t pid = fork();
	if (pid == 0) {
		begin();
		leaving_fd = ends[1];
		injection_start((struct listener){ .step = tell_leaving });
		if (call == CALL_abort)
			brakes_abort();
		if (call == CALL___assert_fail)
			brakes___assert_fail("a == b", "a.c", 1, "f");
		(call == CALL_exit ? brakes_exit :
		 call == CALL__exit ? brakes__exit : brakes_quick_exit)(7);
		_exit(98);
	}
	ck_assert_int_eq(waitpid(pid, &status, 0), pid);
	ck_assert_int_eq(read(ends[0], ret_step, sizeof(*ret_step)),
			 sizeof(*ret_step));
	close(ends[0]);
	close(ends[1]);
	return status;
}

START_TEST(leaving_is_told_and_then_done)
{
	static const enum call leaves[] = { CALL_exit, CALL__exit,
					    CALL_quick_exit };
	struct step step;
	for (size_t i = 0; i < 3; i++) {
		int status = leave_by(leaves[i], &step);
		ck_assert(WIFEXITED(status));
		ck_assert_int_eq(WEXITSTATUS(status), 7);
		ck_assert_int_eq(step.call, leaves[i]);
		ck_assert_str_eq(step.detail, "7");
	}
	int status = leave_by(CALL_abort, &step);
	ck_assert(WIFSIGNALED(status));
	ck_assert_int_eq(step.call, CALL_abort);
	status = leave_by(CALL___assert_fail, &step);
	ck_assert(WIFSIGNALED(status));
	ck_assert_int_eq(step.call, CALL___assert_fail);
	ck_assert_str_eq(step.detail, "a == b");
}
END_TEST

/* --- memory from further calls ------------------------------------------------ */

/* By pointers that promise nothing of a format: "%m" is not in ISO C. */
static int (*const scan_text)(const char *, const char *, ...) = brakes_sscanf;
static int (*const scan_file)(FILE *, const char *, ...) = brakes_fscanf;

START_TEST(what_scanf_allocates_is_a_block)
{
	char *word = NULL, *rest = NULL, letters[8];
	int number = 0, at = 0;
	begin();
	ck_assert_int_eq(scan_text("7 ab cd%", "%d %n%*s %m[^%]%%", &number,
				       &at, &word), 2);
	ck_assert_str_eq(word, "cd");
	ck_assert_uint_eq(live(), 1);
	brakes_free(word);
	ck_assert_int_eq(scan_text("x", "%7s %ms", letters, &rest), 1);
	ck_assert_uint_eq(live(), 0);
	FILE *f = brakes_fopen(own_file("a", "word []] 12"), "r");
	ck_assert_int_eq(scan_file(f, "%ms %m[][]%d", &word, &rest, &number),
			 3);
	ck_assert_uint_eq(live(), 3);
	brakes_free(word);
	brakes_free(rest);
	brakes_fclose(f);
	ck_assert_uint_eq(live(), 0);
	ck_assert_uint_eq(injection_ledger()->wrong, 0);
}
END_TEST

START_TEST(the_list_of_scandir_and_each_entry_are_blocks)
{
	struct dirent **list = NULL;
	begin();
	own_file("a", "");
	own_file("b", "");
	int n = brakes_scandir(own_folder, &list, NULL, alphasort);
	ck_assert_int_eq(n, 4);		/* with "." and ".." */
	ck_assert_uint_eq(live(), 5);
	while (n-- > 0)
		brakes_free(list[n]);
	brakes_free(list);
	ck_assert_uint_eq(live(), 0);
	ck_assert_uint_eq(injection_ledger()->wrong, 0);
}
END_TEST

START_TEST(a_name_is_a_block_only_where_its_room_was_not_given)
{
	char room[PATH_MAX];
	begin();
	ck_assert_ptr_eq(brakes_getcwd(room, sizeof(room)), room);
	ck_assert_ptr_eq(brakes_realpath(".", room), room);
	ck_assert_uint_eq(live(), 0);
	char *name = brakes_realpath(".", NULL);
	ck_assert_str_eq(name, room);
	ck_assert_uint_eq(live(), 1);
	brakes_free(name);
	ck_assert_ptr_null(brakes_realpath(own("none"), NULL));
	ck_assert_int_eq(last()->err, ENOENT);
	ck_assert_uint_eq(live(), 0);
}
END_TEST

__typeof__(open) brakes_open64;
__typeof__(fsync) brakes_fdatasync;

START_TEST(the_other_names_of_a_call_lead_to_its_wrapper)
{
	begin();
	int fd = brakes_open64(own("a"), O_RDWR | O_CREAT, 0600);
	ck_assert_int_ge(fd, 0);
	ck_assert_int_eq(last()->call, CALL_open);
	ck_assert_str_eq(last()->detail + strlen(last()->detail) - 2, "/a");
	ck_assert_int_eq(brakes_fdatasync(fd), 0);
	ck_assert_int_eq(last()->call, CALL_fsync);
	ck_assert_uint_gt(last()->site.offset[0], 0);
	brakes_close(fd);
}
END_TEST

START_TEST(signalfd_acquires_only_a_new_descriptor)
{
	sigset_t signals;
	begin();
	sigemptyset(&signals);
	int fd = brakes_signalfd(-1, &signals, 0);
	ck_assert_int_ge(fd, 0);
	ck_assert_int_eq(brakes_signalfd(fd, &signals, 0), fd);
	ck_assert_uint_eq(live(), 1);
	brakes_close(fd);
	ck_assert_uint_eq(live(), 0);
}
END_TEST

/* --- what calls give that are not watched --------------------------------------- */

START_TEST(a_descriptor_from_an_unwatched_call_may_be_closed_once)
{
	begin();
	unwatched_expect();
	unwatched_enter(injection_ledger());
	int fd = open("/dev/null", O_RDONLY);
	ck_assert_int_eq(brakes_close(fd), 0);
	ck_assert(!is_open(fd));
	ck_assert_uint_eq(live(), 0);
	ck_assert_uint_eq(injection_ledger()->wrong, 0);
	ck_assert_int_eq(brakes_close(fd), -1);
	ck_assert_int_eq(errno, EBADF);
	ck_assert_uint_eq(injection_ledger()->wrong, 1);
}
END_TEST

START_TEST(an_unwatched_descriptor_with_the_number_of_a_closed_one_is_another)
{
	char byte = 0;
	begin();
	unwatched_expect();
	unwatched_enter(injection_ledger());
	int fd = brakes_open("/dev/null", O_RDONLY);
	brakes_close(fd);
	ck_assert_int_eq(open("/dev/zero", O_RDONLY), fd);
	ck_assert_int_eq(brakes_read(fd, &byte, 1), 1);
	FILE *f = brakes_fdopen(fd, "r");
	ck_assert_ptr_nonnull(f);
	ck_assert_int_eq(brakes_fclose(f), 0);
	ck_assert_uint_eq(live(), 0);
	ck_assert_uint_eq(injection_ledger()->wrong, 0);
}
END_TEST

START_TEST(a_descriptor_that_others_opened_stays_refused)
{
	begin();
	int before = open("/dev/null", O_RDONLY);
	unwatched_expect();
	int own_fd = brakes_open("/dev/null", O_RDONLY);
	int unseen = open("/dev/null", O_RDONLY);
	ck_assert_int_eq(brakes_close(before), -1);
	ck_assert(is_open(before));
	unwatched_leave();
	int between = open("/dev/null", O_RDONLY);
	unwatched_enter(injection_ledger());
	ck_assert_int_eq(brakes_close(between), -1);
	ck_assert_int_eq(brakes_close(before), -1);
	ck_assert(is_open(between) && is_open(before));
	ck_assert_uint_eq(injection_ledger()->wrong, 3);
	ck_assert_int_eq(brakes_close(unseen), 0);
	ck_assert_int_eq(brakes_close(own_fd), 0);
	ck_assert_uint_eq(live(), 0);
	ck_assert_uint_eq(injection_ledger()->wrong, 3);
	close(before);
	close(between);
}
END_TEST

START_TEST(a_block_from_an_unwatched_call_may_be_freed_once)
{
	begin();
	unwatched_expect();
	char *block = malloc(100), *other = malloc(100);
	memset(block, 'x', 100);
	brakes_free(block);
	ck_assert_uint_eq(injection_ledger()->wrong, 0);
	brakes_free(block);
	ck_assert_uint_eq(injection_ledger()->wrong, 1);
	other = brakes_realloc(other, 200);
	ck_assert_ptr_nonnull(other);
	ck_assert_uint_eq(live(), 1);
	brakes_free(other);
	ck_assert_uint_eq(live(), 0);
	ck_assert_uint_eq(injection_ledger()->wrong, 1);
}
END_TEST

/* By a pointer that promises nothing of what it is handed. */
static void (*const free_it)(void *) = brakes_free;

START_TEST(what_cannot_be_a_block_stays_refused_and_is_survived)
{
	static _Alignas(16) char fixed[64];
	_Alignas(16) char local[64] = "";
	begin();
	unwatched_expect();
	char *block = brakes_malloc(64), *gone = brakes_malloc(64);
	brakes_free(gone);
	void *const wrong[] = { local, fixed, block + 16, block + 1, gone + 16,
				gone, (void *)16, (void *)(UINTPTR_MAX - 15),
				(void *)(uintptr_t)hear_step };
	for (unsigned i = 0; i < sizeof(wrong) / sizeof(*wrong); i++) {
		free_it(wrong[i]);
		ck_assert_msg(injection_ledger()->wrong == i + 1, "%u", i);
	}
	brakes_free(block);
	ck_assert_uint_eq(live(), 0);
}
END_TEST

START_TEST(without_unwatched_calls_a_stranger_stays_refused)
{
	begin();
	char *block = malloc(100);
	int fd = open("/dev/null", O_RDONLY);
	brakes_free(block);
	ck_assert_int_eq(brakes_close(fd), -1);
	ck_assert(is_open(fd));
	ck_assert_uint_eq(injection_ledger()->wrong, 2);
	free(block);
	close(fd);
}
END_TEST

/* --- threads -------------------------------------------------------------------- */

enum { THREADS = 6, ROUNDS = 400 };

/* Acquires, uses and releases one of each kind, ROUNDS times. */
static void *work(void *data)
{
	pthread_mutex_t *lock = data;
	for (int i = 0; i < ROUNDS; i++) {
		char *block = brakes_malloc(32);
		block = brakes_realloc(block, 64);
		int fd = brakes_open("/dev/null", O_WRONLY);
		FILE *f = brakes_fopen("/dev/null", "w");
		brakes_pthread_mutex_lock(lock);
		bool well = block && fd >= 0 && f &&
			    brakes_write(fd, "x", 1) == 1 &&
			    brakes_fputs("x", f) != EOF &&
			    brakes_ferror(f) == 0;
		brakes_pthread_mutex_unlock(lock);
		well = brakes_fclose(f) == 0 && well;
		well = brakes_close(fd) == 0 && well;
		brakes_free(block);
		if (!well)
			return "a call failed";
	}
	return NULL;
}

START_TEST(threads_that_acquire_and_release_lose_and_share_nothing)
{
	pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
	pthread_t threads[THREADS];
	begin();
	for (int i = 0; i < THREADS; i++)
		ck_assert_int_eq(pthread_create(&threads[i], NULL, work, &lock),
				 0);
	for (int i = 0; i < THREADS; i++) {
		void *wrong;
		pthread_join(threads[i], &wrong);
		ck_assert_msg(!wrong, "%s", (char *)wrong);
	}
	ck_assert_uint_eq(live(), 0);
	ck_assert_uint_eq(injection_ledger()->wrong, 0);
	ck_assert_uint_eq(injection_ledger()->steps, THREADS * ROUNDS * 12);
}
END_TEST

/* What a second thread gets to hear of a lock that the first one holds. */
struct second {
	pthread_mutex_t *lock;
	int tried, given_back;
};

static void *try_lock(void *data)
{
	struct second *second = data;
	second->tried = brakes_pthread_mutex_trylock(second->lock);
	second->given_back = brakes_pthread_mutex_unlock(second->lock);
	return NULL;
}

static void *wait_for_lock(void *data)
{
	struct second *second = data;
	second->tried = brakes_pthread_mutex_lock(second->lock);
	second->given_back = brakes_pthread_mutex_unlock(second->lock);
	return NULL;
}

/* Lets a second thread do WHAT while this one holds LOCK, which it gives back
 * before the second is waited for when WAITS says so. */
static struct second beside(void *(*what)(void *), bool waits)
{
	pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
	struct second second = { &lock, -1, -1 };
	pthread_t thread;
	ck_assert_int_eq(brakes_pthread_mutex_lock(&lock), 0);
	ck_assert_int_eq(pthread_create(&thread, NULL, what, &second), 0);
	if (!waits)
		pthread_join(thread, NULL);
	ck_assert_int_eq(brakes_pthread_mutex_unlock(&lock), 0);
	if (waits)
		pthread_join(thread, NULL);
	return second;
}

START_TEST(a_lock_of_another_thread_is_waited_for)
{
	begin();
	for (int i = 0; i < 100; i++) {
		struct second second = beside(wait_for_lock, true);
		ck_assert_int_eq(second.tried, 0);
		ck_assert_int_eq(second.given_back, 0);
	}
	ck_assert_uint_eq(live(), 0);
	ck_assert_uint_eq(injection_ledger()->wrong, 0);
}
END_TEST

START_TEST(only_the_thread_that_holds_a_lock_may_give_it_back)
{
	begin();
	struct second second = beside(try_lock, false);
	ck_assert_int_eq(second.tried, EBUSY);
	ck_assert_int_eq(second.given_back, EPERM);
	ck_assert_uint_eq(live(), 0);
	ck_assert_uint_eq(injection_ledger()->wrong, 1);
}
END_TEST

static volatile bool forked_all;

/* Calls wrappers until the others have forked. */
static void *call_on(void *data)
{
	(void)data;
	while (!forked_all)
		brakes_close(brakes_open("/dev/null", O_RDONLY));
	return NULL;
}

START_TEST(a_fork_beside_a_thread_that_calls_does_not_hang)
{
	pthread_t thread;
	int status;
	begin();
	ck_assert_int_eq(pthread_create(&thread, NULL, call_on, NULL), 0);
	for (int i = 0; i < 300; i++) {
		pid_t child = fork();
		if (child == 0) {
			brakes_free(brakes_malloc(8));
			_exit(0);
		}
		ck_assert_int_eq(waitpid(child, &status, 0), child);
		ck_assert_int_eq(status, 0);
	}
	forked_all = true;
	pthread_join(thread, NULL);
	ck_assert_uint_eq(live(), 0);
}
END_TEST

static volatile sig_atomic_t handled;

static void handle(int signal)
{
	(void)signal;
	handled++;
	brakes_write(leaving_fd, "x", 1);
}

/* Signals the thread at DATA again and again. */
static void *signal_on(void *data)
{
	for (int i = 0; i < 2000; i++)
		pthread_kill(*(pthread_t *)data, SIGUSR1);
	forked_all = true;
	return NULL;
}

START_TEST(a_handler_that_calls_in_the_midst_of_a_call_does_not_hang)
{
	pthread_t self = pthread_self(), thread;
	struct sigaction action = { .sa_handler = handle,
				    .sa_flags = SA_RESTART };
	begin();
	leaving_fd = brakes_open("/dev/null", O_WRONLY);
	sigaction(SIGUSR1, &action, NULL);
	ck_assert_int_eq(pthread_create(&thread, NULL, signal_on, &self), 0);
	while (!forked_all) {
		int fd = brakes_open("/dev/null", O_RDONLY);
		ck_assert_int_ge(fd, 0);
		ck_assert_int_eq(brakes_close(fd), 0);
	}
	pthread_join(thread, NULL);
	ck_assert_int_gt(handled, 0);
	ck_assert_uint_eq(live(), 1);
	ck_assert_uint_eq(injection_ledger()->wrong, 0);
}
END_TEST

TEST_PROGRAM("wrap",
	     every_call_that_can_fail_is_tried_here,
	     a_call_that_is_not_made_to_fail_succeeds,
	     every_call_fails_once_with_its_errno_and_then_no_more,
	     every_call_fails_with_its_errno_and_all_after_it_too,
	     every_call_fails_with_the_errno_that_is_asked_for,
	     a_transfer_that_comes_short_succeeds,
	     half_of_each_transfer_comes_from_there_on,
	     what_follows_a_part_fails,
	     pieces_are_cut_where_the_transfer_ends,
	     what_is_read_comes_short_of_what_there_is,
	     a_copy_comes_short,
	     a_stream_fails_when_a_part_is_transferred,
	     what_was_read_in_part_fails_until_its_error_is_cleared,
	     transfers_are_counted_alone_if_so_asked,
	     a_transfer_of_one_byte_is_never_short,
	     a_signal_interrupts_what_may_wait_and_nothing_else,
	     a_close_that_a_signal_interrupts_has_closed,
	     neighbours_in_a_cascade_fail_differently,
	     the_errno_that_is_asked_for_comes_first_and_others_after_it,
	     a_lasting_failure_is_that_of_one_place,
	     an_acquisition_that_is_made_to_fail_acquires_nothing,
	     a_use_that_is_made_to_fail_changes_no_file,
	     fault_points_are_counted_from_the_start_of_the_plan,
	     a_call_that_cannot_fail_is_no_fault_point,
	     without_a_plan_nothing_strikes,
	     what_other_code_calls_is_neither_failed_nor_counted,
	     the_standard_streams_are_never_failed_and_never_counted,
	     a_step_tells_where_and_about_what_it_was,
	     the_trail_is_the_last_block_and_needs_no_fault,
	     processor_time_has_an_end_and_can_be_given_back,
	     blocks_are_told_after_a_fault_and_not_without_end,
	     blocks_of_functions_that_are_called_after_a_fault_are_not_told,
	     the_last_blocks_after_a_fault_are_told_at_the_end,
	     looks_at_errno_are_told_after_a_fault_with_what_it_held,
	     realloc_always_moves_and_keeps_the_text,
	     realloc_of_null_is_an_acquisition,
	     a_freed_block_is_filled,
	     a_write_into_a_freed_block_is_told,
	     a_second_free_is_refused,
	     a_pointer_into_a_block_is_refused,
	     the_buffer_of_getline_is_a_block,
	     a_buffer_that_getline_outgrows_is_not_leaked,
	     a_refused_second_close_closes_no_stranger,
	     a_close_of_what_was_never_opened_is_refused,
	     a_close_that_is_made_to_fail_has_closed,
	     a_file_is_made_with_the_mode_asked_for,
	     a_failure_of_the_systems_own_is_told_too,
	     both_ends_of_a_pipe_are_live_until_both_are_closed,
	     dup2_closes_what_it_replaces_in_the_ledger_too,
	     a_use_after_the_close_is_refused,
	     fcntl_acquires_only_what_it_duplicates,
	     ferror_tells_of_what_was_made_to_fail,
	     ferror_tells_of_a_getline_that_was_made_to_fail,
	     rewind_clears_the_error,
	     a_new_stream_begins_without_the_error_of_an_old_one,
	     a_closed_stream_is_not_taken_for_the_next_one,
	     what_was_written_is_in_the_file_once_the_stream_is_closed,
	     what_a_stream_held_back_is_lost_when_its_close_is_made_to_fail,
	     a_stream_opened_again_begins_without_its_old_error,
	     a_failed_freopen_has_closed_the_old_stream,
	     a_second_fclose_is_refused,
	     null_instead_of_a_stream_is_refused_and_survived,
	     a_stream_over_a_descriptor_owns_it,
	     a_memory_stream_leaves_its_block_to_be_freed,
	     a_memory_stream_wants_for_room_and_fails_in_no_other_way,
	     a_memory_stream_is_read_and_asked_where_it_is_without_failing,
	     a_memory_stream_whose_close_fails_has_lost_its_text,
	     no_stream_gets_the_address_of_a_closed_memory_stream,
	     a_full_disk_is_told_by_fclose,
	     a_call_that_ends_well_may_leave_errno_as_it_likes,
	     a_call_that_fails_by_itself_keeps_its_errno,
	     a_release_that_is_skipped_leaves_it_open,
	     a_release_that_is_doubled_is_told_twice,
	     leaving_is_told_and_then_done,
	     what_scanf_allocates_is_a_block,
	     the_list_of_scandir_and_each_entry_are_blocks,
	     a_name_is_a_block_only_where_its_room_was_not_given,
	     the_other_names_of_a_call_lead_to_its_wrapper,
	     signalfd_acquires_only_a_new_descriptor,
	     a_descriptor_from_an_unwatched_call_may_be_closed_once,
	     an_unwatched_descriptor_with_the_number_of_a_closed_one_is_another,
	     a_descriptor_that_others_opened_stays_refused,
	     a_block_from_an_unwatched_call_may_be_freed_once,
	     what_cannot_be_a_block_stays_refused_and_is_survived,
	     without_unwatched_calls_a_stranger_stays_refused,
	     threads_that_acquire_and_release_lose_and_share_nothing,
	     a_lock_of_another_thread_is_waited_for,
	     only_the_thread_that_holds_a_lock_may_give_it_back,
	     a_fork_beside_a_thread_that_calls_does_not_hang,
	     a_handler_that_calls_in_the_midst_of_a_call_does_not_hang)
