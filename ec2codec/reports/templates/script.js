"use strict";
// Shows the rows that have all the chosen words. Without this script all rows are there, and no filter.
(() => {
  const form = document.getElementById("filter");
  if (!form) return;
  const rows = Array.from(document.querySelectorAll("#findings > tbody > tr"));
  const told = form.querySelector("output");
  const chosen = ["severity", "rule", "agreement"];
  let words = null;

  function wordsOf(row) {
    return row.textContent.toLowerCase();
  }

  function isWanted(row, index, text) {
    if (chosen.some((name) => form[name].value && form[name].value !== row.dataset[name])) return false;
    return !text || words[index].includes(text);
  }

  function show() {
    const text = form.words.value.trim().toLowerCase();
    if (text && !words) words = rows.map(wordsOf);
    let count = 0;
    rows.forEach((row, index) => {
      row.hidden = !isWanted(row, index, text);
      count += row.hidden ? 0 : 1;
    });
    told.textContent = `${count} of ${rows.length} shown.`;
  }

  function open() {
    const target = location.hash && document.getElementById(location.hash.slice(1));
    const details = target && target.closest("details");
    if (details) details.open = true;
  }

  form.hidden = false;
  form.addEventListener("input", show);
  form.addEventListener("submit", (event) => event.preventDefault());
  addEventListener("hashchange", open);
  show();
  open();
})();
