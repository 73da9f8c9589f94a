// Small comforts. Every page works without this file: it adds a copy button, a question before what is hard to undo,
// the reader's own local time as the tooltip of a time, and a page for when there is no connection.
"use strict";

// What this file says stands in the page, in the language of the page.
const { dataset: words, src } = document.currentScript;

function copyButtons() {
  if (!navigator.clipboard) return;
  for (const button of document.querySelectorAll("[data-copy]")) {
    const label = button.querySelector("[data-copy-label]");
    const before = label.textContent;
    label.setAttribute("aria-live", "polite");
    button.hidden = false;
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText(button.dataset.copy);
      label.textContent = button.dataset.copied;
      setTimeout(() => { label.textContent = before; }, 2000);
    });
  }
}

function dialogFor(question, answer) {
  const dialog = document.createElement("dialog");
  const text = document.createElement("p");
  const row = document.createElement("div");
  dialog.className = "confirm";
  row.className = "actions";
  text.id = "confirm-question";
  text.textContent = question;
  dialog.setAttribute("aria-labelledby", text.id);
  for (const [label, tone, yes] of [[words.back, "button button-quiet", false], [words.yes, "button", true]]) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = tone;
    button.textContent = label;
    button.addEventListener("click", () => { dialog.close(); if (yes) answer(); });
    row.append(button);
  }
  dialog.append(text, row);
  dialog.addEventListener("close", () => dialog.remove());
  return dialog;
}

function askBeforeSending(event) {
  const form = event.target;
  const question = form.dataset.confirm;
  if (!question || form.dataset.confirmed) return;
  event.preventDefault();
  const pressed = event.submitter;
  const dialog = dialogFor(question, () => {
    form.dataset.confirmed = "yes";
    form.requestSubmit(pressed);
    delete form.dataset.confirmed;
  });
  document.body.append(dialog);
  dialog.showModal();
}

function localTimes() {
  const page = document.documentElement.lang;
  // With the region the reader set up, where that is of the same language.
  const spoken = navigator.languages.find((one) => one.split("-")[0] === page) || page;
  const format = new Intl.DateTimeFormat(spoken, { dateStyle: "full", timeStyle: "short" });
  for (const time of document.querySelectorAll("time[data-when]")) {
    time.title = words.yourTime.replace("{when}", format.format(new Date(time.dateTime)));
  }
}

function keepAnOfflinePage() {
  const version = new URL(src).searchParams.get("v");
  if (!navigator.serviceWorker || !version) return;
  navigator.serviceWorker.register(`/sw.js?v=${version}&lang=${document.documentElement.lang}`).catch(() => {});
}

copyButtons();
localTimes();
keepAnOfflinePage();
document.addEventListener("submit", askBeforeSending);
