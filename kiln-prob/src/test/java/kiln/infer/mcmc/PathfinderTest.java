package kiln.infer.mcmc;

import static kiln.array.PRNGKey.key;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import kiln.array.NDArray;
import kiln.infer.LogDensity;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Normal approximations along a climb, against the dense formula and exact normals.
class PathfinderTest {
    /// Draws have the covariance `Σ` of the formula, built here as a dense matrix, for more and for fewer pairs than half the dimension.
    ///
    /// Whether `Σ y = s` (the secant equation) for the last pair, and whether the log density belongs to the draws: both exact.
    @ParameterizedTest
    @CsvSource({"12, 3", "4, 4", "2, 6"})
    void drawsFollowTheInverseHessian(int d, int pairs) {
        ChainRandom random = new ChainRandom(d);
        List<double[]> steps = new ArrayList<>();
        List<double[]> bends = new ArrayList<>();
        double[][] hessian = Targets.autoregressivePrecision(d, 0.6);
        for (int k = 0; k < pairs; k++) {
            double[] s = new double[d];
            Arrays.setAll(s, i -> random.normal());
            steps.add(s);
            bends.add(Arrays.stream(hessian).mapToDouble(row -> Dots.dot(row, s)).toArray());
        }
        double[] alpha = new double[d];
        Arrays.setAll(alpha, i -> 0.5 + 0.1 * i);
        double[][] sigma = dense(alpha, steps, bends);
        double[] last = steps.getLast();
        for (int i = 0; i < d; i++) {
            assertThat(Dots.dot(sigma[i], bends.getLast())).isCloseTo(last[i], within(1e-9));
        }
        double[] x = new double[d];
        double[] g = new double[d];
        Arrays.fill(g, 1);
        PathNormal normal = PathNormal.at(x, g, alpha, steps, bends).orElseThrow();
        for (int i = 0; i < d; i++) {
            assertThat(normal.centre()[i]).isCloseTo(Arrays.stream(sigma[i]).sum(), within(1e-9));
        }
        double[] q = new double[d];
        double[] z = new double[d];
        double[][] second = new double[d][d];
        int n = 20_000;
        double constant = Double.NaN;
        for (int k = 0; k < n; k++) {
            double log = normal.draw(random, q);
            for (int i = 0; i < d; i++) {
                z[i] = q[i] - normal.centre()[i];
            }
            for (int i = 0; i < d; i++) {
                for (int j = 0; j < d; j++) {
                    second[i][j] += z[i] * z[j] / n;
                }
            }
            // log q + ½ zᵀ Σ⁻¹ z is the same constant for every draw.
            double c = log + 0.5 * quadratic(sigma, z);
            constant = k == 0 ? c : constant;
            if (k < 100) {
                assertThat(c).isCloseTo(constant, within(1e-7));
            }
        }
        for (int i = 0; i < d; i++) {
            for (int j = 0; j < d; j++) {
                // Six standard errors of a covariance: a chance of 2e-9 for each of 144 at most.
                double error = Math.sqrt((sigma[i][i] * sigma[j][j] + sigma[i][j] * sigma[i][j]) / n);
                assertThat(second[i][j]).isCloseTo(sigma[i][j], within(6 * error));
            }
        }
    }

    /// `diag(α) + αY N + Nᵀ Yᵀα + Nᵀ T N`, from the recursion of BFGS: `H ← (I − s yᵀ/ρ) H (I − y sᵀ/ρ) + s sᵀ/ρ`, `ρ = s·y`.
    private static double[][] dense(double[] alpha, List<double[]> steps, List<double[]> bends) {
        int d = alpha.length;
        double[][] h = new double[d][d];
        for (int i = 0; i < d; i++) {
            h[i][i] = alpha[i];
        }
        for (int k = 0; k < steps.size(); k++) {
            double[] s = steps.get(k);
            double[] y = bends.get(k);
            double rho = Dots.dot(s, y);
            double[] hy = Arrays.stream(h).mapToDouble(row -> Dots.dot(row, y)).toArray();
            double yhy = Dots.dot(y, hy);
            for (int i = 0; i < d; i++) {
                for (int j = 0; j < d; j++) {
                    h[i][j] += -(s[i] * hy[j] + hy[i] * s[j]) / rho + s[i] * s[j] * (yhy / rho + 1) / rho;
                }
            }
        }
        return h;
    }

    /// `zᵀ Σ⁻¹ z` by Gaussian elimination.
    private static double quadratic(double[][] sigma, double[] z) {
        int d = z.length;
        double[][] a = Arrays.stream(sigma).map(double[]::clone).toArray(double[][]::new);
        double[] b = z.clone();
        for (int k = 0; k < d; k++) {
            for (int i = k + 1; i < d; i++) {
                double f = a[i][k] / a[k][k];
                for (int j = k; j < d; j++) {
                    a[i][j] -= f * a[k][j];
                }
                b[i] -= f * b[k];
            }
        }
        for (int i = d - 1; i >= 0; i--) {
            for (int j = i + 1; j < d; j++) {
                b[i] -= a[i][j] * b[j];
            }
            b[i] /= a[i][i];
        }
        return Dots.dot(b, z);
    }

    /// A normal posterior is what it approximates: means and variances of the resampled draws within five standard errors (6e-7 each, ten of them).
    @Test
    void aNormalIsFound() {
        int d = 5;
        double[] mean = {1, -2, 3, 0, 10};
        LogDensity density = Targets.gaussian(mean, Targets.autoregressivePrecision(d, 0.7));
        Pathfinder.Result found = new Pathfinder(density).numDraws(4000).run(key(1));
        assertThat(found.k()).isLessThan(0.7);
        double[][] covariance = Targets.autoregressiveCovariance(d, 0.7);
        double[] z = found.posterior().samples("z").toDoubleArray();
        for (int i = 0; i < d; i++) {
            double sum = 0;
            double squares = 0;
            for (int k = 0; k < 4000; k++) {
                double x = z[k * d + i] - mean[i];
                sum += x / 4000;
                squares += x * x / 4000;
            }
            assertThat(sum).isCloseTo(0, within(5 * Math.sqrt(covariance[i][i] / 4000 * 2)));
            assertThat(squares).isCloseTo(covariance[i][i], within(5 * covariance[i][i] * Math.sqrt(2 * 2 / 4000.0)));
        }
        assertThat(found.elbos()).hasSize(4);
    }

    @Test
    void chainsStartAtItsDraws() {
        LogDensity density = Targets.gaussian(new double[3], Targets.autoregressivePrecision(3, 0.5));
        Pathfinder.Result found = new Pathfinder(density).numPaths(1).numDraws(50).run(key(2));
        Map<String, NDArray> places = found.initParams(key(3), 4);
        assertThat(places.get("z")).isNotNull().satisfies(z -> assertThat(z.shape().toString()).isEqualTo("[4, 3]"));
        assertThat(new MCMC(new NUTS(density)).numWarmup(10).numSamples(10).progress(ProgressListener.NONE).initParams(places).run(key(4))
                        .samplesByChain("z").shape().toString())
                .isEqualTo("[4, 10, 3]");
        assertThatThrownBy(() -> found.initParams(key(3), 51)).hasMessageStartingWith("chains must lie in 1…50.\n  Got:      51");
    }

    /// Student's t with three degrees of freedom in three dimensions has tails that no normal covers.
    @Test
    void heavyTailsShowInK() {
        assertThat(new Pathfinder(Targets.studentT(3, 3)).run(key(5)).k()).isGreaterThan(0.5);
    }

    @Test
    void theSameKeyGivesTheSameDraws() {
        Pathfinder pathfinder = new Pathfinder(Targets.banana());
        double[] one = pathfinder.run(key(6)).posterior().samples("z").toDoubleArray();
        assertThat(pathfinder.run(key(6)).posterior().samples("z").toDoubleArray()).isEqualTo(one);
    }

    @Test
    void settingsAreChecked() {
        Pathfinder p = new Pathfinder(Targets.banana());
        assertThatThrownBy(() -> p.numPaths(0)).hasMessageStartingWith("numPaths must be ≥ 1.\n  Got:      0");
        assertThatThrownBy(() -> p.history(0)).hasMessageStartingWith("history must be ≥ 1.\n  Got:      0");
    }
}
