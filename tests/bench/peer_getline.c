/* SPDX-License-Identifier: MIT */
/* peer_getline: finds the peak of a log with getline(3) and strtoull(3), like a typical C program.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int main(int argc, char **argv)
{
    char *line = NULL;
    size_t capacity = 0;
    unsigned long long peak = 0;
    for (int i = 1; i < argc; i++) {
        FILE *file = fopen(argv[i], "r");
        if (file == NULL)
            return 1;
        while (getline(&line, &capacity, file) > 0) {
            unsigned long long value[6] = {0};
            char *at = strchr(line, ':');
            if (at == NULL)
                continue;
            at++;
            for (int column = 0; column < 6 && *at != '\n'; column++)
                value[column] = strtoull(at, &at, 10);
            if (line[0] == 'M' && value[1] > peak)
                peak = value[1];
        }
        fclose(file);
    }
    free(line);
    printf("%llu\n", peak);
    return 0;
}
