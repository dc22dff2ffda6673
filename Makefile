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
BESIDE_C := grader/folder.c grader/ledger.c grader/spawn.c grader/wire.c \
	grader/worker/load.c grader/worker/quarantine.c \
	grader/worker/stubs.c grader/worker/watch.c
HEADERS := $(wildcard grader/*.h grader/*.def grader/*/*.h)

objects = $(patsubst grader/%.c,$(B)/grader/%.o,$(1))

EXERCISES := $(notdir $(wildcard grader/exercises/*))
READY := $(EXERCISES:%=$(B)/exercises/%/reference.json)
TOOLS := $(B)/brakes $(B)/worker $(B)/prover $(B)/shim.o

.PHONY: all ready map help test bench lint check clean
.DEFAULT_GOAL := map

map: ready
	@$(B)/brakes || test $$? -eq 1

ready: $(B)/setup.run
	@$(MAKE) -s -j$$(nproc 2>/dev/null || echo 2) all

all: $(TOOLS) $(READY) 

# --- set-up -------------------------------------------------------------------

$(B)/setup.run: FORCE
	@grader/setup run

FORCE:

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
		-ljansson -ldw -lelf -ldl

$(B)/worker: $(call objects,grader/worker/worker.c $(BESIDE_C))
	$(CC) -rdynamic $^ -o $@ -ldl

$(B)/prover: $(call objects,grader/worker/prover.c $(BESIDE_C))
	$(CC) -rdynamic $^ -o $@ -Wl,--whole-archive -lcheck_pic \
		-Wl,--no-whole-archive -lsubunit -lm -lrt -lpthread -ldl

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
