/**
 * Pages for people: sign in, decide, or read why not. Plain HTML without scripts or outside assets, labelled for screen
 * readers, with stable `data-` hooks for browser drivers, and marked as a simulation. They describe what they imitate
 * and do not look like it.
 */

/** Text made harmless in HTML, inside elements and inside double-quoted attributes. */
export const escape = (text: string): string =>
  text.replace(/[&<>"'`]/g, (character) => `&#${character.charCodeAt(0)};`)

/** Markup that was built from escaped parts. */
export type Markup = { readonly markup: string }

const raw = (markup: string): Markup => ({ markup })

type Part = string | Markup | ReadonlyArray<Markup>

const render = (part: Part): string => {
  if (typeof part === "string") return escape(part)
  return "markup" in part ? part.markup : part.map((item) => item.markup).join("")
}

/** Markup with its parts escaped, unless they are markup already. */
export const html = (texts: TemplateStringsArray, ...parts: ReadonlyArray<Part>): Markup =>
  raw(texts.reduce((out, text, index) => out + render(parts[index - 1] ?? "") + text))

const style = `
*{box-sizing:border-box}
body{margin:0;font:1rem/1.5 system-ui,sans-serif;color:#1c1b22;background:#f4f3f7}
header{background:#3a2d5c;color:#fff;padding:.75rem 1rem}
header p{margin:0 auto;max-width:42rem}
main{max-width:42rem;margin:1.5rem auto;padding:1.5rem;background:#fff;border:1px solid #8d88a0;border-radius:.5rem}
h1{font-size:1.4rem;margin:0 0 1rem}h2{font-size:1.1rem}
ul{padding-left:1.2rem}ul.people{list-style:none;padding:0}ul.people li{margin:.5rem 0}
button{font:inherit;padding:.6rem 1rem;border:2px solid #3a2d5c;border-radius:.4rem;
background:#fff;color:#3a2d5c;cursor:pointer}
button.main{background:#3a2d5c;color:#fff}
ul.people button{display:block;width:100%;text-align:left}
button:focus-visible,a:focus-visible,input:focus-visible,select:focus-visible{
outline:3px solid #b3541e;outline-offset:2px}
.actions{display:flex;flex-wrap:wrap;gap:.75rem;margin-top:1rem}
.quiet{color:#4c4859}fieldset{border:1px solid #8d88a0;border-radius:.4rem;margin:1rem 0}
select{font:inherit;padding:.5rem;max-width:100%;
border:1px solid #8d88a0;border-radius:.4rem;background:#fff;color:inherit}
label{display:block;padding:.25rem 0}code{overflow-wrap:anywhere}.wrong{color:#8a1c1c;font-weight:600}`

/** A whole page. */
export const frame = (title: string, page: string, content: Markup): string =>
  html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>${title} (simulation)</title>
<style>${raw(style)}</style>
</head>
<body data-simulated-page="${page}">
<header><p><strong>Simulation.</strong> This page stands in for a provider's page.
Nothing here reaches a real account.</p></header>
<main>
${content}
</main>
</body>
</html>
`.markup

/** Hidden fields of a form. */
export const hidden = (fields: Readonly<Record<string, string>>): ReadonlyArray<Markup> =>
  Object.entries(fields).map(([name, value]) => html`<input type="hidden" name="${name}" value="${value}">`)

/** Somebody who can be signed in as. */
export type Choice = { readonly id: string; readonly name: string; readonly email: string; readonly role: string }

/** Lists the people of the world; choosing one signs in and returns to the page that asked. */
export const signIn = (action: string, returnTo: string, service: string, people: ReadonlyArray<Choice>): string =>
  frame(
    "Sign in",
    "sign-in",
    html`<h1>Sign in to ${service}</h1>
<p>Choose who is sitting at this browser. No password is needed.</p>
<ul class="people">${people.map(
      (person) => html`
<li><form method="post" action="${action}">${hidden({ person: person.id, return_to: returnTo })}
<button type="submit" data-person="${person.id}"><strong>${person.name}</strong><br>
<span class="quiet">${person.email}: ${person.role}</span></button></form></li>`
    )}
</ul>`
  )

/** What a decision page shows. */
export type Decision = {
  readonly service: string
  readonly application: string
  readonly person: Choice
  /** Sentences: what is asked for. */
  readonly asks: ReadonlyArray<string>
  readonly action: string
  readonly signOutAction: string
  readonly returnTo: string
  readonly fields: Readonly<Record<string, string>>
  /** Accounts to choose from; none when the provider offers no choice. */
  readonly accounts: ReadonlyArray<{ readonly id: string; readonly name: string }>
  /** Text of a box that has to be ticked; empty for no box. */
  readonly box: string
  readonly boxMissing: boolean
}

/** Who is signed in at a page, and the way to be somebody else there. */
export type Presence = Pick<Decision, "service" | "person" | "signOutAction" | "returnTo">

/** Says who is signed in, with the button to be somebody else. */
export const presence = (view: Presence): Markup => html`
<p>Signed in to ${view.service} as <strong data-signed-in="${view.person.id}">${view.person.name}</strong>
<span class="quiet">(${view.person.email}: ${view.person.role})</span>.</p>
<form method="post" action="${view.signOutAction}">${hidden({ return_to: view.returnTo })}
<button type="submit" data-action="switch">Sign in as somebody else</button></form>`

/** Asks the person at the browser to allow or to cancel. */
export const decide = (view: Decision): string =>
  frame(
    "Allow access",
    "decide",
    html`
<h1>${view.application} asks for access</h1>${presence(view)}
<h2>What it would be allowed to do</h2>
<ul>${view.asks.map((request) => html`<li>${request}</li>`)}</ul>
<form method="post" action="${view.action}">${hidden(view.fields)}
${
  view.accounts.length === 0
    ? ""
    : html`<fieldset><legend>Account</legend>${view.accounts.map(
        (account, index) => html`
<label><input type="radio" name="account" value="${account.id}" data-account="${account.id}"
 ${raw(index === 0 ? "checked" : "")} required> ${account.name}</label>`
      )}
</fieldset>`
}
${view.boxMissing ? html`<p class="wrong" role="alert" id="box-error">Tick the box to confirm, or cancel.</p>` : ""}
${
  view.box === ""
    ? ""
    : html`<label><input type="checkbox" name="agreed"
 value="yes" data-consent-box> ${view.box}</label>`
}
<div class="actions">
<button type="submit" class="main" name="decision" value="allow" data-action="allow">Allow</button>
<button type="submit" name="decision" value="cancel" data-action="cancel">Cancel</button>
</div></form>`
  )

/**
 * Says why the provider refuses, with its own code where it has one. Where the refusal is about the person signed in,
 * `view` offers to be somebody else: the browser keeps its session, so every later visit would end on this page.
 */
export const refusal = (rule: string, code: string, text: string, view?: Presence): string =>
  frame(
    "Request refused",
    "refused",
    html`
<h1>The request cannot be completed</h1>
<p role="alert" data-error-code="${code}" data-rule="${rule}">${text}</p>
<p>Error code: <code>${code}</code></p>${view === undefined ? "" : presence(view)}
<p class="quiet">Simulator rule ${rule}.</p>`
  )

/** After a cancel in a console that sends nobody back. */
export const stayed = (service: string): string =>
  frame(
    "Cancelled",
    "stayed",
    html`
<h1>${service}</h1>
<p data-outcome="stayed">You cancelled. Nothing was authorised, and the application is not told.
You may close this page.</p>`
  )

/** An application and an account that may authorise it, or may do so again. */
export type ManageRow = {
  readonly application: string
  readonly account: string
  readonly isAuthorized: boolean
  readonly fields: Readonly<Record<string, string>>
}

/** The applications of a console; `words` are those of a button for the first time, and for another time. */
export type ManageView = Presence & {
  readonly title: string
  readonly words: readonly [string, string]
  readonly action: string
  readonly rows: ReadonlyArray<ManageRow>
}

/** The applications of a console, each with the button that opens the application's log-in address. */
export const manage = (view: ManageView): string =>
  frame(
    view.title,
    "manage",
    html`
<h1>${view.title}</h1>${presence(view)}
<ul class="people">${view.rows.map(
      ({ account, application, fields, isAuthorized }) => html`
<li><form method="post" action="${view.action}">${hidden(fields)}
<button type="submit" data-begin="${fields.account ?? ""}" data-application="${fields.application ?? ""}"><strong>${
        view.words[isAuthorized ? 1 : 0]
      } ${application}</strong><br>
<span class="quiet">${account}</span></button></form></li>`
    )}
</ul>`
  )

/** The front page of a standalone simulator. */
export const index = (
  title: string,
  people: ReadonlyArray<Choice>,
  lines: ReadonlyArray<readonly [string, string]>
): string =>
  frame(
    "Provider simulator",
    "index",
    html`<h1>${title}</h1>
<h2>Addresses</h2><ul>${lines.map(([name, value]) => html`<li>${name}: <code>${value}</code></li>`)}</ul>
<h2>People</h2><ul>${people.map(
      ({ id, name, role }) => html`<li><strong>${name}</strong> (<code>${id}</code>): ${role}</li>`
    )}</ul>`
  )
