/* libical: the file parsed into a component tree; the week and the year walked out of that tree. */
#include "libical_found.h"

static void hand_over(const char *out, const char *name, const struct found *found)
{
    FILE *file = open_out(out, name);
    for (size_t n = 0; n < found->n; n++)
        fprintf(file, "%s\t%ld\t%ld\n", found->items[n].uid, found->items[n].start, found->items[n].end);
    fclose(file);
}

static double warm(icalcomponent *root, const struct overridden *table, long low, long high, const char *out, const char *name)
{
    double taken[REPEATS], sum = 0;
    int n = 0;
    for (int round = 0; n < REPEATS && (n == 0 || sum < PATIENCE); round++) {
        struct found found = {NULL, 0, 0, low, high};
        double begin = now_seconds();
        walk(root, table, &found);
        double seconds = now_seconds() - begin;
        if (round)
            sum += taken[n++] = seconds;
        else
            hand_over(out, name, &found);
        free(found.items);
    }
    return median(taken, n);
}

int main(int argc, char **argv)
{
    if (argc < 7)
        return 2;
    long low = atol(argv[3]), high = atol(argv[4]), first = atol(argv[5]), last = atol(argv[6]);
    double begin = now_seconds();
    char *text = read_whole(argv[1], "all.ics");
    icalcomponent *root = icalparser_parse_string(text);
    if (!root)
        return 1;
    struct overridden table = index_overrides(root);
    double parsed = now_seconds();
    struct found week = {NULL, 0, 0, low, high};
    walk(root, &table, &week);
    double shown = now_seconds();
    free(week.items);
    double warm_week = warm(root, &table, low, high, argv[2], "week");
    double warm_year = warm(root, &table, first, last, argv[2], "year");
    printf("{\"version\": \"%s\", \"seconds\": {\"parse\": %.9f, \"first_week\": %.9f, \"week\": %.9f, \"year\": %.9f}, \"rss_kb\": %ld}\n",
           VERSION, parsed - begin, shown - begin, warm_week, warm_year, peak_kb());
    return 0;
}
