"use strict";
// Marks of a door lie on the phone until the server has them. Whoever signs out sends them first; what cannot be sent
// stays, without a name. The server is told to leave it there by `keep`.
(() => {
  const { user, marks: marksUrl, waiting: waitingUrl } = document.currentScript.dataset;
  const QUEUE = /^payom\.door\.(\d+)\.queue\.(\d+)\./, AT_ONCE = 100, PATIENCE = 10000;
  const keys = () => Object.keys(localStorage).filter((key) => QUEUE.test(key));
  const mine = () => keys().filter((key) => QUEUE.exec(key)[2] === user);
  const read = (key) => JSON.parse(localStorage.getItem(key));

  const sendSome = async (door, token, some) => {
    const body = JSON.stringify({ sent_at: new Date().toISOString(), marks: some.map(read) });
    const headers = { "Content-Type": "application/json", "X-CSRFToken": token };
    const answer = await fetch(marksUrl.replace("/0/", `/${door}/`), { method: "POST", body, headers, redirect: "manual", signal: AbortSignal.timeout?.(PATIENCE) });
    if (!answer.ok) return;
    const { replies } = await answer.json();
    const done = new Set(replies.filter((reply) => reply.state !== "wait").map((reply) => reply.key));
    some.filter((key) => done.has(read(key).key)).forEach((key) => localStorage.removeItem(key));
  };
  const sendAll = async (token) => {
    for (const door of new Set(mine().map((key) => QUEUE.exec(key)[1]))) {
      const here = mine().filter((key) => QUEUE.exec(key)[1] === door).sort((a, b) => read(a).at < read(b).at ? -1 : 1);
      for (let from = 0; from < here.length; from += AT_ONCE) await sendSome(door, token, here.slice(from, from + AT_ONCE));
    }
  };
  // No name stays: of somebody whose name could not be sealed it stays that somebody came.
  const strip = (key) => {
    const { name, outlet, contact, ...rest } = read(key);
    localStorage.setItem(key, JSON.stringify(name === undefined ? rest : { ...rest, kind: "counted" }));
  };
  const forget = async () => {
    Object.keys(localStorage).filter((key) => !QUEUE.test(key)).forEach((key) => localStorage.removeItem(key));
    keys().forEach(strip);
    sessionStorage.clear();
    for (const name of await window.caches?.keys() ?? []) await window.caches.delete(name);
    for (const registration of await navigator.serviceWorker?.getRegistrations() ?? []) await registration.unregister();
  };

  const tokenOf = (form) => form.querySelector("[name=csrfmiddlewaretoken]").value;
  const leave = async (form) => {
    await sendAll(tokenOf(form)).catch(() => {});
    if (mine().length && !form.elements.keep) { window.location.assign(waitingUrl); return; }
    // Marks of another account wait for it, whoever signs out here.
    if (keys().length) {
      if (!form.elements.keep) form.append(Object.assign(document.createElement("input"), { type: "hidden", name: "keep", value: "marks" }));
      await forget();
    }
    form.submit();
  };
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.getAttribute("action") !== "/sign-out/" || form.elements.keep?.value === "nothing" || !keys().length) return;
    event.preventDefault();
    leave(form);
  });

  // The page that says what waits
  const place = document.querySelector("[data-door-waits]"), again = document.querySelector("[data-door-send]");
  if (!place) return;
  const paint = () => {
    place.closest(".notice").hidden = !mine().length;
    place.textContent = `${place.dataset.doorWaits} ${mine().length}.`;
  };
  again.addEventListener("click", async () => {
    again.disabled = true;
    await sendAll(tokenOf(document)).catch(() => {});
    again.disabled = false;
    paint();
    if (!mine().length) document.querySelector("form [name=keep][value=nothing]").form.submit();
  });
  paint();
})();
