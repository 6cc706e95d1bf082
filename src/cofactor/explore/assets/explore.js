"use strict";

// The token has done its work when the page is here: it need not stay in the address, the history and bookmarks.
const address = new URL(window.location.href);
if (address.searchParams.has("token")) {
  address.searchParams.delete("token");
  window.history.replaceState(null, "", address);
}

async function copied(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false;
  }
}

document.addEventListener("click", async (event) => {
  const button = event.target.closest("button.copy");
  if (button === null) return;
  const code = document.getElementById(button.dataset.copies);
  const done = await copied(code.textContent);
  if (!done) window.getSelection().selectAllChildren(code);
  button.nextElementSibling.textContent = done ? "Copied." : "Selected: copy with Ctrl+C.";
});

document.addEventListener("DOMContentLoaded", () => {
  document.getElementById("make_synthetic")?.addEventListener("click", (event) => {
    event.target.disabled = true;
    document.getElementById("making").textContent = "Making the files; the page opens by itself when they are there.";
  });
  window.Shiny.addCustomMessageHandler("address", (told) => window.history.replaceState(null, "", `?${told.query}`));
  window.Shiny.addCustomMessageHandler("reload", (told) => window.location.reload());
  document.getElementById("subgroup")?.setAttribute("aria-describedby", "subgroup_hint");
});

// A list of hundreds of variables is searched by typing: the box empties itself for that, and takes its old choice back
// where none is made.
function searchable(select) {
  const box = select.selectize;
  let before = "";
  box.on("focus", () => {
    before = box.getValue();
    box.settings.placeholder = box.getItem(before).text() || "";
    box.clear(true);
    box.updatePlaceholder();
  });
  box.on("blur", () => {
    if (box.getValue() === "") box.setValue(before, true);
  });
}

window.jQuery(document).on("shiny:bound", (event) => {
  if (event.target.selectize && ["exposure", "modifier", "outcome"].includes(event.target.id)) searchable(event.target);
});
