package kiln.dist;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.ToDoubleFunction;
import kiln.array.DType;
import kiln.array.Index;
import kiln.array.NDArray;
import kiln.array.Np;
import kiln.array.PRNGKey;
import kiln.array.Shape;
import kiln.math.Elementary;

/// A small SVG of a distribution: curves of a density, stems of a mass function, a cloud of draws where the event has several elements.
///
/// One colour for each of the first three members of the batch. Everything follows from the distribution and a fixed key, so the same
/// text comes out on every machine.
final class DensityPicture {
    private static final int WIDTH = 220;
    private static final int HEIGHT = 110;
    private static final int FOOT = 14;
    private static final int CURVE_POINTS = 181;
    private static final int MOST_STEMS = 45;
    private static final String[] COLOURS = {"#1f77b4", "#d95f02", "#1b9e77"};

    private final StringBuilder body = new StringBuilder();
    private double left;
    private double right;
    private double top;
    private double bottom;

    private DensityPicture() {}

    /// {@return the picture, or nothing where there are no draws to find its frame, or nothing to see}
    static Optional<String> of(DistributionCases.Row row) {
        Distribution d = row.example();
        int event = d.eventShape().size();
        if (!row.draws() || event == 0 || d instanceof Delta) {
            return Optional.empty();
        }
        NDArray draws = d.sample(PRNGKey.key(1), Shape.of(4000)).astype(DType.FLOAT64);
        var picture = new DensityPicture();
        if (event > 1) {
            picture.cloud(draws.reshape(4000, Math.max(1, d.batchShape().size()), event));
        } else {
            picture.curves(d, draws.reshape(4000, Math.max(1, d.batchShape().size())));
        }
        return Optional.of(picture.text());
    }

    // ---- one number

    private void curves(Distribution d, NDArray draws) {
        int members = Math.min(3, draws.size(1));
        double[] all = draws.get(Index.ALL, Index.slice(0, members)).toDoubleArray();
        Arrays.sort(all);
        double low = all[(int) (0.01 * all.length)];
        double high = all[(int) (0.99 * all.length)];
        double margin = d.isDiscrete() ? 1 : 0.08 * (high - low);
        left = low - margin;
        right = high > low ? high + margin : high + 1;
        double[] x = d.isDiscrete() ? integers() : grid();
        double[][] y = new double[members][];
        for (int k = 0; k < members; k++) {
            y[k] = density(d, x, k);
        }
        // A density that goes to infinity at an end is cut at a height that leaves the rest to be seen.
        double[] heights = Arrays.stream(y).flatMapToDouble(Arrays::stream).filter(Double::isFinite).sorted().toArray();
        double cut = d.isDiscrete() ? Double.POSITIVE_INFINITY : 3 * heights[(int) (0.9 * (heights.length - 1))];
        top = 1.05 * Math.min(cut, heights[heights.length - 1]);
        bottom = 0;
        for (int k = 0; k < members; k++) {
            if (d.isDiscrete()) {
                stems(x, y[k], k, members);
            } else {
                curve(x, y[k], k);
            }
        }
        axis();
    }

    private double[] grid() {
        double[] x = new double[CURVE_POINTS];
        for (int i = 0; i < x.length; i++) {
            x[i] = left + (right - left) * i / (x.length - 1);
        }
        return x;
    }

    private double[] integers() {
        int first = (int) Math.ceil(left);
        int count = Math.min(MOST_STEMS, (int) Math.floor(right) - first + 1);
        right = Math.min(right, first + count);
        double[] x = new double[count];
        for (int i = 0; i < count; i++) {
            x[i] = first + i;
        }
        return x;
    }

    /// The density of member `k` of the batch.
    private static double[] density(Distribution d, double[] x, int k) {
        Shape batch = d.batchShape();
        NDArray points = NDArray.of(x).astype(d.isDiscrete() ? DType.INT32 : DType.FLOAT64);
        int[] ones = new int[1 + batch.rank() + d.eventShape().rank()];
        Arrays.fill(ones, 1);
        ones[0] = x.length;
        NDArray log = Np.broadcastTo(d.logProb(points.reshape(ones)), Shape.of(x.length).then(batch));
        double[] all = log.reshape(x.length, Math.max(1, batch.size())).get(Index.ALL, Index.at(k)).toDoubleArray();
        return Arrays.stream(all).map(v -> Elementary.exp(v)).toArray();
    }

    private void curve(double[] x, double[] y, int k) {
        var path = new StringBuilder();
        boolean pen = false;
        for (int i = 0; i < x.length; i++) {
            if (!Double.isFinite(y[i])) {
                pen = false;
                continue;
            }
            path.append(pen ? "L" : "M").append(point(x[i], Math.min(y[i], 1.2 * top)));
            pen = true;
        }
        body.append("<path d=\"%s\" fill=\"none\" stroke=\"%s\" stroke-width=\"1.4\"/>\n".formatted(path, COLOURS[k]));
    }

    private void stems(double[] x, double[] y, int k, int members) {
        for (int i = 0; i < x.length; i++) {
            if (y[i] > 0) {
                double at = x[i] + (k - 0.5 * (members - 1)) * 0.18;
                body.append("<path d=\"M%sL%s\" stroke=\"%s\" stroke-width=\"1.6\"/>\n".formatted(point(at, 0), point(at, y[i]), COLOURS[k]));
            }
        }
    }

    // ---- several numbers

    /// The first two elements that vary, of 250 draws of the first member.
    private void cloud(NDArray draws) {
        List<Integer> varying = new ArrayList<>();
        int n = 250;
        double[][] columns = new double[2][];
        for (int e = 0; e < draws.size(2) && varying.size() < 2; e++) {
            double[] column = draws.get(Index.slice(0, n), Index.at(0), Index.at(e)).toDoubleArray();
            if (Arrays.stream(column).distinct().count() > 1) {
                columns[varying.size()] = column;
                varying.add(e);
            }
        }
        if (varying.size() < 2) {
            columns[1] = columns[0];
        }
        double[] xs = columns[0].clone();
        double[] ys = columns[1].clone();
        Arrays.sort(xs);
        Arrays.sort(ys);
        left = xs[2];
        right = xs[n - 3];
        bottom = ys[2];
        top = ys[n - 3];
        double marginX = 0.05 * (right - left);
        double marginY = 0.05 * (top - bottom);
        left -= marginX;
        right += marginX;
        bottom -= marginY;
        top += marginY;
        for (int i = 0; i < n; i++) {
            double x = columns[0][i];
            double y = columns[1][i];
            if (x >= left && x <= right && y >= bottom && y <= top) {
                String[] at = point(x, y).split(" ", -1);
                body.append("<circle cx=\"%s\" cy=\"%s\" r=\"1.2\" fill=\"%s\"/>\n".formatted(at[0], at[1], COLOURS[0]));
            }
        }
        axis();
    }

    // ---- the frame

    private String point(double x, double y) {
        double px = (x - left) / (right - left) * WIDTH;
        double py = (HEIGHT - FOOT) * (1 - (y - bottom) / (top - bottom));
        return String.format(Locale.ROOT, "%.1f %.1f", px, py).replace("-0.0", "0.0");
    }

    private void axis() {
        int y = HEIGHT - FOOT;
        body.append("<path d=\"M0 %d H%d\" stroke=\"#888\" stroke-width=\"0.8\"/>\n".formatted(y, WIDTH));
        ToDoubleFunction<Double> position = v -> (v - left) / (right - left) * WIDTH;
        double step = step((right - left) / 4);
        for (double v = Math.ceil(left / step) * step; v <= right; v += step) {
            double px = position.applyAsDouble(v);
            if (px > 8 && px < WIDTH - 8) {
                body.append("<text x=\"%s\" y=\"%d\" font-size=\"9\" text-anchor=\"middle\" fill=\"#555\" font-family=\"sans-serif\">%s</text>\n"
                        .formatted(String.format(Locale.ROOT, "%.1f", px), HEIGHT - 3, label(v, step)));
            }
        }
    }

    /// The nearest of 1, 2, 5 times a power of ten, from above.
    private static double step(double atLeast) {
        double power = 1;
        while (power > atLeast) {
            power /= 10;
        }
        while (power * 10 <= atLeast) {
            power *= 10;
        }
        return atLeast <= power ? power : atLeast <= 2 * power ? 2 * power : atLeast <= 5 * power ? 5 * power : 10 * power;
    }

    private static String label(double v, double step) {
        int digits = step >= 1 ? 0 : step >= 0.1 ? 1 : step >= 0.01 ? 2 : 3;
        String text = String.format(Locale.ROOT, "%." + digits + "f", v);
        return text.matches("-0\\.?0*") ? text.substring(1) : text;
    }

    private String text() {
        return "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\" viewBox=\"0 0 %d %d\">\n%s</svg>\n"
                .formatted(WIDTH, HEIGHT, WIDTH, HEIGHT, body);
    }
}
