/**
 * The reference page's style: the colours of the console (vellum, ink, brass, vermilion, deep water), light and dark.
 * It stands in the page itself, and its hash in the content security policy.
 */

const colours = `
:root { color-scheme: light dark;
  --paper: #f7f5ef; --card: #fff; --line: #e3ded1; --ink: #24343d; --head: #0f2c3a; --muted: #56656d;
  --link: #0b5d78; --link-hover: #08465b;
  --focus: #107a9c; --code: #eeeade; --code-ink: #3b4a52; --bar: #0d3b4f; --bar-muted: #c3d6de; --bar-line: #14536d;
  --good: #19664a; --good-soft: #e3f2ea; --wait: #7a4d00; --wait-soft: #fbf0d6; --act: #a12c1a; --act-soft: #fbe8e3;
  --idle: #4d5c64; --idle-soft: #edeae2; --info: #0b5874; --info-soft: #e0eff5; --target: #d9a93f;
  --deep: #0d2f3e; --deep-line: #0d2f3e; --deep-ink: #dbe7ec; --deep-muted: #a9c2cd; --deep-key: #8dd0ea;
  --shadow: 0 1px 2px rgb(18 44 58 / .06), 0 4px 14px rgb(18 44 58 / .05) }
@media (prefers-color-scheme: dark) { :root {
  --paper: #0d171d; --card: #14222a; --line: #263842; --ink: #d5dfe4; --head: #f1f6f8; --muted: #9db0ba;
  --link: #76c7e3; --link-hover: #a5dcef;
  --focus: #76c7e3; --code: #1e2f38; --code-ink: #d0dce2; --bar: #0a2530; --bar-muted: #a9c2cd; --bar-line: #1c4658;
  --good: #7fd6b0; --good-soft: #12332a; --wait: #f0c36a; --wait-soft: #352a10; --act: #ff9f8a; --act-soft: #3d1c16;
  --idle: #b0bfc6; --idle-soft: #22313a; --info: #8dd0ea; --info-soft: #11313e;
  --deep: #0b1920; --deep-line: #263842; --shadow: 0 1px 2px rgb(0 0 0 / .3) } }
`

const text = `
* { box-sizing: border-box }
html { scroll-padding-top: 5rem; -webkit-text-size-adjust: 100% }
body { margin: 0; background: var(--paper); color: var(--ink);
  font: 1rem/1.55 "Inter", system-ui, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif }
h1, h2, h3, h4 { color: var(--head); line-height: 1.25; text-wrap: balance }
h1 { font-size: 2.25rem; letter-spacing: -.02em; margin: 0 0 .5rem }
h2 { font-size: 1.5rem; letter-spacing: -.012em; margin: 3.25rem 0 1rem }
h3 { font-size: 1.15rem; letter-spacing: -.005em; margin: 0 }
h4 { font-size: .75rem; letter-spacing: .07em; text-transform: uppercase; color: var(--muted);
  margin: 1.6rem 0 .5rem }
p { margin: 0 0 .75rem } a { color: var(--link); text-underline-offset: .18em; text-decoration-thickness: 1px }
  a:hover { color: var(--link-hover) }
:focus-visible { outline: 3px solid var(--focus); outline-offset: 2px; border-radius: .25rem }
main:focus-visible { outline: 0 }
code, pre { font-family: ui-monospace, SFMono-Regular, Menlo, Consolas, "Liberation Mono", monospace;
  font-size: .875em }
:is(p, td, li) > code, .says code, .words code, .rules code { background: var(--code); color: var(--code-ink);
  padding: 0 .35em; border-radius: .3rem; display: inline-block; max-width: 100%; line-height: 1.5;
  overflow-wrap: anywhere }
p > code.path, th code { background: none; padding: 0; color: inherit; display: inline }
a code { background: none; color: inherit }
.unseen { position: absolute; width: 1px; height: 1px; margin: -1px; overflow: hidden; clip-path: inset(50%);
  white-space: nowrap }
.skip { position: absolute; left: .75rem; top: -5rem; z-index: 10; background: var(--card); padding: .6rem 1rem;
  border-radius: 0 0 .5rem .5rem }
.skip:focus { top: 0 }
`

const frame = `
.top { position: sticky; top: 0; z-index: 5; background: var(--bar); color: #fff;
  border-bottom: 1px solid var(--bar-line) }
.top :focus-visible { outline-color: #fff }
.bar, .frame { max-width: 88rem; margin-inline: auto; padding-inline: 1.5rem }
.bar { display: flex; align-items: center; gap: .5rem 1rem; min-height: 3.75rem }
.brand { display: inline-flex; align-items: center; gap: .6rem; font-weight: 700; font-size: 1.1rem;
  text-decoration: none }
.brand, .brand:hover { color: #fff }
.mark { width: 2rem; height: 2rem; flex: none }
.mark .ring { fill: none; stroke: #d9a93f; stroke-width: 1.1 } .mark .major { fill: currentColor } .mark .minor {
  fill: #d9a93f } .mark .north { fill: #ee6c4d }
.what { color: var(--bar-muted); padding-inline-start: 1rem; border-inline-start: 1px solid var(--bar-line);
  line-height: 1.75rem }
.top nav { display: flex; gap: .25rem; margin-inline-start: auto }
.top nav a { padding: .45rem .85rem; border-radius: .5rem; color: var(--bar-muted); text-decoration: none;
  font-weight: 500 }
.top nav a:hover { color: #fff; background: rgb(255 255 255 / .1) }
.top .to-contents { display: none }
.frame { display: grid; grid-template-columns: 16.5rem minmax(0, 1fr); gap: 2.5rem }
.side { position: sticky; top: 3.8rem; height: calc(100vh - 3.8rem); overflow-y: auto; overscroll-behavior: contain;
  padding: 1.5rem .75rem 3rem 0;
  margin-inline-start: -.6rem; border-inline-end: 1px solid var(--line); scrollbar-width: thin;
  scrollbar-color: var(--line) transparent }
.main { min-width: 0; padding-block: 2rem 1rem }
.contents { display: none }
.bottom { border-top: 1px solid var(--line); margin-top: 3rem; padding-block: 1rem; font-size: .875rem;
  color: var(--muted) }

nav[aria-label="Contents"] { scroll-target-group: auto }
nav[aria-label="Contents"] ul { list-style: none; margin: 0 0 1rem; padding: 0 }
nav[aria-label="Contents"] a { display: flex; gap: .55rem; align-items: baseline; padding: .28rem .6rem;
  border-radius: .45rem; color: var(--ink); text-decoration: none; font-size: .875rem; line-height: 1.35 }
nav[aria-label="Contents"] a:hover { background: var(--idle-soft); color: var(--head) }
nav[aria-label="Contents"] :target-current { background: var(--info-soft); color: var(--info); font-weight: 600 }
nav[aria-label="Contents"] a:focus-visible { outline-offset: -2px }
.group { margin: 0 0 .15rem } nav .group a, nav .plain a { font-weight: 700; color: var(--head) }
nav .method { min-width: 3.15rem; padding: 0; background: none; font-size: .66rem; text-align: start; flex: none }
nav .fold { margin: 0 0 1rem .6rem }
`

const cards = `
.card { background: var(--card); border: 1px solid var(--line); border-radius: .75rem; box-shadow: var(--shadow);
  padding: 1.5rem 1.6rem; margin: 0 0 1.5rem }
.card > :last-child { margin-bottom: 0 }
.operation:target, .object:target { outline: 2px solid var(--target); outline-offset: -1px }
tr:target > * { background: var(--info-soft) } tr:target > :first-child { box-shadow: -.75rem 0 var(--info-soft) }
  tr:target > :last-child { box-shadow: .75rem 0 var(--info-soft) }
.card > header { display: flex; align-items: baseline; gap: .5rem; margin-bottom: .6rem }
.anchor { color: var(--muted); text-decoration: none; font-weight: 400; padding: 0 .35rem; min-width: 1.5rem;
  text-align: center; border-radius: .3rem; font-size: 1.05rem; line-height: 1.5rem; display: inline-block }
.anchor:hover { background: var(--idle-soft) }
.eyebrow { font-size: .8rem; font-weight: 600; color: var(--muted); margin-bottom: .35rem }
.lead { font-size: 1.15rem; color: var(--muted); max-width: 44rem; margin-bottom: 1.5rem }
.opening { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(20rem, 100%), 1fr)); gap: 1.25rem 2rem }
.opening > div { min-width: 0 } .opening h2 { margin: 0 0 .6rem; font-size: 1.15rem } .opening .code {
  margin-bottom: .75rem }
.hint { font-size: .875rem; color: var(--muted); margin: 0 }
.line { display: flex; align-items: baseline; gap: .7rem; margin: 0 0 .9rem; padding: .6rem .75rem;
  background: var(--paper); border: 1px solid var(--line); border-radius: .55rem }
.path { overflow-wrap: normal; word-break: keep-all; color: var(--head); font-size: .92rem } .path span {
  white-space: nowrap } .path .filled { color: var(--link); font-weight: 600 }
.about { max-width: 48rem; overflow-wrap: anywhere }
.method { display: inline-block; flex: none; min-width: 4.2rem; padding: .12rem .6rem; border-radius: 1rem;
  font-size: .75rem; font-weight: 700; letter-spacing: .03em; text-align: center; line-height: 1.5 }
.get { color: var(--info); background: var(--info-soft) } .post { color: var(--good); background: var(--good-soft) }
.put, .patch { color: var(--wait); background: var(--wait-soft) } .delete { color: var(--act);
  background: var(--act-soft) }
.status { display: inline-block; padding: .05rem .5rem; border-radius: 1rem; font-size: .78rem; font-weight: 700;
  font-variant-numeric: tabular-nums; line-height: 1.5 }
.s2 { color: var(--good); background: var(--good-soft) } .s4 { color: var(--wait); background: var(--wait-soft) }
  .s5 { color: var(--act); background: var(--act-soft) }
.problems { display: flex; flex-wrap: wrap; gap: .45rem; list-style: none; margin: 0; padding: 0 }
.problems a { display: inline-flex; align-items: center; gap: .45rem; padding: .18rem .7rem .18rem .25rem;
  border: 1px solid var(--line); border-radius: 1rem; font-size: .82rem; line-height: 1.4; color: var(--ink);
  text-decoration: none }
.problems a:hover { border-color: var(--link); color: var(--link) }
.fold > summary { cursor: pointer; width: fit-content; font-weight: 600; font-size: .875rem; color: var(--link);
  padding: .15rem 0; border-radius: .3rem }
.fold[open] > summary { margin-bottom: .5rem }
td .fold > summary { font-weight: 400 }
.examples { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(24rem, 100%), 1fr)); gap: 1rem;
  margin-top: 1.5rem; align-items: start }
.code { margin: 0; min-width: 0; background: var(--deep); color: var(--deep-ink);
  border: 1px solid var(--deep-line); border-radius: .6rem; overflow: hidden }
.code figcaption { padding: .5rem .9rem 0; font-size: .75rem; font-weight: 600; color: var(--deep-muted) }
.code pre { margin: 0; padding: .4rem .9rem .85rem; max-height: 24rem; overflow: auto; scrollbar-width: thin;
  font-size: .78rem; line-height: 1.65; tab-size: 2; scrollbar-color: #5f7885 transparent }
.code pre code { font-size: inherit } .code pre:focus-visible { outline-color: var(--deep-key);
  outline-offset: -3px } .key { color: var(--deep-key) }
`

const tables = `
.fields { width: 100%; border-collapse: collapse; font-size: .92rem; margin: 0 0 .75rem; table-layout: fixed }
.fields :is(th, td) { text-align: start; vertical-align: top; padding: .6rem 1rem .6rem 0;
  border-top: 1px solid var(--line); overflow-wrap: anywhere }
.fields tbody tr:last-child > * { border-bottom: 1px solid var(--line) }
.fields thead th { padding-block: .3rem; font-size: .78rem; font-weight: 600; color: var(--muted); border-top: 0 }
.fields .first { width: 29% } .fields .second { width: 21% }
.fields tbody th { font-weight: 600; color: var(--head) } .within { color: var(--muted); font-weight: 400 }
.marks { display: flex; flex-wrap: wrap; gap: .2rem .5rem; font-size: .75rem; font-weight: 500; line-height: 1.5 }
.must { color: var(--act) } .may, .place { color: var(--muted) } .place::before { content: "in " }
h4 .status { letter-spacing: 0; margin-inline-start: .3rem } h4 .may { text-transform: none; letter-spacing: 0;
  font-weight: 500 }
.type { color: var(--muted) } .says { display: block }
.rules { display: block; font-size: .86rem; color: var(--muted) } .says + .rules { margin-top: .15rem } 
.kinds .first { width: 33% } .kinds .second { width: 36% }
`

const small = `
@media (max-width: 60rem) {
  .frame { display: block; padding-inline: 1.25rem } .bar { padding-inline: 1.25rem } .side { display: none }
  .main { padding-top: 1.25rem }
  .top .to-contents { display: block }
  .contents { display: block; padding: 0 1rem } .contents > summary { cursor: pointer; padding: .8rem 0;
  font-weight: 600; color: var(--head) }
  .contents nav { padding-bottom: 1rem; columns: 2 17rem } .contents nav a { padding-block: .45rem }
}
@media (max-width: 40rem) {
  .bar { gap: .5rem; padding-inline: 1rem; min-height: 3.25rem } .frame { padding-inline: 1rem } .what {
  display: none } html { scroll-padding-top: 4rem }
  .top nav { gap: 0 } .top nav a { padding: .5rem .4rem; font-size: .875rem } .brand { font-size: 1rem;
  gap: .45rem } .mark { width: 1.75rem; height: 1.75rem }
  h1 { font-size: 1.8rem } h2 { font-size: 1.3rem; margin-top: 2.5rem } .card { padding: 1.1rem 1rem }
  .contents.card { padding: 0 1rem } .lead { font-size: 1.05rem }
  .line { flex-direction: column; align-items: flex-start; gap: .4rem }
  .fields, .fields tbody, .fields tr, .fields :is(th, td) { display: block; width: auto }
  .fields thead { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%) }
  .fields tbody tr { display: flex; flex-wrap: wrap; align-items: baseline; gap: .1rem .6rem; padding: .7rem 0;
  border-top: 1px solid var(--line) } .fields tbody tr:last-child { border-bottom: 1px solid var(--line) }
  .fields tbody tr:nth-child(n) > :nth-child(n) { border: 0; padding: 0; width: auto }
  .fields tbody td:last-child, .kinds tbody td:nth-child(n) { flex-basis: 100% } tr:target {
  background: var(--info-soft); box-shadow: -.6rem 0 var(--info-soft), .6rem 0 var(--info-soft) }
  tr:target > :nth-child(n) { box-shadow: none } .fields tbody td:empty { display: none }
  .fields tbody th { display: flex; flex-wrap: wrap; align-items: baseline; gap: .1rem .6rem } .fields .type {
  font-size: .82rem }
}
@media (max-width: 23rem) { .brand span { position: absolute; clip-path: inset(50%) } }
@media print { .top, .side, .contents, .skip, .anchor { display: none } .frame { display: block } .card {
  break-inside: avoid; box-shadow: none } }
`

/** The page's style. Its hash goes into the content security policy. */
export const style = [colours, text, frame, cards, tables, small].join("")
