/* The physical limit of a durable record on this machine: how long it takes to write a page into a file that has its
 * blocks already, and to flush it.
 *   cc -O2 -o flush_limit flush_limit.c
 *   ./flush_limit COUNT FILE
 * Prints: microseconds a record, the median. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { PAGE = 4096, PAGES = 1024 };

static double now_micros(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec * 1e6 + time.tv_nsec / 1e3;
}

static int ascending(const void *one, const void *other) {
    double difference = *(const double *) one - *(const double *) other;
    return (difference > 0) - (difference < 0);
}

int main(int words, char **word) {
    if (words != 3) {
        fprintf(stderr, "usage: flush_limit COUNT FILE\n");
        return 2;
    }
    long count = atol(word[1]);
    int file = open(word[2], O_CREAT | O_TRUNC | O_RDWR, 0600);
    char page[PAGE];
    double *micros = calloc(count, sizeof *micros);
    if (file < 0 || micros == NULL) {
        perror(word[2]);
        return 1;
    }
    memset(page, 1, sizeof page);
    for (int i = 0; i < PAGES; i++) {
        if (pwrite(file, page, PAGE, (off_t) i * PAGE) != PAGE) {
            perror(word[2]);
            return 1;
        }
    }
    fsync(file);
    for (long i = 0; i < count; i++) {
        double begun = now_micros();
        memset(page, (int) i, sizeof page);
        if (pwrite(file, page, PAGE, (off_t) (i % PAGES) * PAGE) != PAGE || fdatasync(file) != 0) {
            perror(word[2]);
            return 1;
        }
        micros[i] = now_micros() - begun;
    }
    qsort(micros, count, sizeof *micros, ascending);
    printf("%.1f us a record\n", micros[count / 2]);
    return 0;
}
