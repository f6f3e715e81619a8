/* What the C and C++ drivers share: the clock, the medians, the one line of JSON they print. */
#ifndef CALMERGE_BENCH_DRIVER_H
#define CALMERGE_BENCH_DRIVER_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

#define REPEATS 7
#define PATIENCE 1.5 /* seconds after which a warm job is not repeated once more */

static inline double now_seconds(void)
{
    struct timespec at;
    clock_gettime(CLOCK_MONOTONIC, &at);
    return (double)at.tv_sec + (double)at.tv_nsec * 1e-9;
}

static inline int by_size(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static inline double median(double *taken, int n)
{
    qsort(taken, (size_t)n, sizeof *taken, by_size);
    return n % 2 ? taken[n / 2] : (taken[n / 2 - 1] + taken[n / 2]) / 2;
}

static inline long peak_kb(void)
{
    FILE *status = fopen("/proc/self/status", "r"); /* ru_maxrss counts what the process was before exec */
    if (status) {
        char line[256];
        long kb = 0;
        while (!kb && fgets(line, sizeof line, status))
            if (!strncmp(line, "VmHWM:", 6))
                kb = atol(line + 6);
        fclose(status);
        if (kb)
            return kb;
    }
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    return usage.ru_maxrss;
}

static inline char *read_whole(const char *folder, const char *name)
{
    char path[4096];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *file = fopen(path, "rb");
    if (!file) {
        perror(path);
        exit(1);
    }
    fseek(file, 0, SEEK_END);
    long size = ftell(file);
    rewind(file);
    char *text = (char *)malloc((size_t)size + 1);
    if (!text || fread(text, 1, (size_t)size, file) != (size_t)size)
        exit(1);
    text[size] = 0;
    fclose(file);
    return text;
}

static inline FILE *open_out(const char *folder, const char *name)
{
    char path[4096];
    snprintf(path, sizeof path, "%s/%s.tsv", folder, name);
    FILE *file = fopen(path, "wb");
    if (!file) {
        perror(path);
        exit(1);
    }
    return file;
}

#endif
