// Judges the layout of the page it runs in; layout.ts sends it there as text, once a page, and says what it judges.
const slack = 1.5

const words = (text) => text.trim().replace(/\s+/g, " ").slice(0, 40)

const named = (element) => {
  const classes = element.getAttribute("class")
  return `<${element.localName}${classes === null || classes === "" ? "" : ` class="${classes}"`}>`
}

const ancestors = (element) => {
  const found = []
  for (let one = element; one !== null; one = one.parentElement) found.push(one)
  return found
}

const isForScreenReaders = (element) =>
  ancestors(element).some((one) => {
    const { clip, clipPath, position } = getComputedStyle(one)
    const { height, width } = one.getBoundingClientRect()
    const isTiny = width <= 1 && height <= 1
    return position === "absolute" && (isTiny || clipPath === "inset(50%)" || clip === "rect(0px, 0px, 0px, 0px)")
  })

const isShown = (element) =>
  element.checkVisibility({ checkOpacity: true, checkVisibilityCSS: true, contentVisibilityAuto: true }) &&
  !isForScreenReaders(element)

const rectsOf = (node, from, to) => {
  const range = document.createRange()
  range.setStart(node, from)
  range.setEnd(node, to)
  return [...range.getClientRects()]
}

const silent = new Set(["SCRIPT", "STYLE", "OPTION", "NOSCRIPT", "TEMPLATE", "PROGRESS", "METER"])

// Every text that shows: its node, its element, and where its lines are.
const pieces = () => {
  const found = []
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
  for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
    const element = node.parentElement
    const text = node.nodeValue ?? ""
    if (element === null || text.trim() === "" || silent.has(element.tagName) || !isShown(element)) continue
    const rects = rectsOf(node, 0, text.length).filter(({ height, width }) => width > 0 && height > 0)
    found.push({ node, element, text, rects })
  }
  return found
}

// A word of more than 24 characters is an identifier or an address and may break.
const narrow = ({ element, node, text }) =>
  [...text.matchAll(/[^\s\-–—/]+/g)].flatMap((word) => {
    const rects = rectsOf(node, word.index, word.index + word[0].length)
    const lines = new Set(rects.filter(({ width }) => width > 0).map(({ top }) => Math.round(top / 4)))
    if (lines.size === 0) return [`text without width: ${named(element)} ${words(text)}`]
    return word[0].length <= 24 && lines.size > 1
      ? [`narrower than its longest word: ${named(element)} ${word[0]}`]
      : []
  })

const isCutBy = (box, rects) => {
  const { overflowX, overflowY } = getComputedStyle(box)
  const hides = (overflow) => overflow === "hidden" || overflow === "clip"
  const edge = box.getBoundingClientRect()
  return rects.some(
    ({ bottom, left, right, top }) =>
      (hides(overflowX) && (right > edge.right + slack || left < edge.left - slack)) ||
      (hides(overflowY) && (bottom > edge.bottom + 2 * slack || top < edge.top - 2 * slack))
  )
}

const scrolls = (box) => /auto|scroll/.test(`${getComputedStyle(box).overflowX} ${getComputedStyle(box).overflowY}`)

const cut = ({ element, rects, text }) => {
  const boxes = ancestors(element)
  const scroller = boxes.findIndex(scrolls)
  const judged = scroller === -1 ? boxes : boxes.slice(0, scroller)
  if (judged.some((box) => isCutBy(box, rects))) return [`cut: ${named(element)} ${words(text)}`]
  return scroller === -1 && rects.some(({ left }) => left < -slack)
    ? [`outside of the screen: ${named(element)} ${words(text)}`]
    : []
}

const isLayer = (element) =>
  ancestors(element).some((one) => ["fixed", "sticky"].includes(getComputedStyle(one).position))

// Lines of one paragraph touch: only what covers a third of a line's height hides anything.
const isOver = (one, other) => {
  const width = Math.min(one.right, other.right) - Math.max(one.left, other.left)
  const height = Math.min(one.bottom, other.bottom) - Math.max(one.top, other.top)
  return width > 2 && height > Math.min(one.height, other.height) / 3
}

const overlapping = (all) => {
  const lines = all
    .filter(({ element }) => !isLayer(element))
    .flatMap((piece) => piece.rects.map((rect) => ({ piece, rect })))
    .toSorted((one, other) => one.rect.top - other.rect.top)
  return lines.flatMap((one, index) => {
    const below = lines.findIndex((other, at) => at > index && other.rect.top >= one.rect.bottom)
    return lines
      .slice(index + 1, below === -1 ? lines.length : below)
      .filter((other) => other.piece !== one.piece && isOver(one.rect, other.rect))
      .map((other) => `over each other: ${words(one.piece.text)} | ${words(other.piece.text)}`)
  })
}

const pressable = "a[href], button, input:not([type=hidden]), select, textarea, summary"

const isInSentence = (element) =>
  getComputedStyle(element).display === "inline" &&
  [...(element.parentElement?.childNodes ?? [])].some(
    (node) => node.nodeType === Node.TEXT_NODE && (node.nodeValue ?? "").trim() !== ""
  )

const labelOf = (element) =>
  element.closest("label") ??
  (element.id === "" ? null : document.querySelector(`label[for="${CSS.escape(element.id)}"]`))

// Half a pixel is what rounding of a zoomed page costs.
const small = (element) => {
  if (!isShown(element) || isInSentence(element)) return []
  const boxes = [element, labelOf(element) ?? element].map((one) => one.getBoundingClientRect())
  const width = Math.max(...boxes.map((box) => box.width))
  const height = Math.max(...boxes.map((box) => box.height))
  return width < 23.5 || height < 23.5
    ? [`${Math.round(width)} x ${Math.round(height)} px to press: ${named(element)} ${words(element.textContent)}`]
    : []
}

const wide = () => {
  const { clientWidth, scrollWidth } = document.documentElement
  if (scrollWidth <= clientWidth) return []
  const widest = [...document.body.querySelectorAll("*")].find(
    (one) => isShown(one) && one.getBoundingClientRect().right > clientWidth + slack
  )
  const what = widest === undefined ? "" : `: ${named(widest)} ${words(widest.textContent)}`
  return [`${scrollWidth - clientWidth} px wider than the screen${what}`]
}

globalThis.layoutFaults = (presses) => {
  const all = pieces()
  const pressed = presses ? [...document.querySelectorAll(pressable)] : []
  return [
    ...new Set([...all.flatMap(narrow), ...all.flatMap(cut), ...overlapping(all), ...pressed.flatMap(small), ...wide()])
  ]
}

// What looks like the one thing to do here: a filled button. A list of buttons in a closed part does not show.
globalThis.primaryActions = () =>
  [...document.querySelectorAll("button, .button, input[type=submit]")]
    .filter((one) => isShown(one) && !one.matches(".secondary, .outline, .menu-button, [aria-current]"))
    .map((one) => words(one.textContent))
