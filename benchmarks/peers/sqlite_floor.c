/* The floor under a warm week: SQLite's own C API running the very statements the program runs, stepping and copying every
   column, and nothing else. Statements stand in OUT/week.sql and OUT/year.sql, one a line, values filled in. */
#include <sqlite3.h>

#include "driver.h"

#define MOST 64

static sqlite3 *database;

static size_t read_rows(sqlite3_stmt **statements, int n, char *into, size_t room, size_t *bytes)
{
    size_t rows = 0, used = 0;
    for (int i = 0; i < n; i++) {
        sqlite3_reset(statements[i]);
        while (sqlite3_step(statements[i]) == SQLITE_ROW) {
            int columns = sqlite3_column_count(statements[i]);
            rows++;
            for (int c = 0; c < columns; c++) {
                if (used + 65536 > room)
                    used = 0;
                if (sqlite3_column_type(statements[i], c) == SQLITE_INTEGER) {
                    sqlite3_int64 number = sqlite3_column_int64(statements[i], c);
                    memcpy(into + used, &number, sizeof number);
                    used += sizeof number;
                } else {
                    const unsigned char *text = sqlite3_column_text(statements[i], c);
                    size_t size = (size_t)sqlite3_column_bytes(statements[i], c);
                    size = size < 65536 ? size : 65536;
                    if (text)
                        memcpy(into + used, text, size);
                    used += size;
                }
            }
        }
        sqlite3_reset(statements[i]);
    }
    *bytes = used;
    return rows;
}

static double warm(const char *folder, const char *name, size_t *rows)
{
    char *text = read_whole(folder, name), *save = NULL, *into = (char *)malloc(1 << 26);
    sqlite3_stmt *statements[MOST];
    int n = 0;
    for (char *line = strtok_r(text, "\n", &save); line && n < MOST; line = strtok_r(NULL, "\n", &save))
        if (sqlite3_prepare_v2(database, line, -1, &statements[n], NULL) == SQLITE_OK && statements[n])
            n++;
    double taken[REPEATS * 3];
    size_t bytes = 0;
    for (int round = -1; round < REPEATS * 3; round++) {
        double begin = now_seconds();
        *rows = read_rows(statements, n, into, 1 << 26, &bytes);
        double seconds = now_seconds() - begin;
        if (round >= 0)
            taken[round] = seconds;
    }
    for (int i = 0; i < n; i++)
        sqlite3_finalize(statements[i]);
    free(into);
    free(text);
    return median(taken, REPEATS * 3);
}

int main(int argc, char **argv)
{
    if (argc < 3)
        return 2;
    if (sqlite3_open_v2(argv[1], &database, SQLITE_OPEN_READONLY, NULL) != SQLITE_OK)
        return 1;
    sqlite3_exec(database, "PRAGMA cache_size=-16000; PRAGMA mmap_size=268435456; PRAGMA query_only=ON;", NULL, NULL, NULL);
    size_t rows = 0, many = 0;
    double week = warm(argv[2], "week.sql", &rows), year = warm(argv[2], "year.sql", &many);
    printf("{\"version\": \"%s\", \"seconds\": {\"week\": %.9f, \"year\": %.9f}, \"rss_kb\": %ld, \"rows\": [%zu, %zu]}\n",
           sqlite3_libversion(), week, year, peak_kb(), rows, many);
    return 0;
}
