/*
 * The limit: the same training step in C with OpenBLAS, float32, one thread; takes the commands of sides/child.ts.
 *
 *     gcc -O3 -march=native -ffast-math -o limit limit.c -lopenblas -lm
 *
 * Products of the recurrence are done by OpenBLAS or by a small kernel of its own, whichever is faster at the
 * sizes of the case (OpenBLAS has a cost a call that small products do not earn back). All other products are OpenBLAS's
 * from a size on. Time-major; gates side by side in a row, PyTorch's order.
 */
#include <cblas.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static const float threshold = 1.0f, rate = 1e-3f;

typedef float lanes __attribute__((vector_size(32), aligned(4)));
enum { LANES = 8 };

/* out[m, n] = (accumulate ? out : 0) + a[m, k] · b[k, n], four rows and two vectors of columns at a time */
static void small_nn(float *restrict out, const float *restrict a, const float *restrict b, int m, int n, int k,
                     int accumulate) {
  int row = 0;
  for (; row + 4 <= m; row += 4) {
    int column = 0;
    for (; column + 2 * LANES <= n; column += 2 * LANES) {
      lanes sum[4][2];
      for (int r = 0; r < 4; r++)
        for (int v = 0; v < 2; v++)
          sum[r][v] = accumulate ? *(const lanes *)(out + (row + r) * n + column + v * LANES) : (lanes){0};
      for (int index = 0; index < k; index++) {
        const lanes b0 = *(const lanes *)(b + index * n + column);
        const lanes b1 = *(const lanes *)(b + index * n + column + LANES);
        for (int r = 0; r < 4; r++) {
          const float value = a[(row + r) * k + index];
          sum[r][0] += value * b0;
          sum[r][1] += value * b1;
        }
      }
      for (int r = 0; r < 4; r++)
        for (int v = 0; v < 2; v++) *(lanes *)(out + (row + r) * n + column + v * LANES) = sum[r][v];
    }
    for (; column < n; column++)
      for (int r = 0; r < 4; r++) {
        float sum = accumulate ? out[(row + r) * n + column] : 0;
        for (int index = 0; index < k; index++) sum += a[(row + r) * k + index] * b[index * n + column];
        out[(row + r) * n + column] = sum;
      }
  }
  /* a row by itself: four vectors of columns at a time, k in two halves that do not wait for each other */
  for (; row < m; row++) {
    int column = 0;
    for (; column + 4 * LANES <= n; column += 4 * LANES) {
      lanes sum[2][4] = {0};
      int index = 0;
      for (; index + 2 <= k; index += 2)
        for (int half = 0; half < 2; half++)
          for (int v = 0; v < 4; v++)
            sum[half][v] += a[row * k + index + half] * *(const lanes *)(b + (index + half) * n + column + v * LANES);
      for (; index < k; index++)
        for (int v = 0; v < 4; v++) sum[0][v] += a[row * k + index] * *(const lanes *)(b + index * n + column + v * LANES);
      for (int v = 0; v < 4; v++) {
        lanes *place = (lanes *)(out + row * n + column + v * LANES);
        *place = (accumulate ? *place : (lanes){0}) + sum[0][v] + sum[1][v];
      }
    }
    for (; column + LANES <= n; column += LANES) {
      lanes sum[4] = {0};
      int index = 0;
      for (; index + 4 <= k; index += 4)
        for (int part = 0; part < 4; part++)
          sum[part] += a[row * k + index + part] * *(const lanes *)(b + (index + part) * n + column);
      for (; index < k; index++) sum[0] += a[row * k + index] * *(const lanes *)(b + index * n + column);
      lanes *place = (lanes *)(out + row * n + column);
      *place = (accumulate ? *place : (lanes){0}) + (sum[0] + sum[1]) + (sum[2] + sum[3]);
    }
    for (; column < n; column++) {
      float sum = accumulate ? out[row * n + column] : 0;
      for (int index = 0; index < k; index++) sum += a[row * k + index] * b[index * n + column];
      out[row * n + column] = sum;
    }
  }
}

static void transpose(float *restrict out, const float *restrict a, int m, int n) {
  for (int row = 0; row < m; row++)
    for (int column = 0; column < n; column++) out[column * m + row] = a[row * n + column];
}

/* (exp(2x) - 1) / (exp(2x) + 1) by a rational function, as Eigen has it: within some units of the last digit */
static inline float fast_tanh(float x) {
  const float bounded = fmaxf(-7.90531f, fminf(7.90531f, x));
  const float square = bounded * bounded;
  float p = -2.76076847742355e-16f;
  p = p * square + 2.00018790482477e-13f;
  p = p * square + -8.60467152213735e-11f;
  p = p * square + 5.12229709037114e-08f;
  p = p * square + 1.48572235717979e-05f;
  p = p * square + 6.37261928875436e-04f;
  p = p * square + 4.89352455891786e-03f;
  float q = 1.19825839466702e-06f;
  q = q * square + 1.18534705686654e-04f;
  q = q * square + 2.26843463243900e-03f;
  q = q * square + 4.89352518554385e-03f;
  return bounded * p / q;
}

static inline float sigmoid(float x) { return 0.5f * fast_tanh(0.5f * x) + 0.5f; }

enum { RNN, GRU, LSTM };
static const char *kinds[] = {"rnn", "gru", "lstm"};
static const int gates_of[] = {1, 3, 4};
enum { W, U, BIAS, BN, V, C, TENSORS };

static struct {
  int kind, hidden, batch, steps, features, width, rows;
  /* whether the products of the recurrence are done by the small kernel */
  int small_forward, small_backward;
  int size[TENSORS];
  float *parameter[TENSORS], *gradient[TENSORS], *first[TENSORS], *second[TENSORS];
  float *inputs, *targets;
  float *states, *cells, *squashed, *gates, *inner, *recurrent;
  float *slope, *external, *carried, *carried_cell, *delta, *through;
  float *transposed, *scratch;
  long updates;
} net;

/* all that was made for the case at hand */
static float *made[64];
static int made_count;

static float *floats(long count) {
  float *block = aligned_alloc(64, ((count > 0 ? count : 1) * sizeof(float) + 63) / 64 * 64);
  memset(block, 0, count * sizeof(float));
  return made[made_count++] = block;
}

/* a[m, k] · b[k, n] of one time step; the small kernel only where it was found faster */
static void step_product(float *out, const float *a, const float *b, int m, int n, int k, int accumulate, int small) {
  if (small)
    small_nn(out, a, b, m, n, k, accumulate);
  else
    cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, m, n, k, 1, a, k, b, n, accumulate, out, n);
}

/* out[m, n] = (accumulate ? out : 0) + a[k, m]ᵀ · b[k, n] */
static void gradient_product(float *out, const float *a, const float *b, int m, int n, int k) {
  if ((long)m * n * k < 40000) {
    transpose(net.scratch, a, k, m);
    small_nn(out, net.scratch, b, m, n, k, 0);
  } else
    cblas_sgemm(CblasRowMajor, CblasTrans, CblasNoTrans, m, n, k, 1, a, m, b, n, 0, out, n);
}

static void fill_rows(float *restrict out, const float *restrict bias, int rows, int n) {
  for (int row = 0; row < rows; row++) memcpy(out + (long)row * n, bias, n * sizeof(float));
}

static void sum_rows(float *restrict out, const float *restrict a, int rows, int n, int stride) {
  memset(out, 0, n * sizeof(float));
  for (int row = 0; row < rows; row++)
    for (int column = 0; column < n; column++) out[column] += a[(long)row * stride + column];
}

static void rows_product(float *out, const float *a, const float *b, int m, int n, int k, int accumulate) {
  /* b[n, k] */
  if ((long)m * n * k < 40000) {
    transpose(net.scratch, b, n, k);
    small_nn(out, a, net.scratch, m, n, k, accumulate);
  } else
    cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasTrans, m, n, k, 1, a, k, b, k, accumulate, out, n);
}

static void step_forward(int t) {
  const int batch = net.batch, hidden = net.hidden, size = batch * hidden;
  float *restrict gates = net.gates + (long)t * batch * net.width;
  const float *before = net.states + (long)t * size;
  float *restrict after = net.states + (long)(t + 1) * size;
  if (net.kind == RNN) {
    step_product(gates, before, net.transposed, batch, hidden, hidden, 1, net.small_forward);
    for (int at = 0; at < size; at++) after[at] = fast_tanh(gates[at]);
    return;
  }
  if (net.kind == LSTM) {
    step_product(gates, before, net.transposed, batch, net.width, hidden, 1, net.small_forward);
    for (int row = 0; row < batch; row++) {
      float *restrict i = gates + row * net.width, *restrict f = i + hidden, *restrict g = f + hidden,
                     *restrict o = g + hidden;
      const float *restrict c = net.cells + (long)t * size + row * hidden;
      float *restrict next = net.cells + (long)(t + 1) * size + row * hidden;
      float *restrict squashed = net.squashed + (long)t * size + row * hidden;
      for (int unit = 0; unit < hidden; unit++) {
        i[unit] = sigmoid(i[unit]);
        f[unit] = sigmoid(f[unit]);
        g[unit] = fast_tanh(g[unit]);
        o[unit] = sigmoid(o[unit]);
        next[unit] = f[unit] * c[unit] + i[unit] * g[unit];
        squashed[unit] = fast_tanh(next[unit]);
        after[row * hidden + unit] = o[unit] * squashed[unit];
      }
    }
    return;
  }
  step_product(net.recurrent, before, net.transposed, batch, net.width, hidden, 0, net.small_forward);
  for (int row = 0; row < batch; row++) {
    float *restrict r = gates + row * net.width, *restrict z = r + hidden, *restrict n = z + hidden;
    const float *restrict own = net.recurrent + row * net.width;
    float *restrict inner = net.inner + (long)t * size + row * hidden;
    for (int unit = 0; unit < hidden; unit++) {
      r[unit] = sigmoid(r[unit] + own[unit]);
      z[unit] = sigmoid(z[unit] + own[hidden + unit]);
      inner[unit] = own[2 * hidden + unit] + net.parameter[BN][unit];
      n[unit] = fast_tanh(n[unit] + r[unit] * inner[unit]);
      after[row * hidden + unit] = (1 - z[unit]) * n[unit] + z[unit] * before[row * hidden + unit];
    }
  }
}

static void step_backward(int t) {
  const int batch = net.batch, hidden = net.hidden, width = net.width, size = batch * hidden;
  const float *restrict external = net.external + (long)t * size;
  float *restrict delta = net.delta + (long)t * batch * width;
  float *restrict carried = net.carried;
  const float *through = delta;
  if (net.kind == RNN) {
    const float *restrict after = net.states + (long)(t + 1) * size;
    for (int at = 0; at < size; at++) delta[at] = (1 - after[at] * after[at]) * (carried[at] + external[at]);
  } else if (net.kind == LSTM) {
    for (int row = 0; row < batch; row++) {
      const float *restrict i = net.gates + ((long)t * batch + row) * width, *restrict f = i + hidden,
                  *restrict g = f + hidden, *restrict o = g + hidden;
      const float *restrict c = net.cells + (long)t * size + row * hidden;
      const float *restrict s = net.squashed + (long)t * size + row * hidden;
      float *restrict d = delta + row * width;
      for (int unit = 0; unit < hidden; unit++) {
        const int at = row * hidden + unit;
        const float dh = carried[at] + external[at];
        const float dc = net.carried_cell[at] + dh * o[unit] * (1 - s[unit] * s[unit]);
        d[unit] = dc * g[unit] * i[unit] * (1 - i[unit]);
        d[hidden + unit] = dc * c[unit] * f[unit] * (1 - f[unit]);
        d[2 * hidden + unit] = dc * i[unit] * (1 - g[unit] * g[unit]);
        d[3 * hidden + unit] = dh * s[unit] * o[unit] * (1 - o[unit]);
        net.carried_cell[at] = dc * f[unit];
      }
    }
  } else {
    for (int row = 0; row < batch; row++) {
      const float *restrict r = net.gates + ((long)t * batch + row) * width, *restrict z = r + hidden,
                  *restrict n = z + hidden;
      const float *restrict before = net.states + (long)t * size + row * hidden;
      const float *restrict inner = net.inner + (long)t * size + row * hidden;
      float *restrict d = delta + row * width;
      float *restrict e = net.through + ((long)t * batch + row) * width;
      for (int unit = 0; unit < hidden; unit++) {
        const int at = row * hidden + unit;
        const float dh = carried[at] + external[at];
        const float dn = dh * (1 - z[unit]) * (1 - n[unit] * n[unit]);
        const float dr = dn * inner[unit] * r[unit] * (1 - r[unit]);
        const float dz = dh * (before[unit] - n[unit]) * z[unit] * (1 - z[unit]);
        d[unit] = e[unit] = dr;
        d[hidden + unit] = e[hidden + unit] = dz;
        d[2 * hidden + unit] = dn;
        e[2 * hidden + unit] = dn * r[unit];
        carried[at] = dh * z[unit];
      }
    }
    through = net.through + (long)t * batch * width;
  }
  if (t > 0)
    step_product(carried, through, net.parameter[W], batch, hidden, width, net.kind == GRU, net.small_backward);
}

static double forward(void) {
  const int rows = net.rows, hidden = net.hidden, features = net.features;
  fill_rows(net.gates, net.parameter[BIAS], rows, net.width);
  rows_product(net.gates, net.inputs, net.parameter[U], rows, net.width, features, 1);
  transpose(net.transposed, net.parameter[W], net.width, hidden);
  for (int t = 0; t < net.steps; t++) step_forward(t);
  fill_rows(net.slope, net.parameter[C], rows, features);
  rows_product(net.slope, net.states + net.batch * hidden, net.parameter[V], rows, features, hidden, 1);
  const int count = rows * features;
  float sum = 0;
  for (int at = 0; at < count; at++) {
    const float error = net.slope[at] - net.targets[at];
    sum += error * error;
    net.slope[at] = 2 / (float)count * error;
  }
  return sum / count;
}

static void backward(void) {
  const int rows = net.rows, hidden = net.hidden, features = net.features, width = net.width;
  if ((long)rows * hidden * features < 40000)
    small_nn(net.external, net.slope, net.parameter[V], rows, hidden, features, 0);
  else
    cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, rows, hidden, features, 1, net.slope, features,
                net.parameter[V], hidden, 0, net.external, hidden);
  memset(net.carried, 0, (long)net.batch * hidden * sizeof(float));
  memset(net.carried_cell, 0, (long)net.batch * hidden * sizeof(float));
  for (int t = net.steps - 1; t >= 0; t--) step_backward(t);
  const float *through = net.kind == GRU ? net.through : net.delta;
  gradient_product(net.gradient[W], through, net.states, width, hidden, rows);
  gradient_product(net.gradient[U], net.delta, net.inputs, width, features, rows);
  sum_rows(net.gradient[BIAS], net.delta, rows, width, width);
  if (net.kind == GRU) sum_rows(net.gradient[BN], through + 2 * hidden, rows, hidden, width);
  gradient_product(net.gradient[V], net.slope, net.states + net.batch * hidden, features, hidden, rows);
  sum_rows(net.gradient[C], net.slope, rows, features, features);
}

static void update(void) {
  float squares = 0;
  for (int tensor = 0; tensor < TENSORS; tensor++)
    for (int at = 0; at < net.size[tensor]; at++) squares += net.gradient[tensor][at] * net.gradient[tensor][at];
  const float scale = fminf(1, threshold / sqrtf(squares));
  net.updates++;
  const float step = rate / (1 - powf(0.9f, net.updates)), correction = 1 / (1 - powf(0.999f, net.updates));
  for (int tensor = 0; tensor < TENSORS; tensor++) {
    float *restrict parameter = net.parameter[tensor], *restrict first = net.first[tensor];
    float *restrict second = net.second[tensor];
    const float *restrict gradient = net.gradient[tensor];
    for (int at = 0; at < net.size[tensor]; at++) {
      const float slope = gradient[at] * scale;
      first[at] = 0.9f * first[at] + 0.1f * slope;
      second[at] = 0.999f * second[at] + 0.001f * slope * slope;
      parameter[at] -= step * first[at] / (sqrtf(second[at] * correction) + 1e-8f);
    }
  }
}

static double now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return time.tv_sec * 1e3 + time.tv_nsec / 1e6;
}

static double best_of(int small, int width, int k, int accumulate) {
  double best = INFINITY;
  const long work = (long)net.batch * width * k;
  const int times = 1 + (int)(4000000 / work);
  for (int round = 0; round < 5; round++) {
    const double before = now();
    for (int count = 0; count < times; count++)
      step_product(net.recurrent, net.states, net.transposed, net.batch, width, k, accumulate, small);
    best = fmin(best, now() - before);
  }
  return best;
}

static void set_up(const char *kind, const char *file) {
  while (made_count > 0) free(made[--made_count]);
  for (net.kind = 0; strcmp(kinds[net.kind], kind); net.kind++) {
  }
  const int hidden = net.hidden, features = net.features;
  net.width = gates_of[net.kind] * hidden;
  net.rows = net.steps * net.batch;
  const int sizes[] = {net.width * hidden, net.width * features, net.width, net.kind == GRU ? hidden : 0,
                       features * hidden,  features};
  const long rows = net.rows, widest = (long)(net.width > hidden ? net.width : hidden);
  FILE *problem = fopen(file, "rb");
  if (!problem) exit(1);
  size_t missing = 0;
  for (int tensor = 0; tensor < TENSORS; tensor++) {
    net.size[tensor] = sizes[tensor];
    net.parameter[tensor] = floats(sizes[tensor]);
    net.gradient[tensor] = floats(sizes[tensor]);
    net.first[tensor] = floats(sizes[tensor]);
    net.second[tensor] = floats(sizes[tensor]);
    missing += sizes[tensor] - fread(net.parameter[tensor], sizeof(float), sizes[tensor], problem);
  }
  net.inputs = floats(rows * features);
  net.targets = floats(rows * features);
  missing += rows * features - fread(net.inputs, sizeof(float), rows * features, problem);
  missing += rows * features - fread(net.targets, sizeof(float), rows * features, problem);
  fclose(problem);
  if (missing) exit(1);
  net.states = floats((rows + net.batch) * hidden);
  net.cells = floats((rows + net.batch) * hidden);
  net.squashed = floats(rows * hidden);
  net.inner = floats(rows * hidden);
  net.gates = floats(rows * net.width);
  net.recurrent = floats(net.batch * widest);
  net.slope = floats(rows * features);
  net.external = floats(rows * hidden);
  net.carried = floats(net.batch * hidden);
  net.carried_cell = floats(net.batch * hidden);
  net.delta = floats(rows * net.width);
  net.through = floats(rows * net.width);
  net.transposed = floats((long)net.width * hidden);
  net.scratch = floats(40000);
  net.updates = 0;
  net.small_forward = best_of(1, net.width, hidden, 1) < best_of(0, net.width, hidden, 1);
  net.small_backward = best_of(1, hidden, net.width, 0) < best_of(0, hidden, net.width, 0);
}

int main(void) {
  static char line[4096], kind[16], file[4000];
  openblas_set_num_threads(1);
  while (fgets(line, sizeof line, stdin)) {
    long count;
    if (sscanf(line, "setUp %15s %d %d %d %d %3999s", kind, &net.hidden, &net.batch, &net.steps, &net.features, file) == 6) {
      set_up(kind, file);
      puts("ok");
    } else if (sscanf(line, "gradients %3999s", file) == 1) {
      const float loss = forward();
      backward();
      FILE *out = fopen(file, "wb");
      if (!out) return 1;
      fwrite(&loss, sizeof loss, 1, out);
      for (int tensor = 0; tensor < TENSORS; tensor++)
        fwrite(net.gradient[tensor], sizeof(float), net.size[tensor], out);
      fclose(out);
      puts("ok");
    } else if (sscanf(line, "run %ld", &count) == 1) {
      const double before = now();
      for (long step = 0; step < count; step++) {
        forward();
        backward();
        update();
      }
      printf("%.9g\n", now() - before);
    } else
      return 1;
    fflush(stdout);
  }
  return 0;
}
