"use strict";
// Small behaviours of the staff pages. Everything works without this file, only less comfortably.
(() => {
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const on = (type, selector, handler) =>
    document.addEventListener(type, (event) => {
      const target = event.target instanceof Element && event.target.closest(selector);
      if (target) handler(event, target);
    });

  // Menus open under their button; the browser gives them no place by itself.
  const placeMenu = (menu) => {
    const button = document.querySelector(`[popovertarget="${menu.id}"]`);
    const place = button.getBoundingClientRect();
    const below = place.bottom + 4 + menu.offsetHeight < window.innerHeight;
    menu.style.top = `${Math.max(8, below ? place.bottom + 4 : place.top - 4 - menu.offsetHeight)}px`;
    menu.style.left = `${Math.max(8, Math.min(place.left, window.innerWidth - menu.offsetWidth - 8))}px`;
  };
  // Also when something unfolds in one that stands above its button.
  document.addEventListener("toggle", (event) => {
    const menu = event.target.closest(".menu[popover]:not(.bottombar__menu)");
    if (menu?.matches(":popover-open") && (menu === event.target || menu.matches(".bulk__menu"))) placeMenu(menu);
  }, true);
  document.addEventListener("scroll", () => all(".menu:popover-open:not(.bottombar__menu, .bulk__menu)").forEach((menu) => menu.hidePopover()), { passive: true });

  // Toasts stay 8 seconds, and as long as the pointer or the focus is on them.
  const startToast = (toast) => {
    if (toast.dataset.started) return;
    toast.dataset.started = "yes";
    const wait = () => setTimeout(() => toast.matches(":hover, :focus-within") ? wait() : toast.remove(), 8000);
    wait();
  };
  on("click", "[data-toast] [data-close]", (event, button) => button.closest("[data-toast]").remove());

  // Ctrl+K or Cmd+K goes to the search.
  document.addEventListener("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") {
      const search = document.querySelector("[data-search]");
      if (search) { event.preventDefault(); search.focus(); search.select(); }
    }
  });

  // Selected rows: the head box, the count and the bar.
  const countRows = (form) => {
    const rows = all(".check--row", form);
    const chosen = rows.filter((row) => row.checked).length;
    const head = form.querySelector("[data-check-all]");
    const bar = form.querySelector("[data-bulk]");
    if (head) { head.checked = chosen > 0 && chosen === rows.length; head.indeterminate = chosen > 0 && chosen < rows.length; }
    if (bar) bar.hidden = chosen === 0;
    all("[data-bulk-least]", form).forEach((button) => { button.hidden = chosen < Number(button.dataset.bulkLeast); });
    all("[data-bulk-count]", form).forEach((place) => { place.textContent = chosen; });
  };
  const chooseRows = (form, checked) => { all(".check--row", form).forEach((row) => { row.checked = checked; }); countRows(form); };
  let lastRow = null;
  on("click", ".check--row", (event, row) => {
    const rows = all(".check--row", row.form);
    if (event.shiftKey && rows.includes(lastRow)) {
      const [from, to] = [rows.indexOf(lastRow), rows.indexOf(row)].sort((a, b) => a - b);
      rows.slice(from, to + 1).forEach((other) => { other.checked = row.checked; });
    }
    lastRow = row;
  });
  on("change", "[data-bulk-form] [data-check-all]", (event, box) => chooseRows(box.form, box.checked));
  on("change", "[data-bulk-form] .check--row", (event, box) => countRows(box.form));
  on("click", "[data-bulk-clear]", (event, button) => chooseRows(button.closest("form"), false));

  // Files can be dropped on their field.
  const dropping = (event, zone, over) => { event.preventDefault(); zone.classList.toggle("drop--over", over); };
  on("dragover", "[data-drop]", (event, zone) => dropping(event, zone, true));
  on("dragleave", "[data-drop]", (event, zone) => dropping(event, zone, false));
  on("drop", "[data-drop]", (event, zone) => {
    dropping(event, zone, false);
    const input = zone.querySelector("input[type=file]");
    input.files = event.dataTransfer.files;
    input.dispatchEvent(new Event("change", { bubbles: true }));
  });

  // Whoever writes is present, though the server hears nothing of it: told every few minutes, so that nobody is
  // signed out in the middle of a sentence.
  let told = Date.now();
  document.addEventListener("input", () => {
    const { presence } = document.body.dataset;
    if (!presence || Date.now() - told < 240000) return;
    told = Date.now();
    const { "x-csrftoken": token } = JSON.parse(document.body.getAttribute("hx-headers"));
    fetch(presence, { method: "POST", headers: { "X-CSRFToken": token } });
  }, { passive: true });

  // Character counters: data-count is the length that still fits; up to a tenth more is a warning.
  const count = (input) => {
    const place = document.querySelector(`[data-count-for="${input.id}"]`);
    if (!place) return;
    const [length, limit] = [[...input.value].length, Number(input.dataset.count)];
    place.textContent = `${length} / ${limit}`;
    place.classList.toggle("count--near", length > limit && length <= limit * 1.1);
    place.classList.toggle("count--over", length > limit * 1.1);
  };
  on("input", "[data-count]", (event, input) => count(input));

  // Arrow keys walk through tabs and menus.
  on("keydown", ".tabs, .menu", (event, group) => {
    const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    const stops = all("a, button", group).filter((stop) => !stop.disabled);
    const here = stops.indexOf(document.activeElement);
    if (!step || here < 0) return;
    event.preventDefault();
    stops[(here + step + stops.length) % stops.length].focus();
  });

  // Rows to type into: one more, numbered on.
  on("click", "[data-add-row]", (event, button) => {
    const last = all(".ways__row", button.parentElement).pop();
    const row = last.cloneNode(true);
    const next = (text) => text.replace(/-(\d+)(?=-|$)/, (whole, number) => `-${Number(number) + 1}`);
    all("[name]", row).forEach((input) => { input.name = next(input.name); });
    all("[id]", row).forEach((input) => { input.id = next(input.id); });
    all(".ways__hint", row).forEach((hint) => hint.remove());
    all("[type=checkbox]", row).forEach((box) => { box.checked = false; });
    all("[aria-label]", row).concat(row).forEach((one) => one.setAttribute("aria-label", one.getAttribute("aria-label").replace(/\d+$/, (number) => Number(number) + 1)));
    const text = row.querySelector(".ways__text");
    text.value = "";
    last.after(row);
    text.focus();
  });

  // Words divided by commas: the list offers the last one, behind those that stand there already.
  on("input", "[data-labels]", (event, input) => {
    const before = input.value.slice(0, input.value.lastIndexOf(",") + 1);
    all("option", input.list).forEach((option) => {
      option.dataset.word ||= option.value;
      option.value = before ? `${before} ${option.dataset.word}` : option.dataset.word;
    });
  });

  // A download leaves the page where it is: the button is free again after a while, and what was wrong before is gone.
  const free = (form) => { delete form.dataset.sent; all("[aria-busy]", form).forEach((button) => button.removeAttribute("aria-busy")); };
  const willStay = (form) => {
    all("main > .page > .notice[role=alert], .field__error").forEach((error) => error.remove());
    all("[aria-invalid]", form).forEach((input) => { input.removeAttribute("aria-invalid"); });
    setTimeout(free, 3000, form);
  };

  // A form that is on its way is not sent twice.
  on("submit", "form[method=post]", (event, form) => {
    // What opens in a frame leaves its page where it is.
    if (event.submitter?.formTarget) return;
    if (form.dataset.sent && !form.hasAttribute("hx-post")) event.preventDefault();
    else if (!form.hasAttribute("hx-post")) {
      form.dataset.sent = "yes";
      event.submitter?.setAttribute("aria-busy", "true");
      if (form.hasAttribute("data-download")) willStay(form);
    }
  });
  window.addEventListener("pageshow", (event) => {
    if (event.persisted) all("form[data-sent]").forEach(free);
  });

  // A search answers while one types; the "change" at leaving the field would only overtake the click that follows.
  document.addEventListener("change", (event) => {
    if (event.target.matches("[hx-get] input[type=search]")) event.stopPropagation();
  }, true);

  // htmx: whoever is signed out meanwhile goes to sign in; a form that comes back with errors is shown.
  document.addEventListener("htmx:beforeSwap", (event) => {
    const { signin } = document.body.dataset;
    const { responseURL, status } = event.detail.xhr;
    if (signin && new URL(responseURL).pathname === signin) {
      event.detail.shouldSwap = false;
      window.location = `${signin}?next=${encodeURIComponent(window.location.pathname + window.location.search)}`;
    } else if (status === 422) { event.detail.shouldSwap = true; event.detail.isError = false; }
  });

  // A link that was swapped with its table or its tabs keeps the focus: htmx itself keeps it for what has an id only.
  let left = null;
  document.addEventListener("htmx:beforeSwap", (event) => {
    const [here, { target }] = [document.activeElement, event.detail];
    left = target.id && !here.id && target.contains(here) && { within: target.id, tag: here.tagName, text: here.textContent };
  });
  document.addEventListener("htmx:afterSwap", () => {
    const place = left && document.activeElement === document.body && document.getElementById(left.within);
    if (place) all(left.tag, place).find((one) => one.textContent.trim() === left.text.trim())?.focus({ preventScroll: true });
    left = null;
  });

  // Nobody looks at a page that is hidden: it asks how far something is once it is seen again.
  on("htmx:beforeRequest", "[data-poll]", (event) => { if (document.hidden) event.preventDefault(); });

  // Other failures show a block with "Retry".
  const showFailure = (event) => {
    const target = event.detail.target || event.target;
    const block = document.querySelector("template[data-error]").content.firstElementChild.cloneNode(true);
    block.setAttribute("data-failure", "");
    all("[data-failure]").forEach((old) => old.remove());
    target.before(block);
    block.querySelector("[data-retry]").addEventListener("click", () => {
      const { path, verb } = event.detail.requestConfig || event.detail.pathInfo || {};
      block.remove();
      const source = event.detail.elt;
      if (source?.isConnected && source.form === undefined && source.requestSubmit) source.requestSubmit();
      else if (path) window.htmx.ajax(verb || "GET", path, { source, target });
    });
  };
  ["htmx:responseError", "htmx:sendError", "htmx:timeout"].forEach((name) => document.addEventListener(name, showFailure));

  // The current tab of a strip that scrolls sideways is in sight.
  const showTab = (root) => all(".tabs [aria-current]", root).forEach((tab) => {
    const strip = tab.closest(".tabs");
    if (tab.offsetLeft + tab.offsetWidth > strip.offsetLeft + strip.clientWidth) strip.scrollLeft = tab.offsetLeft - strip.offsetLeft - 16;
  });
  const start = (root) => {
    all("[data-toast]", root).forEach(startToast);
    all("[data-count]", root).forEach(count);
    all("[data-bulk-form]", root).forEach(countRows);
    all("[data-add-row]", root).forEach((button) => { button.hidden = false; });
    showTab(root);
  };
  start(document);
  // The strip is as wide as its letters: once the font is there it may be wider than it was.
  document.fonts.ready.then(() => showTab(document));
  document.addEventListener("htmx:load", (event) => start(event.detail.elt.parentElement || document));
})();
