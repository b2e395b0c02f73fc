/** Asks the runtime for the first sequence. */
import type { PreviewAnswer } from '../../../../nodes/sequence-source/preview/wire'
import { wordsOf } from '../../common/words'

const say = wordsOf('sequence-source')

/** jQuery's requests carry the editor's access token. */
export function askForPreview(config: Readonly<Record<string, unknown>>): Promise<PreviewAnswer> {
  return new Promise((resolve) => {
    $.ajax({
      url: 'recurrent/preview',
      method: 'POST',
      contentType: 'application/json',
      data: JSON.stringify(config),
      dataType: 'json',
    }).then(resolve, ({ status }) => resolve({ error: whyNot(status) }))
  })
}

function whyNot(status: number): string {
  const isDenied = status === 401 || status === 403
  return isDenied ? say('preview.denied') : say('preview.unanswered', { status })
}
