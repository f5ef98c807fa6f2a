"use strict";
// Keys of the contact list, and its "all of them". The list works without this file by mouse, Tab and Enter.
(() => {
  const OFF = "payom.keys.off";
  const areOn = () => localStorage.getItem(OFF) === null;
  const rows = () => [...document.querySelectorAll("[data-rows] > tr:has(.person__name)")];
  const here = () => rows().indexOf(document.activeElement?.closest("[data-rows] > tr"));
  const isTyping = (target) => target.closest("textarea, select, [contenteditable], input:not([type=checkbox], [type=radio])");

  const step = (by) => {
    const all = rows();
    const next = all[Math.max(0, Math.min(all.length - 1, here() + by))];
    next?.querySelector(".person__name").focus();
    next?.scrollIntoView({ block: "nearest" });
  };
  const tick = () => rows()[here()]?.querySelector(".check--row")?.click();
  const search = () => { const field = document.querySelector("#search input[type=search]"); field.focus(); field.select(); };
  const help = () => document.getElementById("keys").showPopover();

  // By the place of the key, so that it works in any layout: J is "о" on a Russian keyboard.
  const doing = (event) => {
    if (event.key === "?" || (event.code === "Slash" && event.shiftKey)) return help;
    if (event.shiftKey) return null;
    return { KeyJ: () => step(1), KeyK: () => step(-1), KeyX: tick, Slash: search }[event.code];
  };
  document.addEventListener("keydown", (event) => {
    const { target } = event;
    if (!(target instanceof Element) || event.ctrlKey || event.altKey || event.metaKey) return;
    if (event.key === "Enter") return enter(event, target);
    if (!areOn() || document.querySelector(":popover-open")) return;
    if (event.key === "Escape") { if (target.matches("#search input") || here() >= 0) target.blur(); return; }
    const act = !isTyping(target) && doing(event);
    if (act) { event.preventDefault(); act(); }
  });
  // Enter never sends the ticked ones anywhere: on a row it opens the contact, in a menu it is the menu's button.
  const enter = (event, target) => {
    if (!target.matches("[data-bulk-form] input")) return;
    event.preventDefault();
    const row = target.closest("[data-rows] > tr");
    if (row) row.querySelector(".person__name").click();
    else target.closest("details, [popover]")?.querySelector("button").click();
  };

  // "Choose all 342" ticks what is in sight and means the rest as well, until somebody is taken out.
  document.addEventListener("change", (event) => {
    const everybody = document.querySelector("[data-bulk-everybody]");
    if (!everybody) return;
    const form = everybody.form;
    const boxes = [...form.querySelectorAll(".check--row")];
    if (event.target === everybody) {
      boxes.forEach((box) => { box.checked = everybody.checked; });
      boxes[0].dispatchEvent(new Event("change", { bubbles: true }));
    } else if (form.contains(event.target) && !boxes.every((box) => box.checked)) everybody.checked = false;
    if (everybody.checked) form.querySelectorAll("[data-bulk-count]").forEach((place) => { place.textContent = everybody.dataset.bulkEverybody; });
  });
  document.addEventListener("click", (event) => {
    const everybody = document.querySelector("[data-bulk-everybody]");
    if (everybody && event.target.closest("[data-bulk-clear]")) everybody.checked = false;
  });

  // Keys of one letter can be switched off.
  document.querySelectorAll("[data-keys]").forEach((button) => { button.hidden = false; });
  document.querySelectorAll("[data-keys-on]").forEach((box) => {
    box.checked = areOn();
    box.addEventListener("change", () => box.checked ? localStorage.removeItem(OFF) : localStorage.setItem(OFF, "yes"));
  });
})();
