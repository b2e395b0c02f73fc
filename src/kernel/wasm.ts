/**
 * The kernel compiled to WebAssembly (assembly/), over a shared memory: the build with relaxed SIMD, whose multiplication
 * and addition is one instruction, where the machine knows it, the plain one otherwise.
 */
import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import type { Dtype } from '../tensor/tensor'
import type { Kernel } from './kernel'

const files = { relaxed: 'kernel-relaxed.wasm', plain: 'kernel.wasm' } as const
export type KernelBuild = keyof typeof files

const prefixes = { float32: 'f32_', float64: 'f64_' } as const

/** A module of one function, v128 × v128 × v128 → v128, that runs one instruction on its three arguments. */
const moduleAround = (...instruction: number[]) =>
  Uint8Array.of(
    ...[0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00],
    ...[0x01, 0x08, 0x01, 0x60, 0x03, 0x7b, 0x7b, 0x7b, 0x01, 0x7b],
    ...[0x03, 0x02, 0x01, 0x00],
    ...[0x0a, 0x0a + instruction.length, 0x01, 0x08 + instruction.length, 0x00],
    ...[0x20, 0x00, 0x20, 0x01, 0x20, 0x02, ...instruction, 0x0b],
  )
const bitselect = [0xfd, 0x52]
const relaxedMultiplyAdd = [0xfd, 0x85, 0x02]

/** The fastest build that this machine runs; undefined on one without SIMD. */
export function bestBuild(): KernelBuild | undefined {
  if (WebAssembly.validate(moduleAround(...relaxedMultiplyAdd))) return 'relaxed'
  return WebAssembly.validate(moduleAround(...bitselect)) ? 'plain' : undefined
}

const modules: { [Build in KernelBuild]?: WebAssembly.Module } = {}
const kernels = new WeakMap<WebAssembly.Memory, { [key: string]: Kernel }>()

function moduleOf(build: KernelBuild): WebAssembly.Module {
  modules[build] ??= new WebAssembly.Module(readFileSync(resolve(__dirname, files[build])))
  return modules[build]
}

/** @param memory shared; several kernels may work in it at once, also of other threads, each at its own places */
export function kernelOf(memory: WebAssembly.Memory, dtype: Dtype, build: KernelBuild): Kernel {
  const own = kernels.get(memory) ?? {}
  kernels.set(memory, own)
  const key = `${build} ${dtype}`
  own[key] ??= newKernel(memory, dtype, build)
  return own[key]
}

function newKernel(memory: WebAssembly.Memory, dtype: Dtype, build: KernelBuild): Kernel {
  const { exports } = new WebAssembly.Instance(moduleOf(build), { env: { memory } })
  const prefix = prefixes[dtype]
  const functions = Object.entries(exports).filter(([name]) => name.startsWith(prefix))
  const named = functions.map(([name, value]) => [name.slice(prefix.length), value])
  return { dtype, ...Object.fromEntries(named) }
}
