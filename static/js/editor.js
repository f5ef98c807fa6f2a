// The editor would write its base style into the page, which our policy forbids; css/editor.css has it.
// It looks for this mark first, and finding it writes nothing. An element of no namespace: a real <style> would be refused.
const mark = document.createElementNS(null, "style");
mark.setAttribute("data-tiptap-style", "");
document.head.append(mark);

// The library names its text box after nothing; a screen reader should hear what the label says.
document.addEventListener("prose-editor:ready", (event) => {
  const box = event.target.closest(".prose-editor").querySelector(".tiptap");
  box.setAttribute("aria-labelledby", "body-label");
});
