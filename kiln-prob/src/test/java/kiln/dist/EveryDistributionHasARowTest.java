package kiln.dist;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/// A distribution without a row in the table of cases fails the build.
class EveryDistributionHasARowTest {
    private static Set<String> distributions() {
        return new ClassFileImporter()
                .withImportOption(new ImportOption.DoNotIncludeTests())
                .importPackages("kiln.dist").stream()
                .filter(c -> c.isAssignableTo(Distribution.class) && !c.isInterface())
                .map(JavaClass::getSimpleName)
                .collect(Collectors.toSet());
    }

    /// The names that `numpyro.distributions` 0.21 exports, its base class among them.
    private static final String NUMPYRO =
            """
            AsymmetricLaplace AsymmetricLaplaceQuantile Bernoulli BernoulliLogits BernoulliProbs Beta BetaBinomial
            BetaNegativeBinomial BetaProportion Binomial BinomialLogits BinomialProbs CAR Categorical CategoricalLogits
            CategoricalProbs Cauchy Chi2 CirculantNormal Dagum Delta Dirichlet DirichletMultinomial DiscreteUniform
            Distribution DoublyTruncatedPowerLaw EulerMaruyama ExpandedDistribution Exponential FoldedDistribution
            Gamma GammaPoisson GaussianCopula GaussianCopulaBeta GaussianRandomWalk GaussianStateSpace Geometric
            GeometricLogits GeometricProbs Gompertz Gumbel HalfCauchy HalfNormal HurdleDistribution HurdleGamma
            HurdleLogNormal HurdleLogits HurdleNegativeBinomial2 HurdlePoisson HurdleProbs ImproperUniform Independent
            IntervalCensoredDistribution InverseGamma InverseWishart InverseWishartCholesky Kumaraswamy LKJ LKJCholesky
            Laplace LeftCensoredDistribution LeftTruncatedDistribution Levy LogNormal LogUniform Logistic
            LowRankMultivariateNormal LowerTruncatedPowerLaw MaskedDistribution MatrixNormal Mixture MixtureGeneral
            MixtureSameFamily Multinomial MultinomialLogits MultinomialProbs MultivariateNormal MultivariateStudentT
            NegativeBinomial NegativeBinomial2 NegativeBinomialLogits NegativeBinomialProbs Normal OrderedLogistic
            Pareto Poisson ProjectedNormal RelaxedBernoulli RelaxedBernoulliLogits RightCensoredDistribution
            RightTruncatedDistribution SineBivariateVonMises SineSkewed SoftLaplace StudentT TransformedDistribution
            TruncatedCauchy TruncatedDistribution TruncatedNormal TruncatedPolyaGamma TwoSidedTruncatedDistribution
            Uniform Unit VonMises Weibull Wishart WishartCholesky ZeroInflatedDistribution ZeroInflatedLogits
            ZeroInflatedNegativeBinomial2 ZeroInflatedPoisson ZeroInflatedProbs ZeroSumNormal
            """;

    /// NumPyro's classes for probabilities have the name of the family here, and two wrappers a shorter one.
    private static final Map<String, String> RENAMED = Map.of(
            "BernoulliProbs", "Bernoulli",
            "BinomialProbs", "Binomial",
            "CategoricalProbs", "Categorical",
            "GeometricProbs", "Geometric",
            "MultinomialProbs", "Multinomial",
            "NegativeBinomialProbs", "NegativeBinomial",
            "ExpandedDistribution", "Expanded",
            "MaskedDistribution", "Masked");

    @Test
    void everyNameOfNumPyroIsThere() {
        List<String> names = List.of(NUMPYRO.strip().split("\\s+"));
        assertThat(names).hasSize(113);
        assertThat(names).allSatisfy(n -> assertThat(Class.forName("kiln.dist." + RENAMED.getOrDefault(n, n))).isNotNull());
        Set<String> own = names.stream().map(n -> RENAMED.getOrDefault(n, n)).filter(distributions()::contains).collect(Collectors.toSet());
        Set<String> extras = new TreeSet<>(distributions());
        extras.removeAll(own);
        System.out.println(names.size() + " names of NumPyro's distributions: " + own.size() + " records with a row in the case table, "
                + (names.size() - own.size()) + " the base class and factories of such records; extras " + extras + "; "
                + DistributionCases.ROWS.size() + " rows");
        assertThat(own.size() + extras.size()).isEqualTo(DistributionCases.ROWS.stream()
                .map(r -> r.example().getClass()).distinct().count());
    }

    /// The copied tables are whole: as many records as the originals.
    @Test
    void everyRecordOfTheOracleIsUsed() {
        assertThat(Oracle.records("distributions.json")).hasSize(565);
        assertThat(Oracle.records("transforms.json")).hasSize(192);
    }

    @Test
    void everyRecordHasARow() {
        Set<String> rows = DistributionCases.ROWS.stream()
                .map(r -> r.example().getClass().getSimpleName())
                .collect(Collectors.toSet());
        assertThat(distributions()).contains("Normal", "Masked").isEqualTo(rows);
    }

    /// Every row but that of `expand`, which NumPyro's oracle knows under other names, meets trusted values.
    @Test
    void everyRowHasOracleRecords() {
        Set<String> known = Oracle.records("distributions.json").stream()
                .map(r -> r.get("dist").asText())
                .collect(Collectors.toSet());
        assertThat(DistributionCases.ROWS.stream().map(DistributionCases.Row::oracle).filter(o -> !known.contains(o)))
                .containsExactly("Expanded");
    }
}
