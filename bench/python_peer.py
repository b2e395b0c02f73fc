"""The same training step in PyTorch and in NumPy; takes the commands of bench/sides/child.ts.

    python_peer.py pytorch|numpy <threads>
"""
import sys
import time

import numpy

THRESHOLD = 1.0
LEARNING_RATE = 1e-3
GATES = {'rnn': 1, 'gru': 3, 'lstm': 4}


class Problem:
    """A problem as bench/problem.ts writes it."""

    def __init__(self, kind, hidden, batch, steps, features, file):
        self.kind, self.hidden, self.batch = kind, int(hidden), int(batch)
        self.steps, self.features = int(steps), int(features)
        width = GATES[kind] * self.hidden
        shapes = {'W': (width, self.hidden), 'U': (width, self.features), 'b': (width,)}
        if kind == 'gru':
            shapes['bn'] = (self.hidden,)
        shapes['V'] = (self.features, self.hidden)
        shapes['c'] = (self.features,)
        numbers = numpy.fromfile(file, dtype='<f4')
        at = 0

        def take(shape):
            nonlocal at
            size = int(numpy.prod(shape))
            at += size
            return numbers[at - size:at].reshape(shape).copy()

        self.parameters = {name: take(shape) for name, shape in shapes.items()}
        data = (self.steps, self.batch, self.features)
        self.inputs, self.targets = take(data), take(data)


class PyTorch:
    """torch.nn and torch.optim as their documentation has them, with the fastest Adam there is."""

    def __init__(self, threads):
        import torch
        self.torch = torch
        torch.set_num_threads(threads)
        torch.set_num_interop_threads(1)

    def set_up(self, problem):
        torch = self.torch
        kind = {'rnn': torch.nn.RNN, 'gru': torch.nn.GRU, 'lstm': torch.nn.LSTM}[problem.kind]
        self.problem = problem
        self.rnn = kind(problem.features, problem.hidden)
        self.readout = torch.nn.Linear(problem.hidden, problem.features)
        given = problem.parameters
        recurrent_bias = numpy.zeros_like(given['b'])
        if problem.kind == 'gru':
            recurrent_bias[2 * problem.hidden:] = given['bn']
        with torch.no_grad():
            for parameter, values in (
                (self.rnn.weight_hh_l0, given['W']), (self.rnn.weight_ih_l0, given['U']),
                (self.rnn.bias_ih_l0, given['b']), (self.rnn.bias_hh_l0, recurrent_bias),
                (self.readout.weight, given['V']), (self.readout.bias, given['c']),
            ):
                parameter.copy_(torch.from_numpy(values))
        self.parameters = [*self.rnn.parameters(), *self.readout.parameters()]
        try:
            self.adam = torch.optim.Adam(self.parameters, lr=LEARNING_RATE, fused=True)
            self.adam.step()
        except (TypeError, RuntimeError):
            self.adam = torch.optim.Adam(self.parameters, lr=LEARNING_RATE)
        self.criterion = torch.nn.MSELoss()
        self.inputs = torch.from_numpy(problem.inputs)
        self.targets = torch.from_numpy(problem.targets)

    def backward(self):
        self.adam.zero_grad(set_to_none=True)
        hidden, _ = self.rnn(self.inputs)
        loss = self.criterion(self.readout(hidden), self.targets)
        loss.backward()
        return loss

    def step(self):
        self.backward()
        self.torch.nn.utils.clip_grad_norm_(self.parameters, THRESHOLD)
        self.adam.step()

    def gradients(self):
        loss = self.backward()
        rnn, readout = self.rnn, self.readout
        parts = [rnn.weight_hh_l0.grad, rnn.weight_ih_l0.grad, rnn.bias_ih_l0.grad]
        if self.problem.kind == 'gru':
            parts.append(rnn.bias_hh_l0.grad[2 * self.problem.hidden:])
        parts += [readout.weight.grad, readout.bias.grad]
        return loss.item(), [part.numpy() for part in parts]


class NumPy:
    """The formulas by NumPy, time-major: one product for all inputs, one for the weight gradients of all steps."""

    def __init__(self, threads):
        if threads != 1:
            raise ValueError('NumPy by one thread')

    def set_up(self, problem):
        self.problem = problem
        self.parameters = {name: values.copy() for name, values in problem.parameters.items()}
        self.first = {name: numpy.zeros_like(values) for name, values in self.parameters.items()}
        self.second = {name: numpy.zeros_like(values) for name, values in self.parameters.items()}
        self.updates = 0
        rows = problem.steps * problem.batch
        width = GATES[problem.kind] * problem.hidden
        single = numpy.float32
        self.states = numpy.zeros((problem.steps + 1, problem.batch, problem.hidden), single)
        self.cells = numpy.zeros_like(self.states)
        self.squashed = numpy.empty((problem.steps, problem.batch, problem.hidden), single)
        self.inner = numpy.empty_like(self.squashed)
        self.gates = numpy.empty((problem.steps, problem.batch, width), single)
        self.delta = numpy.empty_like(self.gates)
        self.recurrent_delta = numpy.empty_like(self.gates)
        self.external = numpy.empty_like(self.squashed)
        self.outputs = numpy.empty((rows, problem.features), single)
        self.recurrent = numpy.empty((problem.batch, width), single)
        self.carried = numpy.empty((problem.batch, problem.hidden), single)

    @staticmethod
    def sigmoid(x):
        """In place: σ(x) = (tanh(x / 2) + 1) / 2."""
        x *= 0.5
        numpy.tanh(x, out=x)
        x += 1
        x *= 0.5

    def forward(self):
        p, problem = self.parameters, self.problem
        rows, size = problem.steps * problem.batch, problem.hidden
        flat = self.gates.reshape(rows, -1)
        numpy.matmul(problem.inputs.reshape(rows, -1), p['U'].T, out=flat)
        flat += p['b']
        transposed = numpy.ascontiguousarray(p['W'].T)
        forward = getattr(self, problem.kind + '_forward')
        for t in range(problem.steps):
            numpy.matmul(self.states[t], transposed, out=self.recurrent)
            forward(t, size)
        numpy.matmul(self.states[1:].reshape(rows, size), p['V'].T, out=self.outputs)
        self.outputs += p['c']
        self.outputs -= problem.targets.reshape(rows, -1)
        loss = float(numpy.vdot(self.outputs, self.outputs)) / self.outputs.size
        self.outputs *= 2 / self.outputs.size
        return loss

    def rnn_forward(self, t, size):
        self.recurrent += self.gates[t]
        numpy.tanh(self.recurrent, out=self.states[t + 1])

    def lstm_forward(self, t, size):
        gates = self.gates[t]
        gates += self.recurrent
        self.sigmoid(gates[:, :2 * size])
        g = gates[:, 2 * size:3 * size]
        numpy.tanh(g, out=g)
        self.sigmoid(gates[:, 3 * size:])
        cell = self.cells[t + 1]
        numpy.multiply(gates[:, size:2 * size], self.cells[t], out=cell)
        cell += gates[:, :size] * g
        numpy.tanh(cell, out=self.squashed[t])
        numpy.multiply(gates[:, 3 * size:], self.squashed[t], out=self.states[t + 1])

    def gru_forward(self, t, size):
        gates = self.gates[t]
        gates[:, :2 * size] += self.recurrent[:, :2 * size]
        self.sigmoid(gates[:, :2 * size])
        numpy.add(self.recurrent[:, 2 * size:], self.parameters['bn'], out=self.inner[t])
        n = gates[:, 2 * size:]
        n += gates[:, :size] * self.inner[t]
        numpy.tanh(n, out=n)
        numpy.subtract(self.states[t], n, out=self.states[t + 1])
        self.states[t + 1] *= gates[:, size:2 * size]
        self.states[t + 1] += n

    def backward(self):
        p, problem = self.parameters, self.problem
        rows, size = problem.steps * problem.batch, problem.hidden
        numpy.matmul(self.outputs, p['V'], out=self.external.reshape(rows, size))
        self.carried.fill(0)
        self.carried_cell = numpy.zeros_like(self.carried)
        backward = getattr(self, problem.kind + '_backward')
        for t in range(problem.steps - 1, -1, -1):
            backward(t, size)
        delta = self.delta.reshape(rows, -1)
        through = self.recurrent_delta.reshape(rows, -1) if problem.kind == 'gru' else delta
        gradients = {
            'W': through.T @ self.states[:-1].reshape(rows, size),
            'U': delta.T @ problem.inputs.reshape(rows, -1),
            'b': delta.sum(axis=0),
        }
        if problem.kind == 'gru':
            gradients['bn'] = through[:, 2 * size:].sum(axis=0)
        gradients['V'] = self.outputs.T @ self.states[1:].reshape(rows, size)
        gradients['c'] = self.outputs.sum(axis=0)
        return gradients

    def rnn_backward(self, t, size):
        self.carried += self.external[t]
        delta, state = self.delta[t], self.states[t + 1]
        numpy.multiply(state, state, out=delta)
        numpy.subtract(1, delta, out=delta)
        delta *= self.carried
        numpy.matmul(delta, self.parameters['W'], out=self.carried)

    def lstm_backward(self, t, size):
        gates, delta, squashed = self.gates[t], self.delta[t], self.squashed[t]
        i, f = gates[:, :size], gates[:, size:2 * size]
        g, o = gates[:, 2 * size:3 * size], gates[:, 3 * size:]
        self.carried += self.external[t]
        through = 1 - squashed * squashed
        through *= o
        through *= self.carried
        self.carried_cell += through
        numpy.multiply(self.carried_cell * g, i * (1 - i), out=delta[:, :size])
        numpy.multiply(self.carried_cell * self.cells[t], f * (1 - f), out=delta[:, size:2 * size])
        numpy.multiply(self.carried_cell * i, 1 - g * g, out=delta[:, 2 * size:3 * size])
        numpy.multiply(self.carried * squashed, o * (1 - o), out=delta[:, 3 * size:])
        self.carried_cell *= f
        numpy.matmul(delta, self.parameters['W'], out=self.carried)

    def gru_backward(self, t, size):
        gates, delta, through = self.gates[t], self.delta[t], self.recurrent_delta[t]
        r, z, n = gates[:, :size], gates[:, size:2 * size], gates[:, 2 * size:]
        self.carried += self.external[t]
        dn = delta[:, 2 * size:]
        numpy.multiply(self.carried * (1 - z), 1 - n * n, out=dn)
        numpy.multiply(dn * self.inner[t], r * (1 - r), out=delta[:, :size])
        numpy.multiply(self.carried * (self.states[t] - n), z * (1 - z), out=delta[:, size:2 * size])
        through[:, :2 * size] = delta[:, :2 * size]
        numpy.multiply(dn, r, out=through[:, 2 * size:])
        self.carried *= z
        self.carried += through @ self.parameters['W']

    def step(self):
        self.forward()
        gradients = self.backward()
        self.updates += 1
        norm = sum(float(numpy.vdot(values, values)) for values in gradients.values()) ** 0.5
        scale = numpy.float32(min(1.0, THRESHOLD / norm))
        rate = numpy.float32(LEARNING_RATE / (1 - 0.9 ** self.updates))
        correction = numpy.float32(1 / (1 - 0.999 ** self.updates))
        for name, gradient in gradients.items():
            gradient *= scale
            first, second = self.first[name], self.second[name]
            first += numpy.float32(0.1) * (gradient - first)
            gradient *= gradient
            second += numpy.float32(0.001) * (gradient - second)
            numpy.multiply(second, correction, out=gradient)
            numpy.sqrt(gradient, out=gradient)
            gradient += numpy.float32(1e-8)
            numpy.divide(first, gradient, out=gradient)
            gradient *= rate
            self.parameters[name] -= gradient

    def gradients(self):
        loss = self.forward()
        return loss, list(self.backward().values())


def main():
    side = {'pytorch': PyTorch, 'numpy': NumPy}[sys.argv[1]](int(sys.argv[2]))
    for line in sys.stdin:
        command, *given = line.split()
        answer = 'ok'
        if command == 'setUp':
            side.set_up(Problem(*given))
        elif command == 'gradients':
            loss, parts = side.gradients()
            flat = [numpy.asarray([loss]), *(numpy.ravel(part) for part in parts)]
            numpy.concatenate(flat).astype('<f4').tofile(given[0])
        elif command == 'run':
            before = time.perf_counter()
            for _ in range(int(given[0])):
                side.step()
            answer = repr((time.perf_counter() - before) * 1e3)
        else:
            raise ValueError('unknown command ' + command)
        print(answer, flush=True)


if __name__ == '__main__':
    main()
