"use strict";
// The writing page. Without this file the text is a plain area that saves; with it one writes as in a letter.
(() => {
  // The editor would write its base style into the page, which our policy forbids; css/editor.css has it.
  // It looks for this mark first, and finding it writes nothing. An element of no namespace: a real <style> would be refused.
  const mark = document.createElementNS(null, "style");
  mark.setAttribute("data-tiptap-style", "");
  document.head.append(mark);

  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const one = (selector) => document.querySelector(selector);
  const AFTER_TYPING = 1500;
  const TRY_AGAIN = 5000;
  let editor = null;

  // The bar over the text: each button does one thing to the selection, and shows whether it holds there.
  const DO = {
    heading: (chain, { level }) => chain.toggleHeading({ level: Number(level) }),
    bold: (chain) => chain.toggleBold(),
    italic: (chain) => chain.toggleItalic(),
    bulletList: (chain) => chain.toggleBulletList(),
    orderedList: (chain) => chain.toggleOrderedList(),
    blockquote: (chain) => chain.toggleBlockquote(),
    undo: (chain) => chain.undo(),
    insertTable: (chain) => chain.insertTable({ rows: 3, cols: 2, withHeaderRow: true }),
    addRowAfter: (chain) => chain.addRowAfter(),
    addColumnAfter: (chain) => chain.addColumnAfter(),
    deleteRow: (chain) => chain.deleteRow(),
    deleteColumn: (chain) => chain.deleteColumn(),
    deleteTable: (chain) => chain.deleteTable(),
  };
  const showState = () => all("[data-tools] [aria-pressed]").forEach((button) => {
    const { do: name, level } = button.dataset;
    button.setAttribute("aria-pressed", editor.isActive(name, level ? { level: Number(level) } : {}));
  });
  const askForLink = () => {
    const dialog = one("#link");
    const address = one("#link-address");
    address.value = editor.getAttributes("link").href || "";
    dialog.returnValue = "";
    dialog.showModal();
    address.select();
    dialog.addEventListener("close", () => {
      const typed = address.value.trim();
      const chain = editor.chain().focus().extendMarkRange("link");
      if (dialog.returnValue === "unset" || (dialog.returnValue === "set" && !typed)) chain.unsetLink().run();
      else if (dialog.returnValue === "set") setLink(chain, /^[a-z][a-z0-9+.-]*:/i.test(typed) ? typed : typed.includes("@") ? `mailto:${typed}` : `https://${typed}`);
    }, { once: true });
  };
  const setLink = (chain, href) => {
    if (editor.state.selection.empty && !editor.isActive("link")) chain.insertContent({ type: "text", text: href.replace(/^(https?:\/\/|mailto:)/, ""), marks: [{ type: "link", attrs: { href } }] }).run();
    else chain.setLink({ href }).run();
  };
  document.addEventListener("click", (event) => {
    const button = event.target instanceof Element && event.target.closest("[data-do], [data-insert], [data-insert-picture]");
    if (!button || !editor) return;
    if (button.dataset.do === "link") return askForLink();
    button.closest("[popover]")?.hidePopover();
    if (button.dataset.insert) insertWords(button.dataset.insert);
    else if (button.dataset.insertPicture) editor.chain().focus().insertContent({ type: "picture", attrs: { attachment: button.dataset.insertPicture, alt: button.dataset.alt || "" } }).run();
    else DO[button.dataset.do](editor.chain().focus(), button.dataset).run();
  });
  // Files stand folded under the text.
  document.addEventListener("click", (event) => {
    const link = event.target instanceof Element && event.target.closest("[data-files]");
    if (!link) return;
    link.closest("[popover]")?.hidePopover();
    one("#files").open = true;
  });
  // A field goes where one wrote last: in the subject, the line under it, or the text.
  let lastLine = null;
  document.addEventListener("focusin", (event) => {
    if (event.target.matches(".tiptap")) lastLine = null;
    else if (event.target.matches(".subject__control")) lastLine = event.target;
  });
  const insertWords = (words) => {
    if (!lastLine) return editor.chain().focus().insertContent({ type: "text", text: words }).run();
    lastLine.setRangeText(words, lastLine.selectionStart, lastLine.selectionEnd, "end");
    lastLine.focus();
    lastLine.dispatchEvent(new Event("input", { bubbles: true }));
  };
  // One stop of the Tab key, then arrows, as toolbars go.
  document.addEventListener("keydown", (event) => {
    const bar = event.target instanceof Element && event.target.closest("[data-tools]");
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!bar || !step) return;
    const stops = all("button", bar);
    const next = stops[(stops.indexOf(event.target) + step + stops.length) % stops.length];
    stops.forEach((stop) => { stop.tabIndex = stop === next ? 0 : -1; });
    next.focus();
    event.preventDefault();
  });

  // What word processors put into the clipboard beside the words; the server cleans once more.
  const clean = (html) => html
    .replace(/<!--[^]*?-->|<!\[[^>]*>|<\/?(?:o|w|m|v|st1):[^>]*>/g, "")
    .replace(/<(style|script|title|xml)\b[^]*?<\/\1>/gi, "")
    .replace(/<(\/?)h1\b/gi, "<$1h2")
    .replace(/\s(?:style|class|lang|align|width|height|face|size|color|dir|id|name|on\w+)=("[^"]*"|'[^']*'|[^\s>]+)/gi, "")
    .replace(/<\/?(?:font|span)\b[^>]*>/gi, "");

  document.addEventListener("prose-editor:ready", (event) => {
    ({ editor } = event.detail);
    const box = event.target.closest(".prose-editor").querySelector(".tiptap");
    // The library names its text box after nothing; a screen reader should hear what the label says.
    box.setAttribute("aria-labelledby", "body-label");
    editor.setOptions({ editorProps: { ...editor.options.editorProps, transformPastedHTML: clean } });
    one("[data-tools]").hidden = false;
    all("[data-tools] button").forEach((button, index) => { button.tabIndex = index ? -1 : 0; });
    editor.on("transaction", showState);
    offerKept();
    goToPlace(box);
  });
  // A check leads to the paragraph that it is about.
  const goToPlace = (box) => {
    const at = new URLSearchParams(window.location.search).get("at");
    const place = at !== null && box.children[Number(at)];
    if (!place) return;
    place.scrollIntoView({ block: "center" });
    editor.commands.setTextSelection(editor.view.posAtDOM(place, 0));
    editor.commands.focus(undefined, { scrollIntoView: false });
  };

  // Saving by itself.
  const form = one("#text");
  const state = one("[data-saved]");
  if (!form) return;
  const words = () => ({ subject: form.elements.subject.value, preheader: form.elements.preheader.value, body: form.elements.body.value });
  const text = () => JSON.stringify(words());
  let [saved, sending, timer, isStopped] = [text(), false, 0, !form.dataset.autosave];
  const say = (what, tone = "") => {
    state.classList.toggle("saved--bad", tone === "bad");
    one("[data-saved-mark]").hidden = tone !== "ok";
    one("[data-saved-words]").textContent = what;
  };
  // What is not saved yet stays in this browser, in case the line, the power or the page goes.
  const keep = () => {
    try { localStorage.setItem(form.dataset.copy, JSON.stringify({ ...words(), revision: form.elements.revision.value, at: Date.now() })); } catch { /* full or forbidden: then it is not kept */ }
  };
  const kept = () => { try { return JSON.parse(localStorage.getItem(form.dataset.copy)); } catch { return null; } };
  const drop = () => { try { localStorage.removeItem(form.dataset.copy); } catch { /* nothing was kept */ } };

  const put = (theirs) => {
    const { from, to } = editor.state.selection;
    form.elements.subject.value = theirs.subject;
    form.elements.preheader.value = theirs.preheader;
    editor.commands.setContent(theirs.body, { emitUpdate: false });
    form.elements.body.value = theirs.body;
    const end = editor.state.doc.content.size;
    editor.commands.setTextSelection({ from: Math.min(from, end), to: Math.min(to, end) });
    form.elements.revision.value = theirs.revision;
  };
  const later = (wait) => { clearTimeout(timer); timer = setTimeout(send, wait); };
  const send = async () => {
    if (sending || isStopped || text() === saved) return;
    sending = true;
    const sent = text();
    try {
      const answer = await fetch(form.dataset.autosave, { method: "POST", body: new FormData(form), headers: { Accept: "application/json" } });
      if (answer.redirected || ![200, 409, 422].includes(answer.status)) throw new Error("out", { cause: answer.redirected });
      took(await answer.json(), answer.status, sent);
    } catch (error) {
      say(error.cause ? state.dataset.out : state.dataset.down, "bad");
      later(TRY_AGAIN);
    } finally {
      sending = false;
    }
  };
  const took = (answer, status, sent) => {
    if (status !== 200) {
      isStopped = status === 409;
      return say(answer.error, "bad");
    }
    form.elements.revision.value = answer.revision;
    saved = sent;
    say(answer.saved, "ok");
    if (text() !== sent) return later(AFTER_TYPING);
    if (answer.joined) { put(answer.joined); saved = text(); say(`${answer.saved}. ${answer.notice}`, "ok"); }
    drop();
    showLetter();
  };
  form.addEventListener("input", () => {
    if (text() === saved) return;
    keep();
    if (isStopped) return;
    if (!state.classList.contains("saved--bad")) say(state.dataset.writing);
    later(AFTER_TYPING);
  });
  window.addEventListener("online", () => later(0));
  // Whoever leaves in the middle of a word loses no word: a small request outlives its page.
  window.addEventListener("pagehide", () => {
    if (!isStopped && text() !== saved && !form.dataset.sent) fetch(form.dataset.autosave, { method: "POST", body: new FormData(form), keepalive: true }).catch(() => {});
  });

  const plain = (html) => new DOMParser().parseFromString(html, "text/html").body.textContent.replace(/\s+/g, " ").trim();
  const alike = (first, second) => first.subject === second.subject && first.preheader === second.preheader && plain(first.body) === plain(second.body);
  const offerKept = () => {
    // The editor writes the stored text in its own way; that is no change of anybody's.
    saved = text();
    const copy = kept();
    if (!copy) return;
    if (alike(copy, words())) return drop();
    one("[data-kept-at]").textContent = new Date(copy.at).toLocaleString(document.documentElement.lang);
    one("[data-kept]").hidden = false;
    const stopped = isStopped;
    isStopped = true;
    one("[data-kept-take]").addEventListener("click", () => { one("[data-kept]").hidden = true; isStopped = stopped; put(copy); form.dispatchEvent(new Event("input")); });
    one("[data-kept-drop]").addEventListener("click", () => { one("[data-kept]").hidden = true; isStopped = stopped; drop(); });
  };

  // The letter beside the text: drawn anew behind the old one, so that nothing flickers.
  let reader = null;
  const showLetter = () => all("iframe[data-preview]").forEach((frame) => {
    if (frame.dataset.next) return;
    const next = frame.cloneNode();
    const address = new URL(reader === null ? frame.src : frame.dataset.preview, window.location.href);
    if (reader) address.searchParams.set("contact", reader);
    frame.dataset.next = "yes";
    next.src = address;
    next.classList.add("phone__screen--next");
    next.addEventListener("load", () => { next.classList.remove("phone__screen--next"); frame.remove(); }, { once: true });
    frame.after(next);
  });
  document.addEventListener("click", (event) => {
    const link = event.target instanceof Element && event.target.closest("[data-reader]");
    if (!link) return;
    event.preventDefault();
    reader = link.dataset.reader;
    one("[data-reader-name]").textContent = link.textContent;
    link.closest("[popover]").hidePopover();
    showLetter();
  });
  if (form.dataset.autosave) all("[data-refresh]").forEach((button) => { button.hidden = true; });
  // A line that is down is said once, beside what was saved; who else is here is asked again anyway.
  ["htmx:sendError", "htmx:responseError", "htmx:timeout"].forEach((name) => one("[data-presence-row]").addEventListener(name, (event) => event.stopPropagation()));
})();
