// Cal.com's own engine: buildDateRanges, subtract and getSlots, cut out of its published package when this runs. Called as
// `calcom_slots.mjs DATA OUT …` like every driver; the question is what `benchmarks.ours.available` wrote beside its answer.
import { copyFileSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { performance } from "node:perf_hooks";
import { pathToFileURL } from "node:url";

const out = process.argv[3], ours = join(dirname(out), "calmerge-available");
const home = join(process.env.CALMERGE_BENCH_NPM, "..", "calcom");
const dist = join(home, "package", "dist"), cut = join(home, "cut");
const asked = JSON.parse(readFileSync(join(ours, "question.json"), "utf8"));

// The engine asks the clock itself: let it be the day before the span.
const Real = Date, now = (asked.low - 86400) * 1000;
globalThis.Date = class extends Real {
  constructor(...given) { given.length ? super(...given) : super(now); }
  static now() { return now; }
};

mkdirSync(cut, { recursive: true });
const named = (pattern, holds) => readdirSync(dist).find((n) => pattern.test(n) && readFileSync(join(dist, n), "utf8").includes(holds));
const index = named(/^index-.*\.js$/, "dayjs.extend(customParseFormat)"), ranges = named(/^date-ranges-.*\.js$/, "function buildDateRanges");
for (const name of [index, ranges]) copyFileSync(join(dist, name), join(cut, name));
const text = readFileSync(join(dist, "slots.js"), "utf8");
const piece = text.slice(text.indexOf("const minimumOfOne"), text.indexOf("const getSlots = ("));
writeFileSync(join(cut, "slots.js"), `import "./${index}"; import dayjs from "dayjs";\n${piece}\nexport { buildSlotsWithDateRanges };\n`);
writeFileSync(join(cut, "package.json"), '{"type": "module"}');
const { b: buildDateRanges, s: subtract } = await import(pathToFileURL(join(cut, ranges)));
const { buildSlotsWithDateRanges } = await import(pathToFileURL(join(cut, "slots.js")));
const { default: dayjs } = await import(pathToFileURL(join(home, "node_modules", "dayjs", "dayjs.min.js")));

function run(minutes) {
  const clock = (hour) => new Real(Real.UTC(1970, 0, 1, hour));
  const { dateRanges } = buildDateRanges({
    availability: [{ days: [1, 2, 3, 4, 5], startTime: clock(asked.open[0]), endTime: clock(asked.open[1]) }],
    timeZone: asked.zone, dateFrom: dayjs.unix(asked.low).utc(), dateTo: dayjs.unix(asked.high).utc(), travelSchedules: [],
  });
  const busy = asked.busy.map(([start, end]) => ({ start: dayjs.unix(start).utc(), end: dayjs.unix(end).utc() }));
  return buildSlotsWithDateRanges({ dateRanges: subtract(dateRanges, busy), frequency: minutes, eventLength: minutes, timeZone: asked.zone, minimumBookingNotice: 0 });
}

const seconds = {}, compared = {};
for (const minutes of asked.minutes) {
  run(minutes);
  const taken = [];
  let found;
  for (let n = 0; n < 7; n++) {
    const begin = performance.now();
    found = run(minutes);
    taken.push((performance.now() - begin) / 1000);
  }
  taken.sort((a, b) => a - b);
  seconds[`slots${minutes}`] = taken[3];
  const theirs = found.map((one) => one.time.unix()).filter((t) => t >= asked.low && t + minutes * 60 <= asked.high);
  const mine = readFileSync(join(ours, `slots${minutes}.txt`), "utf8").split("\n").filter(Boolean).map(Number);
  if (!mine.length || theirs.length !== mine.length || theirs.some((t, n) => t !== mine[n])) {
    console.error(`its ${theirs.length} slots of ${minutes} minutes are not our ${mine.length}`);
    process.exit(1);
  }
  compared[`slots${minutes}`] = mine.length;
}
console.log(JSON.stringify({ version: "0.0.360", seconds, rss_kb: Math.round(process.memoryUsage().rss / 1024), compared }));
