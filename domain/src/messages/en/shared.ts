/** Sentences of several subjects. */
export const shared = {
  "text.sentences": ({ sentences }: { sentences: ReadonlyArray<string> }) => sentences.join(" "),
  "text.verbatim": ({ written }: { written: string }) => written,
  "step.nothing": "Nothing needs to be done.",
  "step.open-instead": "Open it instead.",
  "step.wait": "Wait a moment.",
  "step.start-again": "Start the connection again.",
  "actor.api-key": ({ name }: { name: string }) => `API key ${name}`,
  "actor.guest": "the person who opened the link",
  "actor.operator": ({ name }: { name: string }) => `${name} (operator)`,
  "actor.system": ({ part }: { part: string }) => `Portolan (${part})`,
  "machine.does-not-exist": ({ subject }: { subject: string }) => `This ${subject} does not exist.`,
  "machine.not-possible": ({ command, subject, state }: { command: string; subject: string; state: string }) =>
    `${command} is not possible while the ${subject} is ${state}.`
}
