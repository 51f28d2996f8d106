// Layers of small networks for the browser: `make kernel` compiles this to network.wasm.
// Source: book/part4/browser.md; the same layers in plain JavaScript are in convnet.js.
//
// Pictures come in batches of B. The number of the picture is the last index of every array, so
// that one instruction does the same for four of them. Maps are (C, S + 2, S + 2, B): the border
// of zeros is the padding of a 3 by 3 convolution, and nothing ever writes there.

enum { B = 32, V = B / 4 };

typedef float v4 __attribute__((vector_size(16)));

__attribute__((import_name("exp"))) double exp(double);
__attribute__((import_name("log"))) double log(double);

#define EXPORT __attribute__((visibility("default")))

/** Which text was compiled: a test compares it with this file. */
EXPORT const char source[] = SOURCE_SHA256;

typedef int i4 __attribute__((vector_size(16)));

/** a where the condition holds (all bits 1), 0 elsewhere. */
static v4 where(i4 condition, v4 a) { return (v4)(condition & (i4)a); }

static float lanes(v4 a) { return a[0] + a[1] + a[2] + a[3]; }

/** The vectors of one place of a map with C channels, side S. */
static int at(int c, int S, int y, int x) { return ((c * (S + 2) + y) * (S + 2) + x) * V; }

EXPORT int batch(void) { return B; }

/** out (F, ...) of x (C, ...), weights (F, C, 3, 3), b (F). */
EXPORT void conv(const v4 *x, const float *w, const float *b, v4 *out, int C, int F, int S) {
  for (int f = 0; f < F; f++)
    for (int y = 0; y < S; y++)
      for (int i = 0; i < S; i++) {
        v4 sum[V];
        for (int v = 0; v < V; v++) sum[v] = (v4){b[f], b[f], b[f], b[f]};
        for (int c = 0; c < C; c++)
          for (int k = 0; k < 9; k++) {
            const v4 *in = x + at(c, S, y + k / 3, i + k % 3);
            const float weight = w[(f * C + c) * 9 + k];
            for (int v = 0; v < V; v++) sum[v] += weight * in[v];
          }
        v4 *to = out + at(f, S, y + 1, i + 1);
        for (int v = 0; v < V; v++) to[v] = sum[v];
      }
}

/** dw (F, C, 3, 3) and db (F): sums over places and pictures. */
EXPORT void conv_dw(const v4 *x, const v4 *dout, float *dw, float *db, int C, int F, int S) {
  for (int f = 0; f < F; f++) {
    v4 total = {0};
    for (int y = 1; y <= S; y++)
      for (int i = 1; i <= S; i++)
        for (int v = 0; v < V; v++) total += dout[at(f, S, y, i) + v];
    db[f] = lanes(total);
    for (int c = 0; c < C; c++) {
      v4 sum[9] = {{0}};
      for (int y = 0; y < S; y++)
        for (int i = 0; i < S; i++) {
          const v4 *d = dout + at(f, S, y + 1, i + 1);
          const v4 *rows[3] = {x + at(c, S, y, i), x + at(c, S, y + 1, i), x + at(c, S, y + 2, i)};
          for (int v = 0; v < V; v++)
            for (int k = 0; k < 9; k++) sum[k] += d[v] * rows[k / 3][(k % 3) * V + v];
        }
      for (int k = 0; k < 9; k++) dw[(f * C + c) * 9 + k] = lanes(sum[k]);
    }
  }
}

/** dx (C, ...): each filter is turned by half a turn. */
EXPORT void conv_dx(const v4 *dout, const float *w, v4 *dx, int C, int F, int S) {
  for (int c = 0; c < C; c++)
    for (int y = 0; y < S; y++)
      for (int i = 0; i < S; i++) {
        v4 sum[V] = {{0}};
        for (int f = 0; f < F; f++)
          for (int k = 0; k < 9; k++) {
            const v4 *in = dout + at(f, S, y + 2 - k / 3, i + 2 - k % 3);
            const float weight = w[(f * C + c) * 9 + k];
            for (int v = 0; v < V; v++) sum[v] += weight * in[v];
          }
        v4 *to = dx + at(c, S, y + 1, i + 1);
        for (int v = 0; v < V; v++) to[v] = sum[v];
      }
}

/** In place, for n vectors. */
EXPORT void relu(v4 *x, int n) {
  for (int i = 0; i < n; i++) x[i] = where(x[i] > 0, x[i]);
}

/** In place: dx is 0 where the output of relu is 0. */
EXPORT void relu_dx(const v4 *out, v4 *dx, int n) {
  for (int i = 0; i < n; i++) dx[i] = where(out[i] > 0, dx[i]);
}

/** The largest of 2 by 2: x (C, ...) of side S to out of side S / 2; pad is 1 for a map, 0 for rows. */
EXPORT void pool(const float *x, float *out, int *from, int C, int S, int pad) {
  const int half = S / 2, wide = half + 2 * pad;
  for (int c = 0; c < C; c++)
    for (int y = 0; y < half; y++)
      for (int i = 0; i < half; i++) {
        const int place = (c * half + y) * half + i, corner = 4 * at(c, S, 2 * y + 1, 2 * i + 1);
        const int steps[4] = {0, B, (S + 2) * B, (S + 2) * B + B};
        float *to = out + ((c * wide + y + pad) * wide + i + pad) * B;
        for (int n = 0; n < B; n++) {
          int best = corner + n;
          for (int k = 1; k < 4; k++) best = x[corner + steps[k] + n] > x[best] ? corner + steps[k] + n : best;
          from[place * B + n] = best;
          to[n] = x[best];
        }
      }
}

/** dx of side S from dout of side S / 2. */
EXPORT void pool_dx(const float *dout, const int *from, v4 *dx, int C, int S, int pad) {
  const int half = S / 2, wide = half + 2 * pad;
  for (int i = 0; i < C * (S + 2) * (S + 2) * V; i++) dx[i] = (v4){0};
  for (int c = 0; c < C; c++)
    for (int y = 0; y < half; y++)
      for (int i = 0; i < half; i++)
        for (int n = 0; n < B; n++)
          ((float *)dx)[from[((c * half + y) * half + i) * B + n]] =
              dout[((c * wide + y + pad) * wide + i + pad) * B + n];
}

/** out (H, B) of x (D, B), weights (H, D), b (H). */
EXPORT void dense(const v4 *x, const float *w, const float *b, v4 *out, int D, int H) {
  for (int h = 0; h < H; h++) {
    v4 sum[V];
    for (int v = 0; v < V; v++) sum[v] = (v4){b[h], b[h], b[h], b[h]};
    for (int d = 0; d < D; d++)
      for (int v = 0; v < V; v++) sum[v] += w[h * D + d] * x[d * V + v];
    for (int v = 0; v < V; v++) out[h * V + v] = sum[v];
  }
}

EXPORT void dense_dw(const v4 *x, const v4 *dout, float *dw, float *db, int D, int H) {
  for (int h = 0; h < H; h++) {
    v4 total = {0};
    for (int v = 0; v < V; v++) total += dout[h * V + v];
    db[h] = lanes(total);
    for (int d = 0; d < D; d++) {
      v4 sum = {0};
      for (int v = 0; v < V; v++) sum += dout[h * V + v] * x[d * V + v];
      dw[h * D + d] = lanes(sum);
    }
  }
}

EXPORT void dense_dx(const v4 *dout, const float *w, v4 *dx, int D, int H) {
  for (int d = 0; d < D; d++) {
    v4 sum[V] = {{0}};
    for (int h = 0; h < H; h++)
      for (int v = 0; v < V; v++) sum[v] += w[h * D + d] * dout[h * V + v];
    for (int v = 0; v < V; v++) dx[d * V + v] = sum[v];
  }
}

/** Mean cross-entropy of scores (K, B) for the first N pictures, and its gradient; 0 for the others. */
EXPORT double cross_entropy(const float *s, const int *labels, float *ds, int K, int N) {
  double loss = 0;
  for (int n = 0; n < B; n++) {
    double most = s[n], sum = 0;
    for (int k = 1; k < K; k++) most = s[k * B + n] > most ? s[k * B + n] : most;
    for (int k = 0; k < K; k++) sum += exp(s[k * B + n] - most);
    for (int k = 0; k < K; k++)
      ds[k * B + n] = n < N ? (exp(s[k * B + n] - most) / sum - (k == labels[n])) / N : 0;
    if (n < N) loss += (log(sum) + most - s[labels[n] * B + n]) / N;
  }
  return loss;
}

/** One step of descent with momentum, for n vectors. */
EXPORT void step(v4 *w, const v4 *dw, v4 *speed, int n, float rate, float momentum) {
  for (int i = 0; i < n; i++) {
    speed[i] = momentum * speed[i] - rate * dw[i];
    w[i] += speed[i];
  }
}
