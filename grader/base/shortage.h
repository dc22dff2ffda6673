/* shortage.h - what a grading needs of the machine, held against what there is.
 * Code that is graded where something runs short fails for a reason that is not
 * its own. */
#ifndef BASE_SHORTAGE_H
#define BASE_SHORTAGE_H

/* How much is asked for. */
enum enough {
	ENOUGH_TO_START,	/* below it no grading can be right */
	ENOUGH_FOR_SURE,	/* above it no failure comes from a shortage */
};

/* Looks for what this process, its children and the folder FOLDER (NULL: none)
 * have too little of. A soft limit that is too low is raised first, as far as its
 * hard limit allows. NULL when there is enough of all; else one sentence, which
 * the caller frees: it names the first shortage, what there is, what is needed,
 * and what to do.
 * Sources: getrlimit(2), statvfs(3), proc_meminfo(5), the kernel's "Control Group
 * v2". */
char *shortage_find(const char *folder, enum enough enough);

/* What an error number says when it comes from a shortage, in a sentence: "the
 * disk is full ...". NULL for any other. A literal. */
const char *shortage_of_errno(int err);

#endif
