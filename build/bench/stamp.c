/* The step of the latency part: what the monotonic clock says when a started program comes to its first instruction.
 *   ./stamp FILE      adds a line to FILE: nanoseconds of CLOCK_MONOTONIC, the clock of Java's System.nanoTime */
#include <fcntl.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

int main(int argc, char **argv) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    if (argc != 2) return fprintf(stderr, "usage: stamp FILE\n"), 2;
    char line[32];
    int length = snprintf(line, sizeof line, "%lld\n", t.tv_sec * 1000000000LL + t.tv_nsec);
    int file = open(argv[1], O_WRONLY | O_CREAT | O_APPEND, 0600);
    return file < 0 || write(file, line, length) != length;
}
