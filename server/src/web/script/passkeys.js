// Asks the browser for a passkey when a form marked data-passkey is sent, and sends its answer with the form.
const { startAuthentication, startRegistration } = globalThis.SimpleWebAuthnBrowser;

const REASONS = {
  NotAllowedError: "Nothing was done: it was cancelled, or took too long.",
  InvalidStateError: "This device has a passkey for you already.",
  SecurityError: "Passkeys work at the network's own address only, and with https.",
  NotSupportedError: "This browser cannot do that.",
};

async function ask(form) {
  const answer = await fetch(form.dataset.options, { headers: { accept: "application/json" } });
  const body = await answer.json();
  if (body.code === "PROOF_REQUIRED") return location.assign(`/login?back=${encodeURIComponent(body.back)}`);
  if (!answer.ok) throw new Error(body.error);
  const start = form.dataset.passkey === "register" ? startRegistration : startAuthentication;
  form.elements.response.value = JSON.stringify(await start({ optionsJSON: body.options }));
  form.submit();
}

for (const form of document.querySelectorAll("form[data-passkey]")) {
  const status = form.querySelector("[role=status]");
  status.textContent = "";
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    status.textContent = "Your browser asks you now.";
    ask(form).catch((error) => {
      status.textContent = REASONS[error.name] ?? error.message;
    });
  });
}
