/* test_words.c - see test_words.h. */
#include "test_words.h"

#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ERRNO_MAX = 133 };	/* Linux's, asm-generic/errno.h */

/* --- Check's messages ------------------------------------------------------------- */

/* Copies N bytes of TEXT into TO, which has SIZE; what does not fit is cut off. */
static void copy_part(char *to, size_t size, const char *text, size_t n)
{
	snprintf(to, size, "%.*s", (int)n, text);
}

/* Reads "LEFT == GOT, RIGHT == WANTED" at REST, for the expression of N bytes at EXPR
 * whose operator, with a space on each side, is at OPERATOR. */
static bool take_values(const char *expr, size_t n, const char *operator,
			const char *rest, struct comparison *c)
{
	char middle[sizeof(c->right) + 16];
	size_t left = (size_t)(operator - expr);
	size_t width = 1 + strcspn(operator + 1, " ") + 1;
	size_t right = n - left - width;
	if (left >= sizeof(c->left) || right >= sizeof(c->right) || width > 4 ||
	    strncmp(rest, expr, left) != 0 || strncmp(rest + left, " == ", 4) != 0)
		return false;
	snprintf(middle, sizeof(middle), ", %.*s == ", (int)right, operator + width);
	const char *got = rest + left + 4, *found = NULL;
	for (const char *at = got; (at = strstr(at, middle)) != NULL; at++)
		found = at;
	if (!found)
		return false;
	copy_part(c->left, sizeof(c->left), expr, left);
	copy_part(c->operator, sizeof(c->operator), operator + 1, width - 2);
	copy_part(c->right, sizeof(c->right), operator + width, right);
	copy_part(c->got, sizeof(c->got), got, (size_t)(found - got));
	copy_part(c->wanted, sizeof(c->wanted), found + strlen(middle),
		  strlen(found + strlen(middle)));
	return true;
}

/* Whether all of TEXT is a number. */
static bool is_number(const char *text)
{
	char *end;
	strtoll(text, &end, 0);
	return end != text && *end == '\0';
}

static void swap_texts(char *a, char *b, size_t size)
{
	for (size_t i = 0; i < size; i++) {
		char swap = a[i];
		a[i] = b[i];
		b[i] = swap;
	}
}

/* Has the number that was written down stand on the right. */
static void put_number_right(struct comparison *c)
{
	if (!is_number(c->left) || is_number(c->right))
		return;
	swap_texts(c->left, c->right, sizeof(c->left));
	swap_texts(c->got, c->wanted, sizeof(c->got));
	if (c->operator[0] == '<' || c->operator[0] == '>')
		c->operator[0] = c->operator[0] == '<' ? '>' : '<';
}

bool test_words_compare(const char *text, struct comparison *ret_comparison)
{
	static const char begin[] = "Assertion '", middle[] = "' failed: ";
	static const char *const operators[] = { " == ", " != ", " <= ", " >= ", " < ",
						 " > " };
	const char *expr = text + strlen(begin);
	const char *end = strncmp(text, begin, strlen(begin)) ? NULL :
			  strstr(expr, middle);
	for (size_t i = 0; end && i < sizeof(operators) / sizeof(*operators); i++)
		for (const char *at = expr; (at = strstr(at, operators[i])) != NULL &&
		     at < end; at++)
			if (take_values(expr, (size_t)(end - expr), at,
					end + strlen(middle), ret_comparison)) {
				put_number_right(ret_comparison);
				return true;
			}
	return false;
}

/* Writes VALUE, which EXPR has, with its name when it is that of an error. */
static void name_value(const char *value, const char *expr, char *ret, size_t size)
{
	long long number = is_number(value) ? strtoll(value, NULL, 0) : 0;
	bool negative = number < -1 && number >= -ERRNO_MAX;
	bool positive = number > 0 && number <= ERRNO_MAX && strstr(expr, "errno");
	const char *name = negative ? strerrorname_np((int)-number) :
			   positive ? strerrorname_np((int)number) : NULL;
	if (name)
		snprintf(ret, size, "%s (%s)", value, name);
	else
		snprintf(ret, size, "%s", value);
}

/* Writes TEXT with its newlines as \n; those at its end, outside of quotes, go. */
static void show_newlines(const char *text, char *ret, size_t size)
{
	size_t n = strlen(text), at = 0;
	while (n > 0 && (text[n - 1] == '\n' || text[n - 1] == ' '))
		n--;
	for (size_t i = 0; i < n && at + 3 < size; i++) {
		if (text[i] == '\n')
			ret[at++] = '\\';
		ret[at++] = text[i] == '\n' ? 'n' : text[i];
	}
	ret[at] = '\0';
}

void test_words_translate(const char *text, char *ret, size_t size)
{
	struct comparison c;
	char got[300], wanted[300], words[1024];
	if (!test_words_compare(text, &c)) {
		show_newlines(text, ret, size);
		return;
	}
	name_value(c.got, c.left, got, sizeof(got));
	name_value(c.wanted, c.left, wanted, sizeof(wanted));
	snprintf(words, sizeof(words), "%s: expected %s%s%s, got %s", c.left,
		 strcmp(c.operator, "==") == 0 ? "" : c.operator,
		 strcmp(c.operator, "==") == 0 ? "" : " ", wanted, got);
	show_newlines(words, ret, size);
}

/* --- the round, and the fault ------------------------------------------------------- */

/* Appends to RET, which has SIZE bytes; what does not fit is cut off. */
__attribute__((format(printf, 3, 4)))
static void add(char *ret, size_t size, const char *format, ...)
{
	size_t n = strlen(ret);
	va_list args;
	va_start(args, format);
	vsnprintf(ret + n, size - n, format, args);
	va_end(args);
}

/* Writes the call that asked for PLAN. */
static void name_plan(const struct plan *plan, char *ret, size_t size)
{
	const char *name = strerrorname_np(plan->err);
	const char *function = plan->mode == FAULT_ON ? "fail_calls_from" : "fail_call";
	if (plan->mode == FAULT_SHORT)
		snprintf(ret, size, "shorten_call(%u, %u)", plan->point,
			 (unsigned)plan->bytes);
	else if (name && plan->err)
		snprintf(ret, size, "%s(%u, %s)", function, plan->point, name);
	else
		snprintf(ret, size, "%s(%u, %d)", function, plan->point, plan->err);
}

/* Appends what became of the fault that was asked for. */
static void add_fault(const struct account *a, char *ret, size_t size)
{
	char plan[64];
	const char *does = a->plan.mode == FAULT_SHORT ? "come short" : "fail";
	const char *within = a->within[0] ? " in " : "";
	name_plan(&a->plan, plan, sizeof(plan));
	if (a->state == PLAN_IDLE)
		add(ret, size, "%safter %s, which made no call %s",
		    *ret ? ", " : "", plan, does);
	else if (a->state == PLAN_STRUCK)
		add(ret, size, "%safter %s, which made %s%s%s %s",
		    *ret ? ", " : "", plan, a->struck, within, a->within, does);
	else if (a->state == PLAN_LATE)
		add(ret, size, "%safter %s: that fault was still armed when "
		    "fault_struck() had returned 0, and then made %s%s%s %s. Disarm "
		    "it by fail_call(0, 0) before you go on", *ret ? ", " : "",
		    plan, a->struck, within, a->within, does);
}

void test_words_of(const struct account *account, char *ret, size_t size)
{
	test_words_translate(account->text, ret, size);
	if (account->round[0])
		add(ret, size, "%sin round _i = %s", *ret ? ", " : "", account->round);
	add_fault(account, ret, size);
}
