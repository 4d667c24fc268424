/* SPDX-License-Identifier: MIT */
/* natural: the natural order of names. Knows no locale. */
#include "base/natural.h"

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

int natural_compare(const char *a, const char *b)
{
    const char *left = a, *right = b;
    while (*left != '\0' && *right != '\0') {
        if (!is_digit(*left) || !is_digit(*right)) {
            if (*left != *right)
                return (unsigned char)*left < (unsigned char)*right ? -1 : 1;
            left++;
            right++;
            continue;
        }
        left += strspn(left, "0");
        right += strspn(right, "0");
        size_t left_digits = strspn(left, "0123456789"), right_digits = strspn(right, "0123456789");
        if (left_digits != right_digits)
            return left_digits < right_digits ? -1 : 1;
        int order = strncmp(left, right, left_digits);
        if (order != 0)
            return order;
        left += left_digits;
        right += right_digits;
    }
    if (*left != *right)
        return *left == '\0' ? -1 : 1;
    return strcmp(a, b); /* they differ in leading zeros alone */
}
