# The folders of the grader, from the bottom to the top, each with the folders that it may
# use: its files include headers of these and of no other, and its library links with
# these alone. grader/README.md says what belongs into each.
LAYERS := base ledger protocol debug sandbox catalog verdict build screen runtime \
	oracle mutation grading report cli selfcheck

USES_base :=
USES_ledger :=
USES_protocol := ledger
USES_debug := base ledger protocol
USES_sandbox := base
USES_catalog := base
USES_verdict := base
USES_build := base ledger sandbox catalog verdict
USES_screen := base ledger sandbox catalog verdict build
USES_runtime := base ledger protocol sandbox
USES_oracle := base ledger protocol debug sandbox verdict
USES_mutation := base ledger protocol debug sandbox catalog verdict build
USES_grading := base ledger protocol debug sandbox catalog verdict build screen oracle \
	mutation
USES_report := base catalog verdict
USES_cli := base sandbox catalog verdict build grading report
USES_selfcheck := base sandbox catalog verdict build grading

# Libraries of others that a folder's own code calls.
LINKS_base :=
LINKS_ledger := -lsqlite3
LINKS_protocol :=
LINKS_debug := -ldw -lelf
LINKS_sandbox :=
LINKS_catalog := -ljansson
LINKS_verdict := -ljansson
LINKS_build := -lelf
LINKS_screen := -ldw -lelf -ljansson
LINKS_runtime := -lsqlite3 -ldl
LINKS_oracle := -lcheck_pic -lsubunit -lm -lrt -lpthread -ljansson
LINKS_mutation := -ljansson
LINKS_grading := -ljansson -ldl
LINKS_report := -ljansson
LINKS_cli := -ljansson
LINKS_selfcheck := -ljansson

# What the program that parses archives calls: no other is to load it.
LINKS_unpack := -larchive

# Files that are programs, or part of one, and so of no library.
PROGRAM_FILES := catalog/compile_commands sandbox/confined sandbox/probe \
	sandbox/seccomp_filter build/compile_runner runtime/scenario_runner \
	runtime/test_runner runtime/test_round runtime/heap_calls \
	runtime/instrument_calls runtime/gcov_shim \
	grading/calibrate_main grading/unpack grading/unpack_main cli/main selfcheck/main
