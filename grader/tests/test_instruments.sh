#!/bin/sh
# What happens when a tool is missing, or lies, at grading time: never a grade.
# Prints "ok" and "not ok" lines; ends with status 1 if one is not ok.
# shellcheck disable=SC2317  # the functions below are run by ok
set -u
cd "${0%/*}/../.." || exit
folder=$(mktemp -d) || exit
trap 'rm -rf "$folder"' EXIT
status=0

# ok WHAT COMMAND...: tells whether COMMAND holds.
ok() {
	what=$1
	shift
	if "$@"; then
		echo "ok - $what"
	else
		echo "not ok - $what"
		sed 's/^/    /' "$folder/out" "$folder/err" | head -n 20
		status=1
	fi
}

# Fills $folder/bin with links to every program on the PATH but those named.
path_without() {
	rm -rf "${folder:?}/bin"
	mkdir "$folder/bin"
	for dir in /usr/local/bin /usr/bin /bin; do
		ln -s "$dir"/* "$folder/bin" 2>/dev/null
	done
	for name; do
		rm -f "$folder/bin/$name"
	done
}

# Puts a script in the place of the program $1.
instead_of() {
	rm -f "$folder/bin/$1"
	cat >"$folder/bin/$1"
	chmod +x "$folder/bin/$1"
}

# Puts a gcovr in place whose Python module is the standard input: without a module that
# can be found, no gcovr is started.
gcovr_of() {
	mkdir -p "$folder/modules/gcovr"
	: >"$folder/modules/gcovr/__init__.py"
	cat >"$folder/modules/gcovr/__main__.py"
	echo '#!/usr/bin/python3' | instead_of gcovr
	export PYTHONPATH="$folder/modules"
}

# Grades with that PATH and keeps what it says.
grade() {
	PATH="$folder/bin" build/brakes grade 12 --from solutions --format json \
		>"$folder/out" 2>"$folder/err"
	ended=$?
}

# Whether it ended with status 3, gave no points, and said $1.
no_grade() {
	[ "$ended" -eq 3 ] && grep -q '"outcome": "grader_fault"' "$folder/out" &&
		grep -q '"status": "error"' "$folder/out" &&
		! grep -q '"score": [1-9]' "$folder/out" &&
		grep -q "$1" "$folder/out" "$folder/err"
}

path_without nothing
grade
ok 'with every tool there the solution passes' test "$ended" -eq 0

path_without gcc
grade
ok 'without a compiler there is no grade, and gcc is named' no_grade 'install gcc'

path_without objcopy
grade
ok 'without objcopy there is no grade, and binutils is named' \
	no_grade 'binutils'

path_without gcovr
grade
ok 'without gcovr there is no grade, and gcovr is named' no_grade 'gcovr is missing'

path_without
gcc=$(command -v gcc)
instead_of gcc <<-END
	#!/bin/sh
	case \$* in
	*test_day.c*)
		echo 'test_day.c:2:10: fatal error: check.h: No such file or directory' >&2
		exit 1 ;;
	esac
	exec $gcc "\$@"
END
grade
ok 'without Check there is no grade, and Check is named' no_grade 'Check is missing'

path_without
gcovr_of <<-'END'
	def main():
	    print('{ "gcovr/format_version": "0.6", "files": [] }')
END
grade
ok 'a gcovr that finds no data is a fault of the grader' \
	no_grade 'found no coverage data'

gcovr_of <<-'END'
	def main():
	    raise OSError('the disk is gone')
END
grade
ok 'a gcovr that fails is a fault of the grader' no_grade 'OSError: the disk is gone'

gcovr_of <<-'END'
	def main():
	    print('{ "files": [ 7, {"file": 1}, {"file": "day.c", "lines": 3} ] }')
END
grade
ok 'a gcovr that tells nonsense is a fault of the grader' \
	no_grade 'found no coverage data'

path_without
unset PYTHONPATH
instead_of gcovr <<-'END'
	#!/bin/sh
	echo '{ "gcovr/format_version": "0.6", "files": [] }'
END
grade
ok 'a gcovr whose modules cannot be found is named' no_grade 'no Python program'

# A network of its own has nothing in it, not even an address.
if unshare -rn true 2>/dev/null; then
	unshare -rn build/brakes grade 12 --from solutions --format json \
		>"$folder/out" 2>"$folder/err"
	ended=$?
	ok 'with no network the solution passes all the same' test "$ended" -eq 0
else
	echo 'skip - with no network: unshare is not permitted here'
fi

exit "$status"
