#!/bin/sh
# test_idioms.sh: the functions of lessons/IDIOMS.md compile without a warning, return
# the error of a call that fails, and leave nothing open.
set -u
cd "${0%/*}/../.." || exit 1
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
# shellcheck source=grader/tests/cases.sh
. grader/tests/cases.sh

{
	cat <<-'END'
	#include <assert.h>
	#include <errno.h>
	#include <fcntl.h>
	#include <stdio.h>
	#include <stdlib.h>

	static int use(char *text, FILE *file)
	{
		return fread(text, 1, 8, file) == 8 ? 0 : -ENODATA;
	}
	END
	sed -n 's/^    //p' lessons/IDIOMS.md
	cat <<-'END'

	static int read_eight(FILE *file, void *data)
	{
		return use(data, file);
	}

	static int open_now(void)
	{
		int count = 0;

		for (int fd = 0; fd < 64; fd++)
			count += fcntl(fd, F_GETFD) != -1;
		return count;
	}

	int main(void)
	{
		const char *const paths[] = { "/dev/zero", "/dev/null", "/nowhere" };
		FILE *files[3], *zero = fopen("/dev/zero", "r");
		struct box *box = calloc(1, sizeof *box);
		char eight[8], *text = NULL;
		int before = open_now();

		assert(zero && box);
		assert(with_labels("/nowhere") == -ENOENT);
		assert(with_labels("/dev/null") == -ENODATA);
		assert(with_labels("/dev/zero") == 0);
		assert(with_ifs("/nowhere") == -ENOENT);
		assert(with_ifs("/dev/null") == -ENODATA);
		assert(with_ifs("/dev/zero") == 0);
		assert(with_scope(zero) == 0);
		assert(with_file("/nowhere", read_eight, eight) == -ENOENT);
		assert(with_file("/dev/null", read_eight, eight) == -ENODATA);
		assert(with_file("/dev/zero", read_eight, eight) == 0);
		assert(open_all(paths, files, 3) == -ENOENT);
		assert(open_now() == before);
		assert(open_all(paths, files, 2) == 0);
		assert(fclose(files[0]) == 0 && fclose(files[1]) == 0);
		assert(new_text(8, &text) == 0);
		free(take(&text));
		assert(!text);
		box->file = zero;
		assert(box_close(&box) == 0 && !box);
		assert(box_close(&box) == 0);
		assert(open_now() == before - 1);
		return 0;
	}
	END
} >"$work/idioms.c"
words=$(gcc -std=gnu11 -Wall -Wextra -Wshadow -Wjump-misses-init -Wno-missing-prototypes \
	-fsanitize=address,undefined -o "$work/idioms" "$work/idioms.c" 2>&1)
[ -z "$words" ]
ok 'the functions compile without a warning' $?
printf '%s' "$words" | sed 's/^/# /'
said=$("$work/idioms" 2>&1)
ok 'each returns the error of the call that failed, and leaves nothing open' $?
printf '%s' "$said" | sed 's/^/# /'
exit "$failed"
