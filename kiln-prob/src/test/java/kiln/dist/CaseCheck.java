package kiln.dist;

import static kiln.dist.DistributionCases.ROWS;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import kiln.array.NDArray;
import kiln.array.Np;
import kiln.array.PRNGKey;
import kiln.array.Shape;
import kiln.dist.DistributionCases.Fit;
import kiln.dist.DistributionCases.Row;
import kiln.dist.constraint.Constraints;
import kiln.func.Pytree;
import org.jspecify.annotations.Nullable;

/// The checks that the table of cases drives: each says which rows it is for, and why the others are exempt. The tests take their rows from
/// here, and `docs/distribution-checks.md` prints it, so that no row is left out without a reason.
enum CaseCheck {
    SHAPES("shapes", "DistributionLawsTest.shapesAreSampleThenBatchThenEvent", "sample, batch and event of draws, densities and moments"),
    ORACLE(
            "oracle",
            "DistributionOracleTest.everyRecord",
            "densities, derivatives, distribution functions, quantiles and moments of 50 digits, to 1e-11"),
    FORMULA("formula", "FormulaTest.theDensityIsTheFormula", "the printed formula, evaluated in plain arithmetic, to 1e-10"),
    MASS("mass 1", "MassTest.theMassIsOne", "the sum or integral of the density is 1, to 1e-10"),
    MOMENTS("moments", "MassTest.momentsAreThoseOfTheDensity", "mean and variance are sums or integrals of the density, to 1e-8"),
    FIT(
            "fit",
            "GoodnessOfFitTest.drawsFollowTheDistribution",
            "100,000 draws follow the distribution: Kolmogorov, χ², moments or inverse density"),
    VALUE("by value", "GradientTest.byTheValue", "derivatives of the density by the value are those of differences, to 1e-6"),
    PARAMETERS(
            "by parameters",
            "GradientTest.byEveryParameter",
            "derivatives of the density by every parameter are those of differences, to 1e-6"),
    JIT(
            "jit, vmap",
            "DistributionLawsTest.transformsOfFunctionsChangeNothing",
            "compiled and batched code give the interpreter's densities, to 1e-13"),
    QUANTILES(
            "quantiles",
            "DistributionLawsTest.quantilesInvertTheDistributionFunction",
            "quantile and distribution function are inverse to each other"),
    BIJECTION("bijection", "DistributionLawsTest.theBijectionOfTheSupportComesBack", "the bijection onto the support, there and back"),
    DOMAINS(
            "bad parameters",
            "StatedDomainsTest.whatLiesOutsideTheStatedDomainIsRefused",
            "values outside the printed domain of every parameter are refused by name");

    private @Nullable String reason(Row row) {
        Distribution d = row.example();
        return switch (this) {
            case SHAPES, JIT -> null;
            case ORACLE -> d instanceof Expanded ? "NumPyro's oracle has it under the names of what is expanded" : null;
            case FORMULA -> FormulaTest.DENSITY_IN_WORDS.get(FormulaTest.name(d));
            case MASS -> Spared.WITHOUT_MASS.get(FormulaTest.name(d));
            case MOMENTS -> Spared.WITHOUT_MASS.containsKey(FormulaTest.name(d))
                    ? Spared.WITHOUT_MASS.get(FormulaTest.name(d))
                    : withoutMoments(d);
            case FIT -> row.fit() == Fit.NONE ? Spared.UNFIT.get(FormulaTest.name(d)) : null;
            case VALUE -> withoutSlope(d);
            case PARAMETERS -> Pytree.leaves(d).stream().noneMatch(p -> p.dtype().isFloating()) ? "no parameter is a real number" : null;
            case QUANTILES -> withoutQuantiles(d);
            case BIJECTION -> withoutBijection(d);
            case DOMAINS -> Stream.of(d.getClass().getRecordComponents()).noneMatch(c -> c.getType() == NDArray.class
                            && !StatedDomainsTest.FREE.contains(FormulaTest.name(d) + "." + c.getName()))
                    ? "no parameter of its own is confined"
                    : null;
        };
    }

    /// Reasons by family.
    private static final class Spared {
        /// Draws that no general comparison fits.
        static final Map<String, String> UNFIT = Map.of(
                "Delta", "not random",
                "Unit", "no values",
                "ImproperUniform", "no draws",
                "EulerMaruyama", "moments depend on the drift: UpstreamDefectsTest.drawsOfPathsFactorsAndMaps",
                "LeftCensoredDistribution", "draws are those of the base, to which the density of a bound does not belong",
                "RightCensoredDistribution", "draws are those of the base, to which the density of a bound does not belong",
                "IntervalCensoredDistribution", "draws are those of the base, to which the density of a bound does not belong");

        /// Densities that are none.
        static final Map<String, String> WITHOUT_MASS = Map.of(
                "Delta", "the density of a point is given",
                "Unit", "no values",
                "ImproperUniform", "improper",
                "Masked", "what is masked has density 1 everywhere",
                "TruncatedPolyaGamma", "the mass above the cut, 5.6e-6, is left out as in NumPyro",
                "LeftCensoredDistribution", "a density of observations, of which bounds overlap",
                "RightCensoredDistribution", "a density of observations, of which bounds overlap",
                "IntervalCensoredDistribution", "a density of observations, of which bounds overlap");
    }

    private static @Nullable String withoutMoments(Distribution d) {
        if (d instanceof ProjectedNormal || d instanceof SineBivariateVonMises || d instanceof SineSkewed) {
            return "the moments of directions are of another kind: IndependentValuesTest, EntropyTest";
        }
        if (!DistributionOracleTest.Closed.of(d).mean()) {
            return "it has none, or none in closed form";
        }
        return Np.any(Np.isfinite(d.mean())).isTrue() ? null : "infinite, or none";
    }

    private static @Nullable String withoutSlope(Distribution d) {
        if (d instanceof Delta) {
            return "a point";
        }
        return d.support().equals(Constraints.sphere) ? "a sphere has no coordinates to differ in: the oracle's derivatives" : withoutBijection(d);
    }

    private static @Nullable String withoutBijection(Distribution d) {
        if (d.isDiscrete()) {
            return "discrete";
        }
        if (d.eventShape().size() == 0) {
            return "no values";
        }
        return d.support().equals(Constraints.sphere) ? "a sphere is no image of a space of coordinates" : null;
    }

    private static @Nullable String withoutQuantiles(Distribution d) {
        if (DistributionOracleTest.Closed.of(d).cdf()) {
            return null;
        }
        return d.eventShape().rank() == 0 ? "an observation that may be a bound has no distribution function" : "a value of several numbers has none";
    }

    private final String title;
    private final String test;
    private final String meaning;

    CaseCheck(String title, String test, String meaning) {
        this.title = title;
        this.test = test;
        this.meaning = meaning;
    }

    String title() {
        return title;
    }

    /// Class and method of the test.
    String test() {
        return test;
    }

    String meaning() {
        return meaning;
    }

    /// Why a row is exempt; empty if it is checked.
    Optional<String> exemption(Row row) {
        return Optional.ofNullable(reason(row));
    }

    /// The rows to check.
    List<Row> rows() {
        return ROWS.stream().filter(row -> exemption(row).isEmpty()).toList();
    }

    /// Values of an example, `sample + batch + event`: draws, or feasible values where there are none.
    static NDArray values(Row row, PRNGKey key, Shape sample) {
        Distribution d = row.example();
        return row.draws()
                ? d.sample(key, sample)
                : d.support().feasibleLike(Np.full(sample.then(d.batchShape()).then(d.eventShape()), 0));
    }
}
