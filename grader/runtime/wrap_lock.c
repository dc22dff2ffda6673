/* wrap_lock.c - locks. They are never made to fail; but what would hang or be
 * undefined is answered as an error-checking mutex answers it, and told.
 * Source: pthread_mutex_lock(3p), PTHREAD_MUTEX_ERRORCHECK. */
#include "wrap.h"

#include <errno.h>

/* A lock as the ledger counts it: its address may also be that of the block
 * that it stands in. */
static uint64_t lock_id(const pthread_mutex_t *lock)
{
	return ID(lock) + 1;
}

/* Whether the code under test holds LOCK already. */
static bool held(const pthread_mutex_t *lock)
{
	const struct entry *entry;
	return ledger_ask(injection_ledger(), CALL_pthread_mutex_unlock,
			  lock_id(lock), &entry) == RULING_FINE;
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

/* Takes LOCK; what would wait for oneself is answered instead. A recursive one
 * may be taken again. */
static int take(pthread_mutex_t *lock)
{
	if (!held(lock))
		return pthread_mutex_lock(lock);
	return pthread_mutex_trylock(lock) == 0 ? 0 : EDEADLK;
}

int brakes_pthread_mutex_lock(pthread_mutex_t *lock)
{
	struct watched w = BEGIN(pthread_mutex_lock, 0, NULL);
	return took(&w, lock, w.quiet ? pthread_mutex_lock(lock) : take(lock));
}

int brakes_pthread_mutex_trylock(pthread_mutex_t *lock)
{
	struct watched w = BEGIN(pthread_mutex_trylock, 0, NULL);
	return took(&w, lock, pthread_mutex_trylock(lock));
}

int brakes_pthread_mutex_unlock(pthread_mutex_t *lock)
{
	struct watched w = BEGIN(pthread_mutex_unlock, lock_id(lock), NULL);
	int rc = w.refused ? EPERM : 0;
	if (injection_times(&w) > 0 && !w.refused)
		rc = pthread_mutex_unlock(lock);
	injection_end(&w);
	return rc;
}
