// Parts of the editor that the library has not, or has in another way: our pictures, fields and dialog for links.
import { Extension, Link as LibraryLink, Node, Plugin, pm } from "django-prose-editor/editor";

// A picture of this mailing, named by the number of its attachment; the letter puts the file in its place.
export const Picture = Node.create({
  name: "picture",
  group: "block",
  atom: true,
  draggable: true,
  addAttributes() {
    return {
      attachment: { default: null, parseHTML: (image) => image.getAttribute("data-attachment"), renderHTML: ({ attachment }) => ({ "data-attachment": attachment }) },
      alt: { default: "", parseHTML: (image) => image.getAttribute("alt") || "", renderHTML: ({ alt }) => ({ alt }) },
    };
  },
  parseHTML() { return [{ tag: "img[data-attachment]" }]; },
  renderHTML({ HTMLAttributes }) { return ["img", HTMLAttributes]; },
  addNodeView() {
    return ({ node }) => {
      const dom = document.createElement("figure");
      const known = document.querySelector(`[data-picture="${CSS.escape(node.attrs.attachment)}"]`);
      const image = document.createElement("img");
      image.alt = node.attrs.alt;
      if (known) image.src = known.dataset.pictureUrl;
      const words = document.createElement("figcaption");
      words.textContent = node.attrs.alt;
      dom.className = "editor__picture";
      dom.append(...(known ? [image, words] : [words]));
      return { dom };
    };
  },
});

export const Link = LibraryLink.extend({
  addKeyboardShortcuts() {
    return {
      "Mod-k": () => {
        // The page's own Ctrl+K goes to the search.
        window.event?.stopPropagation();
        document.querySelector("[data-tools] [data-do=link]").click();
        return true;
      },
    };
  },
});

// What the letter fills in for each reader is seen at once.
const FIELD = /\{[^{}|<>\n]{0,40}(?:\|[^{}<>\n]{0,100})?\}/g;
const fieldsOf = (doc) => {
  const found = [];
  doc.descendants((node, position) => {
    if (node.isText) for (const match of node.text.matchAll(FIELD)) found.push(pm.view.Decoration.inline(position + match.index, position + match.index + match[0].length, { class: "editor__field" }));
  });
  return pm.view.DecorationSet.create(doc, found);
};
export const Fields = Extension.create({
  name: "fields",
  addProseMirrorPlugins() { return [new Plugin({ props: { decorations: (state) => fieldsOf(state.doc) } })]; },
});
