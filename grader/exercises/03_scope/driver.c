/* driver.c - lets the judge sell tickets. */
#include "ticket.h"
#include "runtime/driver.h"
#include "runtime/fault_injection.h"

#include <ctype.h>
#include <pthread.h>
#include <stdatomic.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { BUSY_NS = 20 * 1000 * 1000, SLOTS = 2, NAME = 32, REOPENED = 40 };

static struct hall hall = { PTHREAD_MUTEX_INITIALIZER, "", 0 };
static struct ticket *given[SLOTS];	/* by the last sales, NULL for none */

/* hall LEFT LIST: a hall with that many seats and that list. */
static void make_hall(struct command_call *c)
{
	static char path[128];
	snprintf(path, sizeof(path), "%s", call_text(c, 1));
	hall.left = (int)call_int(c, 0);
	hall.list = path;
	reply_int(c, 0);
}

/* The name in a ticket, which may be freed by now: all its bytes when no NUL ends
 * it. */
static const char *name_in(const struct ticket *ticket)
{
	static char name[NAME + 1];
	memcpy(name, ticket->who, NAME);
	for (char *c = name; *c; c++)
		*c = isprint((unsigned char)*c) ? *c : '?';
	return name;
}

/* Sells a seat to WHO, into SLOT: replies what was returned, what became of
 * *ret_ticket (0 untouched, 1 a ticket, 2 NULL), the seats left, and what the
 * ticket holds. */
static void sell_to(struct command_call *c, int slot, const char *name)
{
	struct ticket untouched, *ticket = &untouched;
	char who[64];
	snprintf(who, sizeof(who), "%s", name);
	errno = ERRNO_LEFT;
	reply_int(c, ticket_sell(&hall, who, &ticket));
	memset(who, 'x', strlen(who));
	given[slot] = ticket == &untouched ? NULL : ticket;
	reply_int(c, ticket == &untouched ? 0 : ticket ? 1 : 2);
	reply_int(c, hall.left);
	reply_int(c, given[slot] ? given[slot]->seat : 0);
	reply_text(c, given[slot] ? name_in(given[slot]) : "");
}

/* The slot that argument N names. */
static int slot_of(const struct command_call *c, size_t n)
{
	return (int)(call_int(c, n) & (SLOTS - 1));
}

/* ticket_sell WHO [SLOT]: replies as sell_to does. */
static void sell(struct command_call *c)
{
	sell_to(c, slot_of(c, 1), call_text(c, 0));
}

/* ticket SLOT: replies the seat of a ticket that was given, and its name. */
static void show_ticket(struct command_call *c)
{
	const struct ticket *ticket = given[slot_of(c, 0)];
	reply_int(c, ticket ? ticket->seat : 0);
	reply_text(c, ticket ? name_in(ticket) : "");
}

/* ticket_free [SLOT]: ends the ticket of the last sale. */
static void end_ticket(struct command_call *c)
{
	ticket_free(given[slot_of(c, 0)]);
	given[slot_of(c, 0)] = NULL;
	reply_int(c, 0);
}

static int left_at_unlock, unlocks;

/* Another counter has the hall as soon as the seller has given back its lock:
 * more seats are put in, and a new list is begun. */
static void reopen(void)
{
	unlocks++;
	left_at_unlock = hall.left;
	hall.left = REOPENED;
	hall.list = "next.list";
}

/* sell_before_another WHO: sells, and has another counter change the hall when
 * the lock is given back. Replies as sell_to does; then how often the lock was
 * given back, and the seats that the seller left then. */
static void sell_before_another(struct command_call *c)
{
	injection_at_unlock(reopen);
	sell_to(c, 0, call_text(c, 0));
	injection_at_unlock(NULL);
	reply_int(c, unlocks);
	reply_int(c, left_at_unlock);
}

/* The counter that sells, as the other one sees it. */
static struct {
	pid_t tid;
	clockid_t clock;	/* of its processor time */
	long begun_ns;		/* what that showed before the call */
	atomic_int stage;	/* 0 before the call, 1 in it, 2 after it */
} seller;

/* Whether the seller sleeps: inside the call it has nothing to sleep for but
 * the lock. Source: proc(5). */
static int seller_sleeps(void)
{
	char path[64], line[256] = "";
	snprintf(path, sizeof(path), "/proc/self/task/%d/stat", seller.tid);
	FILE *stat = fopen(path, "r");
	if (!stat)
		return 1;
	size_t n = fread(line, 1, sizeof(line) - 1, stat);
	fclose(stat);
	line[n] = '\0';
	const char *end = strrchr(line, ')');
	return end && end[1] == ' ' && end[2] == 'S';
}

/* The processor time that the seller has used. */
static long seller_used_ns(void)
{
	struct timespec used;
	clock_gettime(seller.clock, &used);
	return used.tv_sec * 1000 * 1000 * 1000 + used.tv_nsec;
}

/* Whether the seller has run for so long that it must be asking for the lock
 * again and again. */
static int seller_is_busy(void)
{
	return seller_used_ns() - seller.begun_ns > BUSY_NS;
}

static pthread_barrier_t held;

static int left_beside;

/* Another counter: it has the lock before the seller asks for it, and sells all
 * but left_beside when the seller waits, or did not; then it begins a new list.
 * No time is measured but the seller's own, so that a slow machine changes
 * nothing. */
static void *other_counter(void *unused)
{
	static const struct timespec pause = { .tv_nsec = 50 * 1000 };
	(void)unused;
	pthread_mutex_lock(&hall.lock);
	pthread_barrier_wait(&held);
	while (seller.stage == 0 ||
	       (seller.stage == 1 && !seller_sleeps() && !seller_is_busy()))
		nanosleep(&pause, NULL);
	hall.left = left_beside;
	hall.list = "next.list";
	pthread_mutex_unlock(&hall.lock);
	return NULL;
}

/* sell_beside WHO LEFT: sells while another counter sells all but LEFT seats. */
static void sell_beside(struct command_call *c)
{
	pthread_t other;
	left_beside = (int)call_int(c, 1);
	seller.tid = gettid();
	pthread_getcpuclockid(pthread_self(), &seller.clock);
	seller.begun_ns = seller_used_ns();
	pthread_barrier_init(&held, NULL, 2);
	pthread_create(&other, NULL, other_counter, NULL);
	pthread_barrier_wait(&held);
	seller.stage = 1;
	sell_to(c, 0, call_text(c, 0));
	seller.stage = 2;
	pthread_join(other, NULL);
	pthread_barrier_destroy(&held);
}

const struct command driver_commands[] = {
	{ "hall", make_hall },
	{ "ticket_sell", sell },
	{ "ticket", show_ticket },
	{ "ticket_free", end_ticket },
	{ "sell_before_another", sell_before_another },
	{ "sell_beside", sell_beside },
	{ 0 },
};
