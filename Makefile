# Brakes, Not Airbags. `make help` lists what can be typed.

MAKEFLAGS += --no-builtin-rules --no-print-directory
.SUFFIXES:
.DELETE_ON_ERROR:
.SECONDARY:

include grader/layers.mk

B := build
CC := gcc
CFLAGS := -O2 -g
# Without these nothing of the grader compiles, so CFLAGS is left to the user.
NEEDED := -std=c11 -D_GNU_SOURCE -fno-omit-frame-pointer \
	-Wall -Wextra -Wpedantic -Wshadow -Wstrict-prototypes
SANITIZE := -fsanitize=address -fsanitize=undefined -fno-sanitize-recover=all

# Names of files become words of make and of a shell here, so only those made of these
# characters are taken. Names below exercises/ and lessons/, where learners work, are
# never read by make: build/compile_commands and the grader find them.
TAME := LC_ALL=C grep -x '[A-Za-z0-9_./-]*'
EXERCISES := $(shell ls grader/exercises 2>/dev/null | $(TAME) | grep '^[0-9][0-9]_')
# Sorted, since the order in a folder changes with the files in it.
FILES := $(sort $(shell find grader/exercises solutions 2>/dev/null | $(TAME)))
NUMBERS := $(foreach e,$(EXERCISES),$(firstword $(subst _, ,$(e))))
SHORT_NUMBERS := $(patsubst 0%,%,$(filter 0%,$(NUMBERS)))
reference = $(patsubst %,$(B)/exercises/%/reference.json,$(1))
READY := $(call reference,$(EXERCISES))
CALIBRATION := $(addprefix $(B)/,calibrate compile_runner scenario_runner \
	gcov_shim.o)
TOOLS := $(CALIBRATION) $(addprefix $(B)/,brakes unpack test_runner confined \
	seccomp.bpf seccomp.shared.bpf probe compile_commands pch/check.h.gch)

TESTS_C := $(wildcard grader/tests/test_*.c)
TESTS_SH := $(wildcard grader/tests/test_*.sh)
TESTS := $(TESTS_C:grader/tests/%.c=$(B)/tests/%)
TEST_TOOLS := $(B)/tests/adopt $(B)/tests/deeds $(B)/tests/refuse_namespaces

.DEFAULT_GOAL := map
.PHONY: map ready program all help test test-all tested bench check lint sanitize fuzz \
	clean starters commands FORCE $(NUMBERS) $(SHORT_NUMBERS)

# --- what a learner types -------------------------------------------------------

# Something to fix (status 1) is no error of make's.
BRAKES = @$(B)/brakes
OR_TO_FIX = || test $$? -eq 1
# TEXT as one word of a shell.
quoted = '$(subst ','\'',$(1))'

map: ready
	$(BRAKES) $(OR_TO_FIX)

$(NUMBERS): ready
	$(BRAKES) grade $@ $(if $(FAIL),--fail $(call quoted,$(FAIL))) \
		$(if $(DEBUG),--debug) $(if $(TEST),--test $(call quoted,$(TEST))) \
		$(OR_TO_FIX)

$(SHORT_NUMBERS): %: 0%

hint-%: program
	$(BRAKES) hint $(call quoted,$*) $(if $(LEVEL),--level $(call quoted,$(LEVEL)))

lesson-%: program
	$(BRAKES) lesson $(call quoted,$*)

try-%: program
	$(BRAKES) try $(call quoted,$*) $(OR_TO_FIX)

reset-%: program
	$(BRAKES) reset $(call quoted,$*)

solution-%: program
	$(BRAKES) solution $(call quoted,$*) $(OR_TO_FIX)

help:
	@sed -n 's/^#@ //p' Makefile

#@ make            the map: where you are, and the verdict on what comes next
#@ make 08         grade one exercise          (FAIL=SCENARIO:CALL replays one
#@                 failing call; DEBUG=1 with it: in gdb, at that call)
#@                 (TEST=NAME runs one test of yours alone)
#@ make hint-08    the next hint               (LEVEL=1 shows the first again)
#@ make lesson-08  the lesson, and what it prints
#@ make try-09     the experiment, run with your code
#@ make solution-08  our solution beside yours, once you are done
#@ make reset-08   the starter again; what you have is kept beside it
#@ make test       whether the workbook is sound on this machine; three minutes
#@ make test-all   all of its tests; a quarter of an hour
#@ make bench      its speed and memory, as ratios
#@ make lint       warnings, static analysis, sanitizers
#@ make fuzz       hands made-up bytes to what reads the words of others, for an
#@                 hour (FUZZ_SECONDS=60: a minute for each of the three)
#@ make starters   for maintainers: what stands in exercises/ is the new starter
#@ make clean      removes what was built; nothing of yours. Try it when the
#@                 grader does not build

# Whatever else was typed.
.DEFAULT:
	@case $(call quoted,$@) in \
	*[!0-9]*) ;; \
	*) echo There is no exercise $(call quoted,$@). There are $(NUMBERS). ;; \
	esac >&2
	@case $(call quoted,$@) in \
	hint | lesson | try | reset | solution) \
		echo 'Type the number of the exercise with it: make $@-$(or \
			$(filter $(NUMBERS),$(MAKECMDGOALS)),$(firstword $(NUMBERS)))' ;; \
	*/* | *.*) echo $(call quoted,$@) is not there, and make needs it: get the \
		workbook again, or bring it back by: git checkout $(call quoted,$@) ;; \
	*[!0-9]*) echo make knows no $(call quoted,$@). make help lists what it knows. ;; \
	esac >&2
	@exit 2

# --- what is built for it -------------------------------------------------------

# How many commands at a time: as many as the make above says, if it says anything.
JOBS = $(if $(filter -j% --jobserver%,$(MAKEFLAGS)),,\
	-j$(shell nproc 2>/dev/null || echo 2))
# Has targets built and shows each step; the steps of others go on when one fails.
BUILD = sh grader/show_steps $(call quoted,$(MAKE)) -k $(JOBS)
# The first line of a step's recipe; show_steps sets STEPS and reads it.
step = $(if $(STEPS),@echo ':: $(1)')

# The references that the goals need: of the exercises named, else of all.
GOALS := $(or $(MAKECMDGOALS),map)
ASKED := $(filter $(NUMBERS),$(GOALS) $(addprefix 0,$(filter $(SHORT_NUMBERS),$(GOALS))))
ALONE := hint-% lesson-% try-% reset-% solution-%
WANTED := $(if $(filter-out $(NUMBERS) $(SHORT_NUMBERS) $(ALONE),$(GOALS)),$(READY),\
	$(call reference,$(filter $(ASKED:%=%_%),$(EXERCISES))))

# An exercise whose reference cannot be measured stops no other: brakes tells of it.
ready: $(B)/setup.run $(if $(filter $(ALONE),$(GOALS)),program)
	+@$(BUILD) $(TOOLS) $(WANTED) || $(MAKE) -q $(TOOLS) 2>/dev/null
	@$(B)/compile_commands || :

# The program alone, for what needs no more; what is built is not looked into again.
program:
	+@$(MAKE) -q $(B)/brakes 2>/dev/null || \
		{ sh grader/setup run && $(BUILD) $(B)/brakes; }

all: $(TOOLS) $(READY) commands

commands: $(B)/compile_commands
	@$(B)/compile_commands

clean:
	rm -rf $(B)

starters: program
	@$(MAKE) -s $(B)/selfcheck
	@$(B)/selfcheck --starters

# --- set-up -------------------------------------------------------------------

# A stamp in build/ makes asking again cost nothing.
$(B)/setup.%: FORCE
	@sh grader/setup $*

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

# Every rule writes to TARGET.new, and what the target depends on to DEPENDENCIES.new,
# and renames them at the end: a file that a killed compiler left half written never
# bears the name of a whole one.
depend = -MMD -MP -MT $@ -MF $(1).new
keep = @$(if $(1),mv $(1).new $(1) && )mv $@.new $@

# Compiles grader/FILE.c to DIR/obj/FILE.o: $(call compile,DIR,FILE,COMPILER AND FLAGS).
define compile
$(call step,compiling grader/$(2).c)
@mkdir -p $(@D)
$(3) $(call depend,$(1)/obj/$(2).d) -c grader/$(2).c -o $@.new
$(call keep,$(1)/obj/$(2).d)
endef

# While a file of a folder is compiled, it sees a folder of links to those folders that
# it may use: an include of any other names a file that is not there.
$(LAYERS:%=$(B)/view/%/.made): $(B)/view/%/.made: grader/layers.mk
	@rm -rf $(@D) && mkdir -p $(@D)
	@cd $(@D) && ln -s $(foreach l,$(call below,$*),../../../grader/$(l)) \
		../../../grader/include .
	@touch $@

# The rules of one LAYER, built in DIR with COMPILER AND FLAGS.
define layer_rules
$(2)/obj/$(1)/%.o: grader/$(1)/%.c $(B)/view/$(1)/.made
	$$(call compile,$(2),$(1)/$$*,$(3) $$(NEEDED) $$(CFLAGS) $$(OWN_FLAGS_$(1)) -I$(B)/view/$(1))

$(call library,$(2),$(1)): $(patsubst %,$(2)/obj/%.o,$(call members,$(1)))
	@mkdir -p $$(@D)
	@rm -f $$@.new && ar rcs $$@.new $$^ && mv $$@.new $$@
endef
# What parses archives, for the tests.
define unpack_rule
$(call library,$(1),unpack): $(1)/obj/grading/unpack.o
	@mkdir -p $$(@D)
	@rm -f $$@.new && ar rcs $$@.new $$^ && mv $$@.new $$@
endef
$(foreach d,$(B) $(B)/sanitized $(B)/fuzz,$(eval $(call unpack_rule,$(d))))
# gcc must not turn one call of the wrappers into another.
OWN_FLAGS_runtime := -fno-builtin
$(foreach l,$(LAYERS),$(eval $(call layer_rules,$(l),$(B),$(CC))))
$(foreach l,$(LAYERS),$(eval $(call layer_rules,$(l),$(B)/sanitized,\
	$(CC) $(SANITIZE))))

# That a library links with those below it alone; `make test` asks for all of them.
define link_rule
$(B)/lib/$(1).linked: $(call libraries,$(B),$(1))
	$(CC) -Wl,--defsym=main=0 $(call whole,$(call library,$(B),$(1))) \
		-Wl,--start-group $$(filter-out %/lib$(1).a,$$^) -Wl,--end-group \
		-o $$@.new $(call links,$(1))
	$$(call keep)
endef
$(foreach l,$(LAYERS),$(eval $(call link_rule,$(l))))
LINKED := $(LAYERS:%=$(B)/lib/%.linked)

# Links a program: $(call program,FLAGS,LIBRARIES). Suites are loaded by the judge and
# call it: its symbols are exported.
define program
$(call step,linking $@)
@mkdir -p $(@D)
$(CC) -rdynamic $(1) $(filter %.o,$^) $(call whole,$(filter %.a,$^)) -o $@.new $(2)
$(call keep)
endef
# A small one, which exports nothing.
define small_program
$(call step,linking $@)
$(CC) $^ -o $@.new $(1)
$(call keep)
endef

$(B)/brakes: $(B)/obj/cli/main.o $(call libraries,$(B),cli)
	$(call program,,$(call links,cli))

$(B)/selfcheck: $(B)/obj/selfcheck/main.o $(call libraries,$(B),selfcheck)
	$(call program,,$(call links,selfcheck))

$(B)/calibrate: $(B)/obj/grading/calibrate_main.o $(call libraries,$(B),grading)
	$(call program,,$(call links,grading))

$(B)/compile_commands: $(B)/obj/catalog/compile_commands.o \
		$(call libraries,$(B),catalog)
	$(call program,,$(call links,catalog))

$(B)/unpack: $(addprefix $(B)/obj/grading/unpack,_main.o .o) \
		$(call libraries,$(B),catalog) $(call libraries,$(B),verdict)
	$(call program,,$(call links,catalog) $(call links,verdict) $(LINKS_unpack))

$(B)/compile_runner: $(B)/obj/build/compile_runner.o $(call libraries,$(B),sandbox)
	$(call small_program)

# What others than the learner's code reach in a runner by the names of libc and gcc.
CALLS := $(addprefix $(B)/obj/runtime/,heap_calls.o instrument_calls.o)

# Runners look their symbols up once, before they fork, and not in each fork.
BOUND := -Wl,-z,now

$(B)/scenario_runner: $(B)/obj/runtime/scenario_runner.o $(CALLS) \
		$(call libraries,$(B),runtime)
	$(call program,$(BOUND),$(call links,runtime))

$(B)/test_runner: $(addprefix $(B)/obj/runtime/test_,runner.o round.o) $(CALLS) \
		$(call libraries,$(B),runtime)
	$(call program,$(BOUND),$(call whole,-lcheck_pic) -lsubunit -lm -lrt -lpthread \
		$(call links,runtime))

$(B)/confined: $(B)/obj/sandbox/confined.o $(call libraries,$(B),sandbox)
	$(call small_program)

$(B)/probe: $(B)/obj/sandbox/probe.o
	$(call small_program)

$(B)/seccomp_filter: $(B)/obj/sandbox/seccomp_filter.o
	$(call small_program,-lseccomp)

$(B)/seccomp.bpf: $(B)/seccomp_filter
	$(B)/seccomp_filter >$@.new
	$(call keep)

$(B)/seccomp.shared.bpf: $(B)/seccomp_filter
	$(B)/seccomp_filter shared >$@.new
	$(call keep)

$(B)/gcov_shim.o: grader/runtime/gcov_shim.c
	@mkdir -p $(@D)
	$(CC) $(NEEDED) $(CFLAGS) -fPIC -c $< -o $@.new
	$(call keep)

-include $(wildcard $(B)/obj/*/*.d $(B)/sanitized/obj/*/*.d $(B)/fuzz/obj/*/*.d \
	$(B)/exercises/*/*.d $(B)/tests/*.d $(B)/sanitized/tests/*.d)

# --- exercises ---------------------------------------------------------------------

# A suite sees what the judge sees, a driver what stands beside the learner's code.
view_of = $(B)/view/$(if $(filter suite,$(1)),grading,runtime)
define plugin
$(call step,compiling $<)
@mkdir -p $(@D)
$(CC) $(NEEDED) $(CFLAGS) -I$(call view_of,$(basename $(notdir $<))) $(1) \
	$(call depend,$(@:.so=.d)) -fPIC -shared $< -o $@.new
$(call keep,$(@:.so=.d))
endef

$(B)/exercises/%.so: grader/exercises/%.c $(B)/view/grading/.made \
		$(B)/view/runtime/.made
	$(call plugin,-Igrader/exercises/$(*D)/starter)

# The files of FILES that the reference of an exercise is measured from, and the plugins
# that it is measured with.
files_of = $(filter-out grader/exercises/$(1)/misconceptions% grader/exercises/$(1)/%.c \
	%.md,$(filter grader/exercises/$(1)/% solutions/$(1)/%,$(FILES))) \
	$(filter $(addprefix grader/exercises/$(1)/,wheats/% starter/%),$(FILES))
plugins_of = $(patsubst grader/%.c,$(B)/%.so,$(filter \
	$(addprefix grader/exercises/$(1)/,suite.c driver.c wrap.c),$(FILES)))

# What of a program or a plugin takes part in measuring: all but where its lines are.
CODE := $(patsubst $(B)/%,$(B)/code/%,$(CALIBRATION) \
	$(foreach e,$(EXERCISES),$(call plugins_of,$(e))))
$(CODE): $(B)/code/%: $(B)/%
	@mkdir -p $(@D)
	objcopy --strip-debug --remove-section=.note.gnu.build-id $< $@.new
	$(call keep)

# What an exercise is measured against: built and measured once.
define exercise_rules
$(call reference,$(1)): $(patsubst $(B)/%,$(B)/code/%,\
		$(CALIBRATION) $(call plugins_of,$(1))) $(call files_of,$(1))
	$$(call step,measuring $(1))
	@sh grader/measure $(1) $$^
endef
$(foreach e,$(EXERCISES),$(eval $(call exercise_rules,$(e))))

# Only a matter of speed; see build.h.
$(B)/pch/check.h.gch: $(B)/code/calibrate
	@$(B)/calibrate --headers
	$(call keep)

# --- the workbook itself ------------------------------------------------------------

# Tests call what parses archives too.
TEST_LIBS := $(sort $(foreach l,$(LAYERS) unpack,$(LINKS_$(l))))
TESTED := $(patsubst %,$(B)/lib/lib%.a,$(LAYERS) unpack)
TEST_FLAGS = $(NEEDED) $(CFLAGS) -Igrader -rdynamic $(call depend,$@.d)

$(B)/tests/%: grader/tests/%.c $(TESTED)
	@mkdir -p $(@D)
	$(CC) $(TEST_FLAGS) $< $(call whole,$(TESTED)) -o $@.new $(TEST_LIBS)
	$(call keep,$@.d)

# What the scripts among the tests run things by.
$(TEST_TOOLS): $(B)/tests/%: grader/tests/%.c
	@mkdir -p $(@D)
	$(CC) $(NEEDED) $(CFLAGS) $< -o $@.new -lseccomp
	$(call keep)

$(B)/tests/test_cell $(B)/sanitized/tests/test_cell: $(B)/tests/deeds
$(foreach t,build session tampering,$(B)/tests/test_$(t) $(B)/sanitized/tests/test_$(t)): \
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
	@$(MAKE) -s $(JOBS) $(TESTS) $(TEST_TOOLS) \
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
	$(CC) $(TEST_FLAGS) $(filter %.c,$^) $(call whole,$(TESTED)) -o $@.new \
		$(TEST_LIBS)
	$(call keep,$@.d)

$(B)/bench/driver.so: grader/bench/driver.c $(B)/view/runtime/.made
	$(call plugin)

lint: $(B)/setup.lint ready
	@sh grader/lint

# The grader under ASan and UBSan: its tests, and a verdict on each solution.
SANITIZED := $(TESTS:$(B)/%=$(B)/sanitized/%)
sanitize: ready
	@$(MAKE) -s $(JOBS) all-sanitized
	@sh grader/tests/run $(SANITIZED)
	@$(B)/brakes-sanitized grade --all --from solutions

all-sanitized: $(B)/brakes-sanitized $(SANITIZED) $(B)/tests/planted/driver.so

$(B)/brakes-sanitized: $(B)/sanitized/obj/cli/main.o \
		$(call libraries,$(B)/sanitized,cli)
	$(call program,$(SANITIZE),$(call links,cli))

$(B)/sanitized/tests/%: grader/tests/%.c $(TESTED:$(B)/%=$(B)/sanitized/%)
	@mkdir -p $(@D)
	$(CC) $(TEST_FLAGS) $(SANITIZE) $< $(call whole,$(filter %.a,$^)) -o $@.new \
		$(TEST_LIBS)
	$(call keep,$@.d)

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
	@$(MAKE) -s $(JOBS) $(FUZZ:%=$(B)/fuzz/fuzz_%)
	@sh grader/tests/fuzz/run $(B)/fuzz $(FUZZ_SECONDS) $(FUZZ)

$(foreach l,$(LAYERS),$(eval $(call layer_rules,$(l),$(B)/fuzz,\
	clang $(SANITIZE) -fsanitize=fuzzer-no-link)))

$(FUZZ:%=$(B)/fuzz/fuzz_%): $(B)/fuzz/fuzz_%: grader/tests/fuzz/fuzz_%.c \
		$(TESTED:$(B)/%=$(B)/fuzz/%) \
		grader/tests/fuzz/fuzz.h grader/tests/drawn.h
	clang $(TEST_FLAGS) $(SANITIZE) -fsanitize=fuzzer $< \
		$(call whole,$(filter %.a,$^)) -o $@.new $(TEST_LIBS)
	$(call keep,$@.d)
