"use strict";
const find = (id) => document.getElementById(id);
const bytes = (text) => new TextEncoder().encode(text);

async function sign(key, message) {
  const algorithm = { name: "HMAC", hash: "SHA-256" };
  const made = await crypto.subtle.importKey("raw", bytes(key), algorithm, false, ["sign"]);
  const digest = new Uint8Array(await crypto.subtle.sign("HMAC", made, bytes(message)));
  return Array.from(digest, (one) => one.toString(16).padStart(2, "0")).join("");
}

function target(form) {
  let path = form.dataset.path;
  const query = new URLSearchParams();
  for (const field of form.querySelectorAll("[data-place]")) {
    const value = field.value.trim();
    if (field.dataset.place === "path") {
      path = path.replace(`{${field.name}}`, encodeURIComponent(value));
    } else if (field.dataset.place === "query" && value) {
      for (const one of field.dataset.many ? value.split(/[\s,]+/) : [value]) query.append(field.name, one);
    }
  }
  return query.size ? `${path}?${query}` : path;
}

const quoted = (text) => `'${text.replaceAll("'", "'\\''")}'`;

function command(method, url, headers, body) {
  const parts = Object.entries(headers).map(([name, value]) => `-H ${quoted(`${name}: ${value}`)}`);
  if (body) parts.push(`--data-binary ${quoted(body)}`);
  return [`curl -X ${method} ${quoted(url)}`, ...parts].join(" \\\n  ");
}

function show(form, name, text) {
  const part = form.querySelector(`[data-shows=${name}]`);
  part.textContent = text;
  part.parentElement.hidden = !text;
}

function readable(text) {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}

async function send(form) {
  for (const name of ["message", "command", "answer"]) show(form, name, "");
  const { method } = form.dataset;
  const path = target(form);
  const body = form.elements.body?.value ?? "";
  const headers = find("who") ? await signed(form, method, path, body) : {};
  if (!headers) return;
  if (body) headers["content-type"] = "application/json";
  show(form, "command", command(method, location.origin + path, headers, body));
  const options = { method, headers, body: body || undefined, cache: "no-store", credentials: "omit" };
  const answer = await fetch(path, options);
  const told = [...answer.headers].map((pair) => pair.join(": ")).join("\n");
  show(form, "answer", `${answer.status}\n${told}\n\n${readable(await answer.text())}`);
}

async function signed(form, method, path, body) {
  const [name, key, version] = ["who-name", "who-key", "who-version"].map((id) => find(id).value);
  if (!name || !key) {
    show(form, "answer", "Fill in operator-name and secret key, under Signing.");
    return null;
  }
  const timestamp = String(Math.floor(Date.now() / 1000));
  const message = version === "2" ? ["v2", timestamp, method, path, body].join("\n") : timestamp + body;
  const headers = { timestamp, "operator-name": name, signature: await sign(key, message) };
  if (version === "2") headers["signature-version"] = version;
  const repeat = form.elements["idempotency-key"]?.value;
  if (repeat) headers["idempotency-key"] = repeat;
  show(form, "message", message);
  return headers;
}

function prepare(form) {
  form.hidden = false;
  const choice = form.elements.example;
  if (choice) {
    const fill = () => { form.elements.body.value = find(`${choice.dataset.of}-${choice.value}`).textContent; };
    choice.addEventListener("change", fill);
    fill();
  }
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    try {
      await send(form);
    } catch (fault) {
      show(form, "answer", `No answer: ${fault.message}`);
    }
  });
}

if (!find("who") || (window.isSecureContext && crypto.subtle)) {
  document.querySelectorAll("form[data-path]").forEach(prepare);
} else {
  find("who-note").textContent = "A browser signs only on pages that come by https, or from localhost.";
}
if (find("who")) {
  find("who").hidden = false;
  find("who").addEventListener("submit", (event) => event.preventDefault());
}
