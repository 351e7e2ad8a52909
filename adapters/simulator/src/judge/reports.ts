/** A judgement as files: JSON, JUnit for build servers, and one page that holds all it needs. */
import { mkdirSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { escape } from "../core/Html.ts"
import type { Judgement, Verdict } from "./judge.ts"

const testCase = ({ id, rule, verdict, why }: Verdict): string => {
  const name = `name="${escape(`${id} ${rule}`)}" classname="amazon-ads"`
  if (verdict === "pass") return `  <testcase ${name}/>`
  const inner = verdict === "fail" ? `<failure message="${escape(why)}"/>` : `<skipped message="${escape(why)}"/>`
  return `  <testcase ${name}>${inner}</testcase>`
}

/** The judgement in the form that build servers read. */
export const junit = ({ failed, notVerified, verdicts }: Judgement): string =>
  [
    `<?xml version="1.0" encoding="UTF-8"?>`,
    `<testsuite name="client rules" tests="${verdicts.length}" failures="${failed}" skipped="${notVerified}">`,
    ...verdicts.map(testCase),
    "</testsuite>",
    ""
  ].join("\n")

const row = ({ id, rule, situation, verdict, why }: Verdict): string =>
  `<tr class="${verdict.replace(" ", "-")}"><th scope="row">${escape(id)}</th><td>${escape(verdict)}</td>` +
  `<td>${escape(rule)}</td><td>${escape(situation)}</td><td>${escape(why)}</td></tr>`

const style =
  "body{font:1rem/1.5 system-ui,sans-serif;margin:2rem;color:#1c1b22;background:#fff}" +
  "table{border-collapse:collapse}.wide{overflow-x:auto}" +
  "th,td{border:1px solid #8d88a0;padding:.4rem .6rem;text-align:left;vertical-align:top}" +
  ".fail td:nth-child(2){background:#8a1c1c;color:#fff}.pass td:nth-child(2){background:#1d5c33;color:#fff}"

/** The judgement as a page. */
export const html = (judgement: Judgement): string => {
  const { failed, notVerified, passed, verdicts } = judgement
  const heads = ["Rule", "Verdict", "What it asks", "Situation", "Why"].map((head) => `<th scope="col">${head}</th>`)
  return [
    "<!doctype html>",
    `<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">`,
    `<title>Client rules: ${failed} failed</title><style>${style}</style></head><body>`,
    `<h1>Client rules</h1><p>${passed} passed, ${failed} failed, ${notVerified} not verified.</p>`,
    `<div class="wide" tabindex="0" role="region" aria-label="Verdicts">`,
    `<table><thead><tr>${heads.join("")}</tr></thead><tbody>`,
    ...verdicts.map(row),
    "</tbody></table></div></body></html>",
    ""
  ].join("\n")
}

/** Writes `client.json`, `client.junit.xml` and `client.html` into a folder. */
export const write = (folder: string, judgement: Judgement): void => {
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, "client.json"), `${JSON.stringify(judgement, undefined, 2)}\n`)
  writeFileSync(join(folder, "client.junit.xml"), junit(judgement))
  writeFileSync(join(folder, "client.html"), html(judgement))
}
