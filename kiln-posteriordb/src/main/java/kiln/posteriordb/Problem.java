package kiln.posteriordb;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.function.Function;
import kiln.array.NDArray;
import kiln.model.Model;

/// A posterior of the set: the model on its data, and what Stan computed for it.
public final class Problem {
    private static final double LOG_2 = StrictMath.log(2);

    private final String name;
    private final int halves;
    private final Function<Data, Model> program;

    /// A posterior.
    ///
    /// @param name    posteriordb's name, which is the folder of its files
    /// @param halves  how many of its priors are halves of symmetric ones
    /// @param program the model of the data
    Problem(String name, int halves, Function<Data, Model> program) {
        this.name = name;
        this.halves = halves;
        this.program = program;
    }

    /// {@return posteriordb's name, data and model joined by a hyphen: `eight_schools-eight_schools_centered`}
    public String name() {
        return name;
    }

    /// {@return the model on its data, with posteriordb's names of the parameters; the data is read by this call}
    public Model model() {
        return program.apply(Data.of(name));
    }

    /// {@return by how much the log joint density of the model exceeds posteriordb's}
    ///
    /// ```
    /// h log 2,   h = number of priors that are halves of symmetric ones
    /// ```
    ///
    /// Stan does not rescale a prior that is restricted to one side; `HalfNormal` and `HalfCauchy` integrate to 1.
    public double logConstant() {
        return halves * LOG_2;
    }

    /// Values of the parameters with posteriordb's log densities there, over constrained values and without Jacobians.
    ///
    /// @param params        value of every parameter
    /// @param logPrior      of the parameters
    /// @param logLikelihood of the data
    /// @param logJoint      the sum of both
    public record TestPoint(SequencedMap<String, NDArray> params, double logPrior, double logLikelihood, double logJoint) {
        /// The map is copied.
        public TestPoint {
            params = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(params));
        }

        /// {@return the value of a parameter}
        ///
        /// @throws IllegalArgumentException if there is no such parameter
        public NDArray get(String parameter) {
            NDArray value = params.get(parameter);
            if (value == null) {
                throw new IllegalArgumentException("there is no parameter " + parameter + " among " + params.keySet());
            }
            return value;
        }
    }

    /// {@return three points with their densities; the first lies near the middle of the posterior}
    public List<TestPoint> testPoints() {
        List<TestPoint> out = new ArrayList<>();
        for (JsonNode point : Resources.json(name + "/test_points.json").get("points")) {
            var params = new LinkedHashMap<String, NDArray>();
            point.get("params").properties().forEach(e -> params.put(e.getKey(), Resources.array(e.getValue())));
            out.add(new TestPoint(
                    params,
                    point.get("log_prior").asDouble(),
                    point.get("log_likelihood").asDouble(),
                    point.get("log_joint").asDouble()));
        }
        return out;
    }

    /// Posteriordb's reference draws of one scalar, in numbers.
    ///
    /// @param draws    how many draws; they are about independent
    /// @param mean     their mean
    /// @param sd       their standard deviation, with divisor n − 1
    /// @param q05      5% quantile, by linear interpolation
    /// @param q50      median
    /// @param q95      95% quantile
    /// @param mcseMean standard error of the mean, `sd / √draws`
    public record Reference(int draws, double mean, double sd, double q05, double q50, double q95, double mcseMean) {}

    /// {@return whether posteriordb has reference draws of this posterior}
    public boolean hasReference() {
        return Resources.exists(name + "/reference.json");
    }

    /// {@return posteriordb's reference draws in numbers, by scalar with 1-based indices: `beta[1]`}
    ///
    /// @throws IllegalArgumentException if there are none, see [#hasReference]
    public SequencedMap<String, Reference> reference() {
        JsonNode file = Resources.json(name + "/reference.json");
        int draws = file.get("ndraws").asInt();
        var out = new LinkedHashMap<String, Reference>();
        for (var entry : file.get("params").properties()) {
            JsonNode n = entry.getValue();
            out.put(
                    entry.getKey(),
                    new Reference(
                            draws,
                            n.get("mean").asDouble(),
                            n.get("sd").asDouble(),
                            n.get("q05").asDouble(),
                            n.get("q50").asDouble(),
                            n.get("q95").asDouble(),
                            n.get("mcse_mean").asDouble()));
        }
        return out;
    }

    @Override
    public String toString() {
        return name;
    }
}
