/** Every function of kernel.ts as f32_… and f64_…. */
export * from './export-products'
export * from './export-rnn'
export * from './export-packed'
export * from './export-lstm'
export * from './export-gru'
export * from './export-terms'
export * from './export-updates'
