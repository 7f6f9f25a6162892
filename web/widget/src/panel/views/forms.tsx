// The form before a chat (its fields come from the inbox, three at most) and the one outside hours.
import { useRef, useState } from 'preact/hooks'
import type { FormField } from '@parley/protocol'
import type { Words } from '../words.ts'
import { Sheet } from './parts.tsx'

// The keyboard a phone shows; anything we do not know is plain text.
function kindOf(field: FormField): { type: 'email' } | { type: 'tel'; list: undefined } | { type: 'text'; list: undefined } {
  if (field.type === 'email') return { type: 'email' }
  return field.type === 'tel' || field.type === 'phone' ? { type: 'tel', list: undefined } : { type: 'text', list: undefined }
}

interface Props {
  words: Words
  title: string
  fields: FormField[]
  button: string
  onBack: () => void
  onDone: (values: Record<string, string>) => void
}

function fault(field: FormField, value: string, words: Words): string {
  if (field.required && !value) return words.form_required
  if (field.type === 'email' && value && !/^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(value)) return words.form_email
  return ''
}

const completions: Record<string, string> = { email: 'email', name: 'name', phone: 'tel', tel: 'tel' }

export function Form({ words, title, fields, button, onBack, onDone }: Props) {
  const [values, setValues] = useState<Record<string, string>>({})
  const [faults, setFaults] = useState<Record<string, string>>({})
  const form = useRef<HTMLFormElement>(null)

  const submit = (event: Event) => {
    event.preventDefault()
    const trimmed = Object.fromEntries(fields.map((field) => [field.name, (values[field.name] ?? '').trim()]))
    const found = Object.fromEntries(
      fields.flatMap((field) => {
        const wrong = fault(field, trimmed[field.name]!, words)
        return wrong ? [[field.name, wrong]] : []
      }),
    )
    setFaults(found)
    const first = fields.find((field) => found[field.name])
    if (first) return form.current?.querySelector<HTMLElement>(`#f-${CSS.escape(first.name)}`)?.focus()
    onDone(Object.fromEntries(Object.entries(trimmed).filter(([, value]) => value)))
  }

  return (
    <Sheet words={words} title={title} onBack={onBack}>
      <form ref={form} noValidate onSubmit={submit}>
        {fields.map((field) => {
          const wrong = faults[field.name]
          const common = {
            id: `f-${field.name}`, name: field.name, value: values[field.name] ?? '', required: field.required ?? false, dir: 'auto' as const,
            'aria-invalid': wrong ? ('true' as const) : undefined, 'aria-describedby': wrong ? `e-${field.name}` : undefined,
            onInput: (event: Event) => setValues({ ...values, [field.name]: (event.currentTarget as HTMLInputElement).value }),
          }
          return (
            <p class="field" key={field.name}>
              <label for={common.id}>{field.label}{field.required && <span aria-hidden="true"> *</span>}</label>
              {field.type === 'textarea'
                ? <textarea rows={4} maxLength={4000} {...common} />
                : <input {...kindOf(field)} maxLength={200} autocomplete={completions[field.type] ?? completions[field.name] ?? 'on'} {...common} />}
              {wrong && <span class="wrong" id={`e-${field.name}`}>{wrong}</span>}
            </p>
          )
        })}
        <button type="submit" class="btn pri big">{button}</button>
      </form>
    </Sheet>
  )
}
