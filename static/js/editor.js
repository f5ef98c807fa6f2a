// The editor would write its base style into the page, which our policy forbids; css/editor.css has it.
// It looks for this mark first, and finding it writes nothing. An element of no namespace: a real <style> would be refused.
const mark = document.createElementNS(null, "style");
mark.setAttribute("data-tiptap-style", "");
document.head.append(mark);
