// Passkeys: asks the browser for one when a form with data-passkey is sent, and sends what it answers. The options are
// written by the server, with bytes in base64url; so are the answers.
"use strict";

const bytes = text => Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), sign => sign.charCodeAt(0));
const text = buffer => btoa(String.fromCharCode(...new Uint8Array(buffer)))
  .replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");

function withBytes(options) {
  options.challenge = bytes(options.challenge);
  if (options.user) options.user.id = bytes(options.user.id);
  for (const list of [options.excludeCredentials, options.allowCredentials]) {
    for (const one of list || []) one.id = bytes(one.id);
  }
  return options;
}

async function ask(kind, options) {
  const found = await navigator.credentials[kind]({ publicKey: withBytes(options) });
  const answer = found.response;
  const parts = { client: text(answer.clientDataJSON), credential: text(found.rawId) };
  if (kind === "get") {
    return { ...parts, authenticator: text(answer.authenticatorData), signature: text(answer.signature) };
  }
  return { ...parts, authenticator: text(answer.getAuthenticatorData()), key: text(answer.getPublicKey()) };
}

for (const form of document.querySelectorAll("form[data-passkey]")) {
  form.addEventListener("submit", async event => {
    event.preventDefault();
    const error = form.querySelector("[data-passkey-error]");
    error.hidden = true;
    try {
      const parts = await ask(form.dataset.passkey, JSON.parse(form.dataset.options));
      for (const [name, value] of Object.entries(parts)) {
        if (form.elements[name]) form.elements[name].value = value;
      }
      form.submit();
    } catch {
      error.textContent = form.dataset.failed;
      error.hidden = false;
    }
  });
}
