#!/bin/sh
# test_reset.sh: make reset-NN brings the starter back and keeps what it replaces,
# whatever else of the workbook is broken, with git or without it.
# shellcheck disable=SC2317  # the functions below are run by ok
set -u
cd "${0%/*}/../.." || exit 1
work=$(mktemp -d) || exit 1
chmod 755 "$work"
trap 'rm -rf "$work"' EXIT
failed=0

# ok TITLE COMMAND...: prints the line of one test, which holds when COMMAND does.
ok() {
	title=$1
	shift
	if "$@" >"$work/said" 2>&1; then
		echo "ok - $title"
	else
		echo "not ok - $title"
		sed 's/^/# /' "$work/said"
		failed=1
	fi
}

# Makes $book, a copy of the workbook as a zip download is: without its history, and
# with the program alone built.
unzip_book() {
	book="$work/$1"
	mkdir -p "$book/build" &&
		cp -R Makefile exercises lessons solutions grader "$book" &&
		cp build/brakes "$book/build"
}

# Runs $@ in the copy.
in_book() (
	cd "$book" && "$@"
)

# Whether reset of 00 says the words $1 and leaves every file of it pristine.
resets() {
	in_book build/brakes reset 00 >"$work/out" 2>&1 </dev/null ||
		{ cat "$work/out" && return 1; }
	cat "$work/out"
	grep -q -e "$1" "$work/out" && pristine
}

# Whether the files of 00 are those of its starter.
pristine() {
	for file in "$book"/grader/exercises/00_start/starter/*; do
		cmp "$file" "$book/exercises/00_start/${file##*/}" || return 1
	done
}

# Whether the file $1 of 00 holds the word $2.
keeps() {
	grep -q -e "$2" "$book/exercises/00_start/$1"
}

unzip_book zip
echo '/* first */' >>"$book/exercises/00_start/note.c"
ok 'a zip download is reset, without git' resets 'kept as note.c.mine'
ok 'and the edited file is kept' keeps note.c.mine first
ok 'a second time there is nothing to do' resets 'already'
echo '/* second */' >>"$book/exercises/00_start/note.c"
ok 'a second file is kept under a second name' resets 'note.c.mine.2'
ok 'and the first stays as it was' keeps note.c.mine first

rm "$book/exercises/00_start/note.h"
mkdir "$book/exercises/00_start/test_note.c.new"
rm "$book/exercises/00_start/test_note.c"
mv "$book/exercises/00_start/test_note.c.new" "$book/exercises/00_start/test_note.c"
ok 'a header that is missing and a folder in a file'"'"'s place are reset' \
	resets 'test_note.c.mine'
echo precious >"$work/elsewhere"
ln -sf "$work/elsewhere" "$book/exercises/00_start/note.c"
ok 'a link is kept as a link' resets 'note.c.mine.3'
ok 'and what it leads to is not touched' grep -q precious "$work/elsewhere"
rm -r "$book/exercises/00_start"
ok 'a folder that is gone comes back' resets 'note.c is the starter'
rm -r "$book/exercises"
ok 'and so it does when all of them are gone' resets 'note.c is the starter'

# What is broken here would stop every other command; and nothing can be built or
# installed. The times of the files stay, so make knows that brakes is built.
book="$work/broken"
mkdir "$book" && tar -cf - --exclude=./.git --exclude='./build/tests/*' \
	--exclude=./build/sanitized --exclude=./build/fuzz . | tar -xf - -C "$book"
rm -f "$book/build/setup.run" "$book"/build/exercises/*/reference.json
echo '#error broken' >>"$book/exercises/00_start/note.h"
echo '#error broken' >"$book/exercises/00_start/note.c"
rm -r "$book/exercises/02_unwind" "$book/exercises/03_scope"
echo broken >"$book/exercises/02_unwind"
echo broken >"$book/lessons/00_start.c"
echo broken >"$book/solutions/00_start/note.c"
echo broken >"$book/grader/exercises/00_start/suite.c"
echo broken >"$book/grader/grading/calibrate_main.c"
mkdir "$work/bin"
for tool in gcc cc ld ar git apt-get sudo; do
	printf '#!/bin/sh\necho %s is broken >&2\nexit 1\n' "$tool" >"$work/bin/$tool"
	chmod +x "$work/bin/$tool"
done
make_reset() {
	in_book env -u MAKEFLAGS PATH="$work/bin:$PATH" make reset-00 && pristine
}
ok 'make reset-00 works when nothing else does' make_reset

unzip_book newer
mkdir -p "$book/build/exercises/00_start"
cp -R "$book/grader/exercises/00_start/starter" "$book/build/exercises/00_start"
echo '/* mine */' >>"$book/exercises/00_start/note.c"
echo '/* TODO: newer */' >>"$book/grader/exercises/00_start/starter/note.c"
ok 'a starter that a newer workbook has changed is told' \
	resets 'note.c is the starter again, which has changed since you began; yours is kept'
ok 'and the work on the old one is kept' keeps note.c.mine mine
touch "$book/exercises/00_start/note.h.mine"
rm "$book/exercises/00_start/note.h"
ok 'one that has not changed is not' resets 'note.h is the starter again$'

# A checkout that belongs to another user, with its history.
unzip_book other
if [ "$(id -u)" -ne 0 ] || ! setpriv --reuid=65534 --regid=65534 --clear-groups \
	test -x "$book/build/brakes"; then
	echo 'skip - in the checkout of another user: root alone can try that here'
else
	in_book git init -q . && in_book git add -A &&
		in_book git -c user.name=a -c user.email=a@b commit -qm workbook
	echo '/* mine */' >>"$book/exercises/00_start/note.c"
	in_book git -c user.name=a -c user.email=a@b commit -qam mine
	chmod -R a+rwX "$book/exercises"
	as_other() {
		in_book setpriv --reuid=65534 --regid=65534 --clear-groups \
			build/brakes reset 00 && pristine
	}
	ok 'in the checkout of another user, after a commit' as_other
fi
exit $failed
