// rrule-rust: the rules alone, expanded by Rust and handed to JavaScript.
import { warm, job, hold, report, library } from "./protocol.mjs";

const { module, version } = await library("rrule-rust");
const { RRuleSet, DateTime } = module;

const texts = job.text("rules.tsv").trimEnd().split("\n").map((line) => {
  const [uid, start, zone, rule] = line.split("\t");
  const wall = start.length === 8 ? `${start}T000000` : start;
  const head = zone && zone !== "UTC" ? `DTSTART;TZID=${zone}:${wall}` : `DTSTART:${wall}Z`;
  // the crate wants UNTIL in UTC beside a DTSTART that has a zone: dates and floating times are read in UTC here
  const whole = rule.replace(/UNTIL=(\d{8})(T\d{6})?(?=$|;)/, (_m, day, time) => `UNTIL=${day}${time ?? "T000000"}Z`);
  return { uid, text: `${head}\nRRULE:${whole}` };
});
function parse(text) {
  const set = RRuleSet.fromString(text);
  set.cache.disable(); // else every repeat after the first is answered from memory
  return set;
}
const zones = new Map(texts.map(({ uid, text }) => [uid, text.match(/TZID=([^:]+):/)?.[1]]));
const sets = texts.map(({ text }) => parse(text));
const utc = (seconds) => {
  const at = new Date(seconds * 1000);
  return DateTime.utc(at.getUTCFullYear(), at.getUTCMonth() + 1, at.getUTCDate(), at.getUTCHours(), at.getUTCMinutes(), at.getUTCSeconds());
};

function expand([low, high], fromText) {
  const found = [];
  const after = utc(low), before = utc(high - 1);
  for (let n = 0; n < texts.length; n++) {
    const set = fromText ? parse(texts[n].text) : sets[n];
    for (const at of set.between(after, before, true)) found.push([texts[n].uid, at]);
  }
  return found;
}

// between() answers in the wall time of the set: to be compared, it becomes an instant here, after the clock has stopped
function instant(uid, at) {
  const zone = zones.get(uid);
  const wall = Date.UTC(at.year, at.month - 1, at.day, at.time.hour, at.time.minute, at.time.second) / 1000;
  if (at.time.utc || !zone) return wall;
  const shown = (t) => {
    const parts = Object.fromEntries(new Intl.DateTimeFormat("en-US", {
      timeZone: zone, hourCycle: "h23", year: "numeric", month: "numeric", day: "numeric", hour: "numeric", minute: "numeric", second: "numeric",
    }).formatToParts(t * 1000).map(({ type, value }) => [type, Number(value)]));
    return Date.UTC(parts.year, parts.month - 1, parts.day, parts.hour, parts.minute, parts.second) / 1000;
  };
  const before = shown(wall - 86400) - (wall - 86400), after = shown(wall + 86400) - (wall + 86400);
  const first = wall - Math.max(before, after), second = wall - Math.min(before, after);
  return shown(first) === wall ? first : shown(second) === wall ? second : wall - before;
}

const spans = { week: job.week, year: job.year }, seconds = {};
for (const [name, span] of Object.entries(spans)) {
  let found;
  [seconds[`rules_text_${name}`]] = warm(() => expand(span, true));
  [seconds[`rules_${name}`], found] = warm(() => expand(span, false));
  hold(name, found.map(([uid, at]) => {
    const start = instant(uid, at);
    return [uid, start, start + 1];
  }));
}
report(version, seconds);
