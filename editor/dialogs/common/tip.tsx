/** The tip of an arrow, for `marker-end`. @param id of this picture alone */
export const Tip = ({ id }: { id: string }) => (
  <marker id={id} viewBox="0 0 6 6" refX={5} refY={3} markerWidth={6} markerHeight={6} orient="auto">
    <path class="rnn-tip" d="M0 0L6 3L0 6z" />
  </marker>
)
