// What pages do beyond links and forms. Everything works without it; buttons that need it start hidden.
const ready = (root) => {
  for (const button of root.querySelectorAll("button[data-copy]")) button.hidden = false
  for (const time of root.querySelectorAll("time[datetime]")) inOwnZone(time)
}

// Instants are written in UTC, and say so. A person reads them in their own time zone, with its name, and finds the
// other in the title.
const ownTime = new Intl.DateTimeFormat(document.documentElement.lang || undefined, {
  year: "numeric",
  month: "short",
  day: "numeric",
  hour: "numeric",
  minute: "2-digit",
  timeZoneName: "short"
})
const inOwnZone = (time) => {
  const instant = new Date(time.getAttribute("datetime"))
  if (Number.isNaN(instant.getTime())) return
  const own = ownTime.format(instant)
  const full = time.querySelector("[data-utc]")
  const utc = full === null ? time.title : full.dataset.utc
  if (full !== null) full.textContent = full.textContent.replace(utc, own)
  time.title = own === utc ? utc : `${own}, ${utc}`
}

document.addEventListener("click", async (event) => {
  const button = event.target instanceof Element ? event.target.closest("button[data-copy]") : null
  if (button === null) return
  const field = document.getElementById(button.dataset.copy)
  if (!(field instanceof HTMLInputElement)) return
  const status = document.getElementById(`${button.dataset.copy}-status`)
  const say = (text) => {
    if (status !== null) status.textContent = text
  }
  try {
    await navigator.clipboard.writeText(field.value)
    say("Copied. Send it to the owner of the account.")
  } catch {
    field.focus()
    field.select()
    say("The link is selected; press Ctrl+C to copy it.")
  }
})

// A form is sent once: a second press while the answer is on its way does nothing.
document.addEventListener("submit", (event) => {
  const form = event.target
  if (!(form instanceof HTMLFormElement) || form.method !== "post") return
  if (form.dataset.sent === "yes") return event.preventDefault()
  form.dataset.sent = "yes"
  for (const button of form.querySelectorAll("button:not([type=button])")) button.setAttribute("aria-busy", "true")
})

// Coming back with the browser's back button finds the form usable again.
window.addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sent]")) {
    delete form.dataset.sent
    for (const button of form.querySelectorAll("[aria-busy]")) button.removeAttribute("aria-busy")
  }
})

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return
  for (const menu of document.querySelectorAll("details.menu[open]")) {
    menu.open = false
    menu.querySelector("summary")?.focus()
  }
})

document.addEventListener("click", (event) => {
  for (const menu of document.querySelectorAll("details.menu[open]"))
    if (!menu.contains(event.target)) menu.open = false
})

ready(document)
// What is swapped in later is made ready as well.
new MutationObserver((changes) => {
  for (const { addedNodes } of changes) for (const node of addedNodes) if (node instanceof Element) ready(node)
}).observe(document.body, { childList: true, subtree: true })
