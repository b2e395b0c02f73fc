/** The public face of @unrolled/node-red-rnn: one verb a node, values in and values out. */
export {
  type BpttOptions,
  bpttGradient,
  bpttGradientAsync,
  type Gradient,
  termsKinds,
} from './bptt-gradient/bptt-gradient'
export type { Credit, CreditOptions } from './bptt-gradient/credit'
export {
  type Detector,
  type DetectorOptions,
  type DetectorState,
  detectExplosion,
  detector,
  type Explosion,
  type ExplosionState,
  nonfiniteReason,
  type Signal,
  type SignalName,
  type SpectralInformation,
  signalNames,
} from './bptt-gradient/detector'
export { combineEvaluations, type EvaluateOptions, type Evaluation, evaluate } from './bptt-gradient/evaluate'
export {
  type Factors,
  type FactorTerm,
  type LossFactors,
  maxFactorNumbers,
  type OmittedFactors,
} from './bptt-gradient/factors'
export {
  type CheckedParameter,
  type GradientCheck,
  type GradientCheckOptions,
  gradientCheck,
} from './bptt-gradient/gradient-check'
export { reductions } from './bptt-gradient/loss/comparison'
export {
  type LossName,
  type LossOptions,
  lossNames,
  lossOptions,
  type Reduction,
} from './bptt-gradient/loss/loss'
export type { Nonfinite } from './bptt-gradient/nonfinite'
export type { Regularization, RegularizerOptions } from './bptt-gradient/regularizer'
export type { Eigenvalue } from './bptt-gradient/spectrum/eigenvalues'
export { jacobianNorms, jacobianProductNorm } from './bptt-gradient/spectrum/jacobian-norms'
export { leadingLyapunovExponent } from './bptt-gradient/spectrum/lyapunov'
export {
  type BlockSpectrum,
  type OmittedSpectrum,
  type PascanuVerdict,
  type RecurrentSpectrum,
  recurrentSpectrum,
  type SpectrumOptions,
  type Verdict,
} from './bptt-gradient/spectrum/recurrent-matrix'
export type { StepJacobians } from './bptt-gradient/spectrum/step-jacobians'
export { stateSize, stepJacobians } from './bptt-gradient/step-jacobians'
export type { TruncationOptions } from './bptt-gradient/windows'
export {
  type Clip,
  type ClipCall,
  type ClipOptions,
  type ClippedGradient,
  type ClipperOptions,
  type ClipperState,
  type ClipRule,
  clipGradient,
  clipRuleOptions,
  clipRules,
  type GradientClipper,
  gradientClipper,
  type UnitAxis,
} from './clip-gradient/clip-gradient'
export { isRunning as isRunningClip } from './clip-gradient/state'
export { describe, ExpectedError, numberIn, oneOf } from './expected'
export { type Aside, answering, aside } from './kernel/pool/aside'
export { closePool, configurePool, type PoolSettings } from './kernel/pool/pool'
export { workerCount } from './kernel/pool/size'
export { type WorkerPool, type WorkerPoolOptions, workerPool } from './kernel/pool/worker-pool'
export {
  checkSize,
  configureLimits,
  type LimitName,
  type Limits,
  limitNames,
  limitOf,
  rowWithin,
  type SentLimits,
  sentLimits,
  takeLimits,
  usualLimits,
  wholeWithin,
} from './limits'
export {
  loadModel,
  type Model,
  type ModelFormat,
  modelFormats,
  type SaveOptions,
  saveModel,
} from './model-file/model-file'
export {
  decodeSafetensors,
  encodeSafetensors,
  floatsOf,
  type SafetensorsFile,
} from './model-file/safetensors'
export type { Accumulated } from './optimizer/accumulate'
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
export { type EpsilonPlacement, epsilonPlacements, type Moments } from './optimizer/rule'
export { ruleOptions } from './optimizer/rules'
export {
  type ScheduleName,
  type ScheduleOptions,
  scheduleNames,
  scheduleOptions,
} from './optimizer/schedule/options'
export type { PlateauState } from './optimizer/schedule/reduce-on-plateau'
export { learningRateAt } from './optimizer/schedule/schedule'
export { type WeightDecayMode, weightDecayModes } from './optimizer/weight-decay'
export {
  type ActivationName,
  activationNames,
  type GateActivationName,
  gateActivationNames,
} from './rnn-cell/activation'
export { type Cell, parameterCount, rnnCell, withParameters } from './rnn-cell/cell'
export { type CellForm, type CellType, cellTypes, type ReadoutName, readoutNames } from './rnn-cell/form'
export { type InitializerName, initializerNames } from './rnn-cell/initializer/initializer'
export { gatesOf } from './rnn-cell/kinds'
export { parameterShapes } from './rnn-cell/lanes'
export type { CellOptions } from './rnn-cell/options'
export type { CellSizes, ParameterName, Parameters } from './rnn-cell/parameters'
export { sizesOfShapes } from './rnn-cell/sizes'
export { applyUpdate, type Update } from './rnn-cell/update'
export type { ClassLabel } from './sequence-source/classes'
export { commonOptions, taskOptions } from './sequence-source/options'
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
export {
  type Anomaly,
  type AnomalyDetector,
  type AnomalyOptions,
  type AnomalyState,
  anomalyDetector,
} from './sequence-source/stream/anomaly'
export type { StreamBatch } from './sequence-source/stream/draw'
export {
  type GapPolicy,
  gapPolicies,
  type OrderPolicy,
  orderPolicies,
  type Resampling,
  resamplings,
  type StreamOptions,
  type StreamScaling,
  streamScalings,
  type TimeSource,
  timeSources,
} from './sequence-source/stream/options'
export { type SensorStream, sensorStream, type Taken } from './sequence-source/stream/sensor-stream'
export type { StreamState } from './sequence-source/stream/state'
export type { Stretch } from './sequence-source/stream/stretch'
export type { Examples, TargetKind, TargetsPer, Task } from './sequence-source/task'
export { fromNested, isTensor, mostAxes, nestedShape, toNested } from './tensor/nested'
export { packed } from './tensor/packed'
export {
  allFinite,
  asDtype,
  type Dtype,
  type Floats,
  showShape,
  sizeOf,
  type Tensor,
  tensor,
} from './tensor/tensor'
export { type Training, type TrainingOptions, type TrainingStep, training } from './training/training'
export { checkedUnrolled } from './unroll/checked'
export { type Feed, feedNames } from './unroll/feeding'
export { predictions } from './unroll/predictions'
export { releasePrograms } from './unroll/programs'
export { replay } from './unroll/replay'
export { sequenceOf } from './unroll/sequence-of'
export { type CellState, lastState } from './unroll/state'
export { isFed, type Topology, takesOnce, topologyNames } from './unroll/topology'
export {
  type Fed,
  type KernelName,
  kernelNames,
  type Strand,
  type Unrolled,
  type UnrollOptions,
  unroll,
  unrollAsync,
} from './unroll/unroll'
export { warmStarts } from './unroll/warm-starts'
