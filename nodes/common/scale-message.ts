/** The scale of the data in a message: what was learned in these units is asked and answers in them. */
import { type Cell, describe, ExpectedError, type LinearScale, type Scale } from '../../src'
import { isMissing } from './missing'
import { areNumbers, isObject } from './values'

/**
 * @param name where it stands
 * @throws ExpectedError for what is no scale { input, target }, or has a number that cannot be one
 */
export function checkScale(name: string, scale: unknown): void {
  if (!isObject(scale)) throw new ExpectedError(`${name} to be { input, target }`, describe(scale))
  checkLinear(`${name}.input`, scale.input)
  if (!isMissing(scale.target)) checkLinear(`${name}.target`, scale.target)
}

function checkLinear(name: string, linear: unknown): void {
  const { mean, std } = isObject(linear) ? linear : {}
  const isScale =
    areNumbers(mean, 'maxFeatures') &&
    areNumbers(std, 'maxFeatures') &&
    mean.length === std.length &&
    std.every((one) => one > 0)
  if (!isScale)
    throw new ExpectedError(
      `${name} to be { mean, std }: a number for each feature, each std above 0`,
      describe(linear),
    )
}

/** Nothing but its numbers: what else a message has put there is not kept. */
export function copyOfScale({ input, target }: Scale): Scale {
  return { input: copyOfLinear(input), ...(target && { target: copyOfLinear(target) }) }
}

const copyOfLinear = ({ mean, std }: LinearScale): LinearScale => ({
  mean: Array.from(mean),
  std: Array.from(std),
})

export const sameScale = (one: Scale | undefined, other: Scale | undefined): boolean =>
  one === other ||
  (one !== undefined &&
    other !== undefined &&
    sameLinear(one.input, other.input) &&
    sameLinear(one.target, other.target))

const sameLinear = (one: LinearScale | undefined, other: LinearScale | undefined): boolean =>
  one === other ||
  (isMissing(one) && isMissing(other)) ||
  (one !== undefined && other !== undefined && sameRow(one.mean, other.mean) && sameRow(one.std, other.std))

const sameRow = (one: readonly number[], other: readonly number[]): boolean =>
  one.length === other.length && one.every((value, index) => value === other[index])

/** @throws ExpectedError for a scale of other features or outputs than a cell has */
export function checkScaleFits({ input, target }: Scale, { inputSize, outputSize }: Cell['sizes']): void {
  if (input.mean.length !== inputSize)
    throw new ExpectedError(`a scale of ${inputSize} features`, `one of ${input.mean.length}`)
  if (target && target.mean.length !== outputSize)
    throw new ExpectedError(`a scale of ${outputSize} outputs`, `one of ${target.mean.length}`)
}
