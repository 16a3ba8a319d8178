package kiln.infer;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;
import kiln.array.Diagnosis;
import kiln.array.NDArray;
import kiln.array.PRNGKey;
import kiln.array.Shape;
import kiln.array.ShapeException;
import kiln.array.UserCode;
import kiln.dist.ImproperUniform;
import kiln.dist.constraint.Constraints;
import kiln.model.Model;
import kiln.model.Primitives;

/// A density that the user wrote: one site `z` whose elements are the coordinates.
///
/// @param density the log density
record PlainPosterior(LogDensity density) implements PosteriorDensity {
    @Override
    public int dimension() {
        return density.dimension();
    }

    @Override
    public double valueAndGradient(double[] position, double[] gradient) {
        return density.valueAndGradient(position, gradient);
    }

    @Override
    public double value(double[] position, double[] scratch) {
        return density.value(position, scratch);
    }

    @Override
    public PosteriorDensity threads(int threads) {
        return new PlainPosterior(density.threads(threads));
    }

    @Override
    public LogDensity worker() {
        return density.worker();
    }

    @Override
    public Optional<LaneDensity> lanes(int lanes) {
        return density.lanes(lanes);
    }

    @Override
    public String explain() {
        return density.explain();
    }

    @Override
    public double[] position(Map<String, NDArray> values) {
        NDArray z = values.get("z");
        if (z == null || z.size() != dimension()) {
            throw new ShapeException(new Diagnosis("initParams", "the start does not fit the density")
                    .expected("one value \"z\" of shape [" + dimension() + "]")
                    .got(values.keySet() + (z == null ? "" : ", shape " + z.shape()))
                    .at(UserCode.line()));
        }
        return z.toDoubleArray();
    }

    /// The coordinates have a flat prior, so strategies that ask for its draws start uniformly.
    @Override
    public double[] start(InitStrategy strategy, PRNGKey key) {
        Shape shape = Shape.of(dimension());
        Model flat = () -> Primitives.sample("z", new ImproperUniform(Constraints.real, Shape.SCALAR, shape));
        return UnconstrainedModel.of(flat, key).start(strategy, key).firstEntry().getValue().toDoubleArray();
    }

    @Override
    public SequencedMap<String, NDArray> constrain(double[][][] positions) {
        int draws = positions[0].length;
        double[] all = new double[positions.length * draws * dimension()];
        int at = 0;
        for (double[][] chain : positions) {
            for (double[] q : chain) {
                System.arraycopy(q, 0, all, at, q.length);
                at += q.length;
            }
        }
        var out = new LinkedHashMap<String, NDArray>();
        out.put("z", NDArray.of(Shape.of(positions.length, draws, dimension()), all));
        return out;
    }

    @Override
    public SequencedMap<String, NDArray> unconstrained(double[][][] positions) {
        return constrain(positions);
    }

    @Override
    public Set<String> deterministic() {
        return Set.of();
    }

    @Override
    public GaussianPrior gaussianPrior() {
        throw new IllegalStateException(new Diagnosis("EllipticalSlice", "it does not know the prior in a density that you wrote")
                .at(UserCode.line())
                .fix("name it: new EllipticalSlice(density, GaussianPrior.independent(mean, sd)).")
                .message());
    }

    @Override
    public String label(int coordinate) {
        return "z[" + coordinate + "]";
    }

    @Override
    public int[] coordinates(String site) {
        return site.equals("z") ? java.util.stream.IntStream.range(0, dimension()).toArray() : new int[0];
    }

    @Override
    public List<String> notFinite(double[] position) {
        return List.of();
    }

    @Override
    public String place(double[] position) {
        return "";
    }
}
