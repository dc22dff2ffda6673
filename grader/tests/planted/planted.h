/* planted.h - the function with four planted faults. */
#ifndef PLANTED_H
#define PLANTED_H

/* Copies the first line of the file FROM into the file TO: 0, or -1. */
int copy_line(const char *from, const char *to);

#endif
