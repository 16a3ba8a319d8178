package kiln.dist;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import kiln.array.NDArray;
import kiln.array.Np;
import kiln.array.PRNGKey;
import kiln.array.Shape;
import kiln.dist.DistributionCases.Row;
import kiln.func.Functions;
import kiln.func.Pytree;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Draws of distributions that promise it can be differentiated by every parameter, and the derivative is the right one.
///
/// Differentiating `F(z(θ); θ)` for a draw `z` gives `f dz/dθ + ∂F/∂θ`, whose expectation is 0 for a right derivative (and which is 0 at
/// every draw if the derivative is taken at a fixed probability).
class PathwiseGradientTest {
    private static final int N = 20_000;
    private static final PRNGKey KEY = PRNGKey.key(29);

    static List<Row> rows() {
        return DistributionCases.ROWS.stream().filter(r -> r.example().hasRsample()).toList();
    }

    @Test
    void whatIsMadeOfGammaDrawsHasThem() {
        assertThat(rows().stream().map(Row::oracle)).contains("Gamma", "Beta", "Dirichlet", "StudentT", "Chi2", "InverseGamma");
    }

    /// The distribution with `t` added to one of its parameters.
    private static Distribution scaled(Distribution d, int parameter, NDArray t) {
        List<NDArray> leaves = Pytree.leaves(d);
        return Pytree.withLeaves(d, IntStream.range(0, leaves.size())
                .mapToObj(k -> k == parameter ? leaves.get(k).plus(t) : leaves.get(k))
                .toList());
    }

    static Stream<Row> withDistributionFunction() {
        return rows().stream().filter(r -> {
            try {
                r.example().cdf(r.example().sample(KEY));
                return true;
            } catch (UnsupportedOperationException e) {
                return false;
            }
        });
    }

    /// Every element of a batch within 5.3 standard errors: a right derivative is not in one case of ten million.
    @ParameterizedTest
    @MethodSource("withDistributionFunction")
    void derivativesAverageToThatOfTheDistribution(Row row) {
        List<NDArray> parameters = Pytree.leaves(row.example());
        for (int k = 0; k < parameters.size(); k++) {
            int parameter = k;
            if (!parameters.get(k).dtype().isFloating()) {
                continue;
            }
            Function<NDArray, NDArray> f = t -> {
                Distribution d = scaled(row.example(), parameter, t);
                return d.cdf(d.sample(KEY, Shape.of(N)));
            };
            NDArray slopes = Functions.jvp(f, Np.scalar(0.0), Np.scalar(1.0)).tangent();
            double[] mean = slopes.mean(0).toDoubleArray();
            double[] error = Np.std(slopes, 1, 0).toDoubleArray();
            for (int i = 0; i < mean.length; i++) {
                assertThat(Math.abs(mean[i])).as("%s, parameter %d, element %d", row, k, i)
                        .isLessThanOrEqualTo(5.3 * error[i] / Math.sqrt(N) + 1e-12);
            }
        }
    }

    /// No draw ignores a parameter (but the weights of `Delta` and `Unit`), and compiled gradients are the interpreter's.
    @ParameterizedTest
    @MethodSource("rows")
    void everyParameterHasAGradient(Row row) {
        List<NDArray> parameters = Pytree.leaves(row.example());
        for (int k = 0; k < parameters.size(); k++) {
            int parameter = k;
            boolean weight = row.oracle().equals("Unit") || (row.oracle().equals("Delta") && k == 1);
            if (!parameters.get(k).dtype().isFloating() || weight) {
                continue;
            }
            Function<NDArray, NDArray> f = Functions.grad(p -> {
                List<NDArray> moved = new ArrayList<>(parameters);
                moved.set(parameter, p);
                return Np.square(Pytree.withLeaves(row.example(), moved).sample(KEY, Shape.of(5))).sum();
            });
            NDArray g = f.apply(parameters.get(k));
            assertThat(Np.all(Np.isfinite(g)).isTrue() && Np.any(g.ne(0)).isTrue()).as("%s, parameter %d: %s", row, k, g).isTrue();
            NDArray compiled = Functions.jit(f).apply(parameters.get(k));
            assertThat(Np.abs(compiled.minus(g)).max().item()).isLessThanOrEqualTo(1e-12 * Np.abs(g).max().item());
        }
    }

    /// `d/da E log p` under `Gamma(a, 1)` of the density of `Gamma(3, 2)`: `2 ψ'(a) − 2`; with the entropy it is the gradient of an ELBO.
    @Test
    void gradientOfAnElbo() {
        Function<NDArray, NDArray> elbo = a -> {
            var q = new Gamma(a, 1);
            return new Gamma(3, 2).logProb(q.sample(KEY, Shape.of(N))).plus(q.entropy());
        };
        NDArray at = Np.scalar(2.5);
        NDArray slopes = Functions.jvp(elbo, at, Np.scalar(1.0)).tangent();
        // The entropy is a + log Γ(a) + (1 − a) ψ(a): its derivative is 1 + (1 − a) ψ'(a). ψ'(5/2) = π²/2 − 4 − 4/9.
        double trigamma = Math.PI * Math.PI / 2 - 4 - 4.0 / 9;
        double want = 2 * trigamma - 2 + 1 - 1.5 * trigamma;
        assertThat(Math.abs(slopes.mean().item() - want)).isLessThan(5.3 * Np.std(slopes, 1).item() / Math.sqrt(N));
    }
}
