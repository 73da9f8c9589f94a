// Small comforts. Every page works without this file: it adds a copy button, a question before what is hard to undo,
// and the reader's own local time as the tooltip of a time.
"use strict";

function copyButtons() {
  if (!navigator.clipboard) return;
  for (const button of document.querySelectorAll("[data-copy]")) {
    const label = button.querySelector("[data-copy-label]");
    const before = label.textContent;
    label.setAttribute("aria-live", "polite");
    button.hidden = false;
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText(button.dataset.copy);
      label.textContent = "Copied";
      setTimeout(() => { label.textContent = before; }, 2000);
    });
  }
}

function dialogFor(question, answer) {
  const dialog = document.createElement("dialog");
  const words = document.createElement("p");
  const row = document.createElement("div");
  dialog.className = "confirm";
  row.className = "actions";
  words.id = "confirm-question";
  words.textContent = question;
  dialog.setAttribute("aria-labelledby", words.id);
  for (const [text, tone, yes] of [["Go back", "button button-quiet", false], ["Yes, do it", "button", true]]) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = tone;
    button.textContent = text;
    button.addEventListener("click", () => { dialog.close(); if (yes) answer(); });
    row.append(button);
  }
  dialog.append(words, row);
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
  const format = new Intl.DateTimeFormat(undefined, { dateStyle: "full", timeStyle: "short" });
  for (const time of document.querySelectorAll("time[data-when]")) {
    time.title = `${format.format(new Date(time.dateTime))} (your time)`;
  }
}

copyButtons();
localTimes();
document.addEventListener("submit", askBeforeSending);
