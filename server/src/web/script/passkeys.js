// Asks the browser for a passkey when a form marked data-passkey is sent, and sends its answer with the form. What it
// says stands in the form, in the language of the page.
const { startAuthentication, startRegistration } = globalThis.SimpleWebAuthnBrowser;

/** Which of the form's sentences an error of the browser is told with. */
const REASONS = {
  NotAllowedError: "cancelled",
  InvalidStateError: "known",
  SecurityError: "insecure",
  NotSupportedError: "unsupported",
};

async function ask(form) {
  const answer = await fetch(form.dataset.options, { headers: { accept: "application/json" } });
  const body = await answer.json();
  if (body.code === "PROOF_REQUIRED") return location.assign(`/login?back=${encodeURIComponent(body.back)}`);
  if (!answer.ok) throw new Error(body.code);
  const start = form.dataset.passkey === "register" ? startRegistration : startAuthentication;
  form.elements.response.value = JSON.stringify(await start({ optionsJSON: body.options }));
  form.submit();
}

for (const form of document.querySelectorAll("form[data-passkey]")) {
  const status = form.querySelector("[role=status]");
  status.textContent = "";
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    status.textContent = form.dataset.asking;
    ask(form).catch((error) => {
      status.textContent = form.dataset[REASONS[error.name] ?? "failed"];
    });
  });
}
