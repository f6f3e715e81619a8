/* libical: icalrecur over the rules alone, begun near the span (icalrecur_iterator_set_start where it applies: no COUNT). */
#include <libical/ical.h>

#include "driver.h"

struct series {
    char *uid, *text;
    struct icaltimetype start;
    icaltimezone *zone;
    struct icalrecurrencetype rule;
};

struct one {
    const char *uid;
    long start;
};

static struct series *list;
static size_t count;
static struct one *found;
static size_t n_found, room;

static void load(const char *folder)
{
    char *text = read_whole(folder, "rules.tsv"), *save = NULL;
    size_t most = 0;
    for (char *line = strtok_r(text, "\n", &save); line; line = strtok_r(NULL, "\n", &save)) {
        char *zone = strchr(line, '\t') + 1, *start = zone, *rule;
        zone[-1] = 0;
        zone = strchr(start, '\t') + 1;
        zone[-1] = 0;
        rule = strchr(zone, '\t') + 1;
        rule[-1] = 0;
        if (count == most) {
            most = most ? most * 2 : 1024;
            list = (struct series *)realloc(list, most * sizeof *list);
        }
        struct series *one = &list[count++];
        one->uid = line;
        one->text = rule;
        one->zone = strlen(zone) ? icaltimezone_get_builtin_timezone(zone) : icaltimezone_get_utc_timezone();
        if (!strcmp(zone, "UTC"))
            one->zone = icaltimezone_get_utc_timezone();
        one->start = icaltime_from_string(start);
        one->rule = icalrecurrencetype_from_string(rule);
    }
}

static void expand(long low, long high, int from_text)
{
    n_found = 0;
    for (size_t n = 0; n < count; n++) {
        struct series *one = &list[n];
        struct icalrecurrencetype rule = from_text ? icalrecurrencetype_from_string(one->text) : one->rule;
        struct icaltimetype start = icaltime_set_timezone(&one->start, one->zone);
        icalrecur_iterator *each = icalrecur_iterator_new(rule, start);
        if (!each)
            continue;
        if (!rule.count) {
            struct icaltimetype near_ = icaltime_from_timet_with_zone(low - 86400, start.is_date, one->zone);
            if (icaltime_compare(near_, start) > 0)
                icalrecur_iterator_set_start(each, near_);
        }
        for (struct icaltimetype at = icalrecur_iterator_next(each); !icaltime_is_null_time(at); at = icalrecur_iterator_next(each)) {
            long instant = (long)icaltime_as_timet_with_zone(at, one->zone);
            if (instant >= high)
                break;
            if (instant < low)
                continue;
            if (n_found == room) {
                room = room ? room * 2 : 1024;
                found = (struct one *)realloc(found, room * sizeof *found);
            }
            found[n_found++] = (struct one){one->uid, instant};
        }
        icalrecur_iterator_free(each);
    }
}

static double warm(const char *out, const char *name, long low, long high, int from_text)
{
    double taken[REPEATS], sum = 0;
    int n = 0;
    for (int round = 0; n < REPEATS && (n == 0 || sum < PATIENCE); round++) {
        double begin = now_seconds();
        expand(low, high, from_text);
        double seconds = now_seconds() - begin;
        if (round)
            sum += taken[n++] = seconds;
    }
    FILE *file = open_out(out, name);
    for (size_t i = 0; i < n_found; i++)
        fprintf(file, "%s\t%ld\t%ld\n", found[i].uid, found[i].start, found[i].start + 1);
    fclose(file);
    return median(taken, n);
}

int main(int argc, char **argv)
{
    if (argc < 7)
        return 2;
    long low = atol(argv[3]), high = atol(argv[4]), first = atol(argv[5]), last = atol(argv[6]);
    load(argv[1]);
    double text = warm(argv[2], "week", low, high, 1), week = warm(argv[2], "week", low, high, 0);
    double text_year = warm(argv[2], "year", first, last, 1), year = warm(argv[2], "year", first, last, 0);
    printf("{\"version\": \"%s\", \"seconds\": {\"rules_week\": %.9f, \"rules_text_week\": %.9f, \"rules_year\": %.9f, \"rules_text_year\": %.9f}, "
           "\"rss_kb\": %ld}\n",
           VERSION, week, text, year, text_year, peak_kb());
    return 0;
}
