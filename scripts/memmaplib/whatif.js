// SPDX-License-Identifier: GPL-2.0-only
// The what-if page: asks the server (serve.py), draws the answer of whatif.py, saves itself.
// A saved page is the same file with the answer in its `state`; it has nobody to ask.
"use strict";
const source = "<!DOCTYPE html>\n" + document.documentElement.outerHTML;
const $ = (id) => document.getElementById(id);
const saved = JSON.parse($("state").textContent);
let log = null, answer = null, most = 0, turn = 0;
let view = [0, 1], maps = [], chosen = null;    // chosen: [picture, lane, piece]

// ---- making things -----------------------------------------------------------------------
function el(tag, attributes = {}, ...inside) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes))
    if (name.startsWith("on")) node[name] = value; else node.setAttribute(name, value);
  node.append(...inside); return node;
}
const SVG = "http://www.w3.org/2000/svg";
function draw(parent, tag, attributes, text) {
  const node = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
  if (text !== undefined) node.textContent = text;
  parent.append(node); return node;
}
function panel(title, ...inside) { return el("section", { class: "panel" }, el("h2", {}, title), ...inside); }
function table(heads, rows, mark) {
  const box = el("table");
  if (heads) box.append(el("tr", {}, ...heads.map((head) => el("th", {}, head))));
  for (const row of rows)
    box.append(el("tr", mark && mark(row) ? { class: "differ" } : {}, ...row.map((cell) => el("td", {}, String(cell)))));
  return box;
}

// ---- the picture ---------------------------------------------------------------------------
const LEFT = 76, HEIGHTS = { "the map": 40, reserved: 46 }, THIN = 20, GAP = 12;
const TILES = ["", "M0 8L8 0", "M0 0L8 8", "M1 1h2v2h-2zM5 5h2v2h-2z", "M0 2H8M0 6H8", "M2 0V8M6 0V8", "M0 0L8 8M0 8L8 0", "M0 4H8M4 0V8"];
function paper(svg, colour, texture) {
  if (!texture) return colour;
  const id = `t${texture}${colour.slice(1)}`;
  if (!document.getElementById(id)) {
    const tile = draw(draw(svg, "defs", {}), "pattern", { id, width: 8, height: 8, patternUnits: "userSpaceOnUse" });
    draw(tile, "rect", { width: 8, height: 8, fill: colour });
    draw(tile, "path", { d: TILES[texture], stroke: "#000", "stroke-opacity": .4, fill: "none" });
  }
  return `url(#${id})`;
}
function axisOf(picture) {
  const borders = picture.axis.borders.map(Number), offsets = picture.axis.offsets, total = offsets[offsets.length - 1] || 1;
  const slot = (value) => {
    let low = 0, high = borders.length;
    while (low < high) { const mid = (low + high) >> 1; if (borders[mid] <= value) low = mid + 1; else high = mid; }
    return Math.min(Math.max(low - 1, 0), borders.length - 2);
  };
  return { borders, place: (addr) => {
    const at = slot(addr), inside = (Math.min(addr, borders[at + 1]) - borders[at]) / (borders[at + 1] - borders[at]);
    return (offsets[at] + (offsets[at + 1] - offsets[at]) * inside) / total;
  } };
}
function tick(n) {
  for (const [unit, size] of [["T", 2 ** 40], ["G", 2 ** 30], ["M", 2 ** 20], ["K", 1024]])
    if (n && n % size === 0 && n / size < 10000) return n / size + unit;
  return "0x" + n.toString(16);
}
const widths = new Map(), measure = document.createElement("canvas").getContext("2d");
measure.font = "11px system-ui, sans-serif";
function wide(text) {
  if (!widths.has(text)) widths.set(text, measure.measureText(text).width);
  return widths.get(text);
}
function paint(svg, picture, number) {
  svg.textContent = "";
  const width = svg.clientWidth || 1000, axis = axisOf(picture);
  const x = (addr) => LEFT + (axis.place(addr) - view[0]) / (view[1] - view[0]) * (width - LEFT - 12);
  let y = 8;
  picture.lanes.forEach((lane, laneAt) => {
    const height = HEIGHTS[lane.name] || THIN;
    draw(svg, "text", { x: 4, y: y + height / 2 + 4, class: "out" }, lane.name);
    lane.pieces.forEach(([s, e, colour, texture, label, short, title], at) => {
      const left = Math.max(x(+s), LEFT), right = Math.min(x(+e), width - 12);
      if (right < LEFT || left > width - 12) return;
      const on = chosen && chosen[0] === number && chosen[1] === laneAt && chosen[2] === at;
      const box = draw(svg, "rect", { x: left, y, width: Math.max(right - left, 1), height, fill: paper(svg, colour, texture),
                                      class: on ? "piece on" : "piece" });
      draw(box, "title", {}, title);
      box.onclick = () => choose([number, laneAt, at]);
      const text = [label, short].find((one) => one && wide(one) + 8 < right - left);
      if (!text) return;
      if (texture) draw(svg, "rect", { x: left + 2, y: y + height / 2 - 7, width: wide(text) + 5, height: 14, fill: colour });
      draw(svg, "text", { x: left + 4, y: y + height / 2 + 4 }, text);
    });
    if (lane.name === "the map") marks(svg, x, y + height, width);
    y += height + GAP;
  });
  let edge = 0;
  for (const border of axis.borders) {
    const at = x(border), text = tick(border);
    if (at < Math.max(edge, LEFT - .5) || at + wide(text) > width) continue;
    draw(svg, "path", { d: `M${at} ${y}v6`, stroke: "#888" });
    draw(svg, "text", { x: at, y: y + 17, class: "out" }, text);
    edge = at + wide(text) + 12;
  }
  svg.setAttribute("height", y + 24); svg.setAttribute("viewBox", `0 0 ${width} ${y + 24}`);
}
// Lint's findings, as triangles under the ranges of the map they are about.
function marks(svg, x, y, width) {
  for (const finding of answer.lint)
    for (const [s, e] of finding.at.slice(0, 4)) {
      const at = (x(+s) + x(+e)) / 2;
      if (at < LEFT || at > width) continue;
      const sign = draw(svg, "path", { d: `M${at} ${y}l5 8h-10z`, fill: "var(--warn)", class: "sign" });
      draw(sign, "title", {}, `${finding.severity}: ${finding.text}`);
    }
}
function redraw() { maps.forEach((svg, at) => paint(svg, answer.boots[at].picture, at)); }
function legendOf(picture) {
  const box = el("div", { class: "legend" });
  for (const [heading, rows] of picture.legend) {
    box.append(el("b", {}, heading));
    for (const [colour, texture, size, name] of rows) {
      const swatch = draw(box, "svg", { viewBox: "0 0 14 12" });
      draw(swatch, "rect", { width: 14, height: 12, fill: paper(swatch, colour, texture), stroke: "#0006" });
      const item = el("span"); item.append(swatch, `${name} ${size}`); box.append(item);
    }
  }
  return box;
}
function zoom(factor, share = .5) {
  const at = view[0] + share * (view[1] - view[0]), width = Math.min((view[1] - view[0]) * factor, 1);
  const low = Math.min(Math.max(at - width * share, 0), 1 - width);
  view = [low, low + width]; redraw();
}
function move(by) {
  const width = view[1] - view[0], low = Math.min(Math.max(view[0] + by * width, 0), 1 - width);
  view = [low, low + width]; redraw();
}
function choose(next) {
  chosen = next;
  const [picture, lane, piece] = next, [s, e, , , , , title] = answer.boots[picture].picture.lanes[lane].pieces[piece];
  const axis = axisOf(answer.boots[picture].picture), low = axis.place(+s), high = axis.place(+e), width = view[1] - view[0];
  if (high < view[0] || low > view[1]) { const at = Math.min(Math.max(low - width / 2, 0), 1 - width); view = [at, at + width]; }
  $("tip").textContent = title.replaceAll("\n", "  "); redraw();
}
function walk(lanes, pieces) {
  if (!answer) return;
  if (!chosen) { choose([0, 0, 0]); return; }
  const all = answer.boots.flatMap((boot, at) => boot.picture.lanes.map((lane, nr) => [at, nr, lane.pieces.length]));
  let row = all.findIndex(([at, nr]) => at === chosen[0] && nr === chosen[1]);
  row = Math.min(Math.max(row + lanes, 0), all.length - 1);
  const start = +answer.boots[chosen[0]].picture.lanes[chosen[1]].pieces[chosen[2]][0];
  const there = answer.boots[all[row][0]].picture.lanes[all[row][1]].pieces;
  let at = lanes ? Math.max(there.findIndex(([, e]) => +e > start), 0) : chosen[2] + pieces;
  choose([all[row][0], all[row][1], Math.min(Math.max(at, 0), all[row][2] - 1)]);
}

// ---- the answer ------------------------------------------------------------------------------
function whyOf(boot) {
  if (!boot.why.length) return [];
  const box = panel("why not, and what would fit");
  for (const [, text] of boot.why) {
    const pre = el("pre", { class: "why" });
    for (const line of text.trimEnd().split("\n")) {
      const advice = /^(.*: )((?:crashkernel|cma|hugetlb_cma|memmap)=\S+)$/.exec(line);
      pre.append(advice ? advice[1] : line);
      if (advice) pre.append(saved ? advice[2] : el("button", { class: "advice", title: "put it into the command line", onclick: () => follow(advice[2]) }, advice[2]));
      pre.append("\n");
    }
    box.append(pre);
  }
  return [box];
}
// Take an advice: its word replaces the one it is about.
function follow(word) {
  const name = word.split("=")[0] + "=";
  $("a").value = $("a").value.split(/\s+/).filter((one) => one && !one.startsWith(name)).concat(word).join(" ");
  boot();
}
function bootOf(boot, at) {
  const two = answer.boots.length > 1, title = two ? `${at ? "B" : "A"}: ` : "";
  const svg = document.createElementNS(SVG, "svg"); svg.setAttribute("class", "map"); svg.setAttribute("tabindex", "0");
  svg.setAttribute("role", "img"); svg.setAttribute("aria-label", "memory as a picture; the tables below say the same");
  svg.onwheel = (event) => { event.preventDefault(); zoom(event.deltaY > 0 ? 1.25 : .8, event.offsetX / svg.clientWidth); };
  svg.ondblclick = () => { view = [0, 1]; redraw(); };
  maps.push(svg);
  const verdict = boot.status ? `the boot ended with status ${boot.status}: the last lines of its log say why` :
    boot.even ? "every byte is accounted for" : "the ledger does not come out even";
  return panel(`${title}${boot.picture.title}`, el("p", { class: "note mono" }, boot.cmdline || "(no words)"), svg, legendOf(boot.picture),
               el("p", { class: boot.status || !boot.even ? "warn" : "note" }, verdict));
}
function details(boot, at) {
  const name = answer.boots.length > 1 ? (at ? " of B" : " of A") : "", out = [], log = el("pre", { class: "log" });
  if (boot.takers.length) out.push(panel(`crash kernel, huge pages and others who took memory early${name}`, table(null, boot.takers)));
  if (boot.nodes.length) out.push(panel(`memory by node${name}`, table(["", "memory", "reserved", "free"], boot.nodes)));
  if (boot.zones.length) out.push(panel(`zones${name}`, table(["node", "zone", "range", "managed", "free"], boot.zones)));
  if (boot.owners.length) out.push(panel(`reserved, by owner${name}`, table(null, boot.owners)));
  for (const [line, bad] of boot.log) log.append(bad ? el("span", { class: "bad" }, line + "\n") : line + "\n");
  out.push(panel(`log${name}`, el("details", boot.status ? { open: "" } : {}, el("summary", {}, `${boot.log.length} lines`), log)));
  return out;
}
function differOf(differ) {
  if (!differ) return [];
  const box = panel("what differs");
  for (const [title, rows] of [["came to", differ.results], ["owners", differ.owners], ["ranges", differ.ranges]])
    if (rows.length) box.append(el("h2", {}, title), table(["", "A", "B"], rows));
  if (!box.querySelector("table")) box.append("nothing");
  if (differ.more) box.append(el("p", { class: "note" }, `and ${differ.more} more ranges`));
  box.id = "differ"; return [box];
}
function lintOf(findings) {
  if (!findings.length) return [];
  const box = panel("the map doctor's findings (lint)");
  for (const f of findings)
    box.append(el("button", { class: `finding ${f.severity}`, title: f.why, onclick: () => pointAt(f) },
                  `${f.severity}: ${f.id}: ${f.text}${f.lines.length ? ` (line ${f.lines.join(", ")})` : ""}`),
               el("p", { class: "note" }, `${f.why}; ${f.breaks}`));
  box.id = "lint"; return [box];
}
function pointAt(finding) {
  const lane = answer.boots[0].picture.lanes.findIndex((one) => one.name === "the map");
  if (!finding.at.length || lane < 0) return;
  const at = answer.boots[0].picture.lanes[lane].pieces.findIndex(([s, e]) => +e > +finding.at[0][0] && +s < Math.max(+finding.at[0][1], +finding.at[0][0] + 1));
  if (at >= 0) choose([0, lane, at]);
}
function show(got) {
  answer = got; maps = []; chosen = null; view = [0, 1];
  const out = $("out"), notes = [...got.notes, ...(/(^|\s)@log(\s|$)/.test($("a").value) ? [] : got.offers)];
  document.title = `What if? ${got.name}`; $("name").textContent = got.name;
  $("atlog").classList.toggle("hidden", !got.at_log); $("save").disabled = false; $("tip").textContent = "";
  out.textContent = "";
  if (notes.length) out.append(panel("about this log", ...notes.map((note) => el("p", { class: "note" }, note))));
  out.append(...got.boots.flatMap((boot, at) => [bootOf(boot, at), ...whyOf(boot)]), ...differOf(got.differ));
  out.append(...lintOf(got.lint));
  if (got.said.length)
    out.append(panel("Linux said / we say", table(["", "", "Linux said", "we say"], got.said, (row) => row[0] === "#"),
                     el("p", { class: "note" }, "= equal, # different, unmarked what the log does not speak of")));
  const grid = el("div", { class: got.boots.length > 1 ? "grid" : "" });
  for (const [at, boot] of got.boots.entries()) grid.append(el("div", {}, ...details(boot, at)));
  out.append(grid); redraw();
}

// ---- asking ------------------------------------------------------------------------------------
function word(text, bad) { $("word").textContent = text; $("word").className = bad ? "bad" : ""; }
async function ask(path, body, headers = {}) {
  const reply = await fetch(path, { method: body === undefined ? "GET" : "POST", body, headers });
  const got = await reply.json();
  if (got.refused) throw new Error(got.refused);
  return got;
}
async function attempt(work) {      // of several that run, only the last one shows what it got
  const mine = ++turn;
  try { await work(() => mine === turn); } catch (error) { if (mine === turn) word(error.message === "Failed to fetch" ? "no answer: is the server still there?" : error.message, true); }
}
function boot() {
  if (saved) return;
  if (!log) { word("first a machine: choose a log, or drop one", true); return; }
  const two = !$("rowb").classList.contains("hidden"), lines = [$("a").value, ...(two ? [$("b").value] : [])];
  attempt(async (mine) => {
    word("booting ...");
    const began = performance.now(), got = await ask("ask", JSON.stringify({ id: log, cmdlines: lines }));
    if (mine()) { show(got); word(`booted in ${((performance.now() - began) / 1000).toFixed(1)} s`); }
  });
}
function take(promise, name) {
  attempt(async (mine) => {
    word(`reading ${name} ...`);
    const got = await promise();
    if (mine()) { log = got.id; boot(); }
  });
}
function drop(file) {
  $("logs").value = "";
  if (file.size > most) { ++turn; word(`${file.name}: ${Math.round(file.size / 2 ** 20)} MB are too much, at most ${most / 2 ** 20} MB; cut the log to its beginning, or compress it`, true); return; }
  take(() => ask("log", file, { "X-Name": encodeURIComponent(file.name) }), file.name);
}
function exported() {
  const state = JSON.stringify({ answer, a: $("a").value, b: $("b").value, two: answer.boots.length > 1 }).replaceAll("<", "\\u003c");
  const open = '<script id="state" type="application/json">', close = "<" + "/script>";
  return source.replace(open + "null" + close, () => open + state + close);
}
function save() {
  if (!answer) return;
  const link = el("a", { href: URL.createObjectURL(new Blob([exported()], { type: "text/html" })), download: `whatif-${answer.name.replace(/[^\w.-]/g, "_")}.html` });
  link.click(); setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}
function two() { const hidden = $("rowb").classList.toggle("hidden"); if (!hidden) { $("b").value = $("b").value || $("a").value; $("b").focus(); } else boot(); }

// ---- hands -----------------------------------------------------------------------------------------
const KEYS = {
  "/": () => $("a").focus(), b: two, s: save, l: () => $("logs").focus(), d: () => $("file").click(), "?": () => $("keys").showModal(),
  "+": () => zoom(.8), "=": () => zoom(.8), "-": () => zoom(1.25), "[": () => move(-.25), "]": () => move(.25),
  0: () => { view = [0, 1]; redraw(); }, ArrowLeft: () => walk(0, -1), ArrowRight: () => walk(0, 1), ArrowUp: () => walk(-1, 0), ArrowDown: () => walk(1, 0),
};
document.onkeydown = (event) => {
  const field = event.target.tagName === "INPUT" || event.target.tagName === "SELECT";
  if (event.key === "Escape") { $("keys").close(); document.activeElement.blur(); return; }
  if (event.key === "Enter" && (event.ctrlKey || event.target.type === "text")) { boot(); return; }
  if (event.key === "Enter" && event.target.id === "drop") { $("file").click(); return; }
  if (field || $("keys").open || event.ctrlKey || event.metaKey || event.altKey || !Object.hasOwn(KEYS, event.key)) return;
  KEYS[event.key](); event.preventDefault();
};
$("run").onclick = boot; $("two").onclick = two; $("save").onclick = save; $("help").onclick = () => $("keys").showModal();
$("atlog").onclick = () => { if (!/(^|\s)@log(\s|$)/.test($("a").value)) $("a").value = `@log ${$("a").value}`.trim(); boot(); };
$("logs").onchange = () => { const name = $("logs").value; if (name) take(() => ask("choose", JSON.stringify({ name })), name); };
$("file").onchange = () => { if ($("file").files[0]) drop($("file").files[0]); $("file").value = ""; };
document.ondragover = (event) => { event.preventDefault(); document.body.classList.add("over"); };
document.ondragleave = (event) => { if (!event.relatedTarget) document.body.classList.remove("over"); };
document.ondrop = (event) => {
  event.preventDefault(); document.body.classList.remove("over");
  if (saved) return;
  if (event.dataTransfer.files[0]) drop(event.dataTransfer.files[0]); else word("that was no file", true);
};
window.onresize = () => { if (answer) redraw(); };
if (saved) {
  document.body.classList.add("saved"); $("a").value = saved.a; $("b").value = saved.b;
  $("a").readOnly = $("b").readOnly = true; $("rowb").classList.toggle("hidden", !saved.two); show(saved.answer);
} else attempt(async () => {
  const got = await ask("logs"); most = got.most;
  for (const name of got.logs) $("logs").append(el("option", { value: name }, name));
});
