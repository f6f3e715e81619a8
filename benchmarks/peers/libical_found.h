/* Occurrences of a libical component tree: RRULE, RDATE and EXDATE by icalcomponent_foreach_recurrence; what that function
   leaves to its caller, RECURRENCE-ID, by a table of overridden instants. */
#ifndef CALMERGE_BENCH_LIBICAL_FOUND_H
#define CALMERGE_BENCH_LIBICAL_FOUND_H

#include <libical/ical.h>

#include "driver.h"

struct one {
    const char *uid;
    long start, end;
};

struct found {
    struct one *items;
    size_t n, room;
    long low, high;
};

struct overridden {
    unsigned long *keys;
    size_t size;
};

static unsigned long key_of(const char *uid, long at)
{
    unsigned long hash = 1469598103934665603UL;
    for (; *uid; uid++)
        hash = (hash ^ (unsigned char)*uid) * 1099511628211UL;
    hash ^= (unsigned long)at * 0x9E3779B97F4A7C15UL;
    return hash ? hash : 1;
}

static void remember(struct overridden *table, unsigned long key)
{
    size_t at = key % table->size;
    while (table->keys[at])
        at = (at + 1) % table->size;
    table->keys[at] = key;
}

static int is_overridden(const struct overridden *table, unsigned long key)
{
    for (size_t at = key % table->size; table->keys[at]; at = (at + 1) % table->size)
        if (table->keys[at] == key)
            return 1;
    return 0;
}

/* A RECURRENCE-ID as an instant; icalcomponent_get_recurrenceid leaves its TZID unread. */
static long instant(icalcomponent *root, icalproperty *rid)
{
    icalparameter *tzid = icalproperty_get_first_parameter(rid, ICAL_TZID_PARAMETER);
    icaltimezone *zone = tzid ? icalcomponent_get_timezone(root, icalparameter_get_tzid(tzid)) : NULL;
    return (long)icaltime_as_timet_with_zone(icalproperty_get_recurrenceid(rid), zone ? zone : icaltimezone_get_utc_timezone());
}

static void add(struct found *found, const char *uid, long start, long end)
{
    if (start >= found->high || end <= found->low)
        return;
    if (found->n == found->room) {
        found->room = found->room ? found->room * 2 : 1024;
        found->items = (struct one *)realloc(found->items, found->room * sizeof *found->items);
    }
    found->items[found->n++] = (struct one){uid, start, end};
}

struct asked {
    struct found *found;
    const struct overridden *table;
    const char *uid;
    int date, override;
};

static void take(icalcomponent *event, struct icaltime_span *span, void *data)
{
    struct asked *asked = (struct asked *)data;
    (void)event;
    long start = span->start, end = span->end;
    if (asked->date) /* the library ends a day one second before midnight, and one day late where DTEND says so */
        end = start + ((end - start) / 86400 > 0 ? (end - start) / 86400 : 1) * 86400;
    if (!asked->override && is_overridden(asked->table, key_of(asked->uid, start)))
        return;
    add(asked->found, asked->uid, start, end);
}

static void walk(icalcomponent *root, const struct overridden *table, struct found *found)
{
    icaltimezone *utc = icaltimezone_get_utc_timezone();
    struct icaltimetype low = icaltime_from_timet_with_zone(found->low, 0, utc);
    struct icaltimetype high = icaltime_from_timet_with_zone(found->high, 0, utc);
    for (icalcomponent *event = icalcomponent_get_first_component(root, ICAL_VEVENT_COMPONENT); event;
         event = icalcomponent_get_next_component(root, ICAL_VEVENT_COMPONENT)) {
        icalproperty *rid = icalcomponent_get_first_property(event, ICAL_RECURRENCEID_PROPERTY);
        struct asked asked = {found, table, icalcomponent_get_uid(event), icalcomponent_get_dtstart(event).is_date, rid != NULL};
        icalcomponent_foreach_recurrence(event, low, high, take, &asked);
    }
}

static struct overridden index_overrides(icalcomponent *root)
{
    struct overridden table = {(unsigned long *)calloc(1 << 16, sizeof(unsigned long)), 1 << 16};
    for (icalcomponent *event = icalcomponent_get_first_component(root, ICAL_VEVENT_COMPONENT); event;
         event = icalcomponent_get_next_component(root, ICAL_VEVENT_COMPONENT)) {
        icalproperty *rid = icalcomponent_get_first_property(event, ICAL_RECURRENCEID_PROPERTY);
        if (rid)
            remember(&table, key_of(icalcomponent_get_uid(event), instant(root, rid)));
    }
    return table;
}

#endif
