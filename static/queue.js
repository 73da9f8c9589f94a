// Single keys for the queue: they move between groups and press the very buttons that stand there. Each button says its
// key in data-key. Nothing happens while somebody types, with a modifier held, or where keys are switched off
// (WCAG 2.1.4); the switch is kept in this browser.
"use strict";

const OFF = "queue-keys-off", AT = "queue-at";
const groups = [...document.querySelectorAll("[data-group]")];
const control = document.querySelector("[data-keys-on]");
let at = -1;

function stored(where, name) {
  try { return where.getItem(name); } catch { return null; }
}

function store(where, name, value) {
  try { where.setItem(name, value); } catch { /* a browser that keeps nothing: keys work all the same */ }
}

function isTyping(target) {
  return target.closest("input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable], dialog") !== null;
}

function go(step) {
  if (!groups.length) return;
  const here = groups.findIndex((one) => one.contains(document.activeElement));
  const from = here >= 0 ? here : at;
  at = Math.min(Math.max(from + step, 0), groups.length - 1);
  groups[at].focus();
  groups[at].scrollIntoView({ block: "nearest" });
  store(sessionStorage, AT, String(at));
}

function press(key) {
  const here = groups.find((one) => one.contains(document.activeElement)) || groups[at];
  const button = (here && here.querySelector(`[data-key="${key}"]`)) || (key === "u" || key === "?" ? document.querySelector(`[data-key="${key}"]`) : null);
  if (!button) return false;
  button.click();
  return true;
}

function onKey(event) {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || isTyping(event.target)) return;
  if (stored(localStorage, OFF) === "yes") return;
  if (event.key === "j" || event.key === "k") {
    go(event.key === "j" ? 1 : -1);
    event.preventDefault();
    return;
  }
  if ("oarcu?".includes(event.key) && event.key.length === 1 && press(event.key)) event.preventDefault();
}

function begin() {
  for (const part of document.querySelectorAll("[data-keys]")) part.hidden = false;
  for (const part of document.querySelectorAll("[data-keys-without]")) part.hidden = true;
  if (control) {
    control.checked = stored(localStorage, OFF) !== "yes";
    control.addEventListener("change", () => store(localStorage, OFF, control.checked ? "" : "yes"));
  }
  // After a decision the next group has moved up to the place of the one that was decided.
  const before = stored(sessionStorage, AT);
  if (before !== null && document.querySelector(".flash")) {
    at = Math.min(Number(before), groups.length - 1) - 1;
    go(1);
  }
}

begin();
document.addEventListener("keydown", onKey);
