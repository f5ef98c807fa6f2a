"use strict";
// The door of an event. The list lies on the phone as long as somebody is signed in and the event lasts; marks wait
// there, each under a key of its own, until the server has them. What marks come to is reckoned as the server does it.
(() => {
  const { door, user, staff, marks: marksUrl, guests: guestsUrl, worker } = document.body.dataset;
  const PREFIX = `payom.door.${door}.`, QUEUE = `${PREFIX}queue.`, MINE = `${QUEUE}${user}.`, SHELL = `payom-door-${door}`;
  const PAUSE = 5000, LIST_EVERY = 60000, SHOWN = 300, AT_ONCE = 100, UNDO_WITHIN = 600000;
  const words = document.getElementById("words").dataset;
  const folding = JSON.parse(document.getElementById("folding").textContent);
  const one = (selector, root = document) => root.querySelector(selector);
  const copyOf = (name) => one(`template[${name}]`).content.firstElementChild.cloneNode(true);

  // What the phone keeps
  const read = (name) => JSON.parse(localStorage.getItem(PREFIX + name) || "null");
  const write = (name, value) => {
    try { localStorage.setItem(PREFIX + name, JSON.stringify(value)); } catch { note("full", words.full); }
  };
  const keys = (prefix) => Object.keys(localStorage).filter((key) => key.startsWith(prefix));
  const queue = () => keys(MINE).map((key) => JSON.parse(localStorage.getItem(key))).sort((a, b) => a.at < b.at ? -1 : 1);
  const wipe = () => {
    ["list", "marks", "walked"].forEach((name) => localStorage.removeItem(PREFIX + name));
    list = { guests: [] };
    walked = {};
    marks = { next: 0, marks: [] };
  };
  const forgetPage = async () => {
    await window.caches?.delete(SHELL);
    for (const registration of await navigator.serviceWorker?.getRegistrations() ?? []) {
      if (new URL(registration.scope).pathname === window.location.pathname) await registration.unregister();
    }
  };
  // Names of who walked in, to show them here; what waits to be sent has them under a seal.
  let list = read("list") ?? { guests: [] }, marks = read("marks") ?? { next: 0, marks: [] }, walked = read("walked") ?? {};
  if (list.user !== user || Date.now() > list.until) wipe();
  let csrf = document.body.dataset.csrf, isOff = false, halted = "", listAsked = 0;
  const counted = new Map();  // In this page alone: who came without being written down is nowhere else.

  // Search, in any script, as the server folds it
  const letters = new Map(Object.entries(folding.letters));
  const legacy = new Map(Object.entries(folding.legacy));
  const swap = (text, table) => [...text].map((char) => table.get(char) ?? char).join("");
  const fold = (typed) => {
    let text = swap(typed.normalize("NFC"), legacy).toLowerCase();
    folding.cyrillic.forEach(([pair, letter]) => { text = text.replaceAll(pair, letter); });
    text = swap(text, letters).normalize("NFD").replace(/\p{M}/gu, "");
    text = text.replace(/[^\p{L}\p{N}_@.+-]+|[«»"'’`ʼ]/gu, " ").trim().replace(/ +/g, " ");
    for (let before = ""; before !== text;) {
      before = text;
      folding.latin.forEach(([pair, letter]) => { text = text.replaceAll(pair, letter); });
      text = text.replace(/(\D)\1+/gu, "$1");
    }
    return text;
  };

  // What the marks come to: a mark stands unless one that may takes it back. Their order does not matter.
  const plain = (mark) => ({ ...mark, at: mark.kind === "counted" ? null : Date.parse(mark.at), by: Number(user), staff: Boolean(staff) });
  const everything = () => {
    const there = new Set(marks.marks.map((mark) => mark.key));
    return [...marks.marks, ...queue().filter((mark) => !there.has(mark.key)).map(plain)];
  };
  const takesBack = (undo, mark) => undo.undoes === mark.key
    && (undo.staff || (undo.by === mark.by && (mark.at === null || undo.at - mark.at <= UNDO_WITHIN)));
  const reckon = () => {
    const all = everything();
    const undone = new Map();
    all.filter((mark) => mark.kind === "undone").forEach((mark) => undone.set(mark.undoes, [...undone.get(mark.undoes) ?? [], mark]));
    const numbers = new Map(all.filter((mark) => mark.kind === "walk_in" && mark.guest).map((mark) => [mark.key, mark.guest]));
    const came = new Map();
    let total = 0;
    for (const mark of all) {
      if (mark.kind === "undone" || undone.get(mark.key)?.some((undo) => takesBack(undo, mark))) continue;
      if (mark.kind === "counted") { total += 1; continue; }
      const guest = mark.kind === "walk_in" ? mark.guest ?? mark.key : numbers.get(mark.guest) ?? mark.guest;
      came.set(guest, [...came.get(guest) ?? [], mark]);
    }
    return { came, total: total + came.size };
  };
  // Who walked in on this phone stands on the list before the server knows them.
  const walkedIn = () => {
    const there = new Set(marks.marks.map((mark) => mark.key));
    return queue().filter((mark) => mark.kind === "walk_in" && !there.has(mark.key)).map((mark) => {
      const { name = words.sealed, outlet = "" } = walked[mark.key] ?? mark;
      return { id: mark.key, name, line: outlet, key: fold(`${name} ${outlet}`), expected: true };
    });
  };

  // The page
  const rows = new Map(), checkIcon = one("template[data-check]").content;
  const time = (at) => new Date(at).toLocaleTimeString("ru", { hour: "2-digit", minute: "2-digit", timeZone: "Asia/Dushanbe" });
  const say = (text) => { one("[data-said]").textContent = text; };
  const note = (name, text) => {
    const place = one("[data-notices]");
    one(`[data-note="${name}"]`, place)?.remove();
    if (!text) return;
    const notice = typeof text === "string" ? copyOf("data-refused") : text;
    if (typeof text === "string") one("p", notice).textContent = text;
    notice.dataset.note = name;
    place.append(notice);
  };
  const everybody = () => [...list.guests, ...walkedIn()];
  const lay = () => {
    const typed = one("[data-find]").value.trim();
    const asked = fold(typed).split(" ").filter(Boolean), code = typed.replace(/\D/g, "");
    const fits = (guest) => asked.length ? asked.every((word) => guest.key.includes(word)) || (code.length === 7 && guest.code === code) : guest.expected;
    const found = everybody().filter(fits);
    const place = one("[data-list]"), parts = [];
    rows.clear();
    let letter = "";
    for (const guest of found.slice(0, SHOWN)) {
      const first = ([...guest.name][0] ?? "").toUpperCase();
      if (first !== letter) {
        letter = first;
        parts.push(Object.assign(copyOf("data-letter-template"), { textContent: letter }));
      }
      const row = copyOf("data-row-template");
      one(".door__name", row).textContent = guest.name;
      one(".door__needs", row).textContent = [guest.line, guest.answer, guest.barred].filter(Boolean).join(", ");
      one(".door__button", row).dataset.guest = guest.id;
      rows.set(String(guest.id), { row, guest });
      parts.push(row);
    }
    place.replaceChildren(...parts);
    one("[data-more]").hidden = Boolean(asked.length) || found.length === everybody().length || !list.guests.length;
    one("[data-nobody]").hidden = !asked.length || Boolean(found.length);
    paint();
  };
  const paint = () => {
    const { came, total } = reckon();
    for (const { row, guest } of rows.values()) paintRow(row, guest, came.get(guest.id));
    const expected = everybody().filter((guest) => guest.expected).length;
    one("[data-came]").textContent = total;
    one("[data-expected]").textContent = expected;
    Object.assign(one("[data-progress]"), { max: Math.max(expected, total, 1), value: total });
    const waits = queue().filter((mark) => !mark.sent).length;
    const waiting = waits ? `${waits} ${words.queue}` : "";
    one("[data-line=off]").hidden = !isOff;
    one("[data-line-words]").textContent = [words.off, waiting].filter(Boolean).join(", ");
    one("[data-line=on]").hidden = isOff || !waits;
    one("[data-line=on]").textContent = waiting;
    document.querySelectorAll("[data-kept]").forEach((place) => { place.textContent = waits ? `${words.waiting} ${waits}.` : ""; });
  };
  const paintRow = (row, guest, marksOf) => {
    const button = one(".door__button", row), here = marksOf && Math.min(...marksOf.map((mark) => mark.at));
    const asks = Boolean(marksOf || counted.has(guest.id)) && button.dataset.asks === "yes";
    row.classList.toggle("door__row--came", Boolean(marksOf) && !asks);
    button.classList.toggle("btn--primary", !marksOf && !guest.counted);
    button.hidden = Boolean(guest.barred || list.early) && !marksOf;
    const label = asks ? words.back : marksOf ? time(here) : guest.counted ? (counted.has(guest.id) ? words.counted : words.count) : words.mark;
    button.replaceChildren(...(marksOf && !asks ? [checkIcon.cloneNode(true)] : []), label);
    button.setAttribute("aria-label", `${guest.name}: ${marksOf && !asks ? `${words.cameAt} ` : ""}${label}`);
  };

  // Marks
  const keep = (mark) => {
    const whole = { key: newKey(), at: new Date().toISOString(), ...mark };
    localStorage.setItem(MINE + whole.key, JSON.stringify(whole));
    sync();
    return whole.key;
  };
  // The key of the seal lies with the list, and goes with it.
  const sealed = async (typed) => {
    if (!list.seal || !window.crypto.subtle) return typed;
    const raw = Uint8Array.from(atob(list.seal), (char) => char.charCodeAt(0)), iv = crypto.getRandomValues(new Uint8Array(12));
    const key = await crypto.subtle.importKey("raw", raw, "AES-GCM", false, ["encrypt"]);
    const closed = await crypto.subtle.encrypt({ name: "AES-GCM", iv }, key, new TextEncoder().encode(JSON.stringify(typed)));
    return { sealed: btoa(String.fromCharCode(...iv, ...new Uint8Array(closed))) };
  };
  const walkIn = async (typed) => {
    const key = newKey();
    walked[key] = { name: typed.name, outlet: typed.outlet };
    write("walked", walked);
    keep({ key, kind: "walk_in", ...await sealed(typed) });
    lay();
  };
  const newKey = () => crypto.randomUUID?.() ?? "10000000-1000-4000-8000-100000000000".replace(/[018]/g, (digit) => (digit ^ crypto.getRandomValues(new Uint8Array(1))[0] & 15 >> digit / 4).toString(16));
  const arrive = (guest) => {
    if (guest.counted) counted.set(guest.id, keep({ kind: "counted" })); else keep({ kind: "arrived", guest: guest.id });
    say(`${words.marked}: ${guest.name}`);
    paint();
  };
  const takeBack = (guest, marksOf) => {
    const undo = { by: Number(user), staff: Boolean(staff), at: Date.now() };
    const mine = marksOf.filter((mark) => takesBack({ ...undo, undoes: mark.key }, mark));
    mine.forEach((mark) => keep({ kind: "undone", undoes: mark.key }));
    const all = mine.length === marksOf.length;
    note("back", all ? "" : words.notYours);
    if (all) say(`${words.takenBack}: ${guest.name}`);
    paint();
  };
  const uncount = (guest) => {
    keep({ kind: "undone", undoes: counted.get(guest.id) });
    counted.delete(guest.id);
    say(`${words.takenBack}: ${guest.name}`);
    paint();
  };
  const press = (button) => {
    const { guest } = rows.get(button.dataset.guest);
    const marksOf = reckon().came.get(guest.id);
    if (!marksOf && !counted.has(guest.id)) { arrive(guest); return; }
    if (button.dataset.asks === "yes") {
      delete button.dataset.asks;
      if (marksOf) takeBack(guest, marksOf); else uncount(guest);
      return;
    }
    button.dataset.asks = "yes";
    setTimeout(() => { delete button.dataset.asks; paint(); }, 5000);
    paint();
  };

  // The line
  class Stop extends Error {}
  const ask = async (url, options = {}) => {
    const headers = { ...(options.method ? {} : { "X-Poll": "door" }), "X-Door-User": user, ...options.headers };
    const answer = await fetch(url, { redirect: "manual", cache: "no-store", ...options, headers });
    csrf = answer.headers.get("X-CSRFToken") ?? csrf;
    if (answer.type === "opaqueredirect" || answer.status === 401) throw new Stop("sign-in");
    if (answer.status === 410 || (!options.method && [403, 404].includes(answer.status))) throw new Stop("closed");
    if (answer.status >= 500) throw new TypeError("the server does not answer");
    return answer;
  };
  const pull = async () => {
    for (let got = 1000; got === 1000;) {
      const found = await (await ask(`${marksUrl}?after=${marks.next}`)).json();
      got = found.marks.length;
      if (got) marks = { user, next: found.next, marks: [...marks.marks, ...found.marks] };
    }
    const there = new Set(marks.marks.map((mark) => mark.key));
    keys(MINE).filter((key) => there.has(key.slice(MINE.length))).forEach((key) => {
      localStorage.removeItem(key);
      delete walked[key.slice(MINE.length)];
    });
    write("walked", walked);
    write("marks", marks);
  };
  const send = async () => {
    const waiting = queue().filter((mark) => !mark.sent).slice(0, AT_ONCE);
    if (!waiting.length) return false;
    const body = JSON.stringify({ sent_at: new Date().toISOString(), marks: waiting });
    const answer = await ask(marksUrl, { method: "POST", body, headers: { "Content-Type": "application/json", "X-CSRFToken": csrf } });
    if (answer.status === 403) return false;
    const said = await answer.json();
    if (!answer.ok) { note("refused", said.words); return false; }
    for (const reply of said.replies) {
      const mark = waiting.find((waits) => waits.key === reply.key);
      if (reply.state === "refused") { localStorage.removeItem(MINE + reply.key); note("refused", reply.words); }
      else if (reply.state === "kept") localStorage.setItem(MINE + reply.key, JSON.stringify({ ...mark, sent: true }));
    }
    return said.replies.some((reply) => reply.state !== "wait");
  };
  const fetchList = async () => {
    const known = new Set(list.guests.map((guest) => guest.id));
    const isNew = marks.marks.some((mark) => mark.kind === "walk_in" && !known.has(mark.guest));
    if (!isNew && Date.now() - listAsked < LIST_EVERY) return;
    const answer = await ask(guestsUrl, { headers: list.etag ? { "If-None-Match": list.etag } : {} });
    listAsked = Date.now();
    if (answer.status === 304) return;
    list = { ...await answer.json(), user, etag: answer.headers.get("ETag") };
    write("list", list);
    note("early", list.early);
    lay();
  };
  // What was marked is sent even when the list is no longer shown, as soon as there is a line.
  const sendRest = async () => {
    try { while (await send()); } catch { /* later */ }
    // Whom the server has is on its list; names do not stay here.
    queue().filter((mark) => mark.sent).forEach((mark) => localStorage.removeItem(MINE + mark.key));
    paint();
  };
  const stop = async (why) => {
    if (why === "closed") { await sendRest(); await forgetPage(); }
    halted = why;
    wipe();
    note("stop", copyOf(why === "closed" ? "data-closed" : "data-sign-in"));
    queue().filter((mark) => mark.sent).forEach((mark) => localStorage.removeItem(MINE + mark.key));
    one(".door__foot").hidden = true;
    lay();
  };
  let running = null, again = false;
  const round = async () => {
    isOff = !navigator.onLine;
    if (!isOff) await talk();
    if (list.until && Date.now() > list.until) await stop("closed");
    paint();
  };
  const talk = async () => {
    try {
      await pull();
      while (await send()) await pull();
      await fetchList();
    } catch (problem) {
      if (problem instanceof Stop) await stop(problem.message);
      else isOff = true;
    }
  };
  const sync = () => {
    if (running) { again = !halted; return; }
    if (halted && (halted !== "closed" || !queue().length || !navigator.onLine)) return;
    running = (halted ? sendRest() : round()).finally(() => { running = null; if (again) { again = false; sync(); } });
  };

  // Scanning
  let camera = null;
  const found = (code) => {
    const guests = everybody().filter((guest) => guest.code === code), place = one("[data-scanned]");
    const [guest] = guests, at = guest && reckon().came.get(guest.id);
    if (guests.length > 1) { one("[data-find]").value = code; lay(); }
    if (guests.length === 1 && !at && !guest.barred && !list.early) arrive(guest);
    const text = guests.length !== 1 ? (guests.length ? words.several : words.unknown)
      : `${guest.name}. ${at ? words.already : guest.barred ? `${guest.barred}. ${words.barred}` : words.marked}`;
    if (place.textContent !== text) place.textContent = text;
    return Boolean(guests.length);
  };
  const look = async () => {
    if (!("BarcodeDetector" in window) || !navigator.mediaDevices) return;
    const video = one("[data-video]"), detector = new BarcodeDetector({ formats: ["qr_code"] });
    try { camera = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } }); } catch { return; }
    video.srcObject = camera;
    video.hidden = false;
    await video.play();
    let last = "";
    const watch = async () => {
      if (!camera) return;
      const [seen] = await detector.detect(video).catch(() => []);
      // A square that nobody on the list has is asked again: the list may still be on its way.
      if (seen && seen.rawValue !== last && found(seen.rawValue.replace(/\D/g, ""))) last = seen.rawValue;
      setTimeout(watch, 300);
    };
    watch();
  };
  one("#scan").addEventListener("close", () => {
    camera?.getTracks().forEach((track) => track.stop());
    camera = null;
    one("[data-video]").hidden = true;
  });

  // Pressed and typed
  document.addEventListener("click", (event) => {
    const target = event.target.closest("button");
    if (!target) return;
    if (target.matches(".door__button")) press(target);
    if (target.matches("[data-closes]")) target.closest("dialog").close();
    if (target.matches("[data-opens]")) {
      one("[data-scanned]").textContent = "";
      document.getElementById(target.dataset.opens).showModal();
      if (target.dataset.opens === "scan") look();
    }
  });
  one("[data-find]").addEventListener("input", lay);
  one("[data-walk-in]").addEventListener("submit", (event) => {
    const form = event.target, count = event.submitter?.value === "count";
    const typed = Object.fromEntries([...new FormData(form)].map(([name, value]) => [name, value.trim()]));
    one("#walk-error").hidden = count || Boolean(typed.name);
    one("#walk-name").toggleAttribute("aria-invalid", !count && !typed.name);
    if (!count && !typed.name) { event.preventDefault(); one("#walk-name").focus(); return; }
    if (count) keep({ kind: "counted" }); else walkIn(typed);
    say(count ? words.counted : `${words.marked}: ${typed.name}`);
    form.reset();
    lay();
  });
  one("[data-scan]").addEventListener("submit", (event) => {
    event.preventDefault();
    found(one("#scan-code").value.replace(/\D/g, ""));
    one("#scan-code").select();
  });
  window.addEventListener("online", sync);
  window.addEventListener("offline", () => { isOff = true; paint(); });
  document.addEventListener("visibilitychange", () => { if (!document.hidden) sync(); });
  setInterval(() => { if (!document.hidden) sync(); }, PAUSE);

  // The page opens without a line from now on.
  const keepPage = async () => {
    if (!navigator.serviceWorker || !navigator.onLine) return;
    await navigator.serviceWorker.register(worker);
    await navigator.serviceWorker.ready;
    // All letters of the page's fonts: a name that is found without a line may need those that none needed before.
    await Promise.allSettled([...document.fonts].map((face) => face.load()));
    const parts = [...document.querySelectorAll("link[href], script[src]")].map((part) => part.href || part.src);
    const drawn = performance.getEntriesByType("resource").map((part) => part.name.split("#")[0]).filter((url) => /\.(woff2|svg)(\?|$)/.test(url));
    const shell = await caches.open(SHELL);
    await Promise.all([window.location.href, ...new Set([...parts, ...drawn])].map((url) => shell.add(url)));
    document.body.dataset.offline = "ready";
  };
  window.addEventListener("load", () => document.fonts.ready.then(() => keepPage().catch(() => {})));

  const others = keys(QUEUE).filter((key) => !key.startsWith(MINE)).length;
  if (others) note("others", `${words.others} ${others}.`);
  note("early", list.early);
  lay();
  sync();
})();
