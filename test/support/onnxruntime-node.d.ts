/** onnxruntime-node 1.16.3 comes without types; what it exports is the common interface. */
declare module 'onnxruntime-node' {
  export * from 'onnxruntime-common'
}
