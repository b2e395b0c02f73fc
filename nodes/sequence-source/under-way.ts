/** The latest of jobs that take a while, as long as it runs. */
export interface UnderWay {
  readonly now: Promise<void> | undefined
  begin(job: Promise<void>): Promise<void>
}

export function underWay(): UnderWay {
  let now: Promise<void> | undefined
  return {
    get now() {
      return now
    },
    begin(job) {
      const ended = () => {
        if (now === job) now = undefined
      }
      job.then(ended, ended)
      now = job
      return job
    },
  }
}
