// KCalendarCore's own free/busy: FreeBusy over all events of the file, 60 days.
#include <KCalendarCore/Event>
#include <KCalendarCore/FreeBusy>
#include <KCalendarCore/ICalFormat>
#include <KCalendarCore/MemoryCalendar>
#include <QCoreApplication>
#include <QTimeZone>

#include "driver.h"

using namespace KCalendarCore;

int main(int argc, char **argv)
{
    QCoreApplication app(argc, argv);
    if (argc < 7)
        return 2;
    const qint64 low = atol(argv[3]), high = low + 60 * 86400;
    MemoryCalendar::Ptr calendar(new MemoryCalendar(QTimeZone::utc()));
    ICalFormat format;
    if (!format.load(calendar, QString::fromUtf8(argv[1]) + QStringLiteral("/all.ics")))
        return 1;
    const Event::List events = calendar->rawEvents();
    const QDateTime from = QDateTime::fromSecsSinceEpoch(low, Qt::UTC), to = QDateTime::fromSecsSinceEpoch(high, Qt::UTC);
    double taken[REPEATS], sum = 0;
    int n = 0, periods = 0;
    for (int round = 0; n < REPEATS && (n == 0 || sum < PATIENCE); round++) {
        const double begin = now_seconds();
        FreeBusy::Ptr found(new FreeBusy(events, from, to));
        periods = found->busyPeriods().size();
        const double seconds = now_seconds() - begin;
        if (round)
            sum += taken[n++] = seconds;
    }
    printf("{\"version\": \"%s\", \"seconds\": {\"freebusy\": %.9f}, \"rss_kb\": %ld, \"busy\": %d}\n", VERSION, median(taken, n), peak_kb(),
           periods);
    return 0;
}
