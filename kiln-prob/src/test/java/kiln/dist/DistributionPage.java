package kiln.dist;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import kiln.array.NDArray;
import kiln.array.Np;
import kiln.array.PRNGKey;
import kiln.array.Shape;

/// `docs/distributions.md`, made from the table of cases, the documentation comments and what the methods answer.
///
/// The test holds the page to this; `mvn test -pl kiln-prob -am -Dtest=DistributionPageTest -Dkiln.write=true
/// -Dsurefire.failIfNoSpecifiedTests=false` writes it anew.
final class DistributionPage {
    private static final List<String> METHODS = List.of("mean", "variance", "entropy", "cdf", "icdf");

    private final Path sources;
    private final Map<String, String> pictures = new LinkedHashMap<>();

    /// @param sources the folder of `kiln.dist`
    DistributionPage(Path sources) {
        this.sources = sources;
    }

    /// {@return the text of the page}
    String text() throws IOException {
        var table = new StringBuilder();
        var sections = new StringBuilder();
        Map<String, List<Boolean>> numpyro = numpyro();
        Set<String> seen = new LinkedHashSet<>();
        for (DistributionCases.Row row : rows()) {
            Distribution d = row.example();
            String name = d.getClass().getSimpleName();
            if (!seen.add(name)) {
                continue;
            }
            FamilyComment comment = FamilyComment.of(sources, name);
            Optional<String> picture = DensityPicture.of(row);
            picture.ifPresent(svg -> pictures.put(name + ".svg", svg));
            List<String> has = methods(d, numpyro.getOrDefault(row.oracle(), List.of()));
            table.append("| [%s](#%s) | %s | %s | %s | %s | %s | %s |\n".formatted(
                    name,
                    name.toLowerCase(java.util.Locale.ROOT),
                    String.join(", ", comment.parameters().keySet()),
                    d.eventShape().rank() == 0 ? "number" : "rank " + d.eventShape().rank(),
                    String.join(" | ", has),
                    d.hasRsample() ? "yes" : "–",
                    d.hasEnumerateSupport() ? "yes" : "–",
                    picture.isEmpty() ? "–" : "![%s](distributions/%s.svg)".formatted(name, name)));
            sections.append("\n### ").append(name).append("\n\n").append(comment.title()).append("\n\n```text\n");
            comment.formula().forEach(line -> sections.append(line).append('\n'));
            sections.append("```\n\n").append(comment.notes()).append(comment.notes().isEmpty() ? "" : "\n\n");
            comment.parameters().forEach((p, text) -> sections.append("- `").append(p).append("`: ").append(text).append('\n'));
            comment.facts().forEach(fact -> sections.append(fact).append('\n'));
        }
        return HEAD.replace("COUNT", "" + seen.size()) + table + "\n" + LEGEND + "\n## Formulas\n" + sections;
    }

    /// {@return the pictures by file name; whole after [#text]}
    Map<String, String> pictures() {
        return pictures;
    }

    private static List<DistributionCases.Row> rows() {
        return DistributionCases.ROWS.stream()
                .sorted(java.util.Comparator.comparing(r -> r.example().getClass().getSimpleName()))
                .toList();
    }

    private static final String HEAD = """
            # Distributions

            All COUNT distributions of `kiln.dist`, generated from the code: the methods are those that answer, the formulas those of the
            documentation comments, the pictures the densities (or 250 draws of two elements, where an event has several) of the examples in
            the table of test cases. [What is checked of each](distribution-checks.md) is a page of its own, and tests evaluate the formulas,
            moments, supports and domains that stand here. Names are NumPyro's. A distribution takes numbers and arrays in any mix, `new Normal(mu, 1)`; `expand`,
            `toEvent` and `mask` work for all.

            | distribution | parameters | event | mean | variance | entropy | cdf | icdf | gradient of draws | enumerated | picture |
            |---|---|---|---|---|---|---|---|---|---|---|
            """;

    private static final String LEGEND = """
            `yes`: in closed form, by a convergent series or by quadrature to all digits; a quantile without a formula is found by a search that
            is as exact as the distribution function, and has its implicit derivative. `yes +`: NumPyro 0.21 has none, or needs TensorFlow Probability for it.
            `none`: it does not exist, NaN. `–`: not available; the method says so. Gradient of draws: pathwise or implicit, by every parameter.
            A finite support is enumerated where it is the same for the whole batch, also for DiscreteUniform.

            What is not available has neither a closed form nor a sum or integral that converges fast, or no meaning:

            - The entropy of a mixture of one number is a sum or an integral; of several numbers it would be one over all of them, and where a
              component has atoms beside a density, or is masked, it has no meaning.
            - Moments and entropy of EulerMaruyama depend on the user's drift. Those of TransformedDistribution are closed under affine transforms;
              under others the entropy of one number is an integral, and whether there are moments no rule can tell.
            - Of the censored distributions the density is that of an observation, which may be a bound; ImproperUniform and Unit have no draws.
            - SineSkewed has moments and an entropy over independent angles of any kind and over SineBivariateVonMises; of another base
              nothing is known but its density. Its draws have gradients over von Mises angles, over the whole circle and over
              SineBivariateVonMises.
            - A distribution function of several numbers has no closed form; those of one number all answer, and so do quantiles.

            Divergences: `KL.klDivergence(p, q)` knows the pairs that its documentation lists, among them all of one exponential family.

            ## At the extremes

            Outside the support, and where a density is too small for a double, its logarithm is −∞, and its derivatives by the value and by the
            parameters are those of the limit or 0, so that a mask, a mixture or the edge of a support can leave such a place out. They are not
            NaN, at finite parameters and values or at ±∞, but for the cases that the list below names; a value that is NaN has the density NaN on the
            real line and −∞ on a smaller support.

            - At the end of a half line the density is its limit from inside, also where the support, which is NumPyro's, leaves the end out:
              `new Exponential(2).logProb(0)` is log 2, as in R and SciPy, and data that were rounded to 0 have a density.
            - A bound of an interval may be infinite: `cdf` and `sf` are 0 or 1 there, moved by no parameter, so that the likelihood of an interval that is
              open on one side has its gradient (a mixture follows its probabilities).
            - At a finite end of the support the slopes of probabilities and of their logarithms are those of one side, from inside, or 0 as from outside.
            - Where a count or a shape is above 1000, or not known since it is differentiated or traced, the density is taken in Loader's saddle-point
              form, in which no log Γ cancels, nor ψ of its derivatives; a log odds of 40 and a zero that is nearly certain keep the digits of what
              is left of 1, and slopes next to a mode those of what is left of both sides. Samplers and SVI take the plain forms, whose
              error is a few 10⁻¹⁶ of the largest log Γ, as their sums over data collapse.
            - A mixture, an enumerated sum or `logsumexp` of nothing but −∞ is −∞ with derivatives 0.
            - Squares and exponentials that leave the doubles go on as logarithms where the density does (Student's t, Cauchy), and else end at −∞.
            - Truncated normals count from the cut where that is more than 1000 scales out, so that no two squares cancel: the density keeps 14 digits
              there, up to cuts whose standardised value is the largest double, unless the other cut is as near as the tail is short. Of the other bases the tail is a logarithm, too; that of Student's t is
              a power from 10⁹ √df scales on. Next to a cut a quantile is its distance from there, with digits of its own; draws do without.
            - A derivative that is no double itself is ±∞, or NaN where it is made of two such: a density of scale s at a distance d has them from
              d / s² = 10³⁰⁸ on. At the ends of a transform's range, where its inverse is infinite, a TransformedDistribution has no density: NaN.

            Compiled densities leave the second precaution out as long as they are finite, and are asked again with it where they are not.
            """;

    // ---- what the methods answer

    private static List<String> methods(Distribution d, List<Boolean> numpyro) {
        Shape one = Shape.of(1);
        List<Function<Distribution, NDArray>> calls = List.of(
                Distribution::mean,
                Distribution::variance,
                Distribution::entropy,
                x -> x.cdf(x.sample(PRNGKey.key(0), one)),
                x -> x.icdf(NDArray.as(0.3)));
        List<String> out = new ArrayList<>();
        for (int i = 0; i < METHODS.size(); i++) {
            boolean lacks = numpyro.size() == METHODS.size() && !numpyro.get(i);
            String answer;
            try {
                boolean exists = !Np.all(Np.isnan(calls.get(i).apply(d))).isTrue();
                answer = !exists ? "none" : lacks ? "yes +" : "yes";
            } catch (UnsupportedOperationException e) {
                answer = "–";
            }
            out.add(answer);
        }
        return out;
    }

    /// Which methods NumPyro has, by the oracle's name; a wrapper has those of its base.
    private static Map<String, List<Boolean>> numpyro() throws IOException {
        Map<String, List<Boolean>> out = new LinkedHashMap<>();
        var stream = Objects.requireNonNull(DistributionPage.class.getResourceAsStream("/kiln/dist/numpyro-methods.csv"));
        try (var in = new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8))) {
            in.lines().filter(line -> !line.startsWith("#")).forEach(line -> {
                List<String> fields = List.of(line.split(",", -1));
                out.put(fields.getFirst(), fields.stream().skip(1).map(f -> !f.equals("0")).toList());
            });
        }
        return out;
    }
}
