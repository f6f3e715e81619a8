// KCalendarCore (the calendar of KDE): the file loaded into a MemoryCalendar, spans walked by its OccurrenceIterator.
#include <KCalendarCore/Event>
#include <KCalendarCore/ICalFormat>
#include <KCalendarCore/MemoryCalendar>
#include <KCalendarCore/OccurrenceIterator>
#include <QCoreApplication>
#include <QTimeZone>
#include <vector>

#include "driver.h"

using namespace KCalendarCore;

struct One {
    QString uid;
    qint64 start, end;
};

static qint64 midnight(const QDate &day)
{
    return QDateTime(day, QTime(0, 0), Qt::UTC).toSecsSinceEpoch();
}

static std::vector<One> walk(const MemoryCalendar::Ptr &calendar, qint64 low, qint64 high)
{
    std::vector<One> found;
    OccurrenceIterator each(*calendar, QDateTime::fromSecsSinceEpoch(low, Qt::UTC), QDateTime::fromSecsSinceEpoch(high, Qt::UTC));
    while (each.hasNext()) {
        each.next();
        const Incidence::Ptr event = each.incidence();
        const QDateTime begin = each.occurrenceStartDate(), finish = event->endDateForStart(begin);
        One one{event->uid(), 0, 0};
        if (event->allDay()) { // its last day is inclusive
            one.start = midnight(begin.date());
            one.end = midnight(finish.date().addDays(1));
        } else {
            one.start = begin.toSecsSinceEpoch();
            one.end = finish.toSecsSinceEpoch();
        }
        found.push_back(one);
    }
    return found;
}

static double warm(const MemoryCalendar::Ptr &calendar, qint64 low, qint64 high, const char *out, const char *name)
{
    double taken[REPEATS], sum = 0;
    int n = 0;
    for (int round = 0; n < REPEATS && (n == 0 || sum < PATIENCE); round++) {
        const double begin = now_seconds();
        const std::vector<One> found = walk(calendar, low, high);
        const double seconds = now_seconds() - begin;
        if (round) {
            sum += taken[n++] = seconds;
            continue;
        }
        FILE *file = open_out(out, name);
        for (const One &one : found)
            fprintf(file, "%s\t%lld\t%lld\n", one.uid.toUtf8().constData(), (long long)one.start, (long long)one.end);
        fclose(file);
    }
    return median(taken, n);
}

int main(int argc, char **argv)
{
    QCoreApplication app(argc, argv);
    if (argc < 7)
        return 2;
    const qint64 low = atol(argv[3]), high = atol(argv[4]), first = atol(argv[5]), last = atol(argv[6]);
    const double begin = now_seconds();
    MemoryCalendar::Ptr calendar(new MemoryCalendar(QTimeZone::utc()));
    ICalFormat format;
    if (!format.load(calendar, QString::fromUtf8(argv[1]) + QStringLiteral("/all.ics")))
        return 1;
    const double parsed = now_seconds();
    std::vector<One> week = walk(calendar, low, high);
    const double shown = now_seconds();
    week.clear();
    const double warm_week = warm(calendar, low, high, argv[2], "week"), warm_year = warm(calendar, first, last, argv[2], "year");
    printf("{\"version\": \"%s\", \"seconds\": {\"parse\": %.9f, \"first_week\": %.9f, \"week\": %.9f, \"year\": %.9f}, \"rss_kb\": %ld}\n",
           VERSION, parsed - begin, shown - begin, warm_week, warm_year, peak_kb());
    return 0;
}
