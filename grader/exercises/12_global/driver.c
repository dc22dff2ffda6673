/* driver.c - lets the judge call day_run. */
#include "day.h"
#include "driver.h"

enum { SALES_MAX = 16 };

/* day_run PATH CENTS [WHAT PRICE]...: replies what it returned, and *ret_cents,
 * which stood at CENTS before. */
static void run_day(struct command_call *c)
{
	struct sale sales[SALES_MAX];
	long cents = call_int(c, 1);
	size_t n = (call_count(c) - 2) / 2;
	for (size_t i = 0; i < n && i < SALES_MAX; i++)
		sales[i] = (struct sale){ call_text(c, 2 + 2 * i),
					  (int)call_int(c, 3 + 2 * i) };
	errno = 0;
	reply_int(c, day_run(call_text(c, 0), sales, n, &cents));
	reply_int(c, cents);
}

const struct command driver_commands[] = {
	{ "day_run", run_day },
	{ 0 },
};
