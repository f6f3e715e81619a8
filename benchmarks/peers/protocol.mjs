// What the Node drivers share; the same protocol as protocol.py.
import { readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const [data, out, ...numbers] = process.argv.slice(2);
const [low, high, from, to] = numbers.map(Number);
const REPEATS = 7;
export const PATIENCE = 1.5; // seconds; see protocol.py

export const job = { week: [low, high], year: [from, to], text: (name) => readFileSync(join(data, name), "utf8") };

/** A package of the benchmark's own npm folder, with its version. */
export async function library(name) {
  const require = createRequire(join(process.env.CALMERGE_BENCH_NPM, "package.json"));
  const path = require.resolve(name);
  const loaded = await import(pathToFileURL(path));
  const folder = path.slice(0, path.lastIndexOf(`node_modules/${name}/`)) + `node_modules/${name}`;
  const { version } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  return { module: loaded.default ?? loaded, version };
}

export function once(work) {
  const begin = performance.now();
  const result = work();
  return [(performance.now() - begin) / 1000, result];
}

export function warm(work) {
  let [first, result] = once(work);
  if (first > PATIENCE) return [first, result];
  const taken = [];
  let sum = 0;
  while (taken.length < REPEATS && (!taken.length || sum < PATIENCE)) {
    const [seconds, found] = once(work);
    taken.push(seconds);
    sum += seconds;
    result = found;
  }
  taken.sort((a, b) => a - b);
  const middle = taken.length >> 1;
  return [taken.length % 2 ? taken[middle] : (taken[middle - 1] + taken[middle]) / 2, result];
}

export function hold(span, rows) {
  writeFileSync(join(out, `${span}.tsv`), rows.map((row) => row.join("\t") + "\n").join(""));
}

function peak() {
  try {
    return Number(readFileSync("/proc/self/status", "utf8").match(/VmHWM:\s+(\d+)/)[1]);
  } catch {
    return Math.round(process.resourceUsage().maxRSS);
  }
}

export function report(version, seconds) {
  console.log(JSON.stringify({ version, seconds, rss_kb: peak() }));
}
