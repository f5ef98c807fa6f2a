// Passkeys: says on the page that one did not work, and lets Enter in the name of a new one press its button.
(() => {
  const failure = document.getElementById("key-failure");
  const buttons = ["use-key", "add-key"].map((id) => document.getElementById(id)).filter(Boolean);

  // allauth tells it of everything that goes wrong, also of a dialog that was closed.
  document.addEventListener("allauth.error", (event) => {
    if (!failure) return;
    event.preventDefault();
    failure.hidden = false;
  });

  for (const button of buttons) {
    // Before the next try it goes, so that a second failure is said again.
    button.addEventListener("click", () => { if (failure) failure.hidden = true; });
    // A form that the key itself sends raises no submit event: this one is somebody's Enter.
    button.form.addEventListener("submit", (event) => {
      event.preventDefault();
      button.click();
    });
  }
})();
