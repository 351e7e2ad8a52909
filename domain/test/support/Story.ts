/** Histories: commands carried out in a row, with everything that was seen on the way. */
import { Aggregate, type Refused } from "@portolan/domain"
import { Arbitrary, Result } from "effect"

type State<K extends Aggregate.Kind> = Aggregate.Types[K]["state"]
type Event<K extends Aggregate.Kind> = Aggregate.Types[K]["event"]
type Command<K extends Aggregate.Kind> = Aggregate.Types[K]["command"]

/** One step: the command, and either its events and the state they lead to, or the refusal and the state as it was. */
export interface Step<K extends Aggregate.Kind> {
  readonly before: State<K>
  readonly command: Command<K>
  readonly events: ReadonlyArray<Event<K>>
  readonly refused?: Refused.Refused
  readonly after: State<K>
}

/** Carries out commands on a state, one after the other. Refused commands change nothing and stay in the story. */
export const tell = <K extends Aggregate.Kind>(
  kind: K,
  commands: ReadonlyArray<Command<K>>,
  from: State<K> = Aggregate.machine(kind).initial
): ReadonlyArray<Step<K>> => {
  const machine = Aggregate.machine(kind)
  const steps: Array<Step<K>> = []
  let state = from
  for (const command of commands) {
    const before = state
    const decision = machine.decide(before, command)
    if (Result.isFailure(decision)) {
      steps.push({ before, command, events: [], refused: decision.failure, after: before })
      continue
    }
    for (const event of decision.success) state = machine.evolve(state, event)
    steps.push({ before, command, events: decision.success, after: state })
  }
  return steps
}

/** The state after all commands. */
export const after = <K extends Aggregate.Kind>(kind: K, ...commands: ReadonlyArray<Command<K>>): State<K> =>
  tell(kind, commands).at(-1)?.after ?? Aggregate.machine(kind).initial

/** Histories that begin with a creation and go on with up to `length` commands, and at least `shortest`. */
export const stories = <K extends Aggregate.Kind>(
  kind: K,
  creation: Arbitrary.Arbitrary<Command<K>>,
  command: Arbitrary.Arbitrary<Command<K>>,
  length = 12,
  shortest = 0
): Arbitrary.Arbitrary<ReadonlyArray<Step<K>>> =>
  Arbitrary.map(
    Arbitrary.all([creation, Arbitrary.array(command, { minLength: shortest, maxLength: length })]),
    ([first, rest]) => tell(kind, [first, ...rest])
  )
