package kiln.dist;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import kiln.array.NDArray;
import kiln.array.Np;
import kiln.array.PRNGKey;
import kiln.array.Shape;
import kiln.dist.DistributionCases.Fit;
import kiln.dist.DistributionCases.Row;
import kiln.dist.constraint.Constraints;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Draws follow their distribution: 10⁵ draws of every row under a fixed key.
///
/// Each comparison would reject a correct sampler under another key with a probability of about 10⁻⁶ (Kolmogorov's limit 2.69,
/// or 5 standard deviations); under the fixed key the outcome never changes.
class GoodnessOfFitTest {
    private static final int N = 100_000;
    private static final double LIMIT = 5;
    private static final double KOLMOGOROV = Math.sqrt(Math.log(2 / 1e-6) / 2);

    private static final Set<String> WITHOUT_CDF = Set.of("StudentT", "Gamma", "InverseGamma", "Chi2", "Beta", "Poisson");

    static List<Row> rows() {
        return CaseCheck.FIT.rows();
    }

    @ParameterizedTest
    @MethodSource("rows")
    void drawsFollowTheDistribution(Row row) {
        fits(row, row.example().sample(PRNGKey.key(7), Shape.of(N)));
    }

    @ParameterizedTest
    @MethodSource("rows")
    void drawsOfAFastKeyFollowTheDistribution(Row row) {
        fits(row, row.example().sample(PRNGKey.fast(7), Shape.of(N)));
    }

    private static void fits(Row row, NDArray x) {
        switch (row.fit()) {
            case CDF -> kolmogorov(row.example().cdf(x));
            case COUNTS -> counts(row.example(), x);
            case MOMENTS -> moments(row.example(), x);
            case DENSITY -> density(row.example(), x);
            case MEAN -> average(x, row.example().mean());
            case CIRCLE -> circle(row.example(), x);
            case NONE -> throw new IllegalStateException("filtered");
        }
    }

    /// One column of draws for every element of a batch and event.
    private static double[][] columns(NDArray x) {
        NDArray rows = x.reshape(N, -1).transpose();
        return IntStream.range(0, rows.size(0)).mapToObj(i -> rows.get(i).toDoubleArray()).toArray(double[][]::new);
    }

    /// The distribution function of draws is uniform.
    private static void kolmogorov(NDArray u) {
        for (double[] column : columns(u)) {
            Arrays.sort(column);
            double distance = 0;
            for (int i = 0; i < N; i++) {
                distance = Math.max(distance, Math.max((i + 1.0) / N - column[i], column[i] - (double) i / N));
            }
            assertThat(distance * Math.sqrt(N)).isLessThan(KOLMOGOROV);
        }
    }

    private static void moments(Distribution d, NDArray x) {
        double[] mean = d.mean().toDoubleArray();
        double[] variance = d.variance().toDoubleArray();
        double[][] columns = columns(x);
        for (int i = 0; i < columns.length; i++) {
            double[] c = columns[i];
            double first = mean[i];
            double m = Arrays.stream(c).average().orElseThrow();
            double second = Arrays.stream(c).map(v -> (v - first) * (v - first)).average().orElseThrow();
            double fourth = Arrays.stream(c).map(v -> Math.pow(v - first, 4)).average().orElseThrow();
            if (variance[i] == 0) {
                assertThat(c).as("constant " + i).usingComparatorWithPrecision(1e-12).containsOnly(first);
                continue;
            }
            assertThat((m - first) / Math.sqrt(variance[i] / N)).as("mean " + i).isBetween(-LIMIT, LIMIT);
            assertThat((second - variance[i]) / Math.sqrt((fourth - second * second) / N)).as("variance " + i).isBetween(-LIMIT, LIMIT);
        }
    }

    private static void circle(Distribution d, NDArray x) {
        NDArray turned = x.minus(d.mean());
        average(Np.sin(turned), Np.zerosLike(d.mean()));
        average(Np.cos(turned), Np.subtract(1, d.variance()));
    }

    /// Under the density p the mean of f / p is the integral of f: the size of the support for f = 1, and 0 for functions that are
    /// odd on it, here the sines of angles or the coordinates of a sphere.
    private static void density(Distribution d, NDArray x) {
        boolean sphere = d.support().equals(Constraints.sphere);
        int n = d.eventShape().dim(0);
        double size = sphere ? 4 * Math.PI : Math.pow(2 * Math.PI, n);
        assertThat(!sphere || n == 3).isTrue();
        NDArray inverse = Np.exp(d.logProb(x).unaryMinus());
        average(inverse, Np.full(d.batchShape(), size));
        NDArray odd = (sphere ? x : Np.sin(x)).times(Np.expandDims(inverse, -1));
        average(odd, Np.full(d.batchShape().then(d.eventShape()), 0));
        average(Np.square(sphere ? x : Np.sin(x)).times(Np.expandDims(inverse, -1)),
                Np.full(d.batchShape().then(d.eventShape()), size / (sphere ? 3 : 2)));
    }

    private static void average(NDArray x, NDArray want) {
        NDArray room = Np.std(x, 1, 0).times(LIMIT / Math.sqrt(N));
        assertThat(Np.all(Np.abs(x.mean(0).minus(want)).le(room)).isTrue()).as("means %s, not %s", x.mean(0), want).isTrue();
    }

    /// Pearson's χ² over bins with at least 10 expected draws, as a normal number by Wilson and Hilferty's cube root.
    private static void counts(Distribution d, NDArray x) {
        double[][] columns = columns(x);
        for (int j = 0; j < columns.length; j++) {
            int low = (int) Arrays.stream(columns[j]).min().orElseThrow();
            int high = (int) Arrays.stream(columns[j]).max().orElseThrow();
            int[] seen = new int[high - low + 1];
            for (double v : columns[j]) {
                seen[(int) v - low]++;
            }
            List<double[]> bins = new ArrayList<>();
            double[] open = new double[2];
            double mass = 0;
            for (int k = low; k <= high; k++) {
                double p = Np.exp(d.logProb(NDArray.as(k))).toDoubleArray()[j];
                mass += p;
                open[0] += seen[k - low];
                open[1] += N * p;
                if (open[1] >= 10) {
                    bins.add(open);
                    open = new double[2];
                }
            }
            open[1] += N * Math.max(0, 1 - mass);
            bins.getLast()[0] += open[0];
            bins.getLast()[1] += open[1];
            double chi2 = bins.stream().mapToDouble(b -> (b[0] - b[1]) * (b[0] - b[1]) / b[1]).sum();
            double dof = bins.size() - 1;
            if (dof > 0) {
                double z = (Math.cbrt(chi2 / dof) - (1 - 2 / (9 * dof))) / Math.sqrt(2 / (9 * dof));
                assertThat(z).as("chi-squared " + chi2 + " with " + dof + " degrees of freedom").isLessThan(LIMIT);
            } else {
                assertThat(chi2).isLessThan(1e-9);
            }
        }
    }

    /// Where there is no closed distribution function, the oracle's values of it are compared with how many draws lie below.
    @TestFactory
    Stream<DynamicTest> drawsFollowTheOraclesDistributionFunction() {
        return Oracle.records("distributions.json").stream()
                .filter(r -> r.has("cdf") && WITHOUT_CDF.contains(r.get("dist").asText()))
                .map(r -> DynamicTest.dynamicTest(r.get("dist").asText() + " " + r.get("params"), () -> proportions(r)));
    }

    private static void proportions(JsonNode r) {
        int n = 20_000;
        Distribution d = DistributionCases.make(r.get("dist").asText(), new Params(r.get("params"), Map.of()));
        double[] draws = d.sample(PRNGKey.key(11), Shape.of(n)).toDoubleArray();
        double[] at = Oracle.array(r.get("values")).toDoubleArray();
        double[] cdf = Oracle.numbers(r.get("cdf"), at.length);
        for (int i = 0; i < at.length; i++) {
            double value = at[i];
            double p = cdf[i];
            if (n * p > 100 && n * (1 - p) > 100) {
                double below = Arrays.stream(draws).filter(v -> v <= value).count();
                assertThat((below - n * p) / Math.sqrt(n * p * (1 - p))).as("draws ≤ " + value).isBetween(-LIMIT, LIMIT);
            }
        }
    }
}
