"use strict";
// The page of a contact: a message opens in the person's own messenger, and is written down.
(() => {
  const on = (type, selector, handler) =>
    document.addEventListener(type, (event) => {
      const target = event.target instanceof Element && event.target.closest(selector);
      if (target) handler(event, target);
    });
  const said = (form, what) => { const line = form.querySelector("[data-message-said]"); line.textContent = line.dataset[what]; };

  // Whatever is loaded into a dialog is shown in it.
  document.addEventListener("htmx:afterSwap", (event) => {
    const { target } = event.detail;
    if (!target.matches("[data-dialog]")) return;
    start(target);
    if (!target.matches(":popover-open")) target.showPopover();
    target.querySelector("textarea")?.focus();
  });

  // The link carries the text as it stands in the field.
  const write = (form) => {
    const link = form.querySelector("[data-message-open]");
    if (link) link.href = link.dataset.messageOpen + encodeURIComponent(form.elements.text.value);
  };
  on("input", "[data-message] textarea", (event, field) => write(field.form));

  // The messenger opens by the link itself; the request outlives the page, should the browser leave it.
  on("click", "[data-message-open]", (event, link) => {
    const form = link.closest("form");
    if (!form.elements.text.value.trim()) { event.preventDefault(); form.elements.text.focus(); return; }
    write(form);
    fetch(form.action, { method: "POST", body: new FormData(form), keepalive: true, redirect: "manual" })
      .then((answer) => {
        const kept = answer.type === "opaqueredirect";
        said(form, kept ? "messageSaid" : "messageFailed");
        if (!kept) return;
        form.querySelector("button:not([type])").hidden = true;
        if (document.querySelector("#story")) window.htmx.ajax("GET", window.location.href, { target: "#story", select: "#story", swap: "outerHTML" });
      })
      .catch(() => said(form, "messageFailed"));
  });

  on("click", "[data-message-copy]", (event, button) => {
    const form = button.closest("form");
    navigator.clipboard.writeText(button.dataset.messageCopy || form.elements.text.value).then(() => said(form, "messageCopied"));
  });

  // Copying needs a script, and a page that came over a safe line.
  const start = (root) => {
    if (navigator.clipboard) root.querySelectorAll("[data-message-copy]").forEach((button) => { button.hidden = false; });
  };
  start(document);
})();
