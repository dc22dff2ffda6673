/* wrap_lock.c - locks. Only making one is made to fail; but what would hang or be
 * undefined is answered as an error-checking mutex answers it, and told.
 * Source: pthread_mutex_lock(3p), PTHREAD_MUTEX_ERRORCHECK. */
#include "wrap.h"

#include <errno.h>

/* A lock as the ledger counts it: its address may also be that of the block
 * that it lies in. What one thread holds, another does not: the bits that no
 * address has tell them apart. Source: the x86-64 and AArch64 address spaces of
 * Linux, of 47 and 48 bits. */
static uint64_t lock_id(const pthread_mutex_t *lock)
{
	return (ID(lock) + 1) | (uint64_t)injection_thread() << 48;
}

/* Whether this thread holds LOCK already. */
static bool held(const pthread_mutex_t *lock)
{
	bool known;
	return injection_ask(CALL_pthread_mutex_unlock, lock_id(lock),
			     &known) == RULING_FINE;
}

/* Ends an attempt to take LOCK that answered RC. */
static int took(struct watched *w, pthread_mutex_t *lock, int rc)
{
	if (rc == 0)
		w->step.got[0] = lock_id(lock);
	w->step.failed = rc != 0;
	w->step.err = rc;
	injection_end(w);
	return rc;
}

/* Takes again a LOCK that this thread holds: a recursive one may be. What would
 * wait for itself is answered instead. */
static int take_again(pthread_mutex_t *lock)
{
	return pthread_mutex_trylock(lock) == 0 ? 0 : EDEADLK;
}

int brakes_pthread_mutex_lock(pthread_mutex_t *lock)
{
	struct watched w = BEGIN(pthread_mutex_lock, 0, NULL);
	return took(&w, lock, !w.quiet && held(lock) ? take_again(lock) :
		    pthread_mutex_lock(lock));
}

int brakes_pthread_mutex_timedlock(pthread_mutex_t *lock,
				   const struct timespec *until)
{
	struct watched w = BEGIN(pthread_mutex_timedlock, 0, NULL);
	return took(&w, lock, !w.quiet && held(lock) ? take_again(lock) :
		    pthread_mutex_timedlock(lock, until));
}

int brakes_pthread_mutex_clocklock(pthread_mutex_t *lock, clockid_t clock,
				   const struct timespec *until)
{
	struct watched w = BEGIN(pthread_mutex_clocklock, 0, NULL);
	return took(&w, lock, !w.quiet && held(lock) ? take_again(lock) :
		    pthread_mutex_clocklock(lock, clock, until));
}

int brakes_pthread_mutex_trylock(pthread_mutex_t *lock)
{
	struct watched w = BEGIN(pthread_mutex_trylock, 0, NULL);
	return took(&w, lock, pthread_mutex_trylock(lock));
}

static void (*look_at_unlock)(void);

void injection_at_unlock(void (*look)(void))
{
	look_at_unlock = look;
}

int brakes_pthread_mutex_unlock(pthread_mutex_t *lock)
{
	struct watched w = BEGIN(pthread_mutex_unlock, lock_id(lock), NULL);
	int rc = w.refused ? EPERM : 0;
	if (injection_times(&w) > 0 && !w.refused)
		rc = pthread_mutex_unlock(lock);
	injection_end(&w);
	if (rc == 0 && !w.quiet && look_at_unlock)
		look_at_unlock();
	return rc;
}

int brakes_pthread_mutex_init(pthread_mutex_t *lock,
			      const pthread_mutexattr_t *attributes)
{
	struct watched w = BEGIN(pthread_mutex_init, 0, NULL);
	int rc = w.step.failed ? w.step.err :
		 pthread_mutex_init(lock, attributes);
	injection_end(&w);
	return rc;
}
