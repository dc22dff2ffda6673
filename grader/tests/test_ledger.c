/* test_ledger.c - what the ledger says of every order of acquiring, using and
 * releasing. */
#include <errno.h>
#include <stdint.h>
#include "suite.h"
#include "ledger/ledger.h"

static struct ledger ledger;
static const struct entry *entry;	/* the one ruled on last */

/* Records STEP and returns the ruling. */
static enum ruling record(struct step step)
{
	enum ruling ruling;
	ck_assert_int_eq(ledger_record(&ledger, &step, &ruling, &entry), 0);
	return ruling;
}

/* Records a CALL that ended well, with what it released and what it acquired
 * by number, 0 for nothing. */
static enum ruling did(enum call call, uint64_t gone, uint64_t got)
{
	return record((struct step){ .call = call, .gone = gone, .got = { got },
				     .beneath = -1 });
}

/* The same for a stream that stands on a descriptor. */
static enum ruling did_open(enum call call, uint64_t gone, uint64_t got,
			    int beneath)
{
	return record((struct step){ .call = call, .gone = gone, .got = { got },
				     .beneath = beneath });
}

/* A descriptor by the number that the ledger knows it by. */
static uint64_t fd(int number)
{
	return (uint64_t)number + 1;
}

/* One call that acquires, one that uses and one that releases each kind. */
static const struct pair {
	enum call acquire, use, release;
} pairs[] = {
	{ CALL_malloc, CALL_COUNT, CALL_free },
	{ CALL_open, CALL_read, CALL_close },
	{ CALL_fopen, CALL_fputs, CALL_fclose },
	{ CALL_sink_open, CALL_sink_put, CALL_sink_close },
};
enum { PAIRS = sizeof(pairs) / sizeof(*pairs) };

START_TEST(what_is_acquired_lives_until_it_is_released)
{
	for (size_t i = 0; i < PAIRS; i++) {
		ck_assert_int_eq(did(pairs[i].acquire, 0, 7), RULING_FINE);
		ck_assert_uint_eq(ledger_live(&ledger), 1);
		ck_assert_int_eq(did(pairs[i].release, 7, 0), RULING_FINE);
		ck_assert_uint_eq(ledger_live(&ledger), 0);
	}
	ck_assert_uint_eq(ledger.wrong, 0);
	ledger_release(&ledger);
}
END_TEST

START_TEST(a_second_release_is_a_double)
{
	for (size_t i = 0; i < PAIRS; i++) {
		did(pairs[i].acquire, 0, 7);
		did(pairs[i].release, 7, 0);
		ck_assert_int_eq(did(pairs[i].release, 7, 0), RULING_DOUBLE);
		ck_assert_ptr_nonnull(entry);
		ck_assert_int_eq(entry->by.call, pairs[i].acquire);
	}
	ck_assert_uint_eq(ledger.wrong, PAIRS);
	ledger_release(&ledger);
}
END_TEST

START_TEST(a_release_of_what_was_never_acquired_is_a_strangers)
{
	for (size_t i = 0; i < PAIRS; i++) {
		ck_assert_int_eq(did(pairs[i].release, 7, 0), RULING_STRANGER);
		ck_assert_ptr_null(entry);
	}
	ck_assert_uint_eq(ledger.wrong, PAIRS);
	ledger_release(&ledger);
}
END_TEST

START_TEST(closing_the_descriptor_beneath_a_stream_is_a_mismatch)
{
	did_open(CALL_fopen, 0, 4096, 3);
	ck_assert_int_eq(did(CALL_close, fd(3), 0), RULING_MISMATCH);
	ck_assert_int_eq(entry->kind, KIND_STREAM);
	ck_assert_int_eq(did(CALL_close, fd(4), 0), RULING_STRANGER);
	ck_assert_int_eq(did(CALL_fclose, 4096, 0), RULING_FINE);
	ck_assert_int_eq(did(CALL_close, fd(3), 0), RULING_STRANGER);
	ledger_release(&ledger);
}
END_TEST

START_TEST(the_release_of_another_kind_is_a_mismatch)
{
	did(CALL_fopen, 0, 4096);
	did(CALL_malloc, 0, 8192);
	ck_assert_int_eq(did(CALL_free, 4096, 0), RULING_MISMATCH);
	ck_assert_int_eq(entry->kind, KIND_STREAM);
	ck_assert_int_eq(did(CALL_fclose, 8192, 0), RULING_MISMATCH);
	ck_assert_int_eq(entry->kind, KIND_HEAP);
	ck_assert_uint_eq(ledger_live(&ledger), 2);
	ledger_release(&ledger);
}
END_TEST

START_TEST(a_block_with_the_number_of_a_descriptor_is_not_the_descriptor)
{
	did(CALL_open, 0, fd(3));
	ck_assert_int_eq(did(CALL_free, fd(3), 0), RULING_STRANGER);
	did(CALL_malloc, 0, 4096);
	ck_assert_int_eq(did(CALL_close, 4096, 0), RULING_STRANGER);
	ledger_release(&ledger);
}
END_TEST

START_TEST(a_use_after_the_release_is_ruled_against)
{
	for (size_t i = 1; i < PAIRS; i++) {
		did(pairs[i].acquire, 0, 7);
		ck_assert_int_eq(did(pairs[i].use, 7, 0), RULING_FINE);
		did(pairs[i].release, 7, 0);
		ck_assert_int_eq(did(pairs[i].use, 7, 0), RULING_USED_AFTER);
		ck_assert_int_eq(entry->until.call, pairs[i].release);
	}
	ck_assert_uint_eq(ledger.wrong, 0);
	ledger_release(&ledger);
}
END_TEST

START_TEST(what_somebody_else_opened_may_be_used)
{
	for (size_t i = 1; i < PAIRS; i++)
		ck_assert_int_eq(did(pairs[i].use, 7, 0), RULING_FINE);
	ledger_release(&ledger);
}
END_TEST

START_TEST(the_descriptor_beneath_a_live_stream_may_be_used)
{
	did(CALL_open, 0, fd(3));
	did(CALL_close, fd(3), 0);
	did_open(CALL_fopen, 0, 4096, 3);
	ck_assert_int_eq(did(CALL_fsync, fd(3), 0), RULING_FINE);
	did(CALL_fclose, 4096, 0);
	ck_assert_int_eq(did(CALL_fsync, fd(3), 0), RULING_USED_AFTER);
	ledger_release(&ledger);
}
END_TEST

START_TEST(null_where_a_stream_belongs_is_ruled_against)
{
	ck_assert_int_eq(did(CALL_fclose, LEDGER_NULL, 0), RULING_NOTHING);
	ck_assert_int_eq(did(CALL_fputs, LEDGER_NULL, 0), RULING_NOTHING);
	ck_assert_ptr_null(entry);
	ledger_release(&ledger);
}
END_TEST

START_TEST(a_release_of_nothing_is_fine)
{
	ck_assert_int_eq(did(CALL_free, 0, 0), RULING_FINE);
	ck_assert_uint_eq(ledger.wrong, 0);
	ledger_release(&ledger);
}
END_TEST

START_TEST(a_number_that_is_used_again_is_another_resource)
{
	for (size_t i = 0; i < PAIRS; i++) {
		for (int round = 0; round < 3; round++) {
			did(pairs[i].acquire, 0, 7);
			ck_assert_int_eq(did(pairs[i].release, 7, 0),
					 RULING_FINE);
		}
		ck_assert_int_eq(did(pairs[i].release, 7, 0), RULING_DOUBLE);
		ck_assert_uint_eq(entry->released, ledger.steps - 1);
		ledger_release(&ledger);
	}
}
END_TEST

START_TEST(of_two_with_one_number_the_live_one_is_meant)
{
	did(CALL_open, 0, fd(3));
	did(CALL_open, 0, fd(3));
	ck_assert_int_eq(did(CALL_close, fd(3), 0), RULING_FINE);
	ck_assert_int_eq(did(CALL_read, fd(3), 0), RULING_FINE);
	ck_assert_int_eq(did(CALL_close, fd(3), 0), RULING_FINE);
	ck_assert_uint_eq(ledger_live(&ledger), 0);
	ck_assert_int_eq(did(CALL_close, fd(3), 0), RULING_DOUBLE);
	ledger_release(&ledger);
}
END_TEST

START_TEST(realloc_ends_the_old_block_and_begins_the_new)
{
	did(CALL_malloc, 0, 4096);
	ck_assert_int_eq(did(CALL_realloc, 4096, 8192), RULING_FINE);
	ck_assert_uint_eq(ledger_live(&ledger), 1);
	ck_assert_int_eq(did(CALL_free, 4096, 0), RULING_DOUBLE);
	ck_assert(entry->given);
	ck_assert_int_eq(did(CALL_free, 8192, 0), RULING_FINE);
	ck_assert_uint_eq(ledger_live(&ledger), 0);
	ledger_release(&ledger);
}
END_TEST

START_TEST(fdopen_gives_the_descriptor_to_the_stream)
{
	did(CALL_open, 0, fd(3));
	ck_assert_int_eq(did_open(CALL_fdopen, fd(3), 4096, 3), RULING_FINE);
	ck_assert_uint_eq(ledger_live(&ledger), 1);
	ck_assert_int_eq(did(CALL_close, fd(3), 0), RULING_MISMATCH);
	ck_assert_int_eq(did(CALL_fclose, 4096, 0), RULING_FINE);
	ck_assert_int_eq(did(CALL_close, fd(3), 0), RULING_DOUBLE);
	ck_assert(entry->given);
	ledger_release(&ledger);
}
END_TEST

START_TEST(dup2_ends_what_stood_at_its_number)
{
	did(CALL_open, 0, fd(3));
	did(CALL_open, 0, fd(4));
	ck_assert_int_eq(did(CALL_dup2, fd(4), fd(4)), RULING_FINE);
	ck_assert_uint_eq(ledger_live(&ledger), 2);
	ck_assert_int_eq(did(CALL_close, fd(4), 0), RULING_FINE);
	ck_assert_int_eq(did(CALL_close, fd(4), 0), RULING_DOUBLE);
	ck_assert_uint_eq(ledger_live(&ledger), 1);
	ledger_release(&ledger);
}
END_TEST

START_TEST(a_copy_lives_beside_its_original)
{
	did(CALL_open, 0, fd(3));
	ck_assert_int_eq(did(CALL_dup, fd(3), fd(4)), RULING_FINE);
	ck_assert_uint_eq(ledger_live(&ledger), 2);
	did(CALL_close, fd(3), 0);
	ck_assert_int_eq(did(CALL_read, fd(4), 0), RULING_FINE);
	ck_assert_int_eq(did(CALL_dup, fd(3), 0), RULING_USED_AFTER);
	ledger_release(&ledger);
}
END_TEST

START_TEST(a_transfer_that_fails_keeps_the_old)
{
	static const enum call transfers[] = { CALL_realloc, CALL_reallocarray,
					       CALL_fdopen, CALL_dup2,
					       CALL_getline };
	for (size_t i = 0; i < sizeof(transfers) / sizeof(*transfers); i++) {
		enum kind kind = calls[transfers[i]].gone;
		enum call acquire = kind == KIND_HEAP ? CALL_malloc : CALL_open;
		did(acquire, 0, 7);
		ck_assert_int_eq(record((struct step){ .call = transfers[i],
			.failed = true, .gone = 7, .beneath = -1 }),
			RULING_FINE);
		ck_assert_uint_eq(ledger_live(&ledger), 1);
		ck_assert_int_eq(did(kind == KIND_HEAP ? CALL_free : CALL_close,
				     7, 0), RULING_FINE);
	}
	ledger_release(&ledger);
}
END_TEST

START_TEST(a_release_that_fails_has_released)
{
	did(CALL_open, 0, fd(3));
	ck_assert_int_eq(record((struct step){ .call = CALL_close,
		.failed = true, .gone = fd(3), .beneath = -1 }), RULING_FINE);
	ck_assert_uint_eq(ledger_live(&ledger), 0);
	ck_assert_int_eq(did(CALL_close, fd(3), 0), RULING_DOUBLE);
	ledger_release(&ledger);
}
END_TEST

START_TEST(an_acquisition_that_fails_acquires_nothing)
{
	ck_assert_int_eq(record((struct step){ .call = CALL_fopen,
		.failed = true, .err = EMFILE, .beneath = -1 }), RULING_FINE);
	ck_assert_uint_eq(ledger_live(&ledger), 0);
	ck_assert_uint_eq(ledger.steps, 1);
	ledger_release(&ledger);
}
END_TEST

START_TEST(a_pipe_is_two_descriptors)
{
	ck_assert_int_eq(record((struct step){ .call = CALL_pipe,
		.got = { fd(3), fd(4) }, .beneath = -1 }), RULING_FINE);
	ck_assert_uint_eq(ledger_live(&ledger), 2);
	ck_assert_int_eq(did(CALL_close, fd(3), 0), RULING_FINE);
	ck_assert_uint_eq(ledger_live(&ledger), 1);
	ck_assert_int_eq(did(CALL_close, fd(4), 0), RULING_FINE);
	ck_assert_uint_eq(ledger_live(&ledger), 0);
	ledger_release(&ledger);
}
END_TEST

START_TEST(a_memory_stream_leaves_a_block_when_it_is_closed)
{
	did(CALL_open_memstream, 0, 4096);
	ck_assert_int_eq(did(CALL_fclose, 4096, 8192), RULING_FINE);
	ck_assert_msg(ledger_live(&ledger) == 1, "the block is not live");
	ck_assert_int_eq(ledger.entries[1].kind, KIND_HEAP);
	ck_assert_int_eq(did(CALL_free, 8192, 0), RULING_FINE);
	ck_assert_uint_eq(ledger_live(&ledger), 0);
	ledger_release(&ledger);
}
END_TEST

START_TEST(a_release_ruled_against_changes_no_entry)
{
	did_open(CALL_fopen, 0, 4096, 3);
	did(CALL_close, fd(3), 0);
	did(CALL_free, 4096, 0);
	ck_assert_uint_eq(ledger.n, 1);
	const struct entry *stream = &ledger.entries[0];
	ck_assert(stream->live && !stream->given);
	ck_assert_uint_eq(stream->id, 4096);
	ck_assert_uint_eq(stream->acquired, 1);
	ck_assert_uint_eq(stream->released, 0);
	ck_assert_int_eq(stream->until.call, 0);
	ck_assert_uint_eq(ledger.wrong, 2);
	ledger_release(&ledger);
}
END_TEST

START_TEST(asking_records_nothing)
{
	did(CALL_open, 0, fd(3));
	ck_assert_int_eq(ledger_ask(&ledger, CALL_close, fd(3), &entry),
			 RULING_FINE);
	ck_assert_int_eq(ledger_ask(&ledger, CALL_close, fd(9), &entry),
			 RULING_STRANGER);
	ck_assert_uint_eq(ledger.steps, 1);
	ck_assert_uint_eq(ledger.wrong, 0);
	ck_assert_uint_eq(ledger_live(&ledger), 1);
	ledger_release(&ledger);
}
END_TEST

START_TEST(an_entry_knows_the_steps_at_which_it_began_and_ended)
{
	did(CALL_malloc, 0, 4096);
	struct step opens = { .call = CALL_open, .got = { fd(3) },
			      .beneath = -1, .site = { .offset = { 11 } } };
	struct step closes = { .call = CALL_close, .gone = fd(3),
			       .beneath = -1, .site = { .offset = { 22 } } };
	record(opens);
	ck_assert_uint_eq(ledger.entries[1].released, 0);
	record(closes);
	ck_assert_uint_eq(ledger.entries[1].acquired, 2);
	ck_assert_uint_eq(ledger.entries[1].released, 3);
	ck_assert_uint_eq(ledger.entries[1].by.site.offset[0], 11);
	ck_assert_uint_eq(ledger.entries[1].until.site.offset[0], 22);
	ck_assert(!ledger.entries[1].given);
	ledger_release(&ledger);
}
END_TEST

START_TEST(a_thousand_resources_are_kept_in_their_order)
{
	for (uint64_t i = 1; i <= 1000; i++)
		did(CALL_malloc, 0, 16 * i);
	ck_assert_uint_eq(ledger_live(&ledger), 1000);
	for (uint64_t i = 1; i <= 1000; i++)
		ck_assert_uint_eq(ledger.entries[i - 1].id, 16 * i);
	for (uint64_t i = 1; i <= 1000; i += 2)
		did(CALL_free, 16 * i, 0);
	ck_assert_uint_eq(ledger_live(&ledger), 500);
	ledger_release(&ledger);
}
END_TEST

/* Under AddressSanitizer too, a block that cannot be had is NULL. */
const char *__asan_default_options(void);
const char *__asan_default_options(void)
{
	return "allocator_may_return_null=1";
}

START_TEST(without_memory_nothing_is_recorded)
{
	enum ruling ruling = RULING_COUNT;
	struct step step = { .call = CALL_malloc, .got = { 4096 } };
	ledger.n = ledger.room = PTRDIFF_MAX / sizeof(*ledger.entries);
	struct ledger before = ledger;
	ck_assert_int_eq(ledger_record(&ledger, &step, &ruling, &entry),
			 -ENOMEM);
	ck_assert_ptr_eq(ledger.entries, before.entries);
	ck_assert_uint_eq(ledger.n, before.n);
	ck_assert_uint_eq(ledger.room, before.room);
	ck_assert_uint_eq(ledger.steps, before.steps);
	ck_assert_uint_eq(ledger.wrong, before.wrong);
	ck_assert_int_eq(ruling, RULING_COUNT);
}
END_TEST

START_TEST(a_released_ledger_may_be_used_again)
{
	did(CALL_malloc, 0, 4096);
	did(CALL_free, 8192, 0);
	ledger_release(&ledger);
	ck_assert_uint_eq(ledger.steps, 0);
	ck_assert_uint_eq(ledger.wrong, 0);
	ck_assert_uint_eq(ledger_live(&ledger), 0);
	ck_assert_int_eq(did(CALL_free, 4096, 0), RULING_STRANGER);
	ledger_release(&ledger);
}
END_TEST

START_TEST(a_call_is_found_by_each_of_its_names)
{
	ck_assert_int_eq(call_named("malloc"), CALL_malloc);
	ck_assert_int_eq(call_named("fdopen"), CALL_fdopen);
	for (size_t i = 0; call_aliases[i].other; i++)
		ck_assert_int_eq(call_named(call_aliases[i].other),
				 (int)call_aliases[i].call);
	ck_assert_int_eq(call_named("open64"), CALL_open);
	ck_assert_int_eq(call_named("put"), -1);
	ck_assert_int_eq(call_named("strlen"), -1);
	ck_assert_int_eq(call_named(""), -1);
}
END_TEST

START_TEST(the_table_of_calls_holds_no_contradiction)
{
	for (int i = 0; i < CALL_COUNT; i++) {
		const struct call_info *c = &calls[i];
		bool gets = c->role == ROLE_ACQUIRE || c->role == ROLE_TRANSFER;
		bool ends = c->role == ROLE_RELEASE || c->role == ROLE_TRANSFER;
		ck_assert_msg(!gets || c->got != KIND_NONE, "%s", c->name);
		ck_assert_msg(!ends || c->gone != KIND_NONE, "%s", c->name);
		/* A use leaves nothing, but for SQLite's words on a failure. */
		ck_assert_msg(gets || ends || c->got == KIND_NONE ||
			      c->got == KIND_MESSAGE, "%s", c->name);
		ck_assert_msg(c->fails == (c->errnos[0] != 0), "%s", c->name);
		ck_assert_msg(c->fails == (c->errnos[1] != 0), "%s", c->name);
		for (size_t j = 0; harmless_calls[j]; j++)
			ck_assert_str_ne(harmless_calls[j],
					 c->pretend ? "" : c->name);
	}
}
END_TEST

START_TEST(every_kind_has_a_name_and_its_words)
{
	ck_assert_str_eq(kinds[KIND_HEAP].name, "heap");
	ck_assert_str_eq(kinds[KIND_DESCRIPTOR].name, "descriptor");
	ck_assert_str_eq(kinds[KIND_STREAM].name, "stream");
	ck_assert_str_eq(kinds[KIND_SINK].name, "sink");
	for (int kind = 0; kind < KIND_COUNT; kind++) {
		ck_assert(*kinds[kind].name && *kinds[kind].noun);
		ck_assert(*kinds[kind].begun && *kinds[kind].ended);
	}
}
END_TEST

TEST_PROGRAM("ledger",
	     what_is_acquired_lives_until_it_is_released,
	     a_second_release_is_a_double,
	     a_release_of_what_was_never_acquired_is_a_strangers,
	     closing_the_descriptor_beneath_a_stream_is_a_mismatch,
	     the_release_of_another_kind_is_a_mismatch,
	     a_block_with_the_number_of_a_descriptor_is_not_the_descriptor,
	     a_use_after_the_release_is_ruled_against,
	     what_somebody_else_opened_may_be_used,
	     the_descriptor_beneath_a_live_stream_may_be_used,
	     null_where_a_stream_belongs_is_ruled_against,
	     a_release_of_nothing_is_fine,
	     a_number_that_is_used_again_is_another_resource,
	     of_two_with_one_number_the_live_one_is_meant,
	     realloc_ends_the_old_block_and_begins_the_new,
	     fdopen_gives_the_descriptor_to_the_stream,
	     dup2_ends_what_stood_at_its_number,
	     a_copy_lives_beside_its_original,
	     a_transfer_that_fails_keeps_the_old,
	     a_release_that_fails_has_released,
	     an_acquisition_that_fails_acquires_nothing,
	     a_pipe_is_two_descriptors,
	     a_memory_stream_leaves_a_block_when_it_is_closed,
	     a_release_ruled_against_changes_no_entry,
	     asking_records_nothing,
	     an_entry_knows_the_steps_at_which_it_began_and_ended,
	     a_thousand_resources_are_kept_in_their_order,
	     without_memory_nothing_is_recorded,
	     a_released_ledger_may_be_used_again,
	     a_call_is_found_by_each_of_its_names,
	     the_table_of_calls_holds_no_contradiction,
	     every_kind_has_a_name_and_its_words)
