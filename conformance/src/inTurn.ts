/**
 * Generators that take turns.
 *
 * A law that hopes for interesting cases meets too few of them now and then. Here the number of a case decides which
 * generator makes it: with two generators, every other case is of the class that the first one builds, whatever the
 * seed. A case that is replayed has the number it had before, and so comes from the same generator.
 */
import * as fc from "fast-check"

/** One generator, or several that take turns in this order. */
export type Turns<Input> = fc.Arbitrary<Input> | readonly [fc.Arbitrary<Input>, ...ReadonlyArray<fc.Arbitrary<Input>>]

const isSingle = <Input>(turns: Turns<Input>): turns is fc.Arbitrary<Input> => turns instanceof fc.Arbitrary

/** Lets each of these values have its turn: whatever the seed, none of them is left out. */
export const turnOf = <A, Input>(values: ReadonlyArray<A>, make: (value: A) => fc.Arbitrary<Input>): Turns<Input> => {
  const [first, ...others] = values.map((value) => make(value))
  if (first === undefined) throw new Error("there is nothing to take turns")
  return [first, ...others]
}

/** All generators of a part, in the order of their turns. */
export const generatorsOf = <Input>(turns: Turns<Input>): ReadonlyArray<fc.Arbitrary<Input>> =>
  isSingle(turns) ? [turns] : turns

/**
 * A property whose cases come from these generators in turn. The engine's bias towards small values is off: it makes
 * lists of commands too short to reach interesting states, and generators name their edges themselves.
 */
export const inTurn = <Input>(
  generators: ReadonlyArray<fc.Arbitrary<Input>>,
  check: (input: Input) => Promise<void>
): fc.IRawProperty<[Input], true> => {
  const properties = generators.map((generator) => fc.asyncProperty(generator, check))
  const owners = new WeakMap<object, (typeof properties)[number]>()
  const owned = (value: fc.Value<[Input]>, property: (typeof properties)[number]) => {
    owners.set(value, property)
    return value
  }
  const [first] = properties
  if (first === undefined) throw new Error("a part of a law needs a generator")
  return {
    isAsync: () => true,
    generate: (random, run = 0) => {
      const property = properties[run % properties.length] ?? first
      return owned(property.generate(random), property)
    },
    shrink: (value) => {
      const property = owners.get(value) ?? first
      return property.shrink(value).map((shorter) => owned(shorter, property))
    },
    run: (input) => first.run(input),
    runBeforeEach: () => first.runBeforeEach(),
    runAfterEach: () => first.runAfterEach()
  }
}

/** Gives exactly this list, and shrinks it by leaving elements out. */
class Fixed<A> extends fc.Arbitrary<ReadonlyArray<A>> {
  readonly #list: ReadonlyArray<A>
  constructor(list: ReadonlyArray<A>) {
    super()
    this.#list = list
  }
  override generate(): fc.Value<ReadonlyArray<A>> {
    return new fc.Value(this.#list, undefined)
  }
  override canShrinkWithoutContext(_value: unknown): _value is ReadonlyArray<A> {
    return false
  }
  override shrink(list: ReadonlyArray<A>): fc.Stream<fc.Value<ReadonlyArray<A>>> {
    const shorter = list.map((_, left) => list.filter((_each, index) => index !== left))
    return fc.stream(shorter.map((each) => new fc.Value<ReadonlyArray<A>>(each, undefined)).values())
  }
}

/** Lists that begin with these elements, whose outcome is known beforehand, and go on with whatever `rest` draws. */
export const opening = <A>(
  first: ReadonlyArray<A>,
  rest: fc.Arbitrary<ReadonlyArray<A>>
): fc.Arbitrary<ReadonlyArray<A>> => fc.tuple(new Fixed(first), rest).map(([known, others]) => [...known, ...others])
