/** What several views have: a choice among a few, and a word where there is nothing yet. */
import { say } from '../say'

export function Choice<Value extends string>({
  label,
  values,
  value,
  onChange,
  nameOf = (name) => name,
}: {
  label: string
  values: readonly Value[]
  value: Value
  onChange: (value: Value) => void
  nameOf?: (value: Value) => string
}) {
  if (values.length < 2) return null
  if (values.length > 6)
    return (
      <label class="rnn-choice">
        {label}{' '}
        <select value={value} onChange={(event) => onChange(event.currentTarget.value as Value)}>
          {values.map((name) => (
            <option value={name}>{nameOf(name)}</option>
          ))}
        </select>
      </label>
    )
  return (
    <fieldset class="rnn-choice">
      <legend>{label}</legend>
      {values.map((name) => (
        <button type="button" aria-pressed={name === value} onClick={() => onChange(name)}>
          {nameOf(name)}
        </button>
      ))}
    </fieldset>
  )
}

/** Why there is nothing to see. */
export function Nothing({ why }: { why?: string }) {
  return <p class="rnn-nothing">{why ?? say('nothing.yet')}</p>
}

/** Which batch is shown. */
export function BatchStep({ step }: { step: number }) {
  return <p class="rnn-words">{say('batch', { step })}</p>
}
