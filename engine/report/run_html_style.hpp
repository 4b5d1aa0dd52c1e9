// The style of runHtml's page; for run_html.cpp alone. Colours of the kinds of blocks as in the window, after Okabe and
// Ito.
#pragma once

namespace blockyard {

constexpr const char* kRunHtmlStyle = R"(
:root { color-scheme: light dark; --ground: #fff; --text: #1d2126; --faint: #626a73; --line: #d9dde2; --card: #f6f7f9;
  --one: #0072b2; --two: #c04a00; --mark: #7a57b5; --good: #00734f; --bad: #b3261e;
  --source: #0072b2; --preprocessor: #008763; --extractor: #7a57b5; --classifier: #c04a00; --regressor: #a86f00;
  --generator: #b03a7a; --agent: #59636e; --postprocessor: #1b7f8c; --head-text: #fff; }
@media (prefers-color-scheme: dark) { :root { --ground: #1b1e21; --text: #e6e8ea; --faint: #9aa1a8; --line: #3a3f44;
  --card: #24272b; --one: #56a8dc; --two: #f08a4b; --mark: #b194e6; --good: #3fc49a; --bad: #ff8a80;
  --source: #56a8dc; --preprocessor: #3fc49a; --extractor: #b194e6; --classifier: #f08a4b; --regressor: #e5b23c;
  --generator: #e884b8; --agent: #a9b4bf; --postprocessor: #55c1cf; --head-text: #14171a; } }
* { box-sizing: border-box; }
body { font: 15px/1.5 system-ui, "Segoe UI", "DejaVu Sans", sans-serif; color: var(--text); background: var(--ground);
  margin: 2rem auto 4rem; max-width: 74rem; padding: 0 1.25rem; overflow-wrap: anywhere; }
h1 { font-size: 1.7rem; line-height: 1.25; margin: 0 0 .25rem; } h2 { font-size: 1.2rem; margin: 2.4rem 0 .7rem;
  padding-bottom: .25rem; border-bottom: 1px solid var(--line); } h3 { font-size: 1rem; margin: 1.2rem 0 .4rem; }
.soft { color: var(--faint); } .nothing { color: var(--faint); font-style: italic; }
.tag, .state { display: inline-block; border: 1px solid var(--line); border-radius: 1rem; padding: 0 .6rem;
  margin-right: .35rem; background: var(--card); font-size: .9em; }
.state { font-weight: 600; } .done { color: var(--good); } .failed, .diverged { color: var(--bad); }
.note { border-left: 4px solid var(--mark); padding: .4rem .9rem; background: var(--card); white-space: pre-wrap; }
.error { border-left: 4px solid var(--bad); padding: .4rem .9rem; background: var(--card); }
.tiles { display: flex; flex-wrap: wrap; gap: .7rem; margin: 1rem 0; padding: 0; list-style: none; }
.tiles li { background: var(--card); border: 1px solid var(--line); border-radius: .5rem; padding: .45rem .9rem; }
.tiles b { display: block; font-size: 1.25rem; font-variant-numeric: tabular-nums; } .tiles span { color: var(--faint);
  font-size: .85em; }
table { border-collapse: collapse; } .wide { overflow-x: auto; overflow-wrap: break-word; }
th, td { text-align: left; padding: .28rem .8rem .28rem 0; border-bottom: 1px solid var(--line); vertical-align: top; }
thead th { color: var(--faint); font-weight: 600; } tbody th { font-weight: 500; white-space: nowrap; }
.n { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
td.value { white-space: pre-wrap; font-family: ui-monospace, "DejaVu Sans Mono", monospace; font-size: .9em; }
details { margin: .6rem 0; } summary { cursor: pointer; color: var(--one); }
pre, code { font-family: ui-monospace, "DejaVu Sans Mono", monospace; font-size: .9em; }
pre { background: var(--card); border: 1px solid var(--line); border-radius: .5rem; padding: .7rem 1rem;
  white-space: pre-wrap; }
.confusion td, .confusion th { padding: .3rem .55rem; border: 1px solid var(--line); } .confusion td { text-align:
  right; font-variant-numeric: tabular-nums; min-width: 3.2rem; } .confusion thead th { text-align: right; }
.pictures { display: flex; flex-wrap: wrap; gap: 1rem; } .pictures figure { width: 8.5rem; font-size: .85em; }
.pictures img { width: 100%; image-rendering: pixelated; border: 1px solid var(--line); background: var(--card); }
.charts { display: grid; grid-template-columns: repeat(auto-fit, minmax(26rem, 1fr)); gap: 1.2rem; }
figure { margin: 0; break-inside: avoid; } figcaption { margin: 0 0 .3rem; font-weight: 600; }
figcaption span { font-weight: 400; color: var(--faint); margin-left: .8rem; white-space: nowrap; }
i.key { display: inline-block; width: 1.3em; height: 0; border-top: 3px solid; vertical-align: middle;
  margin-right: .35em; } i.one { color: var(--one); } i.two { color: var(--two); } i.faint { color: var(--one);
  opacity: .35; } i.dot { width: .6em; height: .6em; border: 2px solid var(--mark); border-radius: 50%; }
i.upright { width: 0; height: 1em; border: 0; border-left: 2px dashed var(--mark); }
svg { max-width: 100%; height: auto; } svg.chart { width: 100%; } svg text { font: 12px system-ui, "DejaVu Sans",
  sans-serif; fill: var(--text); }
.grid { stroke: var(--line); stroke-width: 1; } .axis { stroke: var(--faint); stroke-width: 1; }
svg text.tick { fill: var(--faint); font-size: 11px; } svg text.end { text-anchor: end; } svg text.middle {
  text-anchor: middle; }
.curve { fill: none; stroke-width: 1.8; stroke-linejoin: round; } .curve.one { stroke: var(--one); } .curve.two {
  stroke: var(--two); } .curve.faint { stroke: var(--one); stroke-width: 1; opacity: .35; }
.dot.one, .dot.faint { fill: var(--one); } .dot.two { fill: var(--two); }
.mark { stroke: var(--mark); stroke-width: 1.3; stroke-dasharray: 4 3; }
.best { fill: none; stroke: var(--mark); stroke-width: 2; }
.wire { fill: none; stroke: var(--faint); stroke-width: 1.6; } .port { fill: var(--faint); stroke: var(--ground); }
.box { fill: var(--card); } .edge { fill: none; stroke: var(--line); } .head { fill: var(--agent); }
svg text.title { font-weight: 600; fill: var(--head-text); } svg text.name { font-weight: 600; font-size: 11px; }
svg text.small { font-size: 10px; fill: var(--faint); } .bypassed { opacity: .45; }
.source .head { fill: var(--source); } .preprocessor .head { fill: var(--preprocessor); }
.extractor .head { fill: var(--extractor); } .classifier .head { fill: var(--classifier); }
.regressor .head { fill: var(--regressor); } .generator .head { fill: var(--generator); }
.postprocessor .head { fill: var(--postprocessor); }
@media print { svg.pipeline { min-width: 0 !important; } body { margin: 0; max-width: none; font-size: 11px; } h2 { break-after: avoid; } tr, pre, .tiles li {
  break-inside: avoid; } .charts { grid-template-columns: 1fr 1fr; } }
)";

}  // namespace blockyard
