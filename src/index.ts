/** The public face of @unrolled/node-red-rnn: one verb a node, values in and values out. */
export { type BpttOptions, bpttGradient, type Gradient } from './bptt-gradient/bptt-gradient'
export {
  type DetectorOptions,
  detectExplosion,
  type Explosion,
  type ExplosionState,
  nonfiniteReason,
} from './bptt-gradient/detector'
export { combineEvaluations, type EvaluateOptions, type Evaluation, evaluate } from './bptt-gradient/evaluate'
export {
  type Factors,
  type FactorTerm,
  type LossFactors,
  maxFactorNumbers,
  type OmittedFactors,
} from './bptt-gradient/factors'
export { type LossName, lossNames } from './bptt-gradient/loss/loss'
export type { Nonfinite } from './bptt-gradient/nonfinite'
export {
  type Clip,
  type ClipOptions,
  type ClippedGradient,
  type ClipRule,
  clipGradient,
  clipRules,
} from './clip-gradient/clip-gradient'
export { describe, ExpectedError, numberIn, oneOf } from './expected'
export { loadModel, type Model, type ModelFormat, modelFormats, saveModel } from './model-file/model-file'
export {
  decodeSafetensors,
  encodeSafetensors,
  floatsOf,
  type SafetensorsFile,
} from './model-file/safetensors'
export {
  defaultLearningRate,
  type Optimizer,
  type OptimizerOptions,
  type OptimizerRule,
  type OptimizerState,
  type OptimizerUpdate,
  optimizer,
  optimizerRules,
} from './optimizer/optimizer'
export { type ActivationName, activationNames } from './rnn-cell/activation'
export { type Cell, type CellOptions, parameterCount, rnnCell, withParameters } from './rnn-cell/cell'
export { type InitializerName, initializerNames } from './rnn-cell/initializer'
export {
  type CellSizes,
  type ParameterName,
  type Parameters,
  parameterNames,
  parameterShapes,
} from './rnn-cell/parameters'
export { applyUpdate, type Update } from './rnn-cell/update'
export type { Readings } from './sequence-source/readings'
export type { LinearScale, Scale } from './sequence-source/scaling'
export {
  type Batch,
  type SequenceSource,
  type SourceOptions,
  type SourceState,
  sequenceSource,
  type TaskName,
  taskNames,
} from './sequence-source/sequence-source'
export type { Examples, TargetKind, TargetsPer, Task } from './sequence-source/task'
export { fromNested, isTensor, nestedShape, toNested } from './tensor/nested'
export { asDtype, type Dtype, type Floats, showShape, sizeOf, type Tensor, tensor } from './tensor/tensor'
export { predictions } from './unroll/predictions'
export { type Topology, topologyNames } from './unroll/topology'
export { lastState, type Unrolled, type UnrollOptions, unroll } from './unroll/unroll'
