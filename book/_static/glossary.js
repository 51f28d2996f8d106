// A term of the glossary shows its meaning while the pointer or the focus is on it.
const note = Object.assign(document.createElement("span"), { className: "nn-meaning", id: "nn-meaning" });
note.setAttribute("role", "tooltip");

function show({ currentTarget: term }) {
  note.textContent = term.dataset.meaning;
  note.hidden = false;
  document.body.append(note);
  term.setAttribute("aria-describedby", note.id);
  const at = term.getBoundingClientRect();
  const left = Math.min(at.left, document.documentElement.clientWidth - note.offsetWidth - 8);
  note.style.left = `${Math.max(8, left) + scrollX}px`;
  note.style.top = `${at.bottom + scrollY}px`; // touching it, so that the pointer can move there
}

function hide({ currentTarget: from, relatedTarget: to }) {
  if (to === note || (to && to === from)) return;
  note.remove();
  document.querySelectorAll(".nn-term[aria-describedby]").forEach((term) => term.removeAttribute("aria-describedby"));
}

document.querySelectorAll(".nn-term").forEach((term) => {
  term.addEventListener("pointerenter", show);
  term.addEventListener("pointerleave", hide);
  term.addEventListener("focus", show);
  term.addEventListener("blur", hide);
});
note.addEventListener("pointerleave", hide);
addEventListener("keydown", (event) => { if (event.key === "Escape") note.remove(); });
