# Brakes, Not Airbags. `make help` lists what can be typed.

MAKEFLAGS += --no-builtin-rules --no-print-directory
.SUFFIXES:

B := build
CC := gcc
CFLAGS := -std=c11 -D_GNU_SOURCE -O2 -g -fno-omit-frame-pointer \
	-Wall -Wextra -Wpedantic -Wshadow -Wstrict-prototypes
GRADER_FLAGS = $(CFLAGS) -Igrader -Igrader/judge -Igrader/worker

# What each program is made of. Whole rooms, so that no list is edited.
BRAKES_C := $(wildcard grader/*.c grader/judge/*.c grader/report/*.c)
BESIDE_C := $(addprefix grader/,cell.c folder.c ledger.c spawn.c wire.c \
	$(addprefix worker/,confine.c load.c quarantine.c restrain.c stubs.c stubs_lock.c \
	stubs_sqlite.c stubs_table.c watch.c))
HEADERS := $(wildcard grader/*.h grader/*.def grader/*/*.h)

objects = $(patsubst grader/%.c,$(B)/grader/%.o,$(1))

EXERCISES := $(notdir $(wildcard grader/exercises/*))
NUMBERS := $(foreach e,$(EXERCISES),$(firstword $(subst _, ,$(e))))
READY := $(EXERCISES:%=$(B)/exercises/%/reference.json)
TOOLS := $(B)/brakes $(B)/worker $(B)/prover $(B)/shim.o $(B)/confined \
	$(B)/filter.bpf $(B)/filter.shared.bpf $(B)/probe

TESTS_C := $(wildcard grader/tests/test_*.c)
TESTS_SH := $(wildcard grader/tests/test_*.sh)
TESTS := $(TESTS_C:grader/tests/%.c=$(B)/tests/%)
TEST_TOOLS := $(B)/tests/adopt $(B)/tests/deeds $(B)/tests/refuse_namespaces

.DEFAULT_GOAL := map
.PHONY: map ready all help test bench check lint sanitize fuzz clean FORCE \
	$(NUMBERS)

# --- what a learner types -------------------------------------------------------

# Something to fix (status 1) is no error of make's.
BRAKES = @$(B)/brakes
OR_TO_FIX = || test $$? -eq 1

map: ready
	$(BRAKES) $(OR_TO_FIX)

$(NUMBERS): ready
	$(BRAKES) grade $@ $(if $(FAIL),--fail $(FAIL)) \
		$(if $(DEBUG),--debug) $(OR_TO_FIX)

hint-%: ready
	$(BRAKES) hint $* $(if $(LEVEL),--level $(LEVEL))

lesson-%: ready
	$(BRAKES) lesson $*

try-%: ready
	$(BRAKES) try $* $(OR_TO_FIX)

reset-%: ready
	$(BRAKES) reset $*

solution-%: ready
	$(BRAKES) solution $* $(OR_TO_FIX)

help:
	@sed -n 's/^#@ //p' Makefile

#@ make            the map: where you are, and the verdict on what comes next
#@ make 08         grade one exercise          (FAIL=SCENARIO:CALL replays one
#@                 failing call; DEBUG=1 with it: in gdb, at that call)
#@ make hint-08    the next hint               (LEVEL=1 shows the first again)
#@ make lesson-08  the lesson, and what it prints
#@ make try-09     the experiment, run with your code
#@ make solution-08  our solution beside yours, once you are done
#@ make reset-08   the starter again; what you have is kept beside it
#@ make test       tests of the workbook itself
#@ make bench      its speed and memory, as ratios
#@ make lint       warnings, static analysis, sanitizers
#@ make fuzz       hands made-up bytes to what reads the words of others, for an
#@                 hour (FUZZ_SECONDS=60: a minute for each of the three)
#@ make clean      removes what was built; nothing of yours

# The first build takes a while: say so.
ready: $(B)/setup.run
	@test -x $(B)/prover || echo 'Building the grader; this happens once.'
	@$(MAKE) -s -j$$(nproc 2>/dev/null || echo 2) all

all: $(TOOLS) $(READY) $(B)/compile_commands.json $(B)/pch/check.h.gch

clean:
	rm -rf $(B)

# --- set-up -------------------------------------------------------------------

# A stamp in build/ makes asking again cost nothing.
$(B)/setup.%: FORCE
	@grader/setup $*

# --- the grader -----------------------------------------------------------------

$(B)/grader/worker/%.o: grader/worker/%.c $(HEADERS)
	@mkdir -p $(@D)
	$(CC) $(GRADER_FLAGS) -fno-builtin -c $< -o $@

$(B)/grader/%.o: grader/%.c $(HEADERS)
	@mkdir -p $(@D)
	$(CC) $(GRADER_FLAGS) -c $< -o $@

# Suites are loaded by the judge and call it: its symbols are exported.
$(B)/brakes: $(call objects,$(BRAKES_C))
	$(CC) -rdynamic $^ -o $@ -lcheck_pic -lsubunit -lm -lrt -lpthread \
		-ljansson -lsqlite3 -ldw -lelf -larchive -ldl

$(B)/worker: $(call objects,grader/worker/worker.c $(BESIDE_C))
	$(CC) -rdynamic $^ -o $@ -lsqlite3 -ldl

$(B)/prover: $(call objects,grader/worker/prover.c $(BESIDE_C))
	$(CC) -rdynamic $^ -o $@ -Wl,--whole-archive -lcheck_pic \
		-Wl,--no-whole-archive -lsubunit -lm -lrt -lpthread -lsqlite3 -ldl

$(B)/confined: $(call objects,$(addprefix grader/worker/,confined.c confine.c \
		restrain.c))
	$(CC) $^ -o $@

$(B)/probe: $(call objects,grader/worker/probe.c)
	$(CC) $^ -o $@

$(B)/filter: $(call objects,grader/worker/filter.c)
	$(CC) $^ -o $@ -lseccomp

$(B)/filter.bpf: $(B)/filter
	$(B)/filter >$@.new
	mv $@.new $@

$(B)/filter.shared.bpf: $(B)/filter
	$(B)/filter shared >$@.new
	mv $@.new $@

$(B)/shim.o: grader/worker/shim.c
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) -fPIC -c $< -o $@

# --- exercises ---------------------------------------------------------------------

$(B)/exercises/%.so: grader/exercises/%.c $(HEADERS)
	@mkdir -p $(@D)
	$(CC) $(GRADER_FLAGS) -Iexercises/$(*D) -fPIC -shared $< -o $@

# What an exercise is measured against: built and measured once.
define exercise_rules
$(B)/exercises/$(1)/reference.json: $(TOOLS) \
		$(patsubst grader/exercises/%.c,$(B)/exercises/%.so,\
			$(wildcard grader/exercises/$(1)/*.c)) \
		$(shell find grader/exercises/$(1) solutions/$(1) -type f) \
		$(wildcard exercises/$(1)/*.h)
	@$(B)/brakes calibrate $(1)
endef
$(foreach e,$(EXERCISES),$(eval $(call exercise_rules,$(e))))

# Only a matter of speed; see build.h.
$(B)/pch/check.h.gch: $(B)/brakes
	@$(B)/brakes precompile

# Where clangd finds the flags of every file of the workbook.
SOURCES := $(wildcard lessons/*.c exercises/*/*.c solutions/*/*.c grader/*.c \
	grader/*/*.c grader/exercises/*/*.c grader/exercises/*/wheats/*/*.c)
$(B)/compile_commands.json: Makefile $(SOURCES)
	@mkdir -p $(@D)
	@grader/compile_commands $(SOURCES) >$@

# --- the workbook itself ------------------------------------------------------------

TEST_LIBS := -lcheck_pic -lsubunit -lm -lrt -lpthread -ljansson -lsqlite3 \
	-ldw -lelf -larchive -ldl
TESTED_O := $(filter-out $(B)/grader/brakes.o,\
	$(call objects,$(BRAKES_C) $(filter grader/worker/%,$(BESIDE_C))))

$(B)/tests/%: grader/tests/%.c $(TESTED_O) \
		$(wildcard grader/tests/*.h grader/tests/fuzz/*.[ch])
	@mkdir -p $(@D)
	$(CC) $(GRADER_FLAGS) -rdynamic $< $(TESTED_O) -o $@ $(TEST_LIBS)

# What the scripts among the tests run things by.
$(TEST_TOOLS): $(B)/tests/%: grader/tests/%.c
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) $< -o $@ -lseccomp

$(B)/tests/test_cell $(B)/sanitized/tests/test_cell: $(B)/tests/deeds
$(B)/tests/test_session $(B)/sanitized/tests/test_session: \
	$(B)/tests/planted/driver.so

$(B)/tests/planted/driver.so: grader/tests/planted/driver.c $(HEADERS)
	@mkdir -p $(@D)
	$(CC) $(GRADER_FLAGS) -fPIC -shared $< -o $@

test: $(B)/setup.test ready
	@$(MAKE) -s -j$$(nproc 2>/dev/null || echo 2) \
		$(TESTS) $(TEST_TOOLS) $(B)/tests/planted/driver.so
	@grader/tests/run $(TESTS) $(TESTS_SH) $(B)/brakes

check: ready
	@$(B)/brakes check

bench: $(B)/setup.bench ready
	@$(MAKE) -s $(B)/bench/bench $(B)/bench/driver.so
	@$(B)/bench/bench

$(B)/bench/bench: grader/bench/bench.c $(TESTED_O)
	@mkdir -p $(@D)
	$(CC) $(GRADER_FLAGS) -rdynamic $^ -o $@ $(TEST_LIBS)

$(B)/bench/driver.so: grader/bench/driver.c $(HEADERS)
	@mkdir -p $(@D)
	$(CC) $(GRADER_FLAGS) -fPIC -shared $< -o $@

lint: $(B)/setup.lint ready
	@grader/lint

# The grader under ASan and UBSan: its tests, and a verdict on each solution.
SANITIZE := -fsanitize=address,undefined -fno-sanitize-recover=all
sanitize: ready
	@$(MAKE) -s -j$$(nproc 2>/dev/null || echo 2) all-sanitized
	@grader/tests/run $(TESTS:$(B)/%=$(B)/sanitized/%)
	@$(B)/brakes-sanitized grade --all --from solutions

all-sanitized: $(B)/brakes-sanitized $(TESTS:$(B)/%=$(B)/sanitized/%) \
	$(B)/tests/planted/driver.so

$(B)/sanitized/grader/worker/%.o: grader/worker/%.c $(HEADERS)
	@mkdir -p $(@D)
	$(CC) $(GRADER_FLAGS) $(SANITIZE) -fno-builtin -c $< -o $@

$(B)/sanitized/grader/%.o: grader/%.c $(HEADERS)
	@mkdir -p $(@D)
	$(CC) $(GRADER_FLAGS) $(SANITIZE) -c $< -o $@

$(B)/brakes-sanitized: $(patsubst grader/%.c,$(B)/sanitized/grader/%.o,\
		$(BRAKES_C))
	$(CC) $(SANITIZE) -rdynamic $^ -o $@ $(TEST_LIBS)

$(B)/sanitized/tests/%: grader/tests/%.c \
		$(TESTED_O:$(B)/grader/%=$(B)/sanitized/grader/%)
	@mkdir -p $(@D)
	$(CC) $(GRADER_FLAGS) $(SANITIZE) -rdynamic $(filter %.c %.o,$^) -o $@ \
		$(TEST_LIBS)

# --- libFuzzer --------------------------------------------------------------------

FUZZ_SECONDS := 1200
FUZZ := $(patsubst grader/tests/fuzz/fuzz_%.c,%,\
	$(wildcard grader/tests/fuzz/fuzz_*.c))
FUZZ_FLAGS = $(GRADER_FLAGS) $(SANITIZE)
LIBFUZZER = echo 'int LLVMFuzzerTestOneInput(void) { return 0; }' | \
	clang -fsanitize=fuzzer -x c - -o $(B)/fuzz/libfuzzer 2>/dev/null

fuzz: ready
	@mkdir -p $(B)/fuzz
	@{ $(LIBFUZZER); } || { echo 'make fuzz needs clang and its libFuzzer; on' \
		'Debian and Ubuntu: apt-get install clang libclang-rt-dev'; exit 3; }
	@$(MAKE) -s -j$$(nproc 2>/dev/null || echo 2) $(FUZZ:%=$(B)/fuzz/fuzz_%)
	@grader/tests/fuzz/run $(B)/fuzz $(FUZZ_SECONDS) $(FUZZ)

$(B)/fuzz/grader/%.o: grader/%.c $(HEADERS)
	@mkdir -p $(@D)
	clang $(FUZZ_FLAGS) -fsanitize=fuzzer-no-link -c $< -o $@

$(FUZZ:%=$(B)/fuzz/fuzz_%): $(B)/fuzz/fuzz_%: grader/tests/fuzz/fuzz_%.c \
		$(patsubst grader/%.c,$(B)/fuzz/grader/%.o,\
			$(filter-out grader/brakes.c,$(BRAKES_C))) \
		grader/tests/fuzz/fuzz.h grader/tests/drawn.h
	clang $(FUZZ_FLAGS) -fsanitize=fuzzer -rdynamic $(filter %.c %.o,$^) \
		-o $@ $(TEST_LIBS)
