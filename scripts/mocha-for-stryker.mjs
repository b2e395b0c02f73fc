/**
 * The runner of Stryker 10 asks for mocha's files by names without an ending, but since 12.0.3 they end in .cjs: let
 * `require` find those too. It goes when the runner finds them by itself.
 */
import Module from 'node:module'

Module._extensions['.cjs'] ??= Module._extensions['.js']
