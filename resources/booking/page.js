"use strict";
(() => {
const WORDS = /*WORDS*/{};
const EPOCH = 1577836800, ALIAS = { "Asia/Calcutta": "Asia/Kolkata", "Asia/Saigon": "Asia/Ho_Chi_Minh", "Asia/Katmandu": "Asia/Kathmandu", "Asia/Rangoon": "Asia/Yangon", "Europe/Kiev": "Europe/Kyiv", "America/Buenos_Aires": "America/Argentina/Buenos_Aires" };
const quoted = encodeURIComponent, app = document.getElementById("app"), find = (what) => app.querySelector(what), live = document.getElementById("live"), skip = document.querySelector(".skip");
skip.addEventListener("click", (event) => { event.preventDefault(); find(".slot").focus(); });
const own = (() => { const z = Intl.DateTimeFormat().resolvedOptions().timeZone || "UTC"; return ALIAS[z] || z; })();
const S = { lang: (navigator.language || "en").toLowerCase().startsWith("de") ? "de" : "en", zone: own, h12: null, both: true, week: null, early: false, slot: null, name: "", note: "", busy: null, onlyFree: false, offer: null, checked: true };
const t = (key, values = {}) => WORDS[S.lang][key].replace(/\{(\w+)\}/g, (_, name) => values[name]);
const locale = () => S.lang === "de" ? "de-DE" : (navigator.language || "").toLowerCase().startsWith("en") ? navigator.language : "en-GB";
const h12 = () => S.h12 ?? ["h11", "h12"].includes(new Intl.DateTimeFormat(locale(), { hour: "numeric" }).resolvedOptions().hourCycle);

// --- the offer -----------------------------------------------------------------------------------------------------
const bytesOf = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (c) => c.charCodeAt(0));
function read(data) {
  const body = data.slice(0, -96), text = new TextDecoder("utf-8", { fatal: true });
  let at = 28;
  const number = () => { let value = 0, scale = 1, byte; do { byte = body[at++]; if (byte === undefined || scale > 2 ** 43) throw Error("cut"); value += (byte & 127) * scale; scale *= 128; } while (byte > 127); return value; };
  const word = () => { const n = number(); if (at + n > body.length) throw Error("cut"); return text.decode(body.slice(at, at += n)); };
  if (body[0] !== 1) throw Error("version");
  const created = number(), lasts = number(), minutes = number();
  const [title, host, address, place, zone, lang] = [word(), word(), word(), word(), word(), word()];
  const starts = []; let minute = EPOCH / 60;
  for (let n = number(); n > 0; n--) { minute += number(); starts.push(minute * 60); }
  if (at !== body.length) throw Error("long");
  return { id: body.slice(1, 12), secret: body.slice(12, 28), created: EPOCH + created * 60, expires: EPOCH + (created + lasts) * 60, minutes, title, host: host || address, address, place, zone, lang, starts };
}
async function open() {
  const text = (location.hash.slice(1).split("&")[0] || document.body.dataset.offer).replace(/\.$/, "");
  if (!text) return null;
  const data = bytesOf(text), body = data.slice(0, -64);
  const offer = read(data);
  if (!globalThis.crypto || !crypto.subtle) { S.checked = false; return offer; }
  let key;
  try { key = await crypto.subtle.importKey("raw", body.slice(-32), "Ed25519", false, ["verify"]); }
  catch { S.checked = false; return offer; }
  if (!await crypto.subtle.verify("Ed25519", key, data.slice(-64), body)) throw Error("altered");
  return offer;
}
async function token(index) {
  if (!globalThis.crypto || !crypto.subtle) return "";
  const body = new Uint8Array([...S.offer.id, index]), label = new TextEncoder().encode("calmerge choice 1");
  const key = await crypto.subtle.importKey("raw", S.offer.secret, { name: "HMAC", hash: "SHA-256" }, false, ["sign"]);
  const tag = new Uint8Array(await crypto.subtle.sign("HMAC", key, new Uint8Array([...label, ...body]))).slice(0, 10);
  let bits = "";
  for (const byte of [...body, ...tag]) bits += byte.toString(2).padStart(8, "0");
  bits = bits.padEnd(180, "0");
  let out = "";
  for (let n = 0; n < 36; n++) out += "0123456789ABCDEFGHJKMNPQRSTVWXYZ"[parseInt(bits.slice(n * 5, n * 5 + 5), 2)];
  return "CM1-" + out.match(/.{6}/g).join("-");
}

// --- words for times -----------------------------------------------------------------------------------------------
const fmt = (seconds, zone, options) => new Intl.DateTimeFormat(locale(), { timeZone: zone, ...options }).format(seconds * 1000);
const clock = (seconds, zone) => fmt(seconds, zone, { hour: "numeric", minute: "2-digit", hour12: h12() }) + (S.lang === "de" && !h12() ? " Uhr" : "");
const plainSpaces = (text) => text.replace(/[\u2009\u202f\u00a0]/g, " ");
const range = (seconds, zone) => plainSpaces(new Intl.DateTimeFormat(locale(), { timeZone: zone, hour: "numeric", minute: "2-digit", hour12: h12() }).formatRange(seconds * 1000, (seconds + S.offer.minutes * 60) * 1000));
const city = (zone) => zone === "UTC" ? "UTC" : zone.split("/").pop().replace(/_/g, " ");
function parts(seconds, zone) {
  const found = {};
  for (const one of new Intl.DateTimeFormat("en-CA", { timeZone: zone, year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit", hourCycle: "h23" }).formatToParts(seconds * 1000)) found[one.type] = one.value;
  return found;
}
const dayOf = (seconds, zone) => { const p = parts(seconds, zone); return `${p.year}-${p.month}-${p.day}`; };
const wall = (seconds, zone) => { const p = parts(seconds, zone); return Date.UTC(p.year, p.month - 1, p.day, p.hour, p.minute) / 1000; };
const shift = (seconds, zone) => Math.round((wall(seconds, zone) - Math.floor(seconds / 60) * 60) / 60);
function offset(seconds, zone) {
  const minutes = shift(seconds, zone);
  if (!minutes) return "UTC";
  const hours = Math.floor(Math.abs(minutes) / 60), rest = Math.abs(minutes) % 60;
  return `UTC${minutes > 0 ? "+" : "−"}${hours}${rest ? ":" + String(rest).padStart(2, "0") : ""}`;
}
const address = () => quoted(S.offer.address).replace("%40", "@");
const longDay = (seconds, zone) => fmt(seconds, zone, { weekday: "long", day: "numeric", month: "long", year: "numeric" });
const shortWhen = (seconds, zone) => `${fmt(seconds, zone, { weekday: "short", day: "numeric", month: "short" })}, ${clock(seconds, zone)} (${city(zone)})`;
const weekOf = (day) => { const d = new Date(day + "T00:00:00Z"); d.setUTCDate(d.getUTCDate() - (d.getUTCDay() + 6) % 7); return d.toISOString().slice(0, 10); };
const plus = (day, n) => { const d = new Date(day + "T00:00:00Z"); d.setUTCDate(d.getUTCDate() + n); return d.toISOString().slice(0, 10); };
const noonOf = (day) => Date.parse(day + "T12:00:00Z") / 1000;

// --- a guest's own calendar, read here and nowhere else ---------------------------------------------------------------
function instant(value, zone) {
  const m = /^(\d{4})(\d\d)(\d\d)(?:T(\d\d)(\d\d)(\d\d)(Z)?)?$/.exec(value.trim());
  if (!m) return null;
  const utc = Date.UTC(m[1], m[2] - 1, m[3], m[4] || 0, m[5] || 0, m[6] || 0) / 1000;
  if (m[7]) return utc;
  let zoneName = S.zone;
  try { if (zone) { new Intl.DateTimeFormat("en", { timeZone: zone }); zoneName = zone; } } catch { zoneName = S.zone; }
  let guess = utc - shift(utc, zoneName) * 60;
  return utc - shift(guess, zoneName) * 60;
}
function overlay(text) {
  if (!/BEGIN:VCALENDAR/i.test(text)) return null;
  const found = [], low = S.offer.starts[0] - 86400, high = S.offer.starts[S.offer.starts.length - 1] + 2 * 86400;
  let unknown = 0;
  for (const block of text.replace(/\r?\n[ \t]/g, "").split(/BEGIN:VEVENT/i).slice(1)) {
    const body = block.split(/END:VEVENT/i)[0], get = (name) => new RegExp(`^${name}((?:;[^:\\r\\n]*)?):(.*)$`, "im").exec(body);
    const zoneOf = (line) => (/TZID="?([^;:"]+)/i.exec(line[1]) || [])[1];
    if (/^TRANSP:TRANSPARENT/im.test(body) || /^STATUS:CANCELLED/im.test(body)) continue;
    const begin = get("DTSTART");
    if (!begin) continue;
    const start = instant(begin[2], zoneOf(begin)), end = get("DTEND");
    if (start === null) continue;
    const stop = end ? instant(end[2], zoneOf(end)) : start + (begin[2].includes("T") ? 3600 : 86400);
    const title = (get("SUMMARY") || [0, 0, ""])[2].replace(/\\([,;\\])/g, "$1").replace(/\\n/gi, " ").trim();
    const rule = get("RRULE");
    if (!rule) { if (start < high && stop > low) found.push({ start, end: stop, title }); continue; }
    const part = Object.fromEntries(rule[2].trim().toUpperCase().split(";").map((one) => one.split("=")));
    const step = { DAILY: 1, WEEKLY: 7 }[part.FREQ], simple = Object.keys(part).every((k) => ["FREQ", "INTERVAL", "COUNT", "UNTIL", "BYDAY", "WKST"].includes(k));
    if (!step || !simple || (part.FREQ === "DAILY" && part.BYDAY)) { unknown++; if (start < high) found.push({ start: low, end: high, title, perhaps: true }); continue; }
    const days = part.BYDAY ? part.BYDAY.split(",").map((d) => ["SU", "MO", "TU", "WE", "TH", "FR", "SA"].indexOf(d)) : null;
    const until = part.UNTIL ? instant(part.UNTIL, null) : Infinity, gap = Number(part.INTERVAL || 1), base = wall(start, S.zone);
    let count = Number(part.COUNT || 1e6);
    const first = new Date(base * 1000), monday = base - ((first.getUTCDay() + 6) % 7) * 86400;
    for (let n = 0; n < 4000 && count > 0; n++) {
      const at = base + n * 86400, week = Math.floor((at - monday) / 604800), day = new Date(at * 1000).getUTCDay();
      if (step === 1 ? n % gap : week % gap || !(days ? days.includes(day) : day === first.getUTCDay())) continue;
      const from = at - shift(at - shift(at, S.zone) * 60, S.zone) * 60;
      if (from > until || from > high) break;
      count--;
      if (from + (stop - start) > low) found.push({ start: from, end: from + (stop - start), title });
    }
  }
  return { found, unknown };
}
function judged(start) {
  if (!S.busy) return null;
  const end = start + S.offer.minutes * 60, hits = S.busy.found.filter((one) => one.start < end && one.end > start);
  const sure = hits.find((one) => !one.perhaps);
  return sure ? { kind: "overlaps", title: sure.title } : hits.length ? { kind: "perhaps", title: hits[0].title } : { kind: "free", title: "" };
}

// --- drawing ---------------------------------------------------------------------------------------------------------
function el(tag, attrs = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attrs.trim ? { class: attrs } : attrs)) {
    if (name.startsWith("on")) made.addEventListener(name.slice(2), value);
    else if (value === true) made.setAttribute(name, "");
    else if (value !== false && value !== null && value !== undefined) made.setAttribute(name, value);
  }
  made.append(...children.filter((one) => one || one === ""));
  return made;
}
const div = (...inside) => el("div", ...inside), button = (attrs, ...inside) => el("button", { type: "button", ...attrs }, ...inside);
function icon(path) {
  const made = el("span", {});
  made.innerHTML = `<svg viewBox="0 0 24 24" aria-hidden="true"><path d="${path}"/></svg>`;
  return made.firstChild;
}
const CLOCK = "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zM12 7v5l3 2", PIN = "M12 21s7-6 7-11a7 7 0 0 0-14 0c0 5 7 11 7 11zM12 12.5a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5z", MONTH = "M4 7a2 2 0 0 1 2-2h12a2 2 0 0 1 2 2v11a2 2 0 0 1-2 2H6a2 2 0 0 1-2-2zM4 10h16M8 3v4M16 3v4", MAIL = "M3 7a2 2 0 0 1 2-2h14a2 2 0 0 1 2 2v10a2 2 0 0 1-2 2H5a2 2 0 0 1-2-2zM4 7l8 6 8-6";
const say = (text) => { live.textContent = ""; setTimeout(() => { live.textContent = text; }, 30); };
function show(narrow, title, ...children) {
  document.documentElement.lang = S.lang;
  document.title = S.offer ? `${title} · ${S.offer.title}` : title;
  app.className = narrow ? "sheet narrow" : "sheet";
  app.replaceChildren(...children);
  app.hidden = false;
  skip.hidden = !find(".slot");
  skip.textContent = t("skip");
  document.querySelectorAll(".foot").forEach((one) => one.remove());
  if (S.offer) app.after(el("footer", { class: narrow ? "foot narrow" : "foot" }, el("span", {}, t("asOf", { when: shortWhen(S.offer.created, S.zone) })), el("span", {}, t("private")), el("span", {}, t("server")), el("span", {}, t("made"))));
}
function focusHead() { const head = find("h2,h1"); if (head) { head.tabIndex = -1; head.focus(); } scrollTo(0, 0); }

const wanted = (start) => { const hour = Number(parts(start, S.zone).hour); return hour >= 7 && hour < 22; };
function shownStarts() {
  const now = Date.now() / 1000;
  return S.offer.starts.map((start, index) => ({ start, index })).filter((one) => one.start > now).filter((one) => !S.onlyFree || !S.busy || judged(one.start).kind === "free");
}
function rail() {
  const o = S.offer, now = Date.now() / 1000, gap = shift(now, o.zone) - shift(now, S.zone), hours = Math.abs(gap) / 60;
  const gapWords = `${Number.isInteger(hours) ? hours : hours.toFixed(2).replace(/0$/, "")} h`;
  const zones = (Intl.supportedValuesOf ? Intl.supportedValuesOf("timeZone") : []).map((z) => ALIAS[z] || z);
  const list = [...new Set([o.zone, "UTC", ...zones])].filter((z) => z !== own), option = (z) => el("option", { value: z, selected: z === S.zone }, `${city(z)} (${offset(now, z)})`);
  const pick = el("select", { id: "zone", "aria-label": t("zone"), onchange: (e) => { S.zone = e.target.value; S.week = null; say(t("zoneSaid", { city: city(S.zone) })); again("zone"); } },
    el("optgroup", { label: t("device") }, option(own)), el("optgroup", { label: t("zone") }, ...list.map(option)));
  return el("aside", "rail",
    div("host", div({ class: "avatar", "aria-hidden": "true" }, o.host.split(/[\s@.]+/).slice(0, 2).map((w) => (w[0] || "").toUpperCase()).join("")), div({}, el("b", {}, o.host), el("span", {}, t("invites")))),
    el("h1", {}, o.title),
    el("ul", "facts", el("li", {}, icon(CLOCK), t("minutes", { n: o.minutes })), o.place ? el("li", {}, icon(PIN), o.place) : null, el("li", {}, icon(MONTH), t("until", { when: shortWhen(o.expires, S.zone) }))),
    el("p", "label", t("shownFor")), pick,
    div("box", div("quiet", t("now", { time: clock(now, S.zone) })), gap === 0 ? t("same", { city: city(o.zone) }) : t(gap > 0 ? "ahead" : "behind", { host: o.host, city: city(o.zone), gap: gapWords }),
      gap !== 0 ? el("label", {}, el("input", { type: "checkbox", checked: S.both, id: "both", onchange: (e) => { S.both = e.target.checked; again("both"); } }), t("both", { city: city(o.zone) })) : null));
}
function slotButton(one) {
  const { start, index } = one, o = S.offer, judge = judged(start), other = S.both && shift(start, o.zone) !== shift(start, S.zone);
  const host = other ? `${dayOf(start, o.zone) !== dayOf(start, S.zone) ? fmt(start, o.zone, { weekday: "short" }) + " " : ""}${clock(start, o.zone)} ${city(o.zone)}` : null;
  const said = judge ? (judge.kind === "free" ? t("free") : judge.kind === "overlaps" ? judge.title || t("overlaps") : t("perhaps")) : null;
  return el("li", {}, button({ class: judge && judge.kind !== "free" ? "slot busy" : "slot", "data-index": index, tabindex: "-1", onclick: () => choose(index), onkeydown: keys },
    el("span", "unseen", longDay(start, S.zone) + ", "), el("b", {}, clock(start, S.zone)), host ? el("span", {}, host) : null, said ? el("span", {}, said) : null));
}
const again = (id) => { pickPage(); document.getElementById(id).focus(); };
function pickPage() {
  const o = S.offer, all = shownStarts(), today = dayOf(Date.now() / 1000, S.zone);
  const weeks = [...new Set(all.map((one) => weekOf(dayOf(one.start, S.zone))))];
  if (!weeks.includes(S.week)) S.week = weeks[0] || null;
  const names = (week) => { const n = Math.round((Date.parse(week) - Date.parse(weekOf(today))) / 604800000); return n >= 0 && n < 3 ? t("week" + n) : t("weekn", { day: fmt(noonOf(week), "UTC", { day: "numeric", month: "short" }) }); };
  const span = (ones) => { const o = { day: "numeric", month: "short" }, [a, b] = [ones[0].start, ones[ones.length - 1].start], f = new Intl.DateTimeFormat(locale(), { timeZone: S.zone, ...o }); return dayOf(a, S.zone).slice(0, 4) === dayOf(b, S.zone).slice(0, 4) ? plainSpaces(f.formatRange(a * 1000, b * 1000)) : `${f.format(a * 1000)} – ${f.format(b * 1000)}`; };
  const inWeek = (week) => all.filter((one) => weekOf(dayOf(one.start, S.zone)) === week);
  const count = (n) => n === 1 ? t("time1") : t("times", { n });
  const whole = S.week ? inWeek(S.week) : [], hidden = whole.filter((one) => !wanted(one.start)), fold = hidden.length && hidden.length < whole.length;
  const here = fold && !S.early ? whole.filter((one) => wanted(one.start)) : whole, days = [];
  if (S.week) for (let n = 0; n < 7; n++) { const day = plus(S.week, n), there = here.filter((one) => dayOf(one.start, S.zone) === day); if (n < 5 || there.length) if (day >= today) days.push([day, there]); }
  const changes = here.length > 1 && shift(here[0].start, S.zone) !== shift(here[here.length - 1].start, S.zone) ? here.find((one) => shift(one.start, S.zone) !== shift(here[0].start, S.zone)) : null;
  const main = el("main", { class: "main", id: "main" },
    div("head", el("h2", {}, t("choose")),
      div({ class: "clock", role: "radiogroup", "aria-label": t("clocks") }, ...[12, 24].map((n) => el("label", {}, el("input", { class: "unseen", type: "radio", name: "clock", id: "clock" + n, checked: h12() === (n === 12), onchange: () => { S.h12 = n === 12; again("clock" + n); } }), el("span", {}, n + " h")))),
      button({ lang: S.lang === "de" ? "en" : "de", id: "lang", onclick: () => { S.lang = S.lang === "de" ? "en" : "de"; again("lang"); } }, t("other"))),
    S.checked ? null : el("p", { class: "note", role: "note" }, t("noCrypto")),
    weeks.length && el("nav", { class: "weeks", "aria-label": t("weeks") }, ...weeks.map((week) => button({ "aria-current": week === S.week ? "true" : false, onclick: () => { S.week = week; pickPage(); find(".weeks [aria-current]").focus(); say(t("weekSaid", { week: names(week), n: inWeek(week).length })); } },
      el("b", {}, names(week)), el("span", {}, `${span(inWeek(week))} · ${count(inWeek(week).length)}`)))),
    weeks.length ? null : div({}, el("p", "note", o.starts.length ? t("over") : t("noneNow", { when: shortWhen(o.created, S.zone), host: o.host })), div("row", el("a", { class: "button", id: "write", href: `mailto:${address()}?subject=${quoted(o.title)}` }, t("write", { host: o.host })))),
    weeks.length ? div({ class: "days", id: "days" }, ...days.map(([day, there]) => el("section", { class: day === today ? "day today" : "day", "aria-labelledby": "d" + day },
      el("h3", { id: "d" + day }, el("span", {}, fmt(noonOf(day), "UTC", { weekday: "short" })), el("b", {}, String(Number(day.slice(8)))), el("i", { class: day === days[0][0] || day.endsWith("-01") ? "" : "unseen" }, fmt(noonOf(day), "UTC", { month: "short" })), day === today ? el("i", {}, t("today")) : null),
      there.length ? el("ol", {}, ...there.map(slotButton)) : el("p", "none", t("none"))))) : null,
    weeks.length ? el("p", { class: "hint", "aria-hidden": "true" }, t("keys")) : null,
    changes ? el("p", "note", t("clock", { day: fmt(changes.start, S.zone, { weekday: "long", day: "numeric", month: "long" }), city: city(S.zone) })) : null,
    weeks.length && div("after",
      fold ? el("label", "early", el("input", { type: "checkbox", checked: S.early, id: "early", onchange: (e) => { S.early = e.target.checked; again("early"); } }), t("early", { n: hidden.length })) : null,
      S.busy ? el("label", "early", el("input", { type: "checkbox", checked: S.onlyFree, id: "free", onchange: (e) => { S.onlyFree = e.target.checked; again("free"); } }), t("onlyFree")) : null,
      el("label", "file", icon(MONTH), t("compare"), el("input", { class: "unseen", type: "file", id: "own", accept: ".ics,text/calendar", onchange: takeFile }))),
    S.busyNote ? el("p", { class: "quiet", role: "status" }, S.busyNote) : null);
  const grid = main.querySelector(".days");
  if (grid) grid.style.setProperty("--n", Math.max(days.length, 3));
  show(false, t("choose"), rail(), main);
  const first = find(".slot");
  if (first) first.tabIndex = 0;
}
async function takeFile(event) {
  const file = event.target.files[0];
  if (!file) return;
  const found = overlay(await file.text());
  if (found) { S.busy = found; S.busyNote = t("overlaid", { file: file.name, n: found.found.length }) + (found.unknown ? " " + t("repeats", { n: found.unknown }) : ""); }
  else S.busyNote = t("notIcs");
  pickPage();
  say(S.busyNote);
}
function keys(event) {
  const slots = [...app.querySelectorAll(".slot")], at = slots.indexOf(event.currentTarget), days = [...app.querySelectorAll(".day")];
  const day = days.findIndex((one) => one.contains(event.currentTarget)), row = [...days[day].querySelectorAll(".slot")].indexOf(event.currentTarget);
  const beside = (step) => { for (let n = day + step; n >= 0 && n < days.length; n += step) { const there = days[n].querySelectorAll(".slot"); if (there.length) return there[Math.min(row, there.length - 1)]; } return null; };
  const own = [...days[day].querySelectorAll(".slot")];
  let to = null;
  if (event.key === "ArrowDown") to = slots[at + 1]; else if (event.key === "ArrowUp") to = slots[at - 1];
  else if (event.key === "ArrowRight") to = beside(1); else if (event.key === "ArrowLeft") to = beside(-1);
  else if (event.key === "Home") to = event.ctrlKey ? slots[0] : own[0]; else if (event.key === "End") to = event.ctrlKey ? slots[slots.length - 1] : own[own.length - 1];
  else if (event.key === "PageDown" || event.key === "PageUp") {
    const weeks = [...app.querySelectorAll(".weeks button")], now = weeks.findIndex((one) => one.getAttribute("aria-current")), next = weeks[now + (event.key === "PageDown" ? 1 : -1)];
    event.preventDefault();
    if (next) { next.click(); const first = find(".slot"); if (first) first.focus(); }
    return;
  } else return;
  event.preventDefault();
  if (to) { event.currentTarget.tabIndex = -1; to.tabIndex = 0; to.focus(); }
}
function ticket(start) {
  const o = S.offer, other = shift(start, o.zone) !== shift(start, S.zone);
  return div("ticket", div("date", fmt(start, S.zone, { weekday: "short" }), el("b", {}, fmt(start, S.zone, { day: "numeric" })), fmt(start, S.zone, { month: "short" })),
    div("what", el("b", {}, range(start, S.zone)), `${city(S.zone)} (${offset(start, S.zone)})`, other ? div({}, t("inZone", { time: range(start, o.zone), city: city(o.zone), offset: offset(start, o.zone) })) : null, div({}, `${o.title} · ${t("minutes", { n: o.minutes })} · ${o.host}`)));
}
function choose(index) { S.slot = index; history.pushState({ step: 1 }, ""); detailsPage(); focusHead(); }
function detailsPage() {
  const start = S.offer.starts[S.slot];
  const name = el("input", { id: "name", autocomplete: "name", value: S.name, "aria-describedby": "nameError" }), error = el("p", { class: "error", id: "nameError", role: "alert", hidden: true }, t("needName"));
  const note = el("textarea", { id: "note", maxlength: "300" });
  note.value = S.note;
  const go = (event) => { event.preventDefault(); S.name = name.value.trim(); S.note = note.value.trim(); if (!S.name) { error.hidden = false; name.setAttribute("aria-invalid", "true"); name.focus(); return; } history.pushState({ step: 2 }, ""); lastPage().then(focusHead); };
  show(true, t("details"), el("main", { id: "main" }, el("h2", {}, t("details")), ticket(start),
    el("form", { onsubmit: go, novalidate: true },
      div("field", el("label", { for: "name" }, t("name")), name, error),
      div("field", el("label", { for: "note" }, `${t("note", { host: S.offer.host })} (${t("optional")})`), note, el("p", "quiet", t("only", { host: S.offer.host }))),
      div("row", button({ class: "primary", type: "submit" }, t("next")), button({ onclick: () => history.back() }, t("back"))))));
}
function answerIcs(start, code) {
  const stamp = (s) => new Date(s * 1000).toISOString().replace(/[-:]|\.\d+/g, ""), safe = (s) => s.replace(/([\\,;])/g, "\\$1").replace(/\n/g, "\\n");
  const id = [...S.offer.id].map((b) => b.toString(16).padStart(2, "0")).join("");
  return ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//CalMerge//Page//EN", "METHOD:PUBLISH", "BEGIN:VEVENT", `UID:${id}-${S.slot}@offer.calmerge`, `DTSTAMP:${stamp(Date.now() / 1000)}`, `DTSTART:${stamp(start)}`, `DTEND:${stamp(start + S.offer.minutes * 60)}`, `SUMMARY:${safe(S.offer.title)}`, "STATUS:TENTATIVE", `DESCRIPTION:${code}`, "END:VEVENT", "END:VCALENDAR", ""].join("\r\n");
}
const cut = (text, most) => text.length > most ? text.slice(0, most).replace(/[\ud800-\udbff]$/, "") + "…" : text;
async function lastPage() {
  const o = S.offer, start = o.starts[S.slot], code = await token(S.slot), other = shift(start, o.zone) !== shift(start, S.zone);
  const lines = [t("hello", { host: o.host }), "", t("like"), longDay(start, S.zone), `${range(start, S.zone)}, ${city(S.zone)} (${offset(start, S.zone)})`];
  if (other) lines.push(`${range(start, o.zone)}, ${city(o.zone)} (${offset(start, o.zone)})`);
  // The mark in the subject is the token's first group: by it the mail is found without reading anybody's mail.
  const subject = `${cut(o.title, 50)}: ${shortWhen(start, S.zone)}${code && ` (${code.slice(0, 10)})`}`;
  let note = S.note, text, url;
  // Mail programs pass on 1500 characters of an address: of a longer word to the host the end is left out, where the guest sees it.
  for (let most = 300; ; note = cut(S.note, most -= 5)) {
    text = [...lines, ...note ? ["", note] : [], "", S.name, "", ...code ? [t("leave"), code] : []].join("\n");
    url = `mailto:${address()}?subject=${quoted(subject)}&body=${quoted(text.replace(/\n/g, "\r\n"))}`;
    if (url.length <= 1500 || !most) break;
  }
  const copy = async (words) => { try { await navigator.clipboard.writeText(words); } catch { const area = el("textarea", {}); area.value = words; document.body.append(area); area.select(); document.execCommand("copy"); area.remove(); } say(t("copied")); };
  show(true, t("last"), el("main", { id: "main" }, el("h2", {}, t("last")), el("p", "quiet", t("nobody", { host: o.host })), ticket(start),
    div("letter", el("header", {}, `${t("to")} `, el("b", {}, o.address), el("br"), `${t("subject")} `, el("b", {}, subject)), el("pre", { id: "text" }, text)),
    div("row", el("a", { class: "button primary", id: "draft", href: url }, icon(MAIL), t("draft")), ...[["copySubject", subject], ["copy", text]].map(([id, words]) => button({ id, onclick: () => copy(words) }, t(id))),
      el("a", { class: "button", id: "ics", download: "answer.ics", href: "data:text/calendar;charset=utf-8," + quoted(answerIcs(start, code)) }, t("ics"))),
    el("p", "quiet", t("yourself", { host: o.host })),
    el("p", "note", `${t("asOf", { when: shortWhen(o.created, S.zone) })}. ${t("gone", { host: o.host })}`),
    div("row", button({ onclick: () => history.go(-2) }, t("back")))));
}
function nothing(reason) { S.offer = null; show(true, t("nothing"), el("main", { id: "main" }, el("h1", {}, t("nothing")), el("p", {}, reason))); }

addEventListener("popstate", (event) => { if (!S.offer) return; const step = event.state ? event.state.step : 0; if (step === 1) { detailsPage(); focusHead(); } else if (step === 2) lastPage().then(focusHead); else { pickPage(); const there = find(`.slot[data-index="${S.slot}"]`); if (there) there.focus(); } });
addEventListener("keydown", (event) => { if (event.key === "Escape" && history.state && S.offer) history.back(); });
async function start() {
  try { S.offer = await open(); } catch { return nothing(t("altered")); }
  if (!S.offer) return nothing(t("nothingWhy"));
  if (S.offer.expires * 1000 < Date.now()) return nothing(t("nothingWhy"));
  const chosen = /[&#]s=(\d+)/.exec(location.hash);
  pickPage();
  if (chosen && S.offer.starts[chosen[1]] > Date.now() / 1000) choose(Number(chosen[1]));
}
addEventListener("hashchange", () => { S.slot = null; start(); });
start();
})();
