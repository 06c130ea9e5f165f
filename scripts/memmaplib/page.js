// SPDX-License-Identifier: GPL-2.0-only
// The page of memmap.py html: replays the operations of one boot.
// An operation is [code, start, end, owner, caller, text, named, node]; owner and
// caller are indices into data.strings.  Codes: 0 memory+, 1 memory-, 2 reserved+,
// 3 reserved-, 4 nothing changes, 5 hand-over, 6 reserved- into the buddy,
// 7 a name for what has none, 8 trim to pages, 9 cap, 10 a node for memory.
"use strict";
const data = JSON.parse(document.getElementById("data").textContent);
const $ = (id) => document.getElementById(id);
const ops = data.ops, strings = data.strings, STEP = 512;

// ---- intervals: sorted, disjoint [start, end, load] --------------------------------
function firstEndAfter(list, addr) {
  let low = 0, high = list.length;
  while (low < high) { const mid = (low + high) >> 1; if (list[mid][1] <= addr) low = mid + 1; else high = mid; }
  return low;
}
function paint(list, start, end, load) {          // fills gaps: the first owner keeps its bytes
  let at = firstEndAfter(list, start), from = start;
  while (from < end) {
    const next = at < list.length ? list[at][0] : Infinity;
    if (from < next) { list.splice(at, 0, [from, Math.min(end, next), load]); at++; }
    if (at >= list.length) break;
    from = Math.max(from, list[at][1]); at++;
  }
}
function cut(list, start, end) {
  let at = firstEndAfter(list, start);
  while (at < list.length && list[at][0] < end) {
    const [s, e, load] = list[at], keep = [];
    if (s < start) keep.push([s, start, load]);
    if (e > end) keep.push([end, e, load]);
    list.splice(at, 1, ...keep); at += keep.length;
  }
}
function find(list, addr) {
  const at = firstEndAfter(list, addr);
  return at < list.length && list[at][0] <= addr ? list[at] : null;
}

// ---- states, with a checkpoint every STEP operations --------------------------------
const copy = (state) => ({ memory: state.memory.map((x) => x.slice()), reserved: state.reserved.map((x) => x.slice()),
                           buddy: state.buddy.map((x) => x.slice()) });
const begin = { memory: [], reserved: [], buddy: [] };
for (const [s, e, node] of data.begin.memory) paint(begin.memory, s, e, node);
for (const [s, e, o, c] of data.begin.reserved) paint(begin.reserved, s, e, [o, c, -1, 0]);
const checkpoints = [begin];
const PAGE = 4096, up = (n, a) => Math.ceil(n / a) * a, down = (n, a) => Math.floor(n / a) * a;
function handover(state) {               // RAM rounds inward, reservations outward
  for (const [s, e] of state.memory) paint(state.buddy, up(s, PAGE), down(e, PAGE), 0);
  for (const [s, e] of state.reserved) cut(state.buddy, down(s, PAGE), up(e, PAGE));
}
function rename(list, s, e, owner) {
  for (const [from, to, load] of list.filter((x) => x[0] < e && x[1] > s && !x[2][3])) {
    const low = Math.max(from, s), high = Math.min(to, e);
    cut(list, low, high); paint(list, low, high, [owner, load[1], load[2], 1]);
  }
}
function setNode(list, s, e, node) {
  for (const [from, to] of list.filter((x) => x[0] < e && x[1] > s)) {
    const low = Math.max(from, s), high = Math.min(to, e);
    cut(list, low, high); paint(list, low, high, node);
  }
}
function apply(state, index) {
  const [code, s, e, owner, caller, , named, node] = ops[index];
  if (code === 0) paint(state.memory, s, e, node);
  else if (code === 1) cut(state.memory, s, e);
  else if (code === 2) paint(state.reserved, s, e, [owner, caller, index, named]);
  else if (code === 3) cut(state.reserved, s, e);
  else if (code === 5) handover(state);
  else if (code === 6) { cut(state.reserved, s, e); paint(state.buddy, up(s, PAGE), down(e, PAGE), 0); }
  else if (code === 10) setNode(state.memory, s, e, node);
  else if (code === 7) rename(state.reserved, s, e, owner);
  else if (code === 8) {
    for (const [from, to] of state.memory.slice()) {
      cut(state.memory, from, Math.min(up(from, e - s), to)); cut(state.memory, Math.max(down(to, e - s), from), to);
    }
  } else if (code === 9) for (const list of [state.memory, state.reserved]) { cut(list, 0, s); cut(list, e, Infinity); }
}
function stateAt(count) {
  const mark = Math.min(Math.floor(count / STEP), checkpoints.length - 1);
  let at = mark * STEP; const state = copy(checkpoints[mark]);
  while (at < count) { apply(state, at++); if (at % STEP === 0 && checkpoints.length === at / STEP) checkpoints.push(copy(state)); }
  return state;
}

// ---- the axis ------------------------------------------------------------------------
const borders = data.axis.borders, offsets = data.axis.offsets, total = offsets[offsets.length - 1];
function slot(list, value) {
  let low = 0, high = list.length;
  while (low < high) { const mid = (low + high) >> 1; if (list[mid] <= value) low = mid + 1; else high = mid; }
  return Math.min(Math.max(low - 1, 0), borders.length - 2);
}
function place(addr) {
  const at = slot(borders, addr), inside = (Math.min(addr, borders[at + 1]) - borders[at]) / (borders[at + 1] - borders[at]);
  return (offsets[at] + (offsets[at + 1] - offsets[at]) * inside) / total;
}
function address(where) {
  const want = where * total, at = slot(offsets, want), width = offsets[at + 1] - offsets[at];
  return borders[at] + Math.floor((borders[at + 1] - borders[at]) * (width ? (want - offsets[at]) / width : 0));
}

// ---- drawing ---------------------------------------------------------------------------
const canvas = $("map"), ctx = canvas.getContext("2d");
let view = [0, 1], now = ops.length, state = stateAt(now), chosen = null, marker = null;
const HEIGHT = 248, TRACKS = { firmware: [16, 34], zones: [70, 16], memory: [106, 34], reserved: [160, 50] };
const looksLike = (owner) => data.looks[owner] || data.colours.unowned;

// A texture is drawn over its colour: the second sign beside it.
const tiles = new Map();
function paper([colour, texture]) {
  if (!texture) return colour;
  const key = colour + texture;
  if (!tiles.has(key)) tiles.set(key, ctx.createPattern(tile(colour, texture), "repeat"));
  return tiles.get(key);
}
function tile(colour, texture) {
  const one = document.createElement("canvas"), c = one.getContext("2d");
  one.width = one.height = 8; c.fillStyle = colour; c.fillRect(0, 0, 8, 8);
  c.strokeStyle = "rgba(0,0,0,.4)"; c.fillStyle = "rgba(0,0,0,.45)"; c.beginPath();
  const line = (a, b, d, e) => { c.moveTo(a, b); c.lineTo(d, e); };
  if (texture === 1 || texture === 6) { line(0, 8, 8, 0); line(-1, 1, 1, -1); line(7, 9, 9, 7); }
  if (texture === 2 || texture === 6) { line(0, 0, 8, 8); line(-1, 7, 1, 9); line(7, -1, 9, 1); }
  if (texture === 3) { c.fillRect(1, 1, 2, 2); c.fillRect(5, 5, 2, 2); }
  if (texture === 4) { line(0, 2.5, 8, 2.5); line(0, 6.5, 8, 6.5); }
  if (texture === 5) { line(2.5, 0, 2.5, 8); line(6.5, 0, 6.5, 8); }
  if (texture === 7) { line(0, 4.5, 8, 4.5); line(4.5, 0, 4.5, 8); }
  c.stroke(); return one;
}
const swatch = (pair) => pair[1] ? `url(${tile(...pair).toDataURL()})` : pair[0];
const hex = (n) => "0x" + n.toString(16).padStart(16, "0");
function human(n) {
  for (const [u, s] of [["T", 2 ** 40], ["G", 2 ** 30], ["M", 2 ** 20], ["K", 1024]])
    if (n >= s) return (n / s === Math.floor(n / s) ? n / s : (n / s).toFixed(1)) + u;
  return n + "B";
}
function tick(n) {
  for (const [u, s] of [["T", 2 ** 40], ["G", 2 ** 30], ["M", 2 ** 20], ["K", 1024]])
    if (n && n % s === 0 && n / s < 10000) return n / s + u;
  return "0x" + n.toString(16);
}
const x = (addr) => (place(addr) - view[0]) / (view[1] - view[0]) * canvas.clientWidth;
function box(track, s, e, fill, strong) {
  const [top, height] = TRACKS[track], left = x(s), right = x(e);
  if (right < 0 || left > canvas.clientWidth) return;
  ctx.fillStyle = fill; ctx.fillRect(left, top, Math.max(right - left, 1), height);
  if (strong) { ctx.strokeStyle = "#d62728"; ctx.lineWidth = 2; ctx.strokeRect(left - 1, top - 2, Math.max(right - left, 1) + 2, height + 4); }
  else if (right - left > 3) { ctx.strokeStyle = "rgba(0,0,0,.25)"; ctx.lineWidth = .6; ctx.strokeRect(left, top, right - left, height); }
}
function frame(track, s, e) {
  const [top, height] = TRACKS[track];
  ctx.strokeStyle = "#555"; ctx.lineWidth = 1; ctx.strokeRect(x(s), top, Math.max(x(e) - x(s), 1), height);
}
function words(track, s, e, text, back) {
  const left = Math.max(x(s), 0), right = Math.min(x(e), canvas.clientWidth), [top, height] = TRACKS[track];
  ctx.font = "11px system-ui, sans-serif";
  const wide = ctx.measureText(text).width;
  if (right - left < wide + 8) return;
  if (back) { ctx.fillStyle = back; ctx.fillRect(left + 2, top + height / 2 - 7, wide + 4, 14); }
  ctx.fillStyle = "#111"; ctx.fillText(text, left + 4, top + height / 2 + 4);
}
function draw() {
  const ratio = window.devicePixelRatio || 1, width = canvas.clientWidth, ink = getComputedStyle(document.body).color;
  canvas.width = width * ratio; canvas.height = HEIGHT * ratio; ctx.setTransform(ratio, 0, 0, ratio, 0, 0);
  ctx.clearRect(0, 0, width, HEIGHT);
  const op = now ? ops[now - 1] : null;
  for (const [s, e, type, name] of data.firmware) {
    const pair = data.types[type]; box("firmware", s, e, paper(pair)); words("firmware", s, e, name, pair[1] && pair[0]);
  }
  for (const [s, e, colour, name] of data.zones) { box("zones", s, e, colour); words("zones", s, e, name); }
  for (const [s, e] of state.memory) box("memory", s, e, data.colours.free);
  for (const [s, e] of state.buddy) box("memory", s, e, data.colours.buddy);
  const shown = new Set(state.memory.map((x) => x[2]).filter((node) => node >= 0 && node < 1024));
  if (shown.size > 1)
    for (const [s, e, node] of state.memory) if (shown.has(node)) {
      frame("memory", s, e); words("memory", s, e, x(e) - x(s) > 56 ? "node " + node : String(node));
    }
  for (const [s, e, [owner]] of state.reserved) {
    const on = chosen === null || chosen.has(owner);
    ctx.globalAlpha = on ? 1 : .12; box("reserved", s, e, paper(looksLike(owner)));
    if (on) words("reserved", s, e, strings[owner], looksLike(owner)[1] && looksLike(owner)[0]); ctx.globalAlpha = 1;
  }
  if (op && op[2] > op[1] && ![5, 8, 9].includes(op[0]))
    box(op[0] < 2 || op[0] === 10 ? "memory" : "reserved", op[1], op[2], "rgba(214,39,40,.25)", true);
  ctx.fillStyle = ink; ctx.font = "10px system-ui, sans-serif";
  for (const [name, label] of [["firmware", "the map"], ...(data.zones.length ? [["zones", "zones"]] : []), ["memory", "memory"], ["reserved", "reserved, by owner"]])
    ctx.fillText(label, 3, TRACKS[name][0] - 4);
  let edge = -90;
  for (const border of borders) {
    const at = x(border), text = tick(border), end = at + 3 + ctx.measureText(text).width;
    if (at < edge || at < 0 || end > width) continue;
    ctx.fillRect(at, 216, 1, 7); ctx.fillText(text, at + 3, 234); edge = end + 8;
  }
  if (marker !== null) { ctx.fillStyle = "#d62728"; ctx.fillRect(x(marker), 4, 1.5, 220); }
}

// ---- words -----------------------------------------------------------------------------
const esc = (text) => text.replace(/[&<>"]/g, (c) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" }[c]));
function describe() {
  $("clock").textContent = `${now} / ${ops.length}`;
  const op = now ? ops[now - 1] : null;
  if (!op) { $("what").textContent = "before the first operation"; return; }
  const sign = [["add", "+ memory"], ["cut", "- memory"], ["add", "+ reserved"], ["cut", "- reserved"], ["", ""],
                ["add", "all free memory to the buddy"], ["cut", "- reserved, + buddy"], ["", "name"], ["cut", "whole pages only"],
                ["cut", "only what lies in"], ["", "node of memory"]][op[0]];
  const range = op[2] > op[1] && ![5, 8].includes(op[0]) ? `[${hex(op[1])}-${hex(op[2] - 1)}] ${human(op[2] - op[1])}` : "";
  $("what").innerHTML = `#${now - 1} <b class="${sign[0]}">${sign[1]}</b> ${range}<br>${esc(op[5])}` +
    (strings[op[3]] ? `<br>owner: ${esc(strings[op[3]])}` : "") + (strings[op[4]] ? `<br>by ${esc(strings[op[4]])}` : "");
}
function answer(addr) {
  const fw = find(data.firmware, addr), mem = find(state.memory, addr), res = find(state.reserved, addr), out = [];
  out.push(`${hex(addr)}`, fw ? `map: ${fw[3]} [${hex(fw[0])}-${hex(fw[1] - 1)}]` : "map: in no entry");
  out.push(mem ? "memblock: memory" + (mem[2] >= 0 && mem[2] < 1024 ? ` on node ${mem[2]}` : "") : "memblock: not memory");
  if (res) {
    out.push(`owner: ${strings[res[2][0]] || "(not said)"} [${hex(res[0])}-${hex(res[1] - 1)}] ${human(res[1] - res[0])}`);
    if (strings[res[2][1]]) out.push(`by ${strings[res[2][1]]}` + (res[2][2] >= 0 ? `, op ${res[2][2]}` : ""));
  } else if (mem) out.push(find(state.buddy, addr) ? "owner: nobody, free in the buddy" : "owner: nobody, free");
  return out.join("\n");
}
function owners() {
  const sums = new Map(); let taken = 0;
  for (const [s, e, [owner]] of state.reserved) { sums.set(owner, (sums.get(owner) || 0) + e - s); taken += e - s; }
  $("sum").textContent = `(${human(taken)})`;
  const box = $("owners"); box.textContent = "";
  for (const [owner, size] of [...sums].sort((a, b) => b[1] - a[1]).slice(0, 400)) {
    const row = document.createElement("div"); row.dataset.owner = owner;
    row.innerHTML = `<span class="sw" style="background:${swatch(looksLike(owner))}"></span>` +
      `<span class="n">${esc(strings[owner] || "(owner not said)")}</span><span class="b">${human(size)}</span>`;
    if (chosen && chosen.has(owner)) row.className = "on";
    row.onclick = () => { choose(chosen && chosen.size === 1 && chosen.has(owner) ? null : new Set([owner])); };
    box.append(row);
  }
}
function choose(set) { chosen = set; owners(); draw(); }
function go(count) {
  now = Math.min(Math.max(count, 0), ops.length);
  state = stateAt(now); $("time").value = now; describe(); owners(); draw();
  if (marker !== null) $("answer").innerText = answer(marker);
}
function ask(addr) { marker = addr; $("answer").innerText = answer(addr); draw(); }

// ---- hands -----------------------------------------------------------------------------
$("sub").textContent = data.sub; $("time").max = ops.length;
$("time").oninput = (event) => go(+event.target.value);
$("first").onclick = () => go(0); $("last").onclick = () => go(ops.length);
$("prev").onclick = () => go(now - 1); $("next").onclick = () => go(now + 1);
let timer = null;
$("play").onclick = () => {
  if (timer) { clearInterval(timer); timer = null; $("play").textContent = "play"; return; }
  if (now === ops.length) go(0);
  $("play").textContent = "stop";
  timer = setInterval(() => { if (now >= ops.length) $("play").onclick(); else go(now + 1); }, 250);
};
$("find").onclick = () => {
  const text = $("addr").value.trim(), addr = /^(0x)?[0-9a-f]+$/i.test(text) ? parseInt(text, 16) : NaN;
  if (Number.isNaN(addr)) $("answer").innerText = `"${text}" is no hexadecimal address`; else ask(addr);
};
$("addr").onkeydown = (event) => { if (event.key === "Enter") $("find").onclick(); };
$("owner").oninput = (event) => {
  const want = event.target.value.trim().toLowerCase();
  choose(want ? new Set(strings.map((s, i) => [s, i]).filter(([s]) => s.toLowerCase().includes(want)).map(([, i]) => i)) : null);
};
$("clear").onclick = () => { $("owner").value = ""; $("addr").value = ""; marker = null; choose(null); };
function zoom(factor, share) {
  const at = view[0] + share * (view[1] - view[0]), width = Math.min((view[1] - view[0]) * factor, 1);
  const low = Math.min(Math.max(at - width * share, 0), 1 - width);
  view = [low, low + width]; draw();
}
function move(by) {
  const width = view[1] - view[0], low = Math.min(Math.max(view[0] + by * width, 0), 1 - width);
  view = [low, low + width]; draw();
}
const KEYS = {
  ArrowRight: () => go(now + 1), ArrowLeft: () => go(now - 1), Home: () => go(0), End: () => go(ops.length),
  p: () => $("play").click(), "+": () => zoom(.8, .5), "=": () => zoom(.8, .5), "-": () => zoom(1.25, .5),
  "[": () => move(-.25), "]": () => move(.25), 0: () => { view = [0, 1]; draw(); },
  "/": () => $("addr").focus(), o: () => $("owner").focus(),
};
document.onkeydown = (event) => {
  if (event.key === "Escape") { document.activeElement.blur(); $("clear").click(); return; }
  if (event.target.tagName === "INPUT" && event.target.type === "text") return;
  if (event.ctrlKey || event.metaKey || event.altKey || !Object.hasOwn(KEYS, event.key)) return;
  KEYS[event.key](); event.preventDefault();
};
const under = (event) => address(view[0] + (event.offsetX / canvas.clientWidth) * (view[1] - view[0]));
let drag = null;
canvas.onmousedown = (event) => { drag = [event.offsetX, view.slice(), false]; };
window.onmouseup = () => { drag = null; };
canvas.onmousemove = (event) => {
  if (drag && Math.abs(event.offsetX - drag[0]) > 3) {
    const by = (event.offsetX - drag[0]) / canvas.clientWidth * (drag[1][1] - drag[1][0]);
    const width = drag[1][1] - drag[1][0], low = Math.min(Math.max(drag[1][0] - by, 0), 1 - width);
    view = [low, low + width]; drag[2] = true; draw(); return;
  }
  const tip = $("tip"); tip.textContent = answer(under(event)); tip.style.display = "block";
  tip.style.left = Math.min(event.clientX + 14, window.innerWidth - 470) + "px"; tip.style.top = event.clientY + 16 + "px";
};
canvas.onmouseleave = () => { $("tip").style.display = "none"; };
canvas.onclick = (event) => { ask(under(event)); };
canvas.ondblclick = () => { view = [0, 1]; draw(); };
canvas.onwheel = (event) => {
  event.preventDefault(); zoom(event.deltaY > 0 ? 1.25 : .8, event.offsetX / canvas.clientWidth);
};
$("types").innerHTML = [...data.types, [data.colours.free, 0, "free memory"], [data.colours.buddy, 0, "free, in the buddy"]]
  .map(([colour, texture, name]) => `<span class="sw2" style="background:${swatch([colour, texture])}"></span>${esc(name)}`).join("");
document.body.classList.toggle("still", !ops.length);
window.onresize = draw;
go(ops.length);
