/**
 * The algorithms of torch.optim for a single number, line by line as the documentation of PyTorch 2 has them
 * (θ, g, m, v, γ as there), and Lion after algorithm 2 of Chen et al. 2023. From θ₀ and the gradients to
 * every Δ.
 */
export type Textbook = (start: number, gradients: readonly number[]) => number[]

/** One step: from g, θ and the number of the step to Δ. */
type Step = (g: number, theta: number, t: number) => number

const run = (begin: () => Step): Textbook =>
  function deltas(start, gradients) {
    const step = begin()
    let theta = start
    return gradients.map((g, index) => {
      const delta = step(g, theta, index + 1)
      theta += delta
      return delta
    })
  }

/** λ in the gradient */
export const l2 = (lambda: number, begin: () => Step): Textbook =>
  run(() => {
    const step = begin()
    return (g, theta, t) => step(g + lambda * theta, theta, t)
  })

/** θ ← θ - γλθ before the step */
export const decoupled = (lambda: number, gamma: number, begin: () => Step): Textbook =>
  run(() => {
    const step = begin()
    return (g, theta, t) => step(g, theta, t) - gamma * lambda * theta
  })

export const plain = (begin: () => Step): Textbook => run(begin)

export const sgd =
  (gamma: number, mu = 0, tau = 0, nesterov = false) =>
  (): Step => {
    let b = 0
    return (g, _, t) => {
      if (mu === 0) return -gamma * g
      b = t > 1 ? mu * b + (1 - tau) * g : g
      return -gamma * (nesterov ? g + mu * b : b)
    }
  }

export const adagrad =
  (gamma: number, eta = 0, tau = 0, epsilon = 1e-10) =>
  (): Step => {
    let sum = tau
    return (g, _, t) => {
      const decayed = gamma / (1 + (t - 1) * eta)
      sum += g ** 2
      return (-decayed * g) / (Math.sqrt(sum) + epsilon)
    }
  }

export const adadelta =
  (gamma = 1, rho = 0.9, epsilon = 1e-6) =>
  (): Step => {
    let [v, u] = [0, 0]
    return (g) => {
      v = v * rho + g ** 2 * (1 - rho)
      const change = (Math.sqrt(u + epsilon) / Math.sqrt(v + epsilon)) * g
      u = u * rho + change ** 2 * (1 - rho)
      return -gamma * change
    }
  }

export const rmsprop =
  (gamma: number, alpha = 0.99, centered = false, mu = 0, epsilon = 1e-8) =>
  (): Step => {
    let [v, average, b] = [0, 0, 0]
    return (g) => {
      v = alpha * v + (1 - alpha) * g ** 2
      let corrected = v
      if (centered) {
        average = average * alpha + (1 - alpha) * g
        corrected = corrected - average ** 2
      }
      if (mu === 0) return (-gamma * g) / (Math.sqrt(corrected) + epsilon)
      b = mu * b + g / (Math.sqrt(corrected) + epsilon)
      return -gamma * b
    }
  }

export const adam =
  (gamma: number, beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8, amsgrad = false) =>
  (): Step => {
    let [m, v, max] = [0, 0, 0]
    return (g, _, t) => {
      m = beta1 * m + (1 - beta1) * g
      v = beta2 * v + (1 - beta2) * g ** 2
      max = Math.max(max, v)
      const mHat = m / (1 - beta1 ** t)
      const vHat = (amsgrad ? max : v) / (1 - beta2 ** t)
      return (-gamma * mHat) / (Math.sqrt(vHat) + epsilon)
    }
  }

export const adamax =
  (gamma: number, beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8) =>
  (): Step => {
    let [m, u] = [0, 0]
    return (g, _, t) => {
      m = beta1 * m + (1 - beta1) * g
      u = Math.max(beta2 * u, Math.abs(g) + epsilon)
      return (-gamma * m) / ((1 - beta1 ** t) * u)
    }
  }

export const nadam =
  (gamma: number, beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8, psi = 4e-3) =>
  (): Step => {
    let [m, v] = [0, 0]
    const mu = (t: number) => beta1 * (1 - 0.5 * 0.96 ** (t * psi))
    const product = (t: number) => Array.from({ length: t }, (_, i) => mu(i + 1)).reduce((a, b) => a * b)
    return (g, _, t) => {
      m = beta1 * m + (1 - beta1) * g
      v = beta2 * v + (1 - beta2) * g ** 2
      const mHat = (mu(t + 1) * m) / (1 - product(t + 1)) + ((1 - mu(t)) * g) / (1 - product(t))
      const vHat = v / (1 - beta2 ** t)
      return (-gamma * mHat) / (Math.sqrt(vHat) + epsilon)
    }
  }

export const radam =
  (gamma: number, beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8) =>
  (): Step => {
    let [m, v] = [0, 0]
    const rhoInf = 2 / (1 - beta2) - 1
    return (g, _, t) => {
      m = beta1 * m + (1 - beta1) * g
      v = beta2 * v + (1 - beta2) * g ** 2
      const mHat = m / (1 - beta1 ** t)
      const rho = rhoInf - (2 * t * beta2 ** t) / (1 - beta2 ** t)
      if (rho <= 5) return -gamma * mHat
      const l = Math.sqrt(1 - beta2 ** t) / (Math.sqrt(v) + epsilon)
      const r = Math.sqrt(((rho - 4) * (rho - 2) * rhoInf) / ((rhoInf - 4) * (rhoInf - 2) * rho))
      return -gamma * mHat * r * l
    }
  }

export const lion =
  (eta: number, beta1 = 0.9, beta2 = 0.99) =>
  (): Step => {
    let m = 0
    return (g) => {
      const c = beta1 * m + (1 - beta1) * g
      m = beta2 * m + (1 - beta2) * g
      return -eta * Math.sign(c)
    }
  }
