/* test_fuzz.c - what is kept of fuzzing (make fuzz) is read again: every file
 * of fuzz/NAME/ goes through fuzz_NAME in a process of its own, which comes back
 * in time. Files named valid_... are taken for what they claim to be. */
#include <dirent.h>
#include <sys/wait.h>
#include "suite.h"

#define LLVMFuzzerTestOneInput fuzz_catalog
#include "fuzz/fuzz_catalog.c"
#undef LLVMFuzzerTestOneInput
#define LLVMFuzzerTestOneInput fuzz_coverage
#include "fuzz/fuzz_coverage.c"
#undef LLVMFuzzerTestOneInput
#define LLVMFuzzerTestOneInput fuzz_wire
#include "fuzz/fuzz_wire.c"
#undef LLVMFuzzerTestOneInput

enum { INPUT_MAX = 64 << 10, INPUT_SECONDS = 10 };

/* How a process says, by its exit status, what it has come to. */
enum { REFUSED = 10, TAKEN };

typedef int target_function(const uint8_t *data, size_t size);

/* The process of one file: it ends by itself, or by the alarm. */
__attribute__((noreturn))
static void replay(target_function *target, const char *text, size_t size)
{
	setenv("TMPDIR", own_folder, 1);
	alarm(INPUT_SECONDS);
	target((const uint8_t *)text, size);
	_exit(fuzz_taken > 0 ? TAKEN : REFUSED);
}

/* Puts one file through TARGET: whether it was taken. */
static bool comes_back(target_function *target, const char *path)
{
	char *text;
	size_t size;
	int status;
	ck_assert_int_eq(read_file(path, INPUT_MAX, &text, &size), 0);
	pid_t child = fork();
	if (child == 0)
		replay(target, text, size);
	free(text);
	ck_assert_int_gt(child, 0);
	ck_assert_int_eq(waitpid(child, &status, 0), child);
	ck_assert_msg(!WIFSIGNALED(status), "%s: SIG%s", path,
		      sigabbrev_np(WTERMSIG(status)));
	int said = WEXITSTATUS(status);
	ck_assert_msg(said == TAKEN || said == REFUSED, "%s: exit status %d",
		      path, said);
	return said == TAKEN;
}

/* Puts every file of fuzz/NAME through TARGET. */
static void all_come_back(target_function *target, const char *name)
{
	char folder[64], path[PATH_MAX];
	unsigned valid = 0, refused = 0;
	snprintf(folder, sizeof(folder), "grader/tests/fuzz/%s", name);
	DIR *dir = opendir(folder);
	ck_assert_ptr_nonnull(dir);
	for (struct dirent *entry; (entry = readdir(dir)) != NULL;) {
		if (entry->d_name[0] == '.')
			continue;
		snprintf(path, sizeof(path), "%s/%s", folder, entry->d_name);
		bool taken = comes_back(target, path);
		bool is_valid = strncmp(entry->d_name, "valid_", 6) == 0;
		ck_assert_msg(taken || !is_valid, "%s was refused", path);
		valid += is_valid;
		refused += !taken;
	}
	closedir(dir);
	ck_assert_uint_gt(valid, 0);
	ck_assert_uint_gt(refused, 0);
}

START_TEST(whatever_a_worker_says_the_run_comes_to_its_end)
{
	all_come_back(fuzz_wire, "wire");
}
END_TEST

START_TEST(whatever_gcovr_prints_is_read_or_refused)
{
	all_come_back(fuzz_coverage, "coverage");
}
END_TEST

START_TEST(whatever_describes_an_exercise_is_read_or_refused)
{
	all_come_back(fuzz_catalog, "catalog");
}
END_TEST

TEST_PROGRAM("fuzz",
	     whatever_a_worker_says_the_run_comes_to_its_end,
	     whatever_gcovr_prints_is_read_or_refused,
	     whatever_describes_an_exercise_is_read_or_refused)
