/**
 * A network over a batch as lists of kernel calls over one memory, made once and run again and again. The batch is cut
 * into shards, which know nothing of one another until the sums over all sequences are taken: those are cut into as many
 * shares. How they are cut depends on the sizes alone, so that the result does not depend on who runs them.
 */
import type { Floats } from '../../tensor/tensor'
import type { Kernel } from '../kernel'
import { backwardCalls } from './backward'
import { forwardCalls } from './forward'
import { gradientCalls, sequenceTermCalls, type TermSlot, type TermsKind, termCalls } from './gradients'
import type { Layout } from './layout'
import { type Call, type Frame, frameOf } from './machine'
import { type Partial, partialsOf } from './partials'
import { peepholeCalls } from './peepholes'
import { type ProgramPlan, workOf } from './plan'

export type { TermsKind } from './gradients'

export interface Program {
  /** no other has it in this process */
  readonly id: number
  readonly plan: ProgramPlan
  /** multiply-adds of a pass forward */
  readonly work: number
  readonly layout: Layout
  /** by parameter */
  readonly partials: Readonly<Record<string, readonly SlottedPartial[]>>
  readonly needs: ProgramNeeds
  /** views, the same each time */
  floats(pointer: number, count: number): Floats
  doubles(pointer: number, count: number): Float64Array
  integers(pointer: number, count: number): Int32Array
  bytes(pointer: number, count: number): Uint8Array
  /** the states and outputs of a shard's sequences, from its initial states and inputs */
  forward(shard: number): void
  /** δ of every step from ∂L/∂outputs; false if the numbers left their range, and nothing counts */
  backward(shard: number, terms: TermsKind): boolean
  /** a share of the gradient, and of its terms, once all shards have gone back */
  gradients(share: number, terms: TermsKind): void
}

type SlottedPartial = Partial & { readonly slot: TermSlot }

/** Bytes of memory that a pass forward asks for, one with its way back, and one with the terms of each sequence. */
export interface ProgramNeeds {
  readonly forward: number
  readonly backward: number
  readonly sequenceTerms: number
}

export function programBytes(plan: ProgramPlan): ProgramNeeds {
  const frame = frameOf(plan)
  return needsOf(frame, partialsOf(frame).length)
}

function needsOf(frame: Frame, count: number): ProgramNeeds {
  const { forwardBytes, bytes } = frame.layout
  const { end, sequenceEnd } = slotsOf(frame, count)
  return { forward: forwardBytes, backward: Math.max(bytes, end), sequenceTerms: sequenceEnd }
}

/** The norms of the terms lie behind everything else. */
function slotsOf({ plan: { steps, batch }, layout }: Frame, count: number) {
  const end = layout.bytes + count * 8 * steps
  const each = 8 * steps * batch
  const of = (index: number): TermSlot => ({
    batch: layout.bytes + index * 8 * steps,
    rows: end + 2 * index * each,
    columns: end + (2 * index + 1) * each,
  })
  return { of, end, sequenceEnd: end + 2 * count * each }
}

let made = 0

/** @param memory has room for `programBytes(plan)`, as far as it is used */
export function program(plan: ProgramPlan, memory: WebAssembly.Memory, kernel: Kernel): Program {
  const frame = frameOf(plan)
  const { layout } = frame
  const machine = { ...frame, kernel }
  const blocks = partialsOf(frame)
  const slots = slotsOf(frame, blocks.length)
  const partials = blocks.map((partial, index) => ({ ...partial, slot: slots.of(index) }))
  const shares = plan.shards.length
  const isWhole = shares === 1
  const doubles = kept((pointer, count) => new Float64Array(memory.buffer, pointer, count))
  const floats: (pointer: number, count: number) => Floats =
    plan.dtype === 'float64'
      ? doubles
      : kept((pointer, count) => new Float32Array(memory.buffer, pointer, count))

  /** The terms of a strand while δ stands under the exponents of its steps: only where one shard is the whole batch. */
  const termsOf = (kind: TermsKind, chosen: readonly (typeof partials)[number][], share: number) =>
    chosen.flatMap((partial): Call[] => {
      if (kind === 'none') return []
      const { scratch } = layout.shards[share]
      if (kind === 'batch') return termCalls(machine, partial, partial.slot, share, shares, scratch)
      return share === 0 ? sequenceTermCalls(machine, partial, partial.slot) : []
    })
  const compileBackward = (shard: number, kind: TermsKind) =>
    backwardCalls(machine, layout.shards[shard], memory, (stretch, strand) =>
      isWhole
        ? termsOf(
            kind,
            partials.filter(
              (partial) => partial.strand === strand && partial.first === machine.stretches[stretch].first,
            ),
            0,
          )
        : [],
    )
  const compileGradients = (share: number, kind: TermsKind): Call[] => [
    ...termsOf(
      kind,
      partials.filter(({ strand }) => !isWhole || strand === undefined),
      share,
    ),
    ...gradientCalls(machine, partials, share, shares, layout.shards[share].scratch),
    ...(share === 0
      ? partials.flatMap((partial) => peepholeCalls(machine, partial, partial.slot, kind, floats, doubles))
      : []),
  ]

  // looked up at every call, which for a small network takes a microsecond
  const forwards: (readonly Call[])[] = []
  const backwards = newLists()
  const sums = newLists()

  made += 1
  return {
    id: made,
    plan,
    work: workOf(plan),
    layout,
    partials: Object.fromEntries(
      plan.parameters.map(([name]) => [name, partials.filter((partial) => partial.name === name)]),
    ),
    needs: needsOf(frame, blocks.length),
    floats,
    doubles,
    bytes: kept((pointer, count) => new Uint8Array(memory.buffer, pointer, count)),
    integers: kept((pointer, count) => new Int32Array(memory.buffer, pointer, count)),
    forward(shard) {
      forwards[shard] ??= forwardCalls(machine, layout.shards[shard])
      for (const call of forwards[shard]) call()
    },
    backward(shard, terms) {
      backwards[terms][shard] ??= compileBackward(shard, terms)
      for (const call of backwards[terms][shard]) if (call() === 1) return false
      return true
    },
    gradients(share, terms) {
      sums[terms][share] ??= compileGradients(share, terms)
      for (const call of sums[terms][share]) call()
    },
  }
}

/** Calls by shard, for each kind of terms. */
const newLists = (): Record<TermsKind, (readonly Call[])[]> => ({ none: [], batch: [], sequence: [] })

/** A view costs more than what is read through it; of a shared memory it stays valid. */
function kept<View extends { readonly length: number }>(
  make: (pointer: number, count: number) => View,
): (pointer: number, count: number) => View {
  const views = new Map<number, View>()
  return (pointer, count) => {
    const found = views.get(pointer)
    if (found?.length === count) return found
    const view = make(pointer, count)
    views.set(pointer, view)
    return view
  }
}
