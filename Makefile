# Brakes, Not Airbags. `make help` lists what can be typed.

MAKEFLAGS += --no-builtin-rules --no-print-directory
.SUFFIXES:
.DELETE_ON_ERROR:
.SECONDARY:

include grader/layers.mk

B := build
CC := gcc
CFLAGS := -std=c11 -D_GNU_SOURCE -O2 -g -fno-omit-frame-pointer \
	-Wall -Wextra -Wpedantic -Wshadow -Wstrict-prototypes
SANITIZE := -fsanitize=address -fsanitize=undefined -fno-sanitize-recover=all

EXERCISES := $(notdir $(wildcard grader/exercises/*))
NUMBERS := $(foreach e,$(EXERCISES),$(firstword $(subst _, ,$(e))))
READY := $(EXERCISES:%=$(B)/exercises/%/reference.json)
CALIBRATION := $(addprefix $(B)/,calibrate compile_runner scenario_runner \
	gcov_shim.o)
TOOLS := $(CALIBRATION) $(addprefix $(B)/,brakes test_runner confined \
	seccomp.bpf seccomp.shared.bpf probe)

TESTS_C := $(wildcard grader/tests/test_*.c)
TESTS_SH := $(wildcard grader/tests/test_*.sh)
TESTS := $(TESTS_C:grader/tests/%.c=$(B)/tests/%)
TEST_TOOLS := $(B)/tests/adopt $(B)/tests/deeds $(B)/tests/refuse_namespaces

.DEFAULT_GOAL := map
.PHONY: map ready all help test test-all tested bench check lint sanitize fuzz clean FORCE \
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
#@ make test       whether the workbook is sound on this machine; three minutes
#@ make test-all   all of its tests; half an hour
#@ make bench      its speed and memory, as ratios
#@ make lint       warnings, static analysis, sanitizers
#@ make fuzz       hands made-up bytes to what reads the words of others, for an
#@                 hour (FUZZ_SECONDS=60: a minute for each of the three)
#@ make clean      removes what was built; nothing of yours

# The first build takes a while: say so.
ready: $(B)/setup.run
	@test -x $(B)/brakes || echo 'Building the grader; this happens once.'
	@$(MAKE) -s -j$$(nproc 2>/dev/null || echo 2) all

all: $(TOOLS) $(READY) $(B)/compile_commands.json $(B)/pch/check.h.gch

clean:
	rm -rf $(B)

# --- set-up -------------------------------------------------------------------

# A stamp in build/ makes asking again cost nothing.
$(B)/setup.%: FORCE
	@grader/setup $*

# --- the grader -----------------------------------------------------------------

# LAYER and the folders below it.
below = $(sort $(1) $(foreach u,$(USES_$(1)),$(call below,$(u))))
# The C files of LAYER that make its library, without their ending.
members = $(filter-out $(PROGRAM_FILES),\
	$(patsubst grader/%.c,%,$(wildcard grader/$(1)/*.c)))
# What stands for LAYER in the build folder DIR, and what its closure links with.
library = $(1)/lib/lib$(2).a
libraries = $(foreach l,$(filter $(call below,$(2)),$(LAYERS)),\
	$(call library,$(1),$(l)))
links = $(foreach l,$(call below,$(1)),$(LINKS_$(l)))
whole = -Wl,--whole-archive $(1) -Wl,--no-whole-archive

# Compiles grader/FILE.c to DIR/obj/FILE.o: $(call compile,DIR,FILE,COMPILER AND FLAGS).
# A file that a killed compiler left half written never bears the name of a whole one.
define compile
@mkdir -p $(@D)
$(3) -MMD -MP -MT $@ -MF $(1)/obj/$(2).d -c grader/$(2).c -o $@.new
@mv $@.new $@
endef

# While a file of a folder is compiled, it sees a folder of links to those folders that
# it may use: an include of any other names a file that is not there.
$(B)/view/%/.made: grader/layers.mk
	@rm -rf $(@D) && mkdir -p $(@D)
	@cd $(@D) && ln -s $(foreach l,$(call below,$*),../../../grader/$(l)) \
		../../../grader/include .
	@touch $@

# The rules of one LAYER, built in DIR with COMPILER AND FLAGS.
define layer_rules
$(2)/obj/$(1)/%.o: grader/$(1)/%.c $(B)/view/$(1)/.made
	$$(call compile,$(2),$(1)/$$*,$(3) $$(CFLAGS) $$(OWN_FLAGS_$(1)) -I$(B)/view/$(1))

$(call library,$(2),$(1)): $(patsubst %,$(2)/obj/%.o,$(call members,$(1)))
	@mkdir -p $$(@D)
	@rm -f $$@.new && ar rcs $$@.new $$^ && mv $$@.new $$@
endef
# gcc must not turn one call of the wrappers into another.
OWN_FLAGS_runtime := -fno-builtin
$(foreach l,$(LAYERS),$(eval $(call layer_rules,$(l),$(B),$(CC))))
$(foreach l,$(LAYERS),$(eval $(call layer_rules,$(l),$(B)/sanitized,\
	$(CC) $(SANITIZE))))

# That a library links with those below it alone; `make test` asks for all of them.
define link_rule
$(B)/lib/$(1).linked: $(call libraries,$(B),$(1))
	@$(CC) -nostartfiles -Wl,-e,0 $(call whole,$(call library,$(B),$(1))) \
		-Wl,--start-group $$(filter-out %/lib$(1).a,$$^) -Wl,--end-group \
		-o $$@ $(call links,$(1))
endef
$(foreach l,$(LAYERS),$(eval $(call link_rule,$(l))))
LINKED := $(LAYERS:%=$(B)/lib/%.linked)

# Suites are loaded by the judge and call it: its symbols are exported.
PROGRAM = $(CC) -rdynamic $(filter %.o,$^) $(call whole,$(filter %.a,$^))

$(B)/brakes: $(B)/obj/cli/main.o $(call libraries,$(B),cli)
	$(PROGRAM) -o $@ $(call links,cli)

$(B)/selfcheck: $(B)/obj/selfcheck/main.o $(call libraries,$(B),selfcheck)
	$(PROGRAM) -o $@ $(call links,selfcheck)

$(B)/calibrate: $(B)/obj/grading/calibrate_main.o $(call libraries,$(B),grading)
	$(PROGRAM) -o $@ $(call links,grading)

$(B)/compile_runner: $(B)/obj/build/compile_runner.o $(call libraries,$(B),sandbox)
	$(CC) $^ -o $@

$(B)/scenario_runner: $(B)/obj/runtime/scenario_runner.o \
		$(call libraries,$(B),runtime)
	$(PROGRAM) -o $@ $(call links,runtime)

$(B)/test_runner: $(B)/obj/runtime/test_runner.o $(call libraries,$(B),runtime)
	$(PROGRAM) -o $@ $(call whole,-lcheck_pic) -lsubunit -lm -lrt -lpthread \
		$(call links,runtime)

$(B)/confined: $(B)/obj/sandbox/confined.o $(call libraries,$(B),sandbox)
	$(CC) $^ -o $@

$(B)/probe: $(B)/obj/sandbox/probe.o
	$(CC) $^ -o $@

$(B)/seccomp_filter: $(B)/obj/sandbox/seccomp_filter.o
	$(CC) $^ -o $@ -lseccomp

$(B)/seccomp.bpf: $(B)/seccomp_filter
	$(B)/seccomp_filter >$@.new
	mv $@.new $@

$(B)/seccomp.shared.bpf: $(B)/seccomp_filter
	$(B)/seccomp_filter shared >$@.new
	mv $@.new $@

$(B)/gcov_shim.o: grader/runtime/gcov_shim.c
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) -fPIC -c $< -o $@.new
	@mv $@.new $@

-include $(wildcard $(B)/obj/*/*.d $(B)/sanitized/obj/*/*.d $(B)/fuzz/obj/*/*.d \
	$(B)/exercises/*/*.d $(B)/tests/*.d $(B)/sanitized/tests/*.d)

# --- exercises ---------------------------------------------------------------------

# A suite sees what the judge sees, a driver what stands beside the learner's code.
view_of = $(B)/view/$(if $(filter suite,$(1)),grading,runtime)
define plugin
@mkdir -p $(@D)
$(CC) $(CFLAGS) -I$(call view_of,$(basename $(notdir $<))) $(1) -MMD -MP -MT $@ \
	-MF $(@:.so=.d) -fPIC -shared $< -o $@.new
@mv $@.new $@
endef

$(B)/exercises/%.so: grader/exercises/%.c $(B)/view/grading/.made \
		$(B)/view/runtime/.made
	$(call plugin,-Iexercises/$(*D))

# What an exercise is measured against: built and measured once.
define exercise_rules
$(B)/exercises/$(1)/reference.json: $(CALIBRATION) \
		$(patsubst grader/exercises/%.c,$(B)/exercises/%.so,\
			$(wildcard grader/exercises/$(1)/*.c)) \
		$(shell find grader/exercises/$(1) solutions/$(1) -type f) \
		$(wildcard exercises/$(1)/*.h)
	@$(B)/calibrate $(1)
endef
$(foreach e,$(EXERCISES),$(eval $(call exercise_rules,$(e))))

# Only a matter of speed; see build.h.
$(B)/pch/check.h.gch: $(B)/calibrate
	@$(B)/calibrate --headers

# Where clangd finds the flags of every file of the workbook.
SOURCES := $(wildcard lessons/*.c exercises/*/*.c solutions/*/*.c \
	grader/*/*.c grader/exercises/*/*.c grader/exercises/*/wheats/*/*.c)
$(B)/compile_commands.json: Makefile $(SOURCES)
	@mkdir -p $(@D)
	@grader/compile_commands $(SOURCES) >$@

# --- the workbook itself ------------------------------------------------------------

TEST_LIBS := $(sort $(foreach l,$(LAYERS),$(LINKS_$(l))))
TESTED := $(LAYERS:%=$(B)/lib/lib%.a)
TEST_FLAGS = $(CFLAGS) -Igrader -rdynamic -MMD -MP -MT $@ -MF $@.d

$(B)/tests/%: grader/tests/%.c $(TESTED)
	@mkdir -p $(@D)
	$(CC) $(TEST_FLAGS) $< $(call whole,$(TESTED)) -o $@ $(TEST_LIBS)

# What the scripts among the tests run things by.
$(TEST_TOOLS): $(B)/tests/%: grader/tests/%.c
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) $< -o $@ -lseccomp

$(B)/tests/test_cell $(B)/sanitized/tests/test_cell: $(B)/tests/deeds
$(B)/tests/test_session $(B)/sanitized/tests/test_session: \
	$(B)/tests/planted/driver.so

$(B)/tests/planted/driver.so: grader/tests/planted/driver.c $(B)/view/runtime/.made
	$(call plugin)

# Tests by how long they take, the quick ones first. Hostile submissions wait out
# deadlines, so they are graded in parts.
SLOW_TESTS := $(addprefix $(B)/tests/test_,screen unpack session tampering) \
	grader/tests/test_instruments.sh grader/tests/test_killed.sh
PARTED := $(addprefix $(B)/tests/test_cases@,1/4 2/4 3/4 4/4)
QUICK_TESTS := $(filter-out $(SLOW_TESTS) $(B)/tests/test_cases \
	grader/tests/test_batch.sh,$(TESTS) $(TESTS_SH))

# What the tests run and load.
tested: $(B)/setup.test ready
	@$(MAKE) -s -j$$(nproc 2>/dev/null || echo 2) $(TESTS) $(TEST_TOOLS) \
		$(B)/tests/planted/driver.so $(LINKED) $(B)/selfcheck

test: tested
	@CASES_ONCE=1 sh grader/tests/run $(QUICK_TESTS) $(SLOW_TESTS) $(PARTED) \
		grader/tests/sample.sh

test-all: tested
	@sh grader/tests/run $(QUICK_TESTS) $(SLOW_TESTS) $(PARTED) \
		grader/tests/test_batch.sh $(B)/selfcheck

check: ready
	@$(MAKE) -s $(B)/selfcheck
	@$(B)/selfcheck

bench: $(B)/setup.bench ready
	@$(MAKE) -s $(B)/bench/bench $(B)/bench/driver.so
	@$(B)/bench/bench

$(B)/bench/bench: grader/bench/bench.c grader/bench/tree.c $(TESTED)
	@mkdir -p $(@D)
	$(CC) $(TEST_FLAGS) $(filter %.c,$^) $(call whole,$(TESTED)) -o $@ \
		$(TEST_LIBS)

$(B)/bench/driver.so: grader/bench/driver.c $(B)/view/runtime/.made
	$(call plugin)

lint: $(B)/setup.lint ready
	@grader/lint

# The grader under ASan and UBSan: its tests, and a verdict on each solution.
SANITIZED := $(TESTS:$(B)/%=$(B)/sanitized/%)
sanitize: ready
	@$(MAKE) -s -j$$(nproc 2>/dev/null || echo 2) all-sanitized
	@sh grader/tests/run $(SANITIZED)
	@$(B)/brakes-sanitized grade --all --from solutions

all-sanitized: $(B)/brakes-sanitized $(SANITIZED) $(B)/tests/planted/driver.so

$(B)/brakes-sanitized: $(B)/sanitized/obj/cli/main.o \
		$(call libraries,$(B)/sanitized,cli)
	$(PROGRAM) $(SANITIZE) -o $@ $(call links,cli)

$(B)/sanitized/tests/%: grader/tests/%.c $(TESTED:$(B)/%=$(B)/sanitized/%)
	@mkdir -p $(@D)
	$(CC) $(TEST_FLAGS) $(SANITIZE) $< $(call whole,$(filter %.a,$^)) -o $@ \
		$(TEST_LIBS)

# --- libFuzzer --------------------------------------------------------------------

FUZZ_SECONDS := 1200
FUZZ := $(patsubst grader/tests/fuzz/fuzz_%.c,%,\
	$(wildcard grader/tests/fuzz/fuzz_*.c))
LIBFUZZER = echo 'int LLVMFuzzerTestOneInput(void) { return 0; }' | \
	clang -fsanitize=fuzzer -x c - -o $(B)/fuzz/libfuzzer 2>/dev/null

fuzz: ready
	@mkdir -p $(B)/fuzz
	@{ $(LIBFUZZER); } || { echo 'make fuzz needs clang and its libFuzzer; on' \
		'Debian and Ubuntu: apt-get install clang libclang-rt-dev'; exit 3; }
	@$(MAKE) -s -j$$(nproc 2>/dev/null || echo 2) $(FUZZ:%=$(B)/fuzz/fuzz_%)
	@grader/tests/fuzz/run $(B)/fuzz $(FUZZ_SECONDS) $(FUZZ)

$(foreach l,$(LAYERS),$(eval $(call layer_rules,$(l),$(B)/fuzz,\
	clang $(SANITIZE) -fsanitize=fuzzer-no-link)))

$(FUZZ:%=$(B)/fuzz/fuzz_%): $(B)/fuzz/fuzz_%: grader/tests/fuzz/fuzz_%.c \
		$(TESTED:$(B)/%=$(B)/fuzz/%) \
		grader/tests/fuzz/fuzz.h grader/tests/drawn.h
	clang $(TEST_FLAGS) $(SANITIZE) -fsanitize=fuzzer $< \
		$(call whole,$(filter %.a,$^)) -o $@ $(TEST_LIBS)
