#include "serve/page.hpp"

namespace blockyard {
namespace {

constexpr const char* kHtml = R"(<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Blockyard: try a model</title>
<link rel="stylesheet" href="page.css">
<body>
<main>
<h1>Try a model</h1>
<p><label>Model <select id="model"></select></label>
<label id="key" hidden>Token <input id="token" type="password" autocomplete="off"></label></p>
<form id="form"></form>
<p id="problem" role="alert"></p>
<table id="answers"></table>
</main>
<script src="page.js"></script>
</body>
</html>
)";

constexpr const char* kStyle = R"(:root { color-scheme: light dark; }
body { font: 15px/1.5 system-ui, sans-serif; margin: 0; }
main { max-width: 56rem; margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.4rem; }
form { display: grid; grid-template-columns: repeat(auto-fill, minmax(14rem, 1fr)); gap: .75rem 1rem; }
form label { display: flex; flex-direction: column; gap: .2rem; }
form .wide { grid-column: 1 / -1; }
input, select, textarea, button { font: inherit; padding: .35rem .5rem; }
textarea { min-height: 8rem; font-family: ui-monospace, monospace; }
button { justify-self: start; padding: .4rem 1.2rem; }
#problem { color: #c62828; white-space: pre-wrap; }
table { border-collapse: collapse; margin-top: 1rem; }
th, td { border: 1px solid #8886; padding: .3rem .7rem; text-align: left; }
td.number { text-align: right; font-variant-numeric: tabular-nums; }
)";

constexpr const char* kScript = R"('use strict';
const $ = id => document.getElementById(id);
let models = [];

function make(tag, properties, ...children) {
  const element = Object.assign(document.createElement(tag), properties);
  element.append(...children);
  return element;
}

function headers(more) {
  const out = {...more};
  if ($('token').value) out.Authorization = 'Bearer ' + $('token').value;
  return out;
}

async function ask(path, options) {
  const reply = await fetch(path, options);
  const text = await reply.text();
  if (reply.status === 401) $('key').hidden = false;
  let json;
  try { json = JSON.parse(text); } catch { throw new Error(reply.status + ': ' + text); }
  if (!reply.ok) throw new Error(json.error);
  return json;
}

function field(column) {
  if (column.type !== 'category') {
    const type = column.type === 'number' ? 'number' : 'text';
    return make('input', {name: column.name, type, step: 'any'});
  }
  return make('select', {name: column.name}, make('option', {value: ''}),
              ...column.classes.map(name => make('option', {value: name, textContent: name})));
}

function showForm() {
  const model = models[$('model').selectedIndex];
  $('answers').replaceChildren();
  $('problem').textContent = '';
  const fields = [];
  if (model.kind === 'table')
    for (const column of model.columns) fields.push(make('label', {}, column.name, field(column)));
  else if (model.kind === 'picture')
    fields.push(make('label', {className: 'wide'}, 'A picture', make('input', {name: 'file', type: 'file', accept: 'image/*'})));
  else
    fields.push(make('label', {className: 'wide'}, 'Rows as nested lists: ' + model.input, make('textarea', {name: 'rows'})));
  $('form').replaceChildren(...fields, make('button', {type: 'submit', className: 'wide', textContent: 'Predict'}));
}

function body(model) {
  const form = $('form').elements;
  if (model.kind === 'picture') {
    const file = form.file.files[0];
    if (!file) throw new Error('Choose a picture first.');
    return {type: 'application/octet-stream', content: file};
  }
  if (model.kind === 'tensor') return {type: 'application/json', content: form.rows.value};
  const row = {};
  for (const column of model.columns) {
    const value = form[column.name].value;
    row[column.name] = value === '' ? null : column.type === 'number' ? Number(value) : value;
  }
  return {type: 'application/json', content: JSON.stringify([row])};
}

function cell(value) {
  const number = typeof value === 'number';
  const text = number ? String(Number(value.toPrecision(6))) : value ?? '';
  return make('td', {className: number ? 'number' : '', textContent: text});
}

function show(rows) {
  const names = Object.keys(rows[0] ?? {});
  $('answers').replaceChildren(make('tr', {}, ...names.map(name => make('th', {textContent: name}))),
                               ...rows.map(row => make('tr', {}, ...names.map(name => cell(row[name])))));
}

$('form').addEventListener('submit', async event => {
  event.preventDefault();
  $('problem').textContent = '';
  const model = models[$('model').selectedIndex];
  try {
    const {type, content} = body(model);
    const path = `models/${encodeURIComponent(model.name)}/versions/${encodeURIComponent(model.version)}/predict`;
    show(await ask(path, {method: 'POST', headers: headers({'Content-Type': type}), body: content}));
  } catch (problem) {
    $('problem').textContent = problem.message;
  }
});

async function start() {
  try {
    models = await ask('models', {headers: headers({})});
  } catch (problem) {
    $('problem').textContent = problem.message;
    return;
  }
  $('problem').textContent = '';
  $('model').replaceChildren(...models.map(m => make('option', {textContent: m.name + ', version ' + m.version})));
  showForm();
}
$('model').addEventListener('change', showForm);
$('token').addEventListener('change', start);
start();
)";

HttpReply file(const char* type, const char* content) {
  return {.type = std::string(type) + "; charset=utf-8",
          .body = content,
          .headers = {{"Content-Security-Policy",
                       "default-src 'none'; script-src 'self'; style-src 'self'; "
                       "connect-src 'self'; base-uri 'none'; frame-ancestors 'none'"},
                      {"X-Content-Type-Options", "nosniff"},
                      {"Referrer-Policy", "no-referrer"}}};
}

}  // namespace

std::optional<HttpReply> pageFile(const std::string& path) {
  if (path == "/") return file("text/html", kHtml);
  if (path == "/page.js") return file("text/javascript", kScript);
  if (path == "/page.css") return file("text/css", kStyle);
  return std::nullopt;
}

}  // namespace blockyard
