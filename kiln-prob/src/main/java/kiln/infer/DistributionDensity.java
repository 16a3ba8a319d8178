package kiln.infer;

import java.util.List;
import java.util.function.Function;
import kiln.array.Diagnosis;
import kiln.array.NDArray;
import kiln.array.PRNGKey;
import kiln.array.Shape;
import kiln.array.ShapeException;
import kiln.array.UserCode;
import kiln.compile.Options;
import kiln.dist.Distribution;
import kiln.func.Functions;

/// The log density of a distribution over vectors, compiled, with draws of it.
public final class DistributionDensity {
    private final LogDensity density;
    private final Function<PRNGKey, NDArray> draws;

    private DistributionDensity(LogDensity density, Function<PRNGKey, NDArray> draws) {
        this.density = density;
        this.draws = draws;
    }

    /// {@return the density of a distribution over vectors}
    ///
    /// @param d         continuous; a scalar, then all coordinates are alike and independent, or of shape *dimension*
    /// @param dimension length of the vectors, ≥ 0
    /// @throws ShapeException if it is of another shape
    public static DistributionDensity of(Distribution d, int dimension) {
        Shape shape = d.batchShape().then(d.eventShape());
        if (d.isDiscrete() || (shape.rank() > 0 && !shape.equals(Shape.of(dimension)))) {
            throw new ShapeException(new Diagnosis("KineticEnergy.of", "the distribution does not fit the momentum")
                    .expected("a continuous distribution of one coordinate, or of shape [" + dimension + "]")
                    .got(d.isDiscrete() ? "a discrete one" : "shape " + shape)
                    .at(UserCode.line()));
        }
        return new DistributionDensity(
                CompiledDensity.of("KineticEnergy.of", List.of(Shape.of(dimension)), x -> d.logProb(x.getFirst()).sum(), Options.DENSITY,
                        Differentiation.REVERSE),
                Functions.jit((PRNGKey key) -> d.sample(key, shape.rank() == 0 ? Shape.of(dimension) : Shape.SCALAR)));
    }

    /// {@return the log density, compiled}
    public LogDensity density() {
        return density;
    }

    /// {@return the same with a density that one thread uses alone}
    public DistributionDensity worker() {
        return new DistributionDensity(density.worker(), draws);
    }

    /// Draws a vector.
    ///
    /// @param seed any value; the draw depends on it alone
    /// @param x    receives the draw, length `d`
    public void draw(long seed, double[] x) {
        System.arraycopy(draws.apply(PRNGKey.key(seed)).toDoubleArray(), 0, x, 0, x.length);
    }
}
