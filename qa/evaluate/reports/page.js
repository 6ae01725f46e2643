"use strict";
const get = (id) => document.getElementById(id);
const cases = [...document.querySelectorAll(".case")];
function show() {
  const kind = get("kind").value, run = get("run") ? get("run").value : "", words = get("words").value.toLowerCase();
  let shown = 0;
  for (const one of cases) {
    const fits = (!kind || one.dataset.kind === kind) && (!run || one.dataset.run === run) &&
      (!get("failed").checked || one.classList.contains("failed")) && (!words || one.textContent.toLowerCase().includes(words));
    one.hidden = !fits;
    shown += fits;
  }
  get("shown").textContent = shown + " of " + cases.length;
  get("none").hidden = shown > 0;
}
for (const id of ["kind", "run", "failed", "words"]) if (get(id)) get(id).addEventListener("input", show);
show();
