// ical.js (the engine of Thunderbird). Exceptions are related by hand: `new ICAL.Event(vevent)` without options looks
// through the whole calendar for them, which makes a file of many events quadratic.
import { PATIENCE, once, warm, job, hold, report, library } from "./protocol.mjs";

const { module: ICAL, version } = await library("ical.js");

function index(text) {
  const root = new ICAL.Component(ICAL.parse(text));
  for (const zone of root.getAllSubcomponents("vtimezone")) ICAL.TimezoneService.register(zone);
  const masters = [], overrides = new Map();
  for (const vevent of root.getAllSubcomponents("vevent")) {
    const event = new ICAL.Event(vevent, { exceptions: [] });
    if (!event.isRecurrenceException()) masters.push(event);
    else if (overrides.has(event.uid)) overrides.get(event.uid).push(event);
    else overrides.set(event.uid, [event]);
  }
  return { masters, overrides };
}

function walk({ masters, overrides }, low, high) {
  const found = [];
  const take = (uid, start, end) => {
    if (start < high && end > low) found.push([uid, start, end]);
  };
  for (const event of masters) {
    const uid = event.uid;
    if (!event.isRecurring()) {
      take(uid, event.startDate.toUnixTime(), event.endDate.toUnixTime());
      continue;
    }
    const own = overrides.get(uid) ?? [];
    const hidden = new Set(own.map((one) => one.recurrenceId.toUnixTime()));
    for (const one of own) take(uid, one.startDate.toUnixTime(), one.endDate.toUnixTime());
    const each = event.iterator();
    for (let at = each.next(); at; at = each.next()) {
      const start = at.toUnixTime();
      if (start >= high) break;
      if (hidden.has(start)) continue;
      const end = at.clone();
      end.addDuration(event.duration);
      take(uid, start, end.toUnixTime());
    }
  }
  return found;
}

let calendar;
const [parse] = once(() => (calendar = index(job.text("all.ics"))));
const [first, found] = once(() => walk(calendar, ...job.week));
const [week, inWeek] = first > PATIENCE ? [first, found] : warm(() => walk(calendar, ...job.week));
const [year, inYear] = warm(() => walk(calendar, ...job.year));
hold("week", inWeek);
hold("year", inYear);
report(version, { parse, first_week: parse + first, week, year });
