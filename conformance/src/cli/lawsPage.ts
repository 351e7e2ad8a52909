/** The page of laws, `LAWS.md`: everything the suite knows about each law, for people who read before they run. */
import { counted } from "../text.ts"
import type { ListedLaw } from "./PortRunner.ts"
import { portRunners } from "./portRunners.ts"

const introduction = `# Laws

Every law that the suite checks, by port: the promise, why it matters, what to check first in an adapter that breaks it,
and the mutants, adapters that are wrong on purpose, which it catches. \`npm run laws\` generates this page; a test says
when it is out of date. [README.md](README.md) tells how to run them.

A law is *core*, for every adapter of its port, or belongs to a feature that an adapter claims. It is checked in parts.
A part names how it goes about it (*example*, *property*: single cases; *model*: lists of calls; *race*: calls that
overlap; *crash*: callers that end half-way) and what it needs of the subject, see
[needs and probes](README.md#needs-and-probes).`

const partText = ({ kind, name, needs }: ListedLaw["parts"][number]) =>
  `\`${name}\` (${[kind, ...(needs.length === 0 ? [] : [`needs ${needs.join(", ")}`])].join("; ")})`

const lawText = (law: ListedLaw): string =>
  [
    `### ${law.id}`,
    `**${law.title}**`,
    `${law.level === "core" ? "Core" : `Feature \`${law.level}\``}. Parts: ${law.parts.map(partText).join(", ")}.`,
    `Why it matters: ${law.rationale}`,
    `If it fails, check first: ${law.checkFirst}`,
    `See ${law.see.map((name) => `\`${name}\``).join(", ")}.`,
    ["Mutants:", ...law.mutants.map(({ defect, id }) => `- \`${id}\`: ${defect}`)].join("\n"),
    ...(law.sources.length === 0
      ? []
      : [["Sources:", ...law.sources.map(({ fact, url }) => `- ${fact} <${url}>`)].join("\n")])
  ].join("\n\n")

const portText = ({ laws, name }: (typeof portRunners)[number]): string => {
  const mutants = laws.reduce((sum, law) => sum + law.mutants.length, 0)
  const parts = laws.reduce((sum, law) => sum + law.parts.length, 0)
  const figures = `${counted(laws.length, "law")} in ${counted(parts, "part")}, ${counted(mutants, "mutant")}.`
  return [`## Port \`${name}\``, figures, ...laws.map(lawText)].join("\n\n")
}

/** Writes the page. */
export const lawsPage = (): string => `${[introduction, ...portRunners.map(portText)].join("\n\n")}\n`
