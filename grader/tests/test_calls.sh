#!/bin/sh
# test_calls.sh - every function that libc exports and its headers declare is in one of
# three tables: calls.def (watched), harmless.def (with the reason), unknown.def (what it
# does, and that it is not watched). Prints how many of each there are.
set -u
export LC_ALL=C
ledger=grader/ledger
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
failed=0
headers='aio argz arpa/inet assert byteswap ctype dirent dlfcn envz err errno error
execinfo fcntl fmtmsg fnmatch fts ftw getopt glob grp iconv ifaddrs inttypes langinfo
libgen libintl locale malloc mcheck mntent monetary mqueue net/if netdb netinet/ether
netinet/in obstack poll printf pthread pty pwd regex resolv sched search semaphore setjmp
shadow signal spawn stdio stdio_ext stdlib string strings sys/auxv sys/epoll sys/eventfd
sys/fanotify sys/file sys/fsuid sys/inotify sys/ioctl sys/ipc sys/klog sys/mman sys/mount
sys/msg sys/personality sys/pidfd sys/poll sys/prctl sys/ptrace sys/quota sys/random
sys/reboot sys/resource sys/select sys/sem sys/sendfile sys/shm sys/signalfd sys/socket
sys/stat sys/statfs sys/statvfs sys/swap sys/sysinfo sys/sysmacros sys/time sys/timeb
sys/timerfd sys/times sys/timex sys/uio sys/utsname sys/wait sys/xattr syslog termios
threads time ttyent uchar ucontext unistd utime utmp utmpx wchar wctype wordexp'

# ok TITLE STATUS: prints the line of one test.
ok() {
	if [ "$2" -eq 0 ]; then
		echo "ok - $1"
	else
		echo "not ok - $1"
		failed=1
	fi
}

# Prints the names of the rows that begin with $1 in the file $2, those that are followed
# by $3 alone when that is given.
rows() {
	sed -n "s/^$1(\([a-zA-Z_0-9]*\)${3-[,)]}.*/\1/p" "$2"
}

# Prints the names of functions that the headers declare.
declared() {
	for header in $headers; do
		printf '#if __has_include(<%s.h>)\n#include <%s.h>\n#endif\n' \
			"$header" "$header"
	done >"$work/all.c"
	gcc -D_GNU_SOURCE -U_FORTIFY_SOURCE -E -P "$work/all.c" |
		grep -oE '[a-z][a-zA-Z0-9_]* *\(' | tr -d ' (' | sort -u
}

libc=$(gcc -print-file-name=libc.so.6)
nm -D --defined-only "$libc" | sed -n 's/.* [TWi] \([a-z][^@]*\).*/\1/p' |
	sort -u >"$work/exported"
declared >"$work/declared"
comm -12 "$work/exported" "$work/declared" >"$work/libc"
[ "$(wc -l <"$work/libc")" -gt 1000 ]
ok "libc and its headers have more than a thousand functions in common" $?

{ rows CALL $ledger/calls.def; rows ALIAS $ledger/calls.def; } |
	sort >"$work/watched"
rows HARMLESS $ledger/harmless.def | sort >"$work/harmless"
rows UNKNOWN $ledger/unknown.def | sort >"$work/unknown"
sort "$work/watched" "$work/harmless" "$work/unknown" >"$work/all"

uniq -d "$work/all" >"$work/twice"
[ ! -s "$work/twice" ]
ok "no function is in the tables twice: $(tr '\n' ' ' <"$work/twice")" $?

sort -u "$work/all" | comm -23 "$work/libc" - >"$work/missing"
[ ! -s "$work/missing" ]
ok "no function of libc is in none of them: $(tr '\n' ' ' <"$work/missing")" $?

grep '^UNKNOWN' $ledger/unknown.def |
	grep -qvE ', (ACQUIRES|RELEASES|LEAVES|FAILS)\)$'
[ $? -eq 1 ]
ok "unknown.def says of each function what it does" $?

awk '/WHY:/ { why = 1 } /^HARMLESS/ && !why { exit 1 }' $ledger/harmless.def
ok "harmless.def gives the reason before its first row" $?

# count WORDS TABLE: how many names of the file are functions of libc, and how many in all.
count() {
	echo "# $1: $(sort -u "$2" | comm -12 - "$work/libc" | wc -l) of libc," \
		"$(sort -u "$2" | wc -l) with those of other libraries"
}
calls() {
	grep "^CALL([a-zA-Z_0-9]*, \($1\), [A-Z]*, [A-Z]*, $2" $ledger/calls.def |
		sed 's/^CALL(\([^,]*\),.*/\1/' >"$work/some"
}
count "watched" "$work/watched"
calls 'ACQUIRE\|TRANSFER' '' && count "watched, acquire" "$work/some"
calls 'RELEASE\|TRANSFER' '' && count "watched, release" "$work/some"
calls '[A-Z]*' FAILS && count "watched, can fail" "$work/some"
count "harmless" "$work/harmless"
awk '/WHY:/ { sub(/.*WHY: /, ""); sub(/ \*\/.*/, ""); why = $0 }
	/^HARMLESS/ { n[why]++ }
	END { for (why in n) print "#   " n[why] ": " why }' $ledger/harmless.def |
	sort
count "unknown" "$work/unknown"
for what in ACQUIRES RELEASES LEAVES FAILS; do
	rows UNKNOWN $ledger/unknown.def ", $what" >"$work/some"
	count "unknown, $what" "$work/some"
done
exit $failed
