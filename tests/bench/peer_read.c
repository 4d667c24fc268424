/* SPDX-License-Identifier: MIT */
/* peer_read: only reads files in chunks, to measure the minimum time of any reader. */
#include <fcntl.h>
#include <unistd.h>

int main(int argc, char **argv)
{
    static char chunk[256 * 1024];
    for (int i = 1; i < argc; i++) {
        int fd = open(argv[i], O_RDONLY);
        if (fd < 0)
            return 1;
        while (read(fd, chunk, sizeof chunk) > 0)
            continue;
        close(fd);
    }
    return 0;
}
