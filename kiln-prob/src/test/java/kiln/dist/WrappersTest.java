package kiln.dist;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import kiln.array.Aval;
import kiln.array.DType;
import kiln.array.Index;
import kiln.array.NDArray;
import kiln.array.Np;
import kiln.array.PRNGKey;
import kiln.array.Shape;
import kiln.dist.constraint.Constraints;
import kiln.dist.transform.AffineTransform;
import kiln.dist.transform.ExpTransform;
import kiln.func.Functions;
import kiln.graph.Tracer;
import org.junit.jupiter.api.Test;

/// What the wrappers do that the general laws do not show.
class WrappersTest {
    @Test
    void expandedAxesOfSizeOneAreDrawnIndependently() {
        Distribution d = new Normal(NDArray.of(Shape.of(2, 1), 0, 100), 1).expand(4, 2, 3);
        NDArray x = d.sample(PRNGKey.key(3), Shape.of(5));
        assertThat(x.shape()).isEqualTo(Shape.of(5, 4, 2, 3));
        double[] all = x.toDoubleArray();
        assertThat(Arrays.stream(all).distinct().count()).isEqualTo(all.length);
        // The second of the two rows lies around 100, wherever the repeated axis was drawn.
        assertThat(Np.all(x.get(Index.DOTS, Index.at(1), Index.ALL).gt(50)).isTrue()).isTrue();
        assertThat(Np.all(x.get(Index.DOTS, Index.at(0), Index.ALL).lt(50)).isTrue()).isTrue();
    }

    @Test
    void expandingTwiceIsExpandingOnce() {
        Distribution d = new Normal(0, 1).expand(3).expand(2, 3);
        assertThat(d).isInstanceOfSatisfying(Expanded.class, e -> assertThat(e.baseDist()).isInstanceOf(Normal.class));
        assertThat(d.batchShape()).isEqualTo(Shape.of(2, 3));
    }

    @Test
    void expandKeepsEventAxesInside() {
        Distribution d = new Normal(Np.zeros(3), 1).toEvent(1).expand(2);
        assertThat(d.batchShape()).isEqualTo(Shape.of(2));
        assertThat(d.eventShape()).isEqualTo(Shape.of(3));
    }

    /// A missing observation may hold anything: neither the density nor its derivative sees it.
    @Test
    void aMaskedValueDoesNotReachTheDerivative() {
        NDArray y = NDArray.of(0.5, Double.NaN, -3);
        Distribution[] d = new Distribution[1];
        NDArray slope = Functions.grad((NDArray scale) -> {
            d[0] = new HalfNormal(scale).mask(NDArray.of(true, false, false));
            return d[0].logProb(y).sum();
        }).apply(Np.scalar(2.0));
        assertThat(slope.item()).isCloseTo(0.25 / 8 - 0.5, within(1e-15));
    }

    @Test
    void twoMasksHoldTogether() {
        Distribution d = new Normal(Np.zeros(3), 1).mask(NDArray.of(true, true, false)).mask(NDArray.of(false, true, true));
        double one = new Normal(0, 1).logProb(0.0).item();
        assertThat(d.logProb(Np.zeros(3)).toDoubleArray()).containsExactly(0, one, 0);
    }

    @Test
    void aTransformMayChangeTheLengthOfTheEvent() {
        Distribution d = DistributionCases.logisticNormal();
        assertThat(d.batchShape()).isEqualTo(Shape.of(2));
        assertThat(d.eventShape()).isEqualTo(Shape.of(4));
        NDArray x = d.sample(PRNGKey.key(1), Shape.of(6));
        assertThat(x.shape()).isEqualTo(Shape.of(6, 2, 4));
        assertThat(d.logProb(x).shape()).isEqualTo(Shape.of(6, 2));
        assertThat(d.support()).isEqualTo(Constraints.simplex);
        assertThat(d.logProb(NDArray.of(0.5, 0.5, 0.5, -0.5)).toDoubleArray()).containsOnly(Double.NEGATIVE_INFINITY);
    }

    @Test
    void aTransformedNormalIsLogNormal() {
        var d = new TransformedDistribution(new Normal(0, 1), new AffineTransform(0.3, 2), new ExpTransform());
        var same = new LogNormal(0.3, 2);
        NDArray x = NDArray.of(0.01, 1, 7, 300);
        double[] want = same.logProb(x).toDoubleArray();
        double[] got = d.logProb(x).toDoubleArray();
        for (int i = 0; i < want.length; i++) {
            assertThat(got[i]).isCloseTo(want[i], within(1e-13));
        }
        assertThat(d.sample(PRNGKey.key(5), Shape.of(4)).toDoubleArray())
                .usingComparatorWithPrecision(1e-12)
                .containsExactly(same.sample(PRNGKey.key(5), Shape.of(4)).toDoubleArray());
    }

    /// Without validation nothing is masked, which is what a sampler on unconstrained space wants.
    @Test
    void validationCanBeTurnedOff() {
        assertThat(new Exponential(2).logProb(-1).item()).isEqualTo(Double.NEGATIVE_INFINITY);
        assertThat(Validation.without(() -> new Exponential(2).logProb(-1).item())).isCloseTo(Math.log(2) + 2, within(1e-15));
        assertThat(Validation.without(() -> new Normal(0, -1)).scale().item()).isEqualTo(-1);
        assertThat(Validation.isOn()).isTrue();
    }

    private static boolean chooses(Function<NDArray, NDArray> f) {
        var scalar = new Aval(DType.FLOAT64, Shape.SCALAR);
        return Tracer.trace("test", List.of(scalar), x -> List.of(f.apply(x.getFirst()))).graph().toString().contains("Select");
    }

    /// Compiled densities pay for the support only where it matters.
    @Test
    void theSupportIsCheckedOnlyWhereAValueMayLieOutside() {
        NDArray data = NDArray.of(0.5, 2, 7);
        assertThat(chooses(x -> new Exponential(2).logProb(x))).isTrue();
        assertThat(chooses(x -> new Normal(0, 1).logProb(x))).isFalse();
        assertThat(chooses(x -> new Exponential(x).logProb(data))).isFalse();
        assertThat(chooses(x -> new LogNormal(x, 2).logProb(data))).isFalse();
        assertThat(chooses(x -> Validation.without(() -> new Exponential(2).logProb(x)))).isFalse();
        assertThat(chooses(x -> Validation.without(() -> new Beta(2, 3).logProb(x)))).isFalse();
    }

    /// No observations: the density of nothing is 1.
    @Test
    void thereMayBeNoData() {
        for (Distribution d : new Distribution[] {new Exponential(2), new Normal(0, 1), new Poisson(3), new Beta(1, 2)}) {
            assertThat(d.logProb(Np.zeros(0)).sum().item()).isZero();
        }
        assertThat(new Dirichlet(NDArray.of(1, 2)).logProb(Np.zeros(0, 2)).shape()).isEqualTo(Shape.of(0));
    }

    /// The gradient by a distribution is a distribution-shaped structure, whose components no constructor refuses.
    @Test
    void aDistributionIsAStructureOfItsParameters() {
        Normal g = Functions.grad((Normal d) -> d.logProb(3).sum()).apply(new Normal(1, 2));
        assertThat(g.loc().item()).isEqualTo(0.5);
        assertThat(g.scale().item()).isEqualTo(0);
        Normal h = Functions.grad((Normal d) -> d.logProb(1).sum()).apply(new Normal(1, 2));
        assertThat(h.scale().item()).isEqualTo(-0.5);
    }

    @Test
    void integerParametersComputeInFloatingPoint() {
        assertThat(new Normal(0, 1).mean().dtype().isFloating()).isTrue();
        assertThat(new Normal(NDArray.of(1L, 2L), 1).variance().dtype().isFloating()).isTrue();
        assertThat(new Normal(0, 1).logProb(NDArray.of(1f, 2f)).dtype()).isEqualTo(DType.FLOAT32);
        assertThat(new Bernoulli(0.5).sample(PRNGKey.key(0)).dtype()).isEqualTo(DType.INT64);
    }

    /// `P(|X| ≤ x) = P(X ≤ x) − P(X < −x)`, also where −x or 0 has a probability of its own.
    @Test
    void aFoldedAtomCounts() {
        var normal = new Normal(0, 1);
        var folded = new FoldedDistribution(new MixtureGeneral(
                new Categorical(NDArray.of(0.3, 0.2, 0.5)), List.of(new Delta(-2.0), new Delta(0.0), normal)));
        double beyond = 2 * normal.sf(NDArray.as(2.0)).item();
        assertThat(folded.cdf(NDArray.of(2.0, 0.0, -1.0)).toDoubleArray())
                .usingComparatorWithPrecision(1e-15).containsExactly(0.5 + 0.5 * (1 - beyond), 0.2, 0);
        assertThat(folded.sf(NDArray.of(2.0, 0.0, -1.0)).toDoubleArray())
                .usingComparatorWithPrecision(1e-15).containsExactly(0.5 * beyond, 0.8, 1);
        assertThat(folded.cdf(NDArray.as(Math.nextDown(2.0))).item()).isCloseTo(0.2 + 0.5 * (1 - beyond), within(1e-15));
    }
}
