// Makes the plain forms quicker; every one of them works without it.
"use strict";

const money = (cents) => "KES " + (cents / 100).toLocaleString("en");

// A double tap sends a form once.
for (const form of document.querySelectorAll("form[data-once]")) {
  form.addEventListener("submit", (event) => {
    if (form.dataset.sent) event.preventDefault();
    form.dataset.sent = "1";
  });
}
addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-once]")) delete form.dataset.sent;
});

// A coupon: one bet a match, and the odds of all that is picked.
for (const form of document.querySelectorAll("form[data-total]")) {
  const shown = form.querySelector("[data-shown]");
  form.addEventListener("change", (event) => {
    const box = event.target;
    if (box.matches(".one") && box.checked) {
      for (const other of form.querySelectorAll(`input[name="${box.name}"]`)) {
        if (other !== box) other.checked = false;
      }
    }
    const picked = [...form.querySelectorAll(".one:checked")];
    const total = picked.reduce((odds, each) => odds * Number(each.dataset.odds), 1);
    if (picked.length) shown.textContent = `${picked.length} picked, odds about ${total.toFixed(2)}`;
  });
}

// A jackpot: how many lines the picks make.
for (const form of document.querySelectorAll("form[data-lines]")) {
  const shown = form.querySelector("[data-shown]");
  const count = () => {
    const rows = [...form.querySelectorAll("fieldset")].map(
      (row) => row.querySelectorAll(":checked").length);
    const missing = rows.filter((row) => !row).length;
    const lines = rows.reduce((product, row) => product * row, 1);
    shown.textContent = missing
      ? `${missing} matches left`
      : `${lines} ${lines > 1 ? "lines" : "line"}, ${money(lines * form.dataset.lines)}`;
  };
  form.addEventListener("change", count);
  count();
}

// The same round amounts as the server makes of a place of the slider.
const winAt = (slider) => {
  const least = Number(slider.dataset.least), most = Number(slider.dataset.most);
  const exact = Math.round(least * (most / least) ** (slider.value / slider.max));
  const unit = 10 ** Math.max(String(exact).length - 2, 2);
  return Math.min(Math.max(Math.ceil(exact / unit) * unit, least), most);
};

// A smartbet is composed while the slider stands still, without loading the page.
for (const form of document.querySelectorAll("form[data-smart]")) {
  const slider = form.querySelector("[name=at]");
  const win = form.querySelector("[data-win]");
  let waiting, asking;
  const ask = async () => {
    asking?.abort();
    asking = new AbortController();
    const query = new URLSearchParams(new FormData(form));
    try {
      const answer = await fetch(`/smart?${query}`, { signal: asking.signal });
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const found = page.getElementById("found");
      if (found) document.getElementById("found").replaceWith(found);
    } catch (error) {
      if (error.name !== "AbortError") form.submit();
    }
  };
  form.addEventListener("input", () => {
    win.textContent = money(winAt(slider));
    clearTimeout(waiting);
    waiting = setTimeout(ask, 250);
  });
}
